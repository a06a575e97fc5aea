"""Laws of the chapter cancelling: asynchronous dispatches that are cancelled."""

from __future__ import annotations

import asyncio
import contextlib

from signalspec.laws import law
from signalspec.laws.vocabulary import a_while, run, until
from signalspec.programs.async_kinds import Asend


@law("cancelling.waits-for-all", uses=["coroutines", "threads"])
def waits_for_all(Signal, send: Asend):
    async def quick(**kwargs):
        await until(lambda: False)

    def direct(**kwargs):
        pass

    async def main(times, *others):
        async def slow(**kwargs):
            begun.set_result(None)
            try:
                await until(lambda: False)
            except asyncio.CancelledError:
                for _ in range(10):
                    with contextlib.suppress(asyncio.CancelledError):
                        await asyncio.sleep(0)
                ended.append("has cleaned up")
                raise

        begun, ended, signal = asyncio.get_running_loop().create_future(), [], Signal()
        for each in (*others, slow):
            signal.connect(each)
        task = asyncio.ensure_future(send(signal, int))
        await asyncio.wait([task, begun], return_when=asyncio.FIRST_COMPLETED)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await asyncio.wait([task])
        return list(ended)

    stories = (1, quick), (1, quick, direct), (2, quick)
    return [run(lambda: main(*story)) for story in stories], [["has cleaned up"]] * 3


@law("cancelling.stays-cancelled", uses=["coroutines", "threads"])
def stays_cancelled(Signal, calls, send: Asend):
    async def swallows(**kwargs):
        calls.append("begins")
        try:
            await until(lambda: False)
        except asyncio.CancelledError:
            return "swallowed"

    async def ends(**kwargs):
        await until(lambda: False)

    async def main(signal):
        calls.clear()
        task = asyncio.ensure_future(send(signal, int))
        await until(lambda: calls)
        task.cancel()
        await asyncio.wait([task])
        return {"is cancelled": task.cancelled(), "requests to cancel": task.cancelling()}

    alone, among_others = Signal(), Signal()
    alone.connect(swallows)
    for each in (swallows, ends, swallows):
        among_others.connect(each)
    found = {"alone": run(lambda: main(alone)), "among others": run(lambda: main(among_others))}
    cancelled = {"is cancelled": True, "requests to cancel": 1}
    return found, {"alone": cancelled, "among others": cancelled}


@law("cancelling.bears-the-message", uses=["coroutines"])
def bears_the_message(Signal, calls, send: Asend):
    async def receiver(**kwargs):
        calls.append("begins")
        await until(lambda: False)

    async def main():
        task = asyncio.ensure_future(send(signal, int))
        await until(lambda: calls)
        task.cancel("why")
        try:
            await task
        except asyncio.CancelledError as error:
            return error.args
        return "not cancelled"

    signal = Signal()
    signal.connect(receiver)
    return run(main), ("why",)


@law("cancelling.failure-outweighs-it", uses=["asend", "coroutines", "threads"])
def failure_outweighs_it(Signal, calls):
    async def ends(**kwargs):
        await until(lambda: False)

    async def fails(**kwargs):
        calls.append("begins")
        try:
            await until(lambda: False)
        finally:
            raise error

    async def cleans_up(**kwargs):
        try:
            await until(lambda: False)
        finally:
            calls.append("cleans up")
            await a_while()

    async def fails_first(**kwargs):
        raise error

    async def main(signal):
        calls.clear()
        task = asyncio.ensure_future(signal.asend(int))
        await until(lambda: calls)
        task.cancel()
        await asyncio.wait([task])
        return "cancelled" if task.cancelled() else f"raises {type(task.exception()).__name__}"

    error, while_cancelled, before = ValueError("planted"), Signal(), Signal()
    for each in (ends, fails, ends):
        while_cancelled.connect(each)
    for each in (cleans_up, fails_first):
        before.connect(each)
    found = {"fails while cancelled": run(lambda: main(while_cancelled)), "fails before": run(lambda: main(before))}
    return found, dict.fromkeys(found, "raises ValueError")


@law("cancelling.each-time", uses=["coroutines", "threads"])
def each_time(Signal, calls, send: Asend):
    async def receiver(**kwargs):
        for _ in range(2):
            try:
                calls.append("waits")
                await until(lambda: False)
            except asyncio.CancelledError:
                calls.append("is cancelled")

    async def main():
        task = asyncio.ensure_future(send(signal, int))
        for times in (1, 3):
            await until(lambda: len(calls) == times)
            task.cancel()
        await asyncio.wait([task])
        await until(lambda: len(calls) == 4)

    signal = Signal()
    signal.connect(receiver)
    run(main)
    return calls, ["waits", "is cancelled"] * 2

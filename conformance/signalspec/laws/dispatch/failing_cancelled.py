"""Laws of the chapter failing: receivers and sends that are cancelled."""

from __future__ import annotations

import asyncio

from signalspec.laws import law
from signalspec.laws.vocabulary import a_while, outcome, run, unawaited, until
from signalspec.programs.async_kinds import (
    AnySend,
    Asend,
    AsyncFunction,
    AsyncReceiver,
    Failing,
    Failure,
    Order,
    Turns,
)
from signalspec.programs.kinds import AsyncError


@law("failing.others-are-cancelled", uses=["asend", "coroutines"])
def others_are_cancelled(Signal, calls, order: Order, failing: Failing):
    def make(number):
        async def receiver(**kwargs):
            try:
                await until(lambda: calls == list(order[: order.index(number)]))
                await a_while()
                calls.append(number)
                if number in failing:
                    raise ValueError(number)
            except asyncio.CancelledError:
                cancelled.append(number)
                raise

        return receiver

    async def main():
        try:
            await signal.asend(int)
        except ValueError as caught:
            return str(caught), list(calls), sorted(cancelled)
        return "no failure", list(calls), sorted(cancelled)

    cancelled = []
    signal = Signal()
    receivers = [make(number) for number in range(3)]
    for each in receivers:
        signal.connect(each)
    first = next((number for number in order if number in failing), None)
    done = order if first is None else order[: order.index(first) + 1]
    rest = () if first is None else order[order.index(first) + 1 :]
    return run(main), ("no failure" if first is None else str(first), list(done), sorted(rest))


@law("failing.send-leaves-nothing-running")
def send_leaves_nothing_running(Signal, calls, error: AsyncError):
    async def waits(**kwargs):
        try:
            await until(lambda: False)
        except asyncio.CancelledError:
            await a_while()
            calls.append("has cleaned up")

    async def fails(**kwargs):
        await a_while()
        raise error

    signal = Signal()
    for each in (waits, fails):
        signal.connect(each)
    outcome(lambda: signal.send(int))
    return calls, ["has cleaned up"]


@law("failing.waits-for-the-cancelled", uses=["asend", "coroutines"])
def waits_for_the_cancelled(Signal, calls):
    async def waits(**kwargs):
        try:
            await until(lambda: False)
        finally:
            calls.append("begins to clean up")
            await a_while()
            calls.append("has cleaned up")

    async def fails(**kwargs):
        await a_while()
        calls.append("fails")
        raise ValueError("planted")

    async def main(signal):
        try:
            await signal.asend(int)
        except ValueError:
            return list(calls)

    async def ends(**kwargs):
        await until(lambda: False)

    signal, crowded = Signal(), Signal()
    for each in (signal, crowded):
        each.connect(waits)
        each.connect(fails)
    # That one of the cancelled ends does not disturb another that cleans up.
    crowded.connect(ends)
    expected = ["fails", "begins to clean up", "has cleaned up"]
    first = run(lambda: main(signal))
    calls.clear()
    return [first, run(lambda: main(crowded))], [expected, expected]


@law("failing.cancelled-by-itself")
def cancelled_by_itself(Signal, calls, fails: Failure, awaited: AsyncReceiver, send: AnySend):
    error, signal = asyncio.CancelledError("planted"), Signal()
    signal.connect(fails)
    signal.connect(awaited)
    try:
        responses = send(signal, int)
    except BaseException as caught:
        return type(caught), asyncio.CancelledError
    return [response for _, response in responses], asyncio.CancelledError


@law("failing.cancelling-reaches-receivers", uses=["coroutines"])
def cancelling_reaches_receivers(Signal, calls, send: Asend):
    def make(number):
        async def receiver(**kwargs):
            calls.append(f"{number} begins")
            try:
                await until(lambda: False)
            except asyncio.CancelledError:
                calls.append(f"{number} is cancelled")
                raise

        return receiver

    async def main():
        task = asyncio.ensure_future(send(signal, int))
        await until(lambda: len(calls) == 3)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            await a_while()
            return list(calls)
        return "not cancelled"

    signal = Signal()
    receivers = [make(number) for number in range(3)]
    for each in receivers:
        signal.connect(each)
    return run(main), [
        *(f"{number} begins" for number in range(3)),
        *(f"{number} is cancelled" for number in range(3)),
    ]


@law("failing.cancelled-at-once", uses=["threads"])
def cancelled_at_once(Signal, calls, each: AsyncFunction, turns: Turns, send: Asend):
    async def main():
        task = asyncio.ensure_future(send(signal, int))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    signal = Signal()
    signal.connect(each)
    signal.connect(each, int)
    return unawaited(lambda: run(main)), []

"""Laws of the chapter asend: what happens while receivers run."""

from __future__ import annotations

import asyncio
import gc

from signalspec.laws import law
from signalspec.laws.vocabulary import (
    heard,
    run,
)
from signalspec.programs.async_kinds import Asend, AsyncReceiver, Either, RunAsend
from signalspec.programs.kinds import Caching
from signalspec.programs.party_kinds import Callback


@law("asend.connect-waits", uses=["coroutines"])
def connect_waits(Signal, calls, new: Either, later: Either, send: Asend, caching: Caching):
    def direct(**kwargs):
        calls.append("direct")
        signal.connect(new)

    async def awaited(**kwargs):
        calls.append("awaited")
        signal.connect(new)

    async def main(meanwhile):
        calls.clear()
        sending = asyncio.ensure_future(send(signal, int))
        # Once the send has begun, it has found its receivers, whether it has called any or not.
        await asyncio.sleep(0)
        meanwhile()
        await sending
        return sorted(set(calls))

    signal = Signal(**caching)
    for each in (direct, awaited, later):
        signal.connect(each)
    called = [run(lambda: main(lambda: signal.connect(new, int))) for _ in range(2)]
    return called, [["awaited", "direct", "later"], ["awaited", "direct", "later", "new"]]


@law("asend.disconnect-waits", uses=["coroutines", "disconnect"])
def disconnect_waits(Signal, calls, later: Either, send: RunAsend, caching: Caching):
    def direct(**kwargs):
        calls.append("direct")
        signal.disconnect(direct)
        signal.disconnect(awaited)
        signal.disconnect(soon)

    def soon(**kwargs):
        calls.append("soon")

    async def awaited(**kwargs):
        calls.append("awaited")
        signal.disconnect(later)

    signal = Signal(**caching)
    for each in (direct, soon, awaited, later):
        signal.connect(each)
    called = heard(calls, send, signal, int)
    return (called, heard(calls, send, signal, int)), (["awaited", "direct", "later", "soon"], [])


@law("asend.death-waits")
def death_waits(Signal, calls, awaited: AsyncReceiver, direct: Callback, send: RunAsend):
    parties = [awaited, direct]

    def receiver(**kwargs):
        parties.clear()
        gc.collect()

    signal = Signal()
    for each in (receiver, *parties):
        signal.connect(each)
    del each, awaited, direct
    return heard(calls, send, signal, int), ["awaited", "direct"]


@law("asend.signal-is-usable", uses=["coroutines", "disconnect", "has_listeners"])
def signal_is_usable(Signal, calls, other: Either, send: Asend, caching: Caching):
    async def receiver(**kwargs):
        # Another thread is not kept out either.
        await asyncio.get_running_loop().run_in_executor(None, signal.connect, other, str)
        signal.has_listeners(str)
        await send(signal, str)
        signal.disconnect(other, str)
        calls.append("awaited: done")

    def direct(**kwargs):
        signal.connect(other, bytes)
        signal.has_listeners(bytes)
        signal.disconnect(other, bytes)
        calls.append("direct: done")

    signal = Signal(**caching)
    signal.connect(receiver, int)
    signal.connect(direct, int)
    run(lambda: send(signal, int))
    return sorted(calls), ["awaited: done", "direct: done", "other"]


@law("asend.nested-dispatches-are-whole", uses=["coroutines"])
def nested_dispatches_are_whole(Signal, calls, other: Either, send: Asend):
    async def receiver(depth, **kwargs):
        return len(await send(signal, int, depth=depth + 1)) if depth < 2 else 0

    signal = Signal()
    signal.connect(receiver)
    signal.connect(other)
    responses = [str(response) for _, response in run(lambda: send(signal, int, depth=0))]
    return (sorted(responses), calls), (["2", "other"], ["other"] * 3)

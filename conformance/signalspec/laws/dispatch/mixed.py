"""Laws of the chapter mixed: receivers of both kinds."""

from __future__ import annotations

import asyncio
import gc
import threading

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome, run
from signalspec.programs.async_kinds import AnySend, Asend, AsyncReceiver, Either
from signalspec.programs.kinds import Caching, Change, Send
from signalspec.programs.party_kinds import Function


@law("mixed.settled-first", uses=["coroutines", "disconnect"])
def settled_first(Signal, calls, new: Either, later: Either, send: AnySend, caching: Caching):
    def direct(**kwargs):
        calls.append("direct")
        signal.connect(new)
        signal.disconnect(awaited)
        signal.disconnect(later)

    async def awaited(**kwargs):
        calls.append("awaited")

    signal = Signal(**caching)
    for each in (direct, awaited, later):
        signal.connect(each)
    called = heard(calls, send, signal, int), heard(calls, send, signal, int)
    return called, (["awaited", "direct", "later"], ["direct", "new"])


@law("mixed.death-waits")
def death_waits(Signal, calls, awaited: AsyncReceiver, send: AnySend, caching: Caching):
    parties = [awaited]

    def receiver(**kwargs):
        parties.clear()
        gc.collect()

    signal = Signal(**caching)
    signal.connect(receiver)
    signal.connect(awaited)
    del awaited
    return heard(calls, send, signal, int), ["awaited"]


@law("mixed.send-calls-the-others-itself", uses=["threads"])
def send_calls_the_others_itself(Signal, calls, awaited: AsyncReceiver, send: Send):
    def direct(**kwargs):
        where = "in the thread" if threading.get_ident() == thread else "in another thread"
        calls.append((where, outcome(asyncio.get_running_loop)))

    thread = threading.get_ident()
    signal = Signal()
    signal.connect(awaited)
    signal.connect(direct)
    signal.connect(direct, int)
    send(signal, int)
    return [(where, str(loop)) for where, loop in calls[:2]], [("in the thread", "raises RuntimeError")] * 2


@law("mixed.signal-is-usable", uses=["asend", "coroutines", "disconnect", "has_listeners"])
def signal_is_usable(Signal, calls, direct: Function, send: Send, caching: Caching):
    async def receiver(**kwargs):
        signal.connect(direct, str)
        signal.has_listeners(str)
        send(signal, str)
        await signal.asend(str)
        signal.disconnect(direct, str)
        calls.append("done")

    signal = Signal(**caching)
    signal.connect(receiver, int)
    send(signal, int)
    return calls, ["direct", "direct", "done"]


@law("mixed.others-go-on-meanwhile", uses=["coroutines", "has_listeners", "threads"])
def others_go_on_meanwhile(Signal, calls, other: Function, change: Change, send: Asend, caching: Caching):
    def direct(**kwargs):
        # A receiver in the thread of the loop would wait for itself.
        if threading.get_ident() != thread:
            kwargs["begun"]()
            used.wait()
        calls.append("direct")

    async def uses(begun):
        await begun.wait()
        change(signal, other, other, str)
        signal.has_listeners(int)
        calls.append("used")
        used.set()

    async def main():
        begun, loop = asyncio.Event(), asyncio.get_running_loop()
        using = asyncio.ensure_future(uses(begun))
        await send(signal, int, begun=lambda: loop.call_soon_threadsafe(begun.set))
        using.cancel()

    thread, used = threading.get_ident(), threading.Event()
    signal = Signal(**caching)
    signal.connect(direct, int)
    try:
        run(main)
    finally:
        used.set()
    return calls, ["used", "direct"]


@law("mixed.one-adaption", uses=["coroutines"])
def one_adaption(Signal, calls, send: Asend, caching: Caching):
    def first(number, **kwargs):
        calls.append(number)

    def second(number, **kwargs):
        calls.append(number)

    async def awaited(**kwargs):
        await asyncio.sleep(0)

    async def main():
        await asyncio.gather(*(send(signal, int, number=number) for number in range(3)))

    signal = Signal(**caching)
    for each in (first, awaited, second):
        signal.connect(each)
    run(main)
    return calls, [number for number in dict.fromkeys(calls) for _ in range(2)]

"""Laws of the chapter asend: the event loop and its threads."""

from __future__ import annotations

import asyncio
import threading

import asgiref.sync

from signalspec.laws import law
from signalspec.laws.vocabulary import (
    a_while,
    outcome,
    run,
    turning_clock,
    until,
)
from signalspec.programs.async_kinds import Asend, AsyncFunction, Either
from signalspec.programs.kinds import Caching
from signalspec.programs.party_kinds import Sender
from signalspec.programs.surrounding_kinds import LoopState


@law("asend.runs-in-the-loop", uses=["coroutines", "threads"])
def runs_in_the_loop(Signal, calls, other: Either, send: Asend):
    async def receiver(**kwargs):
        calls.append((asyncio.get_running_loop(), threading.get_ident()))

    async def main():
        await send(signal, int)
        here = (asyncio.get_running_loop(), threading.get_ident()) in calls
        return "in the loop of the send" if here else "elsewhere"

    signal = Signal()
    signal.connect(other)
    signal.connect(receiver)
    return run(main), "in the loop of the send"


@law("asend.lets-the-loop-run", uses=["coroutines"])
def lets_the_loop_run(Signal, calls, send: Asend):
    async def receiver(**kwargs):
        calls.append("receiver begins")
        await until(lambda: "another task" in calls)
        calls.append("receiver ends")

    async def another():
        await until(lambda: "receiver begins" in calls)
        calls.append("another task")

    async def main():
        await asyncio.gather(send(signal, int), another())

    signal = Signal()
    signal.connect(receiver)
    run(main)
    return calls, ["receiver begins", "another task", "receiver ends"]


@law("asend.leaves-the-loop", uses=["threads"])
def leaves_the_loop(Signal, calls, other: Either, sender: Sender, send: Asend):
    def receiver(**kwargs):
        own = threading.get_ident() != thread
        where.append({"thread of its own": own, "running loop": outcome(asyncio.get_running_loop)})

    thread, where, signal = threading.get_ident(), [], Signal()
    signal.connect(receiver, sender)
    signal.connect(other)
    run(lambda: send(signal, sender))
    return where, [{"thread of its own": True, "running loop": "raises RuntimeError"}]


@law("asend.thread-sensitive", uses=["threads"])
def thread_sensitive(Signal, calls, awaited: AsyncFunction, send: Asend):
    def first(**kwargs):
        where.append(threading.get_ident())

    def second(**kwargs):
        where.append(threading.get_ident())

    async def main():
        await send(signal, int)
        await send(signal, str)

    where, signal = [], Signal()
    signal.connect(first)
    signal.connect(second, str)
    signal.connect(awaited, str)
    asgiref.sync.async_to_sync(main)()
    here = threading.get_ident()
    return ["the thread" if each == here else "another thread" for each in where], ["the thread"] * 3


@law("asend.side-by-side", uses=["coroutines"])
def side_by_side(Signal, calls, send: Asend, caching: Caching):
    def direct(value, **kwargs):
        return value

    async def receiver(value, **kwargs):
        calls.append(f"{value} begins")
        await until(lambda: {"first begins", "second begins"} <= set(calls))
        return value

    async def another(value, **kwargs):
        return f"another {value}"

    async def main(other):
        calls.clear()
        both = await asyncio.gather(send(signal, int, value="first"), send(signal, other, value="second"))
        return [sorted(response for _, response in responses) for responses in both]

    signal = Signal(**caching)
    signal.connect(receiver)
    signal.connect(direct)
    signal.connect(another, str)
    return [run(lambda: main(int)), run(lambda: main(str))], [
        [["first", "first"], ["second", "second"]],
        [["first", "first"], ["another second", "second", "second"]],
    ]


@law("asend.eager-tasks")
def eager_tasks(Signal, calls, first: AsyncFunction, second: Either, send: Asend):
    async def main():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        return [response for _, response in await send(signal, int)]

    async def slow(**kwargs):
        await asyncio.sleep(0)
        return "slow"

    signal = Signal()
    for each in (second, slow, first):
        signal.connect(each)
    return run(main), ["second", "slow", "first"]


@law("asend.direct-receivers-take-their-time", uses=["threads"])
def direct_receivers_take_their_time(Signal, calls, awaited: AsyncFunction, send: Asend):
    def slow(turned, **kwargs):
        # A receiver in the thread of the loop would wait for itself.
        if threading.get_ident() != thread:
            turn(86_400)
            turned()
            noticed.wait()
        calls.append("slow")
        return "slow"

    async def notice(turned):
        await turned.wait()
        # What was to happen at a time that is past happens now.
        await a_while()
        noticed.set()

    async def main():
        turned, loop = asyncio.Event(), asyncio.get_running_loop()
        noticing = asyncio.ensure_future(notice(turned))
        try:
            answers = await send(signal, int, turned=lambda: loop.call_soon_threadsafe(turned.set))
            return sorted(response for _, response in answers)
        finally:
            noticed.set()
            noticing.cancel()

    thread, noticed, signal = threading.get_ident(), threading.Event(), Signal()
    signal.connect(slow)
    signal.connect(awaited)
    with turning_clock() as turn:
        responses = outcome(lambda: run(main))
    found = {"responses": responses, "calls": sorted(calls)}
    return found, {"responses": ["awaited", "slow"], "calls": ["awaited", "slow"]}


@law("asend.leaves-the-loop-alone", uses=["coroutines"])
def leaves_the_loop_alone(Signal, calls, each: Either, state: LoopState, send: Asend):
    async def fails(**kwargs):
        found["while it runs"] = look(loop[0]) == before[0]
        raise ValueError

    async def main():
        loop.append(asyncio.get_running_loop())
        set_up(loop[0])
        before.append(look(loop[0]))
        await send(signal, int)
        found["afterwards"] = look(loop[0]) == before[0]
        try:
            await send(failing, int)
        except ValueError:
            pass
        found["after a failure"] = look(loop[0]) == before[0]

    set_up, look = state
    loop, before, found = [], [], {}
    signal, failing = Signal(), Signal()
    signal.connect(each)
    failing.connect(fails)
    run(main)
    return found, dict.fromkeys(("afterwards", "while it runs", "after a failure"), True)

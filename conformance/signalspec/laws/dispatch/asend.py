"""Laws of the chapter asend: asend and asend_robust."""

from __future__ import annotations

import asyncio
import functools
import gc
import threading
import weakref

import asgiref.sync

from signalspec.laws import law
from signalspec.laws.vocabulary import (
    a_while,
    argument_names,
    at_address,
    heard,
    outcome,
    run,
    turning_clock,
    until,
)
from signalspec.programs.async_kinds import AnySend, Asend, AsyncFunction, AsyncReceiver, Either, LoopState, RunAsend
from signalspec.programs.kinds import AnySender, Caching, Callback, Function, Receiver, Response, Sender, Weak


@law("asend.connected-is-called")
def connected_is_called(Signal, calls, each: Receiver, sender: Sender, send: RunAsend):
    signal = Signal()
    signal.connect(each, sender)
    return ([response for _, response in send(signal, sender)], calls), (["each"], ["each"])


@law("asend.returns-a-list-of-pairs")
def returns_a_list_of_pairs(Signal, calls, first: Either, second: Either, send: RunAsend):
    signal = Signal()
    signal.connect(first)
    signal.connect(second)
    responses = send(signal, int)
    pairs = {tuple if isinstance(pair, tuple) else type(pair) for pair in responses}
    found = list if isinstance(responses, list) else type(responses), pairs, {len(pair) for pair in responses}
    return found, (list, {tuple}, {2})


@law("asend.nobody-listens")
def nobody_listens(Signal, calls, each: Either, sender: AnySender, send: RunAsend):
    signal = Signal()
    never = send(signal, sender, value=1)
    signal.connect(each, int)
    return repr([never, send(signal, sender), send(signal, sender)]), "[[], [], []]"


@law("asend.begins-when-awaited")
def begins_when_awaited(Signal, calls, each: Either, other: Either, send: Asend):
    async def main():
        sent = send(signal, int)
        await a_while()
        before = list(calls)
        signal.connect(other, int)
        await sent
        return before, sorted(set(calls))

    signal = Signal()
    signal.connect(each, int)
    return run(main), ([], ["each", "other"])


@law("asend.new-list-each-time")
def new_list_each_time(Signal, calls, each: Either, sender: Sender, send: RunAsend, caching: Caching):
    silent, signal = Signal(**caching), Signal(**caching)
    send(silent, sender).append("spoilt")
    signal.connect(each, sender)
    send(signal, sender).clear()
    return (len(send(silent, sender)), len(send(signal, sender))), (0, 1)


@law("asend.response-as-is")
def response_as_is(Signal, calls, response: Response, send: RunAsend):
    def receiver(**kwargs):
        return response

    signal = Signal()
    signal.connect(receiver)
    found = {"the response itself": send(signal, int)[0][1] is response, "calls": calls}
    return found, {"the response itself": True, "calls": []}


@law("asend.order", uses=["dispatch_uid"])
def order(Signal, calls, sender: Sender, send: RunAsend, weak: Weak, caching: Caching):
    def make(name):
        def receiver(**kwargs):
            calls.append(name)
            return name

        return receiver

    signal = Signal(**caching)
    receivers = [make(name) for name in "cabd"]
    signal.connect(receivers[0], sender, weak=weak)
    signal.connect(receivers[1])
    signal.connect(receivers[2], sender, weak=weak, dispatch_uid="uid")
    signal.connect(receivers[3], weak=weak)
    return ([response for _, response in send(signal, sender)], calls), (list("cabd"), list("cabd"))


@law("asend.each-connection-once", uses=["dispatch_uid"])
def each_connection_once(Signal, calls, first: Callback, second: Callback, sender: Sender, send: RunAsend):
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(first, sender)
    signal.connect(second, sender, dispatch_uid="uid")
    signal.connect(first, sender, dispatch_uid="uid")
    signal.connect(second)
    send(signal, sender)
    return sorted(calls), ["first", "second", "second"]


@law("asend.hears-only-its-sender")
def hears_only_its_sender(Signal, calls, own: Callback, general: Callback, sender: AnySender, send: RunAsend):
    signal = Signal()
    signal.connect(own, sender)
    signal.connect(general)
    heard_by = [heard(calls, send, signal, each) for each in (sender, int, None, sender)]
    return heard_by, [["general", "own"], ["general"], ["general"], ["general", "own"]]


@law("asend.disconnected-is-not-called", uses=["disconnect", "dispatch_uid"])
def disconnected_is_not_called(Signal, calls, each: Callback, other: Callback, send: RunAsend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, int)
    signal.connect(other, int, dispatch_uid="uid")
    before = heard(calls, send, signal, int)
    signal.disconnect(each, int)
    between = heard(calls, send, signal, int)
    signal.disconnect(sender=int, dispatch_uid="uid")
    return (before, between, heard(calls, send, signal, int)), (["each", "other"], ["other"], [])


@law("asend.dead-is-not-called")
def dead_is_not_called(Signal, calls, each: Callback, other: Function, send: RunAsend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, int)
    signal.connect(other, int, weak=False)
    del each, other
    gc.collect()
    return heard(calls, send, signal, int), ["other"]


@law("asend.address-of-a-dead-sender")
def address_of_a_dead_sender(Signal, calls, receiver: Callback, send: RunAsend, weak: Weak, caching: Caching):
    class Sender:
        pass

    taken = []
    for _ in range(3):
        signal = Signal(**caching)
        sender = Sender()
        signal.connect(receiver, sender, weak=weak)
        send(signal, sender)
        address = id(sender)
        del sender
        newcomer = at_address(address, Sender)
        taken += [newcomer is not None and "receiver" in heard(calls, send, signal, newcomer)]
    return any(taken), False


@law("asend.passes-arguments")
def passes_arguments(Signal, calls, value: Response, sender: AnySender, send: RunAsend):
    def receiver(*args, **kwargs):
        given = {"signal": signal, "sender": sender, "value": value}
        calls.append((args, {name: name in given and kwargs[name] is given[name] for name in sorted(kwargs)}))

    signal = Signal()
    signal.connect(receiver)
    send(signal, sender, value=value)
    return calls, [((), {"sender": True, "signal": True, "value": True})]


@law("asend.any-argument-name", uses=["coroutines"])
def any_argument_name(Signal, calls, sender: Sender, send: RunAsend):
    def accept(**kwargs):
        calls.append({name: value for name, value in kwargs.items() if name in named})

    async def accept_too(**kwargs):
        accept(**kwargs)

    names = (
        "receiver receivers response responses result results named kwargs args err error exception weak robust uid "
        "dispatch_uid func function callback coro coros coroutine context loop task tasks group executor future "
        "thread_sensitive return_exceptions timeout name f fn key value log logger _private __class__ instance "
        "created sequential concurrency max_concurrency concurrent parallel limit gather shield wait order"
    )
    named = {name: name.upper() for name in names.split()}
    signal = Signal()
    signal.connect(accept, sender)
    signal.connect(accept_too, sender)
    send(signal, sender, **named)
    return calls, [named, named]


@law("asend.sender-parameter")
def sender_parameter(Signal, calls, each: Either, sender: Sender, send: Asend):
    signal = Signal()
    signal.connect(each, sender)
    without = outcome(lambda: run(lambda: send(signal, value=1)))
    by_name = heard(calls, lambda: run(lambda: send(signal, sender=sender)))
    return (without, by_name), ("raises TypeError", ["each"])


@law("asend.changes-nothing", uses=["dispatch_uid"])
def changes_nothing(Signal, calls, first: Either, second: Either, sender: Sender, send: RunAsend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(first, sender, weak=False)
    signal.connect(second, dispatch_uid="uid")
    called = [heard(calls, send, signal, who) for who in (sender, int) * 3]
    return called, [["first", "second"], ["second"]] * 3


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


@law("asend.keeps-nothing-alive")
def keeps_nothing_alive(Signal, calls, each: AsyncFunction, send: Asend):
    class Party:
        pass

    async def main():
        value = Party()
        await send(signal, value, value=value)
        held = weakref.ref(value)
        failed = Party()
        try:
            await send(failing, failed, value=failed)
        except Exception:
            pass
        held_too = weakref.ref(failed)
        # The event loop has still to forget the tasks that have failed.
        await a_while()
        del value, failed
        gc.collect()
        return {
            "freed": held() is None,
            "freed after a failure": held_too() is None,
            "tasks": len(asyncio.all_tasks()),
        }

    async def fails(**kwargs):
        raise ValueError("planted")

    signal, failing = Signal(), Signal()
    signal.connect(each)
    failing.connect(fails)
    return run(main), {"freed": True, "freed after a failure": True, "tasks": 1}


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


@law("asend.arguments-stay-the-same", uses=["coroutines"])
def arguments_stay_the_same(Signal, calls, kind: Either, send: Asend, caching: Caching):
    def note(**kwargs):
        same = (
            "its own" if kwargs["signal"] is signal and kwargs["sender"] is senders[kwargs["number"]] else "others'"
        )
        calls.append((kwargs["number"], same, len(kwargs)))

    async def notes(**kwargs):
        note(**kwargs)

    async def notes_later(**kwargs):
        await asyncio.sleep(0)
        note(**kwargs)

    async def main():
        await asyncio.gather(*(send(signal, senders[number], number=number) for number in range(3)))

    senders = [int, str, bytes]
    signal = Signal(**caching)
    for each in (notes, kind, notes_later, note):
        signal.connect(each)
    run(main)
    given = sorted(each for each in calls if each != "kind")
    return given, [(number, "its own", 3) for number in range(3) for _ in range(3)]


@law("asend.however-soon-again")
def however_soon_again(Signal, calls, each: Either, send: Asend, caching: Caching):
    async def main():
        answers = await asyncio.gather(*(send(signal, int, value=1) for _ in range(5)))
        answers += [await send(signal, int, value=1) for _ in range(5)]
        return [len(responses) for responses in answers]

    signal = Signal(**caching)
    signal.connect(each)
    return {"responses": run(main), "calls": len(calls)}, {"responses": [1] * 10, "calls": 10}


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


@law("asend.earlier-arguments-are-gone", uses=["coroutines"])
def earlier_arguments_are_gone(Signal, calls, earlier: AnySend, send: RunAsend, caching: Caching):
    def note(**kwargs):
        own = kwargs.pop("signal") is signal and kwargs.pop("sender") is sender
        wrong = [name for name in {**kwargs, **named} if kwargs.get(name, "missing") != named.get(name, "not given")]
        calls.append({"signal and sender": "its own" if own else "others'", "wrong arguments": wrong[:3]})

    async def notes(**kwargs):
        note(**kwargs)

    async def fails(**kwargs):
        raise ValueError

    sender, signal, other = str, Signal(**caching), Signal(**caching)
    for each in note, notes:
        signal.connect(each)
        other.connect(each)
    signal.connect(fails, int)
    names, named = argument_names(), {}
    for each in other, signal:
        for whom in int, sender:
            outcome(functools.partial(earlier, each, whom, **dict.fromkeys(names, "earlier")))
    calls.clear()
    for named in ({}, dict.fromkeys(names[::2], "now"), {"value": 0}):
        outcome(functools.partial(send, signal, sender, **named))
    return calls, [{"signal and sender": "its own", "wrong arguments": []}] * 6

"""Laws of the chapter asend: asend and asend_robust."""

from __future__ import annotations

import asyncio
import functools
import gc
import weakref

from signalspec.laws import law
from signalspec.laws.vocabulary import (
    a_while,
    argument_names,
    at_address,
    heard,
    outcome,
    run,
)
from signalspec.programs.async_kinds import AnySend, Asend, AsyncFunction, Either, RunAsend
from signalspec.programs.kinds import Caching, Response, Weak
from signalspec.programs.party_kinds import AnySender, Callback, Function, Receiver, Sender


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
    return {"a receiver of the dead sender is called": any(taken)}, {"a receiver of the dead sender is called": False}


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

"""Laws of the chapter coroutines: asynchronous receivers, whoever sends."""

from __future__ import annotations

import asyncio
import functools
import gc
import types
import weakref

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.async_kinds import (
    AnySend,
    AsyncFunction,
    AsyncInstance,
    AsyncMethod,
    AsyncPartial,
    AsyncReceiver,
    Awaitable,
    Either,
    Marked,
)
from signalspec.programs.kinds import AnySender, Caching, Function, Response, Send, Sender, Weak


@law("coroutines.function")
def function(Signal, calls, each: AsyncFunction, sender: Sender, send: AnySend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, sender)
    return (send(signal, sender), calls), ([(each, "each")], ["each"])


@law("coroutines.called-like-any-other")
def called_like_any_other(Signal, calls, first: Function, last: Function, send: Send):
    async def receiver(**kwargs):
        calls.append("receiver")

    signal = Signal()
    for each in (first, receiver, last):
        signal.connect(each)
    responses = send(signal, int)
    coroutines = [each for _, each in responses if type(each) is types.CoroutineType]
    for each in coroutines:
        each.close()
    order = [each for each, _ in responses] == [first, receiver, last]
    return (order, len(coroutines), calls), (True, 1, ["first", "last"])


@law("coroutines.method")
def method(Signal, calls, each: AsyncMethod, sender: Sender, send: AnySend):
    signal = Signal()
    signal.connect(each, sender)
    return ([response for _, response in send(signal, sender)], calls), (["each"], ["each"])


@law("coroutines.partial")
def partial(Signal, calls, each: AsyncPartial, send: AnySend):
    signal = Signal()
    signal.connect(each)
    return ([response for _, response in send(signal, int)], calls), (["each"], ["each"])


@law("coroutines.marked")
def marked(Signal, calls, each: Marked, send: AnySend):
    signal = Signal()
    signal.connect(each)
    return ([response for _, response in send(signal, int)], calls), (["each"], ["each"])


@law("coroutines.instance")
def instance(Signal, calls, each: AsyncInstance, send: AnySend):
    signal = Signal()
    signal.connect(each)
    return ([response == "each" for _, response in send(signal, int)], calls), ([True], ["each"])


@law("coroutines.class-of-instances")
def class_of_instances(Signal, send: AnySend):
    class Party:
        def __init__(self, **kwargs):
            pass

        async def __call__(self, **kwargs):
            return "called"

    signal = Signal()
    signal.connect(Party)
    return [type(response) for _, response in send(signal, int)], [Party]


@law("coroutines.generator")
def generator(Signal, calls, send: AnySend):
    async def receiver(**kwargs):
        calls.append("begun")
        yield

    signal = Signal()
    signal.connect(receiver)
    return ([type(response).__name__ for _, response in send(signal, int)], calls), (["async_generator"], [])


@law("coroutines.awaitable-is-a-response")
def awaitable_is_a_response(Signal, calls, answer: Awaitable, send: AnySend):
    async def awaited(**kwargs):
        return "awaited"

    def receiver(**kwargs):
        return answer

    def wrapper(**kwargs):
        return answer

    signal = Signal()
    signal.connect(receiver)
    signal.connect(functools.update_wrapper(wrapper, awaited))
    alone = [response is answer for _, response in send(signal, int)]
    signal.connect(awaited)
    responses = [response for _, response in send(signal, int)]
    return (alone, sum(response is answer for response in responses), "awaited" in responses, calls), (
        [True] * 2,
        2,
        True,
        [],
    )


@law("coroutines.response-as-is")
def response_as_is(Signal, calls, response: Response, send: AnySend):
    async def receiver(**kwargs):
        return response

    signal = Signal()
    signal.connect(receiver)
    return (send(signal, int)[0][1] is response, calls), (True, [])


@law("coroutines.pairs-name-the-receiver")
def pairs_name_the_receiver(Signal, calls, each: AsyncReceiver, other: AsyncFunction, send: AnySend, weak: Weak):
    signal = Signal()
    signal.connect(each, weak=weak)
    signal.connect(other)
    pairs = send(signal, int)
    named = pairs[0][0]
    same = [getattr(named, part, named) is getattr(each, part, each) for part in ("__self__", "__func__")]
    return (same, pairs[1][0] is other), ([True] * 2, True)


@law("coroutines.passes-the-signal-and-the-sender")
def passes_the_signal_and_the_sender(Signal, calls, sender: AnySender, send: AnySend):
    async def receiver(**kwargs):
        calls.append((kwargs.get("signal") is signal, kwargs.get("sender") is sender))

    signal = Signal()
    signal.connect(receiver)
    send(signal, sender)
    return calls, [(True, True)]


@law("coroutines.passes-named-arguments")
def passes_named_arguments(Signal, calls, value: Response, send: AnySend):
    async def receiver(*args, **kwargs):
        calls.append((args, sorted(kwargs), kwargs.get("value") is value))

    names = (
        "receiver receivers response result named args err error func function coro task context loop name _private"
    ).split()
    signal = Signal()
    signal.connect(receiver)
    send(signal, int, value=value, **dict.fromkeys(names))
    return calls, [((), sorted([*names, "sender", "signal", "value"]), True)]


@law("coroutines.own-keywords")
def own_keywords(Signal, calls, send: AnySend):
    async def spoil(**kwargs):
        kwargs["value"] = "spoilt"

    async def receiver(**kwargs):
        await asyncio.sleep(0)
        calls.append(kwargs["value"])

    signal = Signal()
    signal.connect(spoil)
    signal.connect(receiver)
    send(signal, int, value=1)
    return calls, [1]


@law("coroutines.each-connection-once")
def each_connection_once(Signal, calls, first: AsyncReceiver, second: AsyncFunction, sender: Sender, send: AnySend):
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second)
    signal.connect(first)
    signal.connect(second, sender, dispatch_uid="uid")
    send(signal, sender)
    return sorted(calls), ["first", "first", "second", "second"]


@law("coroutines.hear-only-their-sender")
def hear_only_their_sender(Signal, calls, general: Either, own: AsyncReceiver, sender: Sender, send: AnySend):
    signal = Signal()
    signal.connect(general)
    signal.connect(own, sender)
    return (heard(calls, send, signal, sender), heard(calls, send, signal, int)), (["general", "own"], ["general"])


@law("coroutines.connect-once")
def connect_once(Signal, calls, each: AsyncReceiver, other: AsyncFunction, sender: Sender, send: AnySend):
    signal = Signal()
    signal.connect(each, sender)
    signal.connect(each, sender)
    signal.connect(other, sender, dispatch_uid="uid")
    signal.connect(each, sender, dispatch_uid="uid")
    send(signal, sender)
    return sorted(calls), ["each", "other"]


@law("coroutines.disconnect")
def disconnect(Signal, calls, each: AsyncReceiver, other: AsyncFunction, send: AnySend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, int)
    signal.connect(other, int, dispatch_uid="uid")
    signal.connect(each)
    before = heard(calls, send, signal, int)
    removed = bool(signal.disconnect(each, int)), bool(signal.disconnect(sender=int, dispatch_uid="uid"))
    between = heard(calls, send, signal, int)
    signal.disconnect(each)
    left = heard(calls, send, signal, int)
    return (before, removed, between, left), (["each", "other"], (True, True), ["each"], [])


@law("coroutines.die")
def die(Signal, calls, each: AsyncReceiver, send: AnySend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, int)
    before = heard(calls, send, signal, int)
    del each
    gc.collect()
    return (before, heard(calls, send, signal, int), bool(signal.has_listeners(int))), (["each"], [], False)


@law("coroutines.death-frees-their-place")
def death_frees_their_place(Signal, calls, each: AsyncReceiver, other: Either, send: AnySend, weak: Weak):
    class Sender:
        pass

    async def receiver(**kwargs):
        pass

    signal, sender = Signal(), Sender()
    watch = weakref.ref(sender)
    signal.connect(each, int, dispatch_uid="uid")
    signal.connect(receiver, sender, weak=weak)
    del each, sender
    gc.collect()
    signal.connect(other, int, dispatch_uid="uid")
    return (heard(calls, send, signal, int), watch() is None), (["other"], True)


@law("coroutines.strong")
def strong(Signal, calls, each: AsyncReceiver, send: AnySend):
    signal = Signal()
    signal.connect(each, weak=False)
    del each
    gc.collect()
    return heard(calls, send, signal, int), ["each"]


@law("coroutines.listen")
def listen(Signal, each: AsyncReceiver, sender: Sender, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, sender)
    return (bool(signal.has_listeners(sender)), bool(signal.has_listeners(int))), (True, False)


@law("coroutines.judged-at-connection")
def judged_at_connection(Signal, calls, send: AnySend, sender: Sender, caching: Caching):
    def direct(**kwargs):
        return "direct"

    async def awaited(**kwargs):
        return "awaited"

    signal = Signal(**caching)
    responses = []
    for each in (direct, awaited, direct, awaited, awaited, direct, direct):
        signal.connect(each, sender, dispatch_uid="uid")
        responses += [response for _, response in send(signal, sender)]
        signal.disconnect(sender=sender, dispatch_uid="uid")
    expected = ["direct", "awaited", "direct", "awaited", "awaited", "direct", "direct"]
    return [str(response) for response in responses], expected


@law("coroutines.caching")
def caching(Signal, calls, each: AsyncReceiver, other: Either, sender: Sender, send: AnySend):
    signal = Signal(use_caching=True)
    never = heard(calls, send, signal, sender)
    signal.connect(each, sender)
    once = heard(calls, send, signal, sender), heard(calls, send, signal, sender)
    signal.connect(other)
    twice = heard(calls, send, signal, sender), heard(calls, send, signal, sender)
    return (never, once, twice), ([], (["each"], ["each"]), (["each", "other"], ["each", "other"]))


@law("coroutines.decorator")
def decorator(Signal, receiver, calls, sender: Sender, send: AnySend):
    signal, other = Signal(), Signal()

    @receiver([signal, other], sender=sender)
    async def decorated(**kwargs):
        calls.append("decorated")
        return "decorated"

    return (send(signal, sender), send(other, sender), len(calls)), (
        [(decorated, "decorated")],
        [(decorated, "decorated")],
        2,
    )


@law("coroutines.debug")
def debug(Signal, settings, calls, each: AsyncReceiver):
    settings.configure(DEBUG=True)

    async def refused(signal, sender):
        calls.append("refused")

    class Party:
        async def refused(self, signal, sender):
            calls.append("refused")

    signal, party = Signal(), Party()
    made = [outcome(lambda: signal.connect(receiver)) for receiver in (each, refused, party.refused)]
    return (made, heard(calls, signal.send, int)), ([None, "raises ValueError", "raises ValueError"], ["each"])

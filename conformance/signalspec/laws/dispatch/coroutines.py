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
from signalspec.programs.kinds import Caching, Response, Send, Weak
from signalspec.programs.party_kinds import AnySender, Function, Sender


@law("coroutines.function")
def function(Signal, calls, each: AsyncFunction, sender: Sender, send: AnySend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, sender)
    return ([response for _, response in send(signal, sender)], calls), (["each"], ["each"])


@law("coroutines.called-like-any-other", uses=["coroutines"])
def called_like_any_other(Signal, calls, first: Function, last: Function, send: Send):
    async def receiver(**kwargs):
        calls.append("receiver")

    signal = Signal()
    for each in (first, receiver, last):
        signal.connect(each)
    responses = [response for _, response in send(signal, int)]
    for each in responses:
        if type(each) is types.CoroutineType:
            each.close()
    kinds = ["a coroutine" if type(each) is types.CoroutineType else each for each in responses]
    return (kinds, calls), (["first", "a coroutine", "last"], ["first", "last"])


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
    responses = [response if type(response) is str else type(response).__name__ for _, response in send(signal, int)]
    return (responses, calls), (["each"], ["each"])


@law("coroutines.class-of-instances", uses=["coroutines"])
def class_of_instances(Signal, send: AnySend):
    class Party:
        def __init__(self, **kwargs):
            pass

        async def __call__(self, **kwargs):
            return "called"

    signal = Signal()
    signal.connect(Party)
    return [type(response) for _, response in send(signal, int)], [Party]


@law("coroutines.generator", uses=["coroutines"])
def generator(Signal, calls, send: AnySend):
    async def receiver(**kwargs):
        calls.append("begun")
        yield

    signal = Signal()
    signal.connect(receiver)
    return ([type(response).__name__ for _, response in send(signal, int)], calls), (["async_generator"], [])


@law("coroutines.awaitable-is-a-response", uses=["coroutines"])
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

    def shown(response):
        return "the answer" if response is answer else str(response)

    alone = [shown(response) for _, response in send(signal, int)]
    signal.connect(awaited)
    together = sorted(shown(response) for _, response in send(signal, int))
    return (alone, together, calls), (["the answer"] * 2, ["awaited", "the answer", "the answer"], [])


@law("coroutines.response-as-is", uses=["coroutines"])
def response_as_is(Signal, calls, response: Response, send: AnySend):
    async def receiver(**kwargs):
        return response

    signal = Signal()
    signal.connect(receiver)
    found = {"the response itself": send(signal, int)[0][1] is response, "calls": calls}
    return found, {"the response itself": True, "calls": []}


@law("coroutines.pairs-name-the-receiver")
def pairs_name_the_receiver(Signal, calls, each: AsyncReceiver, other: AsyncFunction, send: AnySend, weak: Weak):
    signal = Signal()
    signal.connect(each, weak=weak)
    signal.connect(other)
    (named, _), (another, _) = send(signal, int)
    same = {part: getattr(named, part, named) is getattr(each, part, each) for part in ("__self__", "__func__")}
    found = {**same, "the other receiver": another is other}
    return found, dict.fromkeys(found, True)


@law("coroutines.passes-the-signal-and-the-sender", uses=["coroutines"])
def passes_the_signal_and_the_sender(Signal, calls, sender: AnySender, send: AnySend):
    async def receiver(**kwargs):
        calls.append({"signal": kwargs.get("signal") is signal, "sender": kwargs.get("sender") is sender})

    signal = Signal()
    signal.connect(receiver)
    send(signal, sender)
    return calls, [{"signal": True, "sender": True}]


@law("coroutines.passes-named-arguments", uses=["coroutines"])
def passes_named_arguments(Signal, calls, value: Response, send: AnySend):
    async def receiver(*args, **kwargs):
        calls.append((args, sorted(kwargs), "the value" if kwargs.get("value") is value else "another value"))

    names = (
        "receiver receivers response result named args err error func function coro task context loop name _private"
    ).split()
    signal = Signal()
    signal.connect(receiver)
    send(signal, int, value=value, **dict.fromkeys(names))
    return calls, [((), sorted([*names, "sender", "signal", "value"]), "the value")]


@law("coroutines.own-keywords", uses=["coroutines"])
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


@law("coroutines.each-connection-once", uses=["dispatch_uid"])
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


@law("coroutines.connect-once", uses=["dispatch_uid"])
def connect_once(Signal, calls, each: AsyncReceiver, other: AsyncFunction, sender: Sender, send: AnySend):
    signal = Signal()
    signal.connect(each, sender)
    signal.connect(each, sender)
    signal.connect(other, sender, dispatch_uid="uid")
    signal.connect(each, sender, dispatch_uid="uid")
    send(signal, sender)
    return sorted(calls), ["each", "other"]


@law("coroutines.disconnect", uses=["disconnect", "dispatch_uid"])
def disconnect(Signal, calls, each: AsyncReceiver, other: AsyncFunction, send: AnySend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, int)
    signal.connect(other, int, dispatch_uid="uid")
    signal.connect(each)
    before = heard(calls, send, signal, int)
    signal.disconnect(each, int)
    signal.disconnect(sender=int, dispatch_uid="uid")
    between, times = heard(calls, send, signal, int), len(calls)
    signal.disconnect(each)
    left = heard(calls, send, signal, int)
    return (before, between, times, left), (["each", "other"], ["each"], 1, [])


@law("coroutines.die", uses=["has_listeners"])
def die(Signal, calls, each: AsyncReceiver, send: AnySend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, int)
    before = heard(calls, send, signal, int)
    del each
    gc.collect()
    found = {"before": before, "after": heard(calls, send, signal, int), "listens": bool(signal.has_listeners(int))}
    return found, {"before": ["each"], "after": [], "listens": False}


@law("coroutines.death-frees-their-place", uses=["dispatch_uid"])
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
    found = {"called": heard(calls, send, signal, int), "the sender is freed": watch() is None}
    return found, {"called": ["other"], "the sender is freed": True}


@law("coroutines.strong")
def strong(Signal, calls, each: AsyncReceiver, send: AnySend):
    signal = Signal()
    signal.connect(each, weak=False)
    del each
    gc.collect()
    return heard(calls, send, signal, int), ["each"]


@law("coroutines.listen", uses=["has_listeners"])
def listen(Signal, each: AsyncReceiver, sender: Sender, caching: Caching):
    signal = Signal(**caching)
    signal.connect(each, sender)
    found = {"for its sender": bool(signal.has_listeners(sender)), "for another": bool(signal.has_listeners(int))}
    return found, {"for its sender": True, "for another": False}


@law("coroutines.judged-at-connection", uses=["coroutines", "disconnect", "dispatch_uid"])
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


@law("coroutines.caching", uses=["use_caching"])
def caching(Signal, calls, each: AsyncReceiver, other: Either, sender: Sender, send: AnySend):
    signal = Signal(use_caching=True)
    never = heard(calls, send, signal, sender)
    signal.connect(each, sender)
    once = heard(calls, send, signal, sender), heard(calls, send, signal, sender)
    signal.connect(other)
    twice = heard(calls, send, signal, sender), heard(calls, send, signal, sender)
    return (never, once, twice), ([], (["each"], ["each"]), (["each", "other"], ["each", "other"]))


@law("coroutines.decorator", uses=["coroutines"])
def decorator(Signal, receiver, calls, sender: Sender, send: AnySend):
    signal, other = Signal(), Signal()

    @receiver([signal, other], sender=sender)
    async def decorated(**kwargs):
        calls.append("decorated")
        return "decorated"

    responses = [response for each in (signal, other) for _, response in send(each, sender)]
    both, stays = ["decorated", "decorated"], asyncio.iscoroutinefunction(decorated)
    return {"responses": responses, "calls": calls, "stays a coroutine function": stays}, {
        "responses": both,
        "calls": both,
        "stays a coroutine function": True,
    }


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

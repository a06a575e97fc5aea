"""Laws of the chapter subclassing: subclassing."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome, run
from signalspec.programs.async_kinds import Either, SendPair
from signalspec.programs.kinds import AsyncError, Caching, Send
from signalspec.programs.party_kinds import Callback, Sender


@law("subclassing.subclass-is-a-signal")
def subclass_is_a_signal(Signal, calls, sender: Sender, send: Send, caching: Caching):
    class Own(Signal):
        pass

    def receiver(**kwargs):
        calls.append("the signal" if kwargs.get("signal") is own else "something else")

    own = Own(**caching)
    own.connect(receiver, sender)
    return heard(calls, send, own, sender), ["the signal"]


@law("subclassing.own-initializer")
def own_initializer(Signal, calls, receiver: Callback, sender: Sender, send: Send, caching: Caching):
    class Own(Signal):
        def __init__(self, name, **options):
            self.label = name
            super().__init__(**options)
            self.name = name

    one, two = Own("one", **caching), Own("two", **caching)
    one.connect(receiver, sender)
    called = heard(calls, send, one, sender), heard(calls, send, two, sender)
    return (one.name, two.label, called), ("one", "two", (["receiver"], []))


@law("subclassing.connect-can-be-extended", uses=["disconnect"])
def connect_can_be_extended(Signal, calls, receiver: Callback, sender: Sender, send: Send, caching: Caching):
    class Own(Signal):
        def connect(self, receiver, sender=None, **options):
            return super().connect(receiver, names.get(sender, sender), **options)

        def disconnect(self, receiver=None, sender=None, **options):
            return super().disconnect(receiver=receiver, sender=names.get(sender, sender), **options)

    names = {"name": sender}
    own, other = Own(**caching), Own(**caching)
    own.connect(receiver, "name", weak=False)
    other.connect(receiver, "name", weak=False)
    other.disconnect(receiver, "name")
    return [heard(calls, send, own, sender), heard(calls, send, other, sender)], [["receiver"], []]


@law("subclassing.send-can-be-extended", uses=["send_robust"])
def send_can_be_extended(Signal, calls, sender: Sender, caching: Caching):
    class Own(Signal):
        def send(self, sender, **named):
            return super().send(sender=sender, origin="send", **named)

        def send_robust(self, sender, **named):
            return super().send_robust(sender=sender, origin="send_robust", **named)

    def receiver(**kwargs):
        calls.append(kwargs.get("origin", "nowhere"))

    own = Own(**caching)
    own.connect(receiver, sender)
    return [heard(calls, own.send, sender), heard(calls, own.send_robust, sender)], [["send"], ["send_robust"]]


@law("subclassing.asend-can-be-extended", uses=["asend", "asend_robust", "coroutines"])
def asend_can_be_extended(Signal, calls, each: Either, sender: Sender, caching: Caching):
    class Own(Signal):
        async def asend(self, sender, **named):
            return await super().asend(sender=sender, origin="asend", **named)

        async def asend_robust(self, sender, **named):
            return await super().asend_robust(sender=sender, origin="asend_robust", **named)

    async def awaited(**kwargs):
        calls.append(kwargs.get("origin", "nowhere"))

    own = Own(**caching)
    own.connect(each, sender)
    own.connect(awaited, sender)
    called = [heard(calls, lambda: run(lambda: send(sender))) for send in (own.asend, own.asend_robust)]
    return called, [["asend", "each"], ["asend_robust", "each"]]


@law("subclassing.sends-are-independent", uses=["asend", "asend_robust", "has_listeners", "send_robust"])
def sends_are_independent(Signal, calls, each: Either, other: Either, sender: Sender, caching: Caching):
    def refuse(*args, **named):
        raise AssertionError("overridden")

    asynchronous, heard_by = ("asend", "asend_robust"), []
    for name in ("send", "send_robust", *asynchronous):
        others = ("has_listeners", "send", "send_robust", *asynchronous) if name in asynchronous else asynchronous
        only = type("Only", (Signal,), {other: refuse for other in others if other != name})
        silent, own = only(**caching), only(**caching)
        own.connect(each, sender)
        own.connect(other)
        for signal in (silent, own):
            send = getattr(signal, name)
            heard_by.append(heard(calls, lambda: run(lambda: send(sender)) if name in asynchronous else send(sender)))
    return heard_by, [[], ["each", "other"]] * 4


@law("subclassing.listeners-can-be-overridden", uses=["disconnect", "has_listeners"])
def listeners_can_be_overridden(
    Signal, calls, receiver: Callback, other: Callback, sender: Sender, send: Send, caching: Caching
):
    class Own(Signal):
        def has_listeners(self, sender=None):
            return False

    own = Own(**caching)
    own.connect(receiver, sender)
    own.connect(other, sender)
    before = heard(calls, send, own, sender), heard(calls, send, own, sender)
    own.disconnect(other, sender)
    return (before, heard(calls, send, own, sender)), ((["other", "receiver"],) * 2, ["receiver"])


@law("subclassing.methods-are-independent", uses=["disconnect", "has_listeners", "send_robust"])
def methods_are_independent(Signal, calls, receiver: Callback, sender: Sender, caching: Caching):
    def note(self, *args, **options):
        calls.append("overridden")

    names = "connect", "send", "send_robust", "disconnect"
    met = []
    for overridden in names:
        own = type("Own", (Signal,), {overridden: note})(**caching)
        for name in (*names, "has_listeners"):
            arguments = (receiver, sender) if "connect" in name else (sender,)
            if "overridden" in heard(calls, outcome, lambda: getattr(own, name)(*arguments)):
                met.append((overridden, name))
    return met, [(name, name) for name in names]


@law("subclassing.asend-does-what-send-does")
def asend_does_what_send_does(Signal, calls, error: AsyncError, sender: Sender, pair: SendPair, caching: Caching):
    def receiver(**kwargs):
        calls.append((kwargs.pop("signal", None) is signal, kwargs))
        return "receiver"

    def fails(**kwargs):
        receiver(**kwargs)
        raise error

    def other(**kwargs):
        return "other"

    done = []
    for each in (receiver, fails):
        for named in ({}, {"value": 1}):
            signal = Signal(**caching)
            signal.connect(each, sender)
            signal.connect(each)
            signal.connect(other)
            for send in pair:
                calls.clear()
                responses = outcome(lambda: [response for _, response in send(signal, sender, **named) or ()])
                done.append((responses, calls[:]))
    return done[1::2], done[::2]

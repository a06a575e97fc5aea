"""Laws of the chapter lifetime: lifetime."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import sys
import types
import warnings
import weakref

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.kinds import Caching, MaybeUid, Scope, Send, Truth, Weak
from signalspec.programs.party_kinds import Callback, Function, Method, Receiver, Sender


@law("lifetime.weak-by-default")
def weak_by_default(Signal, calls, receiver: Receiver, sender: Sender, uid: MaybeUid):
    signal = Signal()
    signal.connect(receiver, sender, **uid)
    signal.connect(receiver, **uid)
    watch = weakref.ref(getattr(receiver, "__self__", receiver) if type(receiver) is types.MethodType else receiver)
    del receiver
    gc.collect()
    return {"the receiver is freed": watch() is None}, {"the receiver is freed": True}


@law("lifetime.dead-receiver-is-not-called", uses=["dispatch_uid"])
def dead_receiver_is_not_called(Signal, calls, receiver: Receiver, sender: Sender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver, dispatch_uid="uid")
    del receiver
    gc.collect()
    return (len(send(signal, sender)), calls), (0, [])


@law("lifetime.death-leaves-the-others", uses=["dispatch_uid"])
def death_leaves_the_others(Signal, calls, first: Receiver, receiver: Receiver, last: Callback, weak: Weak):
    def own(**kwargs):
        calls.append("own")

    signal = Signal()
    signal.connect(first, weak=weak)
    signal.connect(receiver)
    signal.connect(own, int, weak=not weak)
    signal.connect(last, weak=weak, dispatch_uid="uid")
    signal.send(int)
    before = len(calls)
    del receiver
    gc.collect()
    signal.send(int)
    others = [name for name in calls[:before] if name != "receiver"]
    return [name for name in calls[before:] if name != "receiver"], others


@law("lifetime.strong-keeps-the-receiver")
def strong_keeps_the_receiver(
    Signal, calls, receiver: Receiver, sender: Scope, send: Send, caching: Caching, uid: MaybeUid
):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=False, **uid)
    del receiver
    gc.collect()
    return [heard(calls, send, signal, str), heard(calls, send, signal, str)], [["receiver"], ["receiver"]]


@law("lifetime.disconnect-frees-the-receiver", uses=["disconnect", "dispatch_uid"])
def disconnect_frees_the_receiver(Signal, calls, receiver: Receiver, sender: Sender, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, weak=False)
    signal.connect(receiver, sender, weak=False, dispatch_uid="strong")
    signal.connect(receiver, sender, dispatch_uid="weak")
    signal.send(sender)
    watch = weakref.ref(getattr(receiver, "__self__", receiver) if type(receiver) is types.MethodType else receiver)
    signal.disconnect(receiver)
    del receiver
    signal.disconnect(sender=sender, dispatch_uid="strong")
    gc.collect()
    return {"the receiver is freed": watch() is None}, {"the receiver is freed": True}


@law("lifetime.weak-method-follows-its-instance")
def weak_method_follows_its_instance(Signal, calls, truth: Truth, sender: Sender, send: Send, caching: Caching):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

        def __bool__(self):
            return truth

        @classmethod
        def of_class(cls, **kwargs):
            calls.append("of class")

    party = Party()
    signal = Signal(**caching)
    signal.connect(party.method, sender)
    signal.connect(Party.of_class, sender)
    gc.collect()
    return [heard(calls, send, signal, sender) for _ in range(2)], [["method", "of class"]] * 2


@law("lifetime.weak-method-dies-with-its-instance")
def weak_method_dies_with_its_instance(Signal, calls, method: Method, sender: Sender, send: Send, caching: Caching):
    watch = weakref.ref(method.__self__)
    signal = Signal(**caching)
    signal.connect(method, sender)
    del method
    gc.collect()
    found = {"freed": watch() is None, "called": heard(calls, send, signal, sender)}
    return found, {"freed": True, "called": []}


@law("lifetime.weak-method-dies-with-its-function")
def weak_method_dies_with_its_function(Signal, calls, sender: Sender, send: Send):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

    party = Party()
    signal = Signal()
    signal.connect(party.method, sender)
    watch = weakref.ref(Party.method)
    del Party.method
    gc.collect()
    found = {"freed": watch() is None, "called": heard(calls, send, signal, sender)}
    return found, {"freed": True, "called": []}


@law("lifetime.dead-function-frees-its-place", uses=["dispatch_uid"])
def dead_function_frees_its_place(Signal, calls, receiver: Callback, sender: Sender):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

    party = Party()
    signal = Signal()
    signal.connect(party.method, sender, dispatch_uid="uid")
    del Party.method
    gc.collect()
    signal.connect(receiver, sender, dispatch_uid="uid")
    return heard(calls, signal.send, sender), ["receiver"]


@law("lifetime.strong-method-keeps-its-instance")
def strong_method_keeps_its_instance(Signal, calls, method: Method, sender: Scope, uid: MaybeUid):
    watch = weakref.ref(method.__self__)
    signal = Signal()
    signal.connect(method, sender, weak=False, **uid)
    del method
    gc.collect()
    return {"the instance is kept": watch() is not None}, {"the instance is kept": True}


@law("lifetime.garbage-is-dead")
def garbage_is_dead(Signal, calls, sender: Sender, send: Send, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            calls.append("called")

    party = Party()
    party.itself = [party]
    watch = weakref.ref(party)
    signal = Signal(**caching)
    signal.connect(party, sender)
    send(signal, sender)
    del party
    gc.collect()
    found = {"freed": watch() is None, "called": heard(calls, send, signal, sender)}
    return found, {"freed": True, "called": []}


@law("lifetime.dispatch-keeps-no-receiver")
def dispatch_keeps_no_receiver(Signal, calls, receiver: Callback, sender: Sender, send: Send, caching: Caching):
    watch = weakref.ref(getattr(receiver, "__self__", receiver))
    signal = Signal(**caching)
    signal.connect(receiver, sender)
    send(signal, sender)
    del receiver
    return {"the receiver is freed": watch() is None}, {"the receiver is freed": True}


@law("lifetime.dispatch-keeps-no-argument")
def dispatch_keeps_no_argument(Signal, send: Send, caching: Caching):
    class Value:
        pass

    def receiver(**kwargs):
        response = Value()
        watches.append(("response", weakref.ref(response)))
        return response

    class PartyError(Exception):
        def __init__(self):
            watches.append(("exception", weakref.ref(self)))

    class FatalError(BaseException):
        def __init__(self):
            watches.append(("fatal exception", weakref.ref(self)))

    def fails(**kwargs):
        raise PartyError

    def stops(**kwargs):
        raise FatalError

    value, sender = Value(), Value()
    watches: list = [("argument", weakref.ref(value)), ("sender", weakref.ref(sender))]
    signal, failing, stopped, silent = (Signal(**caching) for _ in range(4))
    signal.connect(receiver)
    failing.connect(fails)
    stopped.connect(stops)
    send(signal, sender, value=value)
    send(silent, sender, value=value)
    for each in (failing, stopped):
        outcome(functools.partial(send, each, sender, value=value))
    del value, sender
    gc.collect()
    return {"kept": [name for name, watch in watches if watch() is not None]}, {"kept": []}


@law("lifetime.sender-is-not-kept")
def sender_is_not_kept(Signal, receiver: Callback, sender: Sender, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    watch = weakref.ref(sender)
    del sender
    gc.collect()
    return {"the sender is freed": watch() is None}, {"the sender is freed": True}


@law("lifetime.dead-sender-frees-the-receiver", uses=["disconnect"])
def dead_sender_frees_the_receiver(
    Signal, receiver: Callback, other: Function, sender: Sender, send: Send, caching: Caching
):
    signals = [Signal(**caching) for _ in range(3)]
    for signal in signals:
        signal.connect(receiver, sender, weak=False)
        signal.connect(receiver, int)
        signal.connect(other)
        signal.send(sender)
        signal.send(int)
    watch = weakref.ref(getattr(receiver, "__self__", receiver))
    del sender, receiver
    gc.collect()
    signals[0].connect(other, str)
    signals[1].disconnect(other)
    send(signals[2], int)
    gc.collect()
    return {"the receiver is freed": watch() is None}, {"the receiver is freed": True}


@law("lifetime.dead-sender-leaves-the-others")
def dead_sender_leaves_the_others(
    Signal, calls, first: Callback, second: Callback, sender: Sender, other: Sender, weak: Weak, caching: Caching
):
    signal = Signal(**caching)
    signal.connect(first, sender, weak=weak)
    signal.connect(first, weak=weak)
    signal.connect(second, other, weak=weak)
    signal.send(other)
    before = len(calls)
    del sender
    gc.collect()
    signal.send(other)
    return sorted(calls[before:]), sorted(calls[:before])


@law("lifetime.signal-is-freed")
def signal_is_freed(Signal, receiver: Callback, sender: Sender, weak: Weak, caching: Caching, uid: MaybeUid):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak, **uid)
    signal.connect(receiver, weak=weak, **uid)
    signal.send(sender)
    # Not every signal can be referenced weakly.
    kind, address = type(signal), id(signal)
    del signal
    gc.collect()
    freed = all(id(each) != address or type(each) is not kind for each in gc.get_objects())
    return {"the signal is freed": freed}, {"the signal is freed": True}


@law("lifetime.signal-frees-its-receivers", uses=["dispatch_uid"])
def signal_frees_its_receivers(Signal, calls, sender: Sender, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            calls.append("called")

    party = Party()
    party.signal = signal = Signal(**caching)
    watch = weakref.ref(party)
    signal.connect(party, sender, weak=False)
    signal.connect(party, weak=False, dispatch_uid="uid")
    signal.send(sender)
    del signal, party
    gc.collect()
    return {"the receiver is freed": watch() is None}, {"the receiver is freed": True}


@law("lifetime.deaths-raise-nothing")
def deaths_raise_nothing(
    Signal, calls, receiver: Receiver, other: Function, sender: Sender, caching: Caching, uid: MaybeUid
):
    def note(unraisable):
        found.append(type(unraisable.exc_value).__name__)

    signals = [Signal(**caching) for _ in range(3)]
    for each in signals:
        each.connect(receiver, **uid)
        each.connect(receiver, sender)
        each.connect(other, sender, weak=False)
        each.send(sender)
    found, hook, sys.unraisablehook = [], sys.unraisablehook, note
    with contextlib.redirect_stderr(io.StringIO()) as output, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # The signal dies before, after, and together with what it refers to.
            del each, signals[0]
            gc.collect()
            del receiver
            gc.collect()
            signals[0].send(int)
            del sender
            gc.collect()
            signals[0].send(int)
            signals[0].connect(lambda signals=signals, **kwargs: None, weak=False)
            del signals, other
            gc.collect()
        finally:
            sys.unraisablehook = hook
    return {"ignored": found, "printed": output.getvalue(), "warnings": len(caught)}, {
        "ignored": [],
        "printed": "",
        "warnings": 0,
    }

"""Laws of the chapter connect: connect."""

from __future__ import annotations

import gc

from signalspec.kinds import (
    AnySender,
    Caching,
    Callback,
    Function,
    Receiver,
    Relatives,
    Send,
    Sender,
    Unreferenceable,
    Weak,
)
from signalspec.laws import law
from signalspec.laws.vocabulary import outcome


@law("connect.returns-none")
def returns_none(Signal, receiver: Receiver, sender: Sender, weak: Weak):
    signal = Signal()
    return [signal.connect(receiver, sender, weak), signal.connect(receiver, sender, weak)], [None, None]


@law("connect.calls-nothing")
def calls_nothing(Signal, calls, first: Callback, second: Callback, caching: Caching):
    signal = Signal(**caching)
    signal.connect(first)
    signal.connect(second, int)
    signal.connect(first)
    return calls, []


@law("connect.connected-is-called")
def connected_is_called(Signal, calls, receiver: Receiver, sender: Sender, send: Send, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    send(signal, sender)
    send(signal, sender)
    return calls, ["receiver", "receiver"]


@law("connect.parameters")
def parameters(Signal, calls, sender: Sender):
    def positional(**kwargs):
        calls.append("positional")

    signal = Signal()
    signal.connect(positional, sender, False, "one")
    signal.connect(receiver=lambda **kwargs: calls.append("named"), sender=sender, weak=False, dispatch_uid="two")
    signal.send(sender)
    removed = (
        signal.disconnect(dispatch_uid="one", sender=sender),
        signal.disconnect(dispatch_uid="two", sender=sender),
    )
    return (calls, removed, outcome(signal.connect)), (["positional", "named"], (True, True), "raises TypeError")


@law("connect.hears-only-its-sender")
def hears_only_its_sender(
    Signal, calls, receiver: Callback, sender: Sender, other: Sender, send: Send, caching: Caching
):
    signal = Signal(**caching)
    signal.connect(receiver, sender)
    send(signal, other)
    return calls, []


@law("connect.hears-no-relative")
def hears_no_relative(Signal, calls, receiver: Callback, senders: Relatives, send: Send, caching: Caching):
    one, two = senders
    signal = Signal(**caching)
    signal.connect(receiver, one)
    send(signal, two)
    removed = signal.disconnect(receiver, two)
    other = Signal(**caching)
    other.connect(receiver, two)
    send(other, one)
    return (calls, removed, signal.has_listeners(two), other.has_listeners(one)), ([], False, False, False)


@law("connect.without-sender-hears-all")
def without_sender_hears_all(Signal, calls, receiver: Callback, sender: AnySender, send: Send):
    signal = Signal()
    signal.connect(receiver)
    send(signal, sender)
    send(signal, None)
    signal.connect(receiver, sender=int)
    send(signal, sender)
    return calls, ["receiver", "receiver", "receiver"]


@law("connect.with-sender-misses-none")
def with_sender_misses_none(Signal, calls, receiver: Callback, sender: AnySender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, None)
    return calls, []


@law("connect.duplicate-is-ignored")
def duplicate_is_ignored(Signal, calls, receiver: Receiver, sender: Sender, weak: Weak, again: Weak):
    signal = Signal()
    signal.connect(receiver, sender, weak=weak)
    signal.connect(receiver, sender, weak=again)
    signal.send(sender)
    signal.disconnect(receiver, sender)
    signal.send(sender)
    return calls, ["receiver"]


@law("connect.duplicate-without-sender-is-ignored")
def duplicate_without_sender_is_ignored(Signal, calls, receiver: Receiver, weak: Weak, again: Weak):
    signal = Signal()
    signal.connect(receiver, weak=weak)
    signal.connect(receiver, weak=again)
    signal.send(int)
    signal.disconnect(receiver)
    signal.send(int)
    return calls, ["receiver"]


@law("connect.duplicate-keeps-its-place")
def duplicate_keeps_its_place(Signal, calls, first: Callback, second: Callback, sender: Sender):
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second, sender)
    signal.connect(first, sender)
    signal.send(sender)
    return calls, ["first", "second"]


@law("connect.duplicate-keeps-its-strength")
def duplicate_keeps_its_strength(Signal, calls, receiver: Callback, sender: Sender, weak: Weak):
    signal = Signal()
    signal.connect(receiver, sender, weak=weak)
    signal.connect(receiver, sender, weak=not weak)
    del receiver
    gc.collect()
    signal.send(sender)
    return calls, [] if weak else ["receiver"]


@law("connect.each-sender-its-own")
def each_sender_its_own(Signal, calls, receiver: Receiver, one: Sender, two: Sender, send: Send):
    signal = Signal()
    signal.connect(receiver, one)
    signal.connect(receiver, two)
    send(signal, one)
    send(signal, two)
    return calls, ["receiver", "receiver"]


@law("connect.with-and-without-sender")
def with_and_without_sender(Signal, calls, receiver: Receiver, sender: Sender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver)
    send(signal, sender)
    calls.append("then")
    send(signal, int)
    return calls, ["receiver", "receiver", "then", "receiver"]


@law("connect.again-after-disconnect")
def again_after_disconnect(Signal, calls, first: Callback, second: Callback, sender: Sender, weak: Weak):
    signal = Signal()
    signal.connect(first, sender, weak=weak)
    signal.connect(second, sender, weak=weak)
    signal.disconnect(first, sender)
    signal.connect(first, sender, weak=weak)
    signal.send(sender)
    return calls, ["second", "first"]


@law("connect.weak-needs-a-weak-reference")
def weak_needs_a_weak_reference(Signal, receiver: Unreferenceable, sender: Sender):
    signal = Signal()
    return outcome(lambda: signal.connect(receiver, sender)), "raises TypeError"


@law("connect.strong-needs-none")
def strong_needs_none(Signal, calls, receiver: Unreferenceable, sender: Sender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender, weak=False)
    send(signal, sender)
    return calls, ["receiver"]


@law("connect.refusal-changes-nothing")
def refusal_changes_nothing(Signal, calls, receiver: Unreferenceable, first: Function):
    signal = Signal()
    signal.connect(first)
    outcome(lambda: signal.connect(receiver, dispatch_uid="uid"))
    outcome(lambda: signal.connect(receiver))
    signal.send(None)
    return (calls, signal.disconnect(receiver), signal.disconnect(dispatch_uid="uid")), (["first"], False, False)

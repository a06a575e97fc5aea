"""Laws of the chapter listeners: has_listeners."""

from __future__ import annotations

import gc

from signalspec.kinds import AnySender, Caching, Callback, Receiver, Sender, UnhashableSender, Weak
from signalspec.laws import law
from signalspec.laws.vocabulary import heard


@law("listeners.parameters")
def parameters(Signal, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender)
    asked = signal.has_listeners(sender), signal.has_listeners(sender=sender), signal.has_listeners()
    return [bool(each) for each in asked], [True, True, False]


@law("listeners.returns-a-bool")
def returns_a_bool(Signal, receiver: Receiver, sender: Sender, caching: Caching):
    signal = Signal(**caching)
    before = signal.has_listeners(sender)
    signal.connect(receiver, sender)
    return (type(before), type(signal.has_listeners(sender))), (bool, bool)


@law("listeners.true-for-its-sender")
def true_for_its_sender(Signal, receiver: Receiver, sender: AnySender, unhashable: UnhashableSender, weak: Weak):
    signal = Signal()
    signal.has_listeners(sender)
    signal.connect(receiver, sender, weak=weak)
    signal.connect(receiver, unhashable, weak=weak)
    return (bool(signal.has_listeners(sender)), bool(signal.has_listeners(unhashable))), (True, True)


@law("listeners.false-for-another-sender")
def false_for_another_sender(Signal, receiver: Callback, sender: Sender, other: AnySender):
    signal = Signal()
    signal.connect(receiver, sender)
    return bool(signal.has_listeners(other)), False


@law("listeners.general-counts-for-all")
def general_counts_for_all(Signal, receiver: Callback, sender: AnySender):
    signal = Signal()
    signal.connect(receiver)
    return (bool(signal.has_listeners(sender)), bool(signal.has_listeners()), bool(signal.has_listeners(None))), (
        True,
        True,
        True,
    )


@law("listeners.no-sender-asks-for-the-general")
def no_sender_asks_for_the_general(Signal, receiver: Callback, sender: AnySender):
    signal = Signal()
    signal.connect(receiver, sender)
    return (bool(signal.has_listeners()), bool(signal.has_listeners(None))), (False, False)


@law("listeners.false-after-disconnect")
def false_after_disconnect(Signal, first: Callback, second: Callback, sender: Sender, caching: Caching):
    signal = Signal(**caching)
    signal.connect(first, sender)
    signal.connect(second)
    signal.disconnect(first, sender)
    signal.has_listeners(sender)
    signal.disconnect(second)
    return bool(signal.has_listeners(sender)), False


@law("listeners.false-after-death")
def false_after_death(Signal, receiver: Receiver, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender)
    del receiver
    gc.collect()
    return bool(signal.has_listeners(sender)), False


@law("listeners.calls-nothing")
def calls_nothing(Signal, calls, receiver: Callback, sender: Sender, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    signal.has_listeners(sender)
    signal.has_listeners(sender)
    return (calls[:], heard(calls, signal.send, sender)), ([], ["receiver"])

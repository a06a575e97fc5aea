"""Laws of the chapter listeners: has_listeners."""

from __future__ import annotations

import gc

from signalspec.laws import law
from signalspec.laws.vocabulary import heard
from signalspec.programs.kinds import (
    AnySender,
    Caching,
    Callback,
    Function,
    MaybeUid,
    Naming,
    Receiver,
    Sender,
    UnhashableSender,
    Weak,
)


@law("listeners.parameters")
def parameters(Signal, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender)
    asked = signal.has_listeners(sender), signal.has_listeners(sender=sender), signal.has_listeners()
    return [bool(each) for each in asked], [True, True, False]


@law("listeners.returns-a-bool")
def returns_a_bool(Signal, receiver: Receiver, sender: Sender, caching: Caching):
    signal, general = Signal(**caching), Signal()
    answers = [signal.has_listeners(sender), general.has_listeners()]
    signal.connect(receiver, sender)
    general.connect(receiver)
    answers += [signal.has_listeners(sender), general.has_listeners()]
    return [type(answer) for answer in answers], [bool] * 4


@law("listeners.true-for-its-sender")
def true_for_its_sender(
    Signal,
    receiver: Receiver,
    other: Function,
    sender: AnySender,
    unhashable: UnhashableSender,
    weak: Weak,
    uid: MaybeUid,
):
    signal, left = Signal(), Signal()
    signal.has_listeners(sender)
    for each in (sender, unhashable):
        signal.connect(receiver, each, weak=weak, **uid)
        left.connect(receiver, each, weak=weak)
        left.connect(other, each)
        left.disconnect(other, each)
    asked = [(each, scope) for each in (signal, left) for scope in (sender, unhashable)]
    return [bool(each.has_listeners(scope)) for each, scope in asked], [True] * 4


@law("listeners.false-for-another-sender")
def false_for_another_sender(Signal, receiver: Callback, sender: Sender, other: AnySender):
    signal = Signal()
    signal.connect(receiver, sender)
    signal.has_listeners(sender)
    return bool(signal.has_listeners(other)), False


@law("listeners.general-counts-for-all")
def general_counts_for_all(Signal, receiver: Callback, sender: Sender, other: AnySender, caching: Caching):
    signal, asked = Signal(), Signal(**caching)
    asked.has_listeners(sender)
    for each in (signal, asked):
        each.connect(receiver)
    answers = [signal.has_listeners(of) for of in (sender, other, None)]
    return [bool(each) for each in [*answers, signal.has_listeners(), asked.has_listeners(sender)]], [True] * 5


@law("listeners.no-sender-asks-for-the-general")
def no_sender_asks_for_the_general(Signal, receiver: Callback, sender: AnySender):
    signal = Signal()
    signal.connect(receiver, sender)
    return (bool(signal.has_listeners()), bool(signal.has_listeners(None))), (False, False)


@law("listeners.false-after-disconnect")
def false_after_disconnect(Signal, first: Callback, second: Callback, sender: Sender, caching: Caching, uid: Naming):
    signal, named = Signal(**caching), Signal(**caching)
    signal.connect(first, sender)
    signal.connect(second)
    signal.disconnect(first, sender)
    signal.has_listeners(sender)
    signal.disconnect(second)
    named.connect(first, sender, **uid("uid"))
    named.has_listeners(sender)
    named.disconnect(first, sender, **uid("uid"))
    return [bool(each.has_listeners(sender)) for each in (signal, named)], [False, False]


@law("listeners.false-after-death")
def false_after_death(Signal, receiver: Receiver, sender: Sender, caching: Caching):
    signal, general = Signal(**caching), Signal(**caching)
    signal.connect(receiver, sender)
    general.connect(receiver)
    before = [bool(each.has_listeners(sender)) for each in (signal, general)]
    del receiver
    gc.collect()
    return [*before, *(bool(each.has_listeners(sender)) for each in (signal, general))], [True, True, False, False]


@law("listeners.calls-nothing")
def calls_nothing(Signal, calls, receiver: Callback, sender: Sender, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    signal.has_listeners(sender)
    signal.has_listeners(sender)
    return (calls[:], heard(calls, signal.send, sender)), ([], ["receiver"])

"""Laws of the chapter listeners: has_listeners."""

from __future__ import annotations

import gc

from signalspec.laws import law
from signalspec.laws.vocabulary import heard
from signalspec.programs.kinds import Caching, MaybeUid, Naming, Weak
from signalspec.programs.party_kinds import AnySender, Callback, Function, Receiver, Sender, UnhashableSender


@law("listeners.parameters", uses=["has_listeners"])
def parameters(Signal, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender)
    asked = {
        "has_listeners(sender)": bool(signal.has_listeners(sender)),
        "has_listeners(sender=sender)": bool(signal.has_listeners(sender=sender)),
        "has_listeners()": bool(signal.has_listeners()),
    }
    return asked, {"has_listeners(sender)": True, "has_listeners(sender=sender)": True, "has_listeners()": False}


@law("listeners.returns-a-bool", uses=["has_listeners"])
def returns_a_bool(Signal, receiver: Receiver, sender: Sender, caching: Caching):
    signal, general = Signal(**caching), Signal()
    answers = [signal.has_listeners(sender), general.has_listeners()]
    signal.connect(receiver, sender)
    general.connect(receiver)
    answers += [signal.has_listeners(sender), general.has_listeners()]
    return [type(answer) for answer in answers], [bool] * 4


@law("listeners.true-for-its-sender", uses=["disconnect", "has_listeners"])
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
    found = {
        "connected": bool(signal.has_listeners(sender)),
        "left by another": bool(left.has_listeners(sender)),
        "connected, unhashable sender": bool(signal.has_listeners(unhashable)),
        "left by another, unhashable sender": bool(left.has_listeners(unhashable)),
    }
    return found, dict.fromkeys(found, True)


@law("listeners.false-for-another-sender", uses=["has_listeners"])
def false_for_another_sender(Signal, receiver: Callback, sender: Sender, other: AnySender):
    signal = Signal()
    signal.connect(receiver, sender)
    signal.has_listeners(sender)
    return {"has_listeners": bool(signal.has_listeners(other))}, {"has_listeners": False}


@law("listeners.general-counts-for-all", uses=["has_listeners"])
def general_counts_for_all(Signal, receiver: Callback, sender: Sender, other: AnySender, caching: Caching):
    signal, asked = Signal(), Signal(**caching)
    asked.has_listeners(sender)
    for each in (signal, asked):
        each.connect(receiver)
    found = {
        "of a sender": bool(signal.has_listeners(sender)),
        "of another sender": bool(signal.has_listeners(other)),
        "of None": bool(signal.has_listeners(None)),
        "without a sender": bool(signal.has_listeners()),
        "of a sender asked about before": bool(asked.has_listeners(sender)),
    }
    return found, dict.fromkeys(found, True)


@law("listeners.no-sender-asks-for-the-general", uses=["has_listeners"])
def no_sender_asks_for_the_general(Signal, receiver: Callback, sender: AnySender):
    signal = Signal()
    signal.connect(receiver, sender)
    found = {"has_listeners()": bool(signal.has_listeners()), "has_listeners(None)": bool(signal.has_listeners(None))}
    return found, dict.fromkeys(found, False)


@law("listeners.false-after-disconnect", uses=["disconnect", "has_listeners"])
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
    found = {"all disconnected": bool(signal.has_listeners(sender)), "only one": bool(named.has_listeners(sender))}
    return found, dict.fromkeys(found, False)


@law("listeners.false-after-death", uses=["has_listeners"])
def false_after_death(Signal, receiver: Receiver, sender: Sender, caching: Caching):
    signal, general = Signal(**caching), Signal(**caching)
    signal.connect(receiver, sender)
    general.connect(receiver)
    signals = {"connected for the sender": signal, "connected for all": general}
    before = {name: bool(each.has_listeners(sender)) for name, each in signals.items()}
    del receiver
    gc.collect()
    after = {name: bool(each.has_listeners(sender)) for name, each in signals.items()}
    expected = {"before": dict.fromkeys(signals, True), "after": dict.fromkeys(signals, False)}
    return {"before": before, "after": after}, expected


@law("listeners.calls-nothing", uses=["has_listeners"])
def calls_nothing(Signal, calls, receiver: Callback, sender: Sender, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    signal.has_listeners(sender)
    signal.has_listeners(sender)
    return (calls[:], heard(calls, signal.send, sender)), ([], ["receiver"])

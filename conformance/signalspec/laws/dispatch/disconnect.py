"""Laws of the chapter disconnect: disconnect."""

from __future__ import annotations

import functools
import gc
import warnings

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.kinds import Caching, MaybeUid, Send, Weak
from signalspec.programs.party_kinds import (
    AnySender,
    Callback,
    FalsyUid,
    Function,
    Receiver,
    Sender,
    Uid,
    UnhashableSender,
)


@law("disconnect.returns-true", uses=["disconnect"])
def returns_true(Signal, receiver: Receiver, sender: Sender, unhashable: UnhashableSender, weak: Weak, uid: MaybeUid):
    signal = Signal()
    scopes = sender, unhashable, None
    for each in scopes:
        signal.connect(receiver, each, weak=weak, **uid)
    return repr([signal.disconnect(receiver, each, **uid) for each in scopes]), "[True, True, True]"


@law("disconnect.returns-false", uses=["disconnect"])
def returns_false(Signal, receiver: Receiver, other: Function, sender: Sender, uid: MaybeUid):
    signal = Signal()
    returned = [signal.disconnect(receiver, sender, **uid)]
    signal.connect(other, sender)
    signal.connect(receiver, int)
    returned += [signal.disconnect(receiver, each, **uid) for each in (sender, None)]
    signal.connect(receiver, sender, **uid)
    signal.disconnect(receiver, sender, **uid)
    return repr([*returned, signal.disconnect(receiver, sender, **uid)]), "[False, False, False, False]"


@law("disconnect.removed-is-not-called", uses=["disconnect"])
def removed_is_not_called(
    Signal, calls, receiver: Receiver, sender: Sender, weak: Weak, send: Send, caching: Caching
):
    called = []
    for scope in (sender, None):
        signal, other = Signal(**caching), Signal(**caching)
        signal.connect(receiver, scope, weak=weak)
        signal.disconnect(receiver, scope)
        for _ in range(2):
            other.connect(receiver, scope, weak=weak)
        send(other, sender)
        other.disconnect(receiver, scope)
        called += [heard(calls, send, signal, sender), heard(calls, send, other, sender)]
    return called, [[], [], [], []]


@law("disconnect.only-that-receiver", uses=["disconnect"])
def only_that_receiver(
    Signal, calls, first: Callback, second: Callback, third: Callback, sender: Sender, uid: MaybeUid
):
    parties = ("first", first, uid), ("second", second, {}), ("third", third, {})
    missed = []
    for scope in (sender, None):
        for gone, receiver, options in parties:
            signal = Signal()
            for _, each, named in parties:
                signal.connect(each, scope, **named)
            signal.disconnect(receiver, scope, **options)
            remaining = heard(calls, signal.send, sender)
            missed += [name for name, _, _ in parties if name not in (gone, *remaining)]
    return missed, []


@law("disconnect.keeps-the-order", uses=["disconnect"])
def keeps_the_order(Signal, calls, sender: Sender, uid: MaybeUid):
    def receiver(number):
        return lambda **kwargs: calls.append(number)

    parties = [(receiver(number), None if number % 2 else sender, {}) for number in range(6)]
    parties[4] = (*parties[4][:2], uid)
    signal = Signal()
    for number, (each, scope, options) in enumerate(parties):
        signal.connect(each, scope, weak=number not in (2, 3), **options)
    signal.send(sender)
    remaining, heard, expected = list(calls), [], []
    for number in (1, 4, 0):
        each, scope, options = parties[number]
        signal.disconnect(each, scope, **options)
        remaining = [other for other in remaining if other != number]
        calls.clear()
        signal.send(sender)
        heard.append(list(calls))
        expected.append(remaining)
    return heard, expected


@law("disconnect.only-that-sender", uses=["disconnect"])
def only_that_sender(Signal, calls, receiver: Receiver, one: Sender, two: Sender):
    signal = Signal()
    signal.connect(receiver, two)
    signal.connect(receiver)
    signal.connect(receiver, one)
    signal.send(two)
    before = len(calls)
    signal.disconnect(receiver, one)
    signal.send(two)
    return calls[before:], calls[:before]


@law("disconnect.without-sender-removes-only-that", uses=["disconnect"])
def without_sender_removes_only_that(Signal, calls, receiver: Callback, sender: Sender):
    signal, other = Signal(), Signal()
    signal.connect(receiver, sender)
    outcome(lambda: signal.disconnect(receiver))
    other.connect(receiver, sender)
    other.connect(receiver)
    other.disconnect(receiver)
    called = heard(calls, signal.send, sender), heard(calls, other.send, sender), heard(calls, other.send, int)
    return called, (["receiver"], ["receiver"], [])


@law("disconnect.with-sender-keeps-the-general", uses=["disconnect"])
def with_sender_keeps_the_general(Signal, calls, receiver: Callback, sender: AnySender):
    signal = Signal()
    signal.connect(receiver)
    outcome(lambda: signal.disconnect(receiver, sender))
    return heard(calls, signal.send, sender), ["receiver"]


@law("disconnect.by-uid", uses=["disconnect", "dispatch_uid"])
def by_uid(Signal, calls, receiver: Callback, uid: Uid, sender: Sender, weak: Weak):
    signal, general = Signal(), Signal()
    signal.connect(receiver, sender, weak=weak, dispatch_uid=uid)
    for _ in range(2):
        general.connect(receiver, weak=weak, dispatch_uid=uid)
    signal.disconnect(sender=sender, dispatch_uid=uid)
    general.disconnect(dispatch_uid=uid)
    return [heard(calls, each.send, sender) for each in (signal, general)], [[], []]


@law("disconnect.by-falsy-uid", uses=["disconnect", "dispatch_uid"])
def by_falsy_uid(Signal, calls, receiver: Function, uid: FalsyUid, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid=uid)
    signal.disconnect(sender=sender, dispatch_uid=uid)
    return heard(calls, signal.send, sender), []


@law("disconnect.uid-outranks-receiver", uses=["disconnect", "dispatch_uid"])
def uid_outranks_receiver(Signal, calls, first: Callback, second: Callback, uid: Uid):
    called = []
    for scope in (None, int):
        signal = Signal()
        signal.connect(first, scope, dispatch_uid=uid)
        signal.connect(second, scope)
        signal.disconnect(second, scope, dispatch_uid=uid)
        called.append(heard(calls, signal.send, int))
    return called, [["second"], ["second"]]


@law("disconnect.uid-needs-its-sender", uses=["disconnect", "dispatch_uid"])
def uid_needs_its_sender(Signal, calls, receiver: Callback, uid: Uid, sender: Sender, other: Sender):
    signal, general = Signal(), Signal()
    signal.connect(receiver, sender, dispatch_uid=uid)
    outcome(lambda: signal.disconnect(dispatch_uid=uid))
    outcome(lambda: signal.disconnect(sender=other, dispatch_uid=uid))
    outcome(lambda: signal.disconnect(receiver, other, dispatch_uid=uid))
    general.connect(receiver, dispatch_uid=uid)
    outcome(lambda: general.disconnect(sender=sender, dispatch_uid=uid))
    return [heard(calls, each.send, sender) for each in (signal, general)], [["receiver"], ["receiver"]]


@law("disconnect.wrong-uid-removes-nothing", uses=["disconnect", "dispatch_uid"])
def wrong_uid_removes_nothing(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    for scope in (sender, None):
        signal.connect(receiver, scope)
        signal.connect(receiver, scope, dispatch_uid="other")
    signal.send(sender)
    before = len(calls)
    for scope in (sender, None):
        outcome(functools.partial(signal.disconnect, receiver, scope, dispatch_uid=uid))
    signal.send(sender)
    return {"called before": calls[:before], "called after": calls[before:]}, dict.fromkeys(
        ("called before", "called after"), calls[:before]
    )


@law("disconnect.receiver-does-not-find-a-uid", uses=["disconnect", "dispatch_uid"])
def receiver_does_not_find_a_uid(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    signal, general = Signal(), Signal()
    signal.connect(receiver, sender, dispatch_uid=uid)
    general.connect(receiver, dispatch_uid=uid)
    outcome(lambda: signal.disconnect(receiver, sender))
    outcome(lambda: general.disconnect(receiver))
    return [heard(calls, each.send, sender) for each in (signal, general)], [["receiver"], ["receiver"]]


@law("disconnect.dead-is-gone", uses=["disconnect", "dispatch_uid"])
def dead_is_gone(Signal, receiver: Receiver, other: Function, sender: Sender):
    signal, general = Signal(), Signal()
    signal.connect(receiver, sender, dispatch_uid="uid")
    signal.connect(other, sender)
    general.connect(receiver, dispatch_uid="uid")
    general.connect(other)
    del receiver
    gc.collect()
    returned = {
        "with its sender": bool(signal.disconnect(sender=sender, dispatch_uid="uid")),
        "for all senders": bool(general.disconnect(dispatch_uid="uid")),
    }
    return returned, dict.fromkeys(returned, False)


@law("disconnect.nothing-given-removes-nothing", uses=["disconnect", "dispatch_uid"])
def nothing_given_removes_nothing(Signal, calls, receiver: Callback, sender: Sender, weak: Weak):
    signal, single = Signal(), Signal()
    signal.connect(receiver, weak=weak)
    signal.connect(receiver, sender, weak=weak)
    signal.connect(receiver, weak=weak, dispatch_uid="uid")
    single.connect(receiver, weak=weak)
    before = heard(calls, single.send, sender), len(signal.send(sender))
    removed = [signal.disconnect(), signal.disconnect(sender=sender), signal.disconnect(None, None, None)]
    removed.append(single.disconnect())
    left = heard(calls, single.send, sender), len(signal.send(sender))
    found = {"returned": any(removed), "called": left[0], "connections": left[1]}
    return found, {"returned": False, "called": before[0], "connections": before[1]}


@law("disconnect.calls-nothing", uses=["disconnect"])
def calls_nothing(Signal, calls, receiver: Callback, sender: Sender, weak: Weak, uid: MaybeUid):
    signal = Signal()
    signal.connect(receiver, sender, weak=weak, **uid)
    signal.connect(receiver, weak=weak)
    signal.disconnect(receiver, sender, **uid)
    outcome(lambda: signal.disconnect(receiver, sender))
    return calls, []


@law("disconnect.parameters", uses=["disconnect", "dispatch_uid"])
def parameters(Signal, calls, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid="one")
    signal.connect(receiver, sender, dispatch_uid="two")
    signal.connect(receiver, sender, dispatch_uid="three")
    signal.connect(receiver, sender)
    signal.connect(receiver)
    signal.disconnect(receiver, sender, "one")
    signal.disconnect(receiver=None, sender=sender, dispatch_uid="two")
    signal.disconnect(sender=sender, dispatch_uid="three")
    signal.disconnect(receiver=receiver, sender=sender)
    signal.disconnect(receiver)
    refused = outcome(signal.disconnect) == "raises TypeError"
    found = {"called": heard(calls, signal.send, sender), "refuses to have no argument": refused}
    return found, {"called": [], "refuses to have no argument": False}


@law("disconnect.unknown-argument", uses=["disconnect", "has_listeners"])
def unknown_argument(Signal, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver)
    refused = outcome(lambda: signal.disconnect(receiver, sendr=sender))
    found = {"disconnect": refused, "has_listeners": bool(signal.has_listeners())}
    return found, {"disconnect": "raises TypeError", "has_listeners": True}


@law("disconnect.parameters-with-weak", uses=["disconnect", "dispatch_uid"])
def parameters_with_weak(Signal, calls, receiver: Callback, sender: Sender, weak: Weak):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid="one")
    signal.connect(receiver, sender, dispatch_uid="two")
    signal.connect(receiver, sender)
    signal.connect(receiver)
    with warnings.catch_warnings(action="ignore"):
        signal.disconnect(receiver, sender, "one")
        before = len(signal.send(sender))
        signal.disconnect(receiver, sender, weak, "one")
        signal.disconnect(receiver=None, sender=sender, weak=weak, dispatch_uid="two")
        signal.disconnect(receiver, None, weak)
    found = {"with a uid in the place of weak": before, "called": heard(calls, signal.send, sender)}
    return found, {"with a uid in the place of weak": 3, "called": []}


@law("disconnect.weak-is-accepted", uses=["disconnect"])
def weak_is_accepted(Signal, calls, receiver: Callback, weak: Weak):
    signal = Signal()
    signal.connect(receiver, weak=weak)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        signal.disconnect(receiver, weak=weak)
    return {"called": heard(calls, signal.send, int), "warnings": len(caught)}, {"called": [], "warnings": 0}


@law("disconnect.weak-is-deprecated", uses=["disconnect"])
def weak_is_deprecated(Signal, calls, receiver: Callback, weak: Weak):
    signal = Signal()
    signal.connect(receiver, weak=weak)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        signal.disconnect(receiver, weak=weak)
    deprecations = DeprecationWarning, PendingDeprecationWarning
    warned = ["deprecated" if issubclass(each.category, deprecations) else str(each.message) for each in caught]
    found = {"called": heard(calls, signal.send, int), "warnings": warned}
    return found, {"called": [], "warnings": ["deprecated"]}

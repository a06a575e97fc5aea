"""Laws of the chapter connect: connect."""

from __future__ import annotations

import functools
import gc

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.kinds import Caching, MaybeUid, Naming, Send, Unreferenceable, Weak
from signalspec.programs.party_kinds import (
    AnySender,
    Callback,
    Function,
    Receiver,
    Relatives,
    Sender,
    UnhashableSender,
)


@law("connect.returns-none")
def returns_none(Signal, receiver: Receiver, sender: Sender, weak: Weak, uid: MaybeUid):
    signal = Signal()
    returned = [signal.connect(receiver, each, weak, **uid) for each in (sender, sender, None, None)]
    return [type(each) for each in returned], [type(None)] * 4


@law("connect.calls-nothing")
def calls_nothing(Signal, calls, first: Callback, second: Callback, caching: Caching):
    signal = Signal(**caching)
    signal.send(int)
    signal.connect(first)
    signal.connect(second, int)
    outcome(lambda: signal.connect(first))
    return calls, []


@law("connect.connected-is-called")
def connected_is_called(Signal, calls, receiver: Receiver, sender: Sender, send: Send, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    send(signal, sender)
    signal.connect(receiver, sender, weak=weak)
    return [heard(calls, send, signal, sender), heard(calls, send, signal, sender)], [["receiver"], ["receiver"]]


@law("connect.parameters", uses=["dispatch_uid"])
def parameters(Signal, calls, first: Function, sender: Sender):
    signal = Signal()
    signal.connect(first)
    signal.connect(lambda **kwargs: calls.append("named"), weak=False)
    signal.connect(lambda **kwargs: calls.append("by position"), sender, False, "one")
    signal.connect(receiver=lambda **kwargs: calls.append("by name"), sender=sender, weak=False, dispatch_uid="two")
    called = heard(calls, signal.send, sender)
    return (called, outcome(signal.connect)), (["by name", "by position", "first", "named"], "raises TypeError")


@law("connect.unknown-argument", uses=["has_listeners"])
def unknown_argument(Signal, receiver: Callback, sender: Sender):
    signal = Signal()
    refused = outcome(lambda: signal.connect(receiver, sender, dispatch_id="uid"))
    found = {"connect": refused, "has_listeners": bool(signal.has_listeners(sender))}
    return found, {"connect": "raises TypeError", "has_listeners": False}


@law("connect.hears-only-its-sender")
def hears_only_its_sender(
    Signal, calls, receiver: Callback, sender: Sender, other: Sender, send: Send, caching: Caching
):
    signal = Signal(**caching)
    signal.connect(receiver, sender)
    send(signal, sender)
    return heard(calls, send, signal, other), []


@law("connect.hears-no-relative")
def hears_no_relative(Signal, calls, receiver: Callback, senders: Relatives, send: Send, caching: Caching):
    one, two = senders
    signal, other = Signal(**caching), Signal(**caching)
    signal.connect(receiver, one)
    other.connect(receiver, two)
    return [heard(calls, send, signal, two), heard(calls, send, other, one)], [[], []]


@law("connect.without-sender-hears-all")
def without_sender_hears_all(Signal, calls, receiver: Callback, other: Function, sender: AnySender, send: Send):
    signal = Signal()
    signal.connect(receiver)
    found = {"of a sender": heard(calls, send, signal, sender), "of none": heard(calls, send, signal, None)}
    signal.connect(receiver, int)
    signal.connect(other, sender)
    # Whether the other one is called is another clause's matter.
    found["beside others"] = [name for name in heard(calls, send, signal, sender) if name == "receiver"]
    return found, {name: ["receiver"] for name in found}


@law("connect.with-sender-misses-none")
def with_sender_misses_none(Signal, calls, receiver: Callback, sender: AnySender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, sender)
    return heard(calls, send, signal, None), []


@law("connect.duplicate-is-ignored")
def duplicate_is_ignored(Signal, calls, receiver: Receiver, sender: Sender, weak: Weak, again: Weak):
    def neighbour(**kwargs):
        pass

    signal = Signal()
    signal.connect(neighbour, sender)
    signal.connect(receiver, sender, weak=weak)
    signal.connect(neighbour)
    signal.send(sender)
    once = len(calls)
    signal.connect(receiver, sender, weak=again)
    signal.send(sender)
    return calls[once:], calls[:once]


@law("connect.duplicate-without-sender-is-ignored")
def duplicate_without_sender_is_ignored(Signal, calls, receiver: Receiver, weak: Weak, again: Weak):
    def neighbour(**kwargs):
        pass

    signal = Signal()
    signal.connect(neighbour, int)
    signal.connect(receiver, weak=weak)
    signal.connect(neighbour)
    signal.send(int)
    once = len(calls)
    signal.connect(receiver, weak=again)
    signal.send(int)
    return calls[once:], calls[:once]


@law("connect.duplicate-for-any-sender", uses=["disconnect", "has_listeners"])
def duplicate_for_any_sender(
    Signal, receiver: Callback, sender: AnySender, unhashable: UnhashableSender, uid: Naming
):
    left = {}
    for name, of in (("a sender", sender), ("an unhashable sender", unhashable)):
        signal = Signal()
        for _ in range(2):
            signal.connect(receiver, of, **uid("uid"))
        signal.disconnect(receiver, of, **uid("uid"))
        left[name] = bool(signal.has_listeners(of))
    return {"has_listeners": left}, {"has_listeners": dict.fromkeys(left, False)}


@law("connect.duplicate-keeps-its-place")
def duplicate_keeps_its_place(Signal, calls, first: Callback, second: Callback, third: Callback, sender: Sender):
    def general(**kwargs):
        calls.append("general")

    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second, sender, weak=False)
    signal.connect(general)
    signal.connect(third, sender)
    signal.send(sender)
    before = len(calls)
    for each in (second, first):
        outcome(functools.partial(signal.connect, each, sender))
        signal.send(sender)
    return calls[before:], calls[:before] * 2


@law("connect.duplicate-keeps-its-strength")
def duplicate_keeps_its_strength(Signal, calls, receiver: Callback, sender: Sender, weak: Weak, uid: MaybeUid):
    signal, general = Signal(), Signal()
    for strength in (weak, not weak):
        signal.connect(receiver, sender, strength, **uid)
        general.connect(receiver, weak=strength, **uid)
    del receiver
    gc.collect()
    return [heard(calls, each.send, sender) for each in (signal, general)], [[] if weak else ["receiver"]] * 2


@law("connect.each-sender-its-own")
def each_sender_its_own(
    Signal, calls, receiver: Receiver, first: Function, second: Function, one: Sender, two: Sender, send: Send
):
    signal, crossed = Signal(), Signal()
    signal.connect(receiver, one)
    signal.connect(receiver, two)
    called = [heard(calls, send, signal, one), heard(calls, send, signal, two)]
    # Whose sender the other one is.
    crossed.connect(first, second)
    crossed.connect(second, first)
    called += [heard(calls, send, crossed, first), heard(calls, send, crossed, second)]
    return called, [["receiver"], ["receiver"], ["second"], ["first"]]


@law("connect.with-and-without-sender")
def with_and_without_sender(Signal, calls, receiver: Receiver, sender: Sender, send: Send):
    signal, other = Signal(), Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver)
    other.connect(receiver)
    other.connect(receiver, sender)
    send(signal, sender)
    calls.append("then")
    send(other, sender)
    return calls, ["receiver", "receiver", "then", "receiver", "receiver"]


@law("connect.again-after-disconnect", uses=["disconnect"])
def again_after_disconnect(Signal, calls, first: Callback, second: Callback, sender: Sender, weak: Weak, uid: Naming):
    other, signal = Signal(), Signal()
    named = uid("uid")
    other.connect(second, sender, weak=weak)
    other.connect(first, sender, weak=weak, **named)
    other.send(sender)
    before = len(calls)
    signal.connect(first, sender, weak=weak, **named)
    signal.connect(second, sender, weak=weak)
    signal.disconnect(first, sender, **named)
    signal.connect(first, sender, weak=weak, **named)
    signal.send(sender)
    return calls[before:], calls[:before]


@law("connect.weak-needs-a-weak-reference")
def weak_needs_a_weak_reference(Signal, receiver: Unreferenceable, sender: Sender):
    signal = Signal()
    return outcome(lambda: signal.connect(receiver, sender)), "raises TypeError"


@law("connect.strong-needs-none")
def strong_needs_none(Signal, calls, receiver: Unreferenceable, sender: Sender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender, weak=False)
    return heard(calls, send, signal, sender), ["receiver"]


@law("connect.refusal-changes-nothing", uses=["dispatch_uid"])
def refusal_changes_nothing(Signal, calls, receiver: Unreferenceable, first: Function, second: Function):
    signal, other = Signal(), Signal()
    signal.connect(first)
    outcome(lambda: signal.connect(receiver, dispatch_uid="uid"))
    outcome(lambda: signal.connect(receiver))
    outcome(lambda: signal.connect(receiver, int))
    signal.connect(second, dispatch_uid="uid")
    other.connect(receiver, weak=False)
    outcome(lambda: other.connect(receiver))
    called = heard(calls, signal.send, int), heard(calls, other.send, None)
    return called, (["first", "second"], ["receiver"])

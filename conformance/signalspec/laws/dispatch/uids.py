"""Laws of the chapter uids: dispatch uids."""

from __future__ import annotations

import functools
import gc
import threading

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.kinds import Caching, Weak
from signalspec.programs.party_kinds import (
    Callback,
    EqualPair,
    FalsyUid,
    Function,
    Receiver,
    Sender,
    Uid,
    UnequalPair,
    UnhashableSender,
)


@law("uids.one-connection-each", uses=["disconnect", "dispatch_uid", "has_listeners"])
def one_connection_each(
    Signal, calls, first: Callback, second: Callback, uid: Uid, sender: Sender, unhashable: UnhashableSender
):
    added = []
    for scope in (sender, None):
        signal = Signal()
        signal.connect(first, scope, dispatch_uid=uid)
        calls.clear()
        signal.send(sender)
        once = len(calls)
        signal.connect(second, scope, dispatch_uid=uid)
        signal.connect(first, scope, dispatch_uid=uid)
        signal.send(sender)
        added.append(len(calls) - once * 2)
    signal = Signal()
    for each in (first, second):
        signal.connect(each, unhashable, dispatch_uid=uid)
    signal.disconnect(sender=unhashable, dispatch_uid=uid)
    found = {"calls more": added, "listens after disconnect": bool(signal.has_listeners(unhashable))}
    return found, {"calls more": [0, 0], "listens after disconnect": False}


@law("uids.first-wins", uses=["dispatch_uid"])
def first_wins(Signal, calls, first: Callback, second: Callback, uid: Uid, weak: Weak):
    signals, found = {}, {}
    for name, scope in (("for a sender", int), ("for all senders", None)):
        signals[name] = Signal()
        signals[name].connect(first, scope, weak=weak, dispatch_uid=uid)
        outcome(functools.partial(signals[name].connect, second, scope, weak=weak, dispatch_uid=uid))
        found[name] = heard(calls, signals[name].send, int)
    # Nor does it leave anything that its death would bring back.
    del second
    gc.collect()
    for name, signal in signals.items():
        found[f"{name}, once the second is gone"] = heard(calls, signal.send, int)
    # Whether the second is called beside the first is another clause's matter.
    called = {name: ["first"] if who.count("first") == 1 else who for name, who in found.items()}
    return called, {name: ["first"] for name in called}


@law("uids.different-uids-differ", uses=["dispatch_uid"])
def different_uids_differ(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    single, signal, general = Signal(), Signal(), Signal()
    single.connect(receiver, sender, dispatch_uid=uid)
    single.send(sender)
    once = len(calls)
    for each in (uid, "other"):
        signal.connect(receiver, sender, dispatch_uid=each)
        general.connect(receiver, dispatch_uid=each)
    signal.send(sender)
    general.send(sender)
    return calls[once:], calls[:once] * 4


@law("uids.with-and-without", uses=["dispatch_uid"])
def with_and_without(Signal, receiver: Callback, uid: Uid, sender: Sender):
    added = []
    for scope in (sender, None):
        single, signal, other = Signal(), Signal(), Signal()
        single.connect(receiver, scope)
        signal.connect(receiver, scope)
        signal.connect(receiver, scope, dispatch_uid=uid)
        other.connect(receiver, scope, dispatch_uid=uid)
        other.connect(receiver, scope)
        once = len(single.send(sender))
        added += [len(each.send(sender)) - once for each in (signal, other)]
    return added, [1, 1, 1, 1]


@law("uids.scoped-by-sender", uses=["dispatch_uid"])
def scoped_by_sender(
    Signal, calls, first: Function, second: Function, third: Function, uid: Uid, one: Sender, two: Sender
):
    signal, other = Signal(), Signal()
    signal.connect(first, one, dispatch_uid=uid)
    signal.connect(second, two, dispatch_uid=uid)
    signal.connect(third, dispatch_uid=uid)
    other.connect(third, dispatch_uid=uid)
    other.connect(second, two, dispatch_uid=uid)
    other.connect(first, one, dispatch_uid=uid)
    called = [heard(calls, each.send, sender) for each in (signal, other) for sender in (one, two)]
    return called, [["first", "third"], ["second", "third"]] * 2


@law("uids.compared-by-equality", uses=["disconnect", "dispatch_uid"])
def compared_by_equality(Signal, calls, first: Function, second: Function, uids: EqualPair, sender: Sender):
    called = []
    for uid in uids:
        signal = Signal()
        signal.connect(first, sender, dispatch_uid=uids[0])
        outcome(lambda: signal.connect(second, sender, dispatch_uid=uid))
        called.append(heard(calls, signal.send, sender))
        signal.disconnect(sender=sender, dispatch_uid=uid)
        called.append(heard(calls, signal.send, sender))
    return called[2:], called[:2]


@law("uids.unequal-uids-differ", uses=["disconnect", "dispatch_uid"])
def unequal_uids_differ(Signal, calls, first: Callback, second: Callback, uids: UnequalPair, sender: Sender):
    one, two = uids
    called = []
    for gone, other in ((one, "second"), (two, "first")):
        signal = Signal()
        signal.connect(first, sender, dispatch_uid=one)
        signal.connect(second, sender, dispatch_uid=two)
        both = heard(calls, signal.send, sender)
        signal.disconnect(sender=sender, dispatch_uid=gone)
        called.append({"called": both, "the other stays": other in heard(calls, signal.send, sender)})
    return called, [{"called": ["first", "second"], "the other stays": True}] * 2


@law("uids.untrustworthy-uid-harms-nobody", uses=["disconnect", "dispatch_uid", "threads"])
def untrustworthy_uid_harms_nobody(Signal, calls, receiver: Callback, other: Function, sender: Sender):
    class Uid:
        def __eq__(self, other):
            raise ArithmeticError

        def __hash__(self):
            return 1

    signal = Signal()
    signal.connect(receiver, sender)
    refused = [outcome(lambda: signal.connect(other, sender, dispatch_uid=Uid())) for _ in range(2)]
    outcome(lambda: signal.connect(other, sender, dispatch_uid=[1]))
    outcome(lambda: signal.disconnect(sender=sender, dispatch_uid=[1]))
    calls.clear()
    signal.send(sender)
    others = calls.count("other") == refused.count(None)
    outcome(lambda: signal.disconnect(sender=sender, dispatch_uid=Uid()))
    outcome(lambda: signal.disconnect(other, sender))
    # A lock that its own thread may take again keeps others out.
    thread = threading.Thread(target=outcome, args=[lambda: signal.disconnect(other, sender)], daemon=True)
    thread.start()
    thread.join()
    found = {"calls those with such uids": others, "calls others": "receiver" in heard(calls, signal.send, sender)}
    return found, dict.fromkeys(found, True)


@law("uids.falsy-uid", uses=["dispatch_uid"])
def falsy_uid(Signal, calls, first: Function, second: Function, uid: FalsyUid, sender: Sender):
    signal = Signal()
    for scope in (sender, None):
        signal.connect(first, scope, dispatch_uid=uid)
        outcome(functools.partial(signal.connect, second, scope, dispatch_uid=uid))
    return heard(calls, signal.send, sender), ["first"]


@law("uids.none-is-no-uid", uses=["disconnect"])
def none_is_no_uid(Signal, calls, first: Callback, second: Callback, sender: Sender):
    called = []
    for options in ({}, {"dispatch_uid": None}):
        signal = Signal()
        signal.connect(first, sender, **options)
        signal.connect(second, sender, **options)
        outcome(lambda: signal.connect(first, sender))
        called.append(heard(calls, signal.send, sender))
        called.append(len(calls))
        signal.disconnect(second, sender, **options)
        called.append(heard(calls, signal.send, sender))
    return called[3:], called[:3]


@law("uids.never-a-receiver", uses=["disconnect", "dispatch_uid"])
def never_a_receiver(Signal, calls, first: Callback, second: Function, sender: Sender):
    uid = (id(first.__self__), id(first.__func__)) if hasattr(first, "__func__") else id(first)
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second, sender, dispatch_uid=uid)
    both = heard(calls, signal.send, sender)
    signal.disconnect(sender=sender, dispatch_uid=uid)
    found = {"called": both, "the first stays": "first" in heard(calls, signal.send, sender)}
    return found, {"called": ["first", "second"], "the first stays": True}


@law("uids.free-after-disconnect", uses=["disconnect", "dispatch_uid"])
def free_after_disconnect(Signal, calls, first: Callback, second: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=uid)
    signal.disconnect(first, sender, dispatch_uid=uid)
    signal.connect(second, sender, dispatch_uid=uid)
    return heard(calls, signal.send, sender), ["second"]


@law("uids.free-after-death", uses=["dispatch_uid"])
def free_after_death(Signal, calls, first: Receiver, second: Function, uid: Uid):
    def neighbour(**kwargs):
        pass

    def fails(**kwargs):
        raise ValueError

    signal, general, alone = Signal(), Signal(), Signal()
    for each in (signal, general, alone):
        # Neither a death before nor a failure before may be the last that is noticed.
        each.connect(fails, bytes)
        each.connect(lambda **kwargs: None, bytes, dispatch_uid="earlier")
        outcome(functools.partial(each.send, bytes))
    for each, scope in ((signal, int), (general, None)):
        # Whoever clears away one of the dead must not miss the next.
        each.connect(neighbour, scope, dispatch_uid="one")
        each.connect(first, scope, dispatch_uid=uid)
        each.connect(neighbour, scope, dispatch_uid="two")
    alone.connect(first, dispatch_uid=uid)
    alone.connect(second, int, dispatch_uid="another")
    del first, neighbour
    gc.collect()
    signal.connect(second, int, dispatch_uid=uid)
    general.connect(second, dispatch_uid=uid)
    alone.connect(second, dispatch_uid=uid)
    found = {
        "for a sender": "second" in heard(calls, signal.send, int),
        "for all": "second" in heard(calls, general.send, int),
        "alone": "second" in heard(calls, alone.send, str),
    }
    return found, dict.fromkeys(found, True)


@law("uids.free-after-a-following-death", uses=["dispatch_uid", "has_listeners"])
def free_after_a_following_death(Signal, calls, receiver: Function, other: Function, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            pass

    holder, held, sender = Party(), Party(), Party()
    holder.held = held
    signal = Signal(**caching)
    signal.connect(holder, sender, weak=False)
    signal.connect(held, dispatch_uid="uid")
    del holder, held, sender
    # The holder is let go here, and the other one dies with it.
    signal.has_listeners(int)
    signal.send(int)
    signal.connect(other, str)
    signal.connect(receiver, dispatch_uid="uid")
    return heard(calls, signal.send, int), ["receiver"]

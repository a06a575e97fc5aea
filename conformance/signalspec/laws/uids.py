"""Laws of the chapter uids: dispatch uids."""

from __future__ import annotations

import gc

from signalspec.kinds import Callback, EqualPair, FalsyUid, Function, Receiver, Sender, Uid, UnequalPair, Weak
from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome


@law("uids.one-connection-each")
def one_connection_each(Signal, calls, first: Callback, second: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=uid)
    signal.send(sender)
    once = len(calls)
    signal.connect(second, sender, dispatch_uid=uid)
    signal.connect(first, sender, dispatch_uid=uid)
    signal.send(sender)
    return len(calls) - once, once


@law("uids.first-wins")
def first_wins(Signal, calls, first: Callback, second: Callback, uid: Uid, weak: Weak):
    signal = Signal()
    signal.connect(first, weak=weak, dispatch_uid=uid)
    outcome(lambda: signal.connect(second, weak=weak, dispatch_uid=uid))
    return "first" in heard(calls, signal.send, None), True


@law("uids.different-uids-differ")
def different_uids_differ(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    single, signal = Signal(), Signal()
    single.connect(receiver, sender, dispatch_uid=uid)
    single.send(sender)
    once = len(calls)
    signal.connect(receiver, sender, dispatch_uid=uid)
    signal.connect(receiver, sender, dispatch_uid="other")
    signal.send(sender)
    return calls[once:], calls[:once] * 2


@law("uids.with-and-without")
def with_and_without(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    single, signal, other = Signal(), Signal(), Signal()
    single.connect(receiver, sender)
    single.send(sender)
    once = len(calls)
    signal.connect(receiver, sender)
    signal.connect(receiver, sender, dispatch_uid=uid)
    other.connect(receiver, sender, dispatch_uid=uid)
    other.connect(receiver, sender)
    signal.send(sender)
    calls.append("then")
    other.send(sender)
    return calls[once:], [*calls[:once] * 2, "then", *calls[:once] * 2]


@law("uids.scoped-by-sender")
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


@law("uids.compared-by-equality")
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


@law("uids.unequal-uids-differ")
def unequal_uids_differ(Signal, calls, first: Callback, second: Callback, uids: UnequalPair, sender: Sender):
    one, two = uids
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=one)
    signal.connect(second, sender, dispatch_uid=two)
    both = heard(calls, signal.send, sender)
    signal.disconnect(sender=sender, dispatch_uid=two)
    return (both, "first" in heard(calls, signal.send, sender)), (["first", "second"], True)


@law("uids.untrustworthy-uid-harms-nobody")
def untrustworthy_uid_harms_nobody(Signal, calls, receiver: Callback, other: Function, sender: Sender):
    class Uid:
        def __eq__(self, other):
            raise ArithmeticError

        def __hash__(self):
            return 1

    signal = Signal()
    signal.connect(receiver, sender)
    outcome(lambda: signal.connect(other, sender, dispatch_uid=Uid()))
    outcome(lambda: signal.connect(other, sender, dispatch_uid=Uid()))
    outcome(lambda: signal.disconnect(sender=sender, dispatch_uid=Uid()))
    outcome(lambda: signal.disconnect(other, sender))
    return "receiver" in heard(calls, signal.send, sender), True


@law("uids.falsy-uid")
def falsy_uid(Signal, calls, first: Function, second: Function, uid: FalsyUid, sender: Sender):
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=uid)
    outcome(lambda: signal.connect(second, sender, dispatch_uid=uid))
    return heard(calls, signal.send, sender), ["first"]


@law("uids.none-is-no-uid")
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


@law("uids.never-a-receiver")
def never_a_receiver(Signal, calls, first: Callback, second: Function, sender: Sender):
    uid = (id(first.__self__), id(first.__func__)) if hasattr(first, "__func__") else id(first)
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second, sender, dispatch_uid=uid)
    both = heard(calls, signal.send, sender)
    signal.disconnect(sender=sender, dispatch_uid=uid)
    return (both, "first" in heard(calls, signal.send, sender)), (["first", "second"], True)


@law("uids.free-after-disconnect")
def free_after_disconnect(Signal, calls, first: Callback, second: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=uid)
    signal.disconnect(first, sender, dispatch_uid=uid)
    signal.connect(second, sender, dispatch_uid=uid)
    return "second" in heard(calls, signal.send, sender), True


@law("uids.free-after-death")
def free_after_death(Signal, calls, first: Receiver, second: Function, uid: Uid):
    def neighbour(**kwargs):
        pass

    signal = Signal()
    # Whoever clears away one of the dead must not miss the next.
    signal.connect(neighbour, dispatch_uid="one")
    signal.connect(first, dispatch_uid=uid)
    signal.connect(neighbour, dispatch_uid="two")
    del first, neighbour
    gc.collect()
    signal.connect(second, dispatch_uid=uid)
    return "second" in heard(calls, signal.send, None), True

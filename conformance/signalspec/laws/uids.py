"""Laws of the chapter uids: dispatch uids."""

from __future__ import annotations

import gc

from signalspec.kinds import Callback, EqualPair, FalsyUid, Function, Receiver, Sender, Uid, UnequalPair, Weak
from signalspec.laws import law


@law("uids.one-connection-each")
def one_connection_each(Signal, calls, first: Callback, second: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=uid)
    signal.connect(second, sender, dispatch_uid=uid)
    signal.connect(first, sender, dispatch_uid=uid)
    signal.send(sender)
    return len(calls), 1


@law("uids.first-wins")
def first_wins(Signal, calls, first: Callback, second: Callback, uid: Uid, weak: Weak):
    signal = Signal()
    signal.connect(first, weak=weak, dispatch_uid=uid)
    signal.connect(second, weak=weak, dispatch_uid=uid)
    signal.send(None)
    return calls[:1], ["first"]


@law("uids.different-uids-differ")
def different_uids_differ(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid=uid)
    signal.connect(receiver, sender, dispatch_uid="other")
    signal.send(sender)
    return calls, ["receiver", "receiver"]


@law("uids.with-and-without")
def with_and_without(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver, sender, dispatch_uid=uid)
    signal.connect(receiver, sender)
    signal.send(sender)
    return calls, ["receiver", "receiver"]


@law("uids.scoped-by-sender")
def scoped_by_sender(
    Signal, calls, first: Function, second: Function, third: Function, uid: Uid, one: Sender, two: Sender
):
    signal = Signal()
    signal.connect(first, one, dispatch_uid=uid)
    signal.connect(second, two, dispatch_uid=uid)
    signal.connect(third, dispatch_uid=uid)
    signal.send(one)
    signal.send(two)
    return calls, ["first", "third", "second", "third"]


@law("uids.compared-by-equality")
def compared_by_equality(Signal, calls, first: Function, second: Function, uids: EqualPair, sender: Sender):
    one, two = uids
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=one)
    signal.connect(second, sender, dispatch_uid=two)
    signal.send(sender)
    return (calls, signal.disconnect(sender=sender, dispatch_uid=two)), (["first"], True)


@law("uids.unequal-uids-differ")
def unequal_uids_differ(Signal, calls, first: Callback, second: Callback, uids: UnequalPair, sender: Sender):
    one, two = uids
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=one)
    absent = signal.disconnect(sender=sender, dispatch_uid=two)
    signal.connect(second, sender, dispatch_uid=two)
    signal.send(sender)
    removed = signal.disconnect(sender=sender, dispatch_uid=one), signal.disconnect(sender=sender, dispatch_uid=two)
    return (absent, calls, removed), (False, ["first", "second"], (True, True))


@law("uids.falsy-uid")
def falsy_uid(Signal, calls, first: Function, second: Function, uid: FalsyUid, sender: Sender):
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=uid)
    signal.connect(second, sender, dispatch_uid=uid)
    signal.send(sender)
    return calls, ["first"]


@law("uids.none-is-no-uid")
def none_is_no_uid(Signal, calls, first: Callback, second: Callback, sender: Sender):
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=None)
    signal.connect(second, sender, dispatch_uid=None)
    signal.connect(first, sender)
    signal.send(sender)
    return (calls, signal.disconnect(second, sender, dispatch_uid=None)), (["first", "second"], True)


@law("uids.never-a-receiver")
def never_a_receiver(Signal, calls, first: Callback, second: Function, sender: Sender):
    uid = (id(first.__self__), id(first.__func__)) if hasattr(first, "__func__") else id(first)
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second, sender, dispatch_uid=uid)
    signal.send(sender)
    return (calls, signal.disconnect(sender=sender, dispatch_uid=uid)), (["first", "second"], True)


@law("uids.free-after-disconnect")
def free_after_disconnect(Signal, calls, first: Callback, second: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(first, sender, dispatch_uid=uid)
    signal.disconnect(sender=sender, dispatch_uid=uid)
    signal.connect(second, sender, dispatch_uid=uid)
    signal.send(sender)
    return calls, ["second"]


@law("uids.free-after-death")
def free_after_death(Signal, calls, first: Receiver, second: Function, uid: Uid):
    signal = Signal()
    signal.connect(first, dispatch_uid=uid)
    del first
    gc.collect()
    signal.connect(second, dispatch_uid=uid)
    signal.send(None)
    return calls, ["second"]

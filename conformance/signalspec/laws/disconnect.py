"""Laws of the chapter disconnect: disconnect."""

from __future__ import annotations

import gc

from signalspec.kinds import AnySender, Caching, Callback, FalsyUid, Function, Receiver, Send, Sender, Uid, Weak
from signalspec.laws import law


@law("disconnect.returns-true")
def returns_true(Signal, receiver: Receiver, sender: Sender, weak: Weak):
    signal = Signal()
    signal.connect(receiver, sender, weak=weak)
    return repr(signal.disconnect(receiver, sender)), "True"


@law("disconnect.returns-false")
def returns_false(Signal, receiver: Receiver, other: Function, sender: Sender):
    signal = Signal()
    never = signal.disconnect(receiver, sender)
    signal.connect(other, sender)
    beside = signal.disconnect(receiver, sender)
    signal.connect(receiver, sender)
    signal.disconnect(receiver, sender)
    return repr([never, beside, signal.disconnect(receiver, sender)]), "[False, False, False]"


@law("disconnect.removed-is-not-called")
def removed_is_not_called(
    Signal, calls, receiver: Receiver, sender: Sender, weak: Weak, send: Send, caching: Caching
):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    signal.disconnect(receiver, sender)
    send(signal, sender)
    return calls, []


@law("disconnect.only-that-receiver")
def only_that_receiver(Signal, calls, first: Callback, second: Callback, third: Callback, sender: Sender):
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second, sender)
    signal.connect(third, sender)
    signal.disconnect(second, sender)
    signal.send(sender)
    return sorted(calls), ["first", "third"]


@law("disconnect.keeps-the-order")
def keeps_the_order(Signal, calls, sender: Sender):
    def receiver(number):
        return lambda **kwargs: calls.append(number)

    receivers = [receiver(number) for number in range(6)]
    signal = Signal()
    for each in receivers:
        signal.connect(each, sender)
    signal.disconnect(receivers[1], sender)
    signal.disconnect(receivers[4], sender)
    signal.send(sender)
    return (sorted(calls) == [0, 2, 3, 5] and calls), [0, 2, 3, 5]


@law("disconnect.only-that-sender")
def only_that_sender(Signal, calls, receiver: Receiver, one: Sender, two: Sender):
    signal = Signal()
    signal.connect(receiver, one)
    signal.connect(receiver, two)
    signal.connect(receiver)
    removed = signal.disconnect(receiver, one), signal.disconnect(receiver, one)
    signal.send(two)
    return (removed, calls), ((True, False), ["receiver", "receiver"])


@law("disconnect.without-sender-removes-only-that")
def without_sender_removes_only_that(Signal, calls, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender)
    first = signal.disconnect(receiver)
    signal.connect(receiver)
    second = signal.disconnect(receiver)
    signal.send(sender)
    return (first, second, calls), (False, True, ["receiver"])


@law("disconnect.with-sender-keeps-the-general")
def with_sender_keeps_the_general(Signal, calls, receiver: Callback, sender: AnySender):
    signal = Signal()
    signal.connect(receiver)
    removed = signal.disconnect(receiver, sender)
    signal.send(sender)
    return (removed, calls), (False, ["receiver"])


@law("disconnect.by-uid")
def by_uid(Signal, calls, receiver: Callback, uid: Uid, sender: Sender, weak: Weak):
    signal = Signal()
    signal.connect(receiver, sender, weak=weak, dispatch_uid=uid)
    removed = signal.disconnect(sender=sender, dispatch_uid=uid)
    signal.send(sender)
    return (removed, calls), (True, [])


@law("disconnect.by-falsy-uid")
def by_falsy_uid(Signal, receiver: Function, uid: FalsyUid, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid=uid)
    return signal.disconnect(sender=sender, dispatch_uid=uid), True


@law("disconnect.uid-outranks-receiver")
def uid_outranks_receiver(Signal, calls, first: Callback, second: Callback, uid: Uid):
    signal = Signal()
    signal.connect(first, dispatch_uid=uid)
    signal.connect(second)
    removed = signal.disconnect(second, dispatch_uid=uid), signal.disconnect(second, dispatch_uid=uid)
    signal.send(None)
    return (removed, calls), ((True, False), ["second"])


@law("disconnect.uid-needs-its-sender")
def uid_needs_its_sender(Signal, calls, receiver: Callback, uid: Uid, sender: Sender, other: Sender):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid=uid)
    removed = [
        signal.disconnect(dispatch_uid=uid),
        signal.disconnect(sender=other, dispatch_uid=uid),
        signal.disconnect(receiver, other, uid),
    ]
    signal.send(sender)
    return (removed, calls), ([False, False, False], ["receiver"])


@law("disconnect.wrong-uid-removes-nothing")
def wrong_uid_removes_nothing(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver, sender, dispatch_uid="other")
    removed = signal.disconnect(receiver, sender, dispatch_uid=uid)
    signal.send(sender)
    return (removed, calls), (False, ["receiver", "receiver"])


@law("disconnect.receiver-does-not-find-a-uid")
def receiver_does_not_find_a_uid(Signal, calls, receiver: Callback, uid: Uid, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid=uid)
    removed = signal.disconnect(receiver, sender)
    signal.send(sender)
    return (removed, calls), (False, ["receiver"])


@law("disconnect.dead-is-gone")
def dead_is_gone(Signal, receiver: Receiver, other: Function, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid="uid")
    signal.connect(other, sender)
    del receiver
    gc.collect()
    return signal.disconnect(sender=sender, dispatch_uid="uid"), False


@law("disconnect.nothing-given-removes-nothing")
def nothing_given_removes_nothing(Signal, calls, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver)
    signal.connect(receiver, sender)
    signal.connect(receiver, dispatch_uid="uid")
    removed = [signal.disconnect(), signal.disconnect(sender=sender), signal.disconnect(None, None, None)]
    signal.send(sender)
    return (removed, len(calls)), ([False, False, False], 3)


@law("disconnect.calls-nothing")
def calls_nothing(Signal, calls, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver)
    signal.disconnect(receiver, sender)
    signal.disconnect(receiver, sender)
    return calls, []


@law("disconnect.parameters")
def parameters(Signal, receiver: Callback, sender: Sender):
    signal = Signal()
    signal.connect(receiver, sender, dispatch_uid="uid")
    signal.connect(receiver, sender, dispatch_uid="two")
    signal.connect(receiver, sender)
    return [
        signal.disconnect(receiver, sender, "uid"),
        signal.disconnect(receiver=None, sender=sender, dispatch_uid="two"),
        signal.disconnect(receiver=receiver, sender=sender),
    ], [True, True, True]

"""Laws of the chapter caching: caching."""

from __future__ import annotations

import gc
import types
import weakref

from signalspec.kinds import AnySender, Callback, Function, Receiver, Send, Sender, UnhashableSender, Weak
from signalspec.laws import law
from signalspec.laws.vocabulary import growth, outcome


@law("caching.connect-is-seen")
def connect_is_seen(Signal, calls, first: Function, second: Callback, sender: Sender, send: Send, weak: Weak):
    signal = Signal(use_caching=True)
    signal.connect(first, sender)
    send(signal, sender)
    calls.clear()
    signal.connect(second, sender, weak=weak, dispatch_uid="uid")
    send(signal, sender)
    return calls, ["first", "second"]


@law("caching.connect-is-seen-after-silence")
def connect_is_seen_after_silence(
    Signal, calls, first: Function, second: Callback, sender: Sender, send: Send, weak: Weak
):
    signal = Signal(use_caching=True)
    signal.connect(first, int)
    send(signal, sender)
    signal.has_listeners(sender)
    signal.connect(second, sender, weak=weak)
    send(signal, sender)
    return (calls, signal.has_listeners(sender)), (["second"], True)


@law("caching.general-connect-is-seen")
def general_connect_is_seen(Signal, calls, first: Function, second: Callback, one: Sender, two: Sender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(first, one)
    send(signal, one)
    send(signal, two)
    calls.clear()
    signal.connect(second)
    send(signal, one)
    send(signal, two)
    return calls, ["first", "second", "second"]


@law("caching.disconnect-is-seen")
def disconnect_is_seen(
    Signal, calls, receiver: Callback, other: Function, one: Sender, two: Sender, send: Send, weak: Weak
):
    signal = Signal(use_caching=True)
    signal.connect(receiver, weak=weak, dispatch_uid="uid")
    signal.connect(other, one)
    send(signal, one)
    send(signal, two)
    calls.clear()
    signal.disconnect(dispatch_uid="uid")
    send(signal, one)
    send(signal, two)
    return (calls, signal.has_listeners(two)), (["other"], False)


@law("caching.death-is-seen")
def death_is_seen(Signal, calls, receiver: Receiver, one: Sender, two: Sender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver)
    send(signal, one)
    send(signal, two)
    calls.clear()
    del receiver
    gc.collect()
    responses = send(signal, one), send(signal, two)
    return (calls, responses, signal.has_listeners(one), signal.has_listeners(two)), ([], ([], []), False, False)


@law("caching.sender-is-freed")
def sender_is_freed(Signal, receiver: Callback, sender: Sender, send: Send):
    signal = Signal(use_caching=True)
    send(signal, sender)
    signal.connect(receiver)
    send(signal, sender)
    signal.has_listeners(sender)
    watch = weakref.ref(sender)
    del sender
    gc.collect()
    return watch() is None, True


@law("caching.receiver-is-freed")
def receiver_is_freed(Signal, calls, receiver: Receiver, sender: Sender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver)
    send(signal, sender)
    signal.has_listeners(sender)
    watch = weakref.ref(getattr(receiver, "__self__", receiver) if type(receiver) is types.MethodType else receiver)
    del receiver
    gc.collect()
    return watch() is None, True


@law("caching.each-sender-its-own")
def each_sender_its_own(Signal, calls, first: Function, second: Function, one: Sender, two: Sender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(first, one)
    signal.connect(second, two)
    for _ in range(2):
        send(signal, one)
        send(signal, two)
        send(signal, int)
    return calls, ["first", "second"] * 2


@law("caching.equal-senders")
def equal_senders(Signal, calls, send: Send):
    class Equal:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 1

    one, two = Equal(), Equal()

    def receiver(**kwargs):
        calls.append(kwargs["sender"] is one)

    signal = Signal(use_caching=True)
    signal.connect(receiver, one)
    send(signal, one)
    send(signal, two)
    return (calls, signal.has_listeners(two)), ([True], False)


@law("caching.none-as-sender")
def none_as_sender(Signal, calls, receiver: Callback, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver)
    send(signal, None)
    send(signal, None)
    return (calls, signal.has_listeners()), (["receiver", "receiver"], True)


@law("caching.listeners-without-sender")
def listeners_without_sender(Signal):
    return outcome(Signal(use_caching=True).has_listeners), False


@law("caching.any-sender")
def any_sender(Signal, calls, receiver: Callback, sender: AnySender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver, sender)
    send(signal, sender)
    send(signal, sender)
    return (calls, signal.has_listeners(sender)), (["receiver", "receiver"], True)


@law("caching.unhashable-sender")
def unhashable_sender(Signal, calls, sender: UnhashableSender, send: Send):
    def receiver(**kwargs):
        calls.append("receiver")

    signal = Signal(use_caching=True)
    signal.connect(receiver, sender)
    send(signal, sender)
    send(signal, sender)
    return (calls, signal.has_listeners(sender)), (["receiver", "receiver"], True)


@law("caching.passing-senders-leave-nothing")
def passing_senders_leave_nothing(Signal, send: Send):
    class Sender:
        pass

    def receiver(**kwargs):
        pass

    signal = Signal(use_caching=True)
    signal.connect(receiver)
    return growth(lambda: send(signal, Sender())), 0

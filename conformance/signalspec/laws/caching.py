"""Laws of the chapter caching: caching."""

from __future__ import annotations

import gc
import types
import weakref

from signalspec.kinds import AnySender, Callback, Function, Receiver, Send, Sender, UnhashableSender, Weak
from signalspec.laws import law
from signalspec.laws.vocabulary import heard, leftover, outcome


@law("caching.connect-is-seen")
def connect_is_seen(Signal, calls, first: Function, second: Callback, sender: Sender, send: Send, weak: Weak):
    signal = Signal(use_caching=True)
    signal.connect(first, sender)
    send(signal, sender)
    signal.connect(second, sender, weak=weak, dispatch_uid="uid")
    return "second" in heard(calls, send, signal, sender), True


@law("caching.connect-is-seen-after-silence")
def connect_is_seen_after_silence(
    Signal, calls, first: Function, second: Callback, sender: Sender, send: Send, weak: Weak
):
    sent, asked = Signal(use_caching=True), Signal(use_caching=True)
    sent.connect(first, int)
    asked.connect(first, int)
    send(sent, sender)
    outcome(lambda: asked.has_listeners(sender))
    sent.connect(second, sender, weak=weak)
    asked.connect(second, sender, weak=weak)
    return ["second" in heard(calls, send, signal, sender) for signal in (sent, asked)], [True, True]


@law("caching.general-connect-is-seen")
def general_connect_is_seen(Signal, calls, first: Function, second: Callback, one: Sender, two: Sender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(first, one)
    send(signal, one)
    send(signal, two)
    signal.connect(second)
    return ["second" in heard(calls, send, signal, sender) for sender in (one, two)], [True, True]


@law("caching.disconnect-is-seen")
def disconnect_is_seen(
    Signal, calls, receiver: Callback, other: Function, one: Sender, two: Sender, send: Send, weak: Weak
):
    signal = Signal(use_caching=True)
    signal.connect(receiver, weak=weak, dispatch_uid="uid")
    signal.connect(other, one)
    send(signal, one)
    send(signal, two)
    signal.disconnect(receiver, dispatch_uid="uid")
    return ["receiver" in heard(calls, send, signal, sender) for sender in (one, two)], [False, False]


@law("caching.death-is-seen")
def death_is_seen(Signal, calls, receiver: Receiver, one: Sender, two: Sender, send: Send):
    signal, asked = Signal(use_caching=True), Signal(use_caching=True)
    for each in (signal, asked):
        each.connect(receiver)
        send(each, one)
        send(each, two)
    calls.clear()
    del receiver
    gc.collect()
    listening = bool(asked.has_listeners(one)), bool(asked.has_listeners(two))
    return ([heard(calls, send, signal, one), heard(calls, send, signal, two)], listening), ([[], []], (False, False))


@law("caching.sender-is-freed")
def sender_is_freed(Signal, receiver: Callback, sender: Sender, send: Send):
    signal = Signal(use_caching=True)
    send(signal, sender)
    signal.connect(receiver)
    send(signal, sender)
    watch = weakref.ref(sender)
    del sender
    gc.collect()
    return watch() is None, True


@law("caching.receiver-is-freed")
def receiver_is_freed(Signal, calls, receiver: Receiver, sender: Sender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver)
    send(signal, sender)
    watch = weakref.ref(getattr(receiver, "__self__", receiver) if type(receiver) is types.MethodType else receiver)
    del receiver
    gc.collect()
    return watch() is None, True


@law("caching.each-sender-its-own")
def each_sender_its_own(Signal, calls, first: Function, second: Function, one: Sender, two: Sender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(first, one)
    signal.connect(second, two)
    called = [heard(calls, send, signal, sender) for sender in (one, two, int) * 2]
    return called, [["first"], ["second"], []] * 2


@law("caching.equal-senders")
def equal_senders(Signal, calls, receiver: Function, send: Send):
    class Equal:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 1

    one, two = Equal(), Equal()
    signal = Signal(use_caching=True)
    signal.connect(receiver, one)
    send(signal, one)
    return heard(calls, send, signal, two), []


@law("caching.none-as-sender")
def none_as_sender(Signal, calls, receiver: Callback, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver)
    called = [heard(calls, send, signal, None), heard(calls, send, signal, None)]
    signal.has_listeners()
    return called, [["receiver"], ["receiver"]]


@law("caching.listeners-without-sender")
def listeners_without_sender(Signal):
    signal = Signal(use_caching=True)
    signal.has_listeners()
    return "answered", "answered"


@law("caching.any-sender")
def any_sender(Signal, calls, receiver: Callback, sender: AnySender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver, sender)
    return [heard(calls, send, signal, sender), heard(calls, send, signal, sender)], [["receiver"], ["receiver"]]


@law("caching.unhashable-sender")
def unhashable_sender(Signal, calls, receiver: Function, sender: UnhashableSender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver, sender)
    return [heard(calls, send, signal, sender), heard(calls, send, signal, sender)], [["receiver"], ["receiver"]]


@law("caching.passing-senders-leave-nothing")
def passing_senders_leave_nothing(Signal, send: Send):
    class Sender:
        pass

    def receiver(**kwargs):
        pass

    signal = Signal(use_caching=True)
    signal.connect(receiver)
    return leftover(lambda sender: send(signal, sender), Sender), 0

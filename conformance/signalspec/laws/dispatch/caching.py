"""Laws of the chapter caching: caching."""

from __future__ import annotations

import functools
import gc
import types
import weakref

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, leftover, outcome
from signalspec.programs.kinds import Send, Weak
from signalspec.programs.party_kinds import (
    AnySender,
    Callback,
    Function,
    Receiver,
    Relatives,
    Sender,
    UnhashableSender,
)


@law("caching.connect-is-seen", uses=["dispatch_uid", "use_caching"])
def connect_is_seen(
    Signal, calls, first: Function, second: Callback, third: Callback, sender: Sender, send: Send, weak: Weak
):
    signal = Signal(use_caching=True)
    signal.connect(first, sender)
    send(signal, sender)
    send(signal, sender)
    signal.connect(second, sender, weak=weak, dispatch_uid="uid")
    once = heard(calls, send, signal, sender)
    signal.connect(third, sender, weak=weak)
    return (once, heard(calls, send, signal, sender)), (["first", "second"], ["first", "second", "third"])


@law("caching.connect-is-seen-after-silence", uses=["disconnect", "has_listeners", "use_caching"])
def connect_is_seen_after_silence(
    Signal, calls, first: Function, second: Callback, sender: Sender, send: Send, weak: Weak
):
    empty, sent, asked, silent = (Signal(use_caching=True) for _ in range(4))
    sent.connect(first, int)
    asked.connect(first, int)
    seen = {}
    for when in ("first", "second"):
        send(empty, sender)
        send(sent, sender)
        for signal in (asked, silent):
            outcome(functools.partial(signal.has_listeners, sender))
        signals = {"after a send": empty, "with another": sent, "after has_listeners": asked, "after nothing": silent}
        for name, signal in signals.items():
            signal.connect(second, sender, weak=weak)
            seen[f"{name}, {when} time"] = "second" in heard(calls, send, signal, sender)
            signal.disconnect(second, sender)
    return seen, dict.fromkeys(seen, True)


@law("caching.general-connect-is-seen", uses=["use_caching"])
def general_connect_is_seen(
    Signal, calls, own: Function, first: Callback, second: Callback, one: Sender, two: Sender, send: Send
):
    signal = Signal(use_caching=True)
    signal.connect(own, one)
    seen = []
    for each in (first, second):
        send(signal, one)
        send(signal, two)
        signal.connect(each)
        seen += [heard(calls, send, signal, sender) for sender in (one, two)]
    signal.connect(own)
    seen += [(heard(calls, send, signal, sender), calls.count("own")) for sender in (one, two)]
    everybody = ["first", "own", "second"]
    expected = [["first", "own"], ["first"], everybody, ["first", "second"]]
    return seen, [*expected, (everybody, 2), (everybody, 1)]


@law("caching.disconnect-is-seen", uses=["disconnect", "dispatch_uid", "use_caching"])
def disconnect_is_seen(
    Signal,
    calls,
    receiver: Callback,
    named: Callback,
    own: Function,
    one: Sender,
    two: Sender,
    send: Send,
    weak: Weak,
):
    signal = Signal(use_caching=True)
    signal.connect(receiver, weak=weak)
    signal.connect(named, weak=weak, dispatch_uid="uid")
    signal.connect(own, one)
    send(signal, one)
    send(signal, two)
    left = []
    for removed in ({"receiver": own, "sender": one}, {"dispatch_uid": "uid"}, {"receiver": receiver}):
        signal.disconnect(**removed)
        left.append([heard(calls, send, signal, sender) for sender in (one, two)])
    signal.connect(receiver)
    signal.connect(receiver, one)
    twice = heard(calls, send, signal, one), len(calls)
    signal.disconnect(receiver, one)
    once = heard(calls, send, signal, one), len(calls) * 2
    return (left, once), ([[["named", "receiver"]] * 2, [["receiver"]] * 2, [[], []]], twice)


@law("caching.death-is-seen", uses=["has_listeners", "use_caching"])
def death_is_seen(Signal, calls, receiver: Receiver, own: Function, one: Sender, two: Sender, send: Send):
    signal, asked = Signal(use_caching=True), Signal(use_caching=True)
    for each in (signal, asked):
        each.connect(own, one)
        each.connect(receiver)
        for sender in (one, two, one, two):
            send(each, sender)
    del receiver
    gc.collect()
    listening = [bool(asked.has_listeners(sender)) for sender in (one, two)]
    left = [heard(calls, send, signal, sender) for sender in (one, two)]
    del own
    gc.collect()
    listening += [bool(asked.has_listeners(sender)) for sender in (one, two)]
    left += [heard(calls, send, signal, sender) for sender in (one, two)]
    found = {"called": left, "has_listeners": listening}
    return found, {"called": [["own"], [], [], []], "has_listeners": [True, False, False, False]}


@law("caching.sender-is-freed", uses=["use_caching"])
def sender_is_freed(Signal, receiver: Callback, sender: Sender, send: Send):
    silent, general, own = Signal(use_caching=True), Signal(use_caching=True), Signal(use_caching=True)
    general.connect(receiver)
    own.connect(receiver, sender)
    for signal in (silent, general, own):
        send(signal, sender)
        send(signal, sender)
    watch = weakref.ref(sender)
    del sender
    gc.collect()
    return {"the sender is freed": watch() is None}, {"the sender is freed": True}


@law("caching.receiver-is-freed", uses=["use_caching"])
def receiver_is_freed(Signal, calls, receiver: Receiver, sender: Sender, send: Send):
    general, own = Signal(use_caching=True), Signal(use_caching=True)
    general.connect(receiver)
    own.connect(receiver, sender)
    for signal in (general, own):
        send(signal, sender)
        send(signal, sender)
    watch = weakref.ref(getattr(receiver, "__self__", receiver) if type(receiver) is types.MethodType else receiver)
    del receiver
    gc.collect()
    return {"the receiver is freed": watch() is None}, {"the receiver is freed": True}


@law("caching.each-sender-its-own", uses=["use_caching"])
def each_sender_its_own(
    Signal, calls, first: Function, second: Function, one: Sender, two: Sender, relatives: Relatives, send: Send
):
    called = []
    for pair in ((one, two), relatives):
        signal = Signal(use_caching=True)
        signal.connect(first, pair[0])
        signal.connect(second, pair[1])
        called += [heard(calls, send, signal, sender) for sender in (*pair, int) * 2]
    return called, [["first"], ["second"], []] * 4


@law("caching.equal-senders", uses=["use_caching"])
def equal_senders(Signal, calls, receiver: Function, send: Send):
    class Equal:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 1

    called = []
    for one, two in ((Equal(), Equal()), (tuple(["a", 1]), tuple(["a", 1]))):
        signal = Signal(use_caching=True)
        signal.connect(receiver, one)
        called.append(outcome(lambda: (send(signal, one), heard(calls, send, signal, two))[1]))
    return called, [[], []]


@law("caching.none-as-sender", uses=["has_listeners", "use_caching"])
def none_as_sender(Signal, calls, receiver: Callback, late: Callback, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver)
    called = [heard(calls, send, signal, None), heard(calls, send, signal, None)]
    signal.connect(late)
    called.append(heard(calls, send, signal, None))
    found = {"called": called, "has_listeners": bool(signal.has_listeners())}
    return found, {"called": [["receiver"], ["receiver"], ["late", "receiver"]], "has_listeners": True}


@law("caching.listeners-without-sender", uses=["has_listeners", "use_caching"])
def listeners_without_sender(Signal):
    return {"has_listeners": bool(Signal(use_caching=True).has_listeners())}, {"has_listeners": False}


@law("caching.any-sender", uses=["use_caching"])
def any_sender(Signal, calls, receiver: Callback, late: Function, sender: AnySender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver, sender)
    called = [heard(calls, send, signal, sender), heard(calls, send, signal, sender)]
    signal.connect(late, sender)
    called.append(heard(calls, send, signal, sender))
    return called, [["receiver"], ["receiver"], ["late", "receiver"]]


@law("caching.changes-nothing-else", uses=["disconnect", "has_listeners", "send_robust", "use_caching"])
def changes_nothing_else(Signal, calls, records, receiver: Callback, sender: Sender):
    def tells(**kwargs):
        same = kwargs.get("signal") is signal and kwargs.get("sender") is sender
        calls.append((sorted(kwargs), "its own" if same else "others'", kwargs.get("value")))

    def fails(**kwargs):
        raise error

    def story(send, value):
        responses = outcome(lambda: send(sender, value=value))
        if isinstance(responses, str):
            return responses, len(records)
        return type(responses).__name__, [type(pair[1]).__name__ for pair in responses], len(records)

    error = ValueError("planted")
    stories = []
    for caching in ({}, {"use_caching": True}):
        calls.clear()
        records.clear()
        signal, told = Signal(**caching), []
        for each in (tells, receiver, fails):
            signal.connect(each, sender)
            for value in range(3):
                told += [(send.__name__, *story(send, value)) for send in (signal.send, signal.send_robust)]
                told += [("has_listeners", signal.has_listeners(of)) for of in (sender, int)]
        told += [("disconnect", signal.disconnect(each, sender)) for each in (tells, fails, fails)]
        stories.append([*told, *calls, ("calls", len(calls))])
    without, cached = stories
    differing = [(one, two) for one, two in zip(without, cached, strict=False) if one != two]
    return [two for _, two in differing], [one for one, _ in differing]


@law("caching.unhashable-sender", uses=["use_caching"])
def unhashable_sender(Signal, calls, receiver: Function, late: Function, sender: UnhashableSender, send: Send):
    signal = Signal(use_caching=True)
    signal.connect(receiver, sender)
    called = [heard(calls, send, signal, sender), heard(calls, send, signal, sender)]
    signal.connect(late, sender)
    called.append(heard(calls, send, signal, sender))
    return called, [["receiver"], ["receiver"], ["late", "receiver"]]


@law("caching.passing-senders-leave-nothing", uses=["use_caching"])
def passing_senders_leave_nothing(Signal, send: Send):
    class Sender:
        pass

    def receiver(**kwargs):
        pass

    def other(**kwargs):
        pass

    one, several, silent = Signal(use_caching=True), Signal(use_caching=True), Signal(use_caching=True)
    one.connect(receiver)
    several.connect(receiver)
    several.connect(other)
    silent.connect(receiver, int)
    return [leftover(lambda sender: send(signal, sender), Sender) for signal in (one, several, silent)], [0, 0, 0]

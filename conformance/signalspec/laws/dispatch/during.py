"""Laws of the chapter during: during a dispatch."""

from __future__ import annotations

import gc

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.kinds import Caching, Send, Truth, Weak
from signalspec.programs.party_kinds import Callback, Function, Receiver, Sender


@law("during.signal-is-usable", uses=["disconnect", "has_listeners"])
def signal_is_usable(Signal, calls, other: Callback, sender: Sender, send: Send, weak: Weak, caching: Caching):
    def receiver(**kwargs):
        if not calls:
            calls.append("begun")
            signal.connect(other, int)
            signal.has_listeners(int)
            signal.disconnect(other, int)
            send(signal, sender)
            calls.append("done")

    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    send(signal, sender)
    return {"used to the end": "done" in calls}, {"used to the end": True}


@law("during.connect-waits")
def connect_waits(Signal, calls, late: Callback, sender: Sender, send: Send, caching: Caching):
    def receiver(**kwargs):
        signal.connect(late, sender)
        signal.connect(late)

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    send(signal, sender)
    return calls, []


@law("during.connect-is-heard-next")
def connect_is_heard_next(Signal, calls, late: Callback, sender: Sender, fails: Truth, send: Send, caching: Caching):
    def receiver(**kwargs):
        if not connected:
            connected.append(late)
            signal.connect(late, sender)
            if fails:
                raise ValueError

    connected = []
    signal = Signal(**caching)
    signal.connect(receiver, sender)
    outcome(lambda: send(signal, sender))
    return {"late is called": "late" in heard(calls, send, signal, sender)}, {"late is called": True}


@law("during.disconnect-waits", uses=["disconnect"])
def disconnect_waits(Signal, calls, late: Callback, sender: Sender, send: Send, weak: Weak, caching: Caching):
    def receiver(**kwargs):
        outcome(lambda: signal.disconnect(late, scope))

    called = []
    for scope in (sender, None):
        signal = Signal(**caching)
        signal.connect(receiver, scope)
        signal.connect(late, scope, weak=weak)
        called.append(heard(calls, send, signal, sender))
    return called, [["late"], ["late"]]


@law("during.disconnect-is-heard-next", uses=["disconnect"])
def disconnect_is_heard_next(Signal, calls, late: Callback, sender: Sender, send: Send, caching: Caching):
    def once(**kwargs):
        calls.append("once")
        outcome(lambda: signal.disconnect(once, sender))
        outcome(lambda: signal.disconnect(late, sender))

    signal = Signal(**caching)
    signal.connect(once, sender)
    signal.connect(late, sender)
    send(signal, sender)
    return heard(calls, send, signal, sender), []


@law("during.others-keep-their-turn", uses=["disconnect"])
def others_keep_their_turn(
    Signal, calls, first: Function, third: Function, fourth: Function, sender: Sender, send: Send, caching: Caching
):
    def once(**kwargs):
        calls.append("once")
        if disconnecting:
            outcome(lambda: signal.disconnect(once, sender))
            outcome(lambda: signal.disconnect(first, sender))

    disconnecting = False
    signal = Signal(**caching)
    signal.connect(first, sender)
    signal.connect(once, sender)
    signal.connect(third, sender)
    signal.connect(fourth)
    send(signal, sender)
    before = len(calls)
    disconnecting = True
    send(signal, sender)
    return sorted(calls[before:]), sorted(calls[:before])


@law("during.death-waits")
def death_waits(Signal, calls, late: Receiver, sender: Sender, send: Send, caching: Caching):
    def receiver(**kwargs):
        kept.clear()
        gc.collect()

    kept = [late]
    signal = Signal(**caching)
    signal.connect(receiver, sender)
    signal.connect(late, sender)
    del late
    return heard(calls, send, signal, sender), ["late"]


@law("during.nested-sends-are-whole")
def nested_sends_are_whole(Signal, calls, sender: Sender, send: Send, caching: Caching):
    def outer(**kwargs):
        calls.append("outer")
        if not nested:
            nested.append("begun")
            signal.connect(late, sender)
            before = len(calls)
            responses = send(signal, sender)
            nested.append(sorted(set(calls[before:])))
            nested.append(sorted({pair[1] for pair in responses}))
        return "outer"

    def inner(**kwargs):
        calls.append("inner")
        return "inner"

    def late(**kwargs):
        calls.append("late")
        return "late"

    nested = []
    signal = Signal(**caching)
    signal.connect(outer, sender)
    signal.connect(inner, sender)
    around = sorted({pair[1] for pair in send(signal, sender)})
    everybody = ["inner", "late", "outer"]
    return (nested[1:], around), ([everybody, everybody], ["inner", "outer"])


@law("during.nested-robust-sends-are-robust", uses=["send_robust"])
def nested_robust_sends_are_robust(Signal, calls, records, sender: Sender, caching: Caching):
    def fails(**kwargs):
        calls.append("fails")
        raise ValueError("planted")

    def follows(**kwargs):
        calls.append("follows")

    def nests(**kwargs):
        outcome(lambda: signal.send_robust(sender))
        calls.append(len(records))

    signal = Signal(**caching)
    for each in (fails, follows):
        signal.connect(each, sender)
    signal.connect(nests, str)
    signal.send_robust(sender)
    logged = len(records)
    records.clear()
    signal.send_robust(str)
    return (sorted(calls[:-1]), calls[-1:]), (["fails", "fails", "follows", "follows"], [logged])


@law("during.any-depth", uses=["disconnect"])
def any_depth(Signal, calls, sender: Sender, send: Send, caching: Caching):
    def receiver(**kwargs):
        calls.append("called")
        if len(calls) < 20:
            send(signal, sender)

    def relays(**kwargs):
        calls.append("relayed")
        if kwargs["signal"] is signal:
            send(other, sender)

    signal, other = Signal(**caching), Signal(**caching)
    signal.connect(receiver, sender)
    send(signal, sender)
    signal.disconnect(receiver, sender)
    for each in (signal, other):
        each.connect(relays)
    send(signal, sender)
    return (calls.count("called"), calls.count("relayed")), (20, 2)


@law("during.listeners-tells-about-now", uses=["disconnect", "has_listeners"])
def listeners_tells_about_now(Signal, calls, other: Callback, sender: Sender, send: Send, caching: Caching):
    def receiver(**kwargs):
        if not calls:
            calls.append("called")
            signal.disconnect(receiver, sender)
            found["after disconnect"] = bool(signal.has_listeners(sender))
            signal.connect(other, sender)
            found["after connect"] = bool(signal.has_listeners(sender))

    found, signal = {}, Signal(**caching)
    signal.connect(receiver, sender)
    send(signal, sender)
    return {"has_listeners": found}, {"has_listeners": {"after disconnect": False, "after connect": True}}


@law("during.arguments-stay-the-same")
def arguments_stay_the_same(Signal, calls, sender: Sender, send: Send, caching: Caching):
    def note(**kwargs):
        sent = other if "another" in kwargs["depth"] else signal
        own = kwargs["signal"] is sent and kwargs["sender"] is (sender if kwargs["depth"] == "outer" else int)
        calls.append((kwargs["depth"], "its own" if own else "others'", len(kwargs)))

    def nests(**kwargs):
        if kwargs["depth"] != "outer":
            return
        send(signal, int, depth="nested", more=1)
        send(other, int, depth="of another signal")
        outcome(lambda: send(signal, str, depth="failing"))

    def notes_too(**kwargs):
        note(**kwargs)

    def fails(**kwargs):
        raise ValueError

    signal, other = Signal(**caching), Signal(**caching)
    signal.connect(nests, sender)
    for each in (note, notes_too):
        signal.connect(each, sender)
        signal.connect(each, int)
    other.connect(note)
    signal.connect(fails, str)
    send(signal, sender, depth="outer")
    given = sorted(calls)
    nested, outer = [("nested", "its own", 4)] * 2, [("outer", "its own", 3)] * 2
    return given, [*nested, ("of another signal", "its own", 3), *outer]

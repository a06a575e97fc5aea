"""Laws of the chapter threads: what concurrent callers, finalizers and the garbage collector may rely on.

Each law is run once for every schedule. What directs the threads gives them:

- ``interleave(*actions)``: executes each action in a thread of its own; returns what they return, or raise.
- ``interrupt(operation, action)``: executes the action, on the same thread, in the midst of the operation.
- ``wait_for(number)``: lets the calling thread wait until another one has ended.
"""

from __future__ import annotations

import gc
import logging

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.kinds import Caching, Change, Naming, Operation, Scope, Send
from signalspec.programs.party_kinds import Function, Sender


@law("threads.no-connection-is-lost")
def no_connection_is_lost(
    Signal, calls, interleave, first: Function, second: Function, third: Function, caching: Caching
):
    signal, empty = Signal(**caching), Signal(**caching)
    signal.connect(first)
    interleave(
        lambda: (signal.connect(second), empty.connect(second)),
        lambda: (signal.connect(third), empty.connect(third)),
    )
    return [heard(calls, each.send, int) for each in (signal, empty)], [
        ["first", "second", "third"],
        ["second", "third"],
    ]


@law("threads.no-connection-is-doubled", uses=["disconnect"])
def no_connection_is_doubled(Signal, calls, interleave, receiver: Function, naming: Naming, caching: Caching):
    def connect():
        signal.connect(receiver)
        named.connect(receiver, **naming("uid"))

    signal, named = Signal(**caching), Signal(**caching)
    interleave(connect, connect)
    signal.send(int)
    named.send(int)
    times = len(calls)
    signal.disconnect(receiver)
    left = heard(calls, signal.send, int)
    return {"calls": times, "left after disconnect": left}, {"calls": 2, "left after disconnect": []}


@law("threads.one-disconnect-succeeds", uses=["disconnect"])
def one_disconnect_succeeds(Signal, interleave, receiver: Function, other: Function, sender: Sender):
    signal, alone = Signal(), Signal()
    for each in (signal, alone):
        each.connect(receiver, sender)
        each.connect(other, sender)
    removed = interleave(lambda: signal.disconnect(receiver, sender), lambda: signal.disconnect(receiver, sender))
    # What it returns to a single thread is another clause's matter.
    one_after_the_other = [alone.disconnect(receiver, sender) for _ in range(2)]
    in_turn = sorted(one_after_the_other, key=str)
    found = {"in one thread, one after the other": in_turn, "in two threads": sorted(removed, key=str)}
    return found, dict.fromkeys(found, in_turn)


@law("threads.removed-stays-removed", uses=["disconnect"])
def removed_stays_removed(
    Signal,
    calls,
    interleave,
    receiver: Function,
    other: Function,
    scope: Scope,
    operation: Operation,
    caching: Caching,
):
    def dying(**kwargs):
        pass

    def staying(**kwargs):
        pass

    signal, sent = Signal(**caching), Signal(**caching)
    signal.connect(dying)
    for each in (signal, sent):
        each.connect(receiver, scope)
    signal.connect(other, int)
    sent.connect(staying)
    del dying
    sent.send(str)
    interleave(
        lambda: (signal.disconnect(receiver, scope), sent.disconnect(receiver, scope), sent.send(str)),
        lambda: operation(signal, other, other, str),
    )
    found = {"without a send": heard(calls, signal.send, str), "after a send": heard(calls, sent.send, str)}
    return {f"called {name}": "receiver" in each for name, each in found.items()}, {
        f"called {name}": False for name in found
    }


@law("threads.connect-is-seen")
def connect_is_seen(
    Signal,
    calls,
    interleave,
    receiver: Function,
    other: Function,
    scope: Scope,
    operation: Operation,
    caching: Caching,
):
    def dying(**kwargs):
        pass

    def staying(**kwargs):
        pass

    signal, sent = Signal(**caching), Signal(**caching)
    signal.connect(dying)
    signal.connect(other, int)
    sent.connect(staying)
    del dying
    sent.send(str)
    interleave(
        lambda: (signal.connect(receiver, scope), sent.connect(receiver, scope), sent.send(str)),
        lambda: operation(signal, other, other, str),
    )
    found = {"without a send": heard(calls, signal.send, str), "after a send": heard(calls, sent.send, str)}
    return {name: "receiver" in called for name, called in found.items()}, dict.fromkeys(found, True)


@law("threads.others-are-undisturbed")
def others_are_undisturbed(
    Signal,
    calls,
    interleave,
    receiver: Function,
    other: Function,
    stays: Function,
    change: Change,
    send: Send,
    caching: Caching,
):
    signal = Signal(**caching)
    for each in (receiver, stays):
        signal.connect(each, int)
    interleave(lambda: send(signal, int), lambda: change(signal, receiver, other, int))
    return calls.count("stays"), 1


@law("threads.one-moment-settles-a-send")
def one_moment_settles_a_send(
    Signal, calls, interleave, first: Function, second: Function, send: Send, caching: Caching
):
    signal = Signal(**caching)
    signal.connect(lambda **kwargs: None, weak=False)
    interleave(lambda: send(signal, int), lambda: (signal.connect(first), signal.connect(second, int)))
    return {"calls the second receiver alone": calls == ["second"]}, {"calls the second receiver alone": False}


@law("threads.nothing-is-raised")
def nothing_is_raised(
    Signal, interleave, receiver: Function, other: Function, one: Operation, two: Operation, caching: Caching
):
    signal = Signal(**caching)
    signal.connect(receiver, int)
    returned = interleave(lambda: one(signal, receiver, other, int), lambda: two(signal, receiver, other, int))
    return [each for each in returned if str(each).startswith("raises ")], []


@law("threads.one-after-the-other")
def one_after_the_other(
    Signal, calls, interleave, receiver: Function, other: Function, one: Operation, two: Operation, caching: Caching
):
    def run(both):
        signal = Signal(**caching)
        signal.connect(receiver, int)
        returned = both(lambda: one(signal, receiver, other, int), lambda: two(signal, receiver, other, int))
        return [*returned, *heard(calls, signal.send, int)]

    orders = [run(lambda one, two: [one(), two()]), run(lambda one, two: [two(), one()][::-1])]
    return {"as in one of the two orders": run(interleave) in orders}, {"as in one of the two orders": True}


@law("threads.receivers-run-without-a-lock")
def receivers_run_without_a_lock(
    Signal,
    calls,
    interleave,
    wait_for,
    receiver: Function,
    other: Function,
    operation: Operation,
    send: Send,
    caching: Caching,
):
    def waiting(wait=False, **kwargs):
        if wait:
            wait_for(2)
            went_on.append("went on")

    went_on: list = []
    signal = Signal(**caching)
    signal.connect(waiting)
    signal.connect(receiver, str)
    interleave(lambda: send(signal, int, wait=True), lambda: operation(signal, receiver, other, str))
    return went_on, ["went on"]


@law("threads.logs-without-a-lock", uses=["send_robust"])
def logs_without_a_lock(
    Signal,
    records,
    interleave,
    wait_for,
    receiver: Function,
    other: Function,
    operation: Operation,
    caching: Caching,
):
    def fails(**kwargs):
        raise ValueError

    class Waiting(logging.Handler):
        def emit(self, record):
            if not records:
                records.append(record)
                wait_for(2)
                went_on.append("went on")

    logging.getLogger("django.dispatch").handlers = [Waiting()]
    went_on: list = []
    signal = Signal(**caching)
    signal.connect(fails, int)
    signal.connect(receiver, str)
    interleave(lambda: signal.send_robust(int), lambda: operation(signal, receiver, other, str))
    return went_on, ["went on"] * len(records)


@law("threads.no-deadlock", uses=["has_listeners"])
def no_deadlock(
    Signal,
    interleave,
    receiver: Function,
    other: Function,
    dying: Function,
    one: Operation,
    two: Operation,
    caching: Caching,
):
    signal = Signal(**caching)
    for each in (dying, receiver):
        signal.connect(each, int)
    del dying, each
    interleave(lambda: one(signal, receiver, other, int), lambda: two(signal, receiver, other, int))
    return {"has_listeners": bool(signal.has_listeners(str))}, {"has_listeners": False}


@law("threads.signals-are-independent")
def signals_are_independent(
    Signal, interrupt, receiver: Function, other: Function, one: Operation, two: Operation, caching: Caching
):
    class Resource:
        def __del__(self):
            done.append(outcome(lambda: two(another, other, other, str)))

    done = []
    resources = [Resource()]
    signal, another = Signal(**caching), Signal(**caching)
    for each in (signal, another):
        each.connect(receiver, int)
    done.append(interrupt(lambda: one(signal, receiver, receiver, int), resources.clear))
    failed = [each for each in done if str(each).startswith("raises ")]
    return {"failed": failed, "done": len(done)}, {"failed": [], "done": 2}


@law("threads.arguments-stay-the-same")
def arguments_stay_the_same(Signal, calls, interleave, other: Function, send: Send, caching: Caching):
    def note(**kwargs):
        same = (
            "its own" if kwargs["signal"] is signal and kwargs["sender"] is senders[kwargs["number"]] else "others'"
        )
        calls.append((kwargs["number"], same, len(kwargs)))

    def notes_too(**kwargs):
        note(**kwargs)

    senders = [int, str]
    signal = Signal(**caching)
    for each in (note, notes_too):
        signal.connect(each)
    interleave(
        lambda: send(signal, int, number=0),
        lambda: (signal.connect(other, bytes), send(signal, str, number=1)),
    )
    return sorted(calls), [(number, "its own", 3) for number in (0, 0, 1, 1)]


@law("threads.removed-receiver-may-use-the-signal", uses=["disconnect", "dispatch_uid"])
def removed_receiver_may_use_the_signal(
    Signal, calls, interleave, receiver: Function, sender: Scope, operation: Operation, caching: Caching
):
    class Party:
        def __call__(self, **kwargs):
            pass

        def __del__(self):
            done.append(outcome(lambda: operation(signal, receiver, receiver, bytes)))

    done: list = []
    signal = Signal(**caching)
    signal.connect(receiver, int)
    signal.connect(Party(), sender, weak=False, dispatch_uid="uid")
    returned = interleave(lambda: signal.disconnect(sender=sender, dispatch_uid="uid"))
    gc.collect()
    failed = [each for each in (*returned, *done) if str(each).startswith("raises ")]
    return {"failed": failed, "freed": len(done)}, {"failed": [], "freed": 1}

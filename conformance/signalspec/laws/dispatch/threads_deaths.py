"""Laws of the chapter threads: deaths, finalizers and the garbage collector."""

from __future__ import annotations

import gc

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.kinds import Caching, Operation, Scope, Send
from signalspec.programs.party_kinds import Function, Sender


@law("threads.death-is-noticed", uses=["dispatch_uid"])
def death_is_noticed(
    Signal,
    calls,
    interleave,
    receiver: Function,
    other: Function,
    first: Function,
    second: Function,
    operation: Operation,
):
    dying = [first, second]
    signal = Signal()
    signal.connect(receiver, int)
    signal.connect(first, int)
    signal.connect(second, int, dispatch_uid="uid")
    del first, second
    dying.pop(0)
    interleave(lambda: operation(signal, receiver, receiver, int), dying.clear)
    signal.connect(other, int, dispatch_uid="uid")
    return {"the uid is free": "other" in heard(calls, signal.send, int)}, {"the uid is free": True}


@law("threads.seen-death-is-final", uses=["dispatch_uid"])
def seen_death_is_final(Signal, calls, interleave, receiver: Function, other: Function, send: Send, caching: Caching):
    dying = [receiver]
    signal = Signal(**caching)
    signal.connect(receiver, int, dispatch_uid="uid")
    del receiver

    def replace():
        seen.append(send(signal, int))
        signal.connect(other, int, dispatch_uid="uid")

    seen = []
    interleave(dying.clear, replace)
    found = {"the uid is free": "other" in heard(calls, signal.send, int)}
    return found, {"the uid is free": seen == [[]] or "other" in calls}


@law("threads.death-may-come-at-any-point")
def death_may_come_at_any_point(
    Signal,
    calls,
    interrupt,
    receiver: Function,
    other: Function,
    dying: Function,
    operation: Operation,
    caching: Caching,
):
    def run(interrupted):
        gone = [lambda **kwargs: None]
        gone[0].itself = gone[0]
        signal = Signal(**caching)
        for each in (gone[0], receiver):
            signal.connect(each, int)
        del each

        def death():
            gone.clear()
            gc.collect()

        returned = interrupted(lambda: operation(signal, other, other, str), death)
        return [returned, *heard(calls, signal.send, int), *heard(calls, signal.send, str)]

    return run(interrupt), run(lambda operation, death: (operation(), death())[0])


@law("threads.finalizer-may-use-the-signal")
def finalizer_may_use_the_signal(
    Signal, interrupt, receiver: Function, other: Function, one: Operation, two: Operation, caching: Caching
):
    class Resource:
        def __del__(self):
            done.append(outcome(lambda: two(signal, other, other, str)))

    done = []
    resources = [Resource()]
    signal = Signal(**caching)
    signal.connect(receiver, int)
    done.append(interrupt(lambda: one(signal, receiver, receiver, int), resources.clear))
    failed = [each for each in done if str(each).startswith("raises ")]
    return {"failed": failed, "done": len(done)}, {"failed": [], "done": 2}


@law("threads.finalizers-change-lasts", uses=["disconnect", "has_listeners"])
def finalizers_change_lasts(
    Signal, calls, interrupt, receiver: Function, other: Function, scope: Scope, send: Send, caching: Caching
):
    class Resource:
        def __del__(self):
            signal.connect(other, scope)
            signal.disconnect(receiver, scope)

    resources = [Resource()]
    signal = Signal(**caching)
    signal.connect(receiver, scope)
    interrupt(lambda: (signal.has_listeners(str), send(signal, str)), resources.clear)
    return heard(calls, send, signal, str), ["other"]


@law("threads.freed-receiver-may-use-the-signal")
def freed_receiver_may_use_the_signal(
    Signal, calls, interleave, receiver: Function, sender: Sender, operation: Operation, caching: Caching
):
    class Party:
        def __call__(self, **kwargs):
            pass

        def __del__(self):
            done.append(outcome(lambda: operation(signal, receiver, receiver, bytes)))

    done: list = []
    signal = Signal(**caching)
    signal.connect(receiver, int)
    signal.connect(Party(), sender, weak=False)
    del sender
    gc.collect()
    returned = interleave(lambda: (signal.connect(receiver, str), signal.send(int)) and None)
    gc.collect()
    # Whether the receiver is released is another clause's matter.
    return [each for each in (*returned, *done) if str(each).startswith("raises ")], []

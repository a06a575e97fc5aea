"""Laws of the chapter during: during a dispatch."""

from __future__ import annotations

import gc

from signalspec.kinds import Caching, Callback, Function, Receiver, Send, Sender, Weak
from signalspec.laws import law


@law("during.signal-is-usable")
def signal_is_usable(Signal, calls, other: Callback, sender: Sender, send: Send, weak: Weak, caching: Caching):
    def receiver(nested=False, **kwargs):
        if not nested:
            signal.connect(other, int)
            calls.append(
                (signal.has_listeners(int), signal.disconnect(other, int), len(send(signal, sender, nested=True)))
            )

    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    responses = send(signal, sender)
    return (len(responses), calls), (1, [(True, True, 1)])


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
def connect_is_heard_next(Signal, calls, late: Callback, sender: Sender, send: Send, caching: Caching):
    def receiver(**kwargs):
        signal.connect(late, sender)

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    send(signal, sender)
    calls.clear()
    send(signal, sender)
    return calls, ["late"]


@law("during.disconnect-waits")
def disconnect_waits(Signal, calls, late: Callback, sender: Sender, send: Send, weak: Weak, caching: Caching):
    def receiver(**kwargs):
        calls.append(signal.disconnect(late, sender))

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    signal.connect(late, sender, weak=weak)
    send(signal, sender)
    return calls, [True, "late"]


@law("during.disconnect-is-heard-next")
def disconnect_is_heard_next(Signal, calls, late: Callback, sender: Sender, send: Send, caching: Caching):
    def once(**kwargs):
        calls.append("once")
        signal.disconnect(once, sender)
        signal.disconnect(late, sender)

    signal = Signal(**caching)
    signal.connect(once, sender)
    signal.connect(late, sender)
    send(signal, sender)
    calls.clear()
    send(signal, sender)
    return calls, []


@law("during.others-keep-their-turn")
def others_keep_their_turn(
    Signal, calls, second: Function, third: Function, sender: Sender, send: Send, caching: Caching
):
    def once(**kwargs):
        calls.append("once")
        signal.disconnect(once, sender)

    signal = Signal(**caching)
    signal.connect(once, sender)
    signal.connect(second, sender)
    signal.connect(third)
    send(signal, sender)
    return calls, ["once", "second", "third"]


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
    send(signal, sender)
    return calls, ["late"]


@law("during.nested-sends-are-whole")
def nested_sends_are_whole(Signal, calls, sender: Sender, send: Send, caching: Caching):
    def outer(depth, **kwargs):
        calls.append(f"outer {depth}")
        if depth == 0:
            signal.connect(late, sender)
            return [response for _, response in send(signal, sender, depth=1)]
        return "outer"

    def inner(depth, **kwargs):
        calls.append(f"inner {depth}")
        return "inner"

    def late(depth, **kwargs):
        calls.append(f"late {depth}")
        return "late"

    signal = Signal(**caching)
    signal.connect(outer, sender)
    signal.connect(inner, sender)
    responses = [response for _, response in send(signal, sender, depth=0)]
    expected = ["outer 0", "outer 1", "inner 1", "late 1", "inner 0"], [["outer", "inner", "late"], "inner"]
    return (calls, responses), expected


@law("during.listeners-tells-about-now")
def listeners_tells_about_now(Signal, calls, other: Callback, sender: Sender, send: Send, caching: Caching):
    def receiver(**kwargs):
        signal.disconnect(receiver, sender)
        calls.append(signal.has_listeners(sender))
        signal.connect(other, sender)
        calls.append(signal.has_listeners(sender))

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    send(signal, sender)
    return calls, [False, True]

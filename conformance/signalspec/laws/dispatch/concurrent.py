"""Laws of the chapter concurrent: how asynchronous receivers run."""

from __future__ import annotations

import asyncio
import threading

import asgiref.sync

from signalspec.laws import law
from signalspec.laws.vocabulary import a_while, outcome, run, turning_clock, unawaited, until
from signalspec.programs.async_kinds import AnySend, AsyncFunction, AsyncReceiver, Either, Order
from signalspec.programs.kinds import Caching, Send, Weak
from signalspec.programs.party_kinds import Function, Sender


@law("concurrent.each-response-its-own", uses=["coroutines", "dispatch_uid"])
def each_response_its_own(Signal, calls, sender: Sender, send: AnySend, caching: Caching):
    async def receiver(**kwargs):
        calls.append("receiver")
        return len(calls)

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    signal.connect(receiver)
    signal.connect(receiver, sender, dispatch_uid="uid")
    responses = [response for _, response in send(signal, sender)]
    return [*responses, *(response for _, response in send(signal, sender))], [1, 2, 3, 4, 5, 6]


@law("concurrent.started-in-order", uses=["coroutines", "dispatch_uid"])
def started_in_order(Signal, calls, sender: Sender, send: AnySend, weak: Weak):
    async def first(**kwargs):
        calls.append("first")

    async def second(**kwargs):
        calls.append("second")

    async def third(**kwargs):
        calls.append("third")

    signal = Signal()
    signal.connect(second, sender, weak=weak)
    signal.connect(third)
    signal.connect(first, sender, weak=weak, dispatch_uid="uid")
    send(signal, sender)
    return calls, ["second", "third", "first"]


@law("concurrent.together", uses=["coroutines"])
def together(Signal, calls, send: AnySend):
    def make():
        async def receiver(**kwargs):
            calls.append("begins")
            await until(lambda: calls.count("begins") == 3)
            calls.append("ends")

        return receiver

    signal, receivers = Signal(), [make() for _ in range(3)]
    for each in receivers:
        signal.connect(each)
    send(signal, int)
    return calls, ["begins"] * 3 + ["ends"] * 3


@law("concurrent.any-number", uses=["coroutines", "dispatch_uid"])
def any_number(Signal, calls, send: AnySend):
    async def receiver(**kwargs):
        calls.append("begins")
        await until(lambda: calls.count("begins") == 100)
        calls.append("ends")

    signal = Signal()
    for number in range(100):
        signal.connect(receiver, dispatch_uid=number)
    send(signal, int)
    return calls, ["begins"] * 100 + ["ends"] * 100


@law("concurrent.run-to-their-end")
def run_to_their_end(Signal, calls, each: AsyncReceiver, send: AnySend):
    async def slow(**kwargs):
        for _ in range(20):
            await asyncio.sleep(0)
        calls.append("slow")
        return "slow"

    signal = Signal()
    signal.connect(slow)
    signal.connect(each)
    responses = [response for _, response in send(signal, int)]
    return (sorted(calls), responses), (["each", "slow"], ["slow", "each"])


@law("concurrent.responses-in-order", uses=["coroutines"])
def responses_in_order(Signal, calls, order: Order, send: AnySend):
    def make(number):
        async def receiver(**kwargs):
            await until(lambda: calls == list(order[: order.index(number)]))
            calls.append(number)
            return number

        return receiver

    signal = Signal()
    receivers = [make(number) for number in range(3)]
    for each in receivers:
        signal.connect(each)
    return [response for _, response in send(signal, int)], [0, 1, 2]


@law("concurrent.called-after-the-others", uses=["coroutines"])
def called_after_the_others(Signal, calls, sender: Sender, send: AnySend):
    async def later(**kwargs):
        calls.append("asynchronous")

    def sooner(**kwargs):
        calls.append("first")

    def soon(**kwargs):
        calls.append("second")

    signal = Signal()
    signal.connect(later, sender)
    signal.connect(sooner, sender)
    signal.connect(soon)
    send(signal, sender)
    return calls, ["first", "second", "asynchronous"]


@law("concurrent.listed-after-the-others", uses=["coroutines"])
def listed_after_the_others(Signal, calls, sender: Sender, send: AnySend, caching: Caching):
    async def later(**kwargs):
        return "asynchronous, first"

    def sooner(**kwargs):
        return "first"

    async def last(**kwargs):
        return "asynchronous, second"

    def soon(**kwargs):
        return "second"

    signal = Signal(**caching)
    for each in (later, sooner, last, soon):
        signal.connect(each, sender)
    responses = [response for _, response in send(signal, sender)]
    return responses, ["first", "second", "asynchronous, first", "asynchronous, second"]


@law("concurrent.nothing-unawaited")
def nothing_unawaited(
    Signal, calls, each: AsyncFunction, other: Either, send: AnySend, within: Send, caching: Caching
):
    async def main():
        # Where a loop runs, it is for asend to await.
        outcome(lambda: within(signal, int))

    signal = Signal(**caching)
    signal.connect(each, int)
    signal.connect(other)
    warned = unawaited(lambda: (send(signal, int), send(signal, str), send(signal, int), run(main)))
    return warned, []


@law("concurrent.send-needs-no-running-loop")
def send_needs_no_running_loop(Signal, calls, each: AsyncReceiver, send: Send):
    async def main():
        return outcome(lambda: send(signal, int))

    signal = Signal()
    signal.connect(each)
    return (run(main), calls), ("raises RuntimeError", [])


@law("concurrent.send-within-a-loop")
def send_within_a_loop(Signal, calls, each: AsyncReceiver, send: Send):
    def direct(**kwargs):
        return "direct"

    async def main():
        return outcome(lambda: [response for _, response in send(signal, int)])

    signal = Signal()
    signal.connect(direct)
    signal.connect(each, str)
    return run(main), ["direct"]


@law("concurrent.send-returns-to-the-loop", uses=["coroutines"])
def send_returns_to_the_loop(Signal, calls, send: Send):
    async def receiver(**kwargs):
        calls.append(asyncio.get_running_loop())

    async def main():
        await asgiref.sync.sync_to_async(send)(signal, int)
        return ["the loop" if loop is asyncio.get_running_loop() else "another loop" for loop in calls]

    signal = Signal()
    signal.connect(receiver)
    return run(main), ["the loop"]


@law("concurrent.in-several-threads", uses=["coroutines", "disconnect", "has_listeners", "threads"])
def in_several_threads(Signal, calls, each: Either, new: Function, send: AnySend, other: AnySend, caching: Caching):
    def use():
        responses = [response for _, response in other(signal, str)]
        signal.connect(new, str)
        signal.has_listeners(str)
        signal.disconnect(new, str)
        return responses

    async def receiver(**kwargs):
        # Where senders are not told apart, it hears what the thread sends, too.
        if not begun:
            begun.append(True)
            thread = threading.Thread(target=lambda: used.append(outcome(use)), daemon=True)
            thread.start()
            thread.join()

    begun, used = [], []
    signal = Signal(**caching)
    signal.connect(receiver, int)
    signal.connect(each, str)
    send(signal, int)
    return used, [["each"]]


@law("concurrent.arguments-stay-the-same", uses=["coroutines"])
def arguments_stay_the_same(Signal, calls, sender: Sender, send: AnySend):
    def note(**kwargs):
        own = kwargs["signal"] is signal and kwargs["sender"] is (sender if kwargs["depth"] == "outer" else int)
        calls.append((kwargs["depth"], "its own" if own else "others'", len(kwargs)))

    async def awaited(**kwargs):
        note(**kwargs)

    async def nests(**kwargs):
        if kwargs["depth"] == "outer":
            await signal.asend(int, depth="awaited", more=1)

    def nests_too(**kwargs):
        if kwargs["depth"] == "outer":
            signal.send(int, depth="sent", more=1)

    signal = Signal()
    signal.connect(nests_too, sender)
    signal.connect(nests, sender)
    signal.connect(note, int)
    for each in (note, awaited):
        signal.connect(each, sender)
    send(signal, sender, depth="outer")
    nested = [("awaited", "its own", 4), *[("outer", "its own", 3)] * 2, ("sent", "its own", 4)]
    return sorted(calls), nested


@law("concurrent.take-their-time", uses=["coroutines"])
def take_their_time(Signal, calls, other: Either, send: AnySend):
    async def slow(**kwargs):
        turn(86_400)
        # What was to happen at a time that is past happens now.
        await a_while()
        calls.append("slow")
        return "slow"

    async def patient(**kwargs):
        await until(lambda: "slow" in calls)
        calls.append("patient")
        return "patient"

    signal = Signal()
    for each in (slow, patient, other):
        signal.connect(each)
    with turning_clock() as turn:
        responses = outcome(lambda: sorted(str(response) for _, response in send(signal, int)))
    found = {"responses": responses, "calls": sorted(calls)}
    everybody = ["other", "patient", "slow"]
    return found, {"responses": everybody, "calls": everybody}

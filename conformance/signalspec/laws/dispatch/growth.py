"""Laws of the chapter growth: what is done again and again."""

from __future__ import annotations

import asyncio

from signalspec.laws import law
from signalspec.laws.vocabulary import growth, heard, leftover, more_objects, outcome
from signalspec.programs.async_kinds import Asend
from signalspec.programs.kinds import Caching, MaybeUid, Naming, Send, Weak
from signalspec.programs.party_kinds import Callback, Sender


@law("growth.none-by-duplicates")
def none_by_duplicates(Signal, receiver: Callback, sender: Sender, weak: Weak, caching: Caching, uid: MaybeUid):
    signal = Signal(**caching)
    return growth(lambda: signal.connect(receiver, sender, weak=weak, **uid)), 0


@law("growth.none-by-reconnecting", uses=["disconnect"])
def none_by_reconnecting(Signal, receiver: Callback, sender: Sender, weak: Weak, caching: Caching, uid: Naming):
    class Passing:
        pass

    def reconnect():
        named = uid(next(numbers))
        signal.connect(receiver, sender, weak=weak, **named)
        signal.disconnect(receiver, sender, **named)

    def use(passing):
        signal.connect(receiver, passing, weak=weak)
        signal.disconnect(receiver, passing)

    class Slots:
        __slots__ = ()

        def __call__(self, **kwargs):
            pass

    def listen(slots):
        signal.connect(slots, sender, weak=False)
        signal.disconnect(slots, sender)

    numbers = iter(range(1000))
    signal = Signal(**caching)
    kept = {
        "by each connection": growth(reconnect),
        "by each sender": leftover(use, Passing),
        "by each sender without weak references": leftover(use, Slots),
        "by each receiver without weak references": leftover(listen, Slots),
    }
    return kept, dict.fromkeys(kept, 0)


@law("growth.none-by-deaths", uses=["dispatch_uid"])
def none_by_deaths(Signal, sender: Sender, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            pass

    numbers = iter(range(1000))
    signal = Signal(**caching)
    return growth(lambda: signal.connect(Party(), sender, dispatch_uid=next(numbers))), 0


@law("growth.none-by-sending")
def none_by_sending(Signal, calls, receiver: Callback, sender: Sender, send: Send, caching: Caching):
    def fails(**kwargs):
        raise ValueError

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    signal.connect(fails, sender)
    return growth(lambda: outcome(lambda: heard(calls, send, signal, sender)) and None), 0


@law("growth.passing-senders-leave-nothing", uses=["disconnect", "has_listeners", "send_robust"])
def passing_senders_leave_nothing(Signal, caching: Caching):
    class Sender:
        pass

    def receiver(**kwargs):
        pass

    def use(sender):
        signal.has_listeners(sender)
        signal.send(sender)
        signal.send_robust(sender)
        signal.disconnect(receiver, sender)

    signal = Signal(**caching)
    signal.connect(receiver)
    return leftover(use, Sender), 0


@law("growth.none-by-senders", uses=["dispatch_uid"])
def none_by_senders(Signal, caching: Caching):
    class Sender:
        pass

    def receiver(**kwargs):
        pass

    numbers = iter(range(1000))
    signal = Signal(**caching)
    return growth(lambda: signal.connect(receiver, Sender(), weak=False, dispatch_uid=next(numbers))), 0


@law("growth.none-by-asynchronous-dispatches", uses=["coroutines"])
def none_by_asynchronous_dispatches(Signal, send: Asend):
    async def awaited(**kwargs):
        pass

    def direct(**kwargs):
        pass

    async def fails(**kwargs):
        raise ValueError

    async def dispatch():
        await send(signal, int, value=1)
        try:
            await send(failing, int, value=1)
        except ValueError:
            pass

    signal, failing = Signal(), Signal()
    for receiver in (direct, awaited):
        signal.connect(receiver)
    failing.connect(fails)
    with asyncio.Runner() as runner:
        left = [more_objects(signal, lambda: runner.run(dispatch()), 30) for _ in range(4)]
    # What is filled once, such as a pool of threads, is filled in one of the rounds, and emptied in another.
    return sorted(left)[1], 0

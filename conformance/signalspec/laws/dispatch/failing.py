"""Laws of the chapter failing: asynchronous dispatches that fail or are cancelled."""

from __future__ import annotations

import asyncio
import gc

from signalspec.laws import law
from signalspec.laws.vocabulary import a_while, heard, outcome, run, unawaited, until, way_of
from signalspec.programs.async_kinds import (
    AnySend,
    Asend,
    AsyncFunction,
    AsyncReceiver,
    Cause,
    Either,
    Failing,
    Failure,
    Order,
    Other,
    Raising,
)
from signalspec.programs.kinds import AsyncError, Caching, Fatal
from signalspec.programs.party_kinds import Function


@law("failing.raises-what-a-receiver-raises")
def raises_what_a_receiver_raises(Signal, calls, error: AsyncError, cause: Cause, fails: Failure, send: Raising):
    error.__cause__ = cause
    error.__context__ = context = KeyError("context")
    signal = Signal()
    signal.connect(fails)
    try:
        send(signal, int)
    except BaseException as caught:
        found = {
            "the exception itself": caught is error,
            "its cause": caught.__cause__ is cause,
            "its context": caught.__context__ is context,
            "that is suppressed": caught.__suppress_context__,
        }
        return (found, getattr(caught, "__notes__", [])), (dict.fromkeys(found, True), [])
    return "nothing raised", "the exception itself"


@law("failing.raises-fatal-exceptions")
def raises_fatal_exceptions(Signal, calls, error: Fatal, fails: Failure, send: AnySend):
    signal = Signal()
    signal.connect(fails)
    try:
        send(signal, int)
    except BaseException as caught:
        return "the exception itself" if caught is error else type(caught).__name__, "the exception itself"
    return "nothing raised", "the exception itself"


@law("failing.error-has-its-traceback")
def error_has_its_traceback(Signal, calls, error: AsyncError, fails: Failure, send: Raising):
    signal = Signal()
    signal.connect(fails)
    try:
        send(signal, int)
    except BaseException as caught:
        return way_of(caught)[-1:], ["fails"]
    return [], ["fails"]


@law("failing.ends-at-the-first-group")
def ends_at_the_first_group(Signal, calls, later: Function, awaited: AsyncReceiver, error: AsyncError, send: Raising):
    def fails(**kwargs):
        calls.append("fails")
        raise error

    signal = Signal()
    signal.connect(awaited)
    signal.connect(fails)
    signal.connect(later)
    outcome(lambda: send(signal, int))
    return calls, ["fails"]


@law("failing.first-failure", uses=["coroutines"])
def first_failure(Signal, calls, order: Order, send: Raising):
    errors = [ValueError(number) for number in range(3)]

    def make(number):
        async def receiver(**kwargs):
            await until(lambda: calls == list(order[: order.index(number)]))
            await a_while()
            calls.append(number)
            raise errors[number]

        return receiver

    signal = Signal()
    receivers = [make(number) for number in range(3)]
    for each in receivers:
        signal.connect(each)
    try:
        send(signal, int)
    except BaseException as caught:
        return f"raises {caught!r}", f"raises {errors[order[0]]!r}"
    return "nothing raised", f"raises {errors[order[0]]!r}"


@law("failing.others-go-on", uses=["asend", "coroutines"])
def others_go_on(Signal, calls, order: Order, failing: Failing):
    def make(number):
        async def receiver(**kwargs):
            await until(lambda: calls == list(order[: order.index(number)]))
            await a_while()
            calls.append(number)
            if number in failing:
                raise ValueError(number)

        return receiver

    async def main():
        try:
            await signal.asend(int)
        except ValueError as caught:
            outcome = str(caught)
        else:
            outcome = "no failure"
        before = list(calls)
        await until(lambda: len(calls) == 3)
        return {"raised": outcome, "waited for all": before == calls, "ended": calls}

    signal = Signal()
    receivers = [make(number) for number in range(3)]
    for each in receivers:
        signal.connect(each)
    first = next((number for number in order if number in failing), None)
    return run(main), {
        "raised": "no failure" if first is None else str(first),
        "waited for all": first in (None, order[2]),
        "ended": list(order),
    }


@law("failing.first-of-several")
def first_of_several(Signal, calls, error: AsyncError, send: Raising):
    async def fails(**kwargs):
        raise error

    async def fails_too(**kwargs):
        raise LookupError("another")

    signal = Signal()
    signal.connect(fails)
    signal.connect(fails_too)
    try:
        send(signal, int)
    except BaseException as caught:
        return "the first exception" if caught is error else type(caught).__name__, "the first exception"
    return "nothing raised", "the first exception"


@law("failing.several-are-grouped")
def several_are_grouped(Signal, calls, error: AsyncError, other: Other, awaited: AsyncFunction, send: Raising):
    async def fails(**kwargs):
        raise error

    async def fails_too(**kwargs):
        raise other

    async def fails_when_cancelled(**kwargs):
        try:
            await until(lambda: False)
        finally:
            raise last

    last = KeyError("last")
    grouped: list = []
    for others, raised in (((), {id(error), id(other)}), ((fails_when_cancelled,), {id(error), id(other), id(last)})):
        signal = Signal()
        for each in (*others, fails, awaited, fails_too):
            signal.connect(each)
        try:
            grouped.append(repr(send(signal, int)))
        except BaseExceptionGroup as group:
            whole = {id(each) for each in group.exceptions} == raised
            right = isinstance(group, Exception) == isinstance(other, Exception)
            grouped.append({"has all exceptions": whole, "is an Exception if all are": right})
        except BaseException as alone:
            grouped.append(f"raises {type(alone).__name__}")
    return grouped, [{"has all exceptions": True, "is an Exception if all are": True}] * 2


@law("failing.calls-that-fail")
def calls_that_fail(Signal, calls, each: AsyncFunction, send: AnySend):
    async def demands(value, **kwargs):
        calls.append("demands")

    signal = Signal()
    signal.connect(each)
    signal.connect(demands)
    left = bool(unawaited(lambda: outcome(lambda: send(signal, int))))
    return {"a coroutine is left unawaited": left}, {"a coroutine is left unawaited": False}


@law("failing.calls-come-after-the-others", uses=["coroutines"])
def calls_come_after_the_others(Signal, calls, direct: Function, send: AnySend):
    async def demands(value, **kwargs):
        calls.append("demands")

    signal = Signal()
    signal.connect(demands)
    signal.connect(direct)
    return heard(calls, lambda: outcome(lambda: send(signal, int))), ["direct"]


@law("failing.leaves-nothing-unawaited")
def leaves_nothing_unawaited(Signal, calls, each: AsyncFunction, fails: Failure, send: AnySend):
    # The class, since an instance that is kept would keep what it came through.
    error = ValueError
    signal = Signal()
    signal.connect(each)
    signal.connect(fails)
    signal.connect(each, int)
    return unawaited(lambda: outcome(lambda: send(signal, int))), []


@law("failing.leaves-nothing-unretrieved", uses=["coroutines"])
def leaves_nothing_unretrieved(Signal, calls, send: Asend):
    async def fails(**kwargs):
        raise BaseException("planted")

    async def fails_too(**kwargs):
        raise BaseException("planted")

    async def fails_later(**kwargs):
        try:
            await a_while()
        finally:
            raise BaseException("planted")

    async def main():
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: calls.append(context["message"]))
        try:
            await send(signal, int)
        except BaseException:
            pass
        await until(lambda: len(asyncio.all_tasks()) == 1)
        gc.collect()

    signal = Signal()
    for each in (fails, fails_too, fails_later):
        signal.connect(each)
    run(main)
    return calls, []


@law("failing.eager-tasks", uses=["asend", "coroutines"])
def eager_tasks(Signal, calls, other: Either):
    async def fails(**kwargs):
        raise ValueError("planted")

    async def main():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        try:
            await signal.asend(int)
        except Exception as error:
            return type(error).__name__

    signal = Signal()
    signal.connect(fails)
    signal.connect(other)
    return run(main), "ValueError"


@law("failing.changes-nothing", uses=["disconnect"])
def changes_nothing(Signal, calls, first: Either, fails: Failure, error: AsyncError, send: AnySend, caching: Caching):
    signal = Signal(**caching)
    signal.connect(fails, int)
    signal.connect(first, int)
    called = ["fails" in heard(calls, lambda: outcome(lambda: send(signal, int))) for _ in range(3)]
    signal.disconnect(fails, int)
    found = {"each time it fails, it is called": called, "disconnected": heard(calls, send, signal, int)}
    return found, {"each time it fails, it is called": [True] * 3, "disconnected": ["first"]}


@law("failing.logs-nothing")
def logs_nothing(Signal, calls, records, error: AsyncError, fails: Failure, send: Raising):
    async def fails_too(**kwargs):
        raise KeyError("planted")

    signal = Signal()
    signal.connect(fails)
    outcome(lambda: send(signal, int))
    signal.connect(fails_too)
    outcome(lambda: send(signal, int))
    return [record.levelname for record in records], []


@law("failing.each-call-once")
def each_call_once(Signal, calls, error: AsyncError, fails: Failure, send: AnySend):
    signal = Signal()
    signal.connect(fails)
    outcome(lambda: send(signal, int, value=1))
    return calls, ["fails"]

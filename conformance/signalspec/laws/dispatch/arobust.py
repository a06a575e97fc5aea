"""Laws of the chapter arobust: robust sends with asynchronous receivers."""

from __future__ import annotations

import asyncio
import logging
import threading

from signalspec.laws import law
from signalspec.laws.vocabulary import a_while, heard, outcome, run, until, way_of
from signalspec.programs.async_kinds import (
    AsyncFunction,
    AsyncReceiver,
    AsyncUnnamed,
    Cause,
    Either,
    Failing,
    Failure,
    Order,
    Robust,
)
from signalspec.programs.kinds import AsyncError, Caching, CaughtError, Change, Error, Fatal, LoggedError, Unnamed
from signalspec.programs.party_kinds import Function
from signalspec.programs.surrounding_kinds import Logging


@law("arobust.error-is-the-response")
def error_is_the_response(Signal, calls, error: CaughtError, cause: Cause, fails: Failure, send: Robust):
    error.__context__ = context = KeyError("context")
    error.__cause__ = cause
    signal = Signal()
    signal.connect(fails)
    response = send(signal, int)[0][1]
    found = {
        "the exception itself": response is error,
        "its cause": response.__cause__ is cause,
        "its context": response.__context__ is context,
    }
    return (found, getattr(response, "__notes__", [])), (dict.fromkeys(found, True), [])


@law("arobust.calls-the-rest")
def calls_the_rest(Signal, calls, error: AsyncError, fails: Failure, last: Either, send: Robust):
    async def fails_too(**kwargs):
        calls.append("fails too")
        raise error

    signal = Signal()
    for each in (fails, fails_too, last):
        signal.connect(each)
    called = heard(calls, lambda: outcome(lambda: send(signal, int)))
    return called, ["fails", "fails too", "last"]


@law("arobust.others-go-on", uses=["asend_robust", "coroutines"])
def others_go_on(Signal, calls, order: Order, failing: Failing):
    def make(number):
        async def receiver(**kwargs):
            await until(lambda: calls == list(order[: order.index(number)]))
            # Whoever is to be cancelled is cancelled before it ends.
            await asyncio.sleep(0)
            calls.append(number)
            if number in failing:
                raise ValueError(number)
            return number

        return receiver

    signal = Signal()
    receivers = [make(number) for number in range(3)]
    for each in receivers:
        signal.connect(each)
    responses = [type(response).__name__ for _, response in run(lambda: signal.asend_robust(int))]
    return (calls, responses), (list(order), ["ValueError" if number in failing else "int" for number in range(3)])


@law("arobust.keeps-the-order")
def keeps_the_order(Signal, calls, fails: Failure, last: AsyncFunction, send: Robust):
    async def slow(**kwargs):
        await until(lambda: "last" in calls)
        raise LookupError("slow")

    error = ValueError("fails")
    signal = Signal()
    for each in (slow, fails, last):
        signal.connect(each)
    responses = [type(response).__name__ for _, response in send(signal, int)]
    awaited = asyncio.iscoroutinefunction(fails)
    return responses, ["LookupError", "ValueError", "str"] if awaited else ["ValueError", "LookupError", "str"]


@law("arobust.error-has-its-traceback")
def error_has_its_traceback(Signal, calls, error: AsyncError, fails: Failure, send: Robust):
    signal = Signal()
    signal.connect(fails)
    return way_of(send(signal, int)[0][1])[-1:], ["fails"]


@law("arobust.returned-exceptions-are-responses", uses=["coroutines"])
def returned_exceptions_are_responses(Signal, records, error: Error, send: Robust):
    async def receiver(**kwargs):
        return error

    signal = Signal()
    signal.connect(receiver)
    found = {"the exception is the response": send(signal, int)[0][1] is error, "records": len(records)}
    return found, {"the exception is the response": True, "records": 0}


@law("arobust.failures-change-nothing")
def failures_change_nothing(
    Signal, calls, error: AsyncError, fails: Failure, other: Either, send: Robust, caching: Caching
):
    signal = Signal(**caching)
    signal.connect(fails, int)
    signal.connect(other, int)
    called = [heard(calls, lambda: outcome(lambda: send(signal, int))) for _ in range(3)]
    return called, [["fails", "other"]] * 3


@law("arobust.call-that-fails")
def call_that_fails(Signal, calls, other: AsyncReceiver, send: Robust):
    async def demands(value, **kwargs):
        calls.append("demands")

    signal = Signal()
    signal.connect(demands)
    signal.connect(other)
    responses = send(signal, int)
    return ([type(pair[1]).__name__ for pair in responses], calls), (["TypeError", "str"], ["other"])


@law("arobust.unnamed-receiver")
def unnamed_receiver(Signal, calls, each: AsyncUnnamed, last: AsyncFunction, send: Robust):
    signal = Signal()
    signal.connect(each)
    signal.connect(last)
    responses = [type(pair[1]).__name__ for pair in send(signal, int)]
    return (responses, calls), (["ValueError", "str"], ["last"])


@law("arobust.unnamed-direct-receiver", uses=["asend_robust"])
def unnamed_direct_receiver(Signal, calls, each: Unnamed, last: Function):
    signal = Signal()
    signal.connect(each)
    signal.connect(last)
    responses = [type(pair[1]).__name__ for pair in run(lambda: signal.asend_robust(int))]
    return (responses, calls), (["ValueError", "str"], ["last"])


@law("arobust.logs-each-failure")
def logs_each_failure(Signal, calls, records, error: AsyncError, fails: Failure, send: Robust):
    def stops(**kwargs):
        raise BaseException("planted")

    async def stops_too(**kwargs):
        raise BaseException("planted")

    signal, ended = Signal(), Signal()
    signal.connect(fails)
    signal.connect(fails, int)
    send(signal, int)
    # Who fails before another ends the dispatch has failed.
    ended.connect(fails)
    ended.connect(stops_too if asyncio.iscoroutinefunction(fails) else stops)
    outcome(lambda: send(ended, int))
    return [record.name for record in records], ["django.dispatch"] * len(calls)


@law("arobust.logs-as-errors")
def logs_as_errors(Signal, calls, records, error: AsyncError, fails: Failure, send: Robust):
    signal = Signal()
    signal.connect(fails)
    send(signal, int)
    return [record.levelname for record in records], ["ERROR"] * len(records)


@law("arobust.logs-the-exception")
def logs_the_exception(Signal, calls, records, error: LoggedError, fails: Failure, send: Robust):
    signal = Signal()
    signal.connect(fails)
    send(signal, int)
    infos = [record.exc_info or (None, None, None) for record in records]
    carried = [
        {"type": info[0] is type(error), "exception": info[1] is error, "traceback": info[2] is not None}
        for info in infos
    ]
    return carried, [dict.fromkeys(("type", "exception", "traceback"), True)] * len(records)


@law("arobust.log-names-receiver-and-error", uses=["coroutines"])
def log_names_receiver_and_error(Signal, calls, records, send: Robust):
    class Party:
        async def failing_method(self, **kwargs):
            raise ValueError(why)

    async def failing_function(**kwargs):
        raise ValueError(why)

    async def succeeds(**kwargs):
        pass

    def failing(**kwargs):
        raise ValueError(why)

    async def failing_otherwise(**kwargs):
        raise LookupError("another reason")

    why, party, named, several = "why it failed: 100%s", Party(), [], Signal()
    for each in (failing_function, party.failing_method, failing):
        records.clear()
        signal = Signal()
        signal.connect(succeeds)
        signal.connect(each)
        send(signal, int)
        messages = [record.getMessage() for record in records]
        named += [{"receiver": each.__qualname__ in text, "error": why in text} for text in messages]
    records.clear()
    for each in (failing_function, succeeds, failing_otherwise):
        several.connect(each)
    send(several, int)
    for text in (record.getMessage() for record in records):
        function, another = "failing_function" in text, "otherwise" in text
        named.append(
            {"receiver": function or another, "error": (why in text, "another" in text) == (function, another)}
        )
    return named, [{"receiver": True, "error": True}] * len(named)


@law("arobust.logs-without-a-lock", uses=["coroutines", "threads"])
def logs_without_a_lock(Signal, calls, other: Either, change: Change, send: Robust):
    def use():
        change(signal, new, new, str)
        return [response for _, response in signal.send(str)]

    def new(**kwargs):
        pass

    def direct(**kwargs):
        raise ValueError

    async def awaited(**kwargs):
        raise ValueError

    class Using(logging.Handler):
        def emit(self, record):
            thread = threading.Thread(target=lambda: used.append(outcome(use)), daemon=True)
            thread.start()
            thread.join()

    logging.getLogger("django.dispatch").handlers = [Using()]
    used = []
    signal = Signal()
    signal.connect(other, str)
    for fails in (direct, awaited):
        signal.connect(fails, int)
    send(signal, int)
    # Whether it is logged at all is another clause's matter.
    called = ["other" if "other" in each else each for each in used]
    return called, ["other"] * len(used)


@law("arobust.successes-log-nothing", uses=["asend_robust", "threads"])
def successes_log_nothing(Signal, calls, records, first: AsyncReceiver, second: Either, send: Robust):
    logging.getLogger("django.dispatch").setLevel(1)

    async def waits(**kwargs):
        calls.append("waits")
        await until(lambda: False)

    async def main():
        task = asyncio.ensure_future(cancelled.asend_robust(int))
        await until(lambda: "waits" in calls)
        task.cancel()
        await asyncio.wait([task])

    signal, cancelled = Signal(), Signal()
    send(signal, int)
    signal.connect(first)
    signal.connect(second)
    send(signal, int)
    cancelled.connect(waits)
    run(main)
    return [record.levelname for record in records], []


@law("arobust.fatal-exceptions-cancel-the-others", uses=["asend_robust", "coroutines", "send_robust"])
def fatal_exceptions_cancel_the_others(Signal, calls):
    async def fails(**kwargs):
        raise ValueError("planted")

    async def stops(**kwargs):
        await a_while()
        raise error

    async def waits(**kwargs):
        try:
            await until(lambda: False)
        except asyncio.CancelledError:
            await a_while()
            calls.append("has cleaned up")

    async def main():
        try:
            await signal.asend_robust(int)
        except BaseException as caught:
            return "raised" if caught is error else type(caught).__name__, list(calls)
        return "nothing raised", list(calls)

    error, signal = BaseException("planted"), Signal()
    for each in (fails, waits, stops):
        signal.connect(each)
    found = [run(main)]
    calls.clear()
    try:
        signal.send_robust(int)
    except BaseException as caught:
        found.append(("raised" if caught is error else type(caught).__name__, list(calls)))
    return found, [("raised", ["has cleaned up"])] * 2


@law("arobust.fatal-exceptions-end-it")
def fatal_exceptions_end_it(Signal, calls, later: Function, awaited: AsyncFunction, error: Fatal, send: Robust):
    def stops(**kwargs):
        calls.append("stops")
        raise error

    signal = Signal()
    for each in (awaited, stops, later):
        signal.connect(each)
    outcome(lambda: send(signal, int))
    return calls, ["stops"]


@law("arobust.log-is-complete")
def log_is_complete(Signal, calls, records, log: Logging, error: CaughtError, fails: Failure, send: Robust):
    signal = Signal()
    signal.connect(fails)
    outcome(lambda: send(signal, int))
    usual = len(records)
    records.clear()
    log(logging.getLogger("django.dispatch"))
    outcome(lambda: send(signal, int))
    infos = [record.exc_info or (None, None, None) for record in records if record.name == "django.dispatch"]
    levels = [record.levelname for record in records if record.name == "django.dispatch"]
    carried = [
        {"type": info[0] is type(error), "exception": info[1] is error, "traceback": info[2] is not None}
        for info in infos
    ]
    found = {"levels": levels, "with the exception": carried}
    whole = dict.fromkeys(("type", "exception", "traceback"), True)
    return found, {"levels": ["ERROR"] * usual, "with the exception": [whole] * usual}

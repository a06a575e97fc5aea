"""Laws of the chapter robust: send_robust."""

from __future__ import annotations

import logging

from signalspec.laws import law
from signalspec.laws.vocabulary import at_address, heard, outcome, way_of
from signalspec.programs.kinds import AnyFatal, Caching, CaughtError, Error, Unnamed, Weak
from signalspec.programs.party_kinds import Callback, Function, Receiver, Sender
from signalspec.programs.surrounding_kinds import Logging


@law("robust.error-is-the-response", uses=["send_robust"])
def error_is_the_response(Signal, error: Error, sender: Sender, caching: Caching):
    def receiver(**kwargs):
        try:
            raise context
        except KeyError:
            raise error from cause

    def following(**kwargs):
        raise other

    cause, context, other = ValueError("cause"), KeyError("context"), LookupError("by itself")
    signal = Signal(**caching)
    error.add_note("a note")
    signal.connect(receiver, sender)
    signal.connect(following, sender)
    pairs = list(signal.send_robust(sender))
    found = {
        "the exception is a response": any(response is error for _, response in pairs),
        "and that of its receiver": not any(pair[0] is receiver and pair[1] is not error for pair in pairs),
        "its cause": error.__cause__ is cause,
        "its context": error.__context__ is context,
        "no context for the next": other.__context__ is None,
    }
    return (found, vars(error)), (dict.fromkeys(found, True), {"__notes__": ["a note"]})


@law("robust.calls-the-rest", uses=["send_robust"])
def calls_the_rest(Signal, calls, first: Callback, last: Callback, error: Error):
    def fails(**kwargs):
        calls.append("fails")
        raise error

    def fails_too(**kwargs):
        calls.append("fails too")
        raise error

    signal = Signal()
    signal.connect(first)
    signal.connect(fails)
    signal.connect(fails_too)
    signal.connect(last)
    called = heard(calls, lambda: outcome(lambda: signal.send_robust(int)))
    return called, ["fails", "fails too", "first", "last"]


@law("robust.keeps-the-order", uses=["send_robust"])
def keeps_the_order(Signal, calls, first: Function, last: Function, sender: Sender):
    def fails(**kwargs):
        calls.append("fails")
        raise ValueError("fails")

    def also(**kwargs):
        calls.append("also")
        raise TypeError("also")

    signal = Signal()
    for each in (first, fails, last, also):
        signal.connect(each, sender)
    return [str(pair[1]) for pair in signal.send_robust(sender)], calls


@law("robust.error-has-its-traceback", uses=["send_robust"])
def error_has_its_traceback(Signal, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    def demands(value, **kwargs):
        pass

    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(demands, sender)
    ways = [way_of(response) for _, response in signal.send_robust(sender)]
    found = {
        "ends in the receiver": ["receiver"] in [way[-1:] for way in ways],
        "without a traceback": ways.count([]),
    }
    return found, {"ends in the receiver": True, "without a traceback": 0}


@law("robust.raises-fatal-exceptions", uses=["send_robust"])
def raises_fatal_exceptions(Signal, error: AnyFatal, sender: Sender):
    def fails(**kwargs):
        raise ValueError

    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(fails)
    signal.connect(receiver, sender)
    try:
        signal.send_robust(sender)
    except BaseException as caught:
        return "the exception itself" if caught is error else type(caught).__name__, "the exception itself"
    return "nothing raised", "the exception itself"


@law("robust.fatal-exceptions-end-it", uses=["send_robust"])
def fatal_exceptions_end_it(Signal, calls, first: Function, last: Function, error: AnyFatal):
    def fails(**kwargs):
        raise ValueError

    def stops(**kwargs):
        calls.append("stops")
        raise error

    signal = Signal()
    for each in (first, fails, stops, last):
        signal.connect(each)
    outcome(lambda: signal.send_robust(int))
    return calls[calls.index("stops") :], ["stops"]


@law("robust.returned-exceptions-are-responses", uses=["send_robust"])
def returned_exceptions_are_responses(Signal, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        return error

    signal = Signal()
    signal.connect(receiver, sender)
    found = {"the exception is the response": signal.send_robust(sender)[0][1] is error, "records": len(records)}
    return found, {"the exception is the response": True, "records": 0}


@law("robust.failures-change-nothing", uses=["send_robust"])
def failures_change_nothing(Signal, calls, error: Error, weak: Weak, caching: Caching):
    def general(**kwargs):
        calls.append("general")
        raise error

    def own(**kwargs):
        calls.append("own")
        raise error

    signal = Signal(**caching)
    signal.connect(general, weak=weak)
    signal.connect(own, int, weak=weak)
    called = [heard(calls, lambda: outcome(lambda: signal.send_robust(int))) for _ in range(12)]
    return called[1:], called[:1] * 11


@law("robust.logs-each-failure", uses=["dispatch_uid", "send_robust"])
def logs_each_failure(Signal, calls, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        calls.append("receiver")
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver, sender, dispatch_uid="again")
    signal.send_robust(sender)
    signal.send_robust(sender)
    signal.connect(receiver)
    signal.send_robust(None)
    return [record.name for record in records], ["django.dispatch"] * len(calls)


@law("robust.logs-before-the-next", uses=["send_robust"])
def logs_before_the_next(Signal, calls, records, error: Error, sender: Sender):
    def fails(**kwargs):
        raise error

    def following(**kwargs):
        calls.append(len(records))

    signal = Signal()
    signal.connect(fails, sender)
    signal.connect(following, sender)
    outcome(lambda: signal.send_robust(sender))
    return calls, [len(records)]


@law("robust.logs-as-errors", uses=["send_robust"])
def logs_as_errors(Signal, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    outcome(lambda: signal.send_robust(sender))
    return [record.levelname for record in records], ["ERROR"] * len(records)


@law("robust.log-is-configurable", uses=["send_robust"])
def log_is_configurable(Signal, records, error: Error, sender: Sender):
    def fails(**kwargs):
        raise error

    def logs():
        records.clear()
        same = [response is error for _, response in signal.send_robust(sender)]
        return {"records": sum(record.name == logger.name for record in records), "the error is the response": same}

    logger, root, signal = logging.getLogger("django.dispatch"), logging.getLogger(), Signal()
    signal.connect(fails, sender)
    usual = logs()
    logger.setLevel(logging.CRITICAL)
    found = [logs()]
    logger.setLevel(logging.NOTSET)
    logger.disabled = True
    found.append(logs())
    logger.disabled = False
    found.append(logs())
    root.handlers, logger.handlers, logger.propagate = logger.handlers, [], True
    found.append(logs())
    root.handlers, logger.handlers, logger.propagate = [], root.handlers, False
    silent = {**usual, "records": 0}
    return found, [silent, silent, usual, usual]


@law("robust.logs-the-exception", uses=["send_robust"])
def logs_the_exception(Signal, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    outcome(lambda: signal.send_robust(sender))
    infos = [record.exc_info or (None, None, None) for record in records]
    carried = [
        {"type": info[0] is type(error), "exception": info[1] is error, "traceback": info[2] is not None}
        for info in infos
    ]
    return carried, [dict.fromkeys(("type", "exception", "traceback"), True)] * len(records)


@law("robust.log-names-receiver-and-error", uses=["disconnect", "send_robust"])
def log_names_receiver_and_error(Signal, records, sender: Sender):
    class Party:
        def failing_method(self, **kwargs):
            raise ValueError(why)

    def failing_function(**kwargs):
        raise ValueError(why)

    def make():
        def newcomer(**kwargs):
            raise ValueError(why)

        return newcomer

    def note(failing):
        records.clear()
        signal.connect(failing, sender)
        outcome(lambda: signal.send_robust(sender) and None)
        signal.disconnect(failing, sender)
        texts = [record.getMessage() for record in records]
        named.extend({"receiver": failing.__qualname__ in text, "error": why in text} for text in texts)
        records.clear()

    named: list = []
    why, party, signal = "why it failed: 100%s", Party(), Signal()

    class FailingClass:
        def __init__(self, **kwargs):
            raise ValueError(why)

    note(party.failing_method)
    note(FailingClass)
    note(failing_function)
    address = id(failing_function)
    del failing_function
    note(at_address(address, make) or make())
    return named, [{"receiver": True, "error": True}] * len(named)


@law("robust.failures-log-nothing", uses=["send_robust"])
def failures_log_nothing(Signal, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    signal.send_robust(sender)
    return [record.name for record in records], []


@law("robust.successes-log-nothing", uses=["send_robust"])
def successes_log_nothing(Signal, records, receiver: Receiver, sender: Sender, caching: Caching):
    logging.getLogger("django.dispatch").setLevel(1)

    def stops(**kwargs):
        raise KeyboardInterrupt("planted")

    signal, stopped = Signal(**caching), Signal(**caching)
    signal.send_robust(sender)
    signal.connect(receiver, sender)
    signal.send_robust(sender)
    stopped.connect(stops, sender)
    outcome(lambda: stopped.send_robust(sender))
    return [record.levelname for record in records], []


@law("robust.unnamed-receiver", uses=["send_robust"])
def unnamed_receiver(Signal, calls, receiver: Unnamed, last: Function):
    signal = Signal()
    signal.connect(receiver)
    signal.connect(last)
    responses = [type(pair[1]).__name__ for pair in signal.send_robust(int)]
    return (sorted(responses), calls), (["ValueError", "str"], ["last"])


@law("robust.log-is-complete", uses=["send_robust"])
def log_is_complete(Signal, records, log: Logging, error: CaughtError, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    outcome(lambda: signal.send_robust(sender))
    usual = len(records)
    records.clear()
    log(logging.getLogger("django.dispatch"))
    outcome(lambda: signal.send_robust(sender))
    infos = [record.exc_info or (None, None, None) for record in records if record.name == "django.dispatch"]
    levels = [record.levelname for record in records if record.name == "django.dispatch"]
    carried = [
        {"type": info[0] is type(error), "exception": info[1] is error, "traceback": info[2] is not None}
        for info in infos
    ]
    found = {"levels": levels, "with the exception": carried}
    whole = dict.fromkeys(("type", "exception", "traceback"), True)
    return found, {"levels": ["ERROR"] * usual, "with the exception": [whole] * usual}

"""Laws of the chapter robust: send_robust."""

from __future__ import annotations

from signalspec.kinds import Caching, Callback, Error, Fatal, Function, Receiver, Sender, Unnamed, Weak
from signalspec.laws import law
from signalspec.laws.vocabulary import outcome


@law("robust.error-is-the-response")
def error_is_the_response(Signal, error: Error, sender: Sender, caching: Caching):
    def receiver(**kwargs):
        raise error

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    responses = signal.send_robust(sender)
    return [(pair[0] is receiver, pair[1] is error) for pair in responses], [(True, True)]


@law("robust.calls-the-rest")
def calls_the_rest(Signal, calls, first: Callback, last: Callback, error: Error):
    def fails(**kwargs):
        calls.append("fails")
        raise error

    signal = Signal()
    signal.connect(first)
    signal.connect(fails)
    signal.connect(last)
    signal.connect(fails, dispatch_uid="again")
    outcome(lambda: signal.send_robust(int))
    return calls, ["first", "fails", "last", "fails"]


@law("robust.keeps-the-order")
def keeps_the_order(Signal, calls, first: Function, last: Function, sender: Sender):
    def fails(**kwargs):
        raise ValueError

    def also(**kwargs):
        raise KeyError

    signal = Signal()
    for each in (first, fails, last, also):
        signal.connect(each, sender)
    order = [[first, fails, last, also].index(pair[0]) for pair in signal.send_robust(sender)]
    return (order, calls), ([0, 1, 2, 3], ["first", "last"])


@law("robust.error-has-its-traceback")
def error_has_its_traceback(Signal, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    traceback, names = signal.send_robust(sender)[0][1].__traceback__, []
    while traceback is not None:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    return names[-1:], ["receiver"]


@law("robust.raises-fatal-exceptions")
def raises_fatal_exceptions(Signal, error: Fatal, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    try:
        signal.send_robust(sender)
    except BaseException as caught:
        return caught is error, True
    return "nothing raised", True


@law("robust.fatal-exceptions-end-it")
def fatal_exceptions_end_it(Signal, calls, first: Function, last: Function, error: Fatal):
    def stops(**kwargs):
        raise error

    signal = Signal()
    signal.connect(first)
    signal.connect(stops)
    signal.connect(last)
    outcome(lambda: signal.send_robust(int))
    return calls, ["first"]


@law("robust.returned-exceptions-are-responses")
def returned_exceptions_are_responses(Signal, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        return error

    signal = Signal()
    signal.connect(receiver, sender)
    [(_, response)] = signal.send_robust(sender)
    return (response is error, len(records)), (True, 0)


@law("robust.failures-change-nothing")
def failures_change_nothing(Signal, calls, error: Error, weak: Weak, caching: Caching):
    def receiver(**kwargs):
        calls.append("called")
        raise error

    signal = Signal(**caching)
    signal.connect(receiver, weak=weak)
    signal.send_robust(int)
    signal.send_robust(int)
    return calls, ["called", "called"]


@law("robust.logs-each-failure")
def logs_each_failure(Signal, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver, sender, dispatch_uid="again")
    signal.send_robust(sender)
    return [record.name for record in records], ["django.dispatch"] * 2


@law("robust.logs-as-errors")
def logs_as_errors(Signal, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    signal.send_robust(sender)
    return [record.levelname for record in records], ["ERROR"]


@law("robust.logs-the-exception")
def logs_the_exception(Signal, records, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    signal.send_robust(sender)
    infos = [record.exc_info or (None, None, None) for record in records]
    return [(info[0] is type(error), info[1] is error, info[2] is not None) for info in infos], [(True, True, True)]


@law("robust.log-names-receiver-and-error")
def log_names_receiver_and_error(Signal, records, sender: Sender):
    def failing_receiver(**kwargs):
        raise ValueError("why it failed")

    signal = Signal()
    signal.connect(failing_receiver, sender)
    signal.send_robust(sender)
    messages = [record.getMessage() for record in records]
    return [(failing_receiver.__qualname__ in text, "why it failed" in text) for text in messages], [(True, True)]


@law("robust.successes-log-nothing")
def successes_log_nothing(Signal, records, receiver: Receiver, sender: Sender, caching: Caching):
    signal = Signal(**caching)
    signal.send_robust(sender)
    signal.connect(receiver, sender)
    signal.send_robust(sender)
    return [record.levelname for record in records], []


@law("robust.unnamed-receiver")
def unnamed_receiver(Signal, calls, receiver: Unnamed, last: Function):
    signal = Signal()
    signal.connect(receiver)
    signal.connect(last)
    responses = signal.send_robust(int)
    return ([type(response).__name__ for _, response in responses], calls), (["ValueError", "str"], ["last"])

"""Laws of the chapter send: receivers that raise."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome, way_of
from signalspec.programs.kinds import AnyFatal, Caching, Error, Raised, Send, Truth, Weak
from signalspec.programs.party_kinds import Callback, Function, Sender


@law("send.raises-what-a-receiver-raises")
def raises_what_a_receiver_raises(Signal, error: Error, sender: Sender, caused: Truth):
    def receiver(**kwargs):
        try:
            raise context
        except KeyError:
            if caused:
                raise error from cause
            fail()

    def fail():
        raise error

    cause, context, signal = ValueError("cause") if caused else None, KeyError("context"), Signal()
    # An error of which Python keeps a stock may come with what it was used for before.
    suppressed = caused or error.__suppress_context__
    error.add_note("a note")
    signal.connect(receiver, sender)
    try:
        try:
            raise LookupError("handled already")
        except LookupError:
            signal.send(sender)
    except BaseException as caught:
        left = {
            "the exception itself": caught is error,
            "its cause": caught.__cause__ is cause,
            "its context": caught.__context__ is context,
            "whether that is suppressed": caught.__suppress_context__ is suppressed,
        }
        return (left, vars(caught)), (dict.fromkeys(left, True), {"__notes__": ["a note"]})
    return "nothing raised", "the exception itself"


@law("send.error-has-its-traceback")
def error_has_its_traceback(Signal, error: Raised, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    try:
        signal.send(sender)
    except BaseException as caught:
        if caught is error:
            return way_of(error)[-1:], ["receiver"]
    # What is raised in its place, or not at all, is for the clause on what send raises.
    return None, None


@law("send.raises-fatal-exceptions")
def raises_fatal_exceptions(Signal, error: AnyFatal, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    try:
        signal.send(sender)
    except BaseException as caught:
        return "the exception itself" if caught is error else type(caught).__name__, "the exception itself"
    return "nothing raised", "the exception itself"


@law("send.stops-at-an-exception")
def stops_at_an_exception(Signal, calls, first: Callback, last: Callback, error: Error):
    def fails(**kwargs):
        calls.append("fails")
        raise error

    signal = Signal()
    signal.connect(first)
    signal.connect(fails)
    signal.connect(last)
    outcome(lambda: signal.send(int))
    return calls[calls.index("fails") :], ["fails"]


@law("send.exception-changes-nothing")
def exception_changes_nothing(
    Signal, calls, first: Function, last: Function, error: Raised, send: Send, weak: Weak, caching: Caching
):
    def fails(**kwargs):
        calls.append("fails")
        if failing:
            raise error

    failing = False
    signal, general = Signal(**caching), Signal(**caching)
    signal.connect(first, int, weak=weak)
    signal.connect(fails, int, weak=weak)
    general.connect(first, weak=weak)
    general.connect(fails, weak=weak)
    before = [heard(calls, send, each, int) for each in (signal, general)]
    failing = True
    outcome(lambda: send(signal, int))
    outcome(lambda: send(general, int))
    failing = False
    after = [heard(calls, send, each, int) for each in (signal, general)]
    signal.connect(last, int, weak=weak)
    general.connect(last, weak=weak)
    after += [heard(calls, send, each, int) for each in (signal, general)]
    return after, [*before, *([*each, "last"] for each in before)]


@law("send.logs-nothing")
def logs_nothing(Signal, records, error: Error):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver)
    outcome(lambda: signal.send(None))
    return [record.levelname for record in records], []

"""Laws of the chapter send: send."""

from __future__ import annotations

import contextvars
import threading

from signalspec.kinds import (
    AnySender,
    Caching,
    Callback,
    Error,
    Fatal,
    Function,
    Raised,
    Receiver,
    Response,
    Send,
    Sender,
    Weak,
)
from signalspec.laws import law
from signalspec.laws.vocabulary import outcome


@law("send.each-connection-once")
def each_connection_once(
    Signal, calls, first: Callback, second: Callback, third: Callback, sender: Sender, send: Send
):
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second)
    signal.connect(third, sender, dispatch_uid="uid")
    send(signal, sender)
    return sorted(calls), ["first", "second", "third"]


@law("send.order")
def order(Signal, calls, sender: Sender, send: Send, weak: Weak, caching: Caching):
    def receiver(number):
        return lambda **kwargs: calls.append(number) or number

    receivers = [receiver(number) for number in range(12)]
    signal = Signal(**caching)
    for number, each in enumerate(receivers):
        signal.connect(
            each,
            sender if number % 3 else None,
            weak if number % 2 else True,
            [None, f"uid {-number}"][number % 4 // 2],
        )
    responses = [response for _, response in send(signal, sender)]
    return (calls, responses), (list(range(12)), list(range(12)))


@law("send.returns-a-list-of-pairs")
def returns_a_list_of_pairs(Signal, receiver: Receiver, sender: Sender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    responses = send(signal, sender)
    return (type(responses), [type(pair) for pair in responses], [len(pair) for pair in responses]), (
        list,
        [tuple],
        [2],
    )


@law("send.pairs-name-the-receiver")
def pairs_name_the_receiver(Signal, receiver: Receiver, sender: Sender, send: Send, weak: Weak):
    signal = Signal()
    signal.connect(receiver, sender, weak=weak, dispatch_uid="uid")
    [(named, _)] = send(signal, sender)
    same = [getattr(named, part, named) is getattr(receiver, part, receiver) for part in ("__self__", "__func__")]
    return same, [True, True]


@law("send.pairs-carry-the-response")
def pairs_carry_the_response(Signal, calls, response: Response, sender: Sender, send: Send):
    def receiver(**kwargs):
        return response

    signal = Signal()
    signal.connect(receiver, sender)
    responses = send(signal, sender)
    return ([pair[1] is response for pair in responses], calls), ([True], [])


@law("send.nobody-listens")
def nobody_listens(Signal, calls, receiver: Callback, sender: AnySender, send: Send):
    signal = Signal()
    never = send(signal, sender, value=1)
    signal.connect(receiver, int)
    other = send(signal, sender)
    signal.disconnect(receiver, int)
    return repr([never, other, send(signal, sender)]), "[[], [], []]"


@law("send.new-list-each-time")
def new_list_each_time(Signal, calls, receiver: Callback, sender: Sender, send: Send, caching: Caching):
    signal = Signal(**caching)
    empty = send(signal, sender)
    empty.append("spoilt")
    again = send(signal, sender)
    signal.connect(receiver, sender)
    send(signal, sender).clear()
    return (again, len(send(signal, sender)), empty is again), ([], 1, False)


@law("send.passes-the-signal")
def passes_the_signal(Signal, calls, sender: Sender, send: Send):
    def receiver(**kwargs):
        calls.append(kwargs.get("signal") is signal)

    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver)
    send(signal, sender)
    return calls, [True, True]


@law("send.passes-the-sender")
def passes_the_sender(Signal, calls, sender: AnySender, send: Send):
    def receiver(**kwargs):
        calls.append(kwargs.get("sender", "missing") is sender)

    def on_none(**kwargs):
        calls.append(kwargs.get("sender", "missing"))

    signal = Signal()
    signal.connect(receiver)
    signal.connect(receiver, sender)
    send(signal, sender)
    signal.disconnect(receiver)
    signal.connect(on_none)
    send(signal, None)
    return calls, [True, True, None]


@law("send.passes-named-arguments")
def passes_named_arguments(Signal, calls, value: Response, sender: Sender, send: Send):
    def receiver(**kwargs):
        calls.append(kwargs["value"] is value and kwargs["other"] == 2)

    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver)
    send(signal, sender, value=value, other=2)
    return calls, [True, True]


@law("send.passes-nothing-else")
def passes_nothing_else(Signal, calls, sender: Sender, send: Send, weak: Weak):
    def receiver(*args, **kwargs):
        calls.append((args, sorted(kwargs)))

    signal = Signal()
    signal.connect(receiver, sender, weak=weak)
    send(signal, sender)
    send(signal, sender, value=1)
    return calls, [((), ["sender", "signal"]), ((), ["sender", "signal", "value"])]


@law("send.any-argument-name")
def any_argument_name(Signal, calls, sender: Sender, send: Send):
    def accept(**kwargs):
        calls.append({name: value for name, value in kwargs.items() if name not in ("signal", "sender")})

    names = (
        "receiver receivers response responses named kwargs args err error weak dispatch_uid func function cls key"
    )
    named = {name: name.upper() for name in names.split()}
    signal = Signal()
    signal.connect(accept, sender)
    send(signal, sender, **named)
    return calls, [named]


@law("send.own-keywords")
def own_keywords(Signal, calls, sender: Sender, send: Send):
    def spoil(**kwargs):
        kwargs.update(value="spoilt", sender="spoilt", signal="spoilt")

    def receiver(**kwargs):
        calls.append((kwargs["value"], kwargs["sender"] is sender, kwargs["signal"] is signal))

    signal = Signal()
    signal.connect(spoil)
    signal.connect(receiver)
    send(signal, sender, value=1)
    send(signal, sender, value=1)
    return calls, [(1, True, True), (1, True, True)]


@law("send.sender-parameter")
def sender_parameter(Signal, calls, receiver: Callback, sender: Sender, send: Send):
    signal = Signal()
    without = outcome(lambda: send(signal))
    signal.connect(receiver, sender)
    send(signal, sender)
    send(signal, sender=sender)
    return (without, outcome(lambda: send(signal, value=1)), calls), (
        "raises TypeError",
        "raises TypeError",
        ["receiver", "receiver"],
    )


@law("send.raises-what-a-receiver-raises")
def raises_what_a_receiver_raises(Signal, error: Error, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    try:
        signal.send(sender)
    except BaseException as caught:
        return caught is error, True
    return "nothing raised", True


@law("send.raises-fatal-exceptions")
def raises_fatal_exceptions(Signal, error: Fatal, sender: Sender):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver, sender)
    try:
        signal.send(sender)
    except BaseException as caught:
        return caught is error, True
    return "nothing raised", True


@law("send.stops-at-an-exception")
def stops_at_an_exception(Signal, calls, first: Callback, last: Callback, error: Error):
    def fails(**kwargs):
        raise error

    signal = Signal()
    signal.connect(first)
    signal.connect(fails)
    signal.connect(last)
    outcome(lambda: signal.send(int))
    return calls, ["first"]


@law("send.exception-changes-nothing")
def exception_changes_nothing(
    Signal, calls, first: Function, error: Raised, send: Send, weak: Weak, caching: Caching
):
    def fails(fail, **kwargs):
        calls.append("fails" if fail else "works")
        if fail:
            raise error

    signal = Signal(**caching)
    signal.connect(first, weak=weak)
    signal.connect(fails, weak=weak)
    outcome(lambda: signal.send(int, fail=True))
    send(signal, int, fail=False)
    outcome(lambda: signal.send_robust(int, fail=True))
    changed = signal.disconnect(first), signal.connect(first, int), signal.has_listeners(int)
    send(signal, int, fail=False)
    expected = ["first", "fails", "first", "works", "first", "fails", "works", "first"]
    return (calls, changed), (expected, (True, None, True))


@law("send.logs-nothing")
def logs_nothing(Signal, records, error: Error):
    def receiver(**kwargs):
        raise error

    signal = Signal()
    signal.connect(receiver)
    outcome(lambda: signal.send(None))
    return [record.levelname for record in records], []


@law("send.same-thread")
def same_thread(Signal, calls, sender: Sender, send: Send):
    def receiver(**kwargs):
        calls.append(threading.get_ident() == thread)

    thread = threading.get_ident()
    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver)
    send(signal, sender)
    return calls, [True, True]


@law("send.same-context")
def same_context(Signal, calls, sender: Sender, send: Send):
    variable = contextvars.ContextVar("variable")
    variable.set("before")

    def receiver(**kwargs):
        calls.append(variable.get())
        variable.set("after")

    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, sender)
    return (calls, variable.get()), (["before"], "after")


@law("send.changes-nothing")
def changes_nothing(Signal, calls, first: Receiver, second: Function, sender: Sender, send: Send):
    signal = Signal()
    signal.connect(first, sender, weak=False)
    signal.connect(second, dispatch_uid="uid")
    for _ in range(3):
        send(signal, sender)
        send(signal, int)
    return calls, ["first", "second", "second"] * 3

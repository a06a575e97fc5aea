"""Laws of the chapter send: send."""

from __future__ import annotations

import contextvars
import threading

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome, turning_clock
from signalspec.programs.kinds import Caching, Error, Naming, Response, Send, Weak
from signalspec.programs.party_kinds import AnySender, Callback, Function, Receiver, Sender


@law("send.each-connection-once")
def each_connection_once(
    Signal, calls, first: Callback, second: Callback, third: Callback, sender: Sender, send: Send, uid: Naming
):
    signal = Signal()
    signal.connect(first, sender)
    signal.connect(second)
    signal.connect(third, sender, **uid("uid"))
    signal.connect(first)
    send(signal, sender)
    return sorted(calls), ["first", "first", "second", "third"]


@law("send.any-number")
def any_number(Signal, send: Send, caching: Caching):
    def receiver(number):
        return lambda **kwargs: number

    signal = Signal(**caching)
    for number in range(300):
        signal.connect(receiver(number), int if number % 3 else None, weak=False)
    responses = [response for _, response in send(signal, int)]
    found = {"responses": len(responses), "in order": responses == sorted(responses)}
    return found, {"responses": 300, "in order": True}


@law("send.order")
def order(Signal, calls, sender: Sender, send: Send, weak: Weak, caching: Caching, uid: Naming):
    def receiver(number):
        return lambda **kwargs: calls.append(number) or number

    receivers = [receiver(number) for number in range(12)]
    signal = Signal(**caching)
    for number, each in enumerate(receivers):
        signal.connect(
            each,
            sender if number % 3 else None,
            weak if number % 2 else True,
            **(uid(f"uid {-number}") if number % 4 // 2 else {}),
        )
    responses = [pair[1] for pair in send(signal, sender)]
    return (calls, responses), (sorted(calls), sorted(calls))


@law("send.returns-a-list-of-pairs")
def returns_a_list_of_pairs(Signal, receiver: Receiver, sender: Sender, send: Send, caching: Caching):
    def fails(**kwargs):
        raise ValueError

    def shape(signal):
        answers = send(signal, sender), send(signal, sender)
        pairs = [pair for answer in answers for pair in answer]
        lists = {list if isinstance(answer, list) else type(answer) for answer in answers}
        return (
            lists,
            {tuple if isinstance(pair, tuple) else type(pair) for pair in pairs},
            {len(pair) for pair in pairs},
        )

    signal, failing, silent = Signal(), Signal(**caching), Signal(**caching)
    silent.connect(receiver, int)
    silence = shape(silent)
    signal.connect(receiver, sender)
    failing.connect(fails, sender)
    shapes = [shape(signal), outcome(lambda: shape(failing))]
    # What does not take failures passes them on.
    if shapes[1] == "raises ValueError":
        del shapes[1]
    sender = None
    signal.connect(receiver)
    return [silence, *shapes, shape(signal)], [({list}, set(), set()), *[({list}, {tuple}, {2})] * (len(shapes) + 1)]


@law("send.pairs-name-the-receiver")
def pairs_name_the_receiver(Signal, receiver: Receiver, sender: Sender, send: Send, weak: Weak, uid: Naming):
    def first(**kwargs):
        pass

    def last(**kwargs):
        pass

    def fails(**kwargs):
        raise ValueError

    signal = Signal()
    signal.connect(first, sender)
    signal.connect(receiver, sender, weak=weak, **uid("uid"))
    signal.connect(last, sender)
    (named,) = [pair[0] for pair in send(signal, sender) if pair[1] == "receiver"]
    parts = "__self__", "__func__"
    same = {part: getattr(named, part, named) is getattr(receiver, part, receiver) for part in parts}
    failing = Signal()
    failing.connect(fails, sender)
    pairs = outcome(lambda: send(failing, sender))
    # What does not take failures passes them on.
    same["of a failure"] = pairs == "raises ValueError" or [pair[0] is fails for pair in pairs] == [True]
    return same, dict.fromkeys(same, True)


@law("send.pairs-carry-the-response")
def pairs_carry_the_response(Signal, calls, response: Response, sender: Sender, send: Send):
    def receiver(**kwargs):
        return response

    def following(**kwargs):
        return another

    another, signal = object(), Signal()
    signal.connect(receiver, sender)
    signal.connect(following, sender)
    try:
        raise KeyError("handled already")
    except KeyError:
        pairs = list(send(signal, sender))
    given = {
        "the response itself": any(each is response for _, each in pairs),
        "left alone": getattr(response, "gi_frame", calls) is not None and not calls,
        "the next response": any(each is another for _, each in pairs),
        "mixed up": any(pair[0] is receiver and pair[1] is not response for pair in pairs),
    }
    return given, {"the response itself": True, "left alone": True, "the next response": True, "mixed up": False}


@law("send.nobody-listens")
def nobody_listens(Signal, receiver: Callback, sender: AnySender, send: Send, caching: Caching):
    signal, keeping = Signal(), Signal(**caching)
    answers = [send(signal, sender, value=1), send(keeping, str, value=1)]
    signal.connect(receiver, int)
    keeping.connect(receiver, int)
    answers += [send(signal, sender), send(signal, sender), send(keeping, str), send(keeping, str)]
    return repr(answers), repr([[]] * 6)


@law("send.new-list-each-time")
def new_list_each_time(Signal, calls, receiver: Callback, sender: Sender, send: Send, caching: Caching):
    silent, signal = Signal(**caching), Signal(**caching)
    spoilt = []
    for _ in range(2):
        for _ in range(3):
            spoilt.append(send(silent, sender))
            spoilt[-1].append("spoilt")
        silent.connect(receiver, str)
    signal.connect(receiver, sender)
    responses = send(signal, sender)
    before = len(responses)
    responses.clear()
    again = send(signal, sender)
    found = {"silent": [*map(len, spoilt)], "responses": len(again), "the same list": again is responses}
    return found, {"silent": [1] * 6, "responses": before, "the same list": False}


@law("send.same-thread", uses=["threads"])
def same_thread(Signal, calls, sender: Sender, send: Send):
    def receiver(**kwargs):
        calls.append("the same thread" if threading.get_ident() == thread else "another thread")

    thread = threading.get_ident()
    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver)
    return heard(calls, send, signal, sender), ["the same thread"]


@law("send.same-context")
def same_context(Signal, calls, sender: Sender, send: Send):
    one, two = contextvars.ContextVar("one"), contextvars.ContextVar("two")
    one.set("before")

    def receiver(**kwargs):
        calls.append(one.get())
        one.set("after")

    def another(**kwargs):
        two.set("after")

    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(another, sender)
    send(signal, sender)
    return (calls[:1], one.get(), two.get()), (["before"], "after", "after")


@law("send.changes-nothing")
def changes_nothing(Signal, calls, first: Receiver, second: Function, sender: Sender, send: Send, uid: Naming):
    signal = Signal()
    signal.connect(first, sender, weak=False)
    signal.connect(second, **uid("uid"))
    send(signal, sender)
    send(signal, int)
    once = len(calls)
    for _ in range(2):
        send(signal, sender)
        send(signal, int)
    return sorted(calls[once:]), sorted(calls[:once] * 2)


@law("send.take-their-time")
def take_their_time(Signal, calls, sender: Sender, send: Send, caching: Caching):
    def slow(**kwargs):
        turn(86_400)
        calls.append("slow")
        return "slow"

    def slow_too(**kwargs):
        turn(86_400)
        calls.append("slow too")
        return "slow too"

    signal = Signal(**caching)
    for each in (slow, slow_too):
        signal.connect(each, sender)
    with turning_clock() as turn:
        responses = [sorted(response for _, response in send(signal, sender)) for _ in range(2)]
    found = {"responses": responses, "calls": sorted(calls)}
    return found, {"responses": [["slow", "slow too"]] * 2, "calls": ["slow", "slow", "slow too", "slow too"]}


@law("send.however-soon-again")
def however_soon_again(Signal, calls, sender: Sender, send: Send, caching: Caching):
    def receiver(value, **kwargs):
        calls.append(value)

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    for value in [1] * 50:
        send(signal, sender, value=value)
    return len(calls), 50


@law("send.each-call-once")
def each_call_once(Signal, calls, error: Error, send: Send):
    def fails(**kwargs):
        calls.append("fails")
        raise error

    def takes_no_value(signal, sender, **kwargs):
        calls.append("demands")
        raise TypeError("takes_no_value() got an unexpected keyword argument 'value'")

    signal, demanding = Signal(), Signal()
    signal.connect(fails)
    demanding.connect(takes_no_value)
    outcome(lambda: send(signal, int, value=1))
    outcome(lambda: send(demanding, int, value=1))
    return calls, ["fails", "demands"]


@law("send.tokens-of-context-variables")
def tokens_of_context_variables(Signal, calls, sender: Sender, send: Send):
    def sets(**kwargs):
        kept["receiver"] = variable.set("set by a receiver")

    def sets_again(**kwargs):
        sets(**kwargs)

    def resets(**kwargs):
        found["reset by another receiver"] = outcome(lambda: variable.reset(kept.pop("receiver")))
        found["seen by another receiver"] = variable.get()
        found["reset by a receiver"] = outcome(lambda: variable.reset(kept.pop("caller")))

    variable, kept, found, signal = contextvars.ContextVar("variable", default="unset"), {}, {}, Signal()
    kept["caller"] = variable.set("set by the caller")
    for each in (sets, resets, sets_again):
        signal.connect(each, sender)
    send(signal, sender)
    found["reset by the caller"] = outcome(lambda: variable.reset(kept.pop("receiver")))
    return found, {
        "reset by another receiver": None,
        "seen by another receiver": "set by the caller",
        "reset by a receiver": None,
        "reset by the caller": None,
    }

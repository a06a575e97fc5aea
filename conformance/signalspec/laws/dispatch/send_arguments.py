"""Laws of the chapter send: what receivers are given."""

from __future__ import annotations

import functools

from signalspec.laws import law
from signalspec.laws.vocabulary import argument_names, heard, outcome
from signalspec.programs.kinds import Caching, MaybeUid, Response, Send, Weak
from signalspec.programs.party_kinds import AnySender, Callback, Sender


@law("send.passes-the-signal")
def passes_the_signal(Signal, calls, sender: Sender, send: Send):
    def receiver(**kwargs):
        calls.append("the signal" if kwargs.get("signal") is sent else "something else")

    passed = []
    for sent in (Signal(), Signal()):
        sent.connect(receiver, sender)
        sent.connect(receiver)
        passed += heard(calls, send, sent, sender)
    return passed, ["the signal", "the signal"]


@law("send.passes-the-sender")
def passes_the_sender(Signal, calls, sender: AnySender, send: Send):
    def receiver(**kwargs):
        calls.append("the sender" if kwargs.get("sender", "missing") is sent else "something else")

    signal = Signal()
    signal.connect(receiver)
    signal.connect(receiver, sender)
    sent = sender
    passed = heard(calls, send, signal, sent)
    sent = None
    return (passed, heard(calls, send, signal, sent)), (["the sender"], ["the sender"])


@law("send.passes-named-arguments")
def passes_named_arguments(Signal, calls, value: Response, sender: Sender, send: Send):
    def receiver(**kwargs):
        same = kwargs.get("value", "missing") is value and kwargs.get("other") == other
        calls.append("as given" if same else "otherwise")

    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver)
    for other in (2, 3):
        send(signal, sender, value=value, other=other)
    return sorted(set(calls)), ["as given"]


@law("send.passes-nothing-else")
def passes_nothing_else(Signal, calls, sender: Sender, send: Send, weak: Weak, uid: MaybeUid):
    def receiver(*args, **kwargs):
        calls.extend(["an argument by position"] * len(args))
        calls.extend(sorted(set(kwargs) - names))

    signal = Signal()
    signal.connect(receiver, sender, weak=weak, **uid)
    signal.connect(receiver, weak=weak, **uid)
    names = {"signal", "sender", "value"}
    send(signal, sender, value=1)
    names = {"signal", "sender"}
    send(signal, sender)
    return calls, []


@law("send.arguments-are-not-chosen", uses=["send_robust"])
def arguments_are_not_chosen(Signal, calls, sender: Sender, send: Send):
    def strict(signal, sender):
        calls.append("strict")

    signal = Signal()
    signal.connect(strict, sender)
    taken = heard(calls, send, signal, sender)
    calls.clear()
    raised = outcome(lambda: signal.send(sender, value=1))
    failures = [type(response).__name__ for _, response in signal.send_robust(sender, value=1)]
    return (taken, raised, failures, calls), (["strict"], "raises TypeError", ["TypeError"], [])


@law("send.any-argument-name")
def any_argument_name(Signal, calls, sender: Sender, send: Send):
    def accept(**kwargs):
        calls.append({name: value for name, value in kwargs.items() if name in named})

    names = (
        "receiver receivers response responses result results named kwargs args err error exception weak robust uid "
        "dispatch_uid func function callback handler listener method fn f cls key name value log logger timeout "
        "instance created raw using update_fields target connection connections ref reference caller caching data "
        "event context payload request app user source state item each number index lock cache live dead node row "
        "rows task loop coroutine sync async is_async signal_ sender_ sender_id lookup_key default other _ x "
        "_private __class__ class"
    )
    named = {name: name.upper() for name in [*names.split(), "two words", "1", ""]}
    signal = Signal()
    signal.connect(accept, sender)
    send(signal, sender, **named)
    return calls[:1], [named]


@law("send.own-keywords")
def own_keywords(Signal, calls, sender: Sender, send: Send):
    def receiver(**kwargs):
        same = kwargs.get("sender") is sender, kwargs.get("signal") is signal
        calls.append({"value": kwargs.get("value"), "the sender": same[0], "the signal": same[1]})

    def spoil(**kwargs):
        receiver(**kwargs)
        kwargs.clear()
        kwargs.update(value="spoilt", sender="spoilt", signal="spoilt")

    signal = Signal()
    signal.connect(spoil)
    signal.connect(receiver)
    send(signal, sender, value=1)
    send(signal, sender, value=1)
    return calls, calls[:1] * len(calls)


@law("send.sender-parameter")
def sender_parameter(Signal, calls, receiver: Callback, sender: Sender, send: Send):
    signal = Signal()
    without = outcome(lambda: send(signal)), outcome(lambda: send(signal, value=1))
    signal.connect(receiver, sender)
    called = heard(calls, send, signal, sender), heard(calls, lambda: send(signal, sender=sender))
    more = outcome(lambda: send(signal, value=1)), outcome(lambda: send(signal, sender, "value"))
    return (without, more, called), (
        ("raises TypeError", "raises TypeError"),
        ("raises TypeError", "raises TypeError"),
        (["receiver"], ["receiver"]),
    )


@law("send.earlier-arguments-are-gone")
def earlier_arguments_are_gone(Signal, calls, sender: Sender, earlier: Send, send: Send, caching: Caching):
    def note(**kwargs):
        own = kwargs.pop("signal") is signal and kwargs.pop("sender") is sender
        wrong = [name for name in {**kwargs, **named} if kwargs.get(name, "missing") != named.get(name, "not given")]
        calls.append({"signal and sender": "its own" if own else "others'", "wrong arguments": wrong[:3]})

    def fails(**kwargs):
        raise ValueError

    signal, other = Signal(**caching), Signal(**caching)
    signal.connect(note)
    other.connect(note)
    signal.connect(fails, int)
    names, named = argument_names(), {}
    for each in other, signal:
        # The first has another sender, and the last one raises.
        for whom in int, sender, int:
            outcome(functools.partial(earlier, each, whom, **dict.fromkeys(names, "earlier")))
    calls.clear()
    for named in ({}, dict.fromkeys(names[::2], "now"), {"value": 0}):
        outcome(functools.partial(send, signal, sender, **named))
    return calls, [{"signal and sender": "its own", "wrong arguments": []}] * 3

"""Laws of the chapter debug: the checks under DEBUG."""

from __future__ import annotations

import functools
import gc
import types
import warnings
import weakref

from signalspec.laws import law
from signalspec.laws.vocabulary import at_address, heard, outcome
from signalspec.programs.kinds import Accepted, Caching, GoodAndBad, Refused, Send, Weak
from signalspec.programs.party_kinds import AnySender, Callback, Function, Sender, UnhashableSender


@law("debug.refuses-what-is-not-callable", uses=["dispatch_uid"])
def refuses_what_is_not_callable(Signal, settings, other: Function, sender: Sender, weak: Weak):
    settings.configure(DEBUG=True)
    signal = Signal()
    signal.connect(other, sender, dispatch_uid="uid")

    class Uncallable:
        pass

    refused = [outcome(lambda: signal.connect(each, sender, weak)) for each in (Uncallable(), "text", None)]
    refused.append(outcome(lambda: signal.connect(Uncallable(), sender, weak, "uid")))
    return refused, ["raises TypeError"] * 4


@law("debug.asserts-what-is-callable")
def asserts_what_is_callable(Signal, settings, sender: Sender, weak: Weak):
    settings.configure(DEBUG=True)
    signal = Signal()

    class Uncallable:
        pass

    return [outcome(lambda: signal.connect(each, sender, weak)) for each in (Uncallable(), "text", None)], [
        "raises AssertionError"
    ] * 3


@law("debug.refuses-without-kwargs", uses=["dispatch_uid"])
def refuses_without_kwargs(
    Signal, calls, settings, other: Function, receiver: Refused, sender: Sender, weak: Weak, caching: Caching
):
    settings.configure(DEBUG=True)
    signal = Signal(**caching)
    refused = [outcome(lambda: signal.connect(receiver, sender, weak))]
    signal.connect(other, sender, dispatch_uid="uid")
    refused.append(outcome(lambda: signal.connect(receiver, sender, weak, "uid")))
    return refused, ["raises ValueError"] * 2


@law("debug.accepts-kwargs")
def accepts_kwargs(Signal, calls, settings, receiver: Accepted, sender: Sender, weak: Weak, send: Send):
    settings.configure(DEBUG=True)

    def other(**others):
        calls.append("other")

    signal, again = Signal(), Signal()
    signal.connect(receiver, sender, weak)
    for each in (receiver, other, receiver):
        again.connect(each, sender, weak)
    called = [heard(calls, lambda: send(signal, sender, value=1)), heard(calls, lambda: send(again, sender, value=1))]
    return called, [["receiver"], ["other", "receiver"]]


@law("debug.refusal-changes-nothing", uses=["dispatch_uid"])
def refusal_changes_nothing(
    Signal, calls, settings, first: Function, second: Function, receiver: Refused, weak: Weak
):
    settings.configure(DEBUG=True)

    class Uncallable:
        pass

    signal = Signal()
    signal.connect(first)
    for refused in (receiver, Uncallable()):
        outcome(lambda: signal.connect(refused, weak=weak))
        outcome(lambda: signal.connect(refused, int, weak, "uid"))
    signal.connect(second, int, dispatch_uid="uid")
    outcome(lambda: signal.connect(receiver, int, weak, "uid"))
    return heard(calls, signal.send, int), ["first", "second"]


@law("debug.off-checks-nothing")
def off_checks_nothing(Signal, calls, settings, sender: Sender, weak: Weak):
    settings.configure(DEBUG=False)

    class Uncallable:
        pass

    def receiver(signal, sender):
        calls.append("receiver")

    signal, unsent = Signal(), Signal()
    signal.connect(receiver, sender, weak)
    uncallable = Uncallable()
    accepted = outcome(lambda: unsent.connect(uncallable, sender, weak))
    return (accepted, heard(calls, signal.send, sender)), (None, ["receiver"])


@law("debug.unconfigured-checks-nothing")
def unconfigured_checks_nothing(Signal, calls, settings, sender: Sender, weak: Weak):
    class Uncallable:
        pass

    def receiver(signal, sender):
        calls.append("receiver")

    signal, unsent = Signal(), Signal()
    signal.connect(receiver, sender, weak)
    uncallable = Uncallable()
    accepted = outcome(lambda: unsent.connect(uncallable, sender, weak))
    found = {"connect": accepted, "called": heard(calls, signal.send, sender), "configured": settings.configured}
    return found, {"connect": None, "called": ["receiver"], "configured": False}


@law("debug.is-read-at-connect", uses=["dispatch_uid"])
def is_read_at_connect(Signal, calls, settings, receiver: Refused):
    signal = Signal()
    found: list = [("unconfigured", outcome(lambda: signal.connect(receiver, dispatch_uid="unconfigured")))]
    settings.configure(DEBUG=True)
    for debug in (True, False, True, False):
        settings.DEBUG = debug
        found.append((debug, outcome(lambda: signal.connect(receiver, dispatch_uid=len(found)))))
    return found, [("unconfigured", None), *[(True, "raises ValueError"), (False, None)] * 2]


@law("debug.is-a-truth-value", uses=["dispatch_uid"])
def is_a_truth_value(Signal, calls, settings, receiver: Refused):
    settings.configure(DEBUG=False)
    signal = Signal()
    found, values = {}, (0, 1, None, "on", "")
    for debug in values:
        settings.DEBUG = debug
        found[debug] = outcome(lambda: signal.connect(receiver, dispatch_uid=len(found)))
    return found, {debug: "raises ValueError" if debug else None for debug in values}


@law("debug.changes-nothing-else", uses=["disconnect", "dispatch_uid", "has_listeners", "send_robust"])
def changes_nothing_else(
    Signal, calls, records, settings, receiver: Callback, sender: AnySender, unhashable: UnhashableSender
):
    def takes(**kwargs):
        calls.append(sorted(kwargs))

    def fails(**kwargs):
        raise error

    error = ValueError("planted")
    settings.configure(DEBUG=False)
    stories = []
    for debug in (False, True):
        settings.DEBUG = debug
        calls.clear()
        records.clear()
        signal = Signal()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            told = [("send", outcome(lambda: len(signal.send(sender))))]
            told.append(("disconnect", outcome(lambda: signal.disconnect(receiver, sender))))
            for each in (takes, receiver, receiver, fails):
                told.append(("connect", outcome(functools.partial(signal.connect, each, sender))))
                told.append(("connect", outcome(functools.partial(signal.connect, each, unhashable))))
                told.append(("connect", outcome(functools.partial(signal.connect, each, int, dispatch_uid="uid"))))
            told.append(("send", outcome(lambda: len(signal.send(sender)))))
            told += [("send_robust", len(signal.send_robust(each, value=1))) for each in (sender, None)]
            told.append(("has_listeners", signal.has_listeners(sender)))
            told.append(("disconnect", outcome(lambda: signal.disconnect(receiver, sender))))
        told += [("records", len(records)), ("warnings", len(caught)), ("calls", calls[:])]
        stories.append(told)
    off, on = stories
    differing = [(one, two) for one, two in zip(off, on, strict=True) if one != two]
    return [two for _, two in differing], [one for one, _ in differing]


@law("debug.keeps-nothing-alive")
def keeps_nothing_alive(Signal, calls, settings, receiver: Accepted, sender: Sender):
    settings.configure(DEBUG=True)

    class Party:
        def refused(self, signal, sender):
            pass

    class Patched:
        def method(self, **kwargs):
            pass

    signal, party, patched = Signal(), Party(), Patched()
    signal.connect(receiver, sender)
    signal.connect(patched.method, sender)
    outcome(lambda refused=party.refused: signal.connect(refused, sender))
    accepted = getattr(receiver, "__self__", receiver) if type(receiver) is types.MethodType else receiver
    watches = [weakref.ref(each) for each in (accepted, party, Patched.method)]
    del receiver, accepted, party, Patched.method
    gc.collect()
    freed = dict(
        zip(("the accepted", "the refused", "the function"), (watch() is None for watch in watches), strict=True)
    )
    return {"freed": freed}, {"freed": dict.fromkeys(freed, True)}


@law("debug.each-by-itself")
def each_by_itself(Signal, settings, receivers: GoodAndBad, sender: Sender):
    settings.configure(DEBUG=True)
    good, bad = receivers
    signal = Signal()
    refused = [outcome(lambda: signal.connect(each, sender)) for each in (bad, good, bad, bad, good)]
    return refused, ["raises ValueError", None, "raises ValueError", "raises ValueError", None]


@law("debug.judges-anew")
def judges_anew(Signal, settings, sender: Sender, weak: Weak):
    settings.configure(DEBUG=True)

    def good(self, **kwargs):
        pass

    def bad(self, signal, sender):
        pass

    class Party:
        pass

    party, found, operator = Party(), [], "__call__"
    for each in (good, bad, good, bad):
        setattr(Party, operator, each)
        result = outcome(functools.partial(Signal().connect, party, sender, weak))
        found.append((each.__name__, result))
    return found, [("good", None), ("bad", "raises ValueError")] * 2


@law("debug.address-of-a-dead-receiver")
def address_of_a_dead_receiver(Signal, settings, sender: Sender):
    settings.configure(DEBUG=True)

    def make_good():
        return lambda **kwargs: None

    def make_bad():
        return lambda signal, sender: None

    signal = Signal()
    good = make_good()
    signal.connect(good, sender)
    address = id(good)
    del good
    bad = at_address(address, make_bad) or make_bad()
    refused = outcome(lambda: signal.connect(bad, sender))
    return {"connect": refused}, {"connect": "raises ValueError"}


@law("debug.equal-receivers")
def equal_receivers(Signal, settings, sender: Sender):
    settings.configure(DEBUG=True)

    class Equal:
        def __eq__(self, other):
            return isinstance(other, Equal)

        def __hash__(self):
            return hash(Equal)

    class Good(Equal):
        def __call__(self, **kwargs):
            pass

    class Bad(Equal):
        def __call__(self, signal, sender):
            pass

    signal = Signal()
    good, bad = Good(), Bad()
    signal.connect(good, sender)
    refused = outcome(lambda: signal.connect(bad, sender))
    return {"connect": refused}, {"connect": "raises ValueError"}

"""Laws of the chapter parties: the parties."""

from __future__ import annotations

import contextlib
import functools
import io
import warnings

from signalspec.laws import law
from signalspec.laws.vocabulary import at_address, heard, outcome
from signalspec.programs.kinds import Caching, Container, Naming, Send, Weak
from signalspec.programs.party_kinds import (
    AnySender,
    Callback,
    EqualPair,
    Function,
    Receiver,
    Sender,
    UnhashableSender,
    UntrustworthySender,
)
from signalspec.programs.surrounding_kinds import ProcessState


@law("parties.new-signal-is-empty")
def new_signal_is_empty(Signal, calls, receiver: Function, caching: Caching):
    other = Signal(**caching)
    other.connect(receiver, weak=False)
    signal = Signal(**caching)
    signal.send(int)
    address = id(other)
    del other
    newcomer = at_address(address, lambda: Signal(**caching)) or signal
    newcomer.send(int)
    return calls, []


@law("parties.signals-are-independent", uses=["disconnect"])
def signals_are_independent(
    Signal, calls, receiver: Callback, another: Function, sender: Sender, send: Send, uid: Naming, caching: Caching
):
    signal, other = Signal(**caching), Signal(**caching)
    one, two = Signal(**caching), Signal(**caching)
    one.connect(receiver, sender, **uid("uid"))
    two.connect(another, sender, **uid("uid"))
    each_its_own = [heard(calls, send, each, sender) for each in (one, two, one)]
    signal.connect(receiver, sender, **uid("uid"))
    called = [heard(calls, send, other, sender)]
    other.connect(receiver, sender, **uid("uid"))
    called.append(heard(calls, send, other, sender))
    other.disconnect(receiver, sender, **uid("uid"))
    send(other, sender)
    called.append(heard(calls, send, signal, sender))
    return (each_its_own, called), ([["receiver"], ["another"], ["receiver"]], [[], ["receiver"], ["receiver"]])


@law("parties.signal-compares-by-identity")
def signal_compares_by_identity(Signal, receiver: Function):
    signal, other = Signal(), Signal()
    before = outcome(lambda: hash(signal))
    found = {"equals another, new": signal == other}
    signal.connect(receiver)
    other.connect(receiver)
    found["equals another, connected alike"] = signal == other
    found["equals itself"] = signal == signal
    found["hash"] = before if isinstance(before, str) else "stays" if hash(signal) == before else "changes"
    differs = {"equals another, new": False, "equals another, connected alike": False}
    return found, {**differs, "equals itself": True, "hash": "stays"}


@law("parties.signal-is-true")
def signal_is_true(Signal, receiver: Callback):
    signal = Signal()
    found = {"new": outcome(lambda: bool(signal))}
    signal.connect(receiver)
    found["connected"] = outcome(lambda: bool(signal))
    return found, {"new": True, "connected": True}


@law("parties.attribute-of-a-class")
def attribute_of_a_class(Signal, calls, receiver: Callback, sender: Sender):
    before = Signal()
    before.connect(receiver, sender)

    class Owner:
        signal = Signal()
        connected = before

    owner = Owner()
    owner.signal.connect(receiver, sender)
    found = {
        "the same for the class and its instance": owner.signal is Owner.signal,
        "connected by the instance": heard(calls, Owner.signal.send, sender),
        "connected before": heard(calls, Owner.connected.send, sender),
    }
    called = {"connected by the instance": ["receiver"], "connected before": ["receiver"]}
    return found, {"the same for the class and its instance": True, **called}


@law("parties.leaves-the-process-alone", uses=["disconnect", "has_listeners", "send_robust"])
def leaves_the_process_alone(
    Signal, records, receiver: Callback, sender: Sender, state: ProcessState, caching: Caching
):
    def fails(**kwargs):
        raise ValueError

    signal = Signal(**caching)
    before = state()
    signal.connect(receiver, sender)
    signal.has_listeners(sender)
    signal.send(sender)
    signal.send_robust(sender)
    signal.disconnect(receiver, sender)
    after = state()
    signal.connect(fails, sender)
    outcome(lambda: signal.send(sender))
    signal.send_robust(sender)
    found = {"after use": after, "after failures": state()}
    changed = {name: "changed" for name, each in found.items() if each != before}
    return changed, {}


@law("parties.prints-nothing", uses=["disconnect", "has_listeners", "send_robust"])
def prints_nothing(Signal, calls, records, receiver: Receiver, sender: Sender, weak: Weak, uid: Naming):
    def fails(**kwargs):
        raise ValueError

    def use(each):
        signal.send(each)
        signal.disconnect(receiver, each)
        signal.disconnect(receiver, each, **uid("uid"))
        signal.connect(receiver, each, weak=weak)
        signal.connect(receiver, each, weak=weak)
        signal.has_listeners(each)
        signal.send(each)
        signal.send_robust(each)
        signal.connect(fails, each, weak=weak, **uid("uid"))
        signal.connect(lambda **kwargs: None, each, **uid("uid"))
        signal.connect(lambda **kwargs: None, each)
        outcome(lambda: signal.send(each))
        signal.send_robust(each)
        signal.disconnect(receiver, each)

    # What is imported when it is needed may be older than the Python that warns of it.
    Signal().connect(receiver, sender)
    signal = Signal()
    with (
        contextlib.redirect_stdout(io.StringIO()) as output,
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        for each in (sender, object()):
            outcome(functools.partial(use, each))
    return {"printed": output.getvalue(), "warnings": [str(each.message) for each in caught]}, {
        "printed": "",
        "warnings": [],
    }


@law("parties.any-sender")
def any_sender(Signal, calls, receiver: Callback, sender: AnySender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    return heard(calls, send, signal, sender), ["receiver"]


@law("parties.unhashable-sender")
def unhashable_sender(Signal, calls, receiver: Function, sender: UnhashableSender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    return heard(calls, send, signal, sender), ["receiver"]


@law("parties.sender-identity", uses=["disconnect"])
def sender_identity(Signal, calls, receiver: Function, senders: EqualPair, send: Send):
    one, two = senders
    signal, other = Signal(), Signal()
    signal.connect(receiver, one)
    called = [heard(calls, send, signal, two)]
    signal.disconnect(receiver, two)
    other.connect(receiver, one)
    other.connect(receiver, two)
    called += [heard(calls, send, signal, one), heard(calls, send, other, two)]
    return called, [[], ["receiver"], ["receiver"]]


@law("parties.falsy-sender", uses=["has_listeners"])
def falsy_sender(Signal, calls, receiver: Function, sender: AnySender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    called = [heard(calls, send, signal, each) for each in (int, None, sender)]
    called.append(f"has_listeners: {bool(signal.has_listeners(sender))}")
    return called, [[], [], ["receiver"], "has_listeners: True"]


@law("parties.sender-is-not-asked", uses=["disconnect", "has_listeners"])
def sender_is_not_asked(Signal, calls, receiver: Function, sender: UntrustworthySender, send: Send, caching: Caching):
    signal, uncached = Signal(**caching), Signal()
    for each in (str, sender):
        signal.connect(receiver, each)
        uncached.connect(receiver, each)
    called = [heard(calls, send, signal, each) for each in (sender, sender, int)]
    called.append(heard(calls, send, uncached, None))
    others = outcome(lambda: signal.has_listeners(sender)), outcome(lambda: signal.disconnect(receiver, sender))
    raised = [each for each in others if each == "raises ArithmeticError"]
    return (called, raised), ([["receiver"], ["receiver"], [], []], [])


@law("parties.bound-method-sender", uses=["disconnect", "has_listeners"])
def bound_method_sender(Signal, receiver: Callback, send: Send):
    class Party:
        def method(self):
            pass

        def other(self):
            pass

    party, another = Party(), Party()
    again = party.method
    signal = Signal()
    for _ in range(2):
        signal.connect(receiver, sender=party.method)
    called = {
        "another method": len(send(signal, party.other)),
        "its instance": len(send(signal, party)),
        "that of another instance": len(send(signal, another.method)),
        "the method": len(send(signal, again)),
    }
    signal.disconnect(receiver, sender=again)
    called["the method, disconnected"] = len(send(signal, again))
    signal.connect(receiver)
    called["the method, connected for all"] = len(send(signal, again))
    listens = bool(signal.has_listeners(again))
    other = Signal()
    other.connect(receiver, party)
    called["the method, connected for its instance"] = len(send(other, again))
    expected = {**dict.fromkeys(called, 0), "the method": 1, "the method, connected for all": 1}
    return {"called": called, "has_listeners": listens}, {"called": expected, "has_listeners": True}


@law("parties.method-like-sender")
def method_like_sender(Signal, calls, receiver: Callback, send: Send):
    called = []
    for sender in (staticmethod(len), classmethod(repr), len, [].append):
        signal = Signal()
        signal.connect(receiver, sender)
        called.append(heard(calls, send, signal, sender))
    return called, [["receiver"]] * 4


@law("parties.providing-args-are-documentation")
def providing_args_are_documentation(Signal, calls, receiver: Function, container: Container):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        signal = Signal(providing_args=container(["x"]))
        signal.connect(receiver)
        signal.send(None, y=1)
    return (calls, len(caught)), (["receiver"], 0)


@law("parties.providing-args-accepted")
def providing_args_accepted(Signal):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        signal = Signal(providing_args=["x"])
    deprecations = DeprecationWarning, PendingDeprecationWarning
    warned = ["deprecated" if issubclass(each.category, deprecations) else str(each.message) for each in caught]
    return warned, ["deprecated"]


@law("parties.providing-args-attribute")
def providing_args_attribute(Signal, container: Container):
    made = [Signal(providing_args=container(names)) for names in (["x", "y"], [])]
    return [each.providing_args for each in [*made, Signal()]], [{"x", "y"}, set(), set()]


@law("parties.receivers-find-the-process-unchanged")
def receivers_find_the_process_unchanged(Signal, records, send: Send, state: ProcessState):
    def looks(**kwargs):
        found.append("unchanged" if state() == before else "changed")

    def fails(**kwargs):
        looks()
        raise ValueError

    signal, found = Signal(), []
    before = state()
    signal.connect(looks)
    send(signal, int)
    signal.connect(fails)
    for _ in range(2):
        outcome(lambda: send(signal, int))
    return found, ["unchanged"] * len(found)


@law("parties.senders-are-asked-for-nothing", uses=["disconnect"])
def senders_are_asked_for_nothing(Signal, receiver: Function, send: Send, weak: Weak, uid: Naming, caching: Caching):
    def asks(name):
        return lambda self, *args: asked.append(name)

    names = [f"__{name}__" for name in "call contains format getitem index iter len lt repr setattr str".split()]
    asked: list = []
    sender, signal = type("Sender", (), {name: asks(name) for name in names})(), Signal(**caching)
    for _ in range(2):
        outcome(lambda: signal.connect(receiver, sender, weak=weak, **uid("uid")))
        outcome(lambda: send(signal, sender))
    outcome(lambda: signal.disconnect(receiver, sender, **uid("uid")))
    outcome(lambda: send(signal, sender))
    return sorted(set(asked)), []

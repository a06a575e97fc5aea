"""Laws of the chapter parties: the parties."""

from __future__ import annotations

import contextlib
import io
import warnings
import weakref

from signalspec.kinds import (
    AlikePair,
    AnySender,
    Caching,
    Callback,
    Container,
    EqualPair,
    Function,
    Naming,
    ProcessState,
    Receiver,
    Send,
    Sender,
    Truth,
    UnhashableSender,
    UntrustworthySender,
    Weak,
)
from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome


@law("parties.new-signal-is-empty")
def new_signal_is_empty(Signal, calls, receiver: Function, caching: Caching):
    other = Signal(**caching)
    other.connect(receiver, weak=False)
    signal = Signal(**caching)
    signal.send(int)
    return calls, []


@law("parties.signals-are-independent")
def signals_are_independent(
    Signal, calls, receiver: Callback, sender: Sender, send: Send, uid: Naming, caching: Caching
):
    signal, other = Signal(**caching), Signal(**caching)
    signal.connect(receiver, sender, **uid("uid"))
    other.connect(receiver, sender, **uid("uid"))
    other.disconnect(receiver, sender, **uid("uid"))
    send(other, sender)
    return heard(calls, send, signal, sender), ["receiver"]


@law("parties.signal-compares-by-identity")
def signal_compares_by_identity(Signal):
    signal = Signal()
    return (outcome(lambda: {signal: 1}[signal]), signal == Signal(), signal == signal), (1, False, True)


@law("parties.signal-is-true")
def signal_is_true(Signal, receiver: Callback):
    signal = Signal()
    before = outcome(lambda: bool(signal))
    signal.connect(receiver)
    return [before, outcome(lambda: bool(signal))], [True, True]


@law("parties.attribute-of-a-class")
def attribute_of_a_class(Signal, calls, receiver: Callback, sender: Sender):
    class Owner:
        signal = Signal()

    owner = Owner()
    owner.signal.connect(receiver, sender)
    return (owner.signal is Owner.signal, heard(calls, Owner.signal.send, sender)), (True, ["receiver"])


@law("parties.leaves-the-process-alone")
def leaves_the_process_alone(Signal, receiver: Callback, sender: Sender, state: ProcessState, caching: Caching):
    signal = Signal(**caching)
    before = state()
    signal.connect(receiver, sender)
    signal.has_listeners(sender)
    signal.send(sender)
    signal.send_robust(sender)
    signal.disconnect(receiver, sender)
    return state() == before, True


@law("parties.prints-nothing")
def prints_nothing(Signal, calls, receiver: Receiver, sender: Sender):
    # What is imported when it is needed may be older than the Python that warns of it.
    Signal().connect(receiver, sender)
    signal = Signal()
    with (
        contextlib.redirect_stdout(io.StringIO()) as output,
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        signal.send(sender)
        signal.disconnect(receiver, sender)
        signal.connect(receiver, sender)
        signal.connect(receiver, sender)
        signal.has_listeners(sender)
        signal.send(sender)
        signal.send_robust(sender)
        signal.disconnect(receiver, sender)
    return (len(output.getvalue()), len(caught)), (0, 0)


@law("parties.any-callable-receives")
def any_callable_receives(Signal, calls, receiver: Receiver, send: Send, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, weak=weak)
    return [heard(calls, send, signal, int), heard(calls, send, signal, int)], [["receiver"], ["receiver"]]


@law("parties.built-in-receives")
def built_in_receives(Signal, sender: Sender, send: Send, weak: Weak):
    receiver = "called with {value}".format
    signal = Signal()
    signal.connect(receiver, sender, weak=weak)
    return [response for _, response in send(signal, sender, value=1)], ["called with 1"]


@law("parties.receiver-identity")
def receiver_identity(Signal, calls, receivers: AlikePair, weak: Weak):
    one, two = receivers
    signal = Signal()
    signal.connect(one, weak=weak)
    signal.connect(two, weak=weak)
    both = heard(calls, signal.send, None)
    signal.disconnect(two)
    return (both, "one" in heard(calls, signal.send, None)), (["one", "two"], True)


@law("parties.bound-method-identity")
def bound_method_identity(Signal, calls, truth: Truth, sender: Sender, weak: Weak):
    class Party:
        def method(self, **kwargs):
            calls.append("called")

        def __bool__(self):
            return truth

    party = Party()
    again, anew = party.method, party.method
    signal = Signal()
    signal.connect(party.method, sender, weak=weak)
    signal.send(sender)
    once = len(calls)
    signal.connect(again, sender, weak=weak)
    signal.send(sender)
    twice = len(calls) - once
    signal.disconnect(anew, sender)
    return (twice, heard(calls, signal.send, sender)), (once, [])


@law("parties.methods-of-equal-instances-differ")
def methods_of_equal_instances_differ(Signal, calls, weak: Weak):
    class Party:
        def __init__(self, name):
            self.name = name

        def method(self, **kwargs):
            calls.append(self.name)

        def __eq__(self, other):
            return True

        def __hash__(self):
            return 1

    one, two = Party("one"), Party("two")
    signal = Signal()
    signal.connect(one.method, weak=weak)
    signal.connect(two.method, weak=weak)
    both = heard(calls, signal.send, None)
    signal.disconnect(two.method)
    return (both, "one" in heard(calls, signal.send, None)), (["one", "two"], True)


@law("parties.methods-of-one-instance-differ")
def methods_of_one_instance_differ(Signal, calls, weak: Weak):
    class Party:
        def one(self, **kwargs):
            calls.append("one")

        def two(self, **kwargs):
            calls.append("two")

    party = Party()
    signal = Signal()
    signal.connect(party.one, weak=weak)
    signal.connect(party.two, weak=weak)
    both = heard(calls, signal.send, None)
    signal.disconnect(party.two)
    return (both, "one" in heard(calls, signal.send, None)), (["one", "two"], True)


@law("parties.class-methods-of-subclasses-differ")
def class_methods_of_subclasses_differ(Signal, calls, weak: Weak):
    class Base:
        @classmethod
        def method(cls, **kwargs):
            calls.append(cls.__name__)

    class Derived(Base):
        pass

    signal = Signal()
    signal.connect(Base.method, weak=weak)
    signal.connect(Derived.method, weak=weak)
    return heard(calls, signal.send, None), ["Base", "Derived"]


@law("parties.static-method-object")
def static_method_object(Signal, calls, sender: Sender, send: Send):
    receiver = staticmethod(lambda **kwargs: calls.append("called"))
    signal = Signal()
    signal.connect(receiver, sender, weak=False)
    return heard(calls, send, signal, sender), ["called"]


@law("parties.reference-object-is-a-receiver")
def reference_object_is_a_receiver(Signal, calls, sender: Sender):
    class Reference(weakref.ref):
        def __call__(self, **kwargs):
            calls.append("called with arguments" if kwargs else "called without arguments")

    receiver = Reference(Reference)
    signal = Signal()
    signal.connect(receiver, sender, weak=False)
    return heard(calls, signal.send, sender), ["called with arguments"]


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


@law("parties.sender-identity")
def sender_identity(Signal, calls, receiver: Function, senders: EqualPair, send: Send):
    one, two = senders
    signal = Signal()
    signal.connect(receiver, one)
    return heard(calls, send, signal, two), []


@law("parties.falsy-sender")
def falsy_sender(Signal, calls, receiver: Function, sender: AnySender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    called = [heard(calls, send, signal, each) for each in (int, None, sender)]
    return (called, bool(signal.has_listeners(sender))), ([[], [], ["receiver"]], True)


@law("parties.sender-is-not-asked")
def sender_is_not_asked(Signal, calls, receiver: Function, sender: UntrustworthySender, send: Send, caching: Caching):
    signal, uncached = Signal(**caching), Signal()
    signal.connect(receiver, sender)
    uncached.connect(receiver, sender)
    called = [heard(calls, send, signal, each) for each in (sender, sender, int)]
    called.append(heard(calls, send, uncached, None))
    others = outcome(lambda: signal.has_listeners(sender)), outcome(lambda: signal.disconnect(receiver, sender))
    return (called, "raises ArithmeticError" in others), ([["receiver"], ["receiver"], [], []], False)


@law("parties.bound-method-sender")
def bound_method_sender(Signal, calls, receiver: Callback, send: Send):
    class Party:
        def method(self):
            pass

        def other(self):
            pass

    party = Party()
    again = party.method
    signal = Signal()
    signal.connect(receiver, sender=party.method)
    return [heard(calls, send, signal, each) for each in (party.other, party, again)], [[], [], ["receiver"]]


@law("parties.method-like-sender")
def method_like_sender(Signal, calls, receiver: Callback, send: Send):
    sender = staticmethod(len)
    signal = Signal()
    signal.connect(receiver, sender)
    return heard(calls, send, signal, sender), ["receiver"]


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
    return [issubclass(each.category, deprecations) for each in caught], [True]

"""Laws of the chapter parties: the parties."""

from __future__ import annotations

import warnings
import weakref

from signalspec.kinds import (
    AnySender,
    Caching,
    Callback,
    EqualPair,
    Function,
    Receiver,
    Send,
    Sender,
    UnhashableSender,
    UntrustworthySender,
    Weak,
)
from signalspec.laws import law
from signalspec.laws.vocabulary import outcome


@law("parties.new-signal-is-empty")
def new_signal_is_empty(Signal, receiver: Function, caching: Caching):
    other = Signal(**caching)
    other.connect(receiver)
    signal = Signal(**caching)
    return (outcome(lambda: signal.send(int)), outcome(lambda: signal.has_listeners(int))), ([], False)


@law("parties.signals-are-independent")
def signals_are_independent(Signal, calls, receiver: Callback, sender: Sender, send: Send, caching: Caching):
    signal, other = Signal(**caching), Signal(**caching)
    signal.connect(receiver, sender, dispatch_uid="uid")
    other.connect(receiver, sender, dispatch_uid="uid")
    other.disconnect(dispatch_uid="uid", sender=sender)
    send(other, sender)
    send(signal, sender)
    return calls, ["receiver"]


@law("parties.signal-compares-by-identity")
def signal_compares_by_identity(Signal):
    signal = Signal()
    return (outcome(lambda: {signal: 1}[signal]), signal == Signal(), signal == signal), (1, False, True)


@law("parties.any-callable-receives")
def any_callable_receives(Signal, calls, receiver: Receiver, send: Send, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, weak=weak)
    send(signal, int)
    send(signal, int)
    return calls, ["receiver", "receiver"]


@law("parties.receiver-identity")
def receiver_identity(Signal, calls, weak: Weak):
    class Equal:
        def __init__(self, name):
            self.name = name

        def __call__(self, **kwargs):
            calls.append(self.name)

        def __eq__(self, other):
            return True

        def __hash__(self):
            return 1

    one, two, three = Equal("one"), Equal("two"), Equal("three")
    signal = Signal()
    signal.connect(one, weak=weak)
    signal.connect(two, weak=weak)
    removed = signal.disconnect(three)
    signal.send(None)
    removed_two = signal.disconnect(two)
    signal.send(None)
    return (removed, removed_two, calls), (False, True, ["one", "two", "one"])


@law("parties.bound-method-identity")
def bound_method_identity(Signal, calls, sender: Sender, weak: Weak):
    class Party:
        def method(self, **kwargs):
            calls.append("called")

    party = Party()
    signal = Signal()
    signal.connect(party.method, sender, weak=weak)
    signal.connect(party.method, sender, weak=weak)
    signal.send(sender)
    return (calls, signal.disconnect(party.method, sender), signal.send(sender)), (["called"], True, [])


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
    removed = signal.disconnect(two.method)
    signal.connect(two.method, weak=weak)
    signal.send(None)
    return (removed, calls), (False, ["one", "two"])


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
    removed = signal.disconnect(party.two)
    signal.connect(party.two, weak=weak)
    signal.send(None)
    return (removed, calls), (False, ["one", "two"])


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
    signal.connect(Base.method, weak=weak)
    signal.send(None)
    return calls, ["Base", "Derived"]


@law("parties.static-method-object")
def static_method_object(Signal, calls, sender: Sender, send: Send):
    receiver = staticmethod(lambda **kwargs: calls.append("called"))
    signal = Signal()
    signal.connect(receiver, sender, weak=False)
    signal.connect(receiver, sender, weak=False)
    send(signal, sender)
    return (calls, signal.disconnect(receiver, sender)), (["called"], True)


@law("parties.reference-object-is-a-receiver")
def reference_object_is_a_receiver(Signal, calls, sender: Sender):
    class Reference(weakref.ref):
        def __call__(self, **kwargs):
            calls.append(sorted(kwargs))

    receiver = Reference(Reference)
    signal = Signal()
    signal.connect(receiver, sender, weak=False)
    signal.send(sender)
    return calls, [["sender", "signal"]]


@law("parties.any-sender")
def any_sender(Signal, calls, receiver: Callback, sender: AnySender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, sender)
    return (calls, signal.has_listeners(sender)), (["receiver"], True)


@law("parties.unhashable-sender")
def unhashable_sender(Signal, calls, sender: UnhashableSender, send: Send):
    def receiver(**kwargs):
        calls.append("receiver")

    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, sender)
    return (calls, signal.has_listeners(sender), signal.disconnect(receiver, sender)), (["receiver"], True, True)


@law("parties.sender-identity")
def sender_identity(Signal, calls, senders: EqualPair, send: Send):
    def receiver(**kwargs):
        calls.append("receiver")

    one, two = senders
    signal = Signal()
    signal.connect(receiver, one)
    send(signal, two)
    removed = signal.disconnect(receiver, two)
    return (calls, signal.has_listeners(two), removed, signal.has_listeners(one)), ([], False, False, True)


@law("parties.falsy-sender")
def falsy_sender(Signal, calls, sender: AnySender, send: Send):
    def receiver(**kwargs):
        calls.append(kwargs["sender"] is sender)

    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, int)
    send(signal, None)
    send(signal, sender)
    listeners = (signal.has_listeners(sender), signal.has_listeners(int), signal.has_listeners())
    return (calls, listeners), ([True], (True, False, False))


@law("parties.sender-is-not-asked")
def sender_is_not_asked(Signal, calls, sender: UntrustworthySender, send: Send):
    def receiver(**kwargs):
        calls.append("receiver")

    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, sender)
    send(signal, None)
    send(signal, int)
    return (calls, signal.has_listeners(sender), signal.disconnect(receiver, sender)), (["receiver"], True, True)


@law("parties.bound-method-sender")
def bound_method_sender(Signal, calls, receiver: Callback, send: Send):
    class Party:
        def method(self):
            pass

        def other(self):
            pass

    party = Party()
    signal = Signal()
    signal.connect(receiver, sender=party.method)
    send(signal, party.other)
    send(signal, party)
    send(signal, party.method)
    return (calls, signal.disconnect(receiver, sender=party.method)), (["receiver"], True)


@law("parties.method-like-sender")
def method_like_sender(Signal, calls, receiver: Callback, send: Send):
    sender = staticmethod(len)
    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, sender)
    return (calls, signal.has_listeners(sender)), (["receiver"], True)


@law("parties.providing-args-accepted")
def providing_args_accepted(Signal):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        signal = Signal(providing_args=["x"])
    return [issubclass(warning.category, DeprecationWarning) for warning in caught], [True]

"""Laws of the chapter parties: receivers."""

from __future__ import annotations

import weakref

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome, told_apart
from signalspec.programs.kinds import Caching, Naming, Send, Truth, Weak
from signalspec.programs.party_kinds import AlikePair, Receiver, Sender


@law("parties.any-callable-receives")
def any_callable_receives(Signal, calls, receiver: Receiver, send: Send, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, weak=weak)
    return [heard(calls, send, signal, int), heard(calls, send, signal, int)], [["receiver"], ["receiver"]]


@law("parties.method-like-receiver", uses=["disconnect"])
def method_like_receiver(Signal, calls, sender: Sender, weak: Weak, send: Send):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

    class Wrapper:
        def __init__(self, name):
            self.name = name

        def __call__(self, **kwargs):
            calls.append(self.name)

    party = Party()
    Wrapper.__self__, Wrapper.__func__ = party, staticmethod(Party.method)
    wrapper, signal = Wrapper("wrapper"), Signal()
    signal.connect(wrapper, sender, weak)
    called = outcome(lambda: heard(calls, send, signal, sender))
    signal.disconnect(wrapper, sender)
    return (called, heard(calls, send, signal, sender)), (["wrapper"], [])


@law("parties.built-in-receives", uses=["disconnect"])
def built_in_receives(Signal, sender: Sender, send: Send, weak: Weak):
    receiver = "called with {value}".format
    signal = Signal()
    signal.connect(receiver, sender, weak=weak)
    responses = [response for _, response in send(signal, sender, value=1)]
    signal.disconnect(receiver, sender)
    return (responses, send(signal, sender, value=1)), (["called with 1"], [])


@law("parties.receiver-identity")
def receiver_identity(Signal, calls, receivers: AlikePair, weak: Weak):
    one, two = receivers
    return told_apart(Signal, calls, one, two, weak=weak)


@law("parties.bound-method-identity", uses=["disconnect"])
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
    found = {"calls after a second connect": twice, "called after disconnect": heard(calls, signal.send, sender)}
    return found, {"calls after a second connect": once, "called after disconnect": []}


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
    return told_apart(Signal, calls, one.method, two.method, weak=weak)


@law("parties.methods-of-one-instance-differ")
def methods_of_one_instance_differ(Signal, calls, weak: Weak):
    class Party:
        def one(self, **kwargs):
            calls.append("one")

        def two(self, **kwargs):
            calls.append("two")

    party = Party()
    return told_apart(Signal, calls, party.one, party.two, weak=weak)


@law("parties.class-methods-of-subclasses-differ")
def class_methods_of_subclasses_differ(Signal, calls, weak: Weak):
    class Base:
        name = "one"

        @classmethod
        def method(cls, **kwargs):
            calls.append(cls.name)

    class Derived(Base):
        name = "two"

    return told_apart(Signal, calls, Base.method, Derived.method, weak=weak)


@law("parties.static-method-object", uses=["disconnect"])
def static_method_object(Signal, calls, sender: Sender, send: Send):
    receiver = staticmethod(lambda **kwargs: calls.append("called"))
    signal = Signal()
    signal.connect(receiver, sender, weak=False)
    called = heard(calls, send, signal, sender)
    signal.disconnect(receiver, sender)
    return (called, heard(calls, send, signal, sender)), (["called"], [])


@law("parties.reference-object-is-a-receiver")
def reference_object_is_a_receiver(Signal, calls, sender: Sender):
    class Reference(weakref.ref):
        def __call__(self, **kwargs):
            calls.append("called with arguments" if kwargs else "called without arguments")

    receiver = Reference(Reference)
    signal = Signal()
    signal.connect(receiver, sender, weak=False)
    return heard(calls, signal.send, sender), ["called with arguments"]


@law("parties.receiver-is-not-asked", uses=["disconnect"])
def receiver_is_not_asked(Signal, calls, sender: Sender, send: Send, weak: Weak, caching: Caching):
    class Odd:
        def __init__(self, name):
            self.name = name

        def __bool__(self):
            raise ArithmeticError("asked for its truth")

        def __eq__(self, other):
            raise ArithmeticError("compared")

        __hash__ = object.__hash__

        def __call__(self, **kwargs):
            calls.append(self.name)

    def use():
        for each in (*parties, parties[1]):
            signal.connect(each, sender, weak=weak)
        called = heard(calls, send, signal, sender)
        signal.disconnect(parties[0], sender)
        signal.send(sender)
        return called

    parties = [Odd("one"), Odd("two")]
    signal = Signal(**caching)
    return outcome(use), ["one", "two"]


@law("parties.receivers-are-asked-for-nothing", uses=["disconnect"])
def receivers_are_asked_for_nothing(Signal, sender: Sender, send: Send, weak: Weak, uid: Naming, caching: Caching):
    def asks(name):
        return lambda self, *args: asked.append(name)

    names = [f"__{name}__" for name in "contains format getitem index iter len lt repr setattr str".split()]
    asked: list = []
    noting = {**{name: asks(name) for name in names}, "__call__": lambda self, **kwargs: None}
    receiver, signal = type("Receiver", (), noting)(), Signal(**caching)
    for _ in range(2):
        outcome(lambda: signal.connect(receiver, sender, weak=weak, **uid("uid")))
        outcome(lambda: len(send(signal, sender)))
    outcome(lambda: signal.disconnect(receiver, sender, **uid("uid")))
    outcome(lambda: send(signal, sender))
    return sorted(set(asked)), []

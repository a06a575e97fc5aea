"""Laws of the chapter decorator: the receiver decorator."""

from __future__ import annotations

import gc
import types
import weakref

from signalspec.laws import law
from signalspec.laws.vocabulary import heard, outcome
from signalspec.programs.kinds import Caching, Container, Error, Send, Weak
from signalspec.programs.party_kinds import AnySender, Callback, Function, Receiver, Sender


@law("decorator.connects")
def connects(Signal, receiver, calls, function: Receiver, send: Send, caching: Caching):
    signal = Signal(**caching)
    receiver(signal)(function)
    send(signal, int)
    return calls, ["function"]


@law("decorator.parameters", uses=["dispatch_uid"])
def parameters(Signal, receiver, calls, first: Callback, second: Callback):
    signal = Signal()
    receiver(signal)(first)
    receiver(signal=signal, dispatch_uid="uid")(second)
    return (heard(calls, signal.send, int), outcome(receiver)), (["first", "second"], "raises TypeError")


@law("decorator.iterable-signal")
def iterable_signal(Signal, receiver, calls, function: Callback):
    class Own(Signal):
        def __iter__(self):
            return iter(())

        def __len__(self):
            return 0

        def __getitem__(self, index):
            raise IndexError

    signal, other = Own(), Own()
    receiver(signal)(function)
    receiver([other])(function)
    return [heard(calls, each.send, int) for each in (signal, other)], [["function"]] * 2


@law("decorator.returns-the-function", uses=["dispatch_uid"])
def returns_the_function(Signal, receiver, calls, function: Receiver):
    before = dict(getattr(function, "__dict__", {}))
    decorators = receiver(Signal()), receiver([Signal(), Signal()], sender=int, dispatch_uid=1), receiver([])
    names = "for a signal", "for a list", "for an empty list"
    found = {name: decorate(function) is function for name, decorate in zip(names, decorators, strict=True)}
    found["its attributes are as before"] = dict(getattr(function, "__dict__", {})) == before
    return found, dict.fromkeys(found, True)


@law("decorator.several-signals")
def several_signals(Signal, receiver, calls, function: Callback, container: Container):
    signals = [Signal(), Signal(), Signal()]
    receiver(container(signals))(function)
    return [heard(calls, signal.send, int) for signal in signals], [["function"]] * 3


@law("decorator.no-signals")
def no_signals(Signal, receiver, calls, function: Callback, container: Container):
    returned = outcome(lambda: receiver(container())(function) is function)
    return {"returns the function": returned}, {"returns the function": True}


@law("decorator.passes-its-options", uses=["dispatch_uid"])
def passes_its_options(
    Signal, receiver, calls, function: Callback, plain: Callback, late: Function, sender: AnySender, weak: Weak
):
    signal, other = Signal(), Signal()
    receiver(signal, sender=sender, weak=weak, dispatch_uid="uid")(function)
    other.connect(plain, sender=sender, weak=weak, dispatch_uid="uid")
    outcome(lambda: signal.connect(late, sender, dispatch_uid="uid"))
    outcome(lambda: other.connect(late, sender, dispatch_uid="uid"))
    called = [len(heard(calls, each.send, sent)) for sent in (int, sender) for each in (signal, other)]
    del function, plain
    gc.collect()
    called += [len(heard(calls, each.send, sender)) for each in (signal, other)]
    return called[::2], called[1::2]


@law("decorator.options-for-each-signal", uses=["dispatch_uid"])
def options_for_each_signal(
    Signal, receiver, calls, function: Callback, late: Function, sender: Sender, container: Container
):
    signals = [Signal(), Signal(), Signal()]
    receiver(container(signals[:2]), sender=sender, weak=False, dispatch_uid="uid")(function)
    signals[2].connect(function, sender=sender, weak=False, dispatch_uid="uid")
    del function
    gc.collect()
    called = []
    for each in signals:
        outcome(lambda: each.connect(late, sender, dispatch_uid="uid"))
        called.append([heard(calls, each.send, sent) for sent in (int, sender)])
    return called[:2], called[2:] * 2


@law("decorator.used-again")
def used_again(Signal, receiver, calls, first: Function, second: Function, sender: Sender, container: Container):
    signal, other = Signal(), Signal()
    for signals in (signal, container([other])):
        decorate = receiver(signals, sender=sender, weak=False)
        decorate(first)
        decorate(second)
    del first, second
    gc.collect()
    called = [heard(calls, each.send, of) for each in (signal, other) for of in (sender, int)]
    return called, [["first", "second"], []] * 2


@law("decorator.uses-connect")
def uses_connect(Signal, receiver, calls, function: Callback, container: Container):
    def connect(*args, **options):
        calls.append(("the function" if args == (function,) else args, options))

    signal = types.SimpleNamespace(connect=connect)
    options = {"sender": [int], "weak": False, "dispatch_uid": 0, "other": None}
    receiver(signal, **options, anything=1)(function)
    receiver(container([signal]))(function)
    return calls, [("the function", {**options, "anything": 1}), ("the function", {})]


@law("decorator.connects-when-it-decorates")
def connects_when_it_decorates(Signal, receiver, calls, first: Callback, second: Callback):
    signal, one, two = Signal(), Signal(), Signal()
    receiver(signal)
    before = heard(calls, signal.send, None)
    for signals in (one, [two]):
        decorate = receiver(signals)
        decorate(first)
        decorate(second)
    return (before, [heard(calls, each.send, None) for each in (one, two)]), ([], [["first", "second"]] * 2)


@law("decorator.stacks")
def stacks(Signal, receiver, calls, function: Callback, one: Sender, two: Sender):
    signal, other = Signal(), Signal()
    receiver(signal, sender=one)(receiver(signal, sender=two)(receiver(other)(function)))
    called = heard(calls, signal.send, one), heard(calls, signal.send, two), heard(calls, other.send, int)
    return called, (["function"], ["function"], ["function"])


@law("decorator.keeps-nothing-alive", uses=["dispatch_uid"])
def keeps_nothing_alive(Signal, receiver, calls, function: Receiver, container: Container):
    decorators = receiver(Signal(), sender=int), receiver(container([Signal()]), dispatch_uid="uid")
    for decorate in decorators:
        decorate(function)
    watch = weakref.ref(getattr(function, "__self__", function) if type(function) is types.MethodType else function)
    del function
    gc.collect()
    return {"the function is freed": watch() is None}, {"the function is freed": True}


@law("decorator.passes-errors-on")
def passes_errors_on(Signal, receiver, error: Error, container: Container):
    class Refuses:
        refused = False

        def connect(self, function, **options):
            if not self.refused:
                self.refused = True
                raise error

    def attempt(signals):
        try:
            receiver(signals, sender=int)(len)
        except Exception as caught:
            return "raises it" if caught is error else "raises another"
        return "raises nothing"

    found = {"one signal": attempt(Refuses()), "several": attempt(container([Refuses(), Refuses()]))}
    return found, dict.fromkeys(found, "raises it")

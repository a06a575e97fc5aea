"""Laws of the chapter decorator: the receiver decorator."""

from __future__ import annotations

import gc
import types
import weakref

from signalspec.kinds import AnySender, Caching, Callback, Container, Error, Receiver, Send, Sender, Weak
from signalspec.laws import law
from signalspec.laws.vocabulary import outcome


@law("decorator.connects")
def connects(Signal, receiver, calls, function: Receiver, send: Send, caching: Caching):
    signal = Signal(**caching)
    receiver(signal)(function)
    send(signal, int)
    return calls, ["function"]


@law("decorator.returns-the-function")
def returns_the_function(Signal, receiver, calls, function: Receiver):
    signal, other = Signal(), Signal()
    same = [receiver(signal)(function) is function, receiver([signal, other])(function) is function]
    return [*same, receiver([])(function) is function], [True, True, True]


@law("decorator.several-signals")
def several_signals(Signal, receiver, calls, function: Callback, container: Container):
    signals = [Signal(), Signal(), Signal()]
    receiver(container(signals))(function)
    for signal in signals:
        signal.send(int)
    return calls, ["function"] * 3


@law("decorator.no-signals")
def no_signals(Signal, receiver, calls, function: Callback, container: Container):
    return outcome(lambda: receiver(container())(function) is function), True


@law("decorator.passes-its-options")
def passes_its_options(Signal, receiver, calls, function: Callback, sender: AnySender, weak: Weak):
    signal = Signal()
    receiver(signal, sender=sender, weak=weak, dispatch_uid="uid")(function)
    signal.send(int)
    del function
    gc.collect()
    signal.send(sender)
    removed = signal.disconnect(sender=sender, dispatch_uid="uid")
    return (calls, removed), ([], False) if weak else (["function"], True)


@law("decorator.options-for-each-signal")
def options_for_each_signal(Signal, receiver, calls, function: Callback, sender: Sender, container: Container):
    signals = [Signal(), Signal()]
    receiver(container(signals), sender=sender, weak=False, dispatch_uid="uid")(function)
    del function
    gc.collect()
    removed = []
    for signal in signals:
        signal.send(int)
        signal.send(sender)
        removed.append(signal.disconnect(sender=sender, dispatch_uid="uid"))
    return (calls, removed), (["function"] * 2, [True, True])


@law("decorator.uses-connect")
def uses_connect(Signal, receiver, calls, function: Callback, container: Container):
    class Recorder:
        def connect(self, receiver, **options):
            calls.append((receiver == function, options))

    receiver(Recorder(), sender=int, anything=1)(function)
    receiver(container([Recorder()]))(function)
    return calls, [(True, {"sender": int, "anything": 1}), (True, {})]


@law("decorator.connects-when-it-decorates")
def connects_when_it_decorates(Signal, receiver, calls, first: Callback, second: Callback):
    signal = Signal()
    decorate = receiver(signal)
    before = signal.has_listeners()
    decorate(first)
    decorate(second)
    signal.send(None)
    return (before, calls), (False, ["first", "second"])


@law("decorator.stacks")
def stacks(Signal, receiver, calls, function: Callback, one: Sender, two: Sender):
    signal, other = Signal(), Signal()
    receiver(signal, sender=one)(receiver(signal, sender=two)(receiver(other)(function)))
    signal.send(one)
    signal.send(two)
    other.send(int)
    return calls, ["function"] * 3


@law("decorator.keeps-nothing-alive")
def keeps_nothing_alive(Signal, receiver, calls, function: Receiver):
    signal = Signal()
    decorate = receiver(signal, sender=int)
    decorate(function)
    watch = weakref.ref(getattr(function, "__self__", function) if type(function) is types.MethodType else function)
    del function
    gc.collect()
    return (watch() is None, signal.send(int)), (True, [])


@law("decorator.passes-errors-on")
def passes_errors_on(Signal, receiver, error: Error, container: Container):
    class Refuses:
        def connect(self, *args, **kwargs):
            raise error

    def attempt(signals):
        try:
            receiver(signals)(len)
        except Exception as caught:
            return caught is error

    return [attempt(Refuses()), attempt(container([Refuses()]))], [True, True]

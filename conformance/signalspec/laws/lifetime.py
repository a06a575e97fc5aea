"""Laws of the chapter lifetime: lifetime."""

from __future__ import annotations

import gc
import types
import weakref

from signalspec.kinds import Caching, Callback, Function, Receiver, Send, Sender, Weak
from signalspec.laws import law
from signalspec.laws.vocabulary import at_address, growth, outcome


@law("lifetime.weak-by-default")
def weak_by_default(Signal, calls, receiver: Receiver, sender: Sender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    send(signal, sender)
    watch = weakref.ref(getattr(receiver, "__self__", receiver) if type(receiver) is types.MethodType else receiver)
    del receiver
    gc.collect()
    return watch() is None, True


@law("lifetime.dead-receiver-is-not-called")
def dead_receiver_is_not_called(Signal, calls, receiver: Receiver, sender: Sender, send: Send):
    signal = Signal()
    signal.connect(receiver, sender)
    signal.connect(receiver, dispatch_uid="uid")
    del receiver
    gc.collect()
    return (send(signal, sender), calls), ([], [])


@law("lifetime.death-leaves-the-others")
def death_leaves_the_others(Signal, calls, first: Callback, receiver: Receiver, last: Callback, weak: Weak):
    signal = Signal()
    signal.connect(first, weak=weak)
    signal.connect(receiver)
    signal.connect(last, weak=weak, dispatch_uid="uid")
    del receiver
    gc.collect()
    signal.send(int)
    removed = signal.disconnect(first), signal.disconnect(dispatch_uid="uid")
    return (calls, removed), (["first", "last"], (True, True))


@law("lifetime.strong-keeps-the-receiver")
def strong_keeps_the_receiver(Signal, calls, receiver: Receiver, sender: Sender, send: Send, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=False)
    del receiver
    gc.collect()
    send(signal, sender)
    send(signal, sender)
    return calls, ["receiver", "receiver"]


@law("lifetime.disconnect-frees-the-receiver")
def disconnect_frees_the_receiver(Signal, calls, receiver: Receiver, sender: Sender, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=False)
    signal.send(sender)
    signal.disconnect(receiver, sender)
    watch = weakref.ref(getattr(receiver, "__self__", receiver) if type(receiver) is types.MethodType else receiver)
    del receiver
    gc.collect()
    return watch() is None, True


@law("lifetime.weak-method-follows-its-instance")
def weak_method_follows_its_instance(Signal, calls, sender: Sender, send: Send, caching: Caching):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

        @classmethod
        def of_class(cls, **kwargs):
            calls.append("of class")

    party = Party()
    signal = Signal(**caching)
    signal.connect(party.method, sender)
    signal.connect(Party.of_class, sender)
    gc.collect()
    send(signal, sender)
    send(signal, sender)
    return calls, ["method", "of class"] * 2


@law("lifetime.weak-method-dies-with-its-instance")
def weak_method_dies_with_its_instance(Signal, calls, sender: Sender, send: Send, caching: Caching):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

    party = Party()
    watch = weakref.ref(party)
    signal = Signal(**caching)
    signal.connect(party.method, sender)
    send(signal, sender)
    calls.clear()
    del party
    gc.collect()
    return (watch() is None, send(signal, sender), calls), (True, [], [])


@law("lifetime.weak-method-dies-with-its-function")
def weak_method_dies_with_its_function(Signal, calls, sender: Sender, send: Send):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

    party = Party()
    signal = Signal()
    signal.connect(party.method, sender)
    watch = weakref.ref(Party.method)
    del Party.method
    gc.collect()
    return (watch() is None, send(signal, sender), calls), (True, [], [])


@law("lifetime.dead-function-frees-its-place")
def dead_function_frees_its_place(Signal, calls, receiver: Callback, sender: Sender):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

    party = Party()
    signal = Signal()
    signal.connect(party.method, sender, dispatch_uid="uid")
    del Party.method
    gc.collect()
    signal.connect(receiver, sender, dispatch_uid="uid")
    signal.send(sender)
    return calls, ["receiver"]


@law("lifetime.strong-method-keeps-its-instance")
def strong_method_keeps_its_instance(Signal, calls, sender: Sender, send: Send):
    class Party:
        def method(self, **kwargs):
            calls.append("method")

    party = Party()
    watch = weakref.ref(party)
    signal = Signal()
    signal.connect(party.method, sender, weak=False)
    del party
    gc.collect()
    send(signal, sender)
    return (watch() is not None, calls), (True, ["method"])


@law("lifetime.garbage-is-dead")
def garbage_is_dead(Signal, calls, sender: Sender, send: Send, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            calls.append("called")

    party = Party()
    party.itself = [party]
    watch = weakref.ref(party)
    signal = Signal(**caching)
    signal.connect(party, sender)
    send(signal, sender)
    calls.clear()
    del party
    gc.collect()
    return (watch() is None, send(signal, sender), signal.has_listeners(sender), calls), (True, [], False, [])


@law("lifetime.dispatch-keeps-no-receiver")
def dispatch_keeps_no_receiver(Signal, sender: Sender, send: Send, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            pass

    party = Party()
    watch = weakref.ref(party)
    signal = Signal(**caching)
    signal.connect(party, sender)
    send(signal, sender)
    signal.has_listeners(sender)
    del party
    return watch() is None, True


@law("lifetime.dispatch-keeps-no-argument")
def dispatch_keeps_no_argument(Signal, send: Send, caching: Caching):
    class Value:
        pass

    def receiver(value, **kwargs):
        response = Value()
        watches.append(weakref.ref(response))
        return response

    value, sender = Value(), Value()
    watches = [weakref.ref(value), weakref.ref(sender)]
    signal = Signal(**caching)
    signal.connect(receiver)
    send(signal, sender, value=value)
    del value, sender
    return [watch() for watch in watches], [None, None, None]


@law("lifetime.sender-is-not-kept")
def sender_is_not_kept(Signal, receiver: Callback, sender: Sender, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    signal.has_listeners(sender)
    watch = weakref.ref(sender)
    del sender
    gc.collect()
    return watch() is None, True


@law("lifetime.address-of-a-dead-sender")
def address_of_a_dead_sender(Signal, calls, receiver: Callback, send: Send, weak: Weak, caching: Caching):
    class Sender:
        pass

    signal = Signal(**caching)
    for _ in range(5):
        sender = Sender()
        signal.connect(receiver, sender, weak=weak)
        signal.has_listeners(sender)
        address = id(sender)
        del sender
        newcomer = at_address(address, Sender)
        if newcomer is not None:
            send(signal, newcomer)
            signal.disconnect(receiver, newcomer)
    return "receiver" in calls, False


@law("lifetime.address-of-a-dead-sender-without-weak-references")
def address_of_a_dead_sender_without_weak_references(Signal, calls, receiver: Callback, send: Send, weak: Weak):
    class Sender:
        __slots__ = ()

    signal = Signal()
    for _ in range(5):
        sender = Sender()
        signal.connect(receiver, sender, weak=weak)
        address = id(sender)
        del sender
        newcomer = at_address(address, Sender)
        if newcomer is not None:
            send(signal, newcomer)
    return "receiver" in calls, False


@law("lifetime.address-of-a-dead-receiver")
def address_of_a_dead_receiver(Signal, calls, sender: Sender, send: Send, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            calls.append("called")

    signal = Signal(**caching)
    signal.connect(Party, int)
    for _ in range(5):
        party = Party()
        signal.connect(party, sender)
        address = id(party)
        del party
        newcomer = at_address(address, Party) or Party()
        signal.connect(newcomer, sender)
        send(signal, sender)
        calls.append(signal.disconnect(newcomer, sender))
    return calls, ["called", True] * 5


@law("lifetime.address-of-a-dead-method")
def address_of_a_dead_method(Signal, calls, sender: Sender, send: Send):
    class Party:
        pass

    def make():
        return lambda self, **kwargs: calls.append("called")

    party = Party()
    signal = Signal()
    for _ in range(5):
        Party.method = make()
        signal.connect(party.method, sender)
        address = id(Party.method)
        del Party.method
        Party.method = at_address(address, make) or make()
        signal.connect(party.method, sender)
        send(signal, sender)
        signal.disconnect(party.method, sender)
    return calls == ["called"] * 5, True


@law("lifetime.dead-sender-frees-the-receiver")
def dead_sender_frees_the_receiver(Signal, receiver: Callback, other: Function, sender: Sender, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=False)
    signal.connect(other)
    watch = weakref.ref(getattr(receiver, "__self__", receiver))
    del sender, receiver
    gc.collect()
    signal.disconnect(other)
    gc.collect()
    return watch() is None, True


@law("lifetime.dead-sender-leaves-the-others")
def dead_sender_leaves_the_others(
    Signal, calls, first: Callback, second: Callback, sender: Sender, other: Sender, weak: Weak, caching: Caching
):
    signal = Signal(**caching)
    signal.connect(first, sender, weak=weak)
    signal.connect(first, weak=weak)
    signal.connect(second, other, weak=weak)
    signal.send(other)
    calls.clear()
    del sender
    gc.collect()
    signal.send(other)
    return (calls, signal.disconnect(first), signal.disconnect(second, other)), (["first", "second"], True, True)


@law("lifetime.signal-is-freed")
def signal_is_freed(Signal, receiver: Callback, sender: Sender, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    signal.connect(receiver, sender, weak=weak)
    signal.connect(receiver, weak=weak)
    signal.send(sender)
    watch = weakref.ref(signal)
    del signal
    gc.collect()
    return watch() is None, True


@law("lifetime.signal-frees-its-receivers")
def signal_frees_its_receivers(Signal, calls, sender: Sender, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            calls.append("called")

    party = Party()
    party.signal = signal = Signal(**caching)
    signal.connect(party, sender, weak=False)
    signal.connect(party, weak=False, dispatch_uid="uid")
    signal.send(sender)
    watches = weakref.ref(signal), weakref.ref(party)
    del signal, party
    gc.collect()
    return [watch() for watch in watches], [None, None]


@law("lifetime.no-growth-by-duplicates")
def no_growth_by_duplicates(Signal, receiver: Callback, sender: Sender, weak: Weak, caching: Caching):
    signal = Signal(**caching)
    return growth(lambda: signal.connect(receiver, sender, weak=weak)), 0


@law("lifetime.no-growth-by-reconnecting")
def no_growth_by_reconnecting(Signal, receiver: Callback, sender: Sender, weak: Weak, caching: Caching):
    signal = Signal(**caching)

    def reconnect():
        signal.connect(receiver, sender, weak=weak)
        signal.disconnect(receiver, sender)

    return growth(reconnect), 0


@law("lifetime.no-growth-by-deaths")
def no_growth_by_deaths(Signal, sender: Sender, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            pass

    signal = Signal(**caching)
    return growth(lambda: signal.connect(Party(), sender)), 0


@law("lifetime.no-growth-by-sending")
def no_growth_by_sending(Signal, receiver: Callback, sender: Sender, send: Send, caching: Caching):
    def fails(**kwargs):
        raise ValueError

    signal = Signal(**caching)
    signal.connect(receiver, sender)
    signal.connect(fails, sender)
    return growth(lambda: outcome(lambda: send(signal, sender)) and None), 0


@law("lifetime.no-growth-by-senders")
def no_growth_by_senders(Signal, caching: Caching):
    class Sender:
        pass

    def receiver(**kwargs):
        pass

    signal = Signal(**caching)
    return growth(lambda: signal.connect(receiver, Sender(), weak=False)), 0

"""Laws of the chapter lifetime: parties at the address of a dead one."""

from __future__ import annotations

import gc

from signalspec.laws import law
from signalspec.laws.vocabulary import at_address, heard
from signalspec.programs.kinds import Caching, MaybeUid, Send, Weak
from signalspec.programs.party_kinds import Callback, Sender


@law("lifetime.address-of-a-dead-sender", uses=["has_listeners"])
def address_of_a_dead_sender(
    Signal, calls, receiver: Callback, send: Send, weak: Weak, caching: Caching, uid: MaybeUid
):
    class Sender:
        pass

    class Falsy:
        def __bool__(self):
            return False

    def define():
        class Class:
            pass

        return Class

    taken, missed = [], []
    for make, asks in [(make, asks) for make in (Sender, Falsy, define) for asks in (False, True) * 2]:
        signal = Signal(**caching)
        sender = make()
        signal.connect(receiver, sender, weak=weak, **uid)
        send(signal, sender)
        address = id(sender)
        del sender
        gc.collect()
        newcomer = at_address(address, make)
        if newcomer is not None:
            taken += [signal.has_listeners(newcomer) if asks else "receiver" in heard(calls, send, signal, newcomer)]
            signal.connect(receiver, newcomer, **uid)
            missed.append("receiver" not in heard(calls, send, signal, newcomer))
    newcomer = (
        "takes the place of the dead" if any(taken) else "is not called" if any(missed) else "is another sender"
    )
    return newcomer, "is another sender"


@law("lifetime.address-of-a-dead-sender-without-weak-references")
def address_of_a_dead_sender_without_weak_references(Signal, calls, receiver: Callback, send: Send, weak: Weak):
    class Sender:
        __slots__ = ()

    called = []
    for _ in range(5):
        signal = Signal()
        sender = Sender()
        signal.connect(receiver, sender, weak=weak)
        address = id(sender)
        del sender
        newcomer = at_address(address, Sender)
        if newcomer is not None:
            called += heard(calls, send, signal, newcomer)
    return {"a receiver of the dead sender is called": "receiver" in called}, {
        "a receiver of the dead sender is called": False
    }


@law("lifetime.address-of-a-dead-receiver")
def address_of_a_dead_receiver(Signal, calls, sender: Sender, send: Send, caching: Caching):
    class Party:
        def __call__(self, **kwargs):
            calls.append("called")

    called = []
    for _ in range(5):
        signal = Signal(**caching)
        party = Party()
        signal.connect(party, sender)
        address = id(party)
        del party
        newcomer = at_address(address, Party) or Party()
        signal.connect(newcomer, sender)
        called += heard(calls, send, signal, sender)
    return called, ["called"] * 5


@law("lifetime.address-of-a-dead-method")
def address_of_a_dead_method(Signal, calls, sender: Sender, send: Send):
    class Party:
        pass

    def make():
        return lambda self, **kwargs: calls.append("called")

    called = []
    party = Party()
    for _ in range(5):
        signal = Signal()
        Party.method = make()
        signal.connect(party.method, sender)
        address = id(Party.method)
        del Party.method
        Party.method = at_address(address, make) or make()
        signal.connect(party.method, sender)
        called += heard(calls, send, signal, sender)
    return {"each new method is called": called == ["called"] * 5}, {"each new method is called": True}

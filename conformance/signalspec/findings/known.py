"""What is known of the signals of a program, and of the parties that were given to them, without keeping them alive.

Signals are numbered as they are made, and parties as they come after the last signal that was made before: so those
of two runs of a program can be compared where chance leads one of them astray for a while.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import CodeType, MethodType
from typing import Any

from signalspec.findings.operations import is_among, key_of, reference_to, uid_kept
from signalspec.findings.parties import code_of

PARTY = "party"
"""The role of what a law looks at and no operation was given yet."""


@dataclass
class Signal:
    """What is known of one signal; parties are told apart by their identity, which may come again."""

    number: int
    uses: set[str] = field(default_factory=set)
    receivers: dict[object, tuple[int, weakref.ref[Any] | None]] = field(default_factory=dict)
    codes: dict[CodeType, int] = field(default_factory=dict)
    uids: list[Any] = field(default_factory=list)
    connections: int = 0
    asked_for: int = 0
    looked_up: bool = False


class Signals:
    """What is known of each signal, by its address, which may come again as well."""

    def __init__(self) -> None:
        self.made = 0
        self._by_address: dict[int, Signal] = {}

    def known(self) -> Collection[Signal]:
        """Return what is known of all signals."""
        return self._by_address.values()

    def make(self, signal: Any, counted: bool = True) -> Signal:
        """Return what is known of a signal that is made: nothing yet. It is not kept where it is not `counted`."""
        known = Signal(self.made)
        if counted:
            self._by_address[id(signal)] = known
            self.made += 1
        return known

    def of(self, signal: Any) -> Signal:
        """Return what is known of a signal."""
        return self._by_address.get(id(signal)) or self.make(signal)


@dataclass
class _Mortal:
    """A party that may die: the last signal that was made before, how many had come since, its role, and itself."""

    signal: int
    number: int
    role: str
    party: weakref.ref[Any]


class Parties:
    """The receivers, senders and arguments that operations were given, as far as they can be referenced weakly."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._mortals: list[_Mortal] = []

    def dead(self) -> frozenset[tuple[int, int, str]]:
        """Return those that are dead, with their roles."""
        return frozenset((each.signal, each.number, each.role) for each in self._mortals if each.party() is None)

    def followed(self) -> frozenset[tuple[int, int]]:
        """Return all of them."""
        return frozenset((each.signal, each.number) for each in self._mortals)

    def follow(self, role: str, *parties: Any) -> None:
        """Take in some, each in this role, unless it is there already."""
        for party in parties:
            known = next((each for each in self._mortals if party is not None and each.party() is party), None)
            reference = reference_to(party)
            if known is not None and known.role == PARTY:
                known.role = role
            elif known is None and reference is not None:
                number = sum(each.signal == self._signals.made for each in self._mortals)
                self._mortals.append(_Mortal(self._signals.made, number, role, reference))

    def connect(self, known: Signal, args: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Take in what `connect` was called with, and what is used by that."""
        receiver = args[0] if args else named.get("receiver")
        key, mortal = key_of(receiver), reference_to(getattr(receiver, "__self__", receiver))
        _, former = known.receivers.get(key, (0, None))
        if key in known.receivers and (former is None or former() is not None):
            known.uses.add("connected again")
        else:
            # An identity comes again after a death.
            known.receivers[key] = known.connections, mortal
        if (code := code_of(receiver)) is not None:
            known.codes.setdefault(code, known.connections)
        uid = args[3] if len(args) > 3 else named.get("dispatch_uid")
        if uid is not None:
            known.uses.update({"connected again"} if is_among(uid, known.uids) else ())
            known.uids.append(uid_kept(uid))
        known.connections += 1
        if known.connections > 1:
            known.uses.add("several connections")
        sender = args[1] if len(args) > 1 else named.get("sender")
        # A method is dead where its function is, too.
        functions = [receiver.__func__] if type(receiver) is MethodType else []
        self.follow("receiver", getattr(receiver, "__self__", receiver), *functions)
        self.follow("sender", sender)

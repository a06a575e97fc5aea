"""Values and numbers for objects, which keep none of them alive."""

from __future__ import annotations

import weakref
from itertools import count
from types import MethodType
from typing import Any, Callable, Generic, TypeVar

Value = TypeVar("Value")

MOST_FLEETING = 256


class ByIdentity(Generic[Value]):
    """Values for objects, found by identity: an object's equality, hash and attributes are its own business.

    An entry goes with its object. What cannot be referenced weakly gets no entry.
    """

    def __init__(self) -> None:
        self._entries: dict[int, tuple[weakref.ref[Any], Value]] = {}

    def get(self, thing: object) -> Value | None:
        """Return the value of `thing`, or ``None``."""
        try:
            return self._entries[id(thing)][1]
        except KeyError:
            return None

    def set(self, thing: object, value: Value) -> None:
        """Give `thing` a value, if that is possible."""
        key, entries = id(thing), self._entries

        def forget(reference: Any) -> None:
            entry = entries.get(key)
            if entry is not None and entry[0] is reference:
                del entries[key]

        try:
            entries[key] = (weakref.ref(thing, forget), value)
        except TypeError:
            return

    def living(self) -> list[tuple[Any, Value]]:
        """Return the objects that live, with their values."""
        found = [(reference(), value) for reference, value in list(self._entries.values())]
        return [(thing, value) for thing, value in found if thing is not None]


class Numbers:
    """A number for each object as long as it lives, and word of its death.

    A bound method lives as long as its function and the instance that it is bound to. The number of what cannot be
    referenced weakly holds for a while only, and nobody hears of its death.
    """

    def __init__(self, when_dead: Callable[[int], None]) -> None:
        self._when_dead = when_dead
        self._living: dict[object, tuple[int, list[weakref.ref[Any]]]] = {}
        self._fleeting: dict[object, int] = {}
        self._next = count(1)

    def find(self, thing: object) -> int:
        """Return the number of `thing`, or 0 if it has none."""
        key = _identity(thing)
        known = self._living.get(key)
        return known[0] if known else self._fleeting.get(key, 0)

    def give(self, thing: object) -> int:
        """Return the number of `thing`, which gets one if it has none."""
        number = self.find(thing)
        if number:
            return number
        number = next(self._next)
        key, living, when_dead = _identity(thing), self._living, self._when_dead

        def forget(_: object) -> None:
            if key in living and living[key][0] == number:
                del living[key]
                when_dead(number)

        parts = (thing.__self__, thing.__func__) if type(thing) is MethodType else (thing,)
        try:
            living[key] = (number, [weakref.ref(part, forget) for part in parts])
        except TypeError:
            if len(self._fleeting) >= MOST_FLEETING:
                self._fleeting.clear()
            self._fleeting[key] = number
        return number


def _identity(thing: object) -> object:
    if type(thing) is MethodType:
        return id(thing.__self__), id(thing.__func__)
    return id(thing)

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
        self.values: dict[int, Value] = {}
        """The values by the ``id`` of their objects, all of which live: each dispatch looks several up."""
        self._references: dict[int, weakref.ref[Any]] = {}

    def get(self, thing: object) -> Value | None:
        """Return the value of `thing`, or ``None``."""
        return self.values.get(id(thing))

    def set(self, thing: object, value: Value) -> None:
        """Give `thing` a value, if that is possible."""
        key, values, references = id(thing), self.values, self._references

        def forget(reference: Any) -> None:
            if references.get(key) is reference:
                values.pop(key, None)
                references.pop(key, None)

        try:
            references[key] = weakref.ref(thing, forget)
        except TypeError:
            return
        values[key] = value

    def living(self) -> list[tuple[Any, Value]]:
        """Return the objects that live, with their values."""
        found = [(reference(), self.values.get(key)) for key, reference in list(self._references.items())]
        return [(thing, value) for thing, value in found if thing is not None and value is not None]


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

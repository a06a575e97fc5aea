"""What is unusual about a party: in words, and without asking the party anything."""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator
from typing import Any

_SPECIAL = (
    *("__eq__", "__hash__", "__bool__", "__len__", "__getattr__", "__getattribute__", "__setattr__", "__slots__"),
    *("__get__", "__del__", "__repr__", "__class__", "__func__", "__self__", "__name__", "__iter__", "__wrapped__"),
)
"""Members of a class that make its instances unlike a plain object."""

_RECEIVERS: dict[type, str] = {
    types.MethodType: "a method",
    types.BuiltinFunctionType: "a built-in",
    functools.partial: "a partial",
    type: "a class that is called",
}


def unusual_receiver(receiver: Any) -> Iterator[str]:
    """Yield what tells a receiver from a plain function."""
    kind = type(receiver)
    if kind is types.FunctionType:
        if receiver.__code__.co_flags & 0x380:  # coroutine functions and generators
            yield "an asynchronous receiver"
        return
    yield _RECEIVERS.get(kind, "an object that is called")
    yield from _special(kind if kind not in _RECEIVERS else type(getattr(receiver, "__self__", None)))


def unusual_sender(sender: Any) -> Iterator[str]:
    """Yield what tells a sender from a plain class or a plain object."""
    kind = type(sender)
    if sender is None or kind is type:
        return
    if kind.__module__ in ("builtins", "types", "functools"):
        yield f"a sender of type {kind.__name__}"
    elif issubclass(kind, type):
        yield "a sender with a metaclass"
    yield from _special(kind)


def _special(kind: type) -> Iterator[str]:
    own = {name for each in kind.__mro__ if each.__module__ != "builtins" for name in vars(each)}
    yield from (f"a party with {name}" for name in _SPECIAL if name in own)

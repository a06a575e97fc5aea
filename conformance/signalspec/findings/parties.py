"""What is unusual about a party: in words, and without asking the party anything."""

from __future__ import annotations

import functools
import inspect
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_SPECIAL = (
    *("__eq__", "__hash__", "__getattr__", "__getattribute__", "__setattr__", "__slots__"),
    *("__get__", "__del__", "__repr__", "__class__", "__func__", "__self__", "__name__", "__iter__", "__wrapped__"),
)
"""Members of a class that make its instances unlike a plain object."""

MAY_BE_FALSE = "a party that may be false"

_PLAIN_VALUES = (bool, int, str, bytes, float, tuple, frozenset)
"""The types of senders of which only that it is false makes one unusual."""

_AWAITED = inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE | inspect.CO_ASYNC_GENERATOR

_RECEIVERS: dict[type, str] = {
    types.MethodType: "a method",
    types.BuiltinFunctionType: "a built-in",
    functools.partial: "a partial",
    type: "a class that is called",
}


def code_of(receiver: Any) -> types.CodeType | None:
    """Return what a receiver runs, where it is a function or a method of the program and is not awaited."""
    function = receiver.__func__ if type(receiver) is types.MethodType else receiver
    if type(function) is not types.FunctionType or _is_awaited(function):
        return None
    return function.__code__


@contextmanager
def calls_noted(
    codes: Mapping[types.CodeType, int], called: list[int], misgiven: set[int], due: Mapping[str, Any]
) -> Iterator[None]:
    """Append to `called` in the block which of the `codes` this thread begins to run, and add to `misgiven` which of
    them are given other arguments than are `due`.
    """

    def note(frame: types.FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in codes:
            called.append(codes[frame.f_code])
            if not _is_given(frame, due):
                misgiven.add(codes[frame.f_code])

    former = sys.getprofile()
    sys.setprofile(note if codes else former)
    try:
        yield
    finally:
        sys.setprofile(former)


def _is_given(frame: types.FrameType, due: Mapping[str, Any]) -> bool:
    """Tell whether a function that begins to run is given all that is due and that it has a name for."""
    code, found = frame.f_code, frame.f_locals
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    given = {name: found[name] for name in names if name in due and name in found}
    if code.co_flags & inspect.CO_VARKEYWORDS:
        others = found[code.co_varnames[len(names) + bool(code.co_flags & inspect.CO_VARARGS)]]
        if others.keys() != due.keys() - names:
            return False
        given |= others
    return all(given[name] is due[name] for name in given)


def _function_of(receiver: Any) -> Any:
    while type(receiver) is functools.partial:
        receiver = receiver.func
    if type(receiver) is types.MethodType:
        return receiver.__func__
    return receiver if type(receiver) is types.FunctionType else type(receiver).__call__


def _is_awaited(function: Any) -> bool:
    if type(function) is not types.FunctionType:
        return False
    marked = any(name.startswith("_is_coroutine") for name in vars(function))
    return marked or bool(function.__code__.co_flags & _AWAITED)


def unusual_receiver(receiver: Any) -> Iterator[str]:
    """Yield what tells a receiver from a plain function."""
    kind = type(receiver)
    if _is_awaited(_function_of(receiver)):
        yield "an asynchronous receiver"
    if kind is types.FunctionType:
        return
    yield _RECEIVERS.get(kind, "an object that is called")
    yield from _special(kind if kind not in _RECEIVERS else type(getattr(receiver, "__self__", None)))


def unusual_sender(sender: Any) -> Iterator[str]:
    """Yield what tells a sender from a plain class or a plain object."""
    kind = type(sender)
    if sender is None or kind is type:
        return
    if kind in _PLAIN_VALUES and not sender:
        yield MAY_BE_FALSE
    elif kind.__module__ in ("builtins", "types", "functools"):
        yield f"a sender of type {kind.__name__}"
    elif issubclass(kind, type):
        yield "a sender with a metaclass"
    yield from _special(kind)


def _special(kind: type) -> Iterator[str]:
    own = {name for each in kind.__mro__ if each.__module__ != "builtins" for name in vars(each)}
    if own & {"__bool__", "__len__"}:
        yield MAY_BE_FALSE
    yield from (f"a party with {name}" for name in _SPECIAL if name in own)

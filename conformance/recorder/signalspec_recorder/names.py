"""Names that are the same tomorrow: of signals, receivers, senders, arguments and uids.

Nothing here asks an object itself, whose attributes may be made up on the spot (as a mock's) or have effects; only
its type and, for the interpreter's own types, what these hold.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from hashlib import sha256
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any, Iterator

ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{6,}|\d{12,}")
ASSIGNED = re.compile(r"[ \t]*(:[^=\n]+)?=[^=]")
"""What follows a name that is assigned."""

LONGEST = 200
MOST_LOOKS = 20


def type_name(kind: type) -> str:
    """Return module and qualified name of a class."""
    module = contents_of_class(kind).get("__module__")
    name = type.__getattribute__(kind, "__qualname__")
    if not isinstance(module, str) or module == "builtins":
        return str(name)
    return f"{module}.{name}"


def contents_of_class(kind: Any) -> Any:
    """Return what a class itself defines, past its metaclass, which may make attributes up."""
    return type.__getattribute__(kind, "__dict__")


def is_class(thing: object) -> bool:
    """Tell whether `thing` is a class, whatever it says about itself."""
    return issubclass(type(thing), type)


def unwrapped(receiver: object) -> object:
    """Return the plain function, class or instance that `receiver` calls in the end."""
    while True:
        if type(receiver) is MethodType:
            receiver = receiver.__func__
        elif type(receiver) is partial:
            receiver = receiver.func
        elif type(receiver) is FunctionType and "__wrapped__" in receiver.__dict__:
            receiver = receiver.__dict__["__wrapped__"]
        else:
            return receiver


def code_of(receiver: object) -> CodeType | None:
    """Return the code that runs first when a dispatch calls `receiver`, if Python code does."""
    while True:
        if type(receiver) is FunctionType:
            return receiver.__code__
        if type(receiver) is MethodType:
            receiver = receiver.__func__
        elif type(receiver) is partial:
            receiver = receiver.func
        else:
            method = next((c.__dict__["__call__"] for c in type(receiver).__mro__ if "__call__" in c.__dict__), None)
            return method.__code__ if type(method) is FunctionType else None


def receiver_name(receiver: object) -> str:
    """Return the name of a receiver: its module and qualified name, or that of what it is made of."""
    if type(receiver) is FunctionType:
        return f"{_text(receiver.__module__)}.{receiver.__qualname__}"
    if type(receiver) is MethodType:
        owner = receiver.__self__
        kind: Any = owner if is_class(owner) else type(owner)
        function = receiver.__func__
        name = function.__name__ if type(function) is FunctionType else type_name(type(function))
        return f"{type_name(kind)}.{name}"
    if type(receiver) is partial:
        return f"partial({receiver_name(receiver.func)})"
    if isinstance(receiver, BuiltinFunctionType):
        return f"{_text(receiver.__module__)}.{receiver.__qualname__}"
    if is_class(receiver):
        return type_name(receiver)  # type: ignore[arg-type]
    return f"{type_name(type(receiver))}()"


def receiver_kind(receiver: object) -> str:
    """Return what a receiver is: function, local, lambda, method, partial, mock, class or instance."""
    if type(receiver) is FunctionType:
        if receiver.__name__ == "<lambda>":
            return "lambda"
        return "local" if "<locals>" in receiver.__qualname__ else "function"
    if type(receiver) is MethodType:
        return "method"
    if type(receiver) is partial:
        return "partial"
    if is_class(receiver):
        return "class"
    if any(kind.__module__ in ("unittest.mock", "mock.mock") for kind in type(receiver).__mro__):
        return "mock"
    return "function" if isinstance(receiver, BuiltinFunctionType) else "instance"


def sender_name(sender: object) -> str:
    """Return the name of a sender: a class's own; of other objects their class and no more.

    A string is a value, and is told from other strings by a digest alone.
    """
    if sender is None:
        return "None"
    if type(sender) is str:
        return f"str {digest(sender)}"
    if type(sender) is ModuleType:
        return f"module {_text(_contents(sender).get('__name__'))}"
    return type_name(sender) if is_class(sender) else f"{type_name(type(sender))}()"  # type: ignore[arg-type]


def digest(text: str) -> str:
    """Return eight characters that tell strings apart and do not tell what they are."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def uid_name(uid: object) -> str:
    """Return a dispatch uid without the addresses in it; one that is no string, by its type and a digest."""
    if type(uid) is str:
        return ADDRESS.sub("ADDRESS", uid)[:LONGEST]
    if type(uid) in (int, tuple, bytes, bool, float):
        return f"{type(uid).__name__} {digest(ADDRESS.sub('ADDRESS', repr(uid)))}"
    return f"{type_name(type(uid))}()"


def has_address(uid: object, *things: object) -> bool:
    """Tell whether a dispatch uid is made of the address of one of `things`, or of parts of it."""
    addresses = {id(thing) for thing in _with_parts(things)}
    if type(uid) is tuple:
        return any(has_address(part, *things) for part in uid)
    if type(uid) is int:
        return uid in addresses
    if type(uid) is str:
        return bool(re.search(r" at 0[xX][0-9a-fA-F]{6,}", uid)) or any(
            str(address) in uid or f"{address:x}" in uid.lower() for address in addresses
        )
    return False


def _with_parts(things: tuple[object, ...]) -> Iterator[object]:
    for thing in things:
        if thing is not None:
            yield thing
        if type(thing) is MethodType:
            yield from (thing.__self__, thing.__func__)


class SignalNames:
    """Names signals by the module and the attribute that hold them."""

    def __init__(self, signal_class: type) -> None:
        self._class = signal_class
        self._modules_seen = 0
        self._looks = 0
        self._sizes: dict[str, int] = {}
        self._holders: dict[int, list[tuple[str, str]]] = {}

    def name(self, signal: object, frame: FrameType | None) -> str:
        """Return the name of `signal`, which is first used in `frame`; if no module holds it, that is its name."""
        holders = self._find(signal)
        if holders:
            nearest = sorted(holders, key=_distance)
            made = (each for each in nearest if len(nearest) == 1 or _is_made_in(*each))
            module, attribute = next(made, nearest[0])
            return f"{module}.{attribute}"
        if frame is None:
            return f"{type_name(type(signal))}()"
        where = getattr(frame.f_code, "co_qualname", frame.f_code.co_name)
        return f"{type_name(type(signal))}() in {_text(frame.f_globals.get('__name__'))}.{where}"

    def _find(self, signal: object) -> list[tuple[str, str]]:
        found = self._known(signal)
        # To look into each module takes milliseconds: who makes signals all the time waits for new modules.
        if not found and (self._looks < MOST_LOOKS or len(sys.modules) != self._modules_seen):
            self._looks += 1
            self._look()
            found = self._known(signal)
            if not found:
                self._sizes.clear()
                self._look()
                found = self._known(signal)
        return found

    def _known(self, signal: object) -> list[tuple[str, str]]:
        found = self._holders.get(id(signal), [])
        return [holder for holder in found if _contents(sys.modules.get(holder[0])).get(holder[1]) is signal]

    def _look(self) -> None:
        # Into modules that are new, or have more than they had; into all where there are no sizes.
        modules = dict(sys.modules)
        self._modules_seen = len(modules)
        if not self._sizes:
            self._holders = {}
        signals: set[type] = set()
        others: set[type] = set()
        for module_name, module in modules.items():
            contents = _contents(module)
            if self._sizes.get(module_name) == len(contents):
                continue
            self._sizes[module_name] = len(contents)
            for attribute, value in list(contents.items()):
                kind = type(value)
                if kind in others:
                    continue
                if kind not in signals:
                    (signals if any(base is self._class for base in kind.__mro__) else others).add(kind)
                if kind in signals:
                    self._holders.setdefault(id(value), []).append((module_name, attribute))


def _distance(holder: tuple[str, str]) -> tuple[int, tuple[str, str]]:
    return len(holder[0]), holder


def _contents(module: object) -> dict[str, Any]:
    # What is no plain module may load things when it is asked for its dictionary.
    return object.__getattribute__(module, "__dict__") if issubclass(type(module), ModuleType) else {}


def _is_made_in(module_name: str, attribute: str) -> bool:
    file = _contents(sys.modules.get(module_name)).get("__file__")
    if not isinstance(file, str) or not file.endswith(".py"):
        return False
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            source = opened.read()
    except OSError:
        return False
    start = source.find(attribute)
    while start != -1:
        before = source[source.rfind("\n", 0, start) + 1 : start]
        start += len(attribute)
        if not before.strip(" \t") and ASSIGNED.match(source, start):
            return True
        start = source.find(attribute, start)
    return False


def _text(module: object) -> str:
    return module if isinstance(module, str) else "?"

"""What is noted of an operation on a signal, and of its parties, which are asked for nothing."""

from __future__ import annotations

import contextvars
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from signalspec.findings.parties import unusual_receiver, unusual_sender
from signalspec.programs.outcomes import Raised
from signalspec.targets.claims import SENDS

OPERATIONS = ("connect", "disconnect", "has_listeners", *SENDS)

LOOKUPS = ("has_listeners", *SENDS)
"""The operations that look up receivers."""

OBSERVATIONS = ("gc.collect", "a look", "memory", "unawaited")
"""What a law does besides: it collects garbage, looks whether an object is dead, measures what memory is kept, or
notes what was never awaited.
"""

CHANCE = "chance"
"""That a program goes on as chance will have it: where it waits for an address to come again."""

PLAIN_TYPES = (str, int, bool, type(None))

_MOST_MEMBERS = 9
"""Of how many members of a list or a tuple it is noted what they are."""


@dataclass(frozen=True)
class Pair:
    """A receiver, numbered by its first connection or -1 where it was never connected, and its response in words."""

    receiver: int
    response: str


@dataclass(frozen=True)
class Answer:
    """What an operation returned: the type's name; and the pairs, or a plain value in words."""

    type: str
    pairs: tuple[Pair, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Operation:
    """An operation that has ended, or an observation; `number` says which it was in the order in which they began.

    `call` says how it was called, `uses` all that had been used of its signal by then, each use in a word; `dead` are
    the parties that were dead when it began, and `died` those when it had ended, numbered for each signal as they
    came after it was made, with their roles, and `followed` all that may be among them; `logged` are the levels of
    the records that it wrote to Django's logger, with the types of their exceptions, `calls` is what receivers noted,
    and `context` are the values of context variables when it had ended. `called` are the functions that it called in
    its own thread, as receivers are numbered, and `misgiven` those to which it gave other arguments than the send was
    called with. `signal` numbers the signals as they were made; an observation is of
    none.
    """

    name: str
    call: frozenset[str]
    uses: frozenset[str]
    dead: frozenset[tuple[int, int, str]]
    answer: Answer | Raised
    logged: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    context: frozenset[tuple[str, str]] = frozenset()
    called: tuple[int, ...] = ()
    died: frozenset[tuple[int, int, str]] = frozenset()
    followed: frozenset[tuple[int, int]] = field(default=frozenset(), compare=False)
    number: int = field(default=0, compare=False)
    signal: int = field(default=-1, compare=False)
    misgiven: frozenset[int] = frozenset()


class Calls(list[Any]):
    """The list to which the receivers of a law append; `noted` are the names that came since the last operation."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []

    def append(self, each: Any) -> None:
        """Append, and note."""
        super().append(each)
        self.noted.append(said(each))

    def extend(self, some: Iterable[Any]) -> None:
        """Append some, and note."""
        for each in some:
            self.append(each)


def uses_of(name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> set[str]:
    """Return what a call of the operation `name` uses, each use in a word."""
    if name == "connect":
        _, sender, weak, uid = (*args, *(None,) * 4)[:4]
        receiver = args[0] if args else named.get("receiver")
        sender = sender if sender is not None else named.get("sender")
        found = {
            "a sender": sender is not None,
            "weak=False": (len(args) > 2 and not weak) or named.get("weak", True) is False,
            "a uid": uid is not None or named.get("dispatch_uid") is not None,
        }
        unusual = {*unusual_receiver(receiver), *unusual_sender(sender)}
        return {use for use, is_used in found.items() if is_used} | unusual
    if name == "disconnect":
        unusual = {*unusual_sender(args[1] if len(args) > 1 else named.get("sender"))}
        found = {"a sender": bool(unusual), "a uid": named.get("dispatch_uid") is not None}
        return {"disconnect", *(use for use, is_used in found.items() if is_used), *unusual}
    return set(unusual_sender(args[0] if args else named.get("sender")))


def context_now() -> Iterator[tuple[str, str]]:
    """Yield the context variables, each with its value in words."""
    for variable, value in contextvars.copy_context().items():
        with suppress(Exception):
            yield variable.name, said(value)


def reference_to(party: Any) -> weakref.ref[Any] | None:
    """Return a weak reference, or ``None`` where there can be none."""
    if party is not None:
        with suppress(Exception):
            return weakref.ref(party)
    return None


def key_of(party: Any) -> object:
    """Return what a live receiver is identified by: a method by its instance and its function."""
    with suppress(Exception):
        if hasattr(party, "__self__") and hasattr(party, "__func__"):
            return id(party.__self__), id(party.__func__)
    return id(party)


def uid_kept(uid: Any) -> Any:
    """Return what a uid is remembered by: itself where it is of a plain type, else a weak reference, which may be
    ``None``, so that it is not kept alive.
    """
    return uid if type(uid) in PLAIN_TYPES else reference_to(uid)


def is_among(uid: Any, kept: Sequence[Any]) -> bool:
    """Tell whether a uid is one of those that are remembered so, without asking what may have its own mind."""
    if type(uid) in PLAIN_TYPES:
        return any(type(each) is type(uid) and each == uid for each in kept)
    return any(type(each) is weakref.ref and each() is uid for each in kept)


def said(value: Any) -> str:
    """Return a value in words, without asking it anything unless it is of a plain type."""
    if isinstance(value, BaseException):
        return f"an exception, {type(value).__name__}"
    if type(value) in (tuple, list) and len(value) <= _MOST_MEMBERS:
        return f"({', '.join(map(said, value))})"
    return repr(value) if type(value) in PLAIN_TYPES else f"an object of {type(value).__name__}"

"""Notes of what a program does to its signals and what they answer: the operations in order, from outside.

A recorded signal is one of the same class with its operations overridden; it keeps nobody alive, and passes on what
it is given and what comes back.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import gc
import logging
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from signalspec.findings.parties import unusual_receiver, unusual_sender
from signalspec.programs.outcomes import Raised, raised

SENDS = ("send", "send_robust", "asend", "asend_robust")
"""The operations that answer with pairs."""

OPERATIONS = ("connect", "disconnect", "has_listeners", *SENDS)

MOST_OPERATIONS = 400
"""After how many operations a program is not followed any more."""

_PLAIN = {"True": True, "False": False, "None": None}

_LOUD = (str, int, bool, type(None))


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
    """An operation that has ended, or a collection of garbage, which answers nothing.

    `call` says how it was called, `uses` all that had been used of its signal by then, each use in a word; `dead` are
    the parties that were dead when it began, numbered in the order in which they were connected, with their roles;
    `logged` are the levels of the records that it wrote to Django's logger, with the types of their exceptions,
    `calls` what its receivers noted, and `context` are the values of context variables when it had ended.
    """

    name: str
    call: frozenset[str]
    uses: frozenset[str]
    dead: frozenset[tuple[int, str]]
    answer: Answer | Raised
    logged: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    context: frozenset[tuple[str, str]] = frozenset()


@dataclass
class _Signal:
    """What is known of one signal; parties are told apart by their identity, which may come again."""

    uses: set[str] = field(default_factory=set)
    receivers: dict[object, tuple[int, weakref.ref[Any] | None]] = field(default_factory=dict)
    connections: int = 0
    looked_up: bool = False


class Calls(list[Any]):
    """The list to which the receivers of a law append; `noted` are the names that came since the last operation."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []

    def append(self, each: Any) -> None:
        """Append, and note."""
        super().append(each)
        self.noted.append(_said(each))


class _Begun(NamedTuple):
    """What is known of an operation when it begins."""

    name: str
    call: frozenset[str]
    dead: frozenset[tuple[int, str]]


class Recorder:
    """Notes the operations on signals that `record` makes.

    Where `instead` maps a send, another is used for it. Where there is a `model`, a run of the same program, what
    returns nothing or a bool is mended: it returns what it did there.
    """

    def __init__(self, instead: Mapping[str, str] | None = None, model: Sequence[Operation] = ()) -> None:
        self.operations: list[Operation] = []
        self._instead = dict(instead or {})
        self._model = model
        self._signals: dict[int, _Signal] = {}
        self._mortals: list[tuple[str, weakref.ref[Any]]] = []
        self._logged: list[str] = []
        self.calls = Calls()
        self._depth = 0

    def record(self, factory: Callable[..., Any]) -> Callable[..., Any]:
        """Return what makes the same signals as `factory`, recorded; raise `TypeError` where that cannot be."""
        if isinstance(factory, type):
            return self._subclass(factory)

        @functools.wraps(factory)
        def make(*args: Any, **named: Any) -> Any:
            signal = factory(*args, **named)
            signal.__class__ = self._subclass(type(signal))
            return signal

        return make

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note in the block who is dead after each collection of garbage that the program asks for."""
        collect = gc.collect

        def collected(*args: Any) -> int:
            found = collect(*args)
            if len(self.operations) < MOST_OPERATIONS:
                uses = frozenset().union(*(each.uses for each in self._signals.values()))
                self.operations.append(Operation("gc.collect", frozenset(), uses, self._dead(), Answer("int")))
            return found

        def handle(record: logging.LogRecord) -> None:
            self._logged.append(f"{record.levelname} {record.exc_info and type(record.exc_info[1]).__name__}")
            type(logger).handle(logger, record)

        logger = logging.getLogger("django.dispatch")
        gc.collect = collected  # type: ignore[assignment]
        logger.handle = handle  # type: ignore[method-assign]
        try:
            yield
        finally:
            gc.collect = collect
            del logger.handle

    def _dead(self) -> frozenset[tuple[int, str]]:
        return frozenset((i, role) for i, (role, ref) in enumerate(self._mortals) if ref() is None)

    def _subclass(self, base: type) -> type:
        members: dict[str, Any] = {"__module__": base.__module__, "__qualname__": base.__qualname__}
        if not hasattr(base, "__dictoffset__") or base.__dictoffset__ == 0:
            members["__slots__"] = ()
        for name in OPERATIONS:
            if callable(getattr(base, name, None)):
                members[name] = self._recorded(base, name)
        return type(base)(base.__name__, (base,), members)

    def _recorded(self, base: type, name: str) -> Any:
        target = self._instead.get(name, name)
        operation: Callable[..., Any]
        if target.startswith("a") and not name.startswith("a"):

            def perform(signal: Any, *args: Any, **named: Any) -> Any:
                return asyncio.run(self._awaited(base, target, signal, args, named))

            operation = perform
        elif target.startswith("a"):

            async def awaited(signal: Any, *args: Any, **named: Any) -> Any:
                return await self._awaited(base, target, signal, args, named)

            operation = awaited
        else:

            def perform(signal: Any, *args: Any, **named: Any) -> Any:
                return self._performed(base, target, signal, args, named)

            operation = perform

        return functools.wraps(getattr(base, name))(operation)

    def _performed(self, base: type, name: str, signal: Any, args: Any, named: Any) -> Any:
        if len(self.operations) >= MOST_OPERATIONS:
            return getattr(base, name)(signal, *args, **named)
        known, begun = self._begin(name, signal, args, named)
        try:
            answer = getattr(base, name)(signal, *args, **(named if name != "has_listeners" else _sender_of(named)))
        except BaseException as error:
            self._end(begun, known, raised(error))
            raise
        due = self._due(name)
        self._end(begun, known, due or self._answer(name, known, answer))
        return _PLAIN[due.value] if due else answer

    def _due(self, name: str) -> Answer | None:
        here = len(self.operations)
        model = self._model[here] if here < len(self._model) else None
        if model is None or model.name != name or name in SENDS or not isinstance(model.answer, Answer):
            return None
        return model.answer if model.answer.value in _PLAIN else None

    async def _awaited(self, base: type, name: str, signal: Any, args: Any, named: Any) -> Any:
        known, begun = self._begin(name, signal, args, named)
        try:
            answer = await getattr(base, name)(signal, *args, **named)
        except BaseException as error:
            self._end(begun, known, raised(error))
            raise
        self._end(begun, known, self._answer(name, known, answer))
        return answer

    def _begin(
        self, name: str, signal: Any, args: tuple[Any, ...], named: Mapping[str, Any]
    ) -> tuple[_Signal, _Begun]:
        known = self._signals.setdefault(id(signal), _Signal())
        call = frozenset(_uses(name, args, named))
        known.uses.update(call)
        if getattr(signal, "use_caching", False):
            known.uses.add("caching")
        if name not in ("connect", "disconnect"):
            if known.looked_up:
                known.uses.add("an earlier lookup")
            known.looked_up = True
        if self._depth:
            known.uses.add("nested")
        dead = self._dead()
        if dead:
            known.uses.add("a death")
        if name == "connect":
            self._connected(known, args, named)
        elif name in SENDS:
            self._follow("sender", *args[:1])
            self._follow("sender" if "sender" in named else "argument", *named.values())
        self._depth += 1
        return known, _Begun(name, call, dead)

    def _connected(self, known: _Signal, args: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        receiver = args[0] if args else named.get("receiver")
        key, mortal = _key(receiver), _reference(getattr(receiver, "__self__", receiver))
        _, former = known.receivers.get(key, (0, None))
        if key in known.receivers and (former is None or former() is not None):
            known.uses.add("connected again")
        else:
            # An identity comes again after a death.
            known.receivers[key] = known.connections, mortal
        known.connections += 1
        if known.connections > 1:
            known.uses.add("several connections")
        sender = args[1] if len(args) > 1 else named.get("sender")
        self._follow("receiver", getattr(receiver, "__self__", receiver))
        self._follow("sender", sender)

    def _follow(self, role: str, *parties: Any) -> None:
        for party in parties:
            reference = _reference(party)
            if reference is not None:
                self._mortals.append((role, reference))

    def _end(self, begun: _Begun, known: _Signal, answer: Answer | Raised) -> None:
        self._depth -= 1
        uses = frozenset(known.uses)
        if isinstance(answer, Raised):
            known.uses.add("an exception")
        logged, calls, context = tuple(self._logged), tuple(self.calls.noted), frozenset(_context())
        self.operations.append(Operation(begun.name, begun.call, uses, begun.dead, answer, logged, calls, context))
        self._logged.clear()
        self.calls.noted.clear()

    def _answer(self, name: str, known: _Signal, answer: Any) -> Answer:
        kind = type(answer).__name__
        if name in SENDS:
            with suppress(Exception):
                pairs = tuple(
                    Pair(known.receivers.get(_key(each), (-1, None))[0], _said(value)) for each, value in answer
                )
                return Answer(kind, pairs)
        return Answer(kind, value=_said(answer))


def _sender_of(named: Mapping[str, Any]) -> dict[str, Any]:
    return {"sender": named["sender"]} if "sender" in named else {}


def _uses(name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> set[str]:
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
        return {"disconnect", *({"a uid"} if named.get("dispatch_uid") is not None else ())}
    return set(unusual_sender(args[0] if args else named.get("sender")))


def _context() -> Iterator[tuple[str, str]]:
    for variable, value in contextvars.copy_context().items():
        with suppress(Exception):
            yield variable.name, _said(value)


def _reference(party: Any) -> weakref.ref[Any] | None:
    if party is not None:
        with suppress(Exception):
            return weakref.ref(party)
    return None


def _key(party: Any) -> object:
    with suppress(Exception):
        if hasattr(party, "__self__") and hasattr(party, "__func__"):
            return id(party.__self__), id(party.__func__)
    return id(party)


def _said(value: Any) -> str:
    if isinstance(value, BaseException):
        return f"an exception, {type(value).__name__}"
    return repr(value) if type(value) in _LOUD else f"an object of {type(value).__name__}"

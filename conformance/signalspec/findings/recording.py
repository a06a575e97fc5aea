"""Notes of what a program does to its signals and what they answer: the operations in order, from outside.

A recorded signal is one of the same class with its operations overridden; it keeps nobody alive, and passes on what
it is given and what comes back.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import logging
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any, NamedTuple

from signalspec.findings.operations import (
    OPERATIONS,
    SENDS,
    Answer,
    Calls,
    Operation,
    Pair,
    context_now,
    is_among,
    key_of,
    reference_to,
    said,
    uses_of,
)
from signalspec.findings.parties import calls_noted, code_of
from signalspec.findings.variations import AS_IT_IS, INSTEAD_OF, Variation
from signalspec.laws import vocabulary
from signalspec.programs.outcomes import Raised, raised

PARTY = "party"
"""The role of what a law looks at and no operation was given yet."""

_MEASURES = {"growth": "memory", "leftover": "memory", "more_objects": "memory", "unawaited": "unawaited"}
"""The words of laws that measure, which answer with nothing, or zero, where all is well."""

MOST_OPERATIONS = 400
"""After how many operations a program is not followed any more."""

MOST_NESTED = 8
"""How many operations may be within one another once something is left out of a program."""

_PLAIN = {"True": True, "False": False, "None": None}


@dataclass
class _Signal:
    """What is known of one signal; parties are told apart by their identity, which may come again."""

    uses: set[str] = field(default_factory=set)
    receivers: dict[object, tuple[int, weakref.ref[Any] | None]] = field(default_factory=dict)
    codes: dict[CodeType, int] = field(default_factory=dict)
    uids: list[Any] = field(default_factory=list)
    connections: int = 0
    looked_up: bool = False


class _Begun(NamedTuple):
    """What is known of an operation when it begins."""

    name: str
    call: frozenset[str]
    dead: frozenset[tuple[int, str]]
    number: int


class Recorder:
    """Notes the operations on signals that `record` makes.

    Where there is a `model`, a run of the same program, what returns nothing or a bool is mended: it returns what it
    did there.
    """

    def __init__(self, variation: Variation = AS_IT_IS, model: Sequence[Operation] = ()) -> None:
        self.operations: list[Operation] = []
        self._model = model
        self._signals: dict[int, _Signal] = {}
        self._mortals: list[tuple[str, weakref.ref[Any]]] = []
        self._logged: list[str] = []
        self.calls = Calls()
        self._depth = 0
        self._variation = variation
        self._kept: list[Any] = []
        self._begun = 0
        self._paused = False

    def record(self, factory: Callable[..., Any]) -> Callable[..., Any]:
        """Return what makes the same signals as `factory`, recorded; raise `TypeError` where that cannot be."""
        if isinstance(factory, type):
            return self._subclass(factory)

        @functools.wraps(factory)
        def make(*args: Any, **named: Any) -> Any:
            signal = factory(*args, **self._variation.options(named))
            signal.__class__ = self._subclass(type(signal))
            return signal

        return make

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note in the block who is dead after each collection of garbage that the program asks for."""
        collect = gc.collect

        def collected(*args: Any) -> int:
            found = collect(*args)
            self._observe("gc.collect", Answer("int"))
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

    def words(self) -> dict[str, Any]:
        """Return what a law finds in the place of what has these names, so that what it observes is noted."""
        looked_at = SimpleNamespace(**vars(weakref))
        looked_at.ref = self._looks()
        measures = {word: self._measured(getattr(vocabulary, word), name) for word, name in _MEASURES.items()}
        return {"calls": self.calls, "weakref": looked_at, **measures}

    def _looks(self) -> type:
        recorder = self

        class Look(weakref.ref):  # type: ignore[type-arg]
            __slots__ = ()

            def __init__(self, party: Any, *callback: Any) -> None:
                super().__init__(party, *callback)  # type: ignore[call-arg]
                recorder._follow(PARTY, party)

            def __call__(self) -> Any:
                found = super().__call__()
                recorder._observe("a look", Answer("bool", value=str(found is None)))
                return found

        return Look

    def _measured(self, measure: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return `measure`, which is noted; what it repeats is noted the first time, lest notes are measured."""

        def measured(*args: Any) -> Any:
            try:
                found = measure(*(self._noted_once(each) if type(each) is FunctionType else each for each in args))
            finally:
                self._paused = False
            self._observe(name, Answer("bool", value=str(bool(found))))
            return found

        return measured

    def _noted_once(self, action: Callable[..., Any]) -> Callable[..., Any]:
        def act(*args: Any) -> Any:
            try:
                return action(*args)
            finally:
                self._paused = True

        return act

    def _observe(self, name: str, answer: Answer) -> None:
        if not self._passes:
            uses = frozenset().union(*(each.uses for each in self._signals.values()))
            self._begun += 1
            self.operations.append(Operation(name, frozenset(), uses, self._dead(), answer, number=self._begun))

    @property
    def _passes(self) -> bool:
        return self._paused or len(self.operations) >= MOST_OPERATIONS

    def _dead(self) -> frozenset[tuple[int, str]]:
        return frozenset((i, role) for i, (role, ref) in enumerate(self._mortals) if ref() is None)

    def _subclass(self, base: type) -> type:
        members: dict[str, Any] = {"__module__": base.__module__, "__qualname__": base.__qualname__}
        if not hasattr(base, "__dictoffset__") or base.__dictoffset__ == 0:
            members["__slots__"] = ()
        if self._variation.uses:
            initialized: Any = getattr(base, "__init__")  # noqa: B009

            def initialize(signal: Any, *args: Any, **named: Any) -> None:
                initialized(signal, *args, **self._variation.options(named))

            members["__init__"] = initialize
        for name in OPERATIONS:
            if callable(getattr(base, name, None)):
                members[name] = self._recorded(base, name)
        return type(base)(base.__name__, (base,), members)

    def _recorded(self, base: type, name: str) -> Any:
        target = self._variation.performed(name)
        operation: Callable[..., Any]
        if target.startswith("a") and not name.startswith("a"):

            def perform(signal: Any, *args: Any, **named: Any) -> Any:
                return asyncio.run(self._awaited(base, target, signal, args, named))

            operation = perform
        elif target.startswith("a"):

            def begun(signal: Any, *args: Any, **named: Any) -> Any:
                return self._awaited(base, target, signal, args, named)

            operation = begun
        else:

            def perform(signal: Any, *args: Any, **named: Any) -> Any:
                return self._performed(base, target, signal, args, named)

            operation = perform

        return functools.wraps(getattr(base, name))(operation)

    def _performed(self, base: type, name: str, signal: Any, args: Any, named: Any) -> Any:
        if self._passes:
            return getattr(base, name)(signal, *args, **named)
        if self._leaves_out(name, signal, args, named):
            return INSTEAD_OF[name]
        args, named = self._variation.arguments(name, args, named)
        if self._variation.probed and name in ("disconnect", "has_listeners"):
            self._probe(base, name, signal, args, named)
        known, begun = self._begin(name, signal, args, named)
        called: list[int] = []
        try:
            with calls_noted(known.codes if name in SENDS else {}, called):
                answer = getattr(base, name)(
                    signal, *args, **(named if name != "has_listeners" else _sender_of(named))
                )
        except BaseException as error:
            self._end(begun, known, raised(error), called)
            raise
        due = self._due(name)
        self._end(begun, known, due or self._answer(name, known, answer), called)
        if self._variation.probed and name == "disconnect":
            self._probe(base, name, signal, args, named)
        return _PLAIN[due.value] if due else answer

    def _probe(self, base: type, name: str, signal: Any, args: Any, named: Mapping[str, Any]) -> None:
        place = 0 if name == "has_listeners" else 1
        sender = args[place] if len(args) > place else named.get("sender")
        with suppress(Exception):
            self._performed(base, "send", signal, (sender,), {})

    def _leaves_out(self, name: str, signal: Any, args: Any, named: Mapping[str, Any]) -> bool:
        self._begun += 1
        if not self._variation.uses:
            return False
        if self._depth > MOST_NESTED or self._begun > MOST_OPERATIONS:
            # What kept a program from calling itself for ever may have been left out.
            raise RecursionError
        if "a death" in self._variation.uses or "weak=False" in self._variation.uses:
            self._kept.append((args, named))
        known = self._signals.get(id(signal), _Signal())
        uid = args[3] if len(args) > 3 else named.get("dispatch_uid")
        connected = name == "connect" and (
            key_of(args[0] if args else named.get("receiver")) in known.receivers or is_among(uid, known.uids)
        )
        return self._variation.skips(name, self._begun, self._depth > 0, connected, known.connections > 0)

    def _due(self, name: str) -> Answer | None:
        here = len(self.operations)
        model = self._model[here] if here < len(self._model) else None
        if model is None or model.name != name or name in SENDS or not isinstance(model.answer, Answer):
            return None
        return model.answer if model.answer.value in _PLAIN else None

    def _awaited(self, base: type, name: str, signal: Any, args: Any, named: Any) -> Any:
        if self._passes:
            return getattr(base, name)(signal, *args, **named)
        if self._leaves_out(name, signal, args, named):
            return _nobody()
        number = self._begun
        # What it does before it is awaited, it does now.
        return self._finished(getattr(base, name)(signal, *args, **named), name, signal, args, named, number)

    async def _finished(self, answer: Any, name: str, signal: Any, args: Any, named: Any, number: int) -> Any:
        known, begun = self._begin(name, signal, args, named, number)
        try:
            answer = await answer
        except BaseException as error:
            self._end(begun, known, raised(error))
            raise
        self._end(begun, known, self._answer(name, known, answer))
        return answer

    def _begin(
        self, name: str, signal: Any, args: tuple[Any, ...], named: Mapping[str, Any], number: int = 0
    ) -> tuple[_Signal, _Begun]:
        known = self._signals.setdefault(id(signal), _Signal())
        call = frozenset(uses_of(name, args, named))
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
        return known, _Begun(name, call, dead, number or self._begun)

    def _connected(self, known: _Signal, args: tuple[Any, ...], named: Mapping[str, Any]) -> None:
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
            known.uids.append(uid)
        known.connections += 1
        if known.connections > 1:
            known.uses.add("several connections")
        sender = args[1] if len(args) > 1 else named.get("sender")
        self._follow("receiver", getattr(receiver, "__self__", receiver))
        self._follow("sender", sender)

    def _follow(self, role: str, *parties: Any) -> None:
        for party in parties:
            known = next(
                (i for i, (_, ref) in enumerate(self._mortals) if party is not None and ref() is party), None
            )
            if known is not None and self._mortals[known][0] == PARTY:
                self._mortals[known] = role, self._mortals[known][1]
            reference = reference_to(party)
            if known is None and reference is not None:
                self._mortals.append((role, reference))

    def _end(self, begun: _Begun, known: _Signal, answer: Answer | Raised, called: Sequence[int] = ()) -> None:
        self._depth -= 1
        uses = frozenset(known.uses)
        if isinstance(answer, Raised):
            known.uses.add("an exception")
        logged, calls, context = tuple(self._logged), tuple(self.calls.noted), frozenset(context_now())
        self.operations.append(
            Operation(
                *(begun.name, begun.call, uses, begun.dead, answer, logged, calls, context),
                *(tuple(called), self._dead(), begun.number),
            )
        )
        self._logged.clear()
        self.calls.noted.clear()

    def _answer(self, name: str, known: _Signal, answer: Any) -> Answer:
        kind = type(answer).__name__
        if name in SENDS:
            with suppress(Exception):
                pairs = tuple(
                    Pair(known.receivers.get(key_of(each), (-1, None))[0], said(value)) for each, value in answer
                )
                return Answer(kind, pairs)
        return Answer(kind, value=said(answer))


async def _nobody() -> list[Any]:
    return []


def _sender_of(named: Mapping[str, Any]) -> dict[str, Any]:
    return {"sender": named["sender"]} if "sender" in named else {}

"""Notes of what a program does to its signals and what they answer: the operations in order, from outside.

A recorded signal is one of the same class with its operations overridden; it keeps nobody alive, and passes on what
it is given and what comes back.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import logging
import sys
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FunctionType, SimpleNamespace
from typing import Any, NamedTuple

from signalspec.findings.known import PARTY, Parties, Signal, Signals
from signalspec.findings.operations import (
    CHANCE,
    OPERATIONS,
    Answer,
    Calls,
    Operation,
    Pair,
    context_now,
    is_among,
    key_of,
    said,
    uses_of,
)
from signalspec.findings.parties import calls_noted
from signalspec.findings.variations import AS_IT_IS, INSTEAD_OF, Variation
from signalspec.laws import vocabulary
from signalspec.programs.outcomes import Raised, raised
from signalspec.targets.claims import SENDS

_MEASURES = {"growth": "memory", "leftover": "memory", "more_objects": "memory", "unawaited": "unawaited"}
"""The words of laws that measure, which answer with nothing, or zero, where all is well."""

MOST_OPERATIONS = 400
"""After how many operations a program is not followed any more."""

MOST_NESTED = 8
"""How many operations may be within one another once something is left out of a program."""

_PLAIN = {"True": True, "False": False, "None": None}


class _Begun(NamedTuple):
    """What is known of an operation when it begins."""

    name: str
    call: frozenset[str]
    dead: frozenset[tuple[int, int, str]]
    number: int


class Recorder:
    """Notes the operations on signals that `record` makes.

    Where there is a `model`, a run of the same program, what returns nothing or a bool is mended: it returns what it
    did there.
    """

    def __init__(self, variation: Variation = AS_IT_IS, model: Sequence[Operation] = ()) -> None:
        self.operations: list[Operation] = []
        self._model = model
        self._signals = Signals()
        self._parties = Parties(self._signals)
        self._classes: list[type] = []
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
            self._signals.make(signal, counted=not self._paused)
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

        at_address: Callable[..., Any] = vocabulary.at_address

        def waits(*args: Any) -> Any:
            self._observe(CHANCE, Answer("NoneType"))
            return at_address(*args)

        measures = {word: self._measured(getattr(vocabulary, word), name) for word, name in _MEASURES.items()}
        return {"calls": self.calls, "weakref": looked_at, "at_address": waits, **measures}

    def _looks(self) -> type:
        recorder = self

        class Look(weakref.ref):  # type: ignore[type-arg]
            __slots__ = ()

            def __init__(self, party: Any, *callback: Any) -> None:
                super().__init__(party, *callback)  # type: ignore[call-arg]
                recorder._parties.follow(PARTY, party)

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
                # What is repeated is measured, so nothing may be kept of it.
                self._logged.clear()
                self.calls.noted.clear()

        return act

    def _observe(self, name: str, answer: Answer) -> None:
        if not self._passes:
            signals = self._signals.known()
            uses = frozenset().union(*(each.uses for each in signals))
            uses |= {"an earlier lookup"} if any(each.looked_up for each in signals) else set()
            if name == "memory" and any(each.connections for each in signals):
                # What is measured is repeated, which is noted once.
                uses |= {"several connections"}
            if name == "memory" and self._parties.dead():
                uses |= {"a death"}
            self._begun += 1
            dead, followed = self._parties.dead(), self._parties.followed()
            self.operations.append(
                Operation(name, frozenset(), uses, dead, answer, followed=followed, number=self._begun)
            )

    @property
    def _passes(self) -> bool:
        return self._paused or len(self.operations) >= MOST_OPERATIONS

    def _subclass(self, base: type) -> type:
        members: dict[str, Any] = {"__module__": base.__module__, "__qualname__": base.__qualname__}
        if not hasattr(base, "__dictoffset__") or base.__dictoffset__ == 0:
            members["__slots__"] = ()
        initialized: Any = getattr(base, "__init__")  # noqa: B009

        @functools.wraps(initialized)
        def initialize(signal: Any, *args: Any, **named: Any) -> None:
            self._signals.make(signal, counted=not self._paused)
            initialized(signal, *args, **self._variation.options(named))

        members["__init__"] = initialize
        for name in OPERATIONS:
            if callable(getattr(base, name, None)):
                members[name] = self._recorded(base, name)
        self._classes.append(type(base)(base.__name__, (base,), members))
        return self._classes[-1]

    def _recorded(self, base: type, name: str) -> Any:
        own = {each.__module__ for each in base.__mro__} - {"builtins"}
        original = getattr(base, name)

        def operation(signal: Any, *args: Any, **named: Any) -> Any:
            if self._depth and sys._getframe(1).f_globals.get("__name__") in own:
                # What an operation does by others of the signal is how it works, and not what the program does.
                varied, others = self._variation.arguments(name, args, named)
                return original(signal, *varied, **others)
            target = self._variation.performed(name, self._begun + 1)
            if not target.startswith("a"):
                answer = functools.partial(self._performed, base, target, signal, args, named)
                return _once_awaited(answer) if name.startswith("a") else answer()
            awaited = self._awaited(base, target, signal, args, named)
            return awaited if name.startswith("a") else asyncio.run(awaited)

        return functools.wraps(original)(operation)

    def _performed(self, base: type, name: str, signal: Any, args: Any, named: Any) -> Any:
        if self._leaves_out(name, signal, args, named):
            return INSTEAD_OF[name]
        args, named = self._variation.arguments(name, args, named)
        if self._passes:
            return getattr(base, name)(signal, *args, **named)
        number = self._begun
        if self._variation.probed and name in ("disconnect", "has_listeners"):
            self._probe(base, name, signal, args, named)
        if self._variation.cleared and name == "connect":
            self._clear(base, signal, args, named)
        known, begun = self._begin(name, signal, args, named, number)
        called: list[int] = []
        misgiven: set[int] = set()
        try:
            with calls_noted(known.codes if name in SENDS else {}, called, misgiven, _due_to(signal, args, named)):
                answer = getattr(base, name)(
                    signal, *args, **(named if name != "has_listeners" else _sender_of(named))
                )
        except BaseException as error:
            self._end(begun, known, raised(error), called, misgiven)
            raise
        due = self._due(name)
        self._end(begun, known, due or self._answer(name, known, answer), called, misgiven)
        if self._variation.probed and name == "disconnect":
            self._probe(base, name, signal, args, named)
        return _PLAIN[due.value] if due else answer

    def _probe(self, base: type, name: str, signal: Any, args: Any, named: Mapping[str, Any]) -> None:
        place = 0 if name == "has_listeners" else 1
        sender = args[place] if len(args) > place else named.get("sender")
        with suppress(Exception):
            self._performed(base, "send", signal, (sender,), {})

    def _clear(self, base: type, signal: Any, args: Any, named: Mapping[str, Any]) -> None:
        given = {**dict(zip(("receiver", "sender", "weak", "dispatch_uid"), args, strict=False)), **named}
        given.pop("weak", None)
        with suppress(Exception):
            self._performed(base, "disconnect", signal, (), given)

    def _leaves_out(self, name: str, signal: Any, args: Any, named: Mapping[str, Any]) -> bool:
        self._begun += not self._passes
        if not self._variation.uses:
            return False
        if self._depth > MOST_NESTED or self._begun > MOST_OPERATIONS:
            # What kept a program from calling itself for ever may have been left out.
            raise RecursionError
        if "a death" in self._variation.uses or "weak=False" in self._variation.uses:
            self._kept.append((args, named))
        known = self._signals.of(signal)
        uid = args[3] if len(args) > 3 else named.get("dispatch_uid")
        connected = name == "connect" and (
            key_of(args[0] if args else named.get("receiver")) in known.receivers or is_among(uid, known.uids)
        )
        others = known.asked_for
        known.asked_for += name == "connect"
        return self._variation.skips(name, self._begun, self._depth > 0, connected, others)

    def _due(self, name: str) -> Answer | None:
        here = len(self.operations)
        model = self._model[here] if here < len(self._model) else None
        if model is None or model.name != name or name in SENDS or not isinstance(model.answer, Answer):
            return None
        return model.answer if model.answer.value in _PLAIN else None

    def _awaited(self, base: type, name: str, signal: Any, args: Any, named: Any) -> Any:
        if self._leaves_out(name, signal, args, named):
            return _nobody()
        args, named = self._variation.arguments(name, args, named)
        if self._passes:
            return getattr(base, name)(signal, *args, **named)
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
    ) -> tuple[Signal, _Begun]:
        known = self._signals.of(signal)
        call = frozenset(uses_of(name, args, named))
        known.uses.update(call)
        if getattr(signal, "use_caching", False):
            known.uses.add("caching")
        if type(signal) not in self._classes:
            known.uses.add("a subclass")
        if name not in ("connect", "disconnect"):
            if known.looked_up:
                known.uses.add("an earlier lookup")
            known.looked_up = True
        if self._depth:
            known.uses.add("nested")
        dead = self._parties.dead()
        if dead:
            known.uses.add("a death")
        if name == "connect":
            self._parties.connect(known, args, named)
        elif name in SENDS:
            self._parties.follow("sender", *args[:1])
            self._parties.follow("sender" if "sender" in named else "argument", *named.values())
        self._depth += 1
        return known, _Begun(name, call, dead, number or self._begun)

    def _end(
        self,
        begun: _Begun,
        known: Signal,
        answer: Answer | Raised,
        called: Sequence[int] = (),
        misgiven: Collection[int] = (),
    ) -> None:
        self._depth -= 1
        uses = frozenset(known.uses)
        if isinstance(answer, Raised):
            known.uses.add("an exception")
        logged, calls, context = tuple(self._logged), tuple(self.calls.noted), frozenset(context_now())
        self.operations.append(
            Operation(
                *(begun.name, begun.call, uses, begun.dead, answer, logged, calls, context),
                *(tuple(called), self._parties.dead(), self._parties.followed(), begun.number, known.number),
                frozenset(misgiven),
            )
        )
        self._logged.clear()
        self.calls.noted.clear()

    def _answer(self, name: str, known: Signal, answer: Any) -> Answer:
        kind = type(answer).__name__
        if name in SENDS:
            with suppress(Exception):
                pairs = tuple(
                    Pair(known.receivers.get(key_of(each), (-1, None))[0], said(value)) for each, value in answer
                )
                return Answer(kind, pairs)
        return Answer(kind, value=said(answer))


async def _once_awaited(answer: Callable[[], Any]) -> Any:
    return answer()


async def _nobody() -> list[Any]:
    return []


def _due_to(signal: Any, args: Sequence[Any], named: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a receiver is given by a send that is called so."""
    return {**dict(zip(("sender",), args, strict=False)), **named, "signal": signal}


def _sender_of(named: Mapping[str, Any]) -> dict[str, Any]:
    return {"sender": named["sender"]} if "sender" in named else {}

"""Histories: what the operations of several threads returned, and what they may return by the model.

Each operation takes effect at one moment between its call and its return (Wing and Gong's linearizability), with one
exception. A receiver that is dropped dies at some moment until all operations that overlap with the drop have
returned, since these may hold it. A send or a `has_listeners` that overlaps with a death may or may not know of it,
whatever else it knows of; but what one of them has found dead is dead for all that begin after it has returned. And
a `disconnect` that overlaps with a death may say of what it has removed that it was dead.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from signalspec.programs.commands import Command, Disconnect, Drop, HasListeners, Send
from signalspec.programs.model import State, step

Outcome = tuple[object, ...]


@dataclass
class Operation:
    """One command, when it began and ended, and what it returned: for a send its responses, in order."""

    thread: int
    command: Command
    called: int = 0
    returned: int = 0
    observed: object = None

    @property
    def reads(self) -> bool:
        return isinstance(self.command, Send | HasListeners)


History = Sequence[Operation]


def possible_outcomes(before: State, history: History) -> set[Outcome]:
    """Return what the operations of `history` may return, in all orders in which they can have taken effect."""
    ends = [_end(operation, history) for operation in history]
    found: set[Outcome] = set()

    def explore(state: State, outcome: Outcome, waiting: frozenset[int], deadlines: dict[int, int]) -> None:
        """Let each of the `waiting` that may be next take effect; `deadlines` tell when the deaths must have."""
        if not waiting:
            found.add(outcome)
        for i in waiting:
            operation = history[i]
            if any(min(ends[j], deadlines.get(j, ends[j])) < operation.called for j in waiting - {i}):
                continue
            after, value = _take_effect(state, operation.command)
            explore(after, _with(outcome, i, value), waiting - {i}, deadlines)
            if (
                value is True
                and isinstance(operation.command, Disconnect)
                and any(_may_know(operation, other, end) for other, end in zip(history, ends, strict=True))
            ):
                explore(after, _with(outcome, i, False), waiting - {i}, deadlines)
            if operation.reads:
                for dead in _some([j for j in waiting if _may_know(operation, history[j], ends[j])]):
                    view = state
                    for j in dead:
                        view = step(view, history[j].command, {}).after
                    _, value = _take_effect(view, operation.command)
                    known = {j: min(deadlines.get(j, operation.returned), operation.returned) for j in dead}
                    explore(after, _with(outcome, i, value), waiting - {i}, {**deadlines, **known})

    explore(before, (None,) * len(history), frozenset(range(len(history))), {})
    return found


def _end(operation: Operation, history: History) -> int:
    if not isinstance(operation.command, Drop):
        return operation.returned
    overlapping = [o.returned for o in history if o.called < operation.returned and o.returned > operation.called]
    return max(overlapping)


def _may_know(operation: Operation, other: Operation, end: int) -> bool:
    return isinstance(other.command, Drop) and other.called < operation.returned and operation.called < end


def _some(deaths: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield every choice of at least one."""
    for size in range(1, len(deaths) + 1):
        yield from combinations(deaths, size)


@functools.lru_cache(maxsize=1 << 16)
def _take_effect(state: State, command: Command) -> tuple[State, object]:
    event = step(state, command, {})
    return event.after, event.value[1] if isinstance(event.value, tuple) else event.value


def _with(outcome: Outcome, i: int, value: object) -> Outcome:
    return (*outcome[:i], value, *outcome[i + 1 :])

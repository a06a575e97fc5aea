"""What a counterexample's program tells, moment by moment, ready to be drawn.

The program is told as the standard has it: the model says which connections live, who is called in which order, and
what comes of it. Only at its last command did the target do something else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import dedent
from typing import Any

from signalspec.engines.laws import Law, load_laws
from signalspec.programs.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.programs.model import Connection, Event, State, connection_of, step
from signalspec.programs.outcomes import Raised
from signalspec.programs.program import MalformedProgramError, Program
from signalspec.programs.scripts import plainly

KINDS: Mapping[type[Command], str] = {
    Connect: "connect",
    Disconnect: "disconnect",
    HasListeners: "ask",
    Send: "send",
    Drop: "drop",
    Fail: "raise",
}

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

WORDS: Mapping[str, str] = {
    "connect": r"\.connect\(|@receiver\(",
    "disconnect": r"\.disconnect\(",
    "send": r"\ba?send\w*\(|\bheard\(",
    "ask": r"\.has_listeners\(",
    "drop": r"\bdel \w|\bgc\.collect\(",
}
"""What a statement of a law does to a signal, by the words that do it; the first that occurs counts."""


@dataclass(frozen=True)
class Mark:
    """What happens to one connection at one moment: a kind to draw, words for it, and a number for calls in order."""

    kind: str
    words: str
    number: int | None = None


@dataclass(frozen=True)
class Cell:
    """One connection at one moment: whether it lived before and lives after, and what happens to it."""

    before: bool
    after: bool
    mark: Mark | None


@dataclass(frozen=True)
class Moment:
    """One thing that is done, as Python.

    `by` is the receiver that does it while it is called; `result` is what must come of it, where that tells anything.
    """

    kind: str
    text: str
    by: str | None = None
    result: str | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """A program as moments, and the connections that live in it, in the order in which they are made.

    `cast` says what the parties are, where they are nothing plain.
    """

    cast: Mapping[str, str]
    moments: tuple[Moment, ...]
    lanes: tuple[Connection, ...] = ()


def timeline_of(program: Mapping[str, Any]) -> Timeline | None:
    """Return what a counterexample's `program` tells; ``None`` where it is in no form that is known here."""
    match program:
        case {"program": dict(commands)}:
            try:
                return _of_commands(Program.from_json(commands))
            except MalformedProgramError:
                return None
        case {"law": str(slug), "case": dict(case)}:
            law = load_laws().get(slug)
            return Timeline(case, tuple(_statements(law))) if law else None
    return None


def _statements(law: Law) -> Iterator[Moment]:
    function = ast.parse(law.source).body[0]
    assert isinstance(function, ast.FunctionDef)
    statements = function.body[ast.get_docstring(function) is not None :]
    lines = law.source.splitlines()
    end = _first_line(statements[0]) - 1
    for statement in statements:
        # What stands between two statements is a comment on the second.
        text = dedent("\n".join(lines[end : statement.end_lineno])).strip("\n")
        end = statement.end_lineno or end
        yield Moment(_kind_of(statement, text), text)


def _first_line(statement: ast.stmt) -> int:
    decorators = statement.decorator_list if isinstance(statement, DEFINITIONS) else []
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _kind_of(statement: ast.stmt, text: str) -> str:
    if isinstance(statement, ast.Return):
        return "compare"
    if isinstance(statement, DEFINITIONS) and not statement.decorator_list:
        return "define"
    return next((kind for kind, pattern in WORDS.items() if re.search(pattern, text)), "other")


@dataclass(frozen=True)
class _Change:
    """One command or act: what the connections were before and are after it, and those that a send called.

    What the receivers of a send do is told in changes of its own.
    """

    command: Command
    by: str | None
    result: str | None
    before: tuple[Connection, ...]
    after: tuple[Connection, ...]
    calls: tuple[Connection, ...] = ()

    def cell(self, lane: Connection) -> Cell:
        return Cell(lane in self.before, lane in self.after, self._mark(lane))

    def _mark(self, lane: Connection) -> Mark | None:
        if lane in self.calls:
            position = self.calls.index(lane) + 1
            return Mark("call", f"{lane.receiver} is call number {position}", position)
        named = isinstance(self.command, Connect | Disconnect) and lane.key == connection_of(self.command).key
        match lane in self.before, lane in self.after:
            case True, False:
                return Mark("end", "disconnected") if named else Mark("death", "the connection dies")
            case True, True if named:
                return Mark("refusal", "connected already")
            case False, True:
                return Mark("start", "connected")
        return None


def _of_commands(program: Program) -> Timeline:
    state = State(awaited=program.awaited)
    changes: list[_Change] = []
    for command in program.commands:
        event = step(state, command, program.acts)
        changes += _changes(event)
        state = event.after
    lanes = tuple(dict.fromkeys(lane for change in changes for lane in change.after))
    moments = [
        Moment(
            KINDS[type(change.command)],
            plainly(change.command),
            change.by,
            change.result,
            tuple(change.cell(lane) for lane in lanes),
        )
        for change in changes
    ]
    opening = [Moment("other", f"signal = Signal({'use_caching=True' if program.caching else ''})")]
    if program.debug:
        opening.insert(0, Moment("other", "settings.DEBUG = True"))
    nothing = Cell(before=False, after=False, mark=None)
    opening = [replace(moment, cells=(nothing,) * len(lanes)) for moment in opening]
    return Timeline(dict(program.cast), (*opening, *moments), lanes)


def _changes(event: Event, by: str | None = None) -> Iterator[_Change]:
    """Yield the command; where it is a send, after it what its receivers do in it."""
    before = event.before.connections
    acts = [turn for turn in event.turns if turn.act]
    after = before if acts else event.after.connections
    calls = event.due[: len(event.turns)]
    yield _Change(event.command, by, _result(event.value), before, after, calls)
    for receiver, act, inner in acts:
        if inner is not None:
            before = inner.after.connections
            yield from _changes(inner, receiver)
        elif act is not None:
            yield _Change(act, receiver, None, before, before)


def _result(value: object) -> str | None:
    if isinstance(value, tuple):
        return str(value[1]) if isinstance(value[1], Raised) else repr(list(value[1]))
    return None if value is None else repr(value)

"""From a program that went wrong to the shortest one like it, and to the clause that it breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, assert_never

from signalspec.engines.observing import Failure, time_limit
from signalspec.programs.attribution import Expectation, blame, calls
from signalspec.programs.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.programs.interpreter import execute
from signalspec.programs.outcomes import Died, Late, Misgiven, Raised, Returned, TimedOut, shown
from signalspec.programs.program import Program

MOST_ATTEMPTS = 400
"""How many shorter programs are tried for one that went wrong."""

Factory = Callable[..., Any]


@dataclass(frozen=True)
class Mismatch:
    """A program whose last command, and no earlier one, was observed to do something else than is expected."""

    program: Program
    expectation: Expectation
    observed: object

    @property
    def clause(self) -> str:
        """The clause that is broken.

        Where something else than a bool is returned, what it should have been is not the point.
        """
        command, value = self.program.commands[-1], self.expectation.value
        if isinstance(value, bool) and not isinstance(self.observed, bool | Raised | Late | Died):
            if isinstance(command, HasListeners):
                return "listeners.returns-a-bool"
            return "disconnect.returns-true" if value else "disconnect.returns-false"
        called, expected_calls = ([*calls(each)] for each in (self.observed, self.expectation.value))
        if self.misgiven is not None and called == expected_calls:
            return _clause_of_arguments(self.program, self.misgiven)
        return blame(self.expectation, self.observed)

    @property
    def misgiven(self) -> Misgiven | None:
        """What a receiver was given in the place of its arguments, if that is seen to go wrong."""
        return next(misgiven(self.observed), None)

    @property
    def failure(self) -> Failure:
        """What was demanded and what happened, in words."""
        observed = self.observed
        if (other := self.misgiven) is not None and self.clause in OF_ASYNCHRONOUS_ARGUMENTS:
            return Failure(other.expected, Returned(other.actual))
        if isinstance(observed, Raised | Late | Died):
            return Failure(shown(self.expectation.value), observed)
        return Failure(shown(self.expectation.value), Returned(shown(observed)))


def first_mismatch(program: Program, factory: Factory, timeout: float) -> Mismatch | None:
    """Execute `program`; return its first mismatch, the program cut off there, or ``None``."""
    observations = execute(program, factory)
    expectation = None
    try:
        with time_limit(timeout):
            for i, expectation in enumerate(program.expectations(), 1):
                observed = next(observations)
                if observed != expectation.value:
                    return Mismatch(replace(program, commands=program.commands[:i]), expectation, observed)
    except TimedOut:
        assert expectation is not None
        return Mismatch(program, expectation, Late(timeout))
    return None


def misgiven(observed: object) -> Iterator[Misgiven]:
    """Yield what receivers were given by mistake, in a send and in those within it."""
    if isinstance(observed, Misgiven):
        yield observed
    elif isinstance(observed, tuple):
        for each in observed:
            yield from misgiven(each)


OF_ARGUMENTS = frozenset(
    {
        "send.passes-the-signal",
        "send.passes-the-sender",
        "send.passes-named-arguments",
        "send.passes-nothing-else",
        "send.earlier-arguments-are-gone",
        "during.arguments-stay-the-same",
    }
)
"""The clauses that say what receivers are given."""

OF_ASYNCHRONOUS_ARGUMENTS = OF_ARGUMENTS | {"asend.passes-arguments", "asend.earlier-arguments-are-gone"}
"""The same, where some sends are asynchronous."""

_ALONE = {
    "signal": "send.passes-the-signal",
    "sender": "send.passes-the-sender",
    "named": "send.passes-named-arguments",
    "more": "send.passes-nothing-else",
}


def _clause_of_arguments(program: Program, other: Misgiven) -> str:
    *before, last = program.commands
    awaited = isinstance(last, Send) and last.asynchronous
    if any(isinstance(act, Send) for act in program.acts.values()):
        return "during.arguments-stay-the-same"
    if any(isinstance(command, Send) for command in before):
        return f"{'a' * awaited}send.earlier-arguments-are-gone"
    return "asend.passes-arguments" if awaited else _ALONE[other.what]


def last_mismatch(program: Program, factory: Factory, timeout: float) -> Mismatch | None:
    """Execute `program`; return the mismatch of its last command, whatever the others do, or ``None``."""
    try:
        with time_limit(timeout):
            *_, (expectation, observed) = zip(program.expectations(), execute(program, factory), strict=True)
    except TimedOut:
        return None
    return Mismatch(program, expectation, observed) if observed != expectation.value else None


def shrink(
    mismatch: Mismatch, factory: Factory, timeout: float, suits: Callable[[Program], bool] = lambda _: True
) -> Mismatch:
    """Return a mismatch of the shortest and plainest program that is found by leaving things out, and that `suits`
    the target: one that it is not asked for would tell of something else.

    Only the last command is looked at, lest a clause that is broken on the way to it hide the one that it breaks.
    Where the shortest program goes wrong on the way after all, nobody can tell what follows from what, and it is the
    first mismatch that counts.
    """
    if isinstance(mismatch.observed, Late):
        return mismatch
    attempts = 0
    improved = True
    while improved:
        improved = False
        for candidate in _simpler(mismatch.program):
            if not suits(candidate):
                continue
            attempts += 1
            if attempts > MOST_ATTEMPTS:
                break
            found = last_mismatch(candidate, factory, timeout)
            if found is not None:
                mismatch, improved = found, True
                break
    return first_mismatch(mismatch.program, factory, timeout) or mismatch


def _simpler(program: Program) -> Iterator[Program]:
    if program.arguments:
        yield replace(program, arguments=False)
    if program.caching:
        yield replace(program, caching=False)
    if program.acts:
        yield replace(program, acts={})
    for name in program.cast:
        yield replace(program, cast={other: kind for other, kind in program.cast.items() if other != name})
    commands = program.commands
    for i in range(len(commands) - 1):
        shorter = replace(program, commands=commands[:i] + commands[i + 1 :])
        if is_possible(shorter):
            yield shorter
    for i, command in enumerate(commands):
        for plainer in _plainer(command):
            changed = replace(program, commands=(*commands[:i], plainer, *commands[i + 1 :]))
            if is_possible(changed):
                yield changed


def _plainer(command: Command) -> Iterator[Command]:
    match command:
        case Connect():
            if not command.weak:
                yield replace(command, weak=True)
            if command.uid is not None:
                yield replace(command, uid=None)
            if command.sender is not None:
                yield replace(command, sender=None)
        case Send(asynchronous=True):
            yield replace(command, asynchronous=False)
        case Send(robust=True):
            yield replace(command, robust=False)
        case Send(str()) | HasListeners(str()) | Disconnect(_, str()):
            yield replace(command, sender=None)
        case Send() | HasListeners() | Disconnect() | Drop() | Fail():
            return
        case _:
            assert_never(command)


def is_possible(program: Program) -> bool:
    """Tell whether no command uses a party after the program has dropped it."""
    dropped: set[str | None] = set()
    for command in program.commands:
        used = {getattr(command, name, None) for name in ("receiver", "sender", "party")}
        if used & dropped - {None}:
            return False
        if isinstance(command, Drop):
            dropped.add(command.party)
        for act in program.acts.values() if isinstance(command, Send) else ():
            if {getattr(act, name, None) for name in ("receiver", "sender")} & dropped - {None}:
                return False
            if isinstance(act, Drop):
                dropped.add(act.party)
    return True

"""The engine *explore*: every command from every state that is reachable in a few commands.

The search is breadth-first over the states of the model, so the first program that goes wrong is among the shortest.
A program that differs from another only in the names of its parties is left out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, NamedTuple

from signalspec.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.engines.judging import Mismatch, is_possible
from signalspec.engines.observing import time_limit
from signalspec.interpreter import World
from signalspec.model import Acts, Expectation, State, step
from signalspec.outcomes import TimedOut, late, raised
from signalspec.programs import RECEIVERS, SENDERS, UIDS, Program

CHUNK = 512
"""How many programs share one alarm: setting one for each would cost as much as the program."""


@dataclass(frozen=True)
class Dimension:
    """A part of the vocabulary that is explored by itself."""

    name: str
    receivers: int = 2
    senders: int = 1
    uids: int = 0
    weak: tuple[bool, ...] = (True,)
    drops: tuple[str, ...] = ()
    act: Command | None = None
    caching: bool = False
    debug: bool = False
    sends_to_nobody: bool = True
    shallower: int = 0

    @property
    def needs(self) -> frozenset[str]:
        """The capabilities without which it cannot be explored."""
        return frozenset(["caching"] * self.caching + ["debug"] * self.debug)

    def commands(self) -> list[Command]:
        """Return every command of this dimension."""
        receivers = RECEIVERS[: self.receivers]
        senders: tuple[str | None, ...] = (None, *SENDERS[: self.senders])
        uids: tuple[str | None, ...] = (None, *UIDS[: self.uids])
        asked = senders if self.sends_to_nobody else senders[1:]
        connects = (Connect(r, s, w, u) for r, s, w, u in product(receivers, senders, self.weak, uids))
        by_receiver = (Disconnect(r, s) for r, s in product(receivers, senders))
        by_uid = (Disconnect(None, s, u) for u, s in product(uids[1:], senders))
        sends = (Send(s, robust) for robust, s in product((False, True), asked))
        return list(chain(connects, by_receiver, by_uid, sends, map(HasListeners, asked), map(Drop, self.drops)))


ACTS: tuple[tuple[str, Command], ...] = (
    ("fails", Fail()),
    ("connects another", Connect("g", "A")),
    ("connects a general one", Connect("g")),
    ("disconnects itself", Disconnect("f")),
    ("disconnects another", Disconnect("g", "A")),
    ("sends again", Send("A")),
    ("asks for listeners", HasListeners("A")),
    ("lets another die", Drop("g")),
)
"""What a receiver may do while it is called."""

DIMENSIONS = (
    Dimension("uids and senders", senders=2, uids=1),
    Dimension("two uids", uids=2),
    Dimension("three receivers", receivers=3, senders=0),
    Dimension("weak and strong", weak=(True, False), uids=1, drops=("f",), shallower=1),
    Dimension("deaths", senders=1, drops=("f", "g", "A")),
    Dimension("with DEBUG on", uids=1, weak=(True, False), debug=True, shallower=1),
    Dimension("caching", senders=2, caching=True),
    Dimension("caching and deaths", senders=1, uids=1, drops=("f", "A"), caching=True),
    *(
        Dimension(f"a receiver that {what}", act=act, caching=caching)
        for caching in (False, True)
        for what, act in ACTS
    ),
)


class Step(NamedTuple):
    """One program of the search, and what its last command must do."""

    program: Program
    expectation: Expectation


@functools.lru_cache(maxsize=64)
def programs_of(dimension: Dimension, depth: int) -> tuple[Step, ...]:
    """Return every command of `dimension` from every state within reach, as programs of at most `depth` commands."""
    acts: Acts = {"f": dimension.act} if dimension.act else {}
    commands = dimension.commands()
    start = State(caching=dimension.caching)
    found: list[Step] = []
    reached = {start}
    frontier: list[tuple[State, tuple[Command, ...]]] = [(start, ())]
    for _ in range(depth):
        next_frontier = []
        for state, path in frontier:
            for command in commands:
                if not _names_are_in_order(path, command, acts):
                    continue
                program = Program((*path, command), acts, caching=dimension.caching, debug=dimension.debug)
                if not is_possible(program):
                    continue
                after, expectation = step(state, command, acts)
                found.append(Step(program, expectation))
                if after not in reached:
                    reached.add(after)
                    next_frontier.append((after, program.commands))
        frontier = next_frontier
    return tuple(found)


def _names_are_in_order(path: tuple[Command, ...], command: Command, acts: Acts) -> bool:
    """Tell whether no party is named before those that come before it in its table: that leaves out renamings."""
    used = set(chain.from_iterable(map(_names, (*path, *acts.values()))))
    new = [name for name in _names(command) if name not in used]
    for table in (RECEIVERS, SENDERS, UIDS):
        for name in new:
            if name in table and any(earlier not in used for earlier in table[: table.index(name)]):
                return False
    return True


def _names(command: Command) -> list[str]:
    names = (getattr(command, attribute, None) for attribute in ("receiver", "sender", "uid", "party"))
    return [name for name in names if name is not None]


def run(
    dimension: Dimension,
    depth: int,
    factory: Callable[..., Any],
    timeout: float,
    concerns: Callable[[Expectation], bool] = lambda _: True,
) -> Iterator[tuple[Expectation, Mismatch | None]]:
    """Execute the programs of `dimension` whose last command is of concern; yield what each was expected to do, and
    its mismatch where it did not do it.

    A program whose mismatch comes before its last command continues one that was yielded already, and is passed over.
    After a program that does not return, the dimension is left.
    """
    steps = [
        each for each in programs_of(dimension, max(0, depth - dimension.shallower)) if concerns(each.expectation)
    ]
    for start in range(0, len(steps), CHUNK):
        done: list[tuple[Expectation, Mismatch | None]] = []
        try:
            with time_limit(timeout):
                for program, expectation in steps[start : start + CHUNK]:
                    mismatch = _run_one(program, expectation, factory)
                    done.append((expectation, mismatch))
        except TimedOut:
            yield from done
            program, expectation = steps[start + len(done)]
            yield expectation, Mismatch(program, expectation, late(timeout))
            return
        yield from done


def _run_one(program: Program, expectation: Expectation, factory: Callable[..., Any]) -> Mismatch | None:
    world = World(program, factory)
    *before, last = program.commands
    try:
        for command in before:
            world.perform(command)
        observed = world.perform(last)
    except BaseException as error:
        observed = raised(error)
    if observed == expectation.value:
        return None
    return Mismatch(program, expectation, observed)

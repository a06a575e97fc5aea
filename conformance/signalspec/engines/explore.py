"""The engine *explore*: every command from every situation that is reachable in a few commands.

The search is breadth-first over the situations of the model, so the first program that goes wrong is among the
shortest. A program that differs from another only in the names of its parties is left out. A situation of the model
may be several states of an implementation that keeps more than it should; so every other way to it is followed by
the sends.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, NamedTuple

from signalspec.engines.observing import no_collections, time_limit
from signalspec.engines.shards import WHOLE, Shard
from signalspec.engines.shrinking import Mismatch
from signalspec.programs.attribution import Expectation, Situation
from signalspec.programs.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send, names_in
from signalspec.programs.interpreter import World
from signalspec.programs.model import Acts
from signalspec.programs.outcomes import Late, TimedOut, raised
from signalspec.programs.program import NAMES, RECEIVERS, SENDERS, UIDS, Program

CHUNK = 512
"""How many programs share one alarm: setting one for each would cost as much as the program."""


@dataclass(frozen=True)
class Dimension:
    """A part of the vocabulary that is explored by itself, from what the commands `before` come to."""

    name: str
    before: tuple[Command, ...] = ()
    receivers: int = 2
    senders: int = 1
    uids: int = 0
    weak: tuple[bool, ...] = (True,)
    drops: tuple[str, ...] = ()
    act: Command | None = None
    caching: bool = False
    debug: bool = False
    asynchronous: bool = False
    awaited: tuple[str, ...] = ()
    arguments: bool = True
    sends_to_nobody: bool = True
    shallower: int = 0

    @property
    def needs(self) -> frozenset[str]:
        """The capabilities without which it cannot be explored."""
        needed = {"caching": self.caching, "debug": self.debug, "async": self.asynchronous}
        return frozenset(capability for capability, is_needed in needed.items() if is_needed)

    @property
    def mixed(self) -> bool:
        """Whether some of its receivers are asynchronous, and some are not."""
        return 0 < len(self.awaited) < self.receivers

    def commands(self) -> list[Command]:
        """Return every command of this dimension."""
        receivers = RECEIVERS[: self.receivers]
        senders: tuple[str | None, ...] = (None, *SENDERS[: self.senders])
        uids: tuple[str | None, ...] = (None, *UIDS[: self.uids])
        asked = senders if self.sends_to_nobody else senders[1:]
        connects = (Connect(r, s, w, u) for r, s, w, u in product(receivers, senders, self.weak, uids))
        by_receiver = (Disconnect(r, s) for r, s in product(receivers, senders))
        by_uid = (Disconnect(None, s, u) for u, s in product(uids[1:], senders))
        styles = product((False, True) if self.asynchronous else (False,), (False, True))
        sends = (Send(s, robust, asynchronous) for (asynchronous, robust), s in product(styles, asked))
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

CROWD = (Connect("f"), Connect("g", "A", weak=False), Connect("h", uid="u"), Connect("f", "A", uid="u"))
"""Connections of every sort, which few commands change in many ways."""

DIMENSIONS = (
    Dimension("uids and senders", senders=2, uids=1),
    Dimension("two uids", uids=2),
    Dimension("three receivers", receivers=3, senders=0),
    Dimension("weak and strong", weak=(True, False), uids=1, drops=("f",), shallower=1),
    Dimension("deaths", senders=1, drops=("f", "g", "A")),
    *(
        Dimension(
            f"among many connections{', with caching' * caching}",
            before=CROWD,
            receivers=3,
            uids=1,
            drops=("f", "h"),
            caching=caching,
            shallower=1,
        )
        for caching in (False, True)
    ),
    Dimension("with DEBUG on", uids=1, weak=(True, False), debug=True, shallower=1),
    Dimension("caching", senders=2, caching=True),
    Dimension("caching and deaths", senders=1, uids=1, drops=("f", "A"), caching=True),
    *(
        Dimension(f"a receiver that {what}", act=act, caching=caching)
        for caching in (False, True)
        for what, act in ACTS
    ),
    Dimension("asynchronous sends", uids=1, asynchronous=True, shallower=1),
    Dimension("asynchronous receivers", senders=2, uids=1, asynchronous=True, awaited=("f", "g"), shallower=1),
    Dimension("receivers of both kinds", receivers=3, asynchronous=True, awaited=("f", "h")),
    Dimension(
        "deaths of asynchronous receivers", drops=("f", "g", "A"), asynchronous=True, awaited=("f", "g"), shallower=1
    ),
    Dimension(
        "among many connections, of receivers of both kinds",
        before=CROWD,
        receivers=3,
        drops=("f", "h"),
        asynchronous=True,
        awaited=("f", "h"),
        shallower=1,
    ),
    Dimension("asynchronous receivers and caching", asynchronous=True, awaited=("f",), caching=True),
)


NEEDED = frozenset({"order", "weak", "uids", "listeners", "robust"})
"""The capabilities that programs of a dimension use, beside those that the dimension needs as a whole."""


class Step(NamedTuple):
    """One program of the search, its parties, what its last command must do, and its number among all."""

    program: Program
    parties: tuple[str, ...]
    expectation: Expectation
    number: int


class Path(NamedTuple):
    """A way to a situation: commands, the names that they use, those that they drop; and whether it is the first."""

    situation: Situation
    commands: tuple[Command, ...]
    used: frozenset[str]
    dropped: frozenset[str]
    first: bool


@functools.lru_cache(maxsize=64)
@no_collections()
def programs_of(dimension: Dimension, depth: int, shard: Shard = WHOLE) -> tuple[Step, ...]:
    """Return the programs of a dimension that are in `shard`, and remember them."""
    return tuple(each_program(dimension, depth, shard))


def each_program(dimension: Dimension, depth: int, shard: Shard = WHOLE) -> Iterator[Step]:
    """Yield every command of `dimension` from every situation within reach, and every plain send after each other way
    to one, as programs of at most `depth` commands, or fewer where it is `shallower`: those that are in `shard`.
    """
    acts: Acts = {"f": dimension.act} if dimension.act else {}
    act_names = frozenset(chain.from_iterable(map(names_in, acts.values())))
    act_drops = act_names if isinstance(dimension.act, Drop) else frozenset()
    commands = [(command, frozenset(names_in(command))) for command in dimension.commands()]
    sends = [(command, names) for command, names in commands if isinstance(command, Send) and not command.robust]
    cast = dict.fromkeys(dimension.awaited, "async function")
    start = Situation.of_new_signal(dimension.caching, frozenset(cast))
    for command in dimension.before:
        start, _ = start.after(command, acts)
    number = -1
    reached = {start}
    named = act_names.union(*map(names_in, dimension.before))
    frontier = [Path(start, dimension.before, named, frozenset(), first=True)]
    # Most ways lead to a situation that is known, and from there to sends alone.
    sent: dict[tuple[Situation, Command], tuple[Situation, Expectation]] = {}
    for left in reversed(range(depth - dimension.shallower)):
        next_frontier = []
        for path in frontier:
            for command, names in commands if path.first else sends:
                needs = names | (act_names - act_drops) if isinstance(command, Send) else names
                if not path.dropped.isdisjoint(needs) or not _are_in_order(path.used, names):
                    continue
                number += 1
                goes_on = path.first and left
                if not goes_on and not shard.has(number):
                    continue
                used = path.used | names
                program = Program(
                    (*path.commands, command), acts, cast, dimension.caching, dimension.debug, dimension.arguments
                )
                known = None if path.first else sent.get((path.situation, command))
                after, expectation = known or path.situation.after(command, acts)
                if known is None and isinstance(command, Send):
                    sent[path.situation, command] = after, expectation
                if shard.has(number):
                    yield Step(program, _parties(used), expectation, number)
                if goes_on:
                    drops = names if isinstance(command, Drop) else act_drops if isinstance(command, Send) else ()
                    dropped = path.dropped.union(drops)
                    next_frontier.append(Path(after, program.commands, used, dropped, after not in reached))
                    reached.add(after)
        frontier = next_frontier


@functools.cache
def _parties(used: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in NAMES if name in used)


@functools.cache
def _are_in_order(used: frozenset[str], names: frozenset[str]) -> bool:
    """Tell whether no party is named before those that come before it in its table: that leaves out renamings."""
    for table in (RECEIVERS, SENDERS, UIDS):
        for name in names - used:
            if name in table and not used.issuperset(table[: table.index(name)]):
                return False
    return True


def run(
    dimension: Dimension,
    depth: int,
    factory: Callable[..., Any],
    timeout: float,
    concerns: Callable[[Step], bool] = lambda _: True,
    mark: Callable[[int], None] = lambda _: None,
    shard: Shard = WHOLE,
) -> Iterator[tuple[Step, Mismatch | None]]:
    """Execute the programs of `dimension` in `shard` whose last command is of concern; yield each, and its mismatch
    where it did not do what was expected. `mark` is told the number of each program before it runs.

    A program whose mismatch comes before its last command continues one that was yielded already, and is passed over.
    After a program that does not return, the dimension is left.
    """
    steps = [each for each in programs_of(dimension, depth, shard) if concerns(each)]
    begun = 0
    while begun < len(steps):
        done: list[tuple[Step, Mismatch | None]] = []
        try:
            with time_limit(timeout):
                for each in steps[begun : begun + CHUNK]:
                    mark(each.number)
                    mismatch = _run_one(each, factory)
                    done.append((each, mismatch))
        except TimedOut:
            # Many programs share a limit, so the one at hand gets one for itself before it is blamed.
            suspect = steps[begun + len(done)]
            try:
                with time_limit(timeout):
                    mismatch = _run_one(suspect, factory)
            except TimedOut:
                yield from done
                yield suspect, Mismatch(suspect.program, suspect.expectation, Late(timeout))
                return
            done.append((suspect, mismatch))
        begun += len(done)
        yield from done


def _run_one(each: Step, factory: Callable[..., Any]) -> Mismatch | None:
    program, parties, expectation, _ = each
    *before, last = program.commands
    try:
        world = World(program, factory, parties)
        for command in before:
            world.perform(command)
        observed = world.perform(last)
    except BaseException as error:
        observed = raised(error)
    if observed == expectation.value:
        return None
    return Mismatch(program, expectation, observed)

"""The engine *concurrency*: all small programs of two threads, and some of three, under every schedule.

A program makes a signal, uses it in one thread, then in two at the same time, then in one again, which shows what the
two have left behind. What it returns is compared with what the model says that it may return.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, combinations_with_replacement, count, islice, product
from typing import Any

from signalspec.engines.observing import Failure, time_limit
from signalspec.engines.shards import WHOLE, Shard
from signalspec.engines.shrinking import first_mismatch, misgiven
from signalspec.engines.threads import schedules
from signalspec.engines.threads.linearizability import Operation, Outcome, possible_outcomes
from signalspec.engines.threads.scheduler import Abandoned, Deadlock, Director, Endless
from signalspec.engines.threads.schedules import Thoroughness
from signalspec.programs.commands import Command, Connect, Disconnect, Drop, HasListeners, Send
from signalspec.programs.interpreter import World
from signalspec.programs.model import State, step
from signalspec.programs.outcomes import Misgiven, Raised, Returned, raised, shown
from signalspec.programs.program import MalformedProgramError, Program, command_from_json, command_to_json
from signalspec.targets.target import Target

Thread = tuple[Command, ...]

GENERAL = "threads.one-after-the-other"
"""The clause that all programs of threads are about."""

ARGUMENTS = "threads.arguments-stay-the-same"
"""The clause about what receivers are given."""

CALM = (Connect("f"), Connect("g", "A"), Send("A"), Send("B"), Send("A", robust=True))
"""What shows, without any threads, whether receivers are given what their send gives."""

CLAUSES = frozenset(
    {
        GENERAL,
        "threads.no-deadlock",
        "threads.nothing-is-raised",
        "threads.death-is-noticed",
        "threads.seen-death-is-final",
    }
)
"""The clauses that such a program may break."""


def all_are(broken: Collection[str], open_: Collection[str]) -> bool:
    """Tell whether all of these clauses that are `open_` are `broken`, so that there is no more to be found."""
    return all(slug in broken for slug in CLAUSES if slug in open_)


CHUNK = 64
"""How many runs share one alarm, which takes as long to set as a part of a run."""

LAST = 9
"""The number of the thread that uses the signal when all others have ended."""


@dataclass(frozen=True)
class Threads:
    """A program of several threads. With `arguments`, each send gives some of its own, and receivers note them."""

    before: Thread
    threads: tuple[Thread, ...]
    after: Thread
    caching: bool = False
    arguments: bool = False

    @property
    def commands(self) -> Thread:
        """All commands, in an order in which they could be executed one after the other."""
        return (*self.before, *chain.from_iterable(self.threads), *self.after)

    @functools.cached_property
    def sequential(self) -> Program:
        """The same commands as a program of one thread, which knows the parties."""
        return Program(self.commands, caching=self.caching, arguments=self.arguments)

    @functools.cached_property
    def parties(self) -> list[str]:
        """The names that the program mentions."""
        return self.sequential.parties()

    def to_json(self) -> dict[str, Any]:
        """Return the program as JSON-ready data."""
        return {
            "caching": self.caching,
            "arguments": self.arguments,
            "before": [command_to_json(command) for command in self.before],
            "threads": [[command_to_json(command) for command in thread] for thread in self.threads],
            "after": [command_to_json(command) for command in self.after],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Threads:
        """Return the program that `data` stores; raise `MalformedProgramError` where it stores none."""
        try:
            program = cls(
                before=tuple(map(command_from_json, data["before"])),
                threads=tuple(tuple(map(command_from_json, thread)) for thread in data["threads"]),
                after=tuple(map(command_from_json, data["after"])),
                caching=bool(data["caching"]),
                arguments=bool(data.get("arguments", False)),
            )
            list(program.sequential.expectations())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MalformedProgramError(f"this is no program ({type(error).__name__}: {error})") from error
        return program


@dataclass(frozen=True)
class Scope:
    """A part of the vocabulary that is enumerated by itself.

    `before` are the beginnings of programs; `after` is how each ends.
    """

    name: str
    before: tuple[Thread, ...]
    commands: tuple[Command, ...]
    after: Thread
    caching: bool = False

    def programs(self, depth: int) -> Iterator[Threads]:
        """Yield every program of two, or three, or at the most `depth` commands in two threads, of which one changes
        something.
        """
        pairs = combinations_with_replacement(self.commands, 2)
        singles = (((one,), (two,)) for one, two in pairs)
        doubles = (((one,), (two, three)) for one, two, three in product(self.commands, repeat=3))
        shapes = [*(singles if depth >= 2 else ()), *(doubles if depth >= 3 else ())]
        for threads, before in product(shapes, self.before):
            program = Threads(before, threads, self.after, self.caching)
            if any(map(_changes, threads)) and _is_possible(threads):
                yield program


_A, _B = Send("A"), Send("B")
_ASKS = (HasListeners("A"), _A)
_DYING = (Connect("f", "A", uid="u"), Connect("g", "A", uid="v"), _A)
SCOPES = (
    Scope(
        "connections",
        before=((), (Connect("f", "A"), Connect("h"))),
        commands=(Connect("f", "A"), Connect("g"), Disconnect("f", "A"), *_ASKS),
        after=(_A, _B, HasListeners("A"), Disconnect("f", "A"), _A),
    ),
    Scope(
        "caching",
        before=((Connect("f", "A"), Connect("h"), _A),),
        commands=(Connect("g", "A"), Connect("i"), Disconnect("f", "A"), _A, _B),
        after=(_A, _B, HasListeners("A")),
        caching=True,
    ),
    *(
        Scope(
            f"deaths{', with caching' * caching}",
            before=(_DYING,) if caching else (_DYING, (*_DYING, Drop("g"))),
            commands=(Drop("f"), Connect("h", "A", uid="u"), Connect("i", "A"), Disconnect(None, "A", uid="u"), _A),
            after=(_A, Connect("h", "A", uid="u"), Connect("i", "A", uid="v"), _A, HasListeners("A")),
            caching=caching,
        )
        for caching in (False, True)
    ),
)


TRIOS = (
    Threads((Connect("f"), _A), ((Connect("g"),), (Disconnect("f"),), (_A,)), (_A,), caching=True),
    Threads((Connect("f"), _A), ((Connect("g"),), (Connect("h", "A"),), (_A,)), (_A,), caching=True),
    Threads((), ((Connect("f"),), (Connect("f"),), (Disconnect("f"),)), (_A, Disconnect("f"), _A)),
    Threads(_DYING, ((Drop("f"),), (_A,), (Connect("h", "A", uid="u"),)), (_A, HasListeners("A"))),
)
"""Programs of three threads: two that change what the third one looks up, or removes."""

SENDS = tuple(
    Threads((Connect("f"), Connect("g")), ((one,), (two,)), (_A,), caching)
    for one, two in combinations_with_replacement((_A, _B, Send("A", robust=True)), 2)
    for caching in (False, True)
)
"""Programs that change nothing: two sends at the same time, each with arguments of its own."""


def _changes(thread: Thread) -> bool:
    return any(not isinstance(command, Send | HasListeners) for command in thread)


def _is_possible(threads: tuple[Thread, ...]) -> bool:
    drops = [c.party for c in chain.from_iterable(threads) if isinstance(c, Drop)]
    return len(set(drops)) == len(drops)


@dataclass(frozen=True)
class Run:
    """One program under one schedule: what was observed, of a deadlock its name, and what may be."""

    program: Threads
    schedule: str
    observed: Outcome | Raised
    possible: frozenset[Outcome]

    @property
    def failure(self) -> Failure | None:
        """What was demanded and what happened, in words."""
        if self.observed in self.possible:
            return None
        if (other := self.misgiven) is not None:
            return Failure(other.expected, Returned(other.actual))
        observed = self.observed if isinstance(self.observed, Raised) else Returned(shown(self.observed))
        return Failure(f"one of {shown(self.expected)}", observed)

    @property
    def misgiven(self) -> Misgiven | None:
        """What a receiver was given in the place of its arguments, if any was."""
        return next(misgiven(self.observed), None)

    @property
    def plainest(self) -> Run:
        """The same, without the arguments where these are not what fails."""
        return self if self.misgiven else replace(self, program=replace(self.program, arguments=False))

    @property
    def expected(self) -> list[Outcome]:
        """What may be observed, always in the same order."""
        return sorted(self.possible, key=repr)

    @property
    def clause(self) -> str:
        """The clause that is broken where the run fails."""
        if isinstance(self.observed, Raised):
            return "threads.no-deadlock"
        if self.misgiven is not None:
            return ARGUMENTS
        commands = [command for thread in self.program.threads for command in thread]
        returned = list(zip(commands, self.observed, strict=False))
        if any(isinstance(value, Raised) for _, value in returned):
            return "threads.nothing-is-raised"
        drops = [command.party for command in commands if isinstance(command, Drop)]
        never = any(value not in {outcome[i] for outcome in self.possible} for i, (_, value) in enumerate(returned))
        if not drops or never:
            return GENERAL
        missed = any(isinstance(value, tuple) and not set(drops).issubset(value) for _, value in returned)
        return "threads.seen-death-is-final" if missed else "threads.death-is-noticed"


class Runner:
    """Executes programs of threads on signals of a target."""

    def __init__(self, factory: Callable[..., Any], director: Director) -> None:
        self._factory, self._director = factory, director

    def every_schedule(self, program: Threads, preemptions: int) -> Iterator[Run]:
        """Yield a run of `program` for each schedule with so many preemptions, up to the first that fails.

        A longer thread never begins: what follows of that is seen in shorter programs.
        """
        possible: dict[Any, frozenset[Outcome]] = {}
        beginners = sum(len(thread) == 1 for thread in program.threads)
        for _ in schedules.every_schedule(self._director, preemptions, beginners):
            run = self.run(program, possible)
            yield run
            if run.failure:
                return

    def run(self, program: Threads, possible: dict[Any, frozenset[Outcome]]) -> Run:
        """Run `program` under the director's schedule; `possible` remembers what the model said."""
        world = World(program.sequential, self._factory, program.parties, threading.get_ident)
        clock = count()
        history: list[Operation] = []

        def execute(thread: int, commands: Thread) -> None:
            for command in commands:
                operation = Operation(thread, command)
                history.append(operation)
                operation.called = next(clock)
                operation.observed = perform(world, command)
                operation.returned = next(clock)

        for command in program.before:
            perform(world, command)
        try:
            self._director.interleave(
                *(functools.partial(execute, i, thread) for i, thread in enumerate(program.threads, 1))
            )
            schedules.raise_the_suite_s(self._director)
            execute(LAST, program.after)
        except (Deadlock, Endless) as error:
            return Run(program, self._director.schedule, raised(error), frozenset(possible_outcomes(*_calm(program))))
        history.sort(key=lambda operation: operation.thread)
        times = tuple((operation.called, operation.returned) for operation in history)
        if times not in possible:
            possible[times] = frozenset(possible_outcomes(_begin(program), history))
        observed = tuple(operation.observed for operation in history)
        return Run(program, self._director.schedule, observed, possible[times])


def perform(world: World, command: Command) -> object:
    """Execute one command; return what is observed, of a send its responses."""
    try:
        observed = world.perform(command)
    except Abandoned:
        raise
    except BaseException as error:
        return raised(error)
    # What a connect returns has nothing to do with threads.
    if isinstance(command, Connect):
        return None
    return observed[1] if isinstance(observed, tuple) else observed


def _begin(program: Threads) -> State:
    state = State()
    for command in program.before:
        state = step(state, command, {}).after
    return state


def _calm(program: Threads) -> tuple[State, list[Operation]]:
    """Return how `program` begins, and a history in which its threads run one after the other."""
    commands = chain(*program.threads, program.after)
    return _begin(program), [Operation(LAST, command, 2 * i, 2 * i + 1) for i, command in enumerate(commands)]


def explore(
    target: Target, depth: int, timeout: float, how: Thoroughness, shard: Shard = WHOLE
) -> Iterator[tuple[int, Iterator[Run]]]:
    """Run every program of every scope with `depth` commands at the most in its threads, and the programs of three
    threads: those in `shard`. Yield the number of each, and its runs up to the first that fails.

    Raise `TimedOut` where a program does not return.
    """
    programs = [(program, how.preemptions) for scope in SCOPES for program in scope.programs(depth)]
    programs += [(program, how.preemptions) for program in SENDS if depth >= 2]
    # What takes three threads takes that two of them are stopped.
    programs += [(program, max(2, how.preemptions)) for program in TRIOS if depth >= 3]
    programs = [each for each in programs if each[0].sequential.needs <= target.capabilities]
    arguments = first_mismatch(Program(CALM, arguments=True), target.signal, timeout) is None
    with time_limit(timeout):
        director = Director(target.signal, f"{how.mark}1")
    with director:
        runner = Runner(target.signal, director)
        for number, (program, preemptions) in enumerate(programs):
            if shard.has(number):
                runs = runner.every_schedule(replace(program, arguments=arguments), preemptions)
                yield number, _limited(runs, timeout)


def _limited(runs: Iterator[Run], timeout: float) -> Iterator[Run]:
    more = True
    while more:
        with time_limit(timeout):
            done = list(islice(runs, CHUNK))
        yield from done
        more = len(done) == CHUNK

"""The engine *schedules*: runs the laws about threads once for every schedule with so many preemptions.

A thread runs undisturbed first, which tells how many lines it executes; then it is stopped before each of these, and
another one runs instead, which may be stopped in its turn. A law about interruptions is interrupted before each line.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from signalspec.engines.laws import Case, Law, judge
from signalspec.engines.observing import Failure, time_limit
from signalspec.engines.shards import WHOLE, Shard
from signalspec.engines.threads import locks
from signalspec.engines.threads import scheduler as directing
from signalspec.engines.threads import tracing as following
from signalspec.engines.threads.scheduler import Director
from signalspec.engines.threads.trails import Executed, side_by_side, trail_of
from signalspec.laws import vocabulary
from signalspec.laws.fixtures import OF_SIGNALS, OfScheduler
from signalspec.programs.defects import is_the_suite_s
from signalspec.programs.outcomes import Late, Raised, TimedOut
from signalspec.targets.target import Target

CONTROLS = tuple(name for name, fixture in OF_SIGNALS.items() if isinstance(fixture, OfScheduler))
"""What the laws about threads ask for."""

ABOUT_WAITING = frozenset(
    {
        "threads.receivers-run-without-a-lock",
        "threads.logs-without-a-lock",
        "threads.no-deadlock",
        "threads.death-may-come-at-any-point",
        "threads.finalizer-may-use-the-signal",
        "threads.freed-receiver-may-use-the-signal",
        "threads.removed-receiver-may-use-the-signal",
        "threads.signals-are-independent",
    }
)
"""The clauses that a deadlock breaks; what else it keeps from happening is not the point."""

_SCHEDULER = f"""\
# With --standalone a script has the scheduler in it, and needs nothing but the target.
from {directing.__name__} import Director
"""

_SURROUNDINGS = """\
{scheduler}
def directed():
    with Director(Signal, "{schedule}") as director:
        director.longest = {longest}
        globals().update({controls})
        return program()

"""


FORM = r"\*?[1-9](:\d+)?( [1-9](:\d+)?)*"
"""What a schedule looks like, as a regular expression."""

MOST_THREADS = 9
"""How many threads a schedule can name."""

A_MOMENT = 1.0
"""How many seconds a case has that is run once more to be shown."""

LONGEST = 60
"""For how many seconds the threads of a script may wait for what is not known to be a lock."""


_outcome: Callable[[Any], Any] = vocabulary.outcome


def _interrupt(operation: Any, action: Any) -> Any:
    found = _outcome(operation)
    action()
    return found


IN_TURN: Mapping[str, Callable[..., Any]] = {
    "interleave": lambda *actions: list(map(_outcome, actions)),
    "interrupt": _interrupt,
    "wait_for": lambda _: None,
}
"""What takes the place of these where the actions of a law are executed one after the other."""


def is_concurrent(law: Law) -> bool:
    """Tell whether a law needs schedules."""
    return not law.asks_for.isdisjoint(CONTROLS)


@dataclass(frozen=True)
class Thoroughness:
    """How many times the threads of a program are stopped, and where: before lines of interest, or every line."""

    preemptions: int = 1
    every_line: bool = False

    @property
    def mark(self) -> str:
        """What a schedule begins with."""
        return "*" if self.every_line else ""


def every_schedule(
    director: Director, preemptions: int, beginners: int = MOST_THREADS, prefix: tuple[str, ...] = ()
) -> Iterator[str]:
    """Give `director` one schedule after the other, and yield each, to be run before the next is asked for.

    One of the first so many threads begins. A run with a schedule tells how many lines its last thread executes: it
    is stopped before each of these in the schedules that follow.
    """
    number = 1
    while number <= beginners:
        if not prefix or not prefix[-1].startswith(f"{number}:"):
            director.schedule = director.mark + " ".join([*prefix, str(number)])
            yield director.schedule
            # A program that went wrong before it had threads has none that could be stopped.
            lines = director.cast[number - 1].lines if preemptions and director.cast else 0
            for line in range(1, lines + 1):
                yield from every_schedule(director, preemptions - 1, prefix=(*prefix, f"{number}:{line}"))
        elif len(director.cast) == 1:
            director.schedule = director.mark + " ".join(prefix)
            yield director.schedule
        number += 1
        if number > len(director.cast):
            return


def run(
    law: Law, target: Target, seed: int, timeout: float, how: Thoroughness, shard: Shard = WHOLE, number: int = 0
) -> Iterator[tuple[int, Case, Failure | None]]:
    """Run every case of `law` in `shard` with every schedule, up to the first that fails; yield its number, each
    case with its schedule, and what is wrong with it. The law itself has a `number`, too.

    A target that does not return even where it is alone is left to the other engines; one that waits for what is not
    known to be a lock is not judged.
    """
    try:
        with time_limit(timeout):
            director = Director(target.signal, f"{how.mark}1")
    except TimedOut:
        return
    with director:
        given = controls(director)
        for index, kinds in enumerate(law.cases(seed, target.capabilities)):
            if not shard.has(number + index):
                continue
            program = law.prepare(kinds, target, given)
            for schedule in every_schedule(director, how.preemptions):
                case = {**kinds, "schedule": schedule}
                failure = judge(program, timeout)
                raise_the_suite_s(director)
                if failure is not None and isinstance(failure.outcome, Late):
                    yield index, case, failure
                    return
                if failure is not None and failure.outcome == Raised("Deadlock") and law.slug not in ABOUT_WAITING:
                    continue
                yield index, case, failure
                if failure is not None:
                    break


def raise_the_suite_s(director: Director) -> None:
    """Raise what the suite itself has raised in a thread, where only its name has been seen."""
    for error in director.errors:
        if is_the_suite_s(error):
            raise error


def controls(director: Director) -> dict[str, object]:
    """Return what a law about threads asks for, by name."""
    return {name: getattr(director, name) for name in CONTROLS}


def replay(law: Law, case: Case, target: Target, timeout: float) -> Failure | None:
    """Run one case with its schedule."""
    with Director(target.signal, case["schedule"]) as director:
        return judge(law.prepare(case, target, controls(director)), timeout)


def trail(law: Law, case: Case, target: Target) -> tuple[Executed, ...]:
    """Run one case with its schedule, and return what the threads executed."""
    with Director(target.signal, case["schedule"]) as director:
        director.trail = []
        judge(law.prepare(case, target, controls(director)), A_MOMENT)
    return trail_of(director)


def script(law: Law, case: Case, target: Target, requirement: str, trail: Sequence[Executed]) -> str:
    """Return a script that runs one case with its schedule, and shows what the threads execute side by side."""
    text = law.script(case, target, requirement, surroundings(case["schedule"]), "directed()")
    title, _, rest = text.partition("\n")
    return "\n".join([title, *side_by_side(trail), rest])


def surroundings(schedule: str) -> str:
    """Return the source of a function that runs a script's program under `schedule`."""
    controls = ", ".join(f"{name}=director.{name}" for name in CONTROLS)
    return _SURROUNDINGS.format(scheduler=_SCHEDULER, schedule=schedule, controls=controls, longest=LONGEST)


def standalone(script: str) -> str:
    """Return a script that needs nothing but the target: one of threads has the scheduler's source in it."""
    source = "\n\n".join(map(inspect.getsource, (following, locks, directing)))
    source = re.sub(r"^from signalspec\..+\n", "", source, flags=re.MULTILINE)
    return script.replace(_SCHEDULER, source)

"""What an examination tells, as data: what ran, what went wrong, and where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from signalspec.engines.laws import Case
from signalspec.findings.report import Counterexample
from signalspec.programs.program import Program

PLAINEST, LAWS, EXPLORE, HYPOTHESIS, AWAIT, THREADS = range(6)
"""The stages: the plainest case of every law first, since it finds most, then its other cases, then programs, with
those that send asynchronously last; and at the end all that takes several threads."""


class Place(NamedTuple):
    """Where an examination is: the stage, the number of the law or dimension, that of the program."""

    stage: int
    part: int = 0
    program: int = 0


START = Place(PLAINEST)
NOWHERE = Place(-1)
"""Between two programs: what happens there is none's doing."""


class Ran(NamedTuple):
    """Programs of an engine were executed at a place, and how often they exercised each clause."""

    engine: str
    programs: int
    exercised: Mapping[str, int]
    place: Place = NOWHERE


class Failed(NamedTuple):
    """A program of an engine went wrong, the one after so many others; `case` is that of a law, or empty."""

    counterexample: Counterexample
    case: Case
    engine: str
    after: int
    place: Place = NOWHERE


class Followed(NamedTuple):
    """The program at a place went wrong at a clause, as it is, and was shortened."""

    clause: str
    place: Place


class Entered(NamedTuple):
    """A dimension is explored from now on: its number, and whether with sends to nobody in particular, and receivers
    that note what they are given.
    """

    number: int
    sends_to_nobody: bool = True
    arguments: bool = True


class Advanced(NamedTuple):
    """So many parts of the work of an engine are done."""

    engine: str
    done: int
    of: int


class Stressed(NamedTuple):
    """A target whose threads cannot be followed was put under stress; `trouble` is what went wrong, or empty."""

    trouble: str


class Waited(NamedTuple):
    """So many times programs have been waited for in vain by now."""

    times: int


class GaveUp(NamedTuple):
    """What the clauses say was not exercised to the end; `why` is the rest of a sentence for the target's author."""

    why: str
    clauses: tuple[str, ...]


Event = Ran | Failed | Followed | Entered | Advanced | Stressed | Waited | GaveUp
Tell = Callable[[Event], None]
Mark = Callable[[Place, Program | None], None]


def last_stage(part: str) -> int:
    """Return the last stage that there is for a part: programs of commands are about a signal of one's own."""
    return THREADS if part == "dispatch" else LAWS

"""A line of workers: where one ends, the program that it was at is blamed, and another one goes on behind it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from signalspec.engines import explore
from signalspec.engines.observing import Failure
from signalspec.engines.shrinking import Mismatch
from signalspec.programs.outcomes import AFTER_A_HANG, Died, Late, Raised
from signalspec.programs.program import MalformedProgramError, Program
from signalspec.runner.events import (
    AWAIT,
    EXPLORE,
    HYPOTHESIS,
    LAWS,
    NOWHERE,
    PLAINEST,
    START,
    THREADS,
    Entered,
    Event,
    Failed,
    GaveUp,
    Place,
    Tell,
    Waited,
)
from signalspec.runner.examination import Examination
from signalspec.runner.jobs import Examine, Notebook, Refused
from signalspec.runner.judge import clause_of, counterexample_of, counterexample_of_law
from signalspec.runner.options import Options
from signalspec.runner.replay import ReplayError
from signalspec.runner.tally import Tally
from signalspec.runner.worker import GONE, DiedError, Worker
from signalspec.standard.clauses import UnknownClauseError
from signalspec.targets.target import TargetError

MOST_ENDED = 5
"""After how many programs that had to be ended from outside a line of workers is given up."""

REFUSALS = {"target": TargetError, "program": ReplayError, "clause": UnknownClauseError}


def patience(timeout: float) -> float:
    """Return how many seconds a process may be silent: a program that hangs is stopped from inside, if it can be.

    The machine may have much else to do, and to say so of a target that does not hang would be a false alarm.
    """
    return 5 + 5 * timeout


@contextmanager
def begun(
    tally: Tally, part: str, legs: Sequence[tuple[Place, int]], tell: Tell, folder: str, after: Line | None = None
) -> Iterator[Line]:
    """Begin a line, which knows what the one that it comes `after` has found out, and end it after the block."""
    made = Line(tally, part, legs, tell, folder, after)
    try:
        made.go_on(None)
        yield made
    finally:
        made.close()


class Line:
    """One worker after another, each from behind where the one before found its end."""

    def __init__(
        self,
        tally: Tally,
        part: str,
        legs: Sequence[tuple[Place, int]],
        tell: Tell,
        folder: str,
        after: Line | None = None,
    ) -> None:
        self.worker: Worker | None = None
        self.gave_up = False
        self._tally, self._tell = tally, tell
        self._open = tally.open_in(part)
        self._legs = list(legs)
        self._start, self._last = START, THREADS
        self._options: Options = after._options if after else tally.options
        handle, file = tempfile.mkstemp(dir=folder)
        os.truncate(handle, Notebook.SIZE)
        os.close(handle)
        self._file, self._notebook = file, Notebook(file)
        self._broken: set[str] = set(after._broken) if after else set()
        self._fatal: set[str] = set(after._fatal) if after else set()
        self._waited: int = after._waited if after else 0
        self._ended: int = after._ended if after else 0
        self._entered = Entered(0)

    def close(self) -> None:
        """End the worker at hand."""
        if self.worker is not None:
            self.worker.__exit__()
            self.worker = None

    def listen(self) -> None:
        """Take in what the worker has said since; where it has come to its end, go on."""
        assert self.worker is not None
        try:
            for event in self.worker.hear():
                if isinstance(event, Refused):
                    raise REFUSALS[event.by](event.sentence)
                self._take(event)
        except DiedError as death:
            self.close()
            self.go_on(self._after(death.outcome))
            return
        if self.worker.is_over:
            self.close()
            self.go_on(None)

    def go_on(self, start: Place | None) -> None:
        """Begin another worker at `start`, or with the next leg."""
        if start is None or start.stage > self._last:
            if not self._legs:
                return
            start, self._last = self._legs.pop(0)
        self._start = start
        self._notebook.write(NOWHERE, None)
        task = Examine(
            target=self._tally.target,
            open=tuple(self._open),
            options=self._options,
            start=start,
            last=self._last,
            broken=tuple(sorted(self._broken)),
            fatal=tuple(sorted(self._fatal)),
            waited=self._waited,
            notebook=self._file,
        )
        self.worker = Worker(
            task, patience(self._options.timeout), self._notebook.sign, prepared=start.stage in (EXPLORE, AWAIT)
        )

    def _take(self, event: Event) -> None:
        match event:
            case Entered():
                self._entered = event
            case Failed(counterexample):
                self._broken.add(counterexample.clause)
            case Waited(times):
                self._waited = times
        self._tell(event)

    def _after(self, how: Raised | Died | Late) -> Place | None:
        """Blame the program in which a process ended; return where to go on, if anywhere."""
        if isinstance(how, Late):
            self._ended += 1
            self._options = replace(self._options, timeout=min(self._options.timeout, AFTER_A_HANG))
        try:
            place, program = self._notebook.read()
            after = self._blame(place, program, how)
        except (ValueError, LookupError, TypeError, AttributeError, MalformedProgramError):
            # The target has written into what is none of its business.
            place, after = NOWHERE, None
        if place == NOWHERE and how == GONE and self._ended < MOST_ENDED:
            # It may have been the doing of the other line.
            self._ended += 1
            return self._start
        if after is None and place.stage != HYPOTHESIS:
            self._give_up(START if place == NOWHERE else place, f"between two programs the target {how}")
        elif after is not None and self._ended >= MOST_ENDED:
            self._give_up(after, f"the target had to be stopped {MOST_ENDED} times")
            self._legs.clear()
            self.gave_up = True
            return None
        return after

    def _give_up(self, place: Place, why: str) -> None:
        examination = self._examination()
        clauses = [
            slug
            for stage in range(max(place.stage, PLAINEST), self._last + 1)
            for slug in examination.unfinished(stage, place.part if stage == place.stage else 0)
        ]
        self._take(GaveUp(why, tuple(dict.fromkeys(clauses))))

    def _blame(self, place: Place, program: object, how: Raised | Died | Late) -> Place | None:
        if place == NOWHERE:
            # It was no program's doing.
            return None
        if place.stage in (EXPLORE, AWAIT):
            dimension = self._examination().dimension(self._entered)
            steps = explore.programs_of(dimension, self._options.depth, self._options.shard)
            step = next(each for each in steps if each.number == place.program)
            self._blame_program(step.program, how, "explore", place)
            return Place(place.stage, place.part + 1)
        if place.stage == HYPOTHESIS:
            assert isinstance(program, dict)
            self._blame_program(Program.from_json(program), how, "hypothesis", place)
            return None
        if place.stage == THREADS:
            # Who waits for what cannot be taken over may wait for ever for a thread that is kept from running.
            affected = self._examination().unfinished(THREADS, place.part)
            self._take(GaveUp(f"with several threads the target {how}", tuple(affected[:1])))
        else:
            self._blame_law(place, how)
        return Place(place.stage, place.part + 1)

    def _blame_law(self, place: Place, how: Raised | Died | Late) -> None:
        tally = self._tally
        examination = self._examination()
        law = examination.laws[place.part]
        case = next(islice(examination.cases(law), place.program + (place.stage == LAWS), None))
        failure = Failure("no exception" if isinstance(how, Raised) else "to return", how)
        found = counterexample_of_law(law, case, self._open[law.slug], failure, tally.target)
        self._fatal.add(law.slug)
        self._take(Failed(found, case, "laws", place.program, place))

    def _blame_program(self, program: Program, how: Raised | Died | Late, engine: str, place: Place) -> None:
        *_, expectation = program.expectations()
        mismatch = Mismatch(program, expectation, how)
        clause = clause_of(mismatch, self._open)
        if clause is not None:
            self._take(Failed(counterexample_of(mismatch, clause, self._tally.target), {}, engine, 0, place))

    def _examination(self) -> Examination:
        return Examination(self._tally.target, self._open, self._options, self._tell)

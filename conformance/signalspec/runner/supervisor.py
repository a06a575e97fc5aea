"""Checks that outlive their target: it is used in workers alone, and an early end of one is a finding."""

from __future__ import annotations

import os
import select
import tempfile
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice

from signalspec.engines import explore
from signalspec.engines.observing import Failure
from signalspec.engines.shards import WHOLE
from signalspec.engines.shrinking import Mismatch
from signalspec.findings.report import Counterexample, Report
from signalspec.programs.outcomes import AFTER_A_HANG, Died, Late, Outcome, Raised
from signalspec.programs.program import MalformedProgramError, Program
from signalspec.runner.events import (
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
    last_stage,
)
from signalspec.runner.examination import Examination, clause_of, counterexample_of, counterexample_of_law
from signalspec.runner.jobs import (
    Ended,
    Examine,
    Explain,
    Explained,
    Load,
    Loaded,
    LoadModels,
    Notebook,
    Refused,
    Replay,
    Replayed,
    RunScript,
    Task,
)
from signalspec.runner.options import Options
from signalspec.runner.replay import Data, ReplayError
from signalspec.runner.tally import Progress, Tally
from signalspec.runner.worker import GONE, PAUSE, DiedError, Worker, server
from signalspec.standard.clauses import UnknownClauseError, load_clauses, validate_profile
from signalspec.targets.setup import Setup
from signalspec.targets.target import Target, TargetError

MOST_ENDED = 5
"""After how many programs that had to be ended from outside a line of workers is given up."""

EXPLAINING_PATIENCE = 120.0
"""Seconds that it may take to work out causes."""

IMPORT_PATIENCE = 60.0
"""Seconds that the import of a target may take."""

_REFUSALS = {"target": TargetError, "program": ReplayError, "clause": UnknownClauseError}


class Interrupted(KeyboardInterrupt):
    """A user has ended a check; `report` says what was found by then."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def load_target(name: str) -> Target:
    """Return the target that `name` (``django``, ``reference``, MODULE or MODULE:ATTR) stands for.

    It is imported in a process of its own. Raise `TargetError` where it cannot be used.
    """
    try:
        loaded = _answer(Load(name), IMPORT_PATIENCE)
    except DiedError as death:
        raise TargetError(f"Target {name!r} cannot be used: to import it and to make a signal {death}.") from None
    assert isinstance(loaded, Loaded)
    return loaded.target


def load_models(setup: Setup) -> Target:
    """Return Django with its models in and of what `setup` says; raise `TargetError` where that cannot be used."""
    try:
        loaded = _answer(LoadModels(setup), IMPORT_PATIENCE)
        assert isinstance(loaded, Loaded)
        if loaded.target.setup != setup:
            # What the base class is has been found out, but no models were made of it.
            loaded = _answer(LoadModels(loaded.target.setup), IMPORT_PATIENCE)
    except DiedError as death:
        raise TargetError(f"No models can be made: it {death}.") from None
    assert isinstance(loaded, Loaded)
    return loaded.target


def replay(program: Data, target: Target, timeout: float = 5.0) -> Failure | None:
    """Run a stored program on `target` in a process of its own; return what is wrong with what it did.

    Raise `ReplayError` where it is no program, and `UnknownClauseError` where it is a program of no clause.
    """
    try:
        replayed = _answer(Replay(program, target, timeout), patience(timeout))
    except DiedError as death:
        return Failure("to return", death.outcome)
    assert isinstance(replayed, Replayed)
    return replayed.failure


def _answer(task: Task, patience: float) -> object:
    with Worker(task, patience) as worker:
        for word in worker.words():
            if isinstance(word, Refused):
                raise _REFUSALS[word.by](word.sentence)
            return word
    raise DiedError(Died("says nothing"))


def check(
    target: Target,
    profile: str | None = None,
    options: Options | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Check `target` against `profile`, by default its own, in processes of its own, whatever it does to these.

    Raise `UnknownProfileError` where there is no such profile, `SuiteError` where the suite itself fails, and
    `Interrupted` where the user does not wait for the end.
    """
    tally = Tally(target, validate_profile(profile or target.default_profile), options or Options(), progress)
    try:
        with tempfile.TemporaryDirectory(prefix="signalspec-") as folder:
            for part in target.parts:
                run_part(tally, part, folder)
            confirm(tally, folder)
        return judged(tally)
    except KeyboardInterrupt:
        raise Interrupted(tally.report(partial=True)) from None


def judged(tally: Tally) -> Report:
    """Return the report, once it is known what the target inherits, and what follows from what."""
    set_inherited_apart(tally)
    tally.because = _causes(tally)
    return tally.report()


def confirm(tally: Tally, folder: str, shown: Container[str] = ()) -> list[str]:
    """Have each violation shown once more, by its own script in a process of its own, but for those that are `shown`
    already; return the scripts that do.

    Where a script does not show it, it may take what the check has done before: the clause is checked again, alone.
    What does not show then is no violation.
    """
    scripts: list[str] = []
    for slug, (first, *_) in list(tally.violations.items()):
        if first.script in shown or _shows(first.script, first.outcome, tally.options.timeout):
            scripts.append(first.script)
            continue
        again = Tally(tally.target, tally.profile, replace(tally.options, only=slug, shard=WHOLE))
        run_part(again, load_clauses().clause(slug).part, folder)
        if slug in again.violations:
            tally.violations[slug] = again.violations[slug]
            tally.notes[slug] = "its script alone does not show it: it takes what a check runs before"
        else:
            tally.unconfirmed[slug] = tally.violations.pop(slug)[0]
    return scripts


def _shows(script: str, outcome: Outcome, timeout: float) -> bool:
    """Tell whether a script still goes wrong; what has been waited for in vain is not waited for once more."""
    if isinstance(outcome, Late):
        return True
    try:
        ended = _answer(RunScript(script), patience(timeout))
    except DiedError:
        return True
    return isinstance(ended, Ended) and ended.status != 0


def set_inherited_apart(tally: Tally) -> None:
    """Set the violations of a subclass apart that Django's own signal shows alike, in each story that is known."""
    if not (tally.target.inherits and tally.violations):
        return
    base = load_target("django")
    for slug, stories in list(tally.violations.items()):
        if all(_does_the_same(story, base, tally.options.timeout) for story in stories):
            tally.inherit(slug)


def _does_the_same(story: Counterexample, base: Target, timeout: float) -> bool:
    try:
        failure = replay(story.program, base, timeout)
    except ReplayError:
        # The base has not what the story uses.
        return False
    return failure is not None and failure.outcome == story.outcome


def _causes(tally: Tally) -> Mapping[str, str]:
    """Return what `causes_of` does; where the target does not let it end, all that is violated is a cause."""
    if len(tally.violations) < 2:
        return {}
    stories = {slug: tuple(found) for slug, found in tally.violations.items()}
    try:
        explained = _answer(
            Explain(tally.target, stories, tally.options.timeout, tuple(tally.notes)), EXPLAINING_PATIENCE
        )
    except DiedError:
        return {}
    assert isinstance(explained, Explained)
    return explained.because


def patience(timeout: float) -> float:
    """Return how many seconds a process may be silent: a program that hangs is stopped from inside, if it can be.

    The machine may have much else to do, and to say so of a target that does not hang would be a false alarm.
    """
    return 5 + 5 * timeout


def run_part(tally: Tally, part: str, folder: str, note: Tell = lambda _: None) -> None:
    """Run all that there is for a part: the laws, and then the programs, which are made meanwhile; and beside them
    what takes threads. `note` is told each event that the tally takes in.
    """

    def take(event: Event) -> None:
        note(event)
        tally.take(event)

    if not any(clause.part == part for clause in tally.clauses):
        return
    heard: list[Event] = []
    broken: set[str] = set()
    with ExitStack() as stack:

        def line(legs: Sequence[tuple[Place, int]], tell: Tell, broken: set[str]) -> _Line:
            return stack.enter_context(_line(tally, part, legs, tell, broken, folder))

        if last_stage(part) < THREADS:
            lines = [line([(START, last_stage(part))], take, broken)]
        else:
            lines = [
                line([(START, LAWS), (Place(EXPLORE), HYPOTHESIS)], take, broken),
                line([(Place(THREADS), THREADS)], heard.append, set()),
            ]
            if (of := server()) is not None:
                of.prepare(tally.options.depth, tally.options.shard, sorted(tally.target.capabilities))
        while running := [each for each in lines if each.worker]:
            select.select([each.worker for each in running if each.worker], [], [], PAUSE)
            for each in running:
                each.listen()
    for event in heard:
        # What is broken without threads would only be found again.
        if not (isinstance(event, Failed) and event.counterexample.clause in broken):
            take(event)


@contextmanager
def _line(
    tally: Tally, part: str, legs: Sequence[tuple[Place, int]], tell: Tell, broken: set[str], folder: str
) -> Iterator[_Line]:
    line = _Line(tally, part, legs, tell, broken, folder)
    try:
        line.go_on(None)
        yield line
    finally:
        line.close()


class _Line:
    """One worker after another, each from behind where the one before found its end."""

    def __init__(
        self, tally: Tally, part: str, legs: Sequence[tuple[Place, int]], tell: Tell, broken: set[str], folder: str
    ) -> None:
        self.worker: Worker | None = None
        self._tally, self._tell, self._broken = tally, tell, broken
        self._open = tally.open_in(part)
        self._legs = list(legs)
        self._start, self._last = START, THREADS
        self._options = tally.options
        handle, file = tempfile.mkstemp(dir=folder)
        os.truncate(handle, Notebook.SIZE)
        os.close(handle)
        self._file, self._notebook = file, Notebook(file)
        self._fatal: set[str] = set()
        self._waited = 0
        self._ended = 0
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
                    raise _REFUSALS[event.by](event.sentence)
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
            task, patience(self._options.timeout), self._notebook.sign, prepared=start.stage == EXPLORE
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
        if place.stage == EXPLORE:
            dimension = self._examination().dimension(self._entered)
            steps = explore.programs_of(dimension, self._options.depth, self._options.shard)
            step = next(each for each in steps if each.number == place.program)
            self._blame_program(step.program, how, "explore", place)
            return Place(EXPLORE, place.part + 1)
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
        failure = Failure("to return", how)
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

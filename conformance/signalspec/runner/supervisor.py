"""Checks that outlive their target: it is used in workers alone, and an early end of one is a finding."""

from __future__ import annotations

import functools
import os
import select
import tempfile
from collections import deque
from collections.abc import Container, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace

from signalspec.engines.observing import Failure
from signalspec.engines.shards import WHOLE
from signalspec.findings.report import Counterexample, Report
from signalspec.programs.outcomes import Died, Late
from signalspec.runner.events import (
    AWAIT,
    EXPLORE,
    HYPOTHESIS,
    LAWS,
    START,
    THREADS,
    Advanced,
    Event,
    Failed,
    Place,
    Tell,
    last_stage,
)
from signalspec.runner.jobs import (
    Ended,
    Explain,
    Explained,
    Load,
    Loaded,
    LoadModels,
    Refused,
    Replay,
    Replayed,
    RunScript,
    Task,
)
from signalspec.runner.line import REFUSALS, Line, begun, patience
from signalspec.runner.options import Options
from signalspec.runner.replay import Data, ReplayError
from signalspec.runner.tally import Progress, Tally
from signalspec.runner.worker import PAUSE, DiedError, Worker, server
from signalspec.standard.clauses import load_clauses, validate_profile
from signalspec.targets.setup import Setup
from signalspec.targets.target import Target, TargetError

EXPLAINING_PATIENCE = 120.0
"""Seconds that it may take to work out causes."""

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""How many processes this one may have work at the same time."""

IMPORT_PATIENCE = 60.0
"""Seconds that the import of a target may take."""


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
                raise REFUSALS[word.by](word.sentence)
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
        if tally.violations and target.setup.database is not None:
            # What fails since the server has gone is nobody's fault: this raises where it is not there any more.
            load_models(target.setup)
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
    still = _still_shown([first for first, *_ in tally.violations.values() if first.script not in shown], tally)
    for slug, (first, *_) in list(tally.violations.items()):
        if first.script in shown or slug in still:
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


def _still_shown(found: Sequence[Counterexample], tally: Tally) -> set[str]:
    """Return the clauses whose scripts still go wrong, of which as many are run at once as there are cores; what has
    been waited for in vain is not waited for once more.
    """
    still = {each.clause for each in found if isinstance(each.outcome, Late)}
    waiting = deque(each for each in found if each.clause not in still)
    running: dict[str, Worker] = {}
    try:
        while waiting or running:
            while waiting and len(running) < CORES:
                each = waiting.popleft()
                running[each.clause] = Worker(RunScript(each.script), patience(tally.options.timeout))
            select.select(list(running.values()), [], [], PAUSE)
            for clause, worker in list(running.items()):
                goes_wrong = _goes_wrong(worker)
                if goes_wrong is not None:
                    running.pop(clause).__exit__()
                    still.update([clause] if goes_wrong else [])
    finally:
        for worker in running.values():
            worker.__exit__()
    return still


def _goes_wrong(worker: Worker) -> bool | None:
    """Tell whether the script that a worker runs has gone wrong, or nothing where it has not ended."""
    try:
        for word in worker.hear():
            return isinstance(word, Ended) and word.status != 0
    except DiedError:
        return True
    return True if worker.is_over else None


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
            Explain(tally.target, stories, tally.options.timeout, tuple(tally.notes), tuple(tally.habits.clauses)),
            EXPLAINING_PATIENCE,
        )
    except DiedError:
        return {}
    assert isinstance(explained, Explained)
    return explained.because


def run_part(tally: Tally, part: str, folder: str, note: Tell = lambda _: None) -> None:
    """Run all that there is for a part: the laws, and then the programs, which are made meanwhile; and beside them
    what takes threads. `note` is told each event that the tally takes in.

    What is run side by side depends on the machine, and what is told does not: it is taken in in the order of stages.
    """
    broken: set[str] = set()

    def take(event: Event) -> None:
        if isinstance(event, Failed):
            broken.add(event.counterexample.clause)
        note(event)
        tally.take(event)

    def hear(heard: list[Event], event: Event) -> None:
        if isinstance(event, Advanced):
            take(event)
        else:
            heard.append(event)

    if not any(clause.part == part for clause in tally.clauses):
        return
    awaited: list[Event] = []
    heard: list[Event] = []
    with ExitStack() as stack:

        def line(start: Place, last: int, tell: Tell, after: Line | None = None) -> Line:
            return stack.enter_context(begun(tally, part, [(start, last)], tell, folder, after))

        laws = line(START, min(LAWS, last_stage(part)), take)
        lines, later = [laws], deque[tuple[Place, int, Tell]]()
        if last_stage(part) >= THREADS:
            lines.append(line(Place(THREADS), THREADS, functools.partial(hear, heard)))
            later.append((Place(EXPLORE), HYPOTHESIS, take))
            later.append((Place(AWAIT), AWAIT, functools.partial(hear, awaited)))
            if (of := server()) is not None:
                of.prepare(tally.options.depth, tally.options.shard, sorted(tally.target.capabilities))
        while (running := [each for each in lines if each.worker]) or (later and not laws.gave_up):
            if later and not laws.worker and not laws.gave_up and len(running) < max(2, CORES):
                lines.append(line(*later.popleft(), laws))
                continue
            select.select([each.worker for each in running if each.worker], [], [], PAUSE)
            for each in running:
                each.listen()
    for event in awaited:
        take(event)
    for event in heard:
        # What is broken without threads would only be found again.
        if not (isinstance(event, Failed) and event.counterexample.clause in broken):
            take(event)

"""One examination of a target: the engines run, and what they observe is told as events.

It knows nothing of profiles and verdicts. Events are data, so that an examination can run in a process of its own,
which the target may take down with it; `Place` says where it was then, and where another one goes on.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import TYPE_CHECKING

from signalspec.engines import explore
from signalspec.engines import hypothesis as stateful
from signalspec.engines.laws import Case, Law, load_laws
from signalspec.engines.observing import (
    Failure,
    Waits,
    cheap_collections,
    limited,
    no_collections,
    one_core,
)
from signalspec.engines.shards import WHOLE
from signalspec.engines.shrinking import OF_ARGUMENTS, OF_ASYNCHRONOUS_ARGUMENTS
from signalspec.engines.threads import schedules
from signalspec.engines.threads import small_programs as concurrency
from signalspec.engines.threads import stress as stressing
from signalspec.findings.report import Counterexample
from signalspec.programs.outcomes import AFTER_A_HANG, Late, Returned, TimedOut, WaitedEnoughError
from signalspec.programs.program import Program
from signalspec.runner.events import (
    AWAIT,
    EXPLORE,
    HYPOTHESIS,
    LAWS,
    NOWHERE,
    PLAINEST,
    START,
    THREADS,
    Advanced,
    Entered,
    Failed,
    GaveUp,
    Mark,
    Place,
    Ran,
    Stressed,
    Tell,
    Waited,
)
from signalspec.runner.judge import Judge, counterexample_of_law, counterexample_of_run, seen_otherwise
from signalspec.runner.options import Options
from signalspec.standard.clauses import Clause
from signalspec.targets.surroundings import debugging, leave_waiting_threads, quiet, restored
from signalspec.targets.target import Target

if TYPE_CHECKING:
    from signalspec.models import explore as models

MOST_WAITS = 8
"""How often one stage waits in vain for the target to return, before the rest of the stage is given up."""

WAITS_ELSEWHERE = "threads wait for something that is not known to be a lock, so that they cannot be directed"

DECISIVE = OF_ARGUMENTS | OF_ASYNCHRONOUS_ARGUMENTS | stateful.DECISIVE | {"concurrent.called-after-the-others"}
"""The clauses of which the laws decide what programs are made of."""

ENGINES = {EXPLORE: "explore", AWAIT: "asynchronous"}
"""What two stages of one engine are called where it is told how far they are."""

SHARING, NOBODY = "parties.new-signal-is-empty", "[]"
"""The clause that signals with one table for all break, and whom its law expects to be called."""


@dataclass
class Examination:
    """The engines at work on `target`, for the clauses that are `open`.

    It goes from `start` to the end of the stage `last`, knows which clauses are `broken` already, and tells `mark`
    where it is before each program, with the program itself where the place does not say which it is. Laws that are
    `fatal` are not followed any more: the target hung in one of their cases, or took the process with it. `programs`
    counts those that have run.
    """

    target: Target
    open: Mapping[str, Clause]
    options: Options
    tell: Tell
    start: Place = START
    last: int = THREADS
    broken: set[str] = field(default_factory=set)
    fatal: set[str] = field(default_factory=set)
    mark: Mark = lambda *_: None
    waits: Waits = field(default_factory=Waits)
    programs: int = 0
    shares: bool | None = None

    def __post_init__(self) -> None:
        self.timeout = self.options.timeout
        self.part = 0
        laws = [law for slug, law in load_laws().items() if slug in self.open]
        self.laws = [law for law in laws if not schedules.is_concurrent(law)]
        self.laws_of_threads = [law for law in laws if schedules.is_concurrent(law)]
        self.dimensions = [each for each in explore.DIMENSIONS if each.needs <= self.target.capabilities]
        # Of most targets there is no need to ask, a hundred thousand times, what a program needs.
        self.claims_all = self.target.capabilities >= explore.NEEDED

    def run(self) -> None:
        """Run the stages."""
        # A target that configures something while it is imported is imported before there are surroundings.
        self.target.prepare()
        stages: tuple[Callable[[int], None], ...] = (
            self._follow_laws_at_their_plainest,
            self._follow_laws,
            functools.partial(self._explore, EXPLORE),
            self._go_long,
            functools.partial(self._explore, AWAIT),
            self._run_threads,
        )
        with quiet():
            for number, stage in enumerate(stages):
                if not self.start.stage <= number <= self.last:
                    continue
                self.part = self.start.part if number == self.start.stage else 0
                with limited(self.waits, MOST_WAITS):
                    try:
                        # The plainest cases find it out; and threads, of which nobody else knows, ask for themselves.
                        if number in (PLAINEST, THREADS) or self._starts_afresh():
                            stage(self.part)
                    except WaitedEnoughError:
                        why = f"the target did not return {MOST_WAITS} times"
                        self.tell(GaveUp(why, tuple(self.unfinished(number, self.part))))
                self.tell(Waited(self.waits.times))

    def unfinished(self, stage: int, part: int) -> list[str]:
        """Return the clauses that a stage would have exercised from `part` on."""
        if stage in (PLAINEST, LAWS):
            return [law.slug for law in self.laws[part:]]
        if stage == THREADS:
            laws = [law.slug for law in self.laws_of_threads[part:]]
            return [*laws, *sorted(concurrency.CLAUSES & self.open.keys())]
        return sorted(self.open.keys() & set().union(*(step.expectation.clauses for step in self._steps())))

    def dimension(self, entered: Entered) -> explore.Dimension:
        """Return what is explored once an examination has told that it `entered` it."""
        _, sends_to_nobody, arguments = entered
        return replace(self.dimensions[entered.number], sends_to_nobody=sends_to_nobody, arguments=arguments)

    def _follow_laws_at_their_plainest(self, first: int) -> None:
        self._follow(PLAINEST, first, lambda cases: islice(cases, 1))

    def _starts_afresh(self) -> bool:
        """Tell whether a program has its signals for itself. Where all have one table, each program finds what
        is left of those before, tells nothing by itself, and takes longer than they did.
        """
        if self.shares is None and SHARING not in self.fatal:
            law = load_laws()[SHARING]
            with restored():
                self._note_sharing(law, law.run(next(law.cases()), self.target, self.timeout))
        return not self.shares

    def _note_sharing(self, law: Law, failure: Failure | None) -> None:
        # What is left by others may raise later.
        if law.slug == SHARING and not self.shares:
            self.shares = failure is not None and failure.expected == NOBODY

    def _follow_laws(self, first: int) -> None:
        self._follow(LAWS, first, lambda cases: islice(cases, 1, None))
        if any(clause.part == "models" for clause in self.open.values()):
            self._explore_models()

    def _follow(self, stage: int, first: int, choose: Callable[[Iterator[Case]], Iterator[Case]]) -> None:
        with cheap_collections() as settle:
            for number, law in enumerate(self.laws[first:], first):
                self.part = number
                if law.slug not in self.fatal and self.options.shard.has(number):
                    settle()
                    with quiet():
                        self._follow_law(law, choose(self.cases(law)), Place(stage, number))
                self.tell(Advanced("laws", stage * len(self.laws) + number + 1, 2 * len(self.laws)))

    def cases(self, law: Law) -> Iterator[Case]:
        """Yield the cases of a law that the target has what it takes for."""
        return law.cases(self.options.seed, self.target.capabilities)

    def _follow_law(self, law: Law, cases: Iterator[Case], place: Place) -> None:
        before = self.programs
        for index, case in enumerate(cases):
            self.mark(place._replace(program=index), None)
            failure = law.run(case, self.target, self.timeout)
            if failure is not None and isinstance(failure.outcome, Late):
                # The machine may have had much else to do.
                leave_waiting_threads()
                failure = law.run(case, self.target, self.timeout)
            self.programs += 1
            self._note_sharing(law, failure)
            if failure is not None:
                clause = self.open[law.slug]
                otherwise = seen_otherwise(law, case, clause, failure, self.target)
                counterexample = counterexample_of_law(law, case, clause, failure, self.target, otherwise)
                self.fail(counterexample, case, "laws", place._replace(program=index))
                if isinstance(failure.outcome, Late):
                    leave_waiting_threads()
                    self.fatal.add(law.slug)
                    break
        self.tell(Ran("laws", self.programs - before, {law.slug: self.programs - before}))

    def _explore_models(self) -> None:
        """Run small programs that save, delete and relate instances; a death there is no clause's."""
        from signalspec.models import explore as models
        from signalspec.models import long
        from signalspec.models.commands import DIMENSIONS
        from signalspec.models.world import the_world

        self.mark(NOWHERE, None)
        world, profile, options = the_world(self.target.setup), self.target.default_profile, self.options
        for number, dimension in enumerate(DIMENSIONS, 1):
            place = Place(LAWS, len(self.laws) + number)
            runs = models.run(world, profile, dimension, options.depth - 2, self.open, options.shard)
            while some := list(islice(runs, 50)):
                self._note_models(place, some)
            self.tell(Advanced("models", number, len(DIMENSIONS)))
        if self.target.setup.database is None:
            note = functools.partial(self._note_models, Place(LAWS, len(self.laws) + len(DIMENSIONS) + 1))
            long.run(world, profile, options.examples // 5, options.seed, note, options.shard)

    def _note_models(self, place: Place, runs: Sequence[models.Run]) -> None:
        exercised = Counter(slug for run in runs for slug in run.exercised & self.open.keys())
        self.programs += len(runs)
        for run in runs:
            # What the laws have shown to be broken would only be found again.
            if run.program is not None and run.broken in self.open and run.broken not in self.broken:
                title = f"{run.broken}: {self.open[run.broken].requirement}"
                script = run.program.script(title, run.expected, self.target.setup)
                story = {"clause": run.broken, **run.program.to_json()}
                counterexample = Counterexample(run.broken, script, story, run.expected, Returned(run.actual))
                self.fail(counterexample, {}, "models", place._replace(program=run.number))
        self.tell(Ran("models", len(runs), exercised))

    def _explore(self, stage: int, first: int) -> None:
        chosen = [each for each in enumerate(self.dimensions) if each[1].asynchronous == (stage == AWAIT)]
        with cheap_collections() as settle:
            for done, (number, dimension) in enumerate(chosen, 1):
                if number >= first:
                    settle()
                    self._explore_one(Place(stage, number), dimension)
                    self.tell(Advanced(ENGINES[stage], done, len(chosen)))

    def _explore_one(self, place: Place, dimension: explore.Dimension) -> None:
        doubtful = self._doubtful
        about_arguments = OF_ASYNCHRONOUS_ARGUMENTS if dimension.asynchronous else OF_ARGUMENTS
        about_nobody = stateful.OF_NOBODY_WHEN_CACHED if dimension.caching else frozenset()
        entered = Entered(place.part, doubtful.isdisjoint(about_nobody), doubtful.isdisjoint(about_arguments))
        dimension = self.dimension(entered)
        if dimension.mixed and "concurrent.called-after-the-others" in doubtful:
            return
        self.mark(NOWHERE, None)
        self.tell(entered)
        judge = Judge(self, "explore")
        with debugging(dimension.debug):
            for step, mismatch in explore.run(
                dimension,
                self.options.depth,
                self.target.signal,
                self.timeout,
                self._concerns,
                lambda program: self.mark(place._replace(program=program), None),
                self.options.shard,
            ):
                judge(place._replace(program=step.number), step.expectation, mismatch)
        self.tell(judge.ran())

    def _go_long(self, _: int) -> None:
        # What enumeration has nothing to say of, long programs have nothing to say of either.
        if not any(True for _ in self._steps()):
            return
        self.tell(Advanced("hypothesis", 0, 1))
        judge = Judge(self, "hypothesis")
        stateful.run(
            stateful.vocabulary_without(self._doubtful, self.target.capabilities),
            self.target.signal,
            self.options.examples,
            self.options.seed,
            self.timeout,
            lambda number, *seen: judge(Place(HYPOTHESIS, 0, number), *seen),
            lambda program: self.mark(Place(HYPOTHESIS), program),
            self.options.shard,
        )
        self.tell(judge.ran())
        self.tell(Advanced("hypothesis", 1, 1))

    def _run_threads(self, first: int) -> None:
        laws = self.laws_of_threads
        if first > len(laws):
            return
        # Whoever does not survive this has nothing to say of threads.
        self.mark(Place(THREADS, len(laws)), None)
        if not self._starts_afresh():
            return
        if not laws:
            if "threads" not in self.target.capabilities and self._is_asked_about_threads():
                if not self.options.shard.has(0):
                    return
                self.tell(Stressed(stressing.run(self.target.signal, self.timeout)))
            return
        with cheap_collections() as settle, no_collections(), one_core():
            for number, law in enumerate(laws[first:], first):
                self.part = number
                settle()
                self._follow_schedules(law, Place(THREADS, number))
                self.tell(Advanced("threads", number + 1, len(laws) + 1))
            if concurrency.CLAUSES & self.open.keys():
                self.part = len(laws)
                try:
                    self._explore_threads(Place(THREADS, len(laws)))
                except TimedOut:
                    self.tell(GaveUp(WAITS_ELSEWHERE, tuple(self.unfinished(THREADS, len(laws)))))
            self.tell(Advanced("threads", len(laws) + 1, len(laws) + 1))

    def _is_asked_about_threads(self) -> bool:
        return any(law.startswith(self.options.only) for law in load_laws() if law.startswith("threads."))

    def _follow_schedules(self, law: Law, place: Place) -> None:
        runs, options = 0, self.options
        each_run = schedules.run(
            law, self.target, options.seed, self.timeout, options.thoroughness, options.shard, place.part
        )
        for runs, (index, case, failure) in enumerate(each_run, 1):
            self.mark(place._replace(program=runs), None)
            if failure is not None and isinstance(failure.outcome, Late):
                self.tell(GaveUp(WAITS_ELSEWHERE, (law.slug,)))
            elif failure is not None:
                clause = self.open[law.slug]
                counterexample = counterexample_of_law(law, case, clause, failure, self.target)
                self.fail(counterexample, case, "schedules", place._replace(program=index))
        self.programs += runs
        self.tell(Ran("schedules", runs, {law.slug: runs}))

    def _explore_threads(self, place: Place) -> None:
        options = self.options
        marks = count()
        for number, runs in concurrency.explore(
            self.target, options.depth - 1, self.timeout, options.thoroughness, options.shard
        ):
            if concurrency.all_are(self.broken, self.open):
                break
            before = self.programs
            for run in runs:
                self.mark(place._replace(program=next(marks)), None)
                self.programs += 1
                # What the laws have shown to be broken would only be found again.
                if run.failure is not None and run.clause in self.open and run.clause not in self.broken:
                    clause = self.open[run.clause]
                    counterexample = counterexample_of_run(run.plainest, clause, run.failure, self.target)
                    self.fail(counterexample, {}, "threads", place._replace(program=number))
            times = self.programs - before
            exercised = {concurrency.GENERAL: times} if concurrency.GENERAL in self.open else {}
            self.tell(Ran("threads", times, exercised, place._replace(program=number)))

    @functools.cached_property
    def _doubtful(self) -> frozenset[str]:
        """What laws have shown to be broken, or is not asked for and may be: programs must not stumble over it."""
        # Where the laws are in several shards, each asks again what decides which programs there are.
        is_split = self.options.shard != WHOLE
        broken = filter(self._is_broken, DECISIVE & self.open.keys()) if is_split else self.broken
        return frozenset(broken).union(slug for slug in load_laws() if slug not in self.open)

    def suits(self, program: Program) -> bool:
        """Tell whether a program asks for nothing that the target does not claim, or has been shown to break."""
        return program.needs <= self.target.capabilities and (
            not (program.caching and program.asks_for_nobody)
            or self._doubtful.isdisjoint(stateful.OF_NOBODY_WHEN_CACHED)
        )

    def _is_broken(self, slug: str) -> bool:
        """Tell whether a law, which may be another shard's, is broken in some case."""
        law = load_laws()[slug]
        with restored():
            return slug in self.broken or any(law.run(case, self.target, self.timeout) for case in self.cases(law))

    def _steps(self) -> Iterator[explore.Step]:
        """Yield the programs of all shards that are of concern, the first soon."""
        for dimension in self.dimensions:
            yield from filter(self._concerns, explore.each_program(dimension, self.options.depth))

    def _concerns(self, step: explore.Step) -> bool:
        if step.expectation.clauses.isdisjoint(self.open):
            return False
        return self.claims_all or step.program.needs <= self.target.capabilities

    def fail(self, counterexample: Counterexample, case: Case, engine: str, place: Place) -> None:
        """Tell of a program that went wrong."""
        if isinstance(counterexample.outcome, Late):
            self.timeout = min(self.timeout, AFTER_A_HANG)
        self.broken.add(counterexample.clause)
        self.tell(Failed(counterexample, case, engine, self.programs, place))

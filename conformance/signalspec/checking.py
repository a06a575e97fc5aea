"""One check of one target: run the engines, and turn what they observe into a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from signalspec.clauses import Clause, load_clauses, validate_profile
from signalspec.engines import explore, stateful
from signalspec.engines.judging import Mismatch, shrink
from signalspec.engines.laws import load_laws, run_laws
from signalspec.engines.observing import Observation
from signalspec.findings import Counterexample, Report, Result
from signalspec.model import Expectation
from signalspec.outcomes import AFTER_A_HANG, is_late
from signalspec.scripts import script_of
from signalspec.targets import Target, debugging, quiet

MOST_SHRUNK = 5
"""How many mismatches of one kind are followed up in one dimension; the others are like them."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps of it are done, and how many there are."""


@dataclass(frozen=True)
class Options:
    """How thoroughly to check.

    `only` is a prefix of slugs, or several; `depth` counts the commands of the longest enumerated program; `examples`
    counts long random programs; `timeout` is in seconds, for one program.
    """

    only: str | tuple[str, ...] = ""
    depth: int = 4
    examples: int = 50
    seed: int = 0
    timeout: float = 5.0


def check(
    target: Target,
    profile: str | None = None,
    options: Options | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Check `target` against `profile`, by default the target's own.

    Raise `UnknownProfileError` where there is no such profile.
    """
    options = options or Options()
    tally = Tally(target, validate_profile(profile or target.default_profile), options)
    with quiet():
        _check_laws(tally, progress)
        # What enumeration has nothing to say of, long programs have nothing to say of either.
        if _explore(tally, progress):
            _go_long(tally, progress)
    return tally.report()


def _check_laws(tally: Tally, progress: Progress) -> None:
    options = tally.options
    chosen = {slug: law for slug, law in load_laws().items() if slug in tally.open}
    done: set[str] = set()
    for observation in run_laws(chosen, tally.target, options.seed, options.timeout):
        done.add(observation.clause)
        progress("laws", len(done), len(chosen))
        tally.exercised[observation.clause] += 1
        if observation.failure is not None:
            law = chosen[observation.clause]
            requirement = tally.open[law.slug].requirement
            counterexample = Counterexample(
                script=law.script(observation.case, tally.target, requirement),
                program={"law": law.slug, "case": dict(observation.case)},
                expected=observation.failure.expected,
                actual=observation.failure.actual,
            )
            tally.fail(observation, counterexample)
    tally.coverage.append(f"every case of {len(chosen)} laws: {sum(tally.exercised.values()):,} programs")


def _explore(tally: Tally, progress: Progress) -> int:
    options, capabilities = tally.options, tally.target.capabilities
    chosen = [each for each in explore.DIMENSIONS if each.needs <= capabilities]
    if tally.broken & {"caching.none-as-sender", "caching.listeners-without-sender"}:
        chosen = [replace(each, sends_to_nobody=not each.caching) for each in chosen]
    programs = 0
    for number, dimension in enumerate(chosen, 1):
        judge = Judge(tally)
        with debugging(dimension.debug):
            for expectation, mismatch in explore.run(
                dimension, options.depth, tally.target.signal, tally.timeout, tally.concerns
            ):
                programs += 1
                judge(expectation, mismatch)
        progress("explore", number, len(chosen))
    tally.coverage.append(
        f"explore: every command from every state reachable in {max(0, options.depth - 1)} commands, "
        f"in {len(chosen)} dimensions: {programs:,} programs"
    )
    return programs


def _go_long(tally: Tally, progress: Progress) -> None:
    options = tally.options
    steps = 0

    def seen(expectation: Expectation, mismatch: Mismatch | None) -> None:
        nonlocal steps
        steps += 1
        judge(expectation, mismatch)

    judge = Judge(tally)
    vocabulary = stateful.vocabulary_without(tally.broken, tally.target.capabilities)
    progress("hypothesis", 0, 1)
    stateful.run(vocabulary, tally.target.signal, options.examples, options.seed, tally.timeout, seen)
    progress("hypothesis", 1, 1)
    tally.coverage.append(
        f"hypothesis: {options.examples} long programs over parties of every kind: {steps:,} commands"
    )


class Judge:
    """Takes in executed programs: shortens those that went wrong, and finds the clause that each breaks."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._followed: Counter[str] = Counter()

    def __call__(self, expectation: Expectation, mismatch: Mismatch | None) -> None:
        """Count what the last command of a program exercised; where it went wrong, record what it breaks."""
        tally = self._tally
        tally.exercised.update(clause for clause in expectation.clauses if clause in tally.open)
        if mismatch is None or self._followed[mismatch.clause] >= MOST_SHRUNK:
            return
        self._followed[mismatch.clause] += 1
        shortest = shrink(mismatch, tally.target.signal, tally.timeout)
        for clause in (shortest.clause, shortest.expectation.general):
            if clause in tally.open:
                tally.fail(Observation(clause, {}), self._counterexample(clause, shortest))
                return

    def _counterexample(self, slug: str, mismatch: Mismatch) -> Counterexample:
        title = f"{slug}: {self._tally.open[slug].requirement}"
        return Counterexample(
            script=script_of(mismatch.program, title, self._tally.target.imports),
            program={"clause": slug, "program": mismatch.program.to_json()},
            expected=mismatch.failure.expected,
            actual=mismatch.failure.actual,
        )


class Tally:
    """Counts what was exercised, clause by clause, and keeps the first counterexample of each."""

    def __init__(self, target: Target, profile: str, options: Options) -> None:
        self.standard = load_clauses()
        self.target = target
        self.profile = profile
        self.options = options
        self.timeout = options.timeout
        self.coverage: list[str] = []
        self.exercised: Counter[str] = Counter()
        self.violations: dict[str, Counterexample] = {}
        self.deviating: dict[str, dict[str, Counterexample]] = {}
        self.set_aside = {
            clause.slug: reason
            for clause in self.standard
            if clause.slug.startswith(options.only) and (reason := self._reason_to_set_aside(clause))
        }
        self.open = {
            clause.slug: clause
            for clause in self.standard
            if clause.slug.startswith(options.only) and clause.slug not in self.set_aside
        }

    def _reason_to_set_aside(self, clause: Clause) -> Result | None:
        if not clause.in_force.includes(self.profile):
            return Result(clause, "not-in-force", notes=[f"in force {clause.in_force}"])
        if not clause.demands:
            return Result(clause, "untestable", notes=["the standard demands nothing here"])
        missing = [need for need in clause.needs if need not in self.target.capabilities]
        if missing:
            return Result(clause, "not-claimed", notes=[f"the target has no {', '.join(missing)}"])
        return None

    @property
    def broken(self) -> set[str]:
        """The clauses that have been seen not to hold."""
        return {*self.violations, *self.deviating}

    def concerns(self, expectation: Expectation) -> bool:
        """Tell whether an expectation is about a clause that this check is about."""
        return not expectation.clauses.isdisjoint(self.open)

    def fail(self, observation: Observation, counterexample: Counterexample) -> None:
        """Take in a failed program: a recorded deviation of the profile, or else a violation."""
        slug = observation.clause
        if is_late(counterexample.actual):
            self.timeout = min(self.timeout, AFTER_A_HANG)
        for deviation in self.standard.deviations_in(self.profile):
            if deviation.clause == slug and deviation.covers(observation.case, counterexample.actual):
                self.deviating.setdefault(slug, {}).setdefault(deviation.title, counterexample)
                return
        self.violations.setdefault(slug, counterexample)

    def report(self) -> Report:
        """Return what was found, in the standard's order."""
        results = [
            self.set_aside.get(clause.slug) or self._judge(clause)
            for clause in self.standard
            if clause.slug.startswith(self.options.only)
        ]
        return Report(
            target=self.target.name,
            profile=self.profile,
            seed=self.options.seed,
            results=results,
            coverage=self.coverage,
            news=self._news(),
        )

    def _news(self) -> list[str]:
        """Return the deviations recorded for the release under check that it did not show."""
        if self.target.module != "django.dispatch" or self.profile != self.target.default_profile:
            return []
        recorded = self.standard.deviations_in(self.profile)
        return [
            f"{deviation.clause} does not deviate any more: {deviation.title}"
            for deviation in recorded
            if deviation.clause in self.open and deviation.title not in self.deviating.get(deviation.clause, ())
        ]

    def _judge(self, clause: Clause) -> Result:
        times = self.exercised[clause.slug]
        if clause.slug in self.violations:
            return Result(clause, "violated", times, self.violations[clause.slug])
        if clause.slug in self.deviating:
            found = self.deviating[clause.slug]
            return Result(clause, "deviates", times, next(iter(found.values())), list(found))
        return Result(clause, "holds" if times else "inconclusive", times)

"""One check of one target: run an examination, and turn what it tells into a report."""

from __future__ import annotations

import sys
from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from signalspec.engines.laws import Case, capabilities_for, load_laws
from signalspec.engines.shards import WHOLE
from signalspec.engines.threads import stress as stressing
from signalspec.engines.threads.schedules import is_concurrent
from signalspec.findings.causes import MOST_STORIES, causes_of
from signalspec.findings.habits import Habits, habits_of, is_a_habit
from signalspec.findings.report import UNCLAIMED, Counterexample, Report, Result
from signalspec.runner.events import (
    Advanced,
    Entered,
    Event,
    Failed,
    Followed,
    GaveUp,
    Ran,
    Stressed,
    Waited,
    last_stage,
)
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.runner.premises import is_plainest, shaky_premise
from signalspec.standard.clauses import STANDARD, Clause, load_clauses, validate_profile
from signalspec.targets.setup import CHAPTERS, PLAIN
from signalspec.targets.target import Target

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many parts of it are done, and how many there are."""


def check_here(
    target: Target,
    profile: str | None = None,
    options: Options | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Check `target` against `profile`, by default the target's own, in this process.

    Raise `UnknownProfileError` where there is no such profile.
    """
    tally = Tally(target, validate_profile(profile or target.default_profile), options or Options(), progress)
    for part in target.parts:
        # A part of which nothing is asked is not set up.
        if any(clause.part == part for clause in tally.clauses):
            Examination(target, tally.open_in(part), tally.options, tally.take, last=last_stage(part)).run()
    tally.because = causes_of(tally.violations, target, tally.options.timeout, habits=tally.habits.clauses)
    return tally.report()


class Tally:
    """Counts what was exercised, clause by clause, and keeps the first counterexample of each."""

    def __init__(self, target: Target, profile: str, options: Options, progress: Progress = lambda *_: None) -> None:
        self.standard = load_clauses()
        self.target = target
        self.profile = profile
        self.options = options
        self.progress = progress
        self.programs: Counter[str] = Counter()
        self.parts: dict[str, int] = {}
        self.stress = ""
        self.exercised: Counter[str] = Counter()
        self.violations: dict[str, list[Counterexample]] = {}
        self.because: Mapping[str, str] = {}
        self.unfinished: dict[str, str] = {}
        self.unconfirmed: dict[str, Counterexample] = {}
        self.inherited: dict[str, Counterexample] = {}
        self.notes: dict[str, str] = {}
        self.deviating: dict[str, dict[str, Counterexample]] = {}
        self.broken_at_their_plainest: set[str] = set()
        self.clauses = [
            clause
            for clause in self.standard.of(*target.parts)
            if clause.slug.startswith(options.only) and (not target.setup.base or clause.chapter in CHAPTERS)
        ]
        self.set_aside = {
            clause.slug: reason for clause in self.clauses if (reason := self._reason_to_set_aside(clause))
        }
        self.open = {clause.slug: clause for clause in self.clauses if clause.slug not in self.set_aside}

    def open_in(self, part: str) -> dict[str, Clause]:
        """Return the clauses of a part that are to be judged."""
        return {slug: clause for slug, clause in self.open.items() if clause.part == part}

    def take(self, event: Event) -> None:
        """Take in what an examination tells."""
        match event:
            case Ran(engine, programs, exercised, _):
                self.programs[engine] += programs
                self.exercised.update(exercised)
            case Failed(counterexample, case):
                self.fail(counterexample, case)
            case Advanced(engine, done, total):
                self.parts[engine] = total
                self.progress(engine, done, total)
            case Stressed(trouble):
                self.stress = trouble or "nothing went wrong, which proves little"
            case GaveUp(why, clauses):
                for slug in clauses:
                    self.unfinished.setdefault(slug, why)
            case Entered() | Followed() | Waited():
                pass
            case _:
                assert_never(event)

    def _reason_to_set_aside(self, clause: Clause) -> Result | None:
        if not clause.in_force.includes(self.profile):
            return Result(clause, "not-in-force", notes=[f"in force {clause.in_force}"])
        if not clause.demands:
            return Result(clause, "untestable", notes=["the standard demands nothing here"])
        missing = [each for each in capabilities_for(clause) if each not in self.target.capabilities]
        if missing:
            return Result(clause, "not-claimed", notes=[f"{UNCLAIMED}{', '.join(missing)}"])
        return None

    @property
    def broken(self) -> set[str]:
        """The clauses that have been seen not to hold."""
        return {*self.violations, *self.deviating}

    def fail(self, counterexample: Counterexample, case: Case) -> None:
        """Take in a failed program: a recorded deviation of the profile, or else a violation."""
        slug = counterexample.clause
        if deviation := self.standard.deviation_shown(slug, case, counterexample.actual, self.profile):
            self.deviating.setdefault(slug, {}).setdefault(deviation.title, counterexample)
            return
        stories = self.violations.setdefault(slug, [])
        if len(stories) < MOST_STORIES or is_a_habit(stories[-1]):
            # What no Django does tells more of the target.
            insort(stories, counterexample, key=is_a_habit)
            del stories[MOST_STORIES:]
        if is_plainest(slug, case):
            self.broken_at_their_plainest.add(slug)

    @property
    def habits(self) -> Habits:
        """What the target does as Django does, where it is held to the standard alone."""
        return habits_of(self.violations, self.open) if self.profile == STANDARD else Habits()

    def inherit(self, slug: str) -> None:
        """Set a violation apart that the base of the target shows alike."""
        self.inherited[slug] = self.violations.pop(slug)[0]
        self.broken_at_their_plainest.discard(slug)

    def report(self, partial: bool = False) -> Report:
        """Return what was found, in the standard's order; `partial` where the check did not come to its end."""
        if partial:
            self.unfinished |= dict.fromkeys(self.open, "the check was ended before it was done")
        judged = [clause for clause in self.clauses if self._is_told_of(clause.slug)]
        habits = self.habits
        results = [self.set_aside.get(clause.slug) or self._judge(clause, habits) for clause in judged]
        return Report(
            target=self.target.name,
            profile=self.profile,
            seed=self.options.seed,
            results=results,
            coverage=list(self._coverage()),
            news=[] if partial or self.options.shard != WHOLE else self._news(),
            partial=partial,
        )

    def _is_told_of(self, slug: str) -> bool:
        """Tell whether something is to be said of a clause: of a shard nothing is what others exercise."""
        known = (self.set_aside, self.violations, self.inherited, self.unconfirmed, self.deviating, self.unfinished)
        return self.options.shard == WHOLE or self.exercised[slug] > 0 or any(slug in each for each in known)

    def _coverage(self) -> Iterator[str]:
        laws = [law for slug, law in load_laws().items() if slug in self.open]
        concurrent = sum(map(is_concurrent, laws))
        yield f"every case of {len(laws) - concurrent} laws: {self.programs['laws']:,} programs"
        is_whole = self.target.module == "django.dispatch" and self.target.setup == PLAIN
        if is_whole and (absent := self.standard.parts.keys() - {*self.target.parts}):
            yield f"not covered for this release of Django: {', '.join(sorted(absent))}"
        if dimensions := self.parts.get("explore", 0) + self.parts.get("asynchronous", 0):
            yield (
                f"explore: every command from every state reachable in {max(0, self.options.depth - 1)} commands, "
                f"and a send after each other way to it, in {dimensions} dimensions: "
                f"{self.programs['explore']:,} programs"
            )
        if "hypothesis" in self.parts:
            yield (
                f"hypothesis: {self.options.examples} long programs over parties of every kind: "
                f"{self.programs['hypothesis']:,} commands"
            )
        if "models" in self.parts:
            yield (
                f"models: every program of {max(0, self.options.depth - 2)} commands after those that it needs, "
                f"in {self.parts['models']} dimensions, and {self.options.examples // 5} long ones of each: "
                f"{self.programs['models']:,} programs"
            )
        if self.stress:
            yield f"threads cannot be followed here; {stressing.OPERATIONS:,} operations in a hurry: {self.stress}"
        if "threads" in self.parts:
            yield f"schedules: every case of {concurrent} laws, in {self.programs['schedules']:,} schedules"
            yield f"threads: every small program of two, some of three, in {self.programs['threads']:,} schedules"

    def _news(self) -> list[str]:
        """Return what is known of the release under check: the defects of its patch, and deviations not shown."""
        if self.target.module != "django.dispatch" or self.profile != self.target.default_profile:
            return []
        import django

        patch = django.get_version()
        return [
            *(f"Django {patch}: {each.title}" for each in self.standard.patches if patch in each.releases),
            *(
                f"{deviation.clause} does not deviate any more: {deviation.title}"
                for deviation in self.standard.deviations_in(self.profile)
                if deviation.clause in self.open.keys() - {*self.violations, *self.unconfirmed, *self.unfinished}
                and deviation.shows_on(sys.version_info[:2])
                and deviation.title not in self.deviating.get(deviation.clause, ())
            ),
        ]

    def _judge(self, clause: Clause, habits: Habits) -> Result:
        times = self.exercised[clause.slug]
        if clause.slug in self.violations:
            found = self.violations[clause.slug][0]
            notes = [self.notes[clause.slug]] if clause.slug in self.notes else []
            as_in = habits.profile if clause.slug in habits.clauses else None
            return Result(clause, "violated", times, found, notes, self.because.get(clause.slug), as_in)
        if clause.slug in self.inherited:
            note = "Django's Signal, of which the target is a subclass, does the same"
            return Result(clause, "inherited", times, self.inherited[clause.slug], [note])
        if clause.slug in self.unconfirmed:
            seen = self.unconfirmed[clause.slug]
            note = f"violated once, and not again: expected {seen.expected}, actual {seen.actual}"
            return Result(clause, "inconclusive", times, notes=[note])
        if clause.slug in self.deviating:
            known = self.deviating[clause.slug]
            return Result(clause, "deviates", times, next(iter(known.values())), list(known))
        if clause.slug in self.unfinished:
            return Result(clause, "inconclusive", times, notes=[self.unfinished[clause.slug]])
        if not times:
            return Result(clause, "inconclusive", notes=["the clause is in force, but nothing exercised it"])
        premise = shaky_premise(clause.slug, self.broken_at_their_plainest)
        if premise is not None:
            why = f"it rests on {premise}, which is violated"
            return Result(clause, "inconclusive", times, notes=[why], because=premise)
        return Result(clause, "holds", times)

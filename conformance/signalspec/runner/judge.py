"""From an executed program to what is told of it: the clause that it breaks, and the program that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from signalspec.engines.laws import Case, Law
from signalspec.engines.observing import Failure
from signalspec.engines.sends import differences, known_trace, sent
from signalspec.engines.shrinking import OF_ASYNCHRONOUS_ARGUMENTS, Mismatch, shrink
from signalspec.engines.threads import program_scripts, schedules
from signalspec.engines.threads import small_programs as concurrency
from signalspec.engines.threads.trails import Executed
from signalspec.findings.report import Counterexample
from signalspec.programs.attribution import Expectation
from signalspec.programs.outcomes import Late
from signalspec.programs.scripts import script_of
from signalspec.runner.events import Followed, Place, Ran
from signalspec.standard.clauses import Clause
from signalspec.targets.target import Target

if TYPE_CHECKING:
    from signalspec.runner.examination import Examination

SECONDS = 10.0
"""How long a story may take that is run again, only to see what is sent."""

MOST_SHRUNK = 5
"""How many mismatches of one kind are followed up in one dimension; the others are like them."""


class Judge:
    """Takes in executed programs: shortens those that went wrong, and finds the clause that each breaks."""

    def __init__(self, examination: Examination, engine: str) -> None:
        self._examination = examination
        self._engine = engine
        self._followed: Counter[str] = Counter()
        self._exercised: Counter[str] = Counter()
        self._start = examination.programs

    def ran(self) -> Ran:
        """Return what has been taken in."""
        return Ran(self._engine, self._examination.programs - self._start, self._exercised)

    def __call__(self, place: Place, expectation: Expectation, mismatch: Mismatch | None) -> None:
        """Count what the last command of a program exercised; where it went wrong, tell what it breaks."""
        examination = self._examination
        examination.programs += 1
        self._exercised.update(expectation.clauses & examination.open.keys())
        if mismatch is None or self._followed[mismatch.clause] >= MOST_SHRUNK:
            return
        self._followed[mismatch.clause] += 1
        examination.tell(Followed(mismatch.clause, place))
        target = examination.target
        shortest = shrink(mismatch, target.signal, examination.timeout, examination.suits)
        clause = clause_of(shortest, examination.open)
        if clause is not None:
            examination.fail(counterexample_of(shortest, clause, target), {}, self._engine, place)


def counterexample_of_law(
    law: Law, case: Case, clause: Clause, failure: Failure, target: Target, otherwise: tuple[str, ...] = ()
) -> Counterexample:
    """Return what shows that a case of a law breaks `clause`."""
    trail: tuple[Executed, ...] = ()
    if schedules.is_concurrent(law):
        trail = schedules.trail(law, case, target)
        script = schedules.script(law, case, target, clause.requirement, trail)
    else:
        script = law.script(case, target, clause.requirement)
    return Counterexample(
        clause=clause.slug,
        script=script,
        program={"law": law.slug, "case": dict(case)},
        expected=failure.expected,
        outcome=failure.outcome,
        otherwise=otherwise,
        trail=trail,
    )


def seen_otherwise(law: Law, case: Case, clause: Clause, failure: Failure, target: Target) -> tuple[str, ...]:
    """Return what the target, where it is Django, is seen to send otherwise when a case is run again, here."""
    if clause.part == "dispatch" or isinstance(failure.outcome, Late):
        return ()
    due = known_trace(law.slug, case, target.default_profile.removeprefix("django-"))
    return tuple(differences(due, sent(law, case, target, SECONDS))) if due is not None else ()


def clause_of(mismatch: Mismatch, open_: Mapping[str, Clause]) -> Clause | None:
    """Return the clause that a mismatch breaks, if the examination is about it: the most specific that is."""
    if mismatch.clause in OF_ASYNCHRONOUS_ARGUMENTS:
        return open_.get(mismatch.clause)
    return open_.get(mismatch.clause) or open_.get(mismatch.expectation.general)


def counterexample_of(mismatch: Mismatch, clause: Clause, target: Target) -> Counterexample:
    """Return what shows that a program of commands breaks `clause`."""
    return Counterexample(
        clause=clause.slug,
        script=script_of(mismatch.program, f"{clause.slug}: {clause.requirement}", target.imports),
        program={"clause": clause.slug, "program": mismatch.program.to_json()},
        expected=mismatch.failure.expected,
        outcome=mismatch.failure.outcome,
    )


def counterexample_of_run(run: concurrency.Run, clause: Clause, failure: Failure, target: Target) -> Counterexample:
    """Return what shows that a program of threads breaks `clause` under its schedule."""
    trail = program_scripts.trail(run, target)
    return Counterexample(
        clause=clause.slug,
        script=program_scripts.script(run, f"{clause.slug}: {clause.requirement}", target, trail),
        program={"clause": clause.slug, "threads": run.program.to_json(), "schedule": run.schedule},
        expected=failure.expected,
        outcome=failure.outcome,
        trail=trail,
    )

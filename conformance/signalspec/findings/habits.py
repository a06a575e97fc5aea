"""What a target does as a release of Django does: a copy of Django's code has its deviations, and they are not news.

A target is like a release where it shows at least half of the deviations that are recorded of it. Of its violations
those are habits of that release whose stories are exactly what is recorded, or that it does not promise yet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from signalspec.findings.report import Counterexample
from signalspec.standard.clauses import RELEASES, load_clauses

LIKE = 0.5
"""How many of the recorded deviations of a release a target shows that is like it, at least."""


@dataclass(frozen=True)
class Habits:
    """The profile of the release of Django that a target is like, and the clauses that both do not keep."""

    profile: str = ""
    clauses: frozenset[str] = frozenset()


def is_a_habit(story: Counterexample, profile: str | None = None) -> bool:
    """Tell whether the release of Django of a profile, or else any, is recorded to do exactly this."""
    case = story.program.get("case", {})
    return load_clauses().deviation_shown(story.clause, case, story.actual, profile) is not None


def habits_of(violations: Mapping[str, Sequence[Counterexample]], checked: Collection[str]) -> Habits:
    """Return what the release of Django does alike that has most of its deviations of the `checked` clauses in common
    with the target, and least besides; of several that which explains most of the violations, then the newest.
    """
    standard, found = load_clauses(), {Habits(): (0, 0)}
    for profile in (f"django-{release}" for release in reversed(RELEASES)):
        recorded = {each.clause for each in standard.deviations_in(profile)} & {*checked}
        alike = {
            slug for slug in recorded & violations.keys() if all(is_a_habit(s, profile) for s in violations[slug])
        }
        if alike and len(alike) >= LIKE * len(recorded):
            early = {slug for slug in violations if not standard.clause(slug).in_force.includes(profile)}
            habits = Habits(profile, frozenset(alike | early))
            found[habits] = len(alike) - len(recorded - violations.keys()), len(habits.clauses)
    return max(found, key=lambda each: found[each])

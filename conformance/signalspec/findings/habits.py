"""What a target does as a release of Django does: a copy of Django's code has its deviations, and they are not news.

Of the violations of the standard those are habits of Django of which each story is exactly what is recorded of one of
its releases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signalspec.findings.report import Counterexample
from signalspec.standard.clauses import RELEASES, load_clauses


@dataclass(frozen=True)
class Habits:
    """The profile of the release of Django that does most of what a target does, and the clauses that both violate
    alike.
    """

    profile: str = ""
    clauses: frozenset[str] = frozenset()


def is_a_habit(story: Counterexample, profile: str | None = None) -> bool:
    """Tell whether the release of Django of a profile, or else any, is recorded to do exactly this."""
    case = story.program.get("case", {})
    recorded = load_clauses().deviations_in(profile) if profile else load_clauses().deviations
    return any(each.clause == story.clause and each.covers(case, story.actual) for each in recorded)


def habits_of(violations: Mapping[str, Sequence[Counterexample]]) -> Habits:
    """Return what each release of Django does alike, for the release that does most of it; of several the newest."""
    found = []
    for profile in (f"django-{release}" for release in reversed(RELEASES)):
        alike = {slug for slug, some in violations.items() if all(is_a_habit(each, profile) for each in some)}
        found.append(Habits(profile, frozenset(alike)))
    most = max(found, key=lambda each: len(each.clauses))
    return most if most.clauses else Habits()

"""Where next to nothing works, a report says so first: the rest follows from it, and says nothing yet."""

from __future__ import annotations

from signalspec.findings.report import Report, Result
from signalspec.programs.outcomes import Raised
from signalspec.runner.premises import is_plainest
from signalspec.standard.clauses import load_clauses

PLAINEST = ("connect.connected-is-called", "asend.connected-is-called")
"""The clauses that say that a plain connect and a plain send work at all."""

MANY = 20
"""How many violated clauses are a flood."""


def causes_first(report: Report) -> list[Result]:
    """Return the causes, that from which most follows first, else in the standard's order; where there is a flood,
    what it comes from goes before all others, and what a release of Django does alike, or in its own way, comes after
    them.
    """
    source = _source(report)
    alike = {each.as_in for each in report.habits if each.as_in}
    broken = {each.clause for profile in alike for each in load_clauses().deviations_in(profile)}

    def rank(each: Result) -> tuple[bool, bool, bool, int]:
        slug = each.clause.slug
        return each is not source, each.as_in is not None, slug in broken, -len(report.following(slug))

    return sorted(report.causes, key=rank)


def flood(report: Report) -> str:
    """Return what to say first where a plain connect or send fails and much else is violated, or an empty text."""
    source = _source(report)
    if source is None or source.counterexample is None:
        return ""
    outcome = source.counterexample.outcome
    found = f"{outcome}: {outcome.message}" if isinstance(outcome, Raised) and outcome.message else str(outcome)
    return (
        f"A plain connect and send do not work: {found}. Mend that first: {len(report.with_status('violated'))} "
        "clauses are violated, and most rest on it."
    )


def _source(report: Report) -> Result | None:
    violated = report.with_status("violated")
    if len(violated) < MANY:
        return None
    found = {each.clause.slug: each for each in violated if each.counterexample and _is_plain(each)}
    return next((found[slug] for slug in PLAINEST if slug in found), None)


def _is_plain(result: Result) -> bool:
    program = result.counterexample.program if result.counterexample else {}
    return result.clause.slug in PLAINEST and is_plainest(result.clause.slug, program.get("case", {}))

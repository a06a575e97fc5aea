"""What a clause rests on: who finds no fault with an operation that does not work at all has learned nothing."""

from __future__ import annotations

from collections.abc import Collection

from signalspec.engines.laws import Case, load_laws
from signalspec.standard.clauses import load_clauses


def is_plainest(slug: str, case: Case) -> bool:
    """Tell whether `case` is one of the law of `slug` that has the plainest kind of everything."""
    # A program of commands about a signal has an empty case, too.
    has_case = bool(case) or load_clauses().clause(slug).part != "dispatch"
    return has_case and case == load_laws()[slug].plainest


def shaky_premise(slug: str, broken: Collection[str]) -> str | None:
    """Return the first of the clauses that `slug` rests on that is among the `broken`, or ``None``."""
    law = load_laws().get(slug)
    if law is None:
        return None
    return next((premise for premise in law.premises if premise in broken and premise != slug), None)

"""The first place in which what a story saw differs from what is due.

It is the symptom of a story that has no signal of its own, such as one of models or of requests.
"""

from __future__ import annotations

import ast
import itertools
from typing import Any

from signalspec.findings.report import Counterexample
from signalspec.findings.symptoms import Symptom
from signalspec.programs.outcomes import Returned

PLACE = "a place"
"""The operation of such a symptom."""

_NOTHING = object()


def symptom_by_place(counterexample: Counterexample) -> Symptom | None:
    """Return what is missing, added or exchanged first, where what is due and what was seen are lists of words.

    What else a case draws is used, whatever it is. Numbers and truths alone say too little to be a symptom.
    """
    if not isinstance(counterexample.outcome, Returned):
        return None
    try:
        due, seen = (ast.literal_eval(each) for each in (counterexample.expected, counterexample.outcome.value))
    except (ValueError, SyntaxError):
        return None
    way = _difference(due, seen)
    case = counterexample.program.get("case", {})
    return Symptom(PLACE, way, frozenset(f"{name}: {kind}" for name, kind in case.items())) if way else None


def _difference(due: Any, seen: Any) -> str | None:
    if not (isinstance(due, list | tuple) and isinstance(seen, list | tuple)):
        return None
    for one, other in itertools.zip_longest(due, seen, fillvalue=_NOTHING):
        if one == other:
            continue
        if isinstance(one, str) and due.count(one) > seen.count(one):
            return f"misses {one}"
        if isinstance(other, str) and seen.count(other) > due.count(other):
            return f"adds {other}"
        if isinstance(one, str) and isinstance(other, str):
            return f"has {other} before {one}"
        return _difference(one, other)
    return None

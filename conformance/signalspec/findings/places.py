"""The first place in which what a story saw differs from what is due.

It is the symptom of a story that has no signal of its own, such as one of models or of requests. Where a law looks at
what its caller had set up in the process, what it finds changed is the symptom.
"""

from __future__ import annotations

import ast
import itertools
from typing import Any

from signalspec.engines.laws import load_laws
from signalspec.engines.sends import differences, watched
from signalspec.findings.report import Counterexample
from signalspec.findings.symptoms import WATCHED, Symptom
from signalspec.programs.outcomes import Returned
from signalspec.programs.surrounding_kinds import SetUp

SENT = "what is sent"
PLACE = "a place"
SURROUNDINGS = "surroundings"
PARTS = "parts"
"""The operations of such symptoms, which are no operations on a signal."""

OF_PROGRAMS = 20
"""How many things a program of commands is taken to use besides its own, so that the plainer law speaks."""

_NOTHING = object()


def symptom_by_sends(counterexample: Counterexample) -> Symptom | None:
    """Return what Django sends otherwise than its release does; what the story uses only makes it less plain."""
    program, ways = counterexample.program, counterexample.otherwise
    if "models" not in program:
        plainest = load_laws()[program["law"]].plainest
        return _symptom_of(SENT, ways, sum(program["case"][name] != kind for name, kind in plainest.items()))
    due, seen = _due_and_seen(counterexample)
    ways = tuple(differences(watched(due[1]), watched(seen[1]))) if due else ()
    return _symptom_of(WATCHED, ways, OF_PROGRAMS + len(program["models"]) + (program["act"] is not None))


def _symptom_of(operation: str, ways: tuple[str, ...], used: int) -> Symptom | None:
    return Symptom(operation, ways[0], frozenset(), number=used, ways=frozenset(ways)) if ways else None


def symptom_by_place(counterexample: Counterexample) -> Symptom | None:
    """Return what is missing, added or exchanged first, where what is due and what was seen are lists of words.

    What else a case draws is used, whatever it is. Numbers and truths alone say too little to be a symptom.
    """
    way = _difference(*_due_and_seen(counterexample))
    case = counterexample.program.get("case", {})
    return Symptom(PLACE, way, frozenset(f"{name}: {kind}" for name, kind in case.items())) if way else None


def symptom_by_surroundings(counterexample: Counterexample) -> Symptom | None:
    """Return what a law that draws something that is set up has found changed."""
    program = counterexample.program
    tables = load_laws()[program["law"]].tables if "law" in program else {}
    for name, table in tables.items():
        if issubclass(table, SetUp):
            looked_at = table.plain_kind(program["case"][name])
            return Symptom(SURROUNDINGS, f"changes: {looked_at}", frozenset())
    return None


def symptom_by_parts(counterexample: Counterexample) -> Symptom | None:
    """Return which of the parts that a law names has another value, of a law of one operation or of another."""
    due, seen = _due_and_seen(counterexample)
    if not (isinstance(due, dict) and isinstance(seen, dict)):
        return None
    unlike = [f"{name} is {seen.get(name)!r}" for name in due if seen.get(name, _NOTHING) != due[name]]
    return Symptom(PARTS, ", ".join(unlike), frozenset()) if unlike else None


def _due_and_seen(counterexample: Counterexample) -> tuple[Any, Any]:
    """Return what is due and what was seen, or ``None`` for both where that is no literal or nothing was returned."""
    if not isinstance(counterexample.outcome, Returned):
        return None, None
    try:
        return ast.literal_eval(counterexample.expected), ast.literal_eval(counterexample.outcome.value)
    except (ValueError, SyntaxError):
        return None, None


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

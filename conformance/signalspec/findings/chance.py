"""Stories that fail by chance: a target that keeps receivers in a set calls them in an order that changes with where
they lie in memory, so each run of a story shows something else, and none can be varied.

A story that needs the order of connection follows from one that shows another order, where both go well in some of
several runs: in these the receivers happen to lie in the right order, and nothing else is wrong then.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from signalspec.engines.laws import capabilities_for, load_laws
from signalspec.engines.shrinking import first_mismatch
from signalspec.findings.report import Counterexample
from signalspec.programs.outcomes import Died, Late
from signalspec.programs.program import Program
from signalspec.standard.clauses import load_clauses
from signalspec.targets.surroundings import debugging
from signalspec.targets.target import Target

RUNS = 60
"""How often a story is run that may go well by chance."""


def needs_order(counterexample: Counterexample) -> bool:
    """Tell whether a story takes it that receivers are called in the order in which they were connected."""
    match counterexample.program:
        case {"law": slug, "case": {"schedule": _}}:
            return False
        case {"law": slug}:
            return "order" in capabilities_for(load_clauses().clause(slug))
        case {"program": data}:
            return "order" in Program.from_json(data).needs
    return False


def shows_another_order(counterexample: Counterexample) -> bool:
    """Tell whether what a story saw is what was due, in another order."""
    try:
        due, seen = (ast.literal_eval(text) for text in (counterexample.expected, str(counterexample.outcome)))
    except (SyntaxError, ValueError):
        return False
    return bool(due != seen and _sorted(due) == _sorted(seen))


def _sorted(value: Any) -> Any:
    return sorted(map(repr, map(_sorted, value))) if isinstance(value, list | tuple) else value


def goes_well_sometimes(counterexample: Counterexample, target: Target, timeout: float) -> bool:
    """Tell whether a story goes well in one of several runs between which the memory changes."""
    if isinstance(counterexample.outcome, Late | Died):
        return False
    run = _runner(counterexample.program, target, timeout)
    return any(run() for _ in _with_memory_in_other_places(RUNS))


def _with_memory_in_other_places(times: int) -> Iterator[None]:
    kept: list[object] = []
    for i in range(times):
        yield
        kept += [(lambda: None) if j % 2 else bytearray(j) for j in range(3 * i + 1)]


def _runner(story: Mapping[str, Any], target: Target, timeout: float) -> Callable[[], bool]:
    if "law" in story:
        law = load_laws()[story["law"]]
        return lambda: law.run(story["case"], target, timeout) is None
    program = Program.from_json(story["program"])

    def run() -> bool:
        with debugging(program.debug):
            return first_mismatch(program, target.signal, timeout) is None

    return run

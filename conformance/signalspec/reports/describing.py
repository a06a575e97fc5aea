"""The words for one result that every report uses."""

from __future__ import annotations

from textwrap import indent

from signalspec.engines.observing import Failure
from signalspec.findings.report import Counterexample, Result
from signalspec.standard.clauses import Clause


def state(clause: Clause, found: Counterexample | Failure | None) -> str:
    """Return the requirement of `clause`, and where it was broken what was expected and what happened."""
    lines = [f"Requirement: {clause.requirement}"]
    if found is not None:
        lines += [f"Expected:    {found.expected}", f"Actual:      {found.actual}"]
    if isinstance(found, Counterexample) and found.otherwise:
        lines += [f"Sent:        {sent_otherwise(found)}"]
    return "\n".join(lines)


def sent_otherwise(found: Counterexample) -> str:
    """Return in what that which Django was seen to send differs from what its release sends."""
    return f"otherwise than by this release of Django: {'; '.join(found.otherwise)}"


def describe(result: Result) -> str:
    """Return what a violation is about: requirement, expected, actual, then the script, indented."""
    script = f"\n\n{indent(result.counterexample.script, '    ')}" if result.counterexample else ""
    return state(result.clause, result.counterexample) + script


def reason(result: Result) -> str:
    """Return why a clause was not judged."""
    return f"{result.status}: {'; '.join(result.notes)}"

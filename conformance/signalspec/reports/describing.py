"""The words for one result that every report uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import indent

from signalspec.engines.laws import load_laws
from signalspec.engines.observing import Failure
from signalspec.findings.report import Counterexample, Result
from signalspec.programs.program import Program
from signalspec.programs.scripts import plainly
from signalspec.standard.clauses import Clause


def state(clause: Clause, found: Counterexample | Failure | None) -> str:
    """Return the requirement of `clause`, and where it was broken what was expected and what happened."""
    lines = [f"Requirement: {clause.requirement}"]
    if found is not None:
        lines += [f"Expected:    {found.expected}", f"Actual:      {found.actual}"]
    if isinstance(found, Counterexample) and (case := case_of(found)):
        lines += [f"Case:        {case}"]
    if isinstance(found, Counterexample) and found.otherwise:
        lines += [f"Sent:        {sent_otherwise(found)}"]
    return "\n".join(lines)


def sent_otherwise(found: Counterexample) -> str:
    """Return in what that which Django was seen to send differs from what its release sends."""
    return f"otherwise than by this release of Django: {'; '.join(_in_words(found.otherwise))}"


def _in_words(ways: Sequence[str]) -> list[str]:
    """Return the ways in which something is sent otherwise as people say them, each once."""
    said: dict[str, None] = {}
    for way in ways:
        event, _, passed = way.partition(": ")
        verb, _, name = way.partition(" ")
        key, _, value = passed.partition(" is ")
        if verb in ("adds", "misses") and {f"adds {name}", f"misses {name}"} <= {*ways}:
            words = f"{name} comes at another moment"
        elif key == "by":
            words = f"{event} is sent by {value}()"
        elif key == "values":
            words = f"{event} has other values"
        elif key.startswith("size of "):
            # What has another value has another size, too.
            told = any(each.startswith(f"{event}: {key.removeprefix('size of ')} is ") for each in ways)
            words = "" if told or value == "not there" else way
        else:
            words = f"{event}: {key} is not passed" if value == "not there" else way
        said |= {words: None} if words else {}
    return list(said)


def case_of(found: Counterexample) -> str:
    """Return what a case of a law draws that is not the plainest, or what the commands of a program are."""
    match found.program:
        case {"law": slug, "case": case} if law := load_laws().get(slug):
            drawn = {name: kind for name, kind in case.items() if kind != law.plainest.get(name)}
            return ", ".join(
                in_words(kind) if name == "schedule" else f"{name}: {kind}" for name, kind in drawn.items()
            )
        case {"models": commands, "listening": listening, "act": act}:
            does = [f"a receiver of {act[0]} of {act[1]}: {act[2]}"] if act else []
            return "; ".join([*commands, f"receivers of {', '.join(listening)}", *does])
        case {"program": program}:
            return "; ".join(_statements(Program.from_json(program)))
    return ""


def in_words(schedule: str) -> str:
    """Return which thread a schedule such as ``1:2 2`` stops, and where."""
    steps: list[str] = []
    for thread, _, line in (step.partition(":") for step in schedule.strip("*").split()):
        stops = f"is stopped before line {line} of those that it executes in the target" if line else "runs on"
        steps.append(f"thread {thread} {stops}")
    return f"{', then '.join(steps)} (schedule {schedule})"


def _statements(program: Program) -> Iterator[str]:
    if program.caching:
        yield "signal = Signal(use_caching=True)"
    yield from map(plainly, program.commands)
    yield from (f"{name} does: {plainly(act)}" for name, act in program.acts.items())
    yield from (f"{name}: {kind}" for name, kind in program.cast.items())


def describe(result: Result) -> str:
    """Return what a violation is about: requirement, expected, actual, then the script, indented."""
    script = f"\n\n{indent(result.counterexample.script, '    ')}" if result.counterexample else ""
    return state(result.clause, result.counterexample) + script


def reason(result: Result) -> str:
    """Return why a clause was set aside, or is inconclusive."""
    return f"{result.status}: {'; '.join(result.notes)}"

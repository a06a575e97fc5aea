"""What compare and audit found, for people, as JSON, and for code hosts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from textwrap import indent
from typing import Any

from rich.console import Console

from signalspec.releases.changes import DANGERS
from signalspec.traces.comparing import Change, Comparison
from signalspec.traces.guide import Guide
from signalspec.traces.known import explain
from signalspec.traces.remarks import Remark, load_rules
from signalspec.traces.trace import Trace

MOST_NAMES = 5


def show_comparison(comparison: Comparison, before: Trace, after: Trace, console: Console) -> None:
    """Print what differs between two traces, the project's own receivers first."""
    releases = f"Django {' and '.join(before.releases)} to {' and '.join(after.releases)}"
    own = comparison.own
    console.print(f"{releases}: {_count(len(own), 'difference')}", style="bold")
    for change in own:
        _show_change(change, console)
    if comparison.may_be_chance:
        console.print(
            "\nSome tests send more and others less: that may be chance. Record one of the two once more, and pass"
            " that trace with --repeat. What differs between the two is left out.",
            soft_wrap=True,
        )
    if comparison.machinery:
        console.print("\nDjango's own machinery, where no code of the project takes part:", style="bold")
        for change in comparison.machinery:
            console.print(f"  {change.what.signal}: {change.what.detail}, {_extent(change)}")
    for tests, where in ((comparison.only_before, "first"), (comparison.only_after, "second")):
        if tests:
            counts = f"{_count(len(tests), 'test')} with {_count(sum(tests.values()), 'own dispatch')}"
            console.print(f"\nOnly in the {where} trace, so not compared: {counts}.")
            console.print("  They were not run for the other one, or sent nothing there.")
            # Those that the project takes part in come first.
            console.print(f"  Tests:     {_some(sorted(tests, key=lambda test: (-tests[test], test)))}")
    if comparison.masked:
        share = comparison.masked / comparison.compared
        left_out = f"{comparison.masked:,} of {comparison.compared:,} own dispatches ({share:.1%})"
        console.print(f"\nLeft out, since it differs between runs under one Django: {left_out}:")
        places: dict[str, list[str]] = defaultdict(list)
        for test, signal, sender in sorted(comparison.left_out):
            places[f"{signal} of {sender}"].append(test)
        for subject, names in places.items():
            console.print(f"  {subject} in {_count(len(names), 'test')}: {_some(names)}")


def _show_change(change: Change, console: Console) -> None:
    console.print(f"\n{change.what.signal}: {change.what.detail}", style="bold")
    console.print(f"  {_extent(change)}")
    known = explain(change)
    if known is not None:
        console.print(f"  Clause:    {known.slug}, in force {known.in_force} ({known.source.rstrip('.')})")
    for label, names in (("Receivers", change.receivers), ("Senders", change.senders), ("Tests", change.tests)):
        if names:
            console.print(indent(f"{label + ':':<10} {_some(sorted(names))}", "  "))


def comparison_json(comparison: Comparison, before: Trace, after: Trace) -> dict[str, Any]:
    """Return a comparison as JSON-ready data."""

    def row(change: Change) -> dict[str, Any]:
        known = explain(change)
        return {
            "kind": change.what.kind,
            "signal": change.what.signal,
            "detail": change.what.detail,
            "dispatches": change.dispatches,
            "tests": sorted(change.tests),
            "receivers": sorted(change.receivers),
            "senders": sorted(change.senders),
            "clause": known and known.slug,
            "source": known and known.source,
        }

    return {
        "before": list(before.releases),
        "after": list(after.releases),
        "changes": [row(change) for change in comparison.own],
        "machinery": [row(change) for change in comparison.machinery],
        "only_before": sorted(comparison.only_before),
        "only_after": sorted(comparison.only_after),
        "left_out": [list(place) for place in sorted(comparison.left_out)],
        "dispatches_left_out": comparison.masked,
        "compared": comparison.compared,
    }


def show_remarks(remarks: Sequence[Remark], console: Console) -> None:
    """Print remarks by file and line, each with the clause that it rests on and what to do."""
    console.print(_count(len(remarks), "remark"), style="bold")
    rules = load_rules()
    for remark in remarks:
        rule = rules[remark.rule]
        console.print(f"\n{remark.place or 'no line known'}: {rule.title}", style="bold")
        more = f" And {remark.more} more of this line." if remark.more else ""
        console.print(f"  {remark.what}.{more}")
        if remark.test:
            console.print(f"  Test:    {remark.test}")
        console.print(f"  Clause:  {rule.clause}")
        console.print(f"  Instead: {rule.mend}")
        console.print(f"  Rule:    {rule.id}")


def show_guide(guide: Guide, console: Console) -> None:
    """Print what of the changes between two releases concerns the project, the most dangerous first."""
    count = _count(len(guide.touches), "change")
    console.print(f"\n{guide.before} to {guide.after}: {count} that this project touches", style="bold")
    for danger, heading in DANGERS.items():
        touches = [touch for touch in guide.touches if touch.change.danger == danger]
        if touches:
            console.print(f"\n{heading}", style="bold")
        for touch in touches:
            change = touch.change
            console.print(f"\n* {change.title} ({change.release})", style="bold")
            console.print(f"  Before:   {change.before}")
            console.print(f"  Now:      {change.now}")
            console.print(f"  Affected: {change.affected}")
            console.print(f"  Here:     {_some([str(place) for place in touch.places] or touch.parties)}")
            if change.search:
                console.print(f"  Look for: {change.search}")
            console.print(f"  Clauses:  {_some(touch.clauses)}")
    console.print(f"\nNot touched, as far as the trace shows: {_count(guide.untouched, 'change')}.")


def audit_json(remarks: Sequence[Remark], guide: Guide | None) -> dict[str, Any]:
    """Return remarks, and a guide if there is one, as JSON-ready data."""
    rules = load_rules()
    rows = [
        {
            "rule": remark.rule,
            "file": remark.place and remark.place.file,
            "line": remark.place and remark.place.line,
            "what": remark.what,
            "test": remark.test,
            "more": remark.more,
            "clause": rules[remark.rule].clause,
            "instead": rules[remark.rule].mend,
        }
        for remark in remarks
    ]
    found: dict[str, Any] = {"remarks": rows}
    if guide is not None:
        touches = [touch.to_json() for touch in guide.touches]
        found["guide"] = {"from": guide.before, "to": guide.after, "touches": touches, "untouched": guide.untouched}
    return found


def sarif(remarks: Sequence[Remark], version: str) -> dict[str, Any]:
    """Return remarks as SARIF 2.1.0, which code hosts show at their lines."""
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.title},
            "help": {"text": rule.mend},
            "properties": {"clause": rule.clause},
        }
        for rule in load_rules().values()
    ]
    driver = {"name": "signalspec", "version": version, "rules": rules}
    results = [
        {
            "ruleId": remark.rule,
            "level": "warning",
            "message": {"text": f"{remark.what}."},
            "locations": list(_locations(remark)),
        }
        for remark in remarks
    ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def _locations(remark: Remark) -> Iterator[dict[str, Any]]:
    if remark.place is not None:
        region = {"startLine": remark.place.line}
        yield {"physicalLocation": {"artifactLocation": {"uri": remark.place.file}, "region": region}}


def _extent(change: Change) -> str:
    return f"{_count(change.dispatches, 'dispatch')} in {_count(len(change.tests), 'test')}"


def _count(number: int, what: str) -> str:
    plural = f"{what}{'es' if what.endswith('ch') else 's'}"
    return f"no {plural}" if number == 0 else f"{number:,} {what if number == 1 else plural}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f", and {more} more" if more > 0 else "")

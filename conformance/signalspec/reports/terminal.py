"""A report for people: what is wrong comes first, then what was tolerated, then how much was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from textwrap import indent
from typing import get_args

from rich.console import Console
from rich.table import Table

from signalspec.findings.report import Report, Status, Verdict
from signalspec.reports.describing import describe, reason

STATUSES: tuple[Status, ...] = get_args(Status)

_STYLES: dict[Verdict, str] = {
    "conforms": "bold green",
    "violates": "bold red",
    "inconclusive": "bold yellow",
}


def make_console() -> Console:
    """Return a console for standard output that never breaks a line: a wrapped script could not be copied."""
    return Console(soft_wrap=True, markup=False, emoji=False, highlight=False)


def show_report(report: Report, console: Console) -> None:
    """Print the whole report."""
    console.print(headline(report), style=_STYLES[report.verdict])
    for result in report.with_status("violated"):
        console.print(f"\n{result.clause.slug}", style="bold red")
        console.print(indent(describe(result).rstrip(), "  "))
    deviating = [f"{r.clause.slug} — {title}" for r in report.with_status("deviates") for title in r.notes]
    _section(console, "Recorded deviations, tolerated:", deviating)
    unexercised = [f"{r.clause.slug} — {reason(r)}" for r in report.with_status("inconclusive")]
    _section(console, "Not judged:", unexercised)
    unclaimed = Counter(why for result in report.with_status("not-claimed") for why in result.notes)
    _section(console, "Not claimed:", [f"{why}: {_clauses(count)}" for why, count in unclaimed.items()])
    console.print()
    console.print(_counts(report))
    _section(console, "Checked:", report.coverage)
    _section(console, "News:", report.news)


def headline(report: Report) -> str:
    """Return the report in one line."""
    counts = Counter(result.status for result in report.results)
    verdicts: dict[Verdict, str] = {
        "conforms": "conforms",
        "violates": f"violates {_clauses(counts['violated'])}",
        "inconclusive": f"inconclusive, {_clauses(counts['inconclusive'])} never exercised",
    }
    return f"{report.target}: {verdicts[report.verdict]} (profile {report.profile}, seed {report.seed})"


def _clauses(count: int) -> str:
    return "1 clause" if count == 1 else f"{count} clauses"


def _section(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(f"\n{title}", style="bold")
        for line in lines:
            console.print(f"  {line}")


def _counts(report: Report) -> Table:
    table = Table("chapter", box=None, padding=(0, 1, 0, 0), pad_edge=False, show_footer=True)
    counts = Counter((result.clause.chapter, result.status) for result in report.results)
    totals = Counter(result.status for result in report.results)
    table.columns[0].footer = "all"
    for status in STATUSES:
        # The words of a status stand below each other, so that the table fits 80 columns.
        heading = status.replace("not-", "not\n").replace("-", " ")
        table.add_column(heading, justify="right", footer=str(totals[status] or "-"))
    for chapter in dict.fromkeys(result.clause.chapter for result in report.results):
        table.add_row(chapter, *(str(counts[chapter, status] or "-") for status in STATUSES))
    return table

"""One clause, for someone who reads no other: its text, its example, its law, and who does not keep it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.syntax import Syntax

from signalspec.standard.clauses import Clause, Deviation
from signalspec.standard.verification import load_kills, verification_of


def show_clause(clause: Clause, law: str | None, deviations: Iterable[Deviation], console: Console) -> None:
    """Print the clause, the source of its `law` and its recorded `deviations`."""
    console.print(clause.slug, style="bold")
    console.print(f"\n{clause.keyword}. {clause.requirement}\n")
    facts = {
        "Intent": clause.intent,
        "In force": str(clause.in_force),
        "Needs": ", ".join(clause.needs) or "nothing",
        "Source": clause.source,
        "Verified": verification_of(clause),
    }
    for label, text in facts.items():
        console.print(f"{label + ':':<10}{text}")
    _code(console, "Example:", clause.example)
    _code(console, "Law:", law)
    for kill in load_kills().get(clause.slug, ()):
        console.print("\nFault that shows it:", style="bold")
        console.print(f"  {kill.fault}")
        console.print(f"  found by {kill.engine} after {kill.after:,} programs")
    for deviation in deviations:
        console.print(f"\nDeviation, {deviation.releases}:", style="bold")
        console.print(f"  {deviation.title}")
        for case in deviation.cases:
            console.print(f"  case: {case}")


def _code(console: Console, title: str, source: str | None) -> None:
    if source is not None:
        console.print(f"\n{title}", style="bold")
        console.print(Syntax(source.rstrip(), "python", background_color="default"))

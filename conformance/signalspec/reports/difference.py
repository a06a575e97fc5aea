"""What changed between two profiles, for who upgrades: each clause, what it means, and the program that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent

from rich.console import Console

from signalspec.releases.differences import Difference

_STYLES = {"begins": "bold green", "is fixed": "bold green", "ends": "bold yellow", "breaks": "bold red"}


def show_differences(before: str, after: str, found: Sequence[Difference], console: Console) -> None:
    """Print what is different in the profile `after`, in the standard's order."""
    count = {0: "nothing changed", 1: "1 difference"}.get(len(found), f"{len(found)} differences")
    console.print(f"{before} to {after}: {count}", style="bold")
    for each in found:
        console.print(f"\n{each.headline}", style=_STYLES[each.how])
        console.print(indent(_told(each), "  "))


def _told(difference: Difference) -> str:
    witness = difference.witness
    lines = [f"Requirement: {difference.clause.requirement}", f"For you:     {difference.meaning}"]
    if witness is None:
        return "\n".join([*lines, "No program of one thread shows it; `signalspec explain` has its law."])
    width = max(len(difference.before), len(difference.after)) + 1
    both = (difference.before, difference.after)
    answers = [f"{profile + ':':<{width}} {witness.answer(profile)}" for profile in both]
    return "\n".join([*lines, *answers, "", indent(witness.script, "    ").rstrip()])

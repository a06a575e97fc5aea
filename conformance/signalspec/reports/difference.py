"""What changed between two profiles, for who upgrades: the dangerous first, and how to find it in one's code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from textwrap import indent

from rich.console import Console

from signalspec.releases.changes import DANGERS, Told
from signalspec.releases.differences import Difference, Witness

MOST_NAMED = 3
"""How many clauses of one change are named; of more, their number is told."""


_GOOD = ("fixed", "new")
"""The changes that break nothing, which take a line each."""

_DO = {"breaks": "break", "differs": "differ"}
"""What several changes do, where one does otherwise."""


def show_changes(before: str, after: str, told: Sequence[Told], console: Console, verbose: bool) -> None:
    """Print the changes by their danger; `verbose` adds a program each, with what both profiles do."""
    groups = [(danger, len([*group])) for danger, group in groupby(told, lambda each: each.change.danger)]
    counts = [f"{count} {_DO.get(danger, danger) if count > 1 else danger}" for danger, count in groups]
    console.print(f"{before} to {after}: {', '.join(counts) or 'nothing changed'}", style="bold")
    for danger, group in groupby(told, lambda each: each.change.danger):
        console.print(f"\n{DANGERS[danger]}", style="bold red" if danger == "breaks" else "bold")
        if danger in _GOOD and not verbose:
            console.print(
                "\n" + "\n".join(f"* {each.change.title} ({_of(each)}): {each.change.now}" for each in group)
            )
            continue
        for each in group:
            console.print(f"\n* {each.change.title} ({_of(each)})")
            console.print(indent("\n".join(_lines(each, verbose)), "  "))
    if told and not verbose:
        console.print("\n-v shows programs that tell both apart; --scripts DIR writes them to files.")


def _lines(told: Told, verbose: bool) -> Iterator[str]:
    change = told.change
    yield f"Before:   {change.before}"
    yield f"Now:      {change.now}"
    yield f"Affected: {change.affected}"
    if change.search:
        yield f"Look for: {change.search}"
    if verbose and (shown := told.shown_by) and (witness := shown.witness):
        yield ""
        yield from _answers(shown, witness)
        yield ""
        yield indent(witness.script.rstrip(), "  ")


def _of(told: Told) -> str:
    """Return the release and the clauses of a change, or how many these are."""
    slugs = told.slugs
    clauses = ", ".join(slugs) if len(slugs) <= MOST_NAMED else f"{len(slugs)} clauses"
    return f"{told.change.release}: {clauses}"


def _answers(difference: Difference, witness: Witness) -> Iterator[str]:
    width = max(len(difference.before), len(difference.after)) + 1
    for profile in (difference.before, difference.after):
        yield f"{profile + ':':<{width}} {witness.answer(profile)}"


def write_scripts(folder: Path, told: Sequence[Told]) -> int:
    """Write the program of each clause into `folder`, which is made; return how many. May raise `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    scripts = {each.clause.slug: (each, each.witness) for one in told for each in one.differences if each.witness}
    for slug, (difference, witness) in scripts.items():
        answers = "".join(f"# {line}\n" for line in _answers(difference, witness))
        (folder / f"{slug}.py").write_text(f"{answers}{witness.script}", "utf-8")
    return len(scripts)

"""How far a check is, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from signalspec.runner.tally import Progress

PAUSE = 0.1
"""Seconds between two paintings."""


@contextmanager
def follow(target: str) -> Iterator[Progress]:
    """Lend a callback that shows the progress of checking `target`, on stderr where that is a terminal."""
    console = Console(stderr=True)
    # Nothing is painted from a thread, and no standard stream is replaced: the target under check runs alone.
    bars = Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not console.is_terminal,
    )
    tasks: dict[str, TaskID] = {}
    painted = 0.0

    def progress(what: str, done: int, total: int) -> None:
        nonlocal painted
        if what not in tasks:
            tasks[what] = bars.add_task(f"{target}: {what}", total=total)
        bars.update(tasks[what], completed=done, total=total)
        if monotonic() - painted > PAUSE:
            bars.refresh()
            painted = monotonic()

    with bars:
        yield progress

"""How far a check is, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from signalspec.runner.tally import Progress

PAUSE = 0.1
"""Seconds between two paintings."""


SHARES: Mapping[str, float] = {"laws": 0.55, "explore": 0.25, "hypothesis": 0.2}
"""Roughly which part of the time each stage takes; what takes threads runs beside these."""

ENOUGH = 0.05
"""How much has to be done before anything is said about the rest."""


def left(done: Mapping[str, float], seconds: float, shares: Mapping[str, float] = SHARES) -> str:
    """Return roughly how long a check goes on, in words, where this much of each stage took so many seconds."""
    fraction = sum(done.get(stage, 0.0) * share for stage, share in shares.items())
    fraction = min(fraction, done.get("threads", fraction))
    if not ENOUGH < fraction < 1:
        return ""
    more = seconds * (1 - fraction) / fraction
    return f"about {round(more / 60)} min left" if more > 90 else f"about {max(5, round(more, -1)):.0f} s left"


@contextmanager
def follow(target: str) -> Iterator[Progress]:
    """Lend a callback that shows the progress of checking `target`, on stderr where that is a terminal."""
    console = Console(stderr=True)
    # Nothing is painted from a thread, and no standard stream is replaced: the target under check runs alone.
    bars = Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}", markup=False),
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not console.is_terminal,
    )
    tasks: dict[str, TaskID] = {}
    begun, shares, done_of = monotonic(), SHARES, dict[str, float]()
    painted = 0.0

    def progress(what: str, done: int, total: int) -> None:
        nonlocal painted, begun, shares
        if what not in tasks:
            tasks[what] = bars.add_task(f"{target}: {what}", total=total, left="")
        if what == "laws" and done / max(1, total) < done_of.get("laws", 0.0):
            # Another part of the standard begins, which has its laws, and little else.
            begun, shares = monotonic(), {"laws": 1.0}
            done_of.clear()
        done_of[what] = done / max(1, total)
        words = left(done_of, monotonic() - begun, shares)
        for stage, task in tasks.items():
            bars.update(task, left=words if stage == what else "")
        bars.update(tasks[what], completed=done, total=total)
        if monotonic() - painted > PAUSE:
            bars.refresh()
            painted = monotonic()

    with bars:
        yield progress

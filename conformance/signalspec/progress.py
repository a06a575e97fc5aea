"""What happens between two programs of a check: the terminal shows how far it is, and Ctrl-C is noticed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from signalspec.checking import Progress

PAUSE = 0.1
"""Seconds between two paintings."""


@contextmanager
def follow(target: str) -> Iterator[Progress]:
    """Lend a callback that shows the progress of checking `target`, on stderr where that is a terminal.

    The callback raises `KeyboardInterrupt` where the target has swallowed one.
    """
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
        stop_if_interrupted()
        if what not in tasks:
            tasks[what] = bars.add_task(f"{target}: {what}", total=total)
        bars.update(tasks[what], completed=done, total=total)
        if monotonic() - painted > PAUSE:
            bars.refresh()
            painted = monotonic()

    with insistent_interrupts() as stop_if_interrupted, bars:
        yield progress
        stop_if_interrupted()


@contextmanager
def insistent_interrupts() -> Iterator[Callable[[], None]]:
    """Lend a function that raises `KeyboardInterrupt` again after one, which a program may have caught."""
    interrupted = False

    def interrupt(*_: object) -> None:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    def stop_if_interrupted() -> None:
        if interrupted:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    # Whoever started us has a reason to ignore interrupts or to handle them in its own way.
    if before is not signal.default_int_handler:
        yield stop_if_interrupted
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop_if_interrupted
    finally:
        signal.signal(signal.SIGINT, before)

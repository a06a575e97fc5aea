"""Trails: which lines of the target the threads of a story executed, one after the other."""

from __future__ import annotations

import linecache
from collections.abc import Sequence
from typing import NamedTuple

from signalspec.engines.threads.scheduler import Director, Place

INTERRUPTED = "here it is interrupted"
"""What stands for a line where a finalizer or an exception comes in between."""

WAITS = "waits in"
"""What stands before the function in which a thread waits at the end."""

_COLUMN = 56
"""How many characters a thread has for itself where the threads are shown side by side."""


class Executed(NamedTuple):
    """A line that a thread executed: its number and its text, or what else happened to the thread there."""

    thread: int
    text: str


def trail_of(director: Director) -> tuple[Executed, ...]:
    """Return what was executed of the target while `director` kept a trail, and where threads wait at the end."""
    files = {module.__name__: getattr(module, "__file__", None) or "" for module in director.modules}

    def line(place: Place) -> str:
        return f"{place.line} {linecache.getline(files[place.module], place.line).strip()}"

    found: list[Executed] = []
    for place in director.trail or ():
        executed = Executed(place.thread, line(place) if place.line else f"-- {INTERRUPTED} --")
        if executed not in found[-1:]:
            found.append(executed)
    found += [Executed(place.thread, f"{WAITS} {place.function}: {line(place)}") for place in director.stacks]
    return tuple(found)


def side_by_side(trail: Sequence[Executed]) -> list[str]:
    """Return a trail as comments of a script, a column for each thread."""
    threads = max((each.thread for each in trail), default=1)
    width = _COLUMN if threads > 1 else 2 * _COLUMN
    rows = ["", "".join(f"thread {number}".ljust(width) for number in range(1, threads + 1))]
    for thread, text in trail:
        # Where a thread waits at the end is told in full.
        waits = text.startswith(WAITS)
        rows.append(f"thread {thread} {text}" if waits else " " * width * (thread - 1) + _shortened(text, width - 2))
    return [f"# {row}".rstrip() for row in [*rows, ""]]


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"

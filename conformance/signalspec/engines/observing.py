"""What the engines have in common: what went wrong, and how a target that does not return is stopped."""

from __future__ import annotations

import gc
import os
import signal as posix
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from signalspec.programs.outcomes import AFTER_A_HANG, Outcome, TimedOut, WaitedEnoughError


@dataclass(frozen=True)
class Failure:
    """What the clause demands, in words of the program, and what the target did instead."""

    expected: str
    outcome: Outcome

    @property
    def actual(self) -> str:
        """What the target did, in words."""
        return str(self.outcome)


PATIENT = 3
"""For how many programs a check waits as long as it was asked to; for the others it waits `AFTER_A_HANG` seconds."""


@dataclass
class Waits:
    """How often this process has waited in vain for a program to return, and how often it may.

    So the time that a check spends on waiting has a bound: `PATIENT` times its time limit, and then half a second for
    each time that it may.
    """

    times: int = 0
    most: int = sys.maxsize


_waits = Waits()


@contextmanager
def limited(waits: Waits, more: int) -> Iterator[None]:
    """Count in `waits` how often the block waits in vain; raise `WaitedEnoughError` instead of one more time."""
    global _waits
    before, _waits = _waits, waits
    waits.most = waits.times + more
    try:
        yield
    finally:
        _waits = before


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimedOut` in the block after `seconds`, where the platform has alarms; a blocked lock is interrupted."""
    waits = _waits
    if waits.times >= waits.most:
        raise WaitedEnoughError
    if waits.times >= PATIENT:
        seconds = min(seconds, AFTER_A_HANG)
    if not hasattr(posix, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    fired = False

    def stop(*_: object) -> None:
        nonlocal fired
        if not fired:
            waits.times += 1
        fired = True
        # Fire again, should the target swallow even this.
        posix.setitimer(posix.ITIMER_REAL, 0.1)
        raise TimedOut

    before = posix.signal(posix.SIGALRM, stop)
    posix.setitimer(posix.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        posix.setitimer(posix.ITIMER_REAL, 0)
        posix.signal(posix.SIGALRM, before)
    if fired:
        # Python swallows what is raised in a callback of a weak reference, and goes on.
        raise TimedOut


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this thread, and those that it begins, to one core where the platform can: threads of which one runs at a
    time would only wait for each other's core to wake up.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = sorted(os.sched_getaffinity(0))
    # Processes that check side by side are numbered in a row.
    os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def no_collections() -> Iterator[None]:
    """Collect no garbage in the block, which makes much that stays."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def cheap_collections() -> Iterator[Callable[[], None]]:
    """Make collections of garbage in the block cheap: what there is already is not looked at.

    Yield a function that takes what has come since out of sight, too.
    """

    def settle() -> None:
        gc.collect()
        gc.freeze()

    out_of_sight = gc.get_freeze_count()
    settle()
    try:
        yield settle
    finally:
        # What was out of sight before stays so; it cannot be told from the rest.
        if not out_of_sight:
            gc.unfreeze()

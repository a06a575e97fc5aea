"""What the engines have in common: what went wrong, and how a target that does not return is stopped."""

from __future__ import annotations

import gc
import os
import signal as posix
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from asgiref.sync import SyncToAsync

from signalspec.programs.outcomes import Outcome, TimedOut


@dataclass(frozen=True)
class Failure:
    """What the clause demands, in words of the program, and what the target did instead."""

    expected: str
    outcome: Outcome

    @property
    def actual(self) -> str:
        """What the target did, in words."""
        return str(self.outcome)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimedOut` in the block after `seconds`, where the platform has alarms; a blocked lock is interrupted."""
    if not hasattr(posix, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    fired = False

    def stop(*_: object) -> None:
        nonlocal fired
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

    settle()
    try:
        yield settle
    finally:
        gc.unfreeze()


def leave_waiting_threads() -> None:
    """Give asgiref a new thread for what has to share one: that which it has may wait for ever."""
    SyncToAsync.single_thread_executor = ThreadPoolExecutor(max_workers=1)

"""What every engine yields, and how a target that does not return is stopped."""

from __future__ import annotations

import signal as posix
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Observation:
    """One executed program, judged: it exercised `clause`, and broke it unless `failure` is ``None``."""

    clause: str
    case: Any
    failure: Failure | None = None


@dataclass(frozen=True)
class Failure:
    """What the clause demands and what the target did instead, each in words of the program."""

    expected: str
    actual: str


class TimedOut(BaseException):
    """The target did not return in time. Not an `Exception`, so that no target swallows it in ``send_robust``."""


def raised(error: BaseException) -> str:
    """Return the words for an exception that a program ended with."""
    return f"raises {type(error).__name__}"


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimedOut` in the block after `seconds`, where the platform has alarms; a blocked lock is interrupted."""
    if not hasattr(posix, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
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

"""What the platform can do so that no process outlives the one that it was started for."""

from __future__ import annotations

import ctypes
import os
import signal as posix
import sys
from contextlib import suppress
from pathlib import Path

CAN_FORK = hasattr(os, "fork")
"""Whether the platform can make a copy of a process."""

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def _control(option: int, value: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def die_with(parent: int) -> None:
    """End this process as soon as `parent`, which forked it, has ended; only Linux can, whatever both of them do."""
    if hasattr(posix, "SIGKILL"):
        _control(_PR_SET_PDEATHSIG, posix.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Have the processes whose parents end become children of this one, where the platform can do it."""
    _control(_PR_SET_CHILD_SUBREAPER, 1)


def children() -> set[int]:
    """Return the children of this process, which has one thread; none where the platform does not tell."""
    with suppress(OSError):
        return {int(number) for number in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}
    return set()


def kill(process: int) -> None:
    """End a process, and all that it has started in its session; do nothing where it has ended already."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process, posix.SIGKILL)
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, posix.SIGKILL)

"""One recording: the environment that makes processes record themselves, and the trace that their parts make."""

from __future__ import annotations

import os
import zlib

from . import PARTS, PROJECT

# What is imported here is what is waited for before the command begins.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO

STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")


ROOT = (".git", "pyproject.toml", "setup.py", "setup.cfg")
"""What is in the folder of a project."""


BLOCK = 1 << 20
"""How much of a part is read and compressed at once, in bytes."""

GZIP = 16 + zlib.MAX_WBITS


class UnusableTraceError(Exception):
    """The trace cannot be written where it should be; the message is one sentence."""


class Recorded:
    """What a trace holds."""

    def __init__(self, processes: int, dispatches: int, lost: int) -> None:
        self.processes = processes
        self.dispatches = dispatches
        self.lost = lost

    def __str__(self) -> str:
        if not self.processes:
            return "no process used Django's signals"
        processes = f"{self.processes:,} process{'es' if self.processes > 1 else ''}"
        lost = f"; {self.lost:,} could not be recorded" if self.lost else ""
        return f"{self.dispatches:,} dispatch{'' if self.dispatches == 1 else 'es'} in {processes}{lost}"


class Session:
    """Records into the file `trace` what processes with `environment` dispatch.

    Until it ends the parts are in the folder ``TRACE.parts``, which can be read in the trace's place.
    """

    def __init__(self, trace: str) -> None:
        self.trace = os.path.abspath(trace)
        self.parts = f"{self.trace}.parts"
        self.project = _project_around(os.getcwd())
        self.recorded = Recorded(0, 0, 0)

    def __enter__(self) -> Session:
        """Make the folder for the parts; raise `UnusableTraceError` where the trace cannot be written."""
        try:
            if os.path.isdir(self.trace):
                raise UnusableTraceError(f"{self.trace} is a folder.")
            self._remove_parts()
            os.mkdir(self.parts)
        except OSError as error:
            raise UnusableTraceError(f"{self.trace} cannot be written: {error.strerror}.") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.recorded = self._join()

    def environment(self, base: dict[str, str]) -> dict[str, str]:
        """Return `base` with what makes a Python process record itself."""
        path = [STARTUP, *([base["PYTHONPATH"]] if base.get("PYTHONPATH") else [])]
        return {**base, PARTS: self.parts, PROJECT: self.project, "PYTHONPATH": os.pathsep.join(path)}

    def _join(self) -> Recorded:
        recorded = Recorded(0, 0, 0)
        with open(f"{self.trace}.new", "wb") as trace:
            for name in sorted(os.listdir(self.parts)):
                with open(os.path.join(self.parts, name), "rb") as part:
                    _append(part, trace, recorded)
        os.replace(f"{self.trace}.new", self.trace)
        self._remove_parts()
        return recorded

    def _remove_parts(self) -> None:
        try:
            for name in os.listdir(self.parts):
                os.remove(os.path.join(self.parts, name))
            os.rmdir(self.parts)
        except OSError:
            pass  # There are none, or what remains is not ours.


def _project_around(folder: str) -> str:
    """Return the folder of the project that `folder` lies in, or `folder` itself."""
    candidate = folder
    while not any(os.path.exists(os.path.join(candidate, name)) for name in ROOT):
        if os.path.dirname(candidate) == candidate:
            return folder
        candidate = os.path.dirname(candidate)
    return candidate


def _append(part: IO[bytes], trace: IO[bytes], recorded: Recorded) -> None:
    """Append the rows of `part` to `trace`, and count them in `recorded`; a header alone is no rows.

    The last row of a process that was killed may not be whole, and the unused rest of its file is NUL bytes.
    """
    # A member each: what was written can be read even where a later one is broken.
    member = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    header, rest, is_used = part.readline(), b"", False
    while True:
        block = part.read(BLOCK)
        rows, newline, rest = (rest + block.replace(b"\0", b"")).rpartition(b"\n")
        if newline:
            if not is_used:
                rows = header + rows
                is_used = True
            lines = newline + rows
            recorded.dispatches += lines.count(b'\n{"sent"')
            recorded.lost += int((lines.partition(b'\n{"end":{"lost":')[2] or b"0").split(b",")[0])
            trace.write(member.compress(rows + newline))
        if not block:
            break
    if is_used:
        recorded.processes += 1
        trace.write(member.flush())

"""One recording: the environment that makes processes record themselves, and the trace that their parts make."""

from __future__ import annotations

import gzip
import os
import shutil
from types import TracebackType
from typing import IO, NamedTuple

from .part import PARTS, PROJECT

STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")


ROOT = (".git", "pyproject.toml", "setup.py", "setup.cfg")
"""What is in the folder of a project."""


ROWS_AT_ONCE = 1000
"""How many rows are compressed with one call, each of which takes longer than a row."""


class UnusableTraceError(Exception):
    """The trace cannot be written where it should be; the message is one sentence."""


class Recorded(NamedTuple):
    """What a trace holds."""

    processes: int
    dispatches: int
    lost: int

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
            shutil.rmtree(self.parts, ignore_errors=True)
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
        processes = dispatches = lost = 0
        with open(f"{self.trace}.new", "wb") as file:
            for name in sorted(os.listdir(self.parts)):
                # A member each: what was written can be read even where a later one is broken.
                with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as member:
                    with open(os.path.join(self.parts, name), "rb") as part:
                        found, failed = _copy(part, member)
                processes += found is not None
                dispatches += found or 0
                lost += failed
        os.replace(f"{self.trace}.new", self.trace)
        shutil.rmtree(self.parts, ignore_errors=True)
        return Recorded(processes, dispatches, lost)


def _project_around(folder: str) -> str:
    """Return the folder of the project that `folder` lies in, or `folder` itself."""
    candidate = folder
    while not any(os.path.exists(os.path.join(candidate, name)) for name in ROOT):
        if os.path.dirname(candidate) == candidate:
            return folder
        candidate = os.path.dirname(candidate)
    return candidate


def _copy(part: IO[bytes], trace: gzip.GzipFile) -> tuple[int | None, int]:
    dispatches: int | None = None
    lost = 0
    rows: list[bytes] = []
    header = part.readline()
    for line in part:
        row = line.strip(b"\0")
        if not row.endswith(b"\n"):
            continue  # The last row of a process that was killed, or the unused rest of its file.
        if dispatches is None:
            rows.append(header)
            dispatches = 0
        dispatches += row.startswith(b'{"sent"')
        if row.startswith(b'{"end"'):
            lost = int(row.partition(b'"lost":')[2].split(b",")[0])
        rows.append(row)
        if len(rows) == ROWS_AT_ONCE:
            trace.write(b"".join(rows))
            rows.clear()
    trace.write(b"".join(rows))
    return dispatches, lost

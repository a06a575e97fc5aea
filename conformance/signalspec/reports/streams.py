"""Standard streams that nobody reads, or that are not there: what is printed does not decide a verdict."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Any


class _Outlet(io.FileIO):
    """A file whose reader may go away: what is written from then on is lost."""

    def write(self, data: Any, /) -> int:
        """Write, or pretend to."""
        with suppress(BrokenPipeError):
            return super().write(data)
        return memoryview(data).nbytes


def prepare_streams() -> None:
    """Make the standard streams fit to be written to, whatever is at their other ends."""
    # A file that is opened later must not get the number of a stream that is closed.
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper) and stream is getattr(sys, f"__{name}__"):
            stream.flush()
            # What a target responds with may not be printable in the terminal's encoding.
            outlet = io.TextIOWrapper(
                io.BufferedWriter(_Outlet(number, "w", closefd=False)),
                encoding=stream.encoding,
                errors="backslashreplace",
                line_buffering=stream.line_buffering,
            )
            setattr(sys, name, outlet)

"""A line between two processes: JSON texts, one after the other, over a socket."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from typing import Any

from signalspec.runner.forms import FormError

LONGEST = 1 << 24
"""How many bytes one text may have."""


class Channel:
    """One end of a line."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self._rest = b""

    def fileno(self) -> int:
        """The number by which `select` knows it."""
        return self.end.fileno()

    def say(self, data: Any) -> None:
        """Write `data`, and wait until there is room for it."""
        self.end.sendall(json.dumps(data).encode() + b"\n")

    def hear(self, patience: float) -> Iterator[Any]:
        """Yield what has been written since, after at most `patience` seconds.

        Raise `EOFError` where no more will be, and `FormError` where it is not JSON.
        """
        if not select.select([self.end], [], [], patience)[0]:
            return
        try:
            read = self.end.recv(1 << 16)
        except OSError:
            read = b""
        if not read:
            raise EOFError
        *texts, self._rest = (self._rest + read).split(b"\n")
        if len(self._rest) > LONGEST:
            raise FormError("a text without end")
        for text in texts:
            try:
                yield json.loads(text)
            except (ValueError, RecursionError) as error:
                raise FormError(str(error)) from None

    def close(self) -> None:
        """Neither write nor read any more."""
        self.end.close()

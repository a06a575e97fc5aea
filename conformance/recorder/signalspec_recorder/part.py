"""The rows of one process, in a file that survives the process however it ends."""

from __future__ import annotations

import threading
from collections import deque
from mmap import mmap

# Bound here, since a test may put something else in their place for a while.
from os import O_CREAT, O_RDWR, ftruncate, truncate
from os import close as close_file
from os import open as open_file

WINDOW = 1 << 18


class Part:
    """A file of JSON lines that is written through mapped memory.

    Mapped pages belong to the kernel: a process that is killed, or that leaves without cleaning up, loses no row, and
    a row costs no system call. The unused rest of such a file is NUL bytes, which readers drop.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._pending: deque[bytes] = deque()
        self._writing = threading.Lock()
        self._offset = 0
        self._used = WINDOW
        self._map: mmap | None = None

    def write(self, row: bytes) -> None:
        """Append `row`, which ends in a newline.

        A finalizer or another thread may come in between; it leaves its row to whoever is writing, so nobody waits.
        """
        if not self._pending and self._writing.acquire(False):
            try:
                end = self._used + len(row)
                if end <= WINDOW and self._map is not None:
                    self._map[self._used : end] = row
                    self._used = end
                else:
                    self._store(row)
            finally:
                self._writing.release()
        else:
            self._pending.append(row)
        while self._pending and self._writing.acquire(False):
            try:
                while self._pending:
                    self._store(self._pending.popleft())
            finally:
                self._writing.release()

    def close(self) -> None:
        """Cut the file to what was written."""
        with self._writing:
            while self._pending:
                self._store(self._pending.popleft())
            if self._map is not None:
                self.abandon()
                truncate(self.path, self._offset - WINDOW + self._used)

    def abandon(self) -> None:
        """Let go of the file as it is: after a fork it belongs to the parent."""
        if self._map is not None:
            self._map.close()
            self._map = None

    def _store(self, row: bytes) -> None:
        while row:
            if self._used == WINDOW:
                self._turn_page()
            assert self._map is not None
            piece = row[: WINDOW - self._used]
            self._map[self._used : self._used + len(piece)] = piece
            self._used += len(piece)
            row = row[len(piece) :]

    def _turn_page(self) -> None:
        self.abandon()
        file = open_file(self.path, O_RDWR | O_CREAT, 0o600)
        try:
            ftruncate(file, self._offset + WINDOW)
            self._map = mmap(file, WINDOW, offset=self._offset)
        finally:
            close_file(file)
        self._offset += WINDOW
        self._used = 0

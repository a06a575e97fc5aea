"""A process of its own for whatever may not survive: a target can crash it, end it, hang it or fill its output."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal as posix
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, NoReturn

from signalspec.programs.outcomes import Died, Late, raised

POSSIBLE = hasattr(os, "fork")
"""Whether the platform can make a copy of a process."""

PAUSE = 0.2
"""Seconds between two looks at a child that says nothing."""

Say = Callable[[Any], None]


class DiedError(Exception):
    """A child ended before its work was done, or had to be ended; `outcome` is how."""

    def __init__(self, outcome: Died | Late) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


@dataclass(frozen=True)
class _Last:
    """The last thing that a child says: how it failed, or nothing."""

    words: str = ""


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Let an interrupt wait for the end of the block: what is run around a fork would print it, and go on."""
    before = posix.getsignal(posix.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    noted: list[tuple[int, FrameType | None]] = []
    posix.signal(posix.SIGINT, lambda *interrupt: noted.append(interrupt))
    try:
        yield
    finally:
        posix.signal(posix.SIGINT, before)
    if noted:
        before(*noted[0])


class Child:
    """A child process that runs `work(say)`, from the moment this is made until it is ended.

    As a context manager it is ended with the block.
    """

    def __init__(self, work: Callable[[Say], None]) -> None:
        self._receiving, sending = multiprocessing.Pipe(duplex=False)
        sys.stdout.flush()
        sys.stderr.flush()
        self._status: int | None = None
        self._process = -1
        try:
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning), _interrupts_later():
                # A parent with threads is warned; the child has none of them, and waits for none.
                self._process = os.fork()
        except KeyboardInterrupt:
            if self._process == 0:
                os._exit(1)
            self.__exit__()
            raise
        if self._process == 0:
            _be_the_child(work, sending)
        sending.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._receiving.close()
        if not self._has_ended():
            # Another thread, which hears what the child says, may see its end first.
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, posix.SIGKILL)
                os.waitpid(self._process, 0)

    def words(self, patience: float, sign: Callable[[], object] = lambda: None) -> Iterator[Any]:
        """Yield what the child says.

        Raise `DiedError` where it ends too early; and where it says nothing for `patience` seconds while `sign()`,
        which it may change in memory that it shares, stays the same.
        """
        last, since = sign(), time.monotonic()
        while True:
            if not self._receiving.poll(PAUSE):
                now = sign()
                if now != last:
                    last, since = now, time.monotonic()
                if time.monotonic() - since > patience:
                    raise DiedError(Late(patience))
                # What the child started may hold its end of the pipe, so the end of the pipe may never come.
                if not self._has_ended() or self._receiving.poll():
                    continue
                raise DiedError(Died(self._how_it_ended()))
            try:
                said = self._receiving.recv()
            except Exception:
                # The end of the pipe, or what a target wrote into it.
                raise DiedError(Died(self._how_it_ended())) from None
            if isinstance(said, _Last):
                if said.words:
                    raise DiedError(Died(said.words))
                return
            last, since = sign(), time.monotonic()
            yield said

    def _has_ended(self) -> bool:
        if self._status is None:
            process, status = os.waitpid(self._process, os.WNOHANG)
            if process:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status is not None

    def _how_it_ended(self) -> str:
        # The end is near if it has not come yet.
        deadline = time.monotonic() + PAUSE
        while not self._has_ended():
            if time.monotonic() > deadline:
                return "breaks off the check"
            time.sleep(PAUSE / 100)
        assert self._status is not None
        if self._status < 0:
            return f"ends the process by {posix.Signals(-self._status).name}"
        return f"ends the process with exit status {self._status}"


def _be_the_child(work: Callable[[Say], None], sending: Connection) -> NoReturn:
    try:
        # Interrupts are for the parent, and so is the terminal.
        posix.signal(posix.SIGINT, posix.SIG_IGN)
        faulthandler.disable()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        try:
            work(sending.send)
        except BaseException as error:
            sending.send(_Last(f"makes the check itself fail: {raised(error)}"))
        else:
            sending.send(_Last())
    finally:
        os._exit(0)

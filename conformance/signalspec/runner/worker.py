"""Processes of their own for whatever may not survive: a target can crash one, end it, hang it or fill its output.

A worker is a copy of a small server, which is a fresh interpreter, so that it has nothing of the process that uses
the suite: no thread, no lock, no imported target, no connection. Where no process can be copied, each worker is a
fresh interpreter itself. What it says is read as data of a declared form, in order, each word with a password that it
was given. So what a target writes without knowing the password is never taken for a word, but for a finding. A target
that searches the memory of its own process for it can still say what it likes: this is no sandbox.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import select
import signal as posix
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Protocol

from signalspec.engines.shards import Shard
from signalspec.programs.defects import SuiteError
from signalspec.programs.outcomes import Died, Late, Raised
from signalspec.runner.channel import Channel
from signalspec.runner.forms import FormError, from_data, to_data
from signalspec.runner.jobs import Broke, Fell, Over, Task, Word, job
from signalspec.runner.processes import CAN_FORK, kill

PAUSE = 0.2
"""Seconds between two looks at a worker that says nothing."""

BEGINNING = 60.0
"""Seconds after which a server that does not answer has been stopped by somebody."""

_COMMAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from signalspec.runner.server import {0}; {0}({1})"
)


GONE = Died("ends the process that it was started by")
"""How a worker ends with its server."""


class DiedError(Exception):
    """A worker ended before its work was done, or had to be ended; `outcome` is how."""

    def __init__(self, outcome: Raised | Died | Late) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class _GoneError(Exception):
    """The server has ended."""


class _Source(Protocol):
    """Where workers come from."""

    def begin(self, end: socket.socket, prepared: bool) -> int:
        """Start a worker that holds `end`, with what has been `prepared`, if asked for; return its process."""

    def status(self, process: int) -> int | None:
        """Return the exit status of a worker that has ended, negative where a signal ended it."""

    def end(self, process: int) -> None:
        """End a worker, and what it has started."""


def _interpreter(function: str, *arguments: str, end: socket.socket, **extra: Any) -> subprocess.Popen[bytes]:
    flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
    command = _COMMAND.format(function, ", ".join(arguments))
    if sys.platform != "win32":
        extra |= {"pass_fds": [end.fileno()], "start_new_session": True}
    return subprocess.Popen(
        [sys.executable, *flags, "-c", command, json.dumps(list(map(str, sys.path)))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **extra,
    )


class _Server:
    """The process that is copied. Several threads may use this."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.owner = os.getpid()
        self._lock = threading.RLock()
        self._control = Channel(ours)
        self._statuses: dict[int, int] = {}
        self._begun: list[int] = []
        self._running: set[int] = set()
        self._gone = False
        with theirs:
            self._process = _interpreter(
                "serve", str(theirs.fileno()), str(os.getpid()), end=theirs, stdin=subprocess.DEVNULL
            )

    def prepare(self, depth: int, shard: Shard, capabilities: Sequence[str]) -> None:
        """Have programs made while nobody asks for a worker."""
        self._order("prepare", str(depth), str(shard), *capabilities)

    def begin(self, end: socket.socket, prepared: bool) -> int:
        """Have a copy made."""
        with self._lock:
            self._order("copy", *(["prepared"] if prepared else []), end=end)
            deadline = time.monotonic() + BEGINNING
            while not self._begun:
                self._listen(PAUSE)
                if self._gone or time.monotonic() > deadline:
                    raise _GoneError
            self._running.add(self._begun[-1])
            return self._begun.pop()

    def status(self, process: int) -> int | None:
        """Return what the server has told."""
        with self._lock:
            self._listen(0)
            if self._gone and process not in self._statuses:
                raise _GoneError
            return self._statuses.get(process)

    def end(self, process: int) -> None:
        """Have it ended."""
        self._running.discard(process)
        with suppress(_GoneError):
            self._order("end", str(process))

    def close(self) -> None:
        """Have all workers ended, and wait for it."""
        self._control.close()
        if self.owner == os.getpid():
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(BEGINNING)

    def _order(self, *words: str, end: socket.socket | None = None) -> None:
        text = " ".join(words).encode() + b"\n"
        try:
            with self._lock:
                if end is None:
                    self._control.end.sendall(text)
                else:
                    socket.send_fds(self._control.end, [text], [end.fileno()])
        except OSError:
            self._note_gone()
            raise _GoneError from None

    def _listen(self, patience: float) -> None:
        try:
            for told in self._control.hear(patience):
                match told:
                    case {"began": int(process)}:
                        self._begun.append(process)
                    case {"ended": int(process), "status": int(status)}:
                        self._statuses[process] = status
                    case {"broke": str(trace)}:
                        raise SuiteError(trace)
        except (EOFError, FormError, OSError):
            self._note_gone()

    def _note_gone(self) -> None:
        self._gone = True
        # Nobody else ends what the workers have started.
        for process in self._running:
            kill(process)
        self._running.clear()
        self._process.kill()


class _FreshInterpreters:
    """Every worker a fresh interpreter."""

    def __init__(self) -> None:
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def begin(self, end: socket.socket, prepared: bool) -> int:
        """Start one, which prepares what it needs for itself."""
        process = _interpreter("work_once", str(end.fileno()), end=end, stdin=subprocess.PIPE)
        assert process.stdin is not None
        if sys.platform == "win32":
            process.stdin.write(end.share(process.pid).hex().encode() + b"\n")
            process.stdin.flush()
        self._processes[process.pid] = process
        return process.pid

    def status(self, process: int) -> int | None:
        """Ask for it."""
        return self._processes[process].poll()

    def end(self, process: int) -> None:
        """End it, and wait for that."""
        ended = self._processes.pop(process)
        kill(process)
        ended.kill()
        ended.communicate()


_server: _Server | None = None
_fresh = _FreshInterpreters()


def server() -> _Server | None:
    """Return the server of this process, where one is possible; it is started when it is first asked for."""
    global _server
    if not CAN_FORK:
        return None
    if _server is None or _server._gone or _server.owner != os.getpid():
        _server = _Server()
        atexit.register(_server.close)
    return _server


class Worker:
    """A process that does one task, from the moment this is made until it is ended, with the block at the latest.

    It is late where it says nothing for `patience` seconds while `sign()`, which it may change, stays the same.
    """

    def __init__(
        self,
        task: Task,
        patience: float,
        sign: Callable[[], object] = lambda: None,
        *,
        prepared: bool = False,
    ) -> None:
        self._patience, self._sign = patience, sign
        self._password = secrets.token_hex()
        self._heard = 0
        self.is_over = False
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._source: _Source = server() or _fresh
                self._process = self._source.begin(theirs, prepared)
            except _GoneError:
                # A target of a check before has ended it.
                self._source = server() or _fresh
                self._process = self._source.begin(theirs, prepared)
        self._channel = Channel(ours)
        with suppress(OSError):
            self._channel.say(to_data(job(task, self._password)))
        self._last, self._since = sign(), time.monotonic()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self._source.end(self._process)

    def fileno(self) -> int:
        """The number by which `select` knows it."""
        return self._channel.fileno()

    def words(self) -> Iterator[Any]:
        """Yield all that it says, and wait for it; raise what `hear` raises."""
        while not self.is_over:
            yield from self.hear(PAUSE)

    def hear(self, patience: float = 0.0) -> Iterator[Any]:
        """Yield what it has said since, after at most `patience` seconds.

        Raise `DiedError` where it ends too early, is late, or says what has not the form of a word; and `SuiteError`
        where the suite failed in it.
        """
        try:
            heard = list(self._channel.hear(patience))
            for text in heard:
                word = self._read(text)
                self._last, self._since = self._sign(), time.monotonic()
                match word:
                    case Over():
                        self.is_over = True
                        return
                    case Fell(outcome):
                        raise DiedError(outcome)
                    case Broke(trace):
                        raise SuiteError(trace)
                    case _:
                        yield word
            if not heard:
                self._look_at_the_clock()
        except EOFError:
            raise DiedError(Died(self._how_it_ended())) from None
        except FormError:
            raise DiedError(Died("writes into the line over which its check is told of")) from None

    def _read(self, text: Any) -> Any:
        password, number, word = from_data(tuple[str, int, Any], text)
        if not secrets.compare_digest(password.encode(), self._password.encode()) or number != self._heard:
            raise FormError("a word out of turn")
        self._heard += 1
        return from_data(Word, word)

    def _look_at_the_clock(self) -> None:
        now = self._sign()
        if now != self._last:
            self._last, self._since = now, time.monotonic()
        elif time.monotonic() - self._since > self._patience:
            raise DiedError(Late(self._patience))
        # What the worker has started may hold its end of the line, so the end of the line may never come.
        if self._status() is not None and not select.select([self._channel], [], [], 0)[0]:
            raise DiedError(Died(self._how_it_ended()))

    def _status(self) -> int | None:
        try:
            return self._source.status(self._process)
        except _GoneError:
            raise DiedError(GONE) from None

    def _how_it_ended(self) -> str:
        # The end is near if it has not come yet.
        deadline = time.monotonic() + 5 * PAUSE
        while (status := self._status()) is None:
            if time.monotonic() > deadline:
                return "breaks off the check"
            time.sleep(PAUSE / 20)
        if status < 0:
            names = {each.value: each.name for each in posix.Signals}
            return f"ends the process by {names.get(-status, f'signal {-status}')}"
        return f"ends the process with exit status {status}"

"""The process from which workers are made: ``python -c`` starts it, and nothing of who did is in it.

It has one thread, no target, and what the engines have prepared. Each worker is a copy of it, in a session of its
own, so that all that a target starts can be ended with it. It ends with the process that it was started for, and so
do the workers.
"""

from __future__ import annotations

import functools
import gc
import os
import select
import signal as posix
import socket
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from signalspec.engines import explore
from signalspec.engines.shards import Shard
from signalspec.programs.defects import is_the_suite_s, passed_the_target
from signalspec.programs.outcomes import Raised, TimedOut, raised
from signalspec.runner.channel import Channel
from signalspec.runner.forms import from_data, to_data
from signalspec.runner.jobs import Broke, Fell, Job, Over, Word
from signalspec.runner.processes import adopt_orphans, children, die_with, kill
from signalspec.targets.surroundings import forget_the_parent

PAUSE = 0.1
"""Seconds between two looks at the workers."""


def serve(number: int, parent: int) -> NoReturn:
    """Make workers for `parent`, which holds the other end of the socket `number`, until it ends or closes it."""
    posix.signal(posix.SIGINT, posix.SIG_IGN)
    adopt_orphans()
    control = socket.socket(fileno=number)
    try:
        _Server(control, parent).run()
    except BaseException:
        with suppress(OSError):
            Channel(control).say({"broke": traceback.format_exc()})
    os._exit(0)


def work_once(number: int) -> NoReturn:
    """Be a worker, where no process can be copied: this one was started for one job, and its input ends with it."""

    end, lifeline = _end(number), os.dup(0)

    def watch() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    _work(end)


def _end(number: int) -> socket.socket:
    if sys.platform == "win32":
        return socket.fromshare(bytes.fromhex(sys.stdin.readline()))
    return socket.socket(fileno=number)


class _Server:
    """Does what it is told over `control`: copies itself, ends copies, and prepares programs meanwhile."""

    def __init__(self, control: socket.socket, parent: int) -> None:
        self._control = Channel(control)
        self._parent = parent
        self._workers: set[int] = set()
        self._ends: deque[int] = deque()
        self._unread = b""
        self._to_prepare: deque[Callable[[], object]] = deque()

    def run(self) -> None:
        """Run until the parent has ended, or wants no more."""
        try:
            while os.getppid() == self._parent and self._obey():
                self._note_ends()
                if self._to_prepare:
                    self._to_prepare.popleft()()
        finally:
            for worker in self._workers:
                kill(worker)
            while self._workers or children():
                self._note_ends()
                select.select([], [], [], PAUSE / 10)

    def _obey(self) -> bool:
        pause = 0 if self._to_prepare else PAUSE
        if not select.select([self._control], [], [], pause)[0]:
            return True
        text, ends, _, _ = socket.recv_fds(self._control.end, 1 << 16, 16)
        self._ends.extend(ends)
        *orders, self._unread = (self._unread + text).split(b"\n")
        for order in orders:
            self._do(*order.decode().split(" "))
        return bool(text)

    def _do(self, order: str, *words: str) -> None:
        if order == "copy":
            self._copy(socket.socket(fileno=self._ends.popleft()), *words)
        elif order == "end" and int(words[0]) in self._workers:
            kill(int(words[0]))
        elif order == "prepare":
            depth, shard, *capabilities = words
            number, of = map(int, shard.split("/"))
            self._to_prepare.extend(
                functools.partial(explore.programs_of, dimension, int(depth), Shard(number, of))
                for dimension in explore.DIMENSIONS
                if dimension.needs <= set(capabilities)
            )

    def _copy(self, end: socket.socket, prepared: str = "") -> None:
        while prepared and self._to_prepare:
            self._to_prepare.popleft()()
        own = os.getpid()
        # No copy looks through what has been prepared, for garbage: that would copy its memory, too.
        gc.freeze()
        worker = os.fork()
        if worker == 0:
            self._control.close()
            os.setsid()
            die_with(own)
            _work(end)
        end.close()
        self._workers.add(worker)
        self._control.say({"began": worker})

    def _note_ends(self) -> None:
        ended: list[int] = []
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                process, status = found
                if process in self._workers:
                    ended.append(process)
                    self._workers.remove(process)
                    with suppress(OSError):
                        self._control.say({"ended": process, "status": os.waitstatus_to_exitcode(status)})
        if ended or not self._workers:
            # What a target has started is no use to anyone without it, in whatever session it hides.
            for process in [*ended, *(children() - self._workers)]:
                kill(process)


def _work(end: socket.socket) -> NoReturn:
    """Do the job that comes over the line, and end with it."""
    channel = Channel(end)
    own = os.getpid()
    said = 0
    try:
        asked = from_data(Job, _first(channel))
        forget_the_parent(asked.environment, asked.path, asked.folder)

        def say(word: Word) -> None:
            nonlocal said
            if os.getpid() != own:
                os._exit(0)
            channel.say([asked.password, said, to_data(word)])
            said += 1

        last: Word = Over()
        try:
            asked.task.run(say)
        except BaseException as error:
            last = _how_it_failed(error)
        say(last)
    finally:
        os._exit(0)


def _how_it_failed(error: BaseException) -> Fell | Broke:
    # An interrupt can only be the target's: those of the user are for the process that started this one.
    if isinstance(error, TimedOut | KeyboardInterrupt):
        return Fell(Raised(type(error).__name__))
    if passed_the_target(error) and not is_the_suite_s(error):
        return Fell(raised(error))
    return Broke("".join(traceback.format_exception(error)))


def _first(channel: Channel) -> Any:
    while True:
        for text in channel.hear(PAUSE):
            return text

"""Makes rows of what passes through Django's signals."""

from __future__ import annotations

import gc
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from itertools import count
from json import JSONEncoder

# Bound here, since a test may put something else in their place for a while.
from os import environ, getpid
from sys import modules
from threading import get_ident
from types import FrameType
from typing import Any, Callable, Iterable, Mapping, Sequence

from . import PARTS, names
from .definitions import Definitions, through_models
from .identities import MOST_FLEETING, Numbers
from .part import Part
from .places import Project


class Open:
    """A dispatch that goes on. It gets a number when another one is sent meanwhile."""

    __slots__ = ("cause", "number", "outer")

    def __init__(self, outer: Open | None) -> None:
        self.number = 0
        self.outer = outer
        self.cause: int | None = None


class Stack(threading.local):
    """The dispatches of a thread that go on, the innermost last. A context variable would be seen by receivers."""

    def __init__(self) -> None:
        self.dispatches: list[Open] = []


class Collector:
    """Knows whether the garbage collector runs.

    What it tells goes to methods of a dictionary, whose last key is the phase that came last: a function of Python
    could not be called where the recursion is as deep as it may be, and Python would say so.
    """

    def __init__(self) -> None:
        self._phases: dict[str, object] = {}
        self._callbacks: list[Any] = [self._phases.pop, self._phases.setdefault]

    def watch(self) -> None:
        """Begin."""
        gc.callbacks.extend(self._callbacks)

    def leave(self) -> None:
        """End."""
        for callback in self._callbacks:
            with suppress(ValueError):
                gc.callbacks.remove(callback)

    def is_running(self) -> bool:
        """Tell whether something that dies now is garbage that the collector found."""
        return next(reversed(self._phases), None) == "start"


CONNECT = ("receiver", "sender", "weak", "dispatch_uid", "apps")
DISCONNECT = ("receiver", "sender", "dispatch_uid", "apps")

NO_TEST = object()
"""Before it is known which test runs."""

_encode = JSONEncoder(separators=(",", ":")).encode


def _encoded(row: Mapping[str, Any]) -> bytes:
    return _encode(row).encode("ascii") + b"\n"


@lru_cache(maxsize=1000)
def _encoded_before(items: tuple[tuple[str, object], ...]) -> bytes:
    # Tests connect and disconnect the same over and over.
    return _encoded(dict(items))


class Recorder:
    """Writes what one process does with signals to a part; holds on to names and numbers, never to objects.

    `inner` are the files between what connects and the recorder.
    """

    def __init__(
        self, project: Project, signal_class: type, inner: Iterable[str], make_part: Callable[[], Part]
    ) -> None:
        self.unit_test: str | None = None
        self.lost = 0
        self._project = project
        self._inner = frozenset(inner)
        self._dispatcher = str(sys.modules[signal_class.__module__].__file__)
        self._signal_names = names.SignalNames(signal_class)
        self._make_part = make_part
        self._numbers = Numbers(self._died)
        self._dispatches = count(1)
        self._stack = Stack()
        self._awaited = 0
        self._collector = Collector()
        self._test_that_started_us = environ.get("PYTEST_CURRENT_TEST")
        self._begin(None)
        self._collector.watch()

    def _begin(self, parent: Definitions | None) -> None:
        # All that a part defines is defined anew in the next, so that each part can be read alone.
        self._part: Part | None = self._make_part()
        self._owner = getpid()
        self._definitions = Definitions(self._put, self._project, self._signal_names, parent)
        self._test: str | None = None
        self._unit_test_seen: object = NO_TEST
        self._strings: dict[str, set[int]] = {}
        self._threads: dict[int, int] = {threading.main_thread().ident or 0: 0}

    def forked(self) -> None:
        """Begin a part of the child's own."""
        if self._part is not None:
            self._part.abandon()
            self._begin(self._definitions)

    def close(self) -> None:
        """Write what only the end shows, and end the part; what happens afterwards is not recorded."""
        if self._part is None or self._owner != getpid():
            return
        self._collector.leave()
        through: list[int] = []
        with suppress(Exception):
            through = through_models(self._definitions.sender_classes())
        self._put({"end": {"lost": self.lost, "through": through}})
        part, self._part = self._part, None
        part.close()

    def safely(self, record: Callable[..., None], *args: Any) -> None:
        """Call `record`, unless recording has ended; what can't be recorded is counted, and the project goes on."""
        if self._part is None:
            return
        try:
            record(*args)
        except Exception:
            self.lost += 1

    def connected(self, signal: object, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Record that `connect` was called, and returned."""
        arguments = {**dict(zip(CONNECT, args)), **named}
        receiver, sender, uid = (arguments.get(name) for name in ("receiver", "sender", "dispatch_uid"))
        row = self._connection(signal, receiver, sender, uid)
        if not arguments.get("weak", True):
            row["weak"] = False
        if uid and names.has_address(uid, receiver, sender):
            row["address"] = True
        if type(sender) is str:
            if len(self._strings) >= MOST_FLEETING:
                self._strings.clear()
            self._strings.setdefault(names.digest(sender), set()).add(id(sender))
        self._write({"connect": self._numbers.give(receiver), **row})

    def asked(self, signal: object, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Record that a connection was asked for, if it is to a model by the model's name."""
        arguments = {**dict(zip(CONNECT, args)), **named}
        if type(arguments.get("sender")) is not str:
            return
        row: dict[str, Any] = {
            "lazy": arguments["sender"],
            "signal": self._definitions.signal(signal, self._outside),
            "receiver": self._definitions.receiver(arguments.get("receiver")),
        }
        self._write({**row, **self._at()})

    def disconnected(self, signal: object, args: tuple[Any, ...], named: dict[str, Any], removed: object) -> None:
        """Record that `disconnect` was called, and what it returned."""
        arguments = {**dict(zip(DISCONNECT, args)), **named}
        receiver, sender, uid = (arguments.get(name) for name in ("receiver", "sender", "dispatch_uid"))
        row = self._connection(signal, receiver, sender, uid)
        self._write({"disconnect": self._numbers.find(receiver), **row, "removed": bool(removed)})

    def begin(self, is_awaited: bool) -> Open | None:
        """Note that a dispatch begins; return it, or ``None`` where recording has ended.

        One that is awaited takes turns with others in its thread: what it causes is told by the receivers that run.
        """
        if self._part is None:
            return None
        stack = self._stack.dispatches
        opened = Open(stack[-1] if stack else None)
        if stack or self._awaited:
            if opened.outer is not None and not opened.outer.number:
                opened.outer.number = next(self._dispatches)
            with suppress(Exception):
                opened.cause = self._definitions.running(sys._getframe(1), self._dispatcher)
        if is_awaited:
            self._awaited += 1
        else:
            stack.append(opened)
        return opened

    def end(
        self,
        opened: Open | None,
        how: str,
        signal: object,
        args: tuple[object, ...],
        named: dict[str, object],
        pairs: Sequence[tuple[object, object]],
        error: BaseException | None,
    ) -> None:
        """Record a dispatch that ended: what was passed to it, and that it returned `pairs`, or raised `error`.

        What can't be recorded is counted; it must not reach the project.
        """
        if opened is None:
            return
        try:
            if how[0] == "a":
                self._awaited -= 1
            else:
                self._stack.dispatches.remove(opened)
            if self._part is None:
                return
            # Nobody else has this dictionary: what was passed on is a copy of it.
            sender = args[0] if args else named.pop("sender", None)
            if self.unit_test is not self._unit_test_seen or "pytest" in modules:
                self._see_test()
            row = self._definitions.sent(
                how,
                signal,
                self._outside,
                sender,
                named,
                pairs,
                None if error is None else self._raised(error),
                _is_atomic(named["using"]) if "using" in named else None,
                type(sender) is str and id(sender) not in self._strings.get(names.digest(sender), {id(sender)}),
            )
            if opened.number:
                row += b',"n":%d' % opened.number
            if opened.outer is not None or opened.cause is not None:
                cause = b"null" if opened.cause is None else b"%d" % opened.cause
                row += b',"in":[%d,%b]' % (opened.outer.number if opened.outer else 0, cause)
            thread = self._threads.get(get_ident())
            if thread != 0:
                row += b',"thread":%d' % self._thread()
            if self._part is not None:
                self._part.write(row + b"}\n")
        except Exception:
            self.lost += 1

    def _raised(self, error: BaseException) -> tuple[str, int | None]:
        return names.type_name(type(error)), self._definitions.raiser(error.__traceback__, self._dispatcher)

    def _died(self, number: int) -> None:
        if self._part is not None and self._owner == getpid():
            try:
                self._write({"dead": number, **({"collector": True} if self._collector.is_running() else {})})
            except Exception:
                self.lost += 1

    def _see_test(self) -> None:
        self._unit_test_seen = self.unit_test
        test = self._test_that_started_us
        if "pytest" in modules:
            test = environ.get("PYTEST_CURRENT_TEST")
            if test is None and PARTS not in environ:
                return  # A test has emptied the environment.
        if test is None or test == self._test_that_started_us:
            test = self.unit_test or test
        if test != self._test:
            self._test = test
            name, _, phase = (test or "").rpartition(" (")
            self._put({"test": name, "phase": phase.rstrip(")")} if name else {"test": test})

    def _thread(self) -> int:
        ident = get_ident()
        number = self._threads.get(ident)
        return self._threads.setdefault(ident, len(self._threads)) if number is None else number

    def _connection(self, signal: object, receiver: object, sender: object, uid: object) -> dict[str, Any]:
        row: dict[str, Any] = {
            "signal": self._definitions.signal(signal, self._outside),
            "sender": self._definitions.sender(sender),
        }
        if receiver is not None:
            row["receiver"] = self._definitions.receiver(receiver)
        if sender is not None:
            row["identity"] = self._numbers.give(sender)
        if uid:
            row["uid"] = (hash(uid) & 0xFFFFFFFF, names.uid_name(uid))
        return {**row, **self._at()}

    def _at(self) -> dict[str, tuple[str, int]]:
        frame = self._outside()
        file = self._project.file(frame.f_code.co_filename) if frame else None
        return {"at": (file, frame.f_lineno)} if frame and file else {}

    def _outside(self) -> FrameType | None:
        frame: FrameType | None = sys._getframe()
        while frame is not None and frame.f_code.co_filename in self._inner:
            frame = frame.f_back
        return frame

    def _write(self, row: dict[str, Any]) -> None:
        if self._part is not None:
            self._see_test()
            thread = self._thread()
            if thread:
                row["thread"] = thread
            self._part.write(_encoded_before(tuple(row.items())))

    def _put(self, row: Mapping[str, Any]) -> None:
        if self._part is not None:
            self._part.write(_encoded(row))


def _is_atomic(using: object) -> bool | None:
    database: Any = sys.modules.get("django.db")
    if type(using) is not str or database is None:
        return None
    try:
        return bool(database.connections[using].in_atomic_block)
    except Exception:
        return None

"""Real threads that run one at a time, and are switched where a schedule says.

A schedule is a text such as ``1:17 2``: thread 1 runs until just before the 17th line that it would execute in the
target, then thread 2 until it ends or has to wait, then whoever can. Lines that only move local names around do not
count, since nobody can tell where among them a thread was stopped, unless the schedule begins with ``*``. The scripts
of findings contain this module as it is, which is why it uses the standard library alone.
"""

import _thread
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

from signalspec.engines.threads.locks import ControlledLock, modules_of, owners_in, use
from signalspec.engines.threads.tracing import Follower

Action = Callable[[], Any]

MOST_LINES = 20_000
"""How many lines the threads may execute together before they are taken to go on for ever."""

FAIR = 1_000
"""After how many lines in a row a thread lets another one run, which it may be waiting for in a loop."""

_LOCK, _RLOCK = threading.Lock, threading.RLock
_LOCK_TYPES = (type(_LOCK()), type(_RLOCK()))
_MAKE_LOCKS = (_LOCK, _thread.allocate_lock, _thread.allocate)
_MAKE_RLOCKS = (_RLOCK, _LOCK_TYPES[1], _thread.RLock)


class Place(NamedTuple):
    """Where a thread is in the target, and `within` which functions of it, the outermost first, by qualified names. A
    line of 0 stands for an interruption.
    """

    thread: int
    module: str
    function: str
    line: int
    within: tuple[str, ...] = ()


class Deadlock(BaseException):
    """No thread can go on."""

    on_purpose = True

    def __str__(self) -> str:
        return "each thread waits for a lock that another one, or it itself, holds"


class Endless(BaseException):
    """The threads go on for ever."""

    on_purpose = True


class Abandoned(BaseException):
    """Raised in the threads of a schedule that is given up."""

    on_purpose = True


class Strand:
    """One thread, which waits for its turn."""

    def __init__(self, director: "Director", number: int) -> None:
        self.number = number
        self.baton = _LOCK()
        self.baton.acquire()
        self.begin(None)
        self._director = director
        # Not a `threading.Thread`, which would be made of locks that are controlled.
        self.ident = _thread.start_new_thread(self._live, ())

    def begin(self, action: Action | None) -> None:
        """Have `action` executed when it is this thread's turn; ``None`` ends the thread."""
        self.action = action
        self.outcome: Any = None
        self.lines = 0
        self.finished = action is None
        self.patient = True
        self.may_go_on: Callable[[], bool] | None = None

    def can_run(self) -> bool:
        return not self.finished and (self.may_go_on is None or self.may_go_on())

    def _live(self) -> None:
        while True:
            self.baton.acquire()
            self._director.follower.follow_this_thread()
            if self.action is None:
                with suppress(RuntimeError):  # It is not waited for any more.
                    self._director.done.release()
                return
            try:
                self.outcome = self.action()
            except Abandoned:
                pass
            except BaseException as error:
                self.outcome = f"raises {type(error).__name__}"
                self._director.errors.append(error)
            self.action = None
            self.finished = True
            self._director.finish()

    def end(self) -> None:
        """End the thread; one that the target does not let go of is left to itself."""
        self.begin(None)
        with suppress(RuntimeError):  # It has its turn, and does not end it.
            self.baton.release()
        self._director.done.acquire(timeout=1)


class Director:
    """Decides which thread runs. In its block the locks of the target, and of all that it makes, are controlled."""

    def __init__(self, factory: Callable[..., Any], schedule: str = "1") -> None:
        self.schedule = schedule
        self.mark = "*" if schedule.startswith("*") else ""
        self.trail: list[Place] | None = None
        self.abandoned = False
        self.longest = -1
        self.stacks: list[Place] = []
        self.errors: list[BaseException] = []
        self.strands: list[Strand] = []
        self.cast: list[Strand] = []
        self._current: Strand | None = None
        self._plan: list[list[int]] = []
        self._interruption: Action | None = None
        self.done = _LOCK()
        self.done.acquire()
        self._restore: list[tuple[Any, str, Any]] = []
        self._shared_locks: dict[int, ControlledLock] = {}
        use(factory())
        self.modules = list(modules_of(factory))
        self._names = {module.__name__ for module in self.modules}
        self.follower = Follower(self._names, bool(self.mark), self._before_line)
        self._trouble: type[BaseException] | None = None
        self._streak = 0
        self._threads: ModuleType = self._copy_of_thread()

    def __enter__(self) -> "Director":
        for name in ("Lock", "_allocate_lock", "_CRLock", "RLock"):
            self._replace(threading, name, self._make_rlock if "R" in name else self._make_lock)
        for owner in owners_in(self.modules):
            for name, value in list(vars(owner).items()):
                self._take_over(owner, name, value)
                if type(value) is FunctionType:
                    defaults = tuple(map(self._controlled, value.__defaults__ or ()))
                    if defaults != (value.__defaults__ or ()):
                        self._replace(value, "__defaults__", defaults)
                    for cell in value.__closure__ or ():
                        with suppress(ValueError):
                            self._take_over(cell, "cell_contents", cell.cell_contents)
        self.follower.begin()
        return self

    def _copy_of_thread(self) -> ModuleType:
        """Return what a target has in place of the module `_thread`, of which the rest of Python makes locks, too."""
        copy = ModuleType("_thread")
        for name, value in vars(_thread).items():
            setattr(copy, name, value if value is _thread else self._controlled(value))
        return copy

    def _make_lock(self) -> ControlledLock:
        return ControlledLock(self, False)

    def _make_rlock(self) -> ControlledLock:
        return ControlledLock(self, True)

    def _controlled(self, value: Any) -> Any:
        """Return what takes the place of `value`, where that is a lock or makes locks."""
        if any(value is each for each in _MAKE_LOCKS):
            return self._make_lock
        if any(value is each for each in _MAKE_RLOCKS):
            return self._make_rlock
        if value is _thread:
            return self._threads
        if type(value) in _LOCK_TYPES:
            reentrant = type(value) is _LOCK_TYPES[1]
            return self._shared_locks.setdefault(id(value), ControlledLock(self, reentrant))
        return value

    def _take_over(self, owner: Any, name: str, value: Any) -> None:
        controlled = self._controlled(value)
        if controlled is not value:
            self._replace(owner, name, controlled)

    def __exit__(self, *_: object) -> None:
        while self._restore:
            setattr(*self._restore.pop())
        while self.strands:
            self.strands.pop().end()
        self.follower.end()

    def _replace(self, owner: Any, name: str, value: Any) -> None:
        self._restore.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    def interleave(self, *actions: Action) -> list[Any]:
        """Execute each of `actions` in a thread; return what they return, or words for what they raise.

        Raise `Deadlock` where none of the threads can go on, and `Endless` where they do not come to an end.
        """
        while len(self.strands) < len(actions):
            self.strands.append(Strand(self, len(self.strands) + 1))
        self.cast = self.strands[: len(actions)]
        for strand, action in zip(self.cast, actions):  # noqa: B905
            strand.begin(action)
        self._plan = [[int(part) for part in f"{each}:0".split(":")[:2]] for each in self.schedule.strip("*").split()]
        self._trouble = None
        self._streak = 0
        self.errors = []
        self.follower.watching = True
        self._start(self._pick())
        if not self.done.acquire(timeout=self.longest):
            raise Endless
        self.follower.watching = False
        self._current = None
        if self.abandoned:
            self._raise_trouble()
        return [strand.outcome for strand in self.cast]

    def _raise_trouble(self) -> None:
        self.abandoned = False
        for lock in self._shared_locks.values():
            lock.forget()
        assert self._trouble is not None
        raise self._trouble

    def interrupt(self, operation: Action, action: Action) -> Any:
        """Execute `operation`, and `action` on the same thread where the schedule says, or at the end."""
        self._interruption = action
        [outcome] = self.interleave(operation)
        if self._interruption is not None:
            self._interruption = None
            action()
        return outcome

    def wait(self, free: Callable[[], bool], patient: bool = True) -> bool:
        """Let others run until `free()`; return whether it is, which the impatient do not insist on."""
        me = self._current
        if self.abandoned:
            return True
        if me is None:
            if patient:
                raise Deadlock
            return False
        me.may_go_on, me.patient = free, patient
        if not self._yield(me):
            self._give_up(Deadlock)
        me.may_go_on = None
        return free()

    def wait_for(self, number: int) -> None:
        """Let others run until the thread `number` has ended."""
        other = self.cast[number - 1]
        if not other.finished:
            self.wait(lambda: other.finished)

    def finish(self) -> None:
        """Let another thread run, because the current one has ended."""
        strand = self._pick()
        if strand is None and not all(each.finished for each in self.cast):
            if not self.abandoned:
                self._note_trouble(Deadlock)
            strand = next(each for each in self.cast if not each.finished)
        if strand is None:
            self.done.release()
        else:
            self._start(strand)

    def _before_line(self, frame: FrameType) -> None:
        me = self._current
        if me is None or self.abandoned:
            return
        me.lines += 1
        self._streak += 1
        if self.trail is not None:
            self.trail.append(self._place(me, frame))
        if self._plan and self._plan[0][1]:
            self._plan[0][1] -= 1
            if self._plan[0][1] == 0:
                self._plan.pop(0)
                if self._interruption is not None:
                    action, self._interruption = self._interruption, None
                    if self.trail is not None:
                        self.trail.insert(-1, Place(me.number, "", "", 0))
                    with suppress(Abandoned):
                        action()
                else:
                    self._yield(me)
        elif self._streak > FAIR:
            if sum(strand.lines for strand in self.cast) > MOST_LINES:
                self._give_up(Endless)
            me.may_go_on = lambda: False
            me.patient = False
            self._yield(me)
            me.may_go_on = None

    def _yield(self, me: Strand) -> bool:
        """Let another thread run, if one can; return whether this one or another could."""
        strand = self._pick()
        if strand is not None and strand is not me:
            self._start(strand)
            me.baton.acquire()
            self._current = me
            if self.abandoned:
                raise Abandoned
        return strand is not None

    def _start(self, strand: Strand | None) -> None:
        assert strand is not None
        self._current = strand
        self._streak = 0
        strand.baton.release()

    def _pick(self) -> Strand | None:
        while self._plan:
            if self._plan[0][0] <= len(self.cast) and (strand := self.cast[self._plan[0][0] - 1]).can_run():
                return strand
            self._plan.pop(0)
        able = [strand for strand in self.cast if strand.can_run()]
        able += [strand for strand in self.cast if not strand.finished and not strand.patient]
        return able[0] if able else None

    def _give_up(self, trouble: type[BaseException]) -> None:
        self._note_trouble(trouble)
        raise Abandoned

    def _note_trouble(self, trouble: type[BaseException]) -> None:
        self.abandoned, self._trouble = True, trouble
        frames = sys._current_frames()
        self.stacks = []
        for strand in self.cast:
            frame = None if strand.finished else frames.get(strand.ident)
            while frame is not None:
                if frame.f_globals.get("__name__") in self._names:
                    self.stacks.append(self._place(strand, frame))
                frame = frame.f_back

    def _place(self, strand: Strand, frame: FrameType) -> Place:
        within: list[str] = []
        around: FrameType | None = frame
        while around is not None:
            if around.f_globals.get("__name__") in self._names:
                within.insert(0, around.f_code.co_qualname)
            around = around.f_back
        module, function = frame.f_globals["__name__"], frame.f_code.co_name
        return Place(strand.number, module, function, frame.f_lineno, tuple(within))

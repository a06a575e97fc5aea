"""Follows the lines that threads execute in the target.

Since 3.12, Python tells of the lines of some code, where it is asked to; before that of all that a thread does, which
takes longer. The scripts of findings contain this module as it is, which is why it uses the standard library alone.
"""

import dis
import inspect
import sys
from collections.abc import Callable, Collection, Container
from types import CodeType, FrameType
from typing import Any

_LOCAL = (
    "RESUME", "NOP", "CACHE", "EXTENDED_ARG", "COPY", "SWAP", "POP_TOP", "PUSH_NULL", "MAKE_CELL", "IS_OP", "JUMP",
    "POP_JUMP_IF_NONE", "POP_JUMP_IF_NOT_NONE", "POP_JUMP_FORWARD_IF_NONE", "POP_JUMP_FORWARD_IF_NOT_NONE",
    "POP_JUMP_BACKWARD_IF_NONE", "POP_JUMP_BACKWARD_IF_NOT_NONE", "LOAD_FAST", "LOAD_CONST", "STORE_FAST",
    "BUILD_LIST", "BUILD_MAP", "BUILD_TUPLE", "RETURN", "END_FOR", "LOAD_CLOSURE", "NOT_TAKEN", "LOAD_SMALL_INT",
    "POP_ITER",
)  # fmt: skip
"""How the names of the instructions begin that nobody else can notice."""

_GENERATOR = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR

_TELLS_TWICE = sys.version_info >= (3, 14)
"""Whether Python tells of a line in the midst of a generator where it has just ceased to tell of its start: the first
time, and not later, so that a schedule would count one line more.
"""

_monitoring: Any = getattr(sys, "monitoring", None)

BeforeLine = Callable[[FrameType], None]
"""What is called before a line is executed, with the frame that executes it."""


class _Tracer:
    """Has `before_line` called before lines of the modules of these `names`: those of interest, or every one."""

    def __init__(self, names: Collection[str], every_line: bool, before_line: BeforeLine) -> None:
        self._names, self._every_line, self._before_line = names, every_line, before_line
        # By address, because the hash of a code object is made anew from all of its parts each time.
        self._lines: dict[int, tuple[CodeType, Container[int]]] = {}
        self.watching = False
        """Whether the threads are running; what happens before and after is of no interest."""

    def begin(self) -> None:
        """Be ready for threads."""

    def end(self) -> None:
        """Follow no longer."""

    def follow_this_thread(self) -> None:
        """Follow the thread that calls this, also where an exception has made Python stop doing so."""
        sys.settrace(self._trace)

    def _trace(self, frame: FrameType, _: str, __: Any) -> Any:
        return self._trace_lines if frame.f_globals.get("__name__") in self._names else None

    def _trace_lines(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line" and frame.f_lineno in self._lines_of(frame.f_code):
            self._before_line(frame)
        return self._trace_lines

    def _lines_of(self, code: CodeType) -> Container[int]:
        if id(code) not in self._lines:
            lines = range(sys.maxsize) if self._every_line else lines_of_interest(code)
            self._lines[id(code)] = (code, lines)
        return self._lines[id(code)][1]


class _Monitor(_Tracer):
    """Does the same by `sys.monitoring`, where Python has it: what is of no interest costs nothing there."""

    def begin(self) -> None:
        """Follow all threads."""
        self._rounds: dict[int, frozenset[int]] = {}
        self._events = _monitoring.events
        self._tool = next(number for number in range(6) if _monitoring.get_tool(number) is None)
        _monitoring.use_tool_id(self._tool, __name__)
        for event, callback in self._callbacks().items():
            _monitoring.register_callback(self._tool, event, callback)
        self._entered: set[int] = set()
        _monitoring.set_events(self._tool, self._events.PY_START | self._events.PY_RESUME)
        _monitoring.restart_events()

    def _callbacks(self) -> dict[int, Callable[..., Any]]:
        return {
            self._events.PY_START: self._before_function,
            self._events.PY_RESUME: self._before_function,
            self._events.LINE: self._at_line,
            self._events.JUMP: self._at_jump,
        }

    def end(self) -> None:
        """Follow no longer."""
        _monitoring.set_events(self._tool, 0)
        for code, _ in self._lines.values():
            _monitoring.set_local_events(self._tool, code, 0)
        for event in self._callbacks():
            _monitoring.register_callback(self._tool, event, None)
        _monitoring.free_tool_id(self._tool)

    def follow_this_thread(self) -> None:
        """Follow the thread that calls this, as all others."""

    def _before_function(self, code: CodeType, _: int) -> Any:
        if sys._getframe(1).f_globals.get("__name__") in self._names:
            self._lines_of(code)
            _monitoring.set_local_events(self._tool, code, self._events.LINE | self._events.JUMP)
        if _TELLS_TWICE and code.co_flags & _GENERATOR:
            self._entered.add(id(code))
        return _monitoring.DISABLE

    def _at_line(self, code: CodeType, line: int) -> Any:
        if not self.watching:
            return None
        if id(code) in self._entered:
            self._entered.discard(id(code))
            if sys._getframe(1).f_lasti not in dict(dis.findlinestarts(code)):
                return None
        if line not in self._lines_of(code):
            return _monitoring.DISABLE
        self._before_line(sys._getframe(1))
        return None

    def _at_jump(self, code: CodeType, start: int, _: int) -> Any:
        if start not in self._rounds_of(code):
            return _monitoring.DISABLE
        if self.watching:
            self._before_line(sys._getframe(1))
        return None

    def _rounds_of(self, code: CodeType) -> frozenset[int]:
        if id(code) not in self._rounds:
            self._rounds[id(code)] = rounds_on_a_line(code, self._lines_of(code))
        return self._rounds[id(code)]


Follower = _Monitor if _monitoring else _Tracer


def rounds_on_a_line(code: CodeType, lines: Container[int]) -> frozenset[int]:
    """Return where in `code` a loop that is written on one of these `lines` begins its next round."""
    line_at = {each.offset: each.positions.lineno for each in dis.get_instructions(code) if each.positions}
    return frozenset(
        each.offset
        for each in dis.get_instructions(code)
        if each.opname.startswith("JUMP_BACKWARD")
        and line_at.get(each.offset) in lines
        and line_at.get(each.offset) == line_at.get(each.argval)
    )


def lines_of_interest(code: CodeType) -> frozenset[int]:
    """Return the lines of `code` that do more than move local names around."""
    return frozenset(
        instruction.positions.lineno
        for instruction in dis.get_instructions(code)
        if not instruction.opname.startswith(_LOCAL) and instruction.positions and instruction.positions.lineno
    )

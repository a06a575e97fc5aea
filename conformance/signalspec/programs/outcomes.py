"""What a target did, as data; `str` puts an outcome in words, the same words in every run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Any

from signalspec.programs.defects import is_the_suite_s

AFTER_A_HANG = 0.5
"""How many seconds a program has once another one did not return; the target has been found out already."""

_LONGEST_MESSAGE = 300
"""Of how many characters of an exception's message a report tells."""

_OURS = re.compile(r"signalspec(\.|$)|__main__$|asyncio(\.|$)|contextlib$")
"""Modules whose frames say nothing about a target: the suite's, a law's, those of what runs coroutines."""


class TimedOut(BaseException):
    """The target did not return in time. Not an `Exception`, so that no target swallows it in ``send_robust``."""


class WaitedEnoughError(BaseException):
    """The target has failed to return so often that it is not waited for again."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A place that an exception passed: the file, relative to what its package lies in, the line, the function."""

    module: str
    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}, in {self.function}"


@dataclass(frozen=True, slots=True)
class Returned:
    """The program ended; `value` is the representation of what it returned."""

    value: str

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception came out. Two are equal where their types have one name: the rest is for people.

    `frames` are the places outside of the suite that it passed, the innermost last.
    """

    type: str
    message: str = field(default="", compare=False)
    frames: tuple[Frame, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"raises {self.type}"

    __repr__ = __str__

    def origin(self, package: str) -> Frame | None:
        """Return the innermost of the frames that lie in the top-level `package`, the target's."""
        return next((each for each in reversed(self.frames) if each.module.partition(".")[0] == package), None)


@dataclass(frozen=True, slots=True)
class Late:
    """The program was stopped after so many seconds."""

    seconds: float

    def __str__(self) -> str:
        return f"does not return within {self.seconds:g} seconds"


@dataclass(frozen=True, slots=True)
class Died:
    """The process ended, or had to be ended; `how` says it in words."""

    how: str

    def __str__(self) -> str:
        return self.how


@dataclass(frozen=True, slots=True)
class Misgiven:
    """A receiver was given something else than its send gives: `what` of it, and both in words."""

    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return self.actual


Outcome = Returned | Raised | Late | Died

_FORMS: Mapping[str, type[Outcome]] = {"returned": Returned, "raised": Raised, "late": Late, "died": Died}


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON-ready data."""
    form = next(name for name, each in _FORMS.items() if type(outcome) is each)
    return {"outcome": form, **asdict(outcome)}


def outcome_from_json(data: Mapping[str, Any]) -> Outcome:
    """Return the outcome that `data` stores; raise `KeyError` or `TypeError` where it stores none."""
    values = dict(data)
    form = _FORMS[values.pop("outcome")]
    if form is Raised:
        values["frames"] = tuple(Frame(**frame) for frame in values["frames"])
    return form(**values)


def raised(error: BaseException) -> Raised:
    """Return the outcome of an exception that came out of a target; raise it again where it is not the target's.

    That is a `TimedOut`, or the interrupt of a user: unlike those that receivers raise, it carries nothing.
    """
    if isinstance(error, TimedOut | WaitedEnoughError) or (isinstance(error, KeyboardInterrupt) and not error.args):
        raise error
    if is_the_suite_s(error):
        raise error
    return Raised(type(error).__name__, _message(error), tuple(_frames(error.__traceback__)))


def _message(error: BaseException) -> str:
    try:
        text = _without_addresses(str(error))
    except BaseException:
        return ""
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…"


def _frames(traceback: TracebackType | None) -> Iterator[Frame]:
    while traceback is not None:
        code, module = traceback.tb_frame.f_code, str(traceback.tb_frame.f_globals.get("__name__", ""))
        if not _OURS.match(module) and not code.co_filename.startswith("<"):
            file = "/".join(code.co_filename.replace("\\", "/").split("/")[-module.count(".") - 1 :])
            yield Frame(module, file, traceback.tb_lineno, getattr(code, "co_qualname", code.co_name))
        traceback = traceback.tb_next


def shown(value: object) -> str:
    """Return the representation of `value` without addresses, which differ from run to run."""
    try:
        return _without_addresses(repr(value))
    except BaseException as error:
        return f"<{type(value).__name__} whose representation {raised(error)}>"


def _without_addresses(text: str) -> str:
    return re.sub(r" at 0x[0-9A-Fa-f]+", "", text)

"""Whose an exception is: the target's, or the suite's own, which says nothing about a target."""

from __future__ import annotations

import sys
from collections.abc import Iterator

_TOOLS = frozenset({"asgiref", "attr", "attrs", "hypothesis", "sortedcontainers"})
"""Packages that the engines use; what goes wrong in them was called by somebody else."""

_BESIDE = (
    *("signalspec.laws", "signalspec.models.vocabulary", "signalspec.requests.vocabulary"),
    *("signalspec.targets.adapters", "signalspec.programs.interpreter", "signalspec.findings.recording"),
)
"""Modules that call the target, or stand for it: what is raised there is its answer."""

_ANYWHERE = (RecursionError, MemoryError)
"""What a target brings about wherever it may be noticed."""

_LOCK = "ControlledLock."
"""The methods that stand for a lock of the target's, and raise what the lock would raise."""


class SuiteError(Exception):
    """The suite itself failed; the message says where, and nothing about a target."""


def is_the_suite_s(error: BaseException) -> bool:
    """Tell whether `error`, which an engine has caught, was raised by the suite itself and not on purpose."""
    if isinstance(error, _ANYWHERE):
        return False
    for module, function in _places(error):
        if _is_of_the_suite(module):
            return not function.startswith(_LOCK) and not getattr(type(error), "on_purpose", False)
        if not _is_a_tool(module):
            return False
    return False


def passed_the_target(error: BaseException) -> bool:
    """Tell whether `error`, which no engine has caught, came out of a target."""
    return isinstance(error, _ANYWHERE) or not all(
        _is_of_the_suite(module) or _is_a_tool(module) for module, _ in _places(error)
    )


def _places(error: BaseException) -> Iterator[tuple[str, str]]:
    """Yield the modules and functions that `error` passed, the innermost first."""
    places, traceback = [], error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places.append((str(traceback.tb_frame.f_globals.get("__name__", "")), code.co_qualname))
        traceback = traceback.tb_next
    return reversed(places)


def _is_of_the_suite(module: str) -> bool:
    return module.partition(".")[0] == "signalspec" and not module.startswith(_BESIDE)


def _is_a_tool(module: str) -> bool:
    package = module.partition(".")[0]
    return package in _TOOLS or package in sys.stdlib_module_names or not package

"""What a target did, in words: the same words in every run."""

from __future__ import annotations

import re

AFTER_A_HANG = 0.5
"""How many seconds a program has once another one did not return; the target has been found out already."""


class TimedOut(BaseException):
    """The target did not return in time. Not an `Exception`, so that no target swallows it in ``send_robust``."""


def raised(error: BaseException) -> str:
    """Return the words for an exception that came out of a target; raise it again where it is not the target's.

    That is a `TimedOut`, or the interrupt of a user: unlike those that receivers raise, it carries nothing.
    """
    if isinstance(error, TimedOut) or (isinstance(error, KeyboardInterrupt) and not error.args):
        raise error
    return f"raises {type(error).__name__}"


def late(seconds: float) -> str:
    """Return the words for a program that was stopped after `seconds`."""
    return f"does not return within {seconds:g} seconds"


def is_late(words: object) -> bool:
    """Tell whether `words` are those of `late`."""
    return isinstance(words, str) and words.startswith("does not return")


def shown(value: object) -> str:
    """Return the representation of `value` without addresses, which differ from run to run."""
    try:
        return re.sub(r" at 0x[0-9A-Fa-f]+", "", repr(value))
    except BaseException as error:
        return f"<{type(value).__name__} whose representation {raised(error)}>"

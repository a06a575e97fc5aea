"""Names as people write them: what a misspelt one may have meant, and errors that are the user's to mend."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches


class UserError(Exception):
    """What a user can mend; the message is one sentence, or two."""


def suggestion(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the question whether one of the `known` names was meant, at most three of them; else `otherwise`."""
    spelt = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), spelt, n=3, cutoff=0.6)
    if not near:
        return otherwise
    likeness = {name: SequenceMatcher(None, name, word.lower()).ratio() for name in near}
    *first, last = [repr(spelt[name]) for name in near if likeness[name] > likeness[near[0]] - 0.1]
    return f"did you mean {', '.join(first) + ' or ' if first else ''}{last}?"

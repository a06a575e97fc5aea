"""Which receivers took another place among those that two dispatches share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

MOST_NAMES = 3


class Move(NamedTuple):
    """A receiver, where it is called now (``ahead of`` or ``behind``), and those that it was on the other side of."""

    receiver: str
    where: str
    others: Sequence[str]

    def __str__(self) -> str:
        # Django's own come last: a reader looks for those of the project.
        named = sorted(self.others, key=lambda name: name.startswith("django."))
        more = len(named) - MOST_NAMES
        shown = ", ".join(named[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        return f"{self.receiver} {self.where} {shown}"


def moves(before: Sequence[str], after: Sequence[str]) -> Iterator[Move]:
    """Yield the moves that make the order of receivers `before` that `after`: of what passed most others, first.

    Both have the same names, each as often.
    """
    places = {receiver: place for place, receiver in enumerate(_numbered(before))}
    passed = {
        (first[0], second[0]): None
        for first, second in combinations(_numbered(after), 2)
        if places[first] > places[second]
    }
    while passed:
        often = Counter(name for pair in passed for name in pair)
        moved = max(often, key=often.__getitem__)
        for where, others in (
            ("ahead of", [behind for ahead, behind in passed if ahead == moved]),
            ("behind", [ahead for ahead, behind in passed if behind == moved]),
        ):
            if others:
                yield Move(moved, where, others)
        passed = {pair: None for pair in passed if moved not in pair}


def _numbered(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield each name with how many of the same came before."""
    seen: Counter[str] = Counter()
    for name in names:
        yield name, seen[name]
        seen[name] += 1

"""What an upgrade changes, told in sentences: the dangerous first. ``spec/changes.toml`` has them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Literal, get_args

from signalspec.releases.differences import Difference, differences
from signalspec.standard.clauses import RELEASES, STANDARD, spec_folder
from signalspec.standard.markdown import one_line

Danger = Literal["breaks", "differs", "fixed", "new"]

DANGERS: dict[Danger, str] = {
    "breaks": "What breaks",
    "differs": "What behaves differently",
    "fixed": "What is fixed",
    "new": "What is new",
}
"""The dangers in their order, each as a heading."""

_BACK: dict[Danger, Danger] = {"breaks": "new", "differs": "differs", "fixed": "differs", "new": "breaks"}
"""What a change is for who goes back to an older release."""


@dataclass(frozen=True)
class Change:
    """One thing that `release` does otherwise than those before it: a sentence of what was, and one of what is.

    `until` is the last release that does so, where a later change replaces it. `clauses` are slugs, or patterns of
    them; a change that brings a `capability` has all clauses that begin and need it; where no clause demands what
    changes, `unspecified` is the slug of the one that leaves it open. A `rare` change concerns few. `pattern` is an
    extended regular expression, as for ``grep -E``, that finds code to look at, such as the lines `found`, and not
    those `spared`.
    """

    release: str
    until: str | None
    danger: Danger
    title: str
    before: str
    now: str
    affected: str
    pattern: str
    found: tuple[str, ...]
    spared: tuple[str, ...]
    clauses: tuple[str, ...]
    capability: str | None
    unspecified: str | None = None
    rare: bool = False

    @property
    def search(self) -> str:
        """The command that finds code to look at, or nothing."""
        return f"grep -rnE --include='*.py' '{self.pattern}' ." if self.pattern else ""

    def words(self) -> dict[str, str]:
        """Return as JSON-ready data what a reader is told of it."""
        return {
            "danger": self.danger,
            "title": self.title,
            "release": self.release,
            "before": self.before,
            "now": self.now,
            "affected": self.affected,
            "pattern": self.pattern,
        }

    def has(self, difference: Difference) -> bool:
        """Tell whether a difference is a part of this change."""
        clause = difference.clause
        if any(fnmatchcase(clause.slug, pattern) for pattern in self.clauses):
            return True
        return self.capability in clause.needs and difference.how in ("begins", "ends")


@dataclass(frozen=True)
class Told:
    """A change between two profiles, and the differences that it is made of."""

    change: Change
    differences: Sequence[Difference]

    @property
    def slugs(self) -> Sequence[str]:
        """The clauses that tell of it."""
        left_open = [self.change.unspecified] if self.change.unspecified else []
        return list(dict.fromkeys([each.clause.slug for each in self.differences] + left_open))

    @property
    def shown_by(self) -> Difference | None:
        """The difference whose program shows it."""
        return next((each for each in self.differences if each.witness), None)

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON-ready data."""
        return {**self.change.words(), "clauses": [each.to_json() for each in self.differences]}


@cache
def load_changes() -> Sequence[Change]:
    """Return all changes, oldest first."""
    rows = tomllib.loads((spec_folder() / "changes.toml").read_text("utf-8"))["change"]
    return [
        Change(
            release=row["release"],
            until=row.get("until"),
            danger=row["danger"],
            title=row["title"],
            before=one_line(row["before"]),
            now=one_line(row["now"]),
            affected=row["affected"],
            pattern=row["pattern"],
            found=tuple(row["found"]),
            spared=tuple(row["spared"]),
            clauses=tuple(row.get("clauses", ())),
            capability=row.get("capability"),
            unspecified=row.get("unspecified"),
            rare=row.get("rare", False),
        )
        for row in rows
    ]


def changes(before: str, after: str, only: str | tuple[str, ...] = "") -> Sequence[Told]:
    """Return what changed from the profile `before` to the profile `after`, in the order of danger.

    With `only`, what concerns clauses whose slugs begin so.
    """
    told = list(_told(before, after))
    chosen = [
        Told(each.change, [one for one in each.differences if one.clause.slug.startswith(only)]) for each in told
    ]
    dangers = get_args(Danger)
    return sorted(
        # What only changes something that is new itself is news to nobody.
        (each for each in chosen if each.differences or _is_left_open(each.change, only)),
        key=lambda each: (dangers.index(each.change.danger), each.change.rare),
    )


def _told(before: str, after: str) -> Iterator[Told]:
    left = list(differences(before, after))
    forward = _position(before) <= _position(after)
    older, newer = sorted((before, after), key=_position)
    for change in load_changes():
        if not _position(older) < RELEASES.index(change.release) <= _position(newer):
            continue
        if change.until and _position(newer) > RELEASES.index(change.until):
            continue
        parts = [each for each in left if change.has(each)]
        left = [each for each in left if each not in parts]
        yield Told(change if forward else _back(change), parts)
    for each in left:
        yield Told(_unsaid(each), [each])


def _is_left_open(change: Change, only: str | tuple[str, ...]) -> bool:
    return change.unspecified is not None and change.unspecified.startswith(only)


def _position(profile: str) -> int:
    return len(RELEASES) if profile == STANDARD else RELEASES.index(profile.removeprefix("django-"))


def _back(change: Change) -> Change:
    return replace(change, danger=_BACK[change.danger], before=change.now, now=change.before)


def _unsaid(each: Difference) -> Change:
    """Return what can be said of a difference that has no sentences of its own: what clause and deviation say."""
    rule = each.clause.requirement
    broken = each.deviation.title if each.deviation else "This is not so."
    dangers: dict[str, Danger] = {"begins": "differs", "ends": "differs", "is fixed": "fixed", "breaks": "breaks"}
    kept = each.how in ("ends", "breaks")
    return Change(
        release=each.after.removeprefix("django-"),
        until=None,
        danger=dangers[each.how],
        title=each.clause.title,
        before=rule if kept else broken,
        now=broken if kept else rule,
        affected=each.clause.intent,
        pattern="",
        found=(),
        spared=(),
        clauses=(each.clause.slug,),
        capability=None,
    )

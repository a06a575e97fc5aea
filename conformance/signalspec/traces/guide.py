"""What of the differences between two releases a project's trace touches: the guide to upgrading for this project."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from signalspec.releases.changes import DANGERS, Change, Told, changes
from signalspec.releases.differences import Difference
from signalspec.traces.remarks import Evidence
from signalspec.traces.trace import NOBODY, Connect, Place, Receiver, Shape


@dataclass(frozen=True)
class Touch:
    """A change between two releases that concerns a project, and where: by places, or by names where it has none."""

    change: Change
    clauses: tuple[str, ...]
    places: tuple[Place, ...]
    parties: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            **self.change.words(),
            "clauses": list(self.clauses),
            "places": [str(place) for place in self.places],
            "parties": list(self.parties),
        }


@dataclass(frozen=True)
class Guide:
    """What touches the project, ranked by danger, and how many changes do not."""

    before: str
    after: str
    touches: Sequence[Touch]
    untouched: int


def make_guide(evidence: Evidence, before: str, after: str) -> Guide:
    """Return what of the changes between two profiles, such as ``django-4.2``, a project's trace touches."""
    project = _Project(evidence)
    found = changes(before, after)
    touches = [touch for told in found if (touch := _touch(told, project)) is not None]
    dangers = list(DANGERS)
    ranked = sorted(touches, key=lambda touch: (dangers.index(touch.change.danger), -len(touch.places)))
    return Guide(before, after, ranked, len(found) - len(touches))


class _Project:
    """What a project has of what clauses are about."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.connects = [
            connect for history in evidence.histories for connect in history.connects if connect.place is not None
        ]
        self.sents = {(id(sent.shape), sent.context.thread): sent for sent in evidence.trace.dispatches}.values()
        self.shapes = [sent.shape for sent in self.sents if sent.shape.own]

    def parties(self, use: str) -> set[tuple[str, Place | None]]:
        """Return the names and places of what the project has of `use`, a name of `USES`."""
        return set(USES[use](self))

    def receivers(self) -> Iterator[Receiver]:
        """Yield the project's receivers."""
        yield from {connect.receiver for connect in self.connects if connect.receiver and connect.receiver.own}

    def dying(self) -> Iterator[Connect]:
        """Yield the connections for senders that died."""
        for history in self._evidence.histories:
            yield from (each for each in history.connects if each.place and each.sender_identity in history.dead)


Use = Callable[[_Project], Iterable[tuple[str, Place | None]]]


def _asynchronous(project: _Project) -> Iterator[tuple[str, Place | None]]:
    yield from ((receiver.name, receiver.place) for receiver in project.receivers() if receiver.is_async)
    yield from ((shape.signal.name, None) for shape in project.shapes if shape.how.startswith("asend"))


def _connects(test: Callable[[Connect], bool]) -> Use:
    return lambda project: ((each.signal.name, each.place) for each in project.connects if test(each))


def _signals(test: Callable[[Shape], bool]) -> Use:
    return lambda project: ((shape.signal.name, None) for shape in project.shapes if test(shape))


def _hears(*signals: str) -> Use:
    names = {f"django.db.models.signals.{signal}" for signal in signals}
    return lambda project: (
        (each.receiver.name, each.receiver.place or each.place)
        for each in project.connects
        if each.signal.name in names and each.receiver is not None
    )


def _is_error(kind: str) -> bool:
    return kind.endswith(("Error", "Exception"))


USES: dict[str, Use] = {
    "inits": _hears("pre_init", "post_init"),
    "saves": _hears("pre_save", "post_save"),
    "deletes": _hears("pre_delete", "post_delete"),
    "changes-of-many": _hears("m2m_changed"),
    "migrations": _hears("pre_migrate", "post_migrate"),
    "classes": _hears("class_prepared"),
    "asynchronous": _asynchronous,
    "uids": _connects(lambda connect: connect.uid is not None),
    "caching": _signals(lambda shape: shape.signal.own and shape.signal.caching is not None),
    "providing-args": _signals(lambda shape: shape.signal.own and shape.signal.caching not in (None, "bool")),
    "subclasses": _signals(lambda shape: not shape.signal.kind.startswith("django.")),
    "dying-senders": lambda project: ((each.sender.name, each.place) for each in project.dying()),
    "weak-methods": _connects(
        lambda connect: connect.weak and bool(connect.receiver and connect.receiver.kind == "method")
    ),
    "method-senders": _connects(lambda connect: connect.sender.name == "method()"),
    "object-senders": _connects(lambda connect: connect.sender != NOBODY and connect.sender.name.endswith("()")),
    "failures": _signals(
        lambda shape: shape.how.endswith("robust") and any(_is_error(kind) for _, kind in shape.receivers)
    ),
    "failing-sends": _signals(lambda shape: shape.raised is not None),
    "threads": lambda project: ((sent.shape.signal.name, None) for sent in project.sents if sent.context.thread),
    "odd-receivers": _connects(
        lambda connect: bool(connect.receiver and connect.receiver.kind in ("instance", "class"))
    ),
}
"""What a project may have of what clauses are about; ``touches.toml`` names them."""


@cache
def load_touches() -> dict[str, str]:
    """Return which use a clause, a chapter or a capability is about, by their names."""
    table = tomllib.loads(files("signalspec").joinpath("traces/touches.toml").read_text("utf-8"))
    return {name: use for use, names in table.items() for name in names}


def use_of(difference: Difference) -> str | None:
    """Return what a project has to have for a difference to concern it, or `None` if a trace cannot tell."""
    clause, touches = difference.clause, load_touches()
    for name in (clause.slug, clause.chapter, *clause.needs):
        if name in touches:
            return touches[name]
    return None


def _touch(told: Told, project: _Project) -> Touch | None:
    uses = {use for difference in told.differences if (use := use_of(difference)) is not None}
    parties = {party for use in uses for party in project.parties(use)}
    if not parties:
        return None
    clauses = tuple(difference.clause.slug for difference in told.differences)
    return Touch(told.change, clauses, *_sorted(parties))


def _sorted(parties: Iterable[tuple[str, Place | None]]) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    places = sorted({place for _, place in parties if place is not None})
    return tuple(places), tuple(sorted({name for name, _ in parties}))

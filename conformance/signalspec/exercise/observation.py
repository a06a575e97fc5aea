"""What was seen of a learner's project: data from the process that runs it to the one that judges it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from signalspec.exercise.steps import STEPS, SignalName, Step


@dataclass(frozen=True)
class Connected:
    """A call of `connect` on one of the two signals."""

    signal: SignalName
    receiver: str
    sender: str | None
    reaches: bool
    """Whether a dispatch whose sender is Todo reaches it."""
    alive: bool
    while_serving: bool
    """Whether it was connected by a request, and not at the start of the process."""


@dataclass(frozen=True)
class Sent:
    """A dispatch of one of the two signals."""

    signal: SignalName
    sender: str
    right_sender: bool
    arguments: tuple[str, ...]
    todo: str
    """The repr of the argument `todo`."""
    pk: int | None
    """The id of the argument `todo` where that is a Todo."""
    saved: bool
    """Whether the database already had what the signal tells."""


@dataclass(frozen=True)
class Failure:
    """An exception that left a request, or a receiver."""

    error: str
    where: str
    calling: bool
    """Whether a receiver was called with an argument that it does not take."""


@dataclass(frozen=True)
class Seen:
    """What one step did: the todos before and after, by id, and what was sent and logged meanwhile."""

    status: int
    failure: Failure | None
    before: dict[int, tuple[str, bool]]
    after: dict[int, tuple[str, bool]]
    sent: tuple[Sent, ...]
    logged: tuple[str, ...]


@dataclass(frozen=True)
class Observation:
    """All that was seen."""

    signals: tuple[SignalName, ...]
    """Those of the two names that are signals."""
    connected: tuple[Connected, ...]
    seen: tuple[Seen, ...]
    refusing: tuple[str, ...]
    """The receivers that do not take an argument that is added to the signals."""
    hidden: tuple[Failure, ...]
    """The exceptions that robust sends made responses."""

    @property
    def steps(self) -> list[tuple[Step, Seen]]:
        """Each step that was taken with what it did."""
        return list(zip(STEPS, self.seen, strict=False))

    def to_json(self) -> dict[str, Any]:
        """Return the observation as what JSON holds."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Observation:
        """Return the observation that `to_json` made `data` of."""
        return cls(
            signals=tuple(data["signals"]),
            connected=tuple(Connected(**each) for each in data["connected"]),
            seen=tuple(_seen(**each) for each in data["seen"]),
            refusing=tuple(data["refusing"]),
            hidden=tuple(Failure(**each) for each in data["hidden"]),
        )


def _seen(*, failure: dict[str, Any] | None, sent: list[dict[str, Any]], **rest: Any) -> Seen:
    def todos(data: dict[str, list[Any]]) -> dict[int, tuple[str, bool]]:
        return {int(pk): (title, done) for pk, (title, done) in data.items()}

    return Seen(
        status=rest["status"],
        failure=Failure(**failure) if failure else None,
        before=todos(rest["before"]),
        after=todos(rest["after"]),
        sent=tuple(Sent(**{**each, "arguments": tuple(each["arguments"])}) for each in sent),
        logged=tuple(rest["logged"]),
    )

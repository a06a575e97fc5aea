"""A trace as data: the only module that knows the rows of ``trace.schema.json``."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1
GZIP = b"\x1f\x8b"


class TraceError(Exception):
    """A file is no trace, or cannot be read; the message is one sentence."""


class Place(NamedTuple):
    """A file of the project, relative to its folder, and a line in it, from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Signal:
    """A signal object; two may share a name. `caching` is the type of its `use_caching` unless that is ``False``."""

    number: int
    name: str
    kind: str
    caching: str | None
    overrides: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class Model:
    """What a trace knows of a sender that is a model; `parents` are names of senders."""

    label: str
    abstract: bool = False
    proxy: bool = False
    auto_created: bool = False
    swapped: bool = False
    concrete: str | None = None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sender:
    """A sender by its name."""

    name: str
    model: Model | None = None
    own: bool = False

    @property
    def historical(self) -> bool:
        """Whether it is a model of a migration's state."""
        return self.name.startswith("__fake__.")


NOBODY = Sender("None")
"""The sender ``None``."""


@dataclass(frozen=True)
class Receiver:
    """A receiver's name, kind, and where it is defined, if that is in the project."""

    name: str
    kind: str
    place: Place | None
    is_async: bool
    own: bool


@dataclass(frozen=True)
class Shape:
    """What dispatches have in common."""

    signal: Signal
    sender: Sender
    how: str
    arguments: Mapping[str, str]
    receivers: tuple[tuple[Receiver, str], ...]
    raised: tuple[str, Receiver | None] | None
    atomic: bool | None
    equal: bool

    @property
    def own(self) -> bool:
        """Whether the project takes part in it."""
        return self.signal.own or self.sender.own or any(receiver.own for receiver, _ in self.receivers)


@dataclass(frozen=True, slots=True)
class Context:
    """When something happened: in which test (`None` between tests) and phase of it, in which thread (0 is main)."""

    test: str | None
    phase: str
    thread: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A dispatch, and the receiver whose work it is."""

    context: Context
    shape: Shape
    cause: Receiver | None


@dataclass(frozen=True, slots=True)
class Connection:
    """What `connect` or `disconnect` was called with; objects are numbers that tell them apart within a part."""

    context: Context
    signal: Signal
    sender: Sender
    sender_identity: int
    receiver: Receiver | None
    receiver_identity: int
    uid: tuple[int, str] | None
    place: Place | None

    @property
    def key(self) -> tuple[object, int]:
        """What makes it the same connection as another one to its signal."""
        return self.uid[0] if self.uid else (self.receiver_identity,), self.sender_identity


@dataclass(frozen=True, slots=True)
class Connect(Connection):
    """A connection that was asked for."""

    weak: bool
    address: bool


@dataclass(frozen=True, slots=True)
class Disconnect(Connection):
    """A connection that was to go, and whether one went."""

    removed: bool


@dataclass(frozen=True, slots=True)
class Lazy:
    """A connection to the model called `label`, as the project writes it."""

    context: Context
    label: str
    signal: Signal
    receiver: Receiver
    place: Place | None


@dataclass(frozen=True, slots=True)
class Death:
    """An object that was connected, or connected for, has gone."""

    context: Context
    identity: int
    by_collector: bool


Event = Sent | Connect | Disconnect | Lazy | Death


@dataclass
class Part:
    """What one process did, in order. `finished` tells whether it ended in order."""

    header: Mapping[str, Any]
    events: list[Event] = field(default_factory=list)
    finished: bool = False
    lost: int = 0
    through: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Trace:
    """What a command did, process by process."""

    parts: Sequence[Part]

    @property
    def releases(self) -> tuple[str, ...]:
        """The versions of Django in it."""
        return tuple(sorted({str(part.header["django"]) for part in self.parts}))

    @property
    def events(self) -> Iterator[Event]:
        """All that happened."""
        for part in self.parts:
            yield from part.events

    @property
    def dispatches(self) -> Iterator[Sent]:
        """All dispatches."""
        return (event for event in self.events if isinstance(event, Sent))


def read_trace(path: Path, is_own: Callable[[str], bool] | None = None) -> Trace:
    """Read a trace, or the folder of parts of a recording that did not end; raise `TraceError`.

    `is_own` tells by a dotted name what belongs to the project, in place of the recorder's word.
    """
    parts: list[_Reader] = []
    for number, line in enumerate(_lines(path), 1):
        try:
            row = json.loads(line)
            if "header" in row:
                if row["header"]["format"] != FORMAT:
                    raise TraceError(f"{path} has format {row['header']['format']}; this signalspec reads {FORMAT}.")
                parts.append(_Reader(row["header"], is_own))
            else:
                parts[-1].read(row)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise TraceError(f"{path} is no trace: its line {number} is no row of one.") from error
    if not parts:
        raise TraceError(f"{path} is empty: nothing that it should record used Django's signals.")
    return Trace([reader.part for reader in parts])


def _lines(path: Path) -> Iterator[bytes]:
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            with file.open("rb") as opened:
                is_compressed = opened.read(2) == GZIP
            with gzip.open(file) if is_compressed else file.open("rb") as lines:
                for line in lines:
                    row = line.strip(b"\0")
                    # A process that was killed may leave half a row, and the unused rest of its file.
                    if row.endswith(b"\n"):
                        yield row
    except EOFError:
        return  # A trace that was cut off can be read to where it was.
    except (gzip.BadGzipFile, zlib.error) as error:
        raise TraceError(f"{path} is damaged: {error}.") from error
    except OSError as error:
        raise TraceError(f"{path} cannot be read: {error.strerror}.") from error


class _Reader:
    def __init__(self, header: Mapping[str, Any], is_own: Callable[[str], bool] | None) -> None:
        self.part = Part(header)
        self._is_own = is_own
        self._signals: dict[int, Signal] = {}
        self._senders = {-1: NOBODY}
        self._receivers: dict[int, Receiver] = {}
        self._shapes: dict[int, Shape] = {}
        self._test: tuple[str | None, str] = (None, "")
        self._contexts: dict[tuple[str | None, str, int], Context] = {}

    def read(self, row: Mapping[str, Any]) -> None:
        """Take a row in."""
        if "sent" in row:
            cause = row["in"][1] if "in" in row else None
            receiver = None if cause is None else self._receivers[cause]
            self.part.events.append(Sent(self._context(row), self._shapes[row["sent"]], receiver))
        elif "test" in row:
            self._test = (row["test"], row.get("phase", ""))
        elif "shape" in row:
            self._shapes[row["shape"]] = self._shape(row)
        elif "connect" in row:
            connect = self._connection(row, "connect")
            self.part.events.append(Connect(**connect, weak=row.get("weak", True), address="address" in row))
        elif "disconnect" in row:
            self.part.events.append(Disconnect(**self._connection(row, "disconnect"), removed=row["removed"]))
        elif "lazy" in row:
            signal, receiver = self._signals[row["signal"]], self._receivers[row["receiver"]]
            self.part.events.append(Lazy(self._context(row), row["lazy"], signal, receiver, _place(row)))
        elif "dead" in row:
            self.part.events.append(Death(self._context(row), row["dead"], "collector" in row))
        elif "end" in row:
            self.part.finished = True
            self.part.lost = row["end"]["lost"]
            self.part.through = frozenset(self._senders[number].name for number in row["end"]["through"])
        else:
            self._define(row)

    def _define(self, row: Mapping[str, Any]) -> None:
        name = row["name"]
        own = self._is_own(name) if self._is_own else row.get("own", False)
        if "signal" in row:
            number, overrides = row["signal"], tuple(row.get("overrides", ()))
            self._signals[number] = Signal(number, name, row["class"], row.get("caching"), overrides, own)
        elif "sender" in row:
            model = row.get("model")
            parents = {"parents": tuple(model.get("parents", ()))} if model else {}
            self._senders[row["sender"]] = Sender(name, model and Model(**{**model, **parents}), own)
        else:
            self._receivers[row["receiver"]] = Receiver(name, row["kind"], _place(row), "async" in row, own)

    def _shape(self, row: Mapping[str, Any]) -> Shape:
        raised = row.get("raised")
        return Shape(
            signal=self._signals[row["signal"]],
            sender=self._senders[row["sender"]],
            how=row.get("how", "send"),
            arguments=row["arguments"],
            receivers=tuple((self._receivers[number], response) for number, response in row.get("receivers", ())),
            raised=raised and (raised[0], None if raised[1] is None else self._receivers[raised[1]]),
            atomic=row.get("atomic"),
            equal="equal" in row,
        )

    def _connection(self, row: Mapping[str, Any], what: str) -> dict[str, Any]:
        return {
            "context": self._context(row),
            "signal": self._signals[row["signal"]],
            "sender": self._senders[row["sender"]],
            "sender_identity": row.get("identity", -1),
            "receiver": self._receivers[row["receiver"]] if "receiver" in row else None,
            "receiver_identity": row[what],
            "uid": tuple(row["uid"]) if "uid" in row else None,
            "place": _place(row),
        }

    def _context(self, row: Mapping[str, Any]) -> Context:
        key = (*self._test, row.get("thread", 0))
        return self._contexts.setdefault(key, Context(*key))


def _place(row: Mapping[str, Any]) -> Place | None:
    return Place(*row["at"]) if "at" in row else None

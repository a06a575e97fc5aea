"""What became of the connections in a part of a trace, as the standard says it: which were ignored, removed, lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from signalspec.traces.trace import NOBODY, Connect, Context, Death, Disconnect, Lazy, Part, Place, Receiver, Sent


class Ignored(NamedTuple):
    """A connect that added nothing, and the connection that was there."""

    connect: Connect
    holder: Connect


class Missed(NamedTuple):
    """A disconnect that removed nothing, of what was never connected like that, and something similar that is."""

    disconnect: Disconnect
    similar: Connect


@dataclass
class Lost:
    """A connection whose receiver died while nobody had disconnected it.

    `missed` is when a dispatch would have reached it; in a test, the end of which was the receiver's too, that is a
    dispatch of this test.
    """

    connect: Connect
    death: Death
    missed: Context | None = None


@dataclass
class History:
    """What happened to the connections of one process."""

    connects: list[Connect] = field(default_factory=list)
    lazies: list[Lazy] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    left: list[Connect] = field(default_factory=list)
    dead: set[int] = field(default_factory=set)


def history_of(part: Part) -> History:
    """Replay the connections of a part."""
    return _Replay().run(part)


class _Replay:
    def __init__(self) -> None:
        self.history = History()
        self._live: dict[int, dict[tuple[object, int], Connect]] = defaultdict(dict)
        self._ever: set[tuple[int, tuple[object, int]]] = set()
        self._removed: set[tuple[Place | None, Receiver | None]] = set()
        self._watched: dict[tuple[int, str], list[Lost]] = defaultdict(list)

    def run(self, part: Part) -> History:
        for event in part.events:
            if isinstance(event, Sent):
                self._sent(event)
            elif isinstance(event, Connect):
                self._connect(event)
            elif isinstance(event, Disconnect):
                self._disconnect(event)
            elif isinstance(event, Death):
                self._die(event)
            else:
                self.history.lazies.append(event)
        # A line that removes a receiver from one signal may sweep over others, too.
        swept = [
            each for each in self.history.missed if (each.disconnect.place, each.disconnect.receiver) in self._removed
        ]
        self.history.missed = [each for each in self.history.missed if each not in swept]
        self.history.left = [connect for connects in self._live.values() for connect in connects.values()]
        return self.history

    def _connect(self, connect: Connect) -> None:
        self.history.connects.append(connect)
        self._ever.add((connect.signal.number, connect.key))
        holder = self._live[connect.signal.number].setdefault(connect.key, connect)
        if holder is not connect:
            self.history.ignored.append(Ignored(connect, holder))

    def _disconnect(self, disconnect: Disconnect) -> None:
        live = self._live[disconnect.signal.number]
        if disconnect.removed:
            live.pop(disconnect.key, None)
            self._removed.add((disconnect.place, disconnect.receiver))
        elif (disconnect.signal.number, disconnect.key) not in self._ever:
            similar = next(self._similar(disconnect), None)
            if similar is not None:
                self.history.missed.append(Missed(disconnect, similar))

    def _similar(self, disconnect: Disconnect) -> Iterator[Connect]:
        here = list(self._live[disconnect.signal.number].values())
        elsewhere = [
            each for n, live in self._live.items() if n != disconnect.signal.number for each in live.values()
        ]
        for connects in (here, elsewhere):
            for connect in connects:
                if disconnect.uid is not None:
                    if connect.uid == disconnect.uid:
                        yield connect
                elif connect.receiver_identity == disconnect.receiver_identity != 0:
                    yield connect
        for connect in here:
            if connect.receiver == disconnect.receiver and connect.sender_identity == disconnect.sender_identity:
                yield connect

    def _die(self, death: Death) -> None:
        self.history.dead.add(death.identity)
        for live in self._live.values():
            for key, connect in list(live.items()):
                if connect.receiver_identity == death.identity and connect.weak:
                    del live[key]
                    lost = Lost(connect, death)
                    self.history.lost.append(lost)
                    self._watched[connect.signal.number, connect.sender.name].append(lost)
                elif connect.sender_identity == death.identity:
                    del live[key]

    def _sent(self, sent: Sent) -> None:
        shape = sent.shape
        for sender in {shape.sender.name, NOBODY.name}:
            watched = self._watched.get((shape.signal.number, sender))
            for lost in list(watched or ()):
                if lost.connect.context.test not in (None, sent.context.test):
                    watched.remove(lost)  # type: ignore[union-attr]
                elif lost.connect.receiver not in [receiver for receiver, _ in shape.receivers]:
                    watched.remove(lost)  # type: ignore[union-attr]
                    lost.missed = sent.context
        for receiver, _ in shape.receivers if self.history.ignored else ():
            self.history.ignored = [
                each
                for each in self.history.ignored
                if each.connect.signal != shape.signal
                or each.connect.receiver != receiver
                or each.holder.receiver == receiver
            ]

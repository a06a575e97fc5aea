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
    dispatch of this test. `served` tells whether a dispatch called the receiver as long as it lived, and `at_once`
    whether nothing was sent as long as it lived.
    """

    connect: Connect
    death: Death
    served: bool
    at_once: bool
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
        self._waiting: dict[tuple[int, Receiver | None], set[int]] = defaultdict(set)
        self._sents = 0
        self._begun: dict[int, int] = {}
        self._ended: dict[int, str | None] = {}
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
        self.history.missed = [each for each in self.history.missed if not self._is_meant(each)]
        self.history.left = [connect for connects in self._live.values() for connect in connects.values()]
        return self.history

    def _connect(self, connect: Connect) -> None:
        self.history.connects.append(connect)
        self._ever.add((connect.signal.number, connect.key))
        holder = self._live[connect.signal.number].setdefault(connect.key, connect)
        self._begun[id(connect)] = self._sents
        self._waiting[connect.signal.number, connect.receiver].add(id(connect))
        if holder is not connect:
            self.history.ignored.append(Ignored(connect, holder))

    def _disconnect(self, disconnect: Disconnect) -> None:
        live = self._live[disconnect.signal.number]
        if disconnect.removed:
            removed = live.pop(disconnect.key, None)
            self._removed.add((disconnect.place, disconnect.receiver))
            self._ended[id(removed)] = disconnect.context.test
        elif (disconnect.signal.number, disconnect.key) not in self._ever:
            similar = next(self._similar(disconnect), None)
            if similar is not None:
                self.history.missed.append(Missed(disconnect, similar))

    def _is_meant(self, missed: Missed) -> bool:
        """Tell whether a disconnect may well remove nothing."""
        disconnect, similar = missed
        if (disconnect.place, disconnect.receiver) in self._removed:
            return True  # A line that removes a receiver from one signal may sweep over others, too.
        if (disconnect.signal.number, disconnect.key) in self._ever:
            return True  # What is connected later like that was disconnected to be sure that it is connected once.
        # What removes the similar one, too, sweeps over all that there may be.
        return id(similar) in self._ended and self._ended[id(similar)] == disconnect.context.test

    def _similar(self, disconnect: Disconnect) -> Iterator[Connect]:
        here = list(self._live[disconnect.signal.number].values())
        elsewhere = [
            each for n, live in self._live.items() if n != disconnect.signal.number for each in live.values()
        ]
        for connects in (here, elsewhere):
            for connect in connects:
                by_uid = disconnect.uid is not None and connect.uid == disconnect.uid
                if by_uid or (_is_of(connect, disconnect) and (connects is here or disconnect.uid is None)):
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
                    lost = self._lose(connect, death)
                    self.history.lost.append(lost)
                    self._watched[connect.signal.number, connect.sender.name].append(lost)
                elif connect.sender_identity == death.identity:
                    del live[key]

    def _lose(self, connect: Connect, death: Death) -> Lost:
        waiting = self._waiting[connect.signal.number, connect.receiver]
        served = id(connect) not in waiting
        waiting.discard(id(connect))
        return Lost(connect, death, served, at_once=self._begun[id(connect)] == self._sents)

    def _sent(self, sent: Sent) -> None:
        shape = sent.shape
        self._sents += 1
        for receiver, _ in shape.receivers:
            # One of several that share a name may be called: then none of them is said to have waited in vain.
            self._waiting.pop((shape.signal.number, receiver), None)
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


def _is_of(connect: Connect, disconnect: Disconnect) -> bool:
    return connect.receiver_identity == disconnect.receiver_identity != 0

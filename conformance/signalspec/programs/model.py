"""The model: the standard as one pure function, `step`.

It takes the state of a signal and a command, and tells what happens. Which clause says so is told by `attribution`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias, assert_never

from signalspec.programs.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.programs.outcomes import Raised

Acts = Mapping[str, Command]
"""What each receiver does the first time that it is called, after noting the call; others only note it."""

Value: TypeAlias = object


class Connection(NamedTuple):
    """A receiver tied to the signal."""

    receiver: str
    sender: str | None
    weak: bool
    uid: str | None

    @property
    def key(self) -> tuple[str, str | None]:
        """What makes two connections the same: the uid, or else the receiver, and the sender."""
        return (f"uid {self.uid}" if self.uid is not None else self.receiver, self.sender)

    def hears(self, sender: str | None) -> bool:
        """Whether a dispatch of `sender` concerns this connection."""
        return self.sender is None or self.sender == sender


def connection_of(command: Connect | Disconnect) -> Connection:
    """Return the connection that `command` makes, or one with the key of what it removes."""
    weak = not isinstance(command, Connect) or command.weak
    return Connection(command.receiver or "", command.sender, weak, command.uid)


@dataclass(frozen=True)
class State:
    """A signal: its connections in their order.

    `dropped` are the parties that nobody holds any more, `spent` the receivers that have acted, and `awaited` those
    that are asynchronous.
    """

    connections: tuple[Connection, ...] = ()
    dropped: frozenset[str] = frozenset()
    spent: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()

    def heard_by(self, sender: str | None) -> tuple[Connection, ...]:
        """Return the connections that a dispatch of `sender` concerns."""
        return tuple(each for each in self.connections if each.hears(sender))

    def is_live(self, connection: Connection) -> bool:
        """A connection is dead when its receiver has nobody to hold it, or its sender is gone."""
        if connection.sender in self.dropped:
            return False
        receiver = connection.receiver
        return receiver not in self.dropped or any(c.receiver == receiver and not c.weak for c in self.connections)

    def without_the_dead(self) -> State:
        """Leave out the connections that have died; repeated, since one death may cause another."""
        live = tuple(filter(self.is_live, self.connections))
        return self if live == self.connections else replace(self, connections=live).without_the_dead()


class Turn(NamedTuple):
    """What a called receiver did: nothing but note the call, act, or `Fail`."""

    receiver: str
    act: Command | None = None
    event: Event | None = None


class Event(NamedTuple):
    """What a command did.

    `value` is what it returned; for a send the pair of everything noted by receivers and what the send returned. A
    send has the connections that were `due` when it began, in their order, and the `turns` of those that it called.
    """

    command: Command
    before: State
    after: State
    value: Value = None
    due: tuple[Connection, ...] = ()
    turns: tuple[Turn, ...] = ()


def step(state: State, command: Command, acts: Acts) -> Event:
    """Return what `command` does in `state`."""
    match command:
        case Connect():
            new = connection_of(command)
            known = any(c.key == new.key for c in state.connections)
            return Event(command, state, state if known else replace(state, connections=(*state.connections, new)))
        case Disconnect():
            key = connection_of(command).key
            rest = tuple(c for c in state.connections if c.key != key)
            if rest == state.connections:
                return Event(command, state, state, False)
            return Event(command, state, replace(state, connections=rest).without_the_dead(), True)
        case HasListeners(sender):
            return Event(command, state, state, bool(state.heard_by(sender)))
        case Send():
            return _send(state, command, acts)
        case Drop(party):
            return Event(command, state, replace(state, dropped=state.dropped | {party}).without_the_dead())
        case Fail():
            raise ValueError("Only a receiver can fail.")
        case _:
            assert_never(command)


def _send(state: State, command: Send, acts: Acts) -> Event:
    """Call the receivers of the live connections, in order; each may act once, and all called are settled before."""
    due = tuple(sorted(state.heard_by(command.sender), key=lambda c: c.receiver in state.awaited))
    after = state
    turns: list[Turn] = []
    responses: list[str] = []
    for connection in due:
        turn, after = _call(after, connection.receiver, acts)
        turns.append(turn)
        if not isinstance(turn.act, Fail):
            responses.append(turn.receiver)
        elif command.robust:
            responses.append("ValueError")
        else:
            notes = tuple(_notes(turns))
            return Event(command, state, after, (notes, Raised("ValueError")), due, tuple(turns))
    return Event(command, state, after, (tuple(_notes(turns)), tuple(responses)), due, tuple(turns))


def _call(state: State, receiver: str, acts: Acts) -> tuple[Turn, State]:
    act = acts.get(receiver)
    if act is None or receiver in state.spent:
        return Turn(receiver), state
    state = replace(state, spent=state.spent | {receiver})
    if isinstance(act, Fail):
        return Turn(receiver, act), state
    event = step(state, act, acts)
    return Turn(receiver, act, event), event.after


def _notes(turns: list[Turn]) -> Iterator[Value]:
    """Yield what receivers note: that each is called, and what comes of its act."""
    for receiver, act, event in turns:
        yield receiver
        if event is None:
            continue
        if isinstance(act, Send) and isinstance(event.value, tuple):
            yield from event.value[0]
        yield receiver, event.value if isinstance(act, Send | HasListeners) else None

"""The model: the standard as one pure function.

`step` takes a state and a command, and returns the state afterwards and what must be observed, with the clauses that
say so. A state is the connections in their order, plus what has happened so far: the model does not need the history
to know what a signal does, only to know which clause says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, assert_never

from signalspec.programs.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.programs.outcomes import Raised

Acts = Mapping[str, Command]
"""What each receiver does the first time that it is called, after noting the call; others only note it."""

Value = object


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


@dataclass(frozen=True)
class State:
    """A signal, and what happened to it.

    `removed`, `ignored` and `buried` are former connections, refused duplicates and connections that died; `asked`
    are the senders whose receivers have been looked up, which a cache may remember; `changed_by_receivers` are the
    connections that were made or removed during a dispatch; `spent` are the receivers that have acted; `awaited`
    those that are asynchronous.
    """

    connections: tuple[Connection, ...] = ()
    dropped: frozenset[str] = frozenset()
    removed: frozenset[Connection] = frozenset()
    ignored: frozenset[Connection] = frozenset()
    buried: frozenset[Connection] = frozenset()
    asked: frozenset[str | None] = frozenset()
    changed_by_receivers: frozenset[Connection] = frozenset()
    spent: frozenset[str] = frozenset()
    caching: bool = False
    awaited: frozenset[str] = frozenset()

    def is_live(self, connection: Connection) -> bool:
        """A connection is dead when its receiver has nobody to hold it, or its sender is gone."""
        if connection.sender in self.dropped:
            return False
        receiver = connection.receiver
        return receiver not in self.dropped or any(c.receiver == receiver and not c.weak for c in self.connections)

    def without_the_dead(self) -> State:
        """Move what has died from the connections to the buried; repeated, since one death may cause another."""
        dead = [c for c in self.connections if not self.is_live(c)]
        if not dead:
            return self
        live = tuple(c for c in self.connections if c not in dead)
        return replace(self, connections=live, buried=self.buried.union(dead)).without_the_dead()


@dataclass(frozen=True)
class Expectation:
    """What must be observed.

    `value` is what the command returns, or for a send the pair of everything noted by receivers and what the send
    returns. `called` says for each call of the dispatch itself which clause demands it, `silent` for each other
    receiver which clause forbids it, `order` which one says in what order they come, and `general` which clause
    governs the rest.
    """

    value: Value
    general: str
    called: tuple[tuple[str, str], ...] = ()
    silent: tuple[tuple[str, str], ...] = ()
    order: str = "send.order"
    clauses: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        reasons = {self.general, *(clause for _, clause in self.called), *(clause for _, clause in self.silent)}
        object.__setattr__(self, "clauses", frozenset(reasons))


def step(state: State, command: Command, acts: Acts) -> tuple[State, Expectation]:
    """Return what `state` becomes by `command`, and what must be observed."""
    match command:
        case Connect():
            return _connect(state, command)
        case Disconnect():
            return _disconnect(state, command)
        case HasListeners(sender):
            return _has_listeners(state, sender)
        case Send():
            return _send(state, command, acts)
        case Drop(party):
            dropped = replace(state, dropped=state.dropped | {party}).without_the_dead()
            return dropped, Expectation(None, "lifetime.weak-by-default")
        case Fail():
            raise ValueError("Only a receiver can fail.")
        case _:
            assert_never(command)


def _connect(state: State, command: Connect) -> tuple[State, Expectation]:
    expectation = Expectation(None, "connect.returns-none")
    new = Connection(command.receiver, command.sender, command.weak, command.uid)
    if any(c.key == new.key for c in state.connections):
        return replace(state, ignored=state.ignored | {new}), expectation
    return replace(state, connections=(*state.connections, new)), expectation


def _disconnect(state: State, command: Disconnect) -> tuple[State, Expectation]:
    key = Connection(command.receiver or "", command.sender, True, command.uid).key
    found = next((c for c in state.connections if c.key == key), None)
    if found is None:
        return state, Expectation(False, _why_nothing_is_removed(state, command))
    rest = tuple(c for c in state.connections if c is not found)
    after = replace(state, connections=rest, removed=state.removed | {found}).without_the_dead()
    return after, Expectation(True, "disconnect.by-uid" if command.uid else "disconnect.returns-true")


def _why_nothing_is_removed(state: State, command: Disconnect) -> str:
    same_uid = [c for c in state.connections if c.uid == command.uid]
    same_receiver = [c for c in state.connections if c.receiver == command.receiver]
    if command.uid is not None:
        if any(c.uid == command.uid and c.sender == command.sender for c in state.buried):
            return "disconnect.dead-is-gone"
        return "disconnect.uid-needs-its-sender" if same_uid else "disconnect.wrong-uid-removes-nothing"
    if command.receiver is None:
        return "disconnect.nothing-given-removes-nothing"
    if any(c.uid is not None and c.sender == command.sender for c in same_receiver):
        return "disconnect.receiver-does-not-find-a-uid"
    if command.sender is None and same_receiver:
        return "disconnect.without-sender-removes-only-that"
    if any(c.sender is None for c in same_receiver):
        return "disconnect.with-sender-keeps-the-general"
    return "disconnect.returns-false"


def _has_listeners(state: State, sender: str | None) -> tuple[State, Expectation]:
    matching = [c for c in state.connections if c.hears(sender)]
    after = replace(state, asked=state.asked | {sender})
    return after, Expectation(bool(matching), _why_listeners(state, matching, sender))


def _why_listeners(state: State, matching: list[Connection], sender: str | None) -> str:
    remembered = state.caching and sender in state.asked
    if matching:
        if remembered:
            return "caching.connect-is-seen-after-silence"
        general = any(c.sender is None for c in matching)
        return "listeners.general-counts-for-all" if general else "listeners.true-for-its-sender"
    if any(c.hears(sender) for c in state.removed):
        return "caching.disconnect-is-seen" if remembered else "listeners.false-after-disconnect"
    if any(c.hears(sender) for c in state.buried):
        return "caching.death-is-seen" if remembered else "listeners.false-after-death"
    return "listeners.no-sender-asks-for-the-general" if sender is None else "listeners.false-for-another-sender"


def _send(state: State, command: Send, acts: Acts) -> tuple[State, Expectation]:
    """Call the receivers of the live connections, in order; each may act once, and all called are settled before."""
    settled = sorted(
        (c for c in state.connections if c.hears(command.sender)), key=lambda c: c.receiver in state.awaited
    )
    called = tuple((c.receiver, _why_called(state, c, command.sender)) for c in settled)
    silent = tuple(_silent(state, command.sender))
    general = "send.returns-a-list-of-pairs" if settled else "send.nobody-listens"
    after = replace(state, asked=state.asked | {command.sender})
    notes: list[Value] = []
    responses: list[str] = []
    for i, connection in enumerate(settled):
        receiver = connection.receiver
        notes.append(receiver)
        act = acts.get(receiver)
        if act is None or receiver in after.spent:
            responses.append(receiver)
            continue
        after = replace(after, spent=after.spent | {receiver})
        general = WHILE_RUNNING.get(type(act), general)
        if not isinstance(act, Fail):
            before = after
            after, inner = step(after, act, acts)
            changed = set(before.connections).symmetric_difference(after.connections)
            after = replace(after, changed_by_receivers=after.changed_by_receivers | changed)
            rest = tuple((c.receiver, _why_undisturbed(c, act, changed)) for c in settled[i + 1 :])
            called = (*called[: i + 1], *rest)
            if isinstance(act, Connect):
                silent += ((act.receiver, "during.connect-waits"),)
            if isinstance(act, Send) and isinstance(inner.value, tuple):
                notes.extend(inner.value[0])
            notes.append((receiver, inner.value if isinstance(act, Send | HasListeners) else None))
            responses.append(receiver)
        elif command.robust:
            responses.append("ValueError")
            rest = tuple((name, "robust.calls-the-rest") for name, _ in called[i + 1 :])
            called = (*called[: i + 1], *rest)
            general = "robust.error-is-the-response"
        else:
            silent += tuple((c.receiver, "send.stops-at-an-exception") for c in settled[i + 1 :])
            raised = Expectation(
                (tuple(notes), Raised("ValueError")), "send.raises-what-a-receiver-raises", called[: i + 1], silent
            )
            return after, raised
    mixed = 0 < len({c.receiver for c in settled} & state.awaited) < len({c.receiver for c in settled})
    order = "concurrent.called-after-the-others" if mixed else "send.order"
    return after, Expectation((tuple(notes), tuple(responses)), general, called, silent, order)


WHILE_RUNNING: Mapping[type[Command], str] = {
    Connect: "during.connect-waits",
    Disconnect: "during.disconnect-waits",
    Drop: "during.death-waits",
    Send: "during.nested-sends-are-whole",
    HasListeners: "during.listeners-tells-about-now",
}
"""Which clause governs a dispatch in which a receiver does something."""


def _why_undisturbed(connection: Connection, act: Command, changed: set[Connection]) -> str:
    """Return the clause that says why a receiver keeps its turn, whatever another one did before it."""
    if connection in changed:
        return "during.disconnect-waits"
    dropped = isinstance(act, Drop) and act.party == connection.receiver
    return "during.death-waits" if dropped else "during.others-keep-their-turn"


def _why_called(state: State, connection: Connection, sender: str | None) -> str:
    """Return the most specific clause that says why a dispatch of `sender` calls the receiver of `connection`."""
    receiver, of, _, uid = connection
    others = [c for c in state.connections if c is not connection]
    if connection in state.changed_by_receivers:
        return "during.connect-is-heard-next"
    if state.caching and sender in state.asked:
        return "caching.general-connect-is-seen" if of is None else "caching.connect-is-seen"
    if receiver in state.dropped and not connection.weak:
        return "lifetime.strong-keeps-the-receiver"
    if uid is not None:
        if any(c.key == connection.key for c in state.buried):
            return "uids.free-after-death"
        if any(c.key == connection.key for c in state.removed):
            return "uids.free-after-disconnect"
        if any(c.uid == uid and c.sender != of for c in others):
            return "uids.scoped-by-sender"
        if any(c.receiver == receiver and c.uid not in (None, uid) and c.sender == of for c in others):
            return "uids.different-uids-differ"
        if any(c.key == connection.key and c.receiver != receiver for c in state.ignored):
            return "uids.first-wins"
    if any(c.receiver == receiver and (c.uid is None) != (uid is None) and c.sender == of for c in others):
        return "uids.with-and-without"
    if any(c.key == connection.key for c in state.removed):
        return "connect.again-after-disconnect"
    if state.buried:
        gone = any(c.sender in state.dropped for c in state.buried)
        return "lifetime.dead-sender-leaves-the-others" if gone else "lifetime.death-leaves-the-others"
    if any(c.receiver == receiver for c in state.removed):
        return "disconnect.only-that-sender"
    if state.removed:
        return "disconnect.only-that-receiver"
    if any(c.receiver == receiver and c.hears(sender) for c in others):
        return "connect.with-and-without-sender"
    if any(c.receiver == receiver for c in others):
        return "connect.each-sender-its-own"
    return "connect.without-sender-hears-all" if of is None else "connect.connected-is-called"


def _silent(state: State, sender: str | None) -> list[tuple[str, str]]:
    """Return, for each receiver that might be called by mistake, the most specific clause that forbids it."""
    remembered = state.caching and sender in state.asked
    reasons: dict[str, str] = {}
    for c in state.connections:
        if not c.hears(sender):
            elsewhere = "caching.each-sender-its-own" if state.caching else "connect.hears-only-its-sender"
            reasons[c.receiver] = "connect.with-sender-misses-none" if sender is None else elsewhere
    for c in sorted(state.buried, key=repr):
        if c.hears(sender):
            reasons[c.receiver] = "caching.death-is-seen" if remembered else "lifetime.dead-receiver-is-not-called"
    for c in sorted(state.removed, key=repr):
        if c.hears(sender):
            by_receiver = c in state.changed_by_receivers
            at_rest = "caching.disconnect-is-seen" if remembered else "disconnect.removed-is-not-called"
            reasons[c.receiver] = "during.disconnect-is-heard-next" if by_receiver else at_rest
    for c in sorted(state.ignored, key=repr):
        if c.hears(sender):
            plain = "connect.duplicate-is-ignored" if c.sender else "connect.duplicate-without-sender-is-ignored"
            reasons[c.receiver] = plain if c.uid is None else "uids.one-connection-each"
    return sorted(reasons.items())

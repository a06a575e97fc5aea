"""Attribution: which clause says that what the model tells must happen, and which one a target breaks.

The model need not know the past to tell what a signal does. To tell the clause that says so, it takes what has
happened to the signal so far: a `History`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from signalspec.programs.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.programs.model import Acts, Connection, Event, State, Value, connection_of, step
from signalspec.programs.outcomes import Raised


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


@dataclass(frozen=True)
class History:
    """What has happened to a signal.

    `removed`, `ignored` and `buried` are former connections, refused duplicates and connections that died; `asked`
    are the senders whose receivers have been looked up, which a cache may remember; `changed_by_receivers` are the
    connections that were made or removed during a dispatch.
    """

    caching: bool = False
    removed: frozenset[Connection] = frozenset()
    ignored: frozenset[Connection] = frozenset()
    buried: frozenset[Connection] = frozenset()
    asked: frozenset[str | None] = frozenset()
    changed_by_receivers: frozenset[Connection] = frozenset()

    def after(self, event: Event) -> History:
        """Return the history with `event`, and with all that receivers did in it."""
        command = event.command
        gone = frozenset(event.before.connections).difference(event.after.connections)
        match command:
            case Connect() if event.after is event.before:
                return replace(self, ignored=self.ignored | {connection_of(command)})
            case Disconnect():
                found = {each for each in gone if each.key == connection_of(command).key}
                return replace(self, removed=self.removed | found, buried=self.buried | (gone - found))
            case HasListeners(sender):
                return replace(self, asked=self.asked | {sender})
            case Drop():
                return replace(self, buried=self.buried | gone)
            case Send(sender):
                history = replace(self, asked=self.asked | {sender})
                for turn in event.turns:
                    if turn.event is not None:
                        history = history.after(turn.event)
                        changed = history.changed_by_receivers | _changed(turn.event)
                        history = replace(history, changed_by_receivers=changed)
                return history
            case Connect() | Fail():
                return self
            case _:
                assert_never(command)

    def remembers(self, sender: str | None) -> bool:
        """Whether a cache may remember who listens to `sender`."""
        return self.caching and sender in self.asked


@dataclass(frozen=True)
class Situation:
    """A signal as it is, and what has happened to it."""

    state: State
    history: History

    @classmethod
    def of_new_signal(cls, caching: bool = False, awaited: frozenset[str] = frozenset()) -> Situation:
        """Return that of a signal that nothing has happened to; the receivers `awaited` are asynchronous."""
        return cls(State(awaited=awaited), History(caching))

    def after(self, command: Command, acts: Acts) -> tuple[Situation, Expectation]:
        """Return what it becomes by `command`, and what must be observed."""
        event = step(self.state, command, acts)
        return Situation(event.after, self.history.after(event)), _expectation(self.history, event)


def _changed(event: Event) -> frozenset[Connection]:
    return frozenset(event.before.connections).symmetric_difference(event.after.connections)


def _expectation(history: History, event: Event) -> Expectation:
    match event.command:
        case Connect():
            return Expectation(event.value, "connect.returns-none")
        case Disconnect() as command if event.value:
            return Expectation(event.value, "disconnect.by-uid" if command.uid else "disconnect.returns-true")
        case Disconnect() as command:
            return Expectation(event.value, _why_nothing_is_removed(history, event.before, command))
        case HasListeners(sender):
            return Expectation(event.value, _why_listeners(history, event.before, sender))
        case Drop():
            return Expectation(event.value, "lifetime.weak-by-default")
        case Send() as command:
            return _of_send(history, event, command)
        case Fail():
            raise ValueError("Only a receiver can fail.")
        case _:
            assert_never(event.command)


def _why_nothing_is_removed(history: History, state: State, command: Disconnect) -> str:
    same_uid = [c for c in state.connections if c.uid == command.uid]
    same_receiver = [c for c in state.connections if c.receiver == command.receiver]
    if command.uid is not None:
        if any(c.uid == command.uid and c.sender == command.sender for c in history.buried):
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


def _why_listeners(history: History, state: State, sender: str | None) -> str:
    remembered = history.remembers(sender)
    if matching := state.heard_by(sender):
        if remembered:
            return "caching.connect-is-seen-after-silence"
        general = any(c.sender is None for c in matching)
        return "listeners.general-counts-for-all" if general else "listeners.true-for-its-sender"
    if any(c.hears(sender) for c in history.removed):
        return "caching.disconnect-is-seen" if remembered else "listeners.false-after-disconnect"
    if any(c.hears(sender) for c in history.buried):
        return "caching.death-is-seen" if remembered else "listeners.false-after-death"
    return "listeners.no-sender-asks-for-the-general" if sender is None else "listeners.false-for-another-sender"


WHILE_RUNNING: Mapping[type[Command], str] = {
    Connect: "during.connect-waits",
    Disconnect: "during.disconnect-waits",
    Drop: "during.death-waits",
    Send: "during.nested-sends-are-whole",
    HasListeners: "during.listeners-tells-about-now",
}
"""Which clause governs a dispatch in which a receiver does something."""


def _of_send(history: History, event: Event, command: Send) -> Expectation:
    sender, due = command.sender, event.due
    called = tuple((c.receiver, _why_called(history, event.before, c, sender)) for c in due)
    silent = _silent(history, event.before, sender)
    general = "send.returns-a-list-of-pairs" if due else "send.nobody-listens"
    for i, (_, act, inner) in enumerate(event.turns, 1):
        if inner is not None:
            general = WHILE_RUNNING[type(inner.command)]
            called = called[:i] + tuple((c.receiver, _why_undisturbed(c, inner)) for c in due[i:])
            if isinstance(act, Connect):
                silent += ((act.receiver, "during.connect-waits"),)
        elif isinstance(act, Fail) and command.robust:
            general = "robust.error-is-the-response"
            called = called[:i] + tuple((name, "robust.calls-the-rest") for name, _ in called[i:])
        elif isinstance(act, Fail):
            silent += tuple((c.receiver, "send.stops-at-an-exception") for c in due[i:])
            return Expectation(event.value, "send.raises-what-a-receiver-raises", called[:i], silent)
    awaited = {c.receiver for c in due} & event.before.awaited
    mixed = 0 < len(awaited) < len({c.receiver for c in due})
    order = "concurrent.called-after-the-others" if mixed else "send.order"
    return Expectation(event.value, general, called, silent, order)


def _why_undisturbed(connection: Connection, event: Event) -> str:
    """Return the clause that says why a receiver keeps its turn, whatever another one did before it."""
    if connection in _changed(event):
        return "during.disconnect-waits"
    dropped = isinstance(event.command, Drop) and event.command.party == connection.receiver
    return "during.death-waits" if dropped else "during.others-keep-their-turn"


def _why_called(history: History, state: State, connection: Connection, sender: str | None) -> str:
    """Return the most specific clause that says why a dispatch of `sender` calls the receiver of `connection`."""
    receiver, of, _, uid = connection
    others = [c for c in state.connections if c is not connection]
    if connection in history.changed_by_receivers:
        return "during.connect-is-heard-next"
    if history.remembers(sender):
        return "caching.general-connect-is-seen" if of is None else "caching.connect-is-seen"
    if receiver in state.dropped and not connection.weak:
        return "lifetime.strong-keeps-the-receiver"
    if uid is not None and (because_of_uids := _why_called_by_uid(history, connection, others)):
        return because_of_uids
    if any(c.receiver == receiver and (c.uid is None) != (uid is None) and c.sender == of for c in others):
        return "uids.with-and-without"
    if any(c.key == connection.key for c in history.removed):
        return "connect.again-after-disconnect"
    if history.buried:
        gone = any(c.sender in state.dropped for c in history.buried)
        return "lifetime.dead-sender-leaves-the-others" if gone else "lifetime.death-leaves-the-others"
    if any(c.receiver == receiver for c in history.removed):
        return "disconnect.only-that-sender"
    if history.removed:
        return "disconnect.only-that-receiver"
    if any(c.receiver == receiver and c.hears(sender) for c in others):
        return "connect.with-and-without-sender"
    if any(c.receiver == receiver for c in others):
        return "connect.each-sender-its-own"
    return "connect.without-sender-hears-all" if of is None else "connect.connected-is-called"


def _why_called_by_uid(history: History, connection: Connection, others: list[Connection]) -> str | None:
    receiver, of, _, uid = connection
    if any(c.key == connection.key for c in history.buried):
        return "uids.free-after-death"
    if any(c.key == connection.key for c in history.removed):
        return "uids.free-after-disconnect"
    if any(c.uid == uid and c.sender != of for c in others):
        return "uids.scoped-by-sender"
    if any(c.receiver == receiver and c.uid not in (None, uid) and c.sender == of for c in others):
        return "uids.different-uids-differ"
    if any(c.key == connection.key and c.receiver != receiver for c in history.ignored):
        return "uids.first-wins"
    return None


def _silent(history: History, state: State, sender: str | None) -> tuple[tuple[str, str], ...]:
    """Return, for each receiver that might be called by mistake, the most specific clause that forbids it."""
    remembered = history.remembers(sender)
    reasons: dict[str, str] = {}
    for c in state.connections:
        if not c.hears(sender):
            elsewhere = "caching.each-sender-its-own" if history.caching else "connect.hears-only-its-sender"
            reasons[c.receiver] = "connect.with-sender-misses-none" if sender is None else elsewhere
    for c in sorted(history.buried, key=repr):
        if c.hears(sender):
            reasons[c.receiver] = "caching.death-is-seen" if remembered else "lifetime.dead-receiver-is-not-called"
    for c in sorted(history.removed, key=repr):
        if c.hears(sender):
            by_receiver = c in history.changed_by_receivers
            at_rest = "caching.disconnect-is-seen" if remembered else "disconnect.removed-is-not-called"
            reasons[c.receiver] = "during.disconnect-is-heard-next" if by_receiver else at_rest
    for c in sorted(history.ignored, key=repr):
        if c.hears(sender):
            plain = "connect.duplicate-is-ignored" if c.sender else "connect.duplicate-without-sender-is-ignored"
            reasons[c.receiver] = plain if c.uid is None else "uids.one-connection-each"
    return tuple(sorted(reasons.items()))


def blame(expectation: Expectation, observed: object) -> str:
    """Return the most specific clause that forbids what was observed.

    A call that is missing breaks the clause that demands it, one too many the clause that forbids it; then come the
    order of the calls, and what the command itself returns.
    """
    if not isinstance(expectation.value, tuple) or not isinstance(observed, tuple):
        return expectation.general
    (_, outcome), (_, seen_outcome) = expectation.value, observed
    if isinstance(outcome, Raised) != isinstance(seen_outcome, Raised):
        return expectation.general
    expected_calls, seen_calls = [*calls(expectation.value)], [*calls(observed)]
    missing = Counter(expected_calls) - Counter(seen_calls)
    for name, clause in expectation.called:
        if name in missing:
            return clause
    extra = Counter(seen_calls) - Counter(expected_calls)
    for name in extra:
        return dict(expectation.silent).get(name, "send.each-connection-once")
    return expectation.order if expected_calls != seen_calls else expectation.general


def calls(observed: object) -> Iterator[str]:
    """Yield whom a send has called, in order; nobody where it is no send that was observed."""
    if isinstance(observed, tuple):
        yield from (note for note in observed[0] if isinstance(note, str))

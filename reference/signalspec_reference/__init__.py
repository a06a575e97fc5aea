"""The reference implementation of Django-style signals: every clause of the standard, and nothing else.

A signal keeps its connections in one ordered table. What a dispatch needs is derived from the table and kept until it
changes: the references that the dispatches of a sender resolve, its *route*. Every sender that somebody connected to
has a route of its own, all others share one. So connecting takes constant time, and dispatching is a single loop.
"""

from __future__ import annotations

import inspect
import logging
import sys
import threading
import weakref
from collections.abc import Callable
from types import MethodType
from typing import Any, NamedTuple, TypeVar

__all__ = ["Signal", "receiver"]

Receiver = Callable[..., Any]
Function = TypeVar("Function", bound=Receiver)
Response = tuple[Receiver, Any]
Reference = Callable[[], Any]
Identity = int | tuple[int, int]
Route = tuple[Reference, ...]
Plan = tuple[dict[Identity, Route | None], Route]

ANY_SENDER = id(None)

logger = logging.getLogger("django.dispatch")


class Connection(NamedTuple):
    """One row of the table: how to reach the receiver, and how to reach the sender if there is one."""

    receiver: Reference
    sender: Reference | None

    @property
    def live(self) -> bool:
        return self.receiver() is not None and (self.sender is None or self.sender() is not None)


def identity(party: Any) -> Identity:
    """Return what tells a live receiver or sender from every other live one.

    A bound method is made anew at each access, so it is told by its instance and its function, not by its address
    (parties.bound-method-identity, parties.bound-method-sender). Everything else is told by address, never by
    equality, truth or hash (parties.receiver-identity, parties.sender-identity).
    """
    if isinstance(party, MethodType):
        return (id(party.__self__), id(party.__func__))
    return id(party)


def reference(party: Any, on_death: Callable[[Any], object]) -> Reference:
    """Return a weak reference that dies with a bound method's instance or function, not with the method object
    (lifetime.weak-method-follows-instance). Raise `TypeError` where `party` cannot be referenced weakly
    (connect.weak-needs-a-weak-reference).
    """
    return (weakref.WeakMethod if isinstance(party, MethodType) else weakref.ref)(party, on_death)


def accepts_any_keyword(function: Receiver) -> bool:
    """Tell whether `function` takes ``**kwargs``; an unknown signature has the benefit of the doubt."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return True
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)


def check_receiver(function: Any) -> None:
    """Refuse a receiver that cannot work, where Django's settings have DEBUG on (debug.*).

    Nobody can have configured Django's settings where nobody has imported them, so they are never imported here.
    """
    conf = sys.modules.get("django.conf")
    if conf is None or not (conf.settings.configured and conf.settings.DEBUG):
        return
    if not callable(function):
        raise TypeError(f"A receiver must be callable: {function!r} is not.")
    if not accepts_any_keyword(function):
        raise ValueError(f"A receiver must accept any keyword argument (**kwargs): {function!r} does not.")


class Signal:
    """A signal: receivers connect to it, senders send it.

    `use_caching` is accepted and changes nothing: routes are always kept, and keep every clause of ``caching.*``.
    """

    def __init__(self, use_caching: bool = False) -> None:
        self._connections: dict[tuple[Any, Identity], Connection] = {}
        self._plan: Plan | None = None
        # A weak reference that dies appends itself here. The list knows nothing of the signal, so that no receiver
        # keeps a signal alive (lifetime.signal-is-freed), and appending needs no lock, so that a death may come at
        # any moment.
        self._deaths: list[Any] = []
        self._lock = threading.RLock()

    def connect(self, receiver: Receiver, sender: Any = None, weak: bool = True, dispatch_uid: Any = None) -> None:
        """Connect `receiver` to the dispatches of `sender`, or of all senders where it is ``None`` (connect.*).

        A connection that exists is left as it is (connect.duplicate-is-ignored, uids.first-wins). Raise `TypeError`
        where `weak` is asked for and impossible; under DEBUG also `TypeError` for a receiver that is not callable
        and `ValueError` for one that does not take ``**kwargs``. Nothing changes where it raises
        (connect.refusal-changes-nothing).
        """
        check_receiver(receiver)
        on_death = self._deaths.append
        held = reference(receiver, on_death) if weak else lambda: receiver
        connection = Connection(held, None if sender is None else self._refer_to_sender(sender))
        key = lookup_key(receiver, sender, dispatch_uid)
        with self._lock:
            if self._deaths:
                self._bury()
            if key not in self._connections:
                self._connections[key] = connection
                self._plan = None

    def disconnect(self, receiver: Receiver | None = None, sender: Any = None, dispatch_uid: Any = None) -> bool:
        """Remove the connection with this uid and sender, or of this receiver and sender; tell whether there was one
        (disconnect.*). With a uid the receiver does not matter (disconnect.uid-outranks-receiver).
        """
        with self._lock:
            if self._deaths:
                self._bury()
            removed = self._connections.pop(lookup_key(receiver, sender, dispatch_uid), None)
            if removed is not None:
                self._plan = None
        return removed is not None

    def has_listeners(self, sender: Any = None) -> bool:
        """Tell whether a dispatch of `sender` would call anybody (listeners.*)."""
        return bool(self._receivers(sender))

    def send(self, /, sender: Any, **named: Any) -> list[Response]:
        """Call the receivers of `sender` in the order of their connections; return ``[(receiver, response), …]``.

        Whatever a receiver raises propagates and ends the dispatch (send.*). The receivers are settled, and kept
        alive, before the first is called; no lock is held while they run (during.*).
        """
        if not self._connections:
            return []
        return [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in self._receivers(sender)]

    def send_robust(self, /, sender: Any, **named: Any) -> list[Response]:
        """Like `send`, but an `Exception` that a receiver raises is logged and stands as its response (robust.*)."""
        responses: list[Response] = []
        for receiver in self._receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception as error:
                response = error
                # Instances, partials and mocks have no qualified name (robust.unnamed-receiver).
                name = getattr(receiver, "__qualname__", None) or type(receiver).__qualname__
                # As a triple, or an exception that is false would not be taken for one.
                info = (type(error), error, error.__traceback__)
                logger.error("Error calling %s in Signal.send_robust() (%s)", name, error, exc_info=info)
            responses.append((receiver, response))
        return responses

    def _refer_to_sender(self, sender: Any) -> Reference:
        # A sender that cannot be referenced weakly is kept, or its address would one day be another's
        # (lifetime.address-of-a-dead-sender-without-weak-references).
        try:
            return reference(sender, self._deaths.append)
        except TypeError:
            return lambda: sender

    def _bury(self) -> None:
        """Drop the connections whose receiver or sender has died (lifetime.*)."""
        with self._lock:
            self._deaths.clear()
            self._connections = {key: row for key, row in self._connections.items() if row.live}
            self._plan = None

    def _receivers(self, sender: Any) -> list[Receiver]:
        """Return the live receivers of `sender`, in the order of their connections (send.order)."""
        if self._deaths:
            self._bury()
        routes, shared = self._plan or self._make_plan()
        who = identity(sender) if type(sender) is MethodType else id(sender)
        route = routes.get(who, shared)
        if route is None:
            route = self._make_route(routes, who)
        return [receiver for held in route if (receiver := held()) is not None]

    def _make_plan(self) -> Plan:
        """Plan a route of its own, not made yet, for each sender with connections, and one that all others share."""
        with self._lock:
            rows = self._connections.items()
            shared = tuple(row.receiver for (_, of), row in rows if of == ANY_SENDER)
            self._plan = dict.fromkeys(of for (_, of), _ in rows if of != ANY_SENDER), shared
            return self._plan

    def _make_route(self, routes: dict[Identity, Route | None], who: Identity) -> Route:
        with self._lock:
            rows = self._connections.items()
            routes[who] = route = tuple(row.receiver for (_, of), row in rows if of in (ANY_SENDER, who))
            return route


def lookup_key(receiver: Any, sender: Any, dispatch_uid: Any) -> tuple[Any, Identity]:
    """Return what makes two connections the same: who receives, or the uid in its place, and the sender.

    A uid is wrapped, so that none can pass for a receiver's identity (uids.never-a-receiver).
    """
    return (identity(receiver) if dispatch_uid is None else ("uid", dispatch_uid), identity(sender))


def receiver(signal: Any, **options: Any) -> Callable[[Function], Function]:
    """Return a decorator that connects a function to `signal`, or to each of a list or tuple of signals, with the
    `options` of `Signal.connect`, and returns the function as it is (decorator.*).
    """

    def connect(function: Function) -> Function:
        for each in signal if isinstance(signal, list | tuple) else (signal,):
            each.connect(function, **options)
        return function

    return connect

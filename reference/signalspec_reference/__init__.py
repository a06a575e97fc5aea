"""The reference implementation of Django-style signals: every clause of the standard, and nothing else.

A signal keeps its connections in one ordered table. What a dispatch needs is derived from the table and kept until it
changes: the references that the dispatches of a sender resolve, its *route*. Every sender that somebody connected to
has a route of its own, all others share one. So connecting takes constant time, and dispatching is a single loop.
Receivers that are asynchronous are kept apart in a route, since every dispatch calls them after the others.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import logging
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Mapping
from types import FunctionType, MethodType
from typing import Any, NamedTuple, TypeVar

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async

__all__ = ["Signal", "receiver"]

Receiver = Callable[..., Any]
Function = TypeVar("Function", bound=Receiver)
Respond = Callable[[Receiver], Coroutine[Any, Any, Any]]
Response = tuple[Receiver, Any]
Named = Mapping[str, Any]
Reference = Callable[[], Any]
Identity = int | tuple[int, int]
Route = tuple[tuple[Reference, ...], tuple[Reference, ...]]
Plan = tuple[dict[Identity, Route | None], Route]

ANY_SENDER = id(None)
UNSET = object()

logger = logging.getLogger("django.dispatch")


class Connection(NamedTuple):
    """One row of the table: how to reach the receiver, and the sender if there is one."""

    receiver: Reference
    asynchronous: bool
    sender: Reference | None

    @property
    def live(self) -> bool:
        return self.receiver() is not None and (self.sender is None or self.sender() is not None)


def identity(party: Any) -> Identity:
    """Return what tells a live receiver or sender from every other live one.

    A bound method, made anew at each access, is told by its instance and function (parties.bound-method-identity),
    everything else by address, never by equality, truth or hash (parties.receiver-identity, parties.sender-identity).
    """
    if type(party) is MethodType:
        return (id(party.__self__), id(party.__func__))
    return id(party)


def reference(party: Any, on_death: Callable[[Any], object]) -> Reference:
    """Return a weak reference, of a bound method one that dies with its instance or function; or raise `TypeError`
    (lifetime.weak-method-follows-its-instance, connect.weak-needs-a-weak-reference).
    """
    return (weakref.WeakMethod if type(party) is MethodType else weakref.ref)(party, on_death)


def is_asynchronous(receiver: Any) -> bool:
    """Tell whether a dispatch awaits `receiver`: what it calls is, or is marked as, a coroutine function."""
    while isinstance(receiver, functools.partial):
        receiver = receiver.func
    instance = not isinstance(receiver, FunctionType)  # A function is what it says, and most receivers are functions.
    return iscoroutinefunction(receiver) or (instance and iscoroutinefunction(type(receiver).__call__))


def route_of(rows: list[Connection]) -> Route:
    """Return the references to the receivers of `rows`, the asynchronous ones apart."""
    direct = tuple([row.receiver for row in rows if not row.asynchronous])
    return direct, tuple([row.receiver for row in rows if row.asynchronous])


def log_failure(receiver: Receiver, error: Exception) -> None:
    """Log that `receiver` failed (robust.logs-each-failure)."""
    # Instances, partials and mocks have no qualified name (robust.unnamed-receiver).
    name = getattr(receiver, "__qualname__", None) or type(receiver).__qualname__
    # As a triple, or an exception that is false would not be taken for one.
    info = (type(error), error, error.__traceback__)
    logger.error("Error calling %s in Signal.send_robust() (%s)", name, error, exc_info=info)


async def run_together(respond: Respond, receivers: list[Receiver]) -> list[Any]:
    """Return what `respond` returns for each of the receivers, which run concurrently.

    The first that raises has the others cancelled; when all are done, all that was raised propagates (failing.*).
    They share a copy of the context; what they set in it is carried back (context.*).
    """
    before = contextvars.copy_context()
    shared = before.copy()
    loop = asyncio.get_running_loop()
    left, over = len(receivers), loop.create_future()
    failed: list[asyncio.Task[Any]] = []
    cancelled: asyncio.CancelledError | None = None

    def note_end(done: asyncio.Task[Any]) -> None:
        nonlocal left
        left -= 1
        if done.cancelled() or done.exception() is not None:
            if not failed and cancelled is None:  # A second time would interrupt who cleans up after the first.
                for task in tasks:
                    task.cancel()
            failed.append(done)
        if not left and not over.done():
            over.set_result(None)

    tasks = [loop.create_task(respond(receiver), context=shared) for receiver in receivers]
    for task in tasks:
        task.add_done_callback(note_end)
    while left:
        try:
            await over
        except asyncio.CancelledError as error:
            cancelled, over = error, loop.create_future()
            for task in tasks:
                task.cancel()
    for variable, value in shared.items():
        # By identity, since values need not be comparable (context.values-are-not-compared).
        if before.get(variable, UNSET) is not value:
            variable.set(value)
    errors = [raised for task in failed if not task.cancelled() and (raised := task.exception()) is not None]
    if len(errors) > 1:
        raise BaseExceptionGroup("Several receivers failed.", errors)
    if errors:
        raise errors[0]
    if cancelled is not None:
        raise cancelled
    return [task.result() for task in tasks]


def accepts_any_keyword(function: Receiver) -> bool:
    """Tell whether `function` takes ``**kwargs``; an unknown signature has the benefit of the doubt."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return True
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)


def check_receiver(function: Any) -> None:
    """Refuse a receiver that cannot work, where Django's settings have been imported and have DEBUG on (debug.*)."""
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
        # The lock lets its own thread in again, since a finalizer may use the signal in the midst of any method. So
        # nothing here relies on the table while it is worked on: what is derived from it comes from a copy, and is
        # derived again where the table has changed (threads.*).
        self._changes = 0
        # A weak reference that dies appends itself here. The list knows nothing of the signal, so that no receiver
        # keeps a signal alive (lifetime.signal-is-freed), and appending needs no lock, so that a death may come at
        # any moment.
        self._deaths: list[Any] = []
        self._lock = threading.RLock()

    def connect(self, receiver: Receiver, sender: Any = None, weak: bool = True, dispatch_uid: Any = None) -> None:
        """Connect `receiver` to the dispatches of `sender`, or of all senders where it is ``None`` (connect.*).

        A connection that exists is left as it is (connect.duplicate-is-ignored, uids.first-wins). Raise `TypeError`
        where `weak` is impossible, and what the checks raise (debug.*); nothing changes then.
        """
        check_receiver(receiver)
        on_death = self._deaths.append
        held = reference(receiver, on_death) if weak else lambda: receiver
        of = None if sender is None else self._refer_to_sender(sender)
        connection = Connection(held, is_asynchronous(receiver), of)
        key = lookup_key(receiver, sender, dispatch_uid)
        with self._lock:
            if self._deaths:
                self._bury()
            if key not in self._connections:
                self._connections[key] = connection
                self._change()

    def disconnect(self, receiver: Receiver | None = None, sender: Any = None, dispatch_uid: Any = None) -> bool:
        """Remove the connection with this uid, or of this receiver, and sender; tell whether there was one."""
        with self._lock:
            if self._deaths:
                self._bury()
            removed = self._connections.pop(lookup_key(receiver, sender, dispatch_uid), None)
            if removed is not None:
                self._change()
        return removed is not None

    def has_listeners(self, sender: Any = None) -> bool:
        """Tell whether a dispatch of `sender` would call anybody (listeners.*)."""
        return any(self._receivers(sender))

    def send(self, /, sender: Any, **named: Any) -> list[Response]:
        """Call the receivers of `sender` in the order of their connections; return ``[(receiver, response), …]``.

        What a receiver raises ends the dispatch (send.*). All are settled before the first is called (during.*).
        """
        if not self._connections:
            return []
        direct, awaited = self._receivers(sender)
        responses = [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]
        if awaited:
            responses += async_to_sync(self._await)(awaited, sender, named)
        return responses

    def send_robust(self, /, sender: Any, **named: Any) -> list[Response]:
        """Like `send`, but an `Exception` that a receiver raises is logged and stands as its response (robust.*)."""
        direct, awaited = self._receivers(sender)
        responses = self._call_robustly(direct, sender, named)
        if awaited:
            responses += async_to_sync(self._await_robustly)(awaited, sender, named)
        return responses

    async def asend(self, /, sender: Any, **named: Any) -> list[Response]:
        """Like `send`, for asynchronous callers; the receivers that are not run in a thread (asend.*)."""
        direct, awaited = self._receivers(sender)
        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []
        if awaited:
            responses += await self._await(awaited, sender, named)
        return responses

    async def asend_robust(self, /, sender: Any, **named: Any) -> list[Response]:
        """Like `asend`, but an `Exception` that a receiver raises is logged and is its response (arobust.*)."""
        direct, awaited = self._receivers(sender)
        responses = await sync_to_async(self._call_robustly)(direct, sender, named) if direct else []
        if awaited:
            responses += await self._await_robustly(awaited, sender, named)
        return responses

    def _call(self, receivers: list[Receiver], sender: Any, named: Named) -> list[Response]:
        return [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in receivers]

    def _call_robustly(self, receivers: list[Receiver], sender: Any, named: Named) -> list[Response]:
        responses: list[Response] = []
        for receiver in receivers:
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception as error:
                log_failure(receiver, error)
                response = error
            responses.append((receiver, response))
        return responses

    async def _await(self, receivers: list[Receiver], sender: Any, named: Named) -> list[Response]:
        # A receiver is called within its task: a coroutine that was made before might never be awaited.
        async def respond(receiver: Receiver) -> Any:
            return await receiver(signal=self, sender=sender, **named)

        return list(zip(receivers, await run_together(respond, receivers), strict=True))

    async def _await_robustly(self, receivers: list[Receiver], sender: Any, named: Named) -> list[Response]:
        async def respond(receiver: Receiver) -> Any:
            try:
                return await receiver(signal=self, sender=sender, **named)
            except Exception as failure:
                log_failure(receiver, failure)
                return failure

        return list(zip(receivers, await run_together(respond, receivers), strict=True))

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
            for key, row in self._connections.copy().items():
                if not row.live and self._connections.get(key) is row:
                    del self._connections[key]
            self._change()

    def _receivers(self, sender: Any) -> tuple[list[Receiver], list[Receiver]]:
        """Return the live receivers of `sender`, the asynchronous ones apart, in order (send.order)."""
        if self._deaths:
            self._bury()
        routes, shared = self._plan or self._make_plan()
        who = identity(sender) if type(sender) is MethodType else id(sender)
        route = routes.get(who, shared)
        if route is None:
            route = self._make_route(routes, who)
        direct, awaited = route
        receivers = [receiver for held in direct if (receiver := held()) is not None]
        return receivers, [each for held in awaited if (each := held()) is not None] if awaited else []

    def _change(self) -> None:
        self._changes += 1
        self._plan = None

    def _make_plan(self) -> Plan:
        """Plan a route of its own, not made yet, for each sender with connections, and one that all others share."""
        with self._lock:
            while True:
                changes = self._changes
                rows = self._connections.copy().items()
                shared = route_of([row for (_, of), row in rows if of == ANY_SENDER])
                self._plan = plan = dict.fromkeys([of for (_, of), _ in rows if of != ANY_SENDER]), shared
                if changes == self._changes:
                    return plan

    def _make_route(self, routes: dict[Identity, Route | None], who: Identity) -> Route:
        with self._lock:
            rows = self._connections.copy().items()
            routes[who] = route = route_of([row for (_, of), row in rows if of in (ANY_SENDER, who)])
            return route


def lookup_key(receiver: Any, sender: Any, dispatch_uid: Any) -> tuple[Any, Identity]:
    """Return what makes two connections the same; no uid can pass for a receiver (uids.never-a-receiver)."""
    return (identity(receiver) if dispatch_uid is None else ("uid", dispatch_uid), identity(sender))


def receiver(signal: Any, **options: Any) -> Callable[[Function], Function]:
    """Return a decorator that connects to `signal`, or to each of several, with `options` (decorator.*)."""

    def connect(function: Function) -> Function:
        for each in signal if isinstance(signal, list | tuple) else (signal,):
            each.connect(function, **options)
        return function

    return connect

"""A plain dispatcher, written as most people write one: a list of rows, a lock, and a cache for those who ask for it.

It is sound. It is here to have faults planted in it: those that people make in code of this shape.
"""

from __future__ import annotations

import inspect
import logging
import threading
import weakref
from collections.abc import Callable
from types import MethodType
from typing import Any, NamedTuple

from django.conf import settings

logger = logging.getLogger("django.dispatch")


def make_id(party: Any) -> Any:
    """Tell a party by its address, and a bound method, which is made anew at each access, by its parts' addresses."""
    if type(party) is MethodType:
        return id(party.__self__), id(party.__func__)
    return id(party)


def make_key(receiver: Any, sender: Any, dispatch_uid: Any) -> Any:
    """Tell a connection by its receiver or its uid, and by its sender."""
    if dispatch_uid is not None:
        return ("uid", dispatch_uid), make_id(sender)
    return ("receiver", make_id(receiver)), make_id(sender)


def refer(party: Any, on_death: Callable[[Any], object] | None = None) -> Callable[[], Any]:
    """Refer to a party weakly, or raise `TypeError`."""
    if type(party) is MethodType:
        return weakref.WeakMethod(party, on_death)
    return weakref.ref(party, on_death)


def accepts_kwargs(receiver: Any) -> bool:
    """Tell whether a callable takes ``**kwargs``."""
    parameters = inspect.signature(receiver).parameters.values()
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)


class Row(NamedTuple):
    """One connection; the references return ``None`` once their party is dead."""

    key: Any
    receiver: Callable[[], Any]
    sender: Callable[[], Any] | None

    def is_live(self) -> bool:
        """Tell whether the receiver, and the sender if there is one, is live."""
        return self.receiver() is not None and (self.sender is None or self.sender() is not None)


class Signal:
    """A signal."""

    def __init__(self, use_caching: bool = False) -> None:
        self.use_caching = use_caching
        self.rows: list[Row] = []
        self.cache: dict[Any, tuple[Callable[[], Any], list[Row]]] = {}
        self.has_dead_rows = False
        self.lock = threading.RLock()

    def connect(self, receiver: Any, sender: Any = None, weak: bool = True, dispatch_uid: Any = None) -> None:
        """Connect a receiver to a sender, or to all."""
        if settings.configured and settings.DEBUG:
            if not callable(receiver):
                raise TypeError("A receiver must be callable.")
            if not accepts_kwargs(receiver):
                raise ValueError("A receiver must accept **kwargs.")
        key = make_key(receiver, sender, dispatch_uid)
        held = refer(receiver, self._note_death) if weak else lambda: receiver
        row = Row(key, held, self._hold_sender(sender))
        with self.lock:
            self._remove_dead_rows()
            if not any(other.key == key for other in self.rows):
                self.rows.append(row)
            self.cache.clear()

    def disconnect(self, receiver: Any = None, sender: Any = None, dispatch_uid: Any = None) -> bool:
        """Remove one connection, and tell whether there was one."""
        key = make_key(receiver, sender, dispatch_uid)
        with self.lock:
            self._remove_dead_rows()
            for index, row in enumerate(self.rows):
                if row.key == key:
                    del self.rows[index]
                    self.cache.clear()
                    return True
        return False

    def has_listeners(self, sender: Any = None) -> bool:
        """Tell whether a send would call anybody."""
        return bool(self._live_receivers(sender))

    def send(self, /, sender: Any, **named: Any) -> list[tuple[Any, Any]]:
        """Call the receivers, and let what they raise through."""
        responses = []
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=sender, **named)
            responses.append((receiver, response))
        return responses

    def send_robust(self, /, sender: Any, **named: Any) -> list[tuple[Any, Any]]:
        """Call the receivers, and take their errors for responses."""
        responses = []
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception as error:
                self._log_failure(receiver, error)
                response = error
            responses.append((receiver, response))
        return responses

    def _log_failure(self, receiver: Any, error: Exception) -> None:
        name = getattr(receiver, "__qualname__", None) or type(receiver).__qualname__
        info = (type(error), error, error.__traceback__)
        logger.error("%s failed in send_robust: %s", name, error, exc_info=info)

    def _hold_sender(self, sender: Any) -> Callable[[], Any] | None:
        if sender is None:
            return None
        try:
            return refer(sender, self._note_death)
        except TypeError:
            # What cannot be referenced weakly is kept, or its address would become another's.
            return lambda: sender

    def _note_death(self, _: Any) -> None:
        # The garbage collector may call this at any moment, also while the lock is held.
        self.has_dead_rows = True

    def _remove_dead_rows(self) -> None:
        if self.has_dead_rows:
            self.has_dead_rows = False
            self.rows = [row for row in self.rows if row.is_live()]
            self.cache.clear()

    def _live_receivers(self, sender: Any) -> list[Any]:
        with self.lock:
            self._remove_dead_rows()
            rows = self._cached_rows(sender) if self.use_caching else self._matching_rows(sender)
        receivers = [row.receiver() for row in rows]
        if any(receiver is None for receiver in receivers):
            # Who sees a death may be ahead of who notes it.
            self.has_dead_rows = True
        return [receiver for receiver in receivers if receiver is not None]

    def _matching_rows(self, sender: Any) -> list[Row]:
        wanted = (make_id(None), make_id(sender))
        return [row for row in self.rows if row.key[1] in wanted]

    def _cached_rows(self, sender: Any) -> list[Row]:
        guard, rows = self.cache.get(id(sender), (None, []))
        if guard is None or guard() is not sender:
            table = self.rows.copy()
            rows = self._matching_rows(sender)
            cache, address = self.cache, id(sender)
            try:  # noqa: SIM105
                # The address is another's once the sender is dead, so what is cached goes with it.
                cache[address] = weakref.ref(sender, lambda _: cache.pop(address, None)), rows
            except TypeError:
                pass
            # The lock lets in a finalizer of its own thread, which may have connected meanwhile.
            if list(map(id, table)) != list(map(id, self.rows)):
                cache.clear()
        return rows


def receiver(signal: Any, **options: Any) -> Callable[[Any], Any]:
    """Connect what is decorated to a signal, or to each of a list or tuple of signals."""

    def decorate(function: Any) -> Any:
        signals = signal if isinstance(signal, list | tuple) else [signal]
        for each in signals:
            each.connect(function, **options)
        return function

    return decorate

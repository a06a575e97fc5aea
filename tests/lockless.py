"""A dispatcher without a lock, which is sound: a change is one step of a dictionary, and a send takes a copy."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any


class Signal:
    """A signal for receivers that can be referenced weakly and are no methods."""

    def __init__(self) -> None:
        self._rows: dict[Any, Callable[[], Any]] = {}

    def connect(self, receiver: Any, sender: Any = None, weak: bool = True, dispatch_uid: Any = None) -> None:
        """Connect a receiver to a sender, or to all."""
        key = make_key(receiver, sender, dispatch_uid)
        held = weakref.ref(receiver) if weak else lambda: receiver
        while True:
            known = self._rows.setdefault(key, held)
            if known is held or known() is not None:
                return
            remove(self._rows, key, known)

    def disconnect(self, receiver: Any = None, sender: Any = None, dispatch_uid: Any = None) -> bool:
        """Remove one connection, and tell whether there was one."""
        removed = self._rows.pop(make_key(receiver, sender, dispatch_uid), None)
        return removed is not None and removed() is not None

    def has_listeners(self, sender: Any = None) -> bool:
        """Tell whether a send would call anybody."""
        return bool(self._live(sender))

    def send(self, sender: Any, **named: Any) -> list[tuple[Any, Any]]:
        """Call the receivers."""
        return [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in self._live(sender)]

    send_robust = send

    def _live(self, sender: Any) -> list[Any]:
        wanted = (id(None), id(sender))
        return [
            receiver
            for (_, of), held in self._rows.copy().items()
            if of in wanted and (receiver := held()) is not None
        ]


def make_key(receiver: Any, sender: Any, dispatch_uid: Any) -> Any:
    """Tell a connection by its receiver or its uid, and by its sender."""
    return (id(receiver) if dispatch_uid is None else ("uid", dispatch_uid)), id(sender)


def remove(rows: dict[Any, Any], key: Any, row: Any) -> None:
    """Remove a row, unless another has taken its place."""
    if rows.get(key) is row:
        del rows[key]

"""The reference in the place of `django.dispatch.dispatcher`, with the private names that Django's tests read."""

from __future__ import annotations

from typing import Any

import signalspec_reference
from signalspec_reference import Connection, identity, receiver

__all__ = ["Signal", "receiver"]


class Signal(signalspec_reference.Signal):
    """A signal that shows its table as Django's does."""

    @property
    def lock(self) -> Any:
        """What guards the table."""
        return self._lock

    @property
    def receivers(self) -> list[tuple[Any, Connection]]:
        """The live connections, each behind the key that it is found by."""
        self._bury()
        return list(self._connections.items())

    @receivers.setter
    def receivers(self, rows: list[tuple[Any, Connection]]) -> None:
        with self._lock:
            self._connections = dict(rows)
            self._change()

    def _clear_dead_receivers(self) -> None:
        self._bury()

    def _live_receivers(self, sender: Any) -> Any:
        return self._receivers(sender)


def _make_id(target: Any) -> Any:
    return identity(target)

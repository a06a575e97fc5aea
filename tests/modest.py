"""A sound dispatcher that has little, and says so: what it declines must be no demand on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random
from typing import Any

Receiver = Callable[..., Any]

CHOICE = Random(0)


class Signal:
    """Keeps its receivers, tells senders apart by equality, and calls in whatever order."""

    signalspec_claims = dict.fromkeys(
        ("order", "identity", "weak", "uids", "receivers", "listeners", "robust"), False
    )

    def __init__(self) -> None:
        self._connections: list[tuple[Receiver, Any]] = []
        self._lock = threading.RLock()

    def connect(self, receiver: Receiver, sender: Any = None, weak: bool = False) -> None:
        """Connect `receiver`, strongly."""
        with self._lock:
            if self._find(receiver, sender) is None:
                self._connections = [*self._connections, (receiver, sender)]

    def disconnect(self, receiver: Receiver | None = None, sender: Any = None) -> bool:
        """Undo `connect`; tell whether there was anything to undo."""
        with self._lock:
            found = self._find(receiver, sender)
            self._connections = [each for each in self._connections if each is not found]
        return found is not None

    def send(self, sender: Any, **named: Any) -> list[tuple[str, Any]]:
        """Call the receivers of `sender`, and those of all; return what each is called, and its response."""
        chosen = [receiver for receiver, of in self._connections if of is None or _are_same(of, sender)]
        CHOICE.shuffle(chosen)
        return [(type(each).__name__, each(signal=self, sender=sender, **named)) for each in chosen]

    def _find(self, receiver: Receiver | None, sender: Any) -> tuple[Receiver, Any] | None:
        for each in self._connections:
            same = each[0] is receiver or (hasattr(receiver, "__func__") and _parts(each[0]) == _parts(receiver))
            if same and _are_same(each[1], sender):
                return each
        return None


def _are_same(one: Any, two: Any) -> bool:
    return one is two or (one is not None and two is not None and one == two)


def _parts(method: Any) -> tuple[int, int]:
    return id(getattr(method, "__self__", method)), id(getattr(method, "__func__", method))

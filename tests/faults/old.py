"""The plain dispatcher as it was for Django 1.11: what has changed since, put back.

It is sound under ``django-1.11``, and has the faults planted in it that break what is in force only up to then.
"""

from __future__ import annotations

import warnings
from typing import Any

from faults import older, plain
from faults.plain import receiver

__all__ = ["Signal", "receiver"]


class Signal(older.Signal):
    """A signal of Django 1.11."""

    def __init__(self, providing_args: Any = None, use_caching: bool = False) -> None:
        plain.Signal.__init__(self, use_caching)
        self.providing_args = set(providing_args or ())

    def disconnect(  # type: ignore[override]
        self, receiver: Any = None, sender: Any = None, weak: Any = None, dispatch_uid: Any = None
    ) -> bool:
        """Remove one connection, and tell whether there was one."""
        if weak is not None:
            warnings.warn("Passing `weak` has no effect.", DeprecationWarning, stacklevel=2)
        return super().disconnect(receiver, sender, dispatch_uid)

    def _log_failure(self, receiver: Any, error: Exception) -> None:
        pass

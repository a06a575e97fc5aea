"""The plain dispatcher as it was for Django 1.8: what has changed since, put back.

It is sound under ``django-1.8``, and has the faults planted in it that break what is in force only there.
"""

from __future__ import annotations

from typing import Any

from faults import old
from faults.plain import receiver

__all__ = ["Signal", "receiver"]


class Signal(old.Signal):
    """A signal of Django 1.8."""

    def disconnect(  # type: ignore[override]
        self, receiver: Any = None, sender: Any = None, weak: Any = True, dispatch_uid: Any = None
    ) -> bool:
        """Remove one connection, and tell whether there was one."""
        return super().disconnect(receiver, sender, None, dispatch_uid)

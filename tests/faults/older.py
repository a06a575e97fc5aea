"""The plain dispatcher as it was for Django 3.2: what has changed since, put back.

It is sound under ``django-3.2``, and has the faults planted in it that break what is in force only there.
"""

from __future__ import annotations

import warnings
from typing import Any

from django.conf import settings

from faults import plain
from faults.plain import receiver

__all__ = ["Signal", "receiver"]


class Signal(plain.Signal):
    """A signal of Django 3.2."""

    def __init__(self, providing_args: Any = None, use_caching: bool = False) -> None:
        super().__init__(use_caching)
        if providing_args is not None:
            warnings.warn("providing_args is deprecated.", DeprecationWarning, stacklevel=2)

    def connect(self, receiver: Any, sender: Any = None, weak: bool = True, dispatch_uid: Any = None) -> None:
        """Connect a receiver to a sender, or to all."""
        if settings.configured and settings.DEBUG and not callable(receiver):
            raise AssertionError("A receiver must be callable.")
        super().connect(receiver, sender, weak, dispatch_uid)

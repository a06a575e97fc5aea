"""A plugin of pytest that puts the reference in the place of celery's dispatcher, whose `send` is robust."""

from __future__ import annotations

import importlib
from typing import Any

from peers import django_dispatcher


class Signal(django_dispatcher.Signal):
    """A signal that takes what celery's does, and knows nothing of retries."""

    def __init__(self, name: str = "", providing_args: Any = (), use_caching: bool = False) -> None:
        super().__init__(use_caching)

    def send(self, /, sender: Any, **named: Any) -> Any:
        """Send as celery does."""
        return self.send_robust(sender, **named)


vars(importlib.import_module("celery.utils.dispatch")).update(Signal=Signal)

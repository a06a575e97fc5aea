"""signals-py: a copy of Django's dispatcher, which reads settings of its own and wants to be told where they are."""

import os

os.environ.setdefault("SETTINGS_MODULE", "signals.global_settings")

from signals.dispatch import Signal, receiver

__all__ = ["Signal", "receiver"]

"""A Django that is configured, with databases of its own that are empty before each story.

Django's machinery for test databases makes them. There is one world in a process, and it stays.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

from signalspec.models.fixtures import ISLAND_OF, NAMES, preamble

MODULE = "signalspec_library"
"""The module that the models stand in; in a script it is ``__main__``."""

OLDEST = (2, 2)
"""The oldest release of Django whose ORM runs on the Pythons that the suite supports."""


class World:
    """The names that laws ask for, and a clean state for each story."""

    def __init__(self, databases: str | None = None) -> None:
        self._forget_another_configuration()
        module = ModuleType(MODULE)
        module.__file__ = f"{MODULE}.py"
        sys.modules[MODULE] = module
        exec(compile(preamble(NAMES, databases, with_other=True), module.__file__, "exec"), module.__dict__)
        self.names: dict[str, Any] = module.__dict__

        from django.apps import apps
        from django.db import connections
        from django.db.models import signals

        self._apps: Any = apps
        self._connections: Any = connections
        self._signals: list[Any] = [each for each in vars(signals).values() if isinstance(each, signals.Signal)]
        self._receivers = [list(each.receivers) for each in self._signals]
        self._models = {label: dict(models) for label, models in apps.all_models.items()}
        order = [self.names[name] for name in ISLAND_OF]
        through = [each for model in order for each in model._meta.local_many_to_many]
        self._tables = list(
            dict.fromkeys(
                [*(each.remote_field.through._meta.db_table for each in through)]
                + [each._meta.db_table for each in reversed(order) if not each._meta.abstract]
            )
        )

    @staticmethod
    def _forget_another_configuration() -> None:
        """Let Django be configured anew in this process, where it has been already: nobody else uses it here."""
        from django.apps import apps
        from django.conf import settings
        from django.utils.functional import empty

        settings.__dict__.clear()
        settings._wrapped = empty
        apps.apps_ready = apps.models_ready = apps.ready = False
        apps.app_configs.clear()
        apps.all_models.clear()
        apps.clear_cache()

    @contextmanager
    def story(self) -> Iterator[dict[str, Any]]:
        """Lend the names for one story, and take back all that it does."""
        try:
            yield self.names
        finally:
            self._disconnect()
            self._forget_models()
            for alias in self._connections:
                self._empty(self._connections[alias])

    def _disconnect(self) -> None:
        for signal, receivers in zip(self._signals, self._receivers, strict=True):
            with signal.lock:
                signal.receivers[:] = receivers
                signal.sender_receivers_cache.clear()

    def _forget_models(self) -> None:
        apps = self._apps
        apps._pending_operations.clear()
        if {label: dict(models) for label, models in apps.all_models.items() if models} != {
            label: models for label, models in self._models.items() if models
        }:
            for label in list(apps.all_models):
                known = self._models.get(label, {})
                for name in [name for name in apps.all_models[label] if name not in known]:
                    del apps.all_models[label][name]
            apps.clear_cache()

    def _empty(self, connection: Any) -> None:
        """Undo what is not committed, and delete what is."""
        connection.run_on_commit = []
        if connection.connection is not None and connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        connection.savepoint_ids = []
        connection.in_atomic_block = connection.needs_rollback = False
        if hasattr(connection, "atomic_blocks"):
            connection.atomic_blocks = []
        connection.commit_on_exit = True
        if connection.connection is not None and not connection.get_autocommit():
            connection.rollback()
            connection.set_autocommit(True)
        with self.names["transaction"].atomic(using=connection.alias), connection.cursor() as cursor:
            for table in self._tables:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence")


@cache
def the_world() -> World:
    """Return the world of this process, which is made once."""
    return World()


def is_possible() -> bool:
    """Tell whether the installed Django is one that this part covers."""
    import django

    return bool(django.VERSION[:2] >= OLDEST)


Program = Callable[[], tuple[Any, Any]]

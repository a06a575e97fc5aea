"""A Django that is configured, with databases of its own that are empty before each story.

Django's machinery for test databases makes them. There is one world in a process, and it stays. Databases on a server
are dropped by `runner/databases.py`, since a process may end at any moment.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from signalspec.models.fixtures import NAMES, preamble
from signalspec.standard.names import UserError
from signalspec.targets.setup import PLAIN, Setup

MODULE = "signalspec_library"
"""The module that the models stand in; in a script it is ``__main__``."""

OLDEST = (2, 2)
"""The oldest release of Django whose ORM runs on the Pythons that the suite supports."""


def executed(source: str) -> dict[str, Any]:
    """Execute what configures Django as the module that the models stand in; return its names."""
    module = ModuleType(MODULE)
    module.__file__ = f"{MODULE}.py"
    sys.modules[MODULE] = module
    exec(compile(source, module.__file__, "exec"), module.__dict__)
    return vars(module)


class GoneError(UserError):
    """The database server does not answer any more; the message is one sentence for the user."""


class World:
    """The names that laws ask for, and a clean state for each story."""

    def __init__(self, setup: Setup = PLAIN) -> None:
        self._setup = setup
        self._written: dict[str, set[str]] = {}
        self._forget_another_configuration()
        self.names = executed(preamble(NAMES, setup, with_other=True))

        from django.apps import apps
        from django.db import connections
        from django.db.models import signals

        self._apps: Any = apps
        self._connections: Any = connections
        self._signals: list[Any] = [each for each in vars(signals).values() if isinstance(each, signals.Signal)]
        self._receivers = [list(each.receivers) for each in self._signals]
        # Apps that a story installs keep their models, which are made when their modules are imported.
        self._models = {label: dict(models) for label, models in apps.all_models.items()}
        models = apps.get_app_config("library").get_models(include_auto_created=True)
        tables = [each._meta.db_table for each in models if each._meta.managed and not each._meta.proxy]
        self._tables = list(dict.fromkeys(reversed(tables)))
        if setup.database is not None:
            self._watch_what_is_written()

    @property
    def is_on_a_server(self) -> bool:
        """Tell whether the databases are those of a server."""
        return self._setup.database is not None

    def _watch_what_is_written(self) -> None:
        """Note which tables get rows: on a server it takes long to empty all."""
        from django.db.backends.signals import connection_created

        tables = re.compile(rf"\b({'|'.join(sorted(self._tables, key=len, reverse=True))})\b")

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not sql.startswith("SELECT"):
                self._written.setdefault(context["connection"].alias, set()).update(tables.findall(sql))
            return execute(sql, params, many, context)

        def watch(connection: Any, **_: Any) -> None:
            if note not in connection.execute_wrappers:
                connection.execute_wrappers.insert(0, note)

        connection_created.connect(watch, weak=False)
        for connection in self._connections.all():
            watch(connection)

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
        for name in [name for name in sys.modules if name.startswith("django.contrib.contenttypes")]:
            del sys.modules[name]

    @contextmanager
    def story(self) -> Iterator[dict[str, Any]]:
        """Lend the names for one story, and take back all that it does."""
        try:
            yield self.names
        finally:
            self._disconnect()
            self._forget_models()
            for alias in self._connections:
                self._restore(self._connections[alias])

    def _disconnect(self) -> None:
        for signal, receivers in zip(self._signals, self._receivers, strict=True):
            with signal.lock:
                signal.receivers[:] = receivers
                signal.sender_receivers_cache.clear()
            vars(signal).pop("kept", None)

    def _forget_models(self) -> None:
        apps = self._apps
        apps._pending_operations.clear()
        new = [
            (label, name)
            for label, known in self._models.items()
            for name in apps.all_models[label]
            if name not in known
        ]
        for label, name in new:
            del apps.all_models[label][name]
        if new:
            apps.clear_cache()

    def _restore(self, connection: Any) -> None:
        from django.db.utils import Error

        if self._setup.database is None:
            self._empty(connection)
            return
        try:
            self._empty(connection)
        except (Error, OSError):
            # A story may have lost its connection; the server is gone where there is no other one.
            try:
                connection.close()
                self._empty(connection)
            except (Error, OSError) as error:
                reason = " ".join(str(error).split())
                raise GoneError(
                    f"The database server does not answer any more, {self._setup.database}: {reason}"
                ) from None

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
        if self._setup.database is not None:
            from django.core.management.color import no_style

            written = [each for each in self._tables if each in self._written.get(connection.alias, ())]
            flush = connection.ops.sql_flush(no_style(), written, reset_sequences=True, allow_cascade=True)
            connection.ops.execute_sql_flush(flush)
            # What emptied them is no story.
            self._written.pop(connection.alias, None)
            return
        with self.names["transaction"].atomic(using=connection.alias), connection.cursor() as cursor:
            for table in self._tables:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
            cursor.execute("DELETE FROM sqlite_sequence")


_made: list[tuple[Setup, World]] = []


def the_world(setup: Setup = PLAIN) -> World:
    """Return the world of this process; it is made once, and again only where it is to be another one."""
    if not _made or _made[0][0] != setup:
        _made[:] = [(setup, World(setup))]
    return _made[0][1]


def is_possible() -> bool:
    """Tell whether the installed Django is one that this part covers."""
    import django

    return bool(django.VERSION[:2] >= OLDEST)


Program = Callable[[], tuple[Any, Any]]

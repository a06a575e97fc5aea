"""A Django project for laws: its text, and how a process that runs many laws gets it back as it was."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any


class WorldError(Exception):
    """The project cannot be made in this process."""


MEMBERS = """
# A user model of the project's own, in an app that needs no files.
import uuid
from django.apps import AppConfig


def import_models(self):
    from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
    from django.db import models

    class Members(BaseUserManager):
        def create_user(self, email, password):
            member = self.model(email=email)
            member.set_password(password)
            member.save(using=self._db)
            return member

    class Member(AbstractBaseUser):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        email = models.CharField(max_length=200, unique=True)
        USERNAME_FIELD = "email"
        objects = Members()

        class Meta:
            app_label = "members"

    self.models = self.apps.all_models["members"]


members = sys.modules["members"] = types.ModuleType("members")
methods = {"name": "members", "path": ".", "import_models": import_models, "__module__": "members"}
members.Members = type("Members", (AppConfig,), methods)
"""

SETTINGS = """
settings.configure(
    ALLOWED_HOSTS=["*"],
    AUTH_USER_MODEL="{user}",
    CACHES={{"default": {{"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}},
    DATABASES={{
        "default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "file:users?mode=memory&cache=shared"}},
        "other": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "file:"}},
    }},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"{apps}],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF="project",
    SECRET_KEY="secret",
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    STATIC_URL="/static/",
    TEMPLATES=[{{"BACKEND": "django.template.backends.django.DjangoTemplates"}}],
    USE_TZ=True,
)
django.setup()
logging.getLogger("django").handlers = [logging.NullHandler()]
"""

TABLES = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

with connection.schema_editor() as editor:
    for model in (ContentType, Permission, Group, get_user_model()):
        if model._meta.db_table not in connection.introspection.table_names():
            editor.create_model(model)
"""

USERS = {"plain": "auth.User", "custom": "members.Member"}
"""The user models that the project may have."""

_PROGRAM = """\
import logging
import sys
import types

import django
from django.conf import settings
"""


def project(users: str = "plain") -> str:
    """Return the text that makes the project, whose user model is one of `USERS`."""
    if users == "plain":
        return _PROGRAM + _configured("auth.User", ()) + TABLES
    return _PROGRAM + MEMBERS + _configured(USERS[users], ["members.Members"]) + TABLES


def _configured(user: str, apps: Collection[str]) -> str:
    return SETTINGS.format(user=user, apps="".join(f', "{app}"' for app in apps))


@cache
def make() -> None:
    """Make the project of this process, unless it is there; it has both user models, and the plain one is in force.

    Raise `WorldError` where there is another project.
    """
    from django.apps import apps
    from django.conf import settings
    from django.utils.functional import empty

    if settings._wrapped is not empty or apps.ready:
        raise WorldError("Django is set up in this process already.")
    text = _PROGRAM + MEMBERS + _configured("auth.User", ["members.Members"]) + TABLES
    exec(compile(text, "<project>", "exec"), {"__name__": "__main__"})
    # What connects receivers when it is imported must not be imported by a law first.
    for name in ("django.core.handlers.wsgi", "django.core.handlers.asgi", "django.test", "django.tasks.signals"):
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    with having("custom"):
        exec(compile(TABLES, "<project>", "exec"), {})


@contextmanager
def having(users: str) -> Iterator[None]:
    """Let the project have another user model in the block, as if it had been set up with it."""
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth import backends, forms, get_user_model, views

    def have(users: str) -> None:
        settings.AUTH_USER_MODEL = USERS[users]
        for module in (backends, forms, views):
            vars(module)["UserModel"] = get_user_model()
        # Django 6.1 remembers which models are swapped out.
        for model in apps.get_models(include_swapped=True):
            vars(model._meta).pop("swapped", None)

    have(users)
    try:
        yield
    finally:
        have("plain")


def _signals() -> Iterator[Any]:
    from django.contrib.auth import signals as auth
    from django.core import signals as core
    from django.db.backends.signals import connection_created
    from django.dispatch import Signal
    from django.test import signals as test
    from django.utils import autoreload

    modules = [auth, core, test, autoreload]
    if "django.tasks" in sys.modules:
        from django.tasks import signals as tasks

        modules.append(tasks)
    yield connection_created
    for module in modules:
        yield from {id(each): each for each in vars(module).values() if isinstance(each, Signal)}.values()


@contextmanager
def restored(users: str = "plain") -> Iterator[None]:
    """Lend the project with a user model, and put back what is changed in it, whatever that is."""
    make()
    with having(users), _restored():
        yield


@contextmanager
def _restored() -> Iterator[None]:
    from django.conf import settings

    receivers = [(signal, list(signal.receivers)) for signal in _signals()]
    wrapped, values = settings._wrapped, dict(vars(settings._wrapped))
    try:
        yield
    finally:
        for signal, before in receivers:
            signal.receivers = before
            signal.sender_receivers_cache.clear()
        settings._wrapped = wrapped
        vars(wrapped).clear()
        vars(wrapped).update(values)
        for name in set(vars(settings)) - {"_wrapped"}:
            vars(settings).pop(name)
        _forget()


def _forget() -> None:
    from django.apps import apps
    from django.contrib.auth import get_user_model
    from django.core.cache import cache
    from django.db import connections
    from django.template import engines
    from django.test.utils import _TestState, teardown_test_environment
    from django.urls import clear_url_caches, set_script_prefix, set_urlconf

    if hasattr(_TestState, "saved_data"):
        teardown_test_environment()
    while apps.stored_app_configs:
        apps.unset_installed_apps()
    clear_url_caches()
    set_urlconf(None)
    set_script_prefix("/")
    cache.clear()
    vars(engines).pop("templates", None)
    engines._templates, engines._engines = None, {}
    for connection in connections.all():
        connection.close()
        connection.force_debug_cursor = False
    # Connected again, it would still be in the autocommit mode that it was in.
    del connections["other"]
    get_user_model()._base_manager.all()._raw_delete("default")
    sys.modules.pop("project", None)

"""What a law can ask for by the name of a parameter: a table a part says who gives it, and how a program makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from signalspec.laws.islands import ISLAND_OF


@dataclass(frozen=True)
class OfTarget:
    """The target has it: an engine looks it up there, and a script imports it."""


@dataclass(frozen=True)
class OfScheduler:
    """What directs the threads has it, as a method of that name."""


@dataclass(frozen=True)
class Made:
    """The program makes it first, with these lines."""

    source: str


@dataclass(frozen=True)
class Imported:
    """It is imported from a module of Django's, or of what Django takes."""

    module: str


@dataclass(frozen=True)
class Modelled:
    """It is a model; `island` is the source of it and of those that refer to it."""

    island: str


Fixture = OfTarget | OfScheduler | Made | Imported | Modelled

_RECORDS = """\
records = []
handler = logging.Handler()
handler.emit = records.append
logging.getLogger("django.dispatch").handlers = [handler]
logging.getLogger("django.dispatch").setLevel(1)"""

CALLS = Made("calls = []")
"""The list to which receivers of every kind append their own names."""

OF_SIGNALS: Mapping[str, Fixture] = {
    "Signal": OfTarget(),
    "receiver": OfTarget(),
    "calls": CALLS,
    "records": Made(_RECORDS),
    "settings": Made("from django.conf import settings"),
    "interleave": OfScheduler(),
    "interrupt": OfScheduler(),
    "wait_for": OfScheduler(),
}
"""A signal's: its class and decorator; the calls, and what is logged to ``django.dispatch``; Django's settings, which
are not configured yet; and what runs actions in threads, in the midst of an operation, or waits for a thread.
"""

_PAIRS = tuple(f"{when}_{what}" for what in ("init", "save", "delete", "migrate") for when in ("pre", "post"))

_MODULES: Mapping[str, tuple[str, ...]] = {
    "django.db.models.signals": (*_PAIRS, "class_prepared", "m2m_changed"),
    "django.db": ("DatabaseError", "IntegrityError", "connection", "models", "transaction"),
    "django.db.models": ("F", "Manager", "QuerySet", "prefetch_related_objects"),
    "django.core": ("checks", "serializers"),
    "django.core.management": ("call_command",),
    "django.apps": ("apps",),
    "django.apps.registry": ("Apps",),
    "django.test": ("override_settings",),
    "django.dispatch": ("receiver",),
    "asgiref.sync": ("async_to_sync",),
}

OF_MODELS: Mapping[str, Fixture] = {
    **{name: Imported(module) for module, names in _MODULES.items() for name in names},
    **{model: Modelled(island) for model, island in ISLAND_OF.items()},
}
"""Models, and what Django has for them."""

OF_PROJECTS: Mapping[str, Fixture] = {"calls": CALLS}
"""What laws about requests, logins and the rest ask for; the rest they import."""

FIXTURES: Mapping[str, Mapping[str, Fixture]] = {
    "dispatch": OF_SIGNALS,
    "models": OF_MODELS,
    **dict.fromkeys(("requests", "auth", "environment"), OF_PROJECTS),
}
"""The table of each part."""

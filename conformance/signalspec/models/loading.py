"""Whether models can be made in a database and of a base class: tried once, before anything is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from signalspec.models.fixtures import preamble
from signalspec.models.world import OLDEST, executed, is_possible, the_world
from signalspec.targets.setup import Base, Kind, Setup
from signalspec.targets.target import Target, TargetError, load_here

SERVERS_SINCE = (3, 2)
"""The oldest release of Django whose databases on a server the suite can empty."""


def load_models(setup: Setup) -> Target:
    """Return Django with its models in and of what `setup` says.

    A base class of which it is not known what it is, is looked at alone. Raise `TargetError` where no databases can
    be made, and where no models can be made of the base class.
    """
    import django

    if not is_possible():
        raise TargetError(f"What models send is covered since Django {'.'.join(map(str, OLDEST))}.")
    if setup.database and django.VERSION < SERVERS_SINCE:
        raise TargetError(f"--database takes Django {'.'.join(map(str, SERVERS_SINCE))} or newer.")
    base = setup.base
    try:
        if base is not None and base.kind == "unknown":
            names = executed(preamble((), Setup(None, base)))
            setup = replace(setup, base=replace(base, kind=_kind_of(base, names["Base"])))
        else:
            the_world(setup)
    except (KeyboardInterrupt, TargetError):
        raise
    except BaseException as error:
        raise TargetError(_sentence(setup, error)) from error
    name = str(base or "django")
    name = f"{name} on {setup.database.kind}" if setup.database else name
    django_ = load_here("django")
    return replace(django_, name=name, setup=setup, inherits=base is not None, capabilities=django_.capabilities)


def _kind_of(base: Base, found: Any) -> Kind:
    from django.db.models import Manager, Model, QuerySet
    from django.db.models.manager import BaseManager

    if isinstance(found, type) and issubclass(found, Model):
        if not vars(found)["_meta"].abstract:
            raise TargetError(f"{base} is a model of its own: a base class is abstract.")
        return "base"
    if isinstance(found, type) and issubclass(found, QuerySet):
        return "queryset"
    if isinstance(found, type) and issubclass(found, BaseManager | Manager):
        return "manager"
    raise TargetError(f"{base} is no subclass of Model, Manager or QuerySet.")


def _sentence(setup: Setup, error: BaseException) -> str:
    from django.core.exceptions import ImproperlyConfigured
    from django.db.utils import Error

    text = " ".join(str(error).split()).rstrip(".")
    what = f"{type(error).__name__}: {text}"
    if setup.database and isinstance(error, Error | SystemExit):
        return f"No test databases can be made in {setup.database}: {text}."
    if setup.database and isinstance(error, ImproperlyConfigured | ImportError):
        return f"There is no driver for {setup.database.kind}: {text}."
    base = setup.base
    assert base is not None, what
    if base.settings:
        return f"No models can be made of {base}: {what}."
    return (
        f"No models can be made of {base}: {what}. If it needs settings or apps, import it "
        'in a module of your own that says so: signalspec_settings = {"INSTALLED_APPS": [...]}.'
    )

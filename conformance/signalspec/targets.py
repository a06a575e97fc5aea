"""What is being checked: finding it, what it claims to have, and the surroundings in which it is checked."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import logging
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from signalspec.clauses import RELEASES, STANDARD

ALIASES = {"django": "django.dispatch", "reference": "signalspec_reference"}
"""Short names of the targets that come with the suite."""

METHODS = ("connect", "disconnect", "has_listeners", "send", "send_robust")

_READS_SETTINGS = re.compile(r"django\.conf|django\.utils\.inspect")
_LOGS = re.compile(r"getLogger\(.django\.dispatch")


class TargetError(Exception):
    """The target cannot be used; the message is one sentence for its author."""


@dataclass(frozen=True)
class Target:
    """An implementation under check: a class or factory of signals, and the decorator that goes with it."""

    name: str
    module: str
    attribute: str
    signal: Callable[..., Any]
    decorator: Callable[..., Any] | None
    capabilities: frozenset[str]

    @property
    def imports(self) -> str:
        """The line with which a script imports the target."""
        if "." in self.attribute:
            return f"import {self.module}; Signal = {self.module}.{self.attribute}"
        alias = "" if self.attribute == "Signal" else " as Signal"
        decorator = ", receiver" if self.decorator else ""
        return f"from {self.module} import {self.attribute}{alias}{decorator}"

    @property
    def default_profile(self) -> str:
        """The installed release's profile for Django itself, ``standard`` for everything else."""
        if self.module != "django.dispatch":
            return STANDARD
        import django

        release = ".".join(map(str, django.VERSION[:2]))
        return f"django-{release}" if release in RELEASES else STANDARD


def load_target(name: str) -> Target:
    """Import the target that `name` (``django``, ``reference``, MODULE or MODULE:ATTR) stands for.

    Raise `TargetError` where it cannot be imported, is not callable, or makes something that is no signal.
    """
    module_name, _, attribute = ALIASES.get(name, name).partition(":")
    attribute = attribute or "Signal"
    module = _import(name, module_name)
    signal: Any = module
    for part in attribute.split("."):
        try:
            signal = getattr(signal, part)
        except Exception:
            raise TargetError(f"Target {name!r}: module {module_name!r} has no attribute {attribute!r}.") from None
    if not callable(signal):
        raise TargetError(f"Target {name!r}: {attribute!r} is not callable, so it makes no signals.")
    decorator = getattr(module, "receiver", None)
    _try_out(name, signal)
    return Target(
        name=name,
        module=module_name,
        attribute=attribute,
        signal=signal,
        decorator=decorator if callable(decorator) else None,
        capabilities=frozenset(_capabilities(module, signal, decorator)),
    )


def _import(name: str, module: str) -> ModuleType:
    if not module or not all(part.isidentifier() for part in module.split(".")):
        raise TargetError(f"Target {name!r} is no MODULE or MODULE:ATTR.")
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise TargetError(f"Target {name!r} cannot be imported: {error}.") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise TargetError(
            f"Target {name!r} cannot be imported: {type(error).__name__} while importing {module!r}: {error}."
        ) from error


def _try_out(name: str, factory: Callable[..., Any]) -> None:
    try:
        made = factory()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise TargetError(
            f"Target {name!r}: calling it without arguments raises {type(error).__name__}: {error}."
        ) from error
    missing = [method for method in METHODS if not callable(getattr(made, method, None))]
    if missing:
        raise TargetError(f"Target {name!r} makes no signals: what it makes has no {', '.join(missing)}.")


def _capabilities(module: ModuleType, signal: Any, decorator: Any) -> Iterator[str]:
    if isinstance(signal, type):
        yield "subclassing"
    if callable(decorator):
        yield "decorator"
    try:
        parameters = list(inspect.signature(signal).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    if any(p.name == "providing_args" for p in parameters):
        yield "providing-args"
    if any(p.name == "use_caching" or p.kind is p.VAR_KEYWORD for p in parameters):
        yield "caching"
    # Whoever takes Django's settings or logger into use has made them part of what users see, and is held to it
    # without having to say so.
    modules = {module, *(sys.modules.get(base.__module__) for base in getattr(signal, "__mro__", ()))}
    source = "\n".join(_source(part) for part in modules if part is not None)
    reads_settings = _READS_SETTINGS.search(source) is not None
    if reads_settings or _LOGS.search(source):
        yield "logging"
    if reads_settings and importlib.util.find_spec("django"):
        yield "debug"


def _source(module: ModuleType) -> str:
    try:
        return inspect.getsource(module)
    except (OSError, TypeError):
        return ""


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what a target logs, warns of, and raises in finalizers off the terminal, and leave all as it was."""
    logger = logging.getLogger("django.dispatch")
    before = (list(logger.handlers), logger.propagate, logger.level, logger.disabled)
    # CPython's WeakMethod fails in its own callback when it dies together with its method.
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    logger.handlers, logger.propagate, logger.disabled = [logging.NullHandler()], False, False
    logger.setLevel(logging.NOTSET)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        sys.unraisablehook = hook
        logger.handlers, logger.propagate, level, logger.disabled = before
        logger.setLevel(level)


@contextmanager
def unconfigured_settings() -> Iterator[Any]:
    """Lend Django's settings as a new process has them, and put the old ones back."""
    from django.conf import settings
    from django.utils.functional import empty

    before = (settings._wrapped, dict(settings.__dict__))
    settings.__dict__.clear()
    settings._wrapped = empty
    try:
        yield settings
    finally:
        settings.__dict__.clear()
        settings.__dict__.update(before[1])
        settings._wrapped = before[0]


@contextmanager
def debugging(on: bool) -> Iterator[None]:
    """Configure Django's settings with DEBUG on, where asked to, and put the old ones back."""
    if not on:
        yield
        return
    with unconfigured_settings() as settings:
        settings.configure(DEBUG=True)
        yield

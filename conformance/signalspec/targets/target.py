"""What is being checked: finding it, and what it claims to have."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from signalspec.standard.clauses import RELEASES, STANDARD, load_clauses
from signalspec.standard.names import UserError, suggestion
from signalspec.targets.claims import METHODS, ClaimError, declared_by, found_in, settle, undeclared
from signalspec.targets.setup import PLAIN, Setup

ADAPTERS = f"{__package__}.adapters."
"""Where the adapters are."""

ALIASES = {
    "django": "django.dispatch",
    "model-signal": "django.db.models.signals:ModelSignal",
    "reference": "signalspec_reference",
    "async-signals": f"{ADAPTERS}async_signals",
    "blinker": f"{ADAPTERS}blinker",
    "celery": "celery.utils.dispatch",
    "openedx-events": f"{ADAPTERS}openedx_events",
    "pydispatcher": f"{ADAPTERS}pydispatcher",
    "pysignals": "pysignals",
    "signals-py": f"{ADAPTERS}signals_py",
}
"""Short names of targets that need no more than being installed."""

_DJANGO_S = ("django.dispatch.dispatcher", "Signal")
"""The module and the name of Django's class."""


class TargetError(UserError):
    """The target cannot be used; the message is one sentence for its author."""


class Maker(Protocol):
    """What makes signals: all that a law of the dispatcher takes of a target, or of one that is recorded."""

    @property
    def signal(self) -> Callable[..., Any]:
        """What makes signals: a class or a factory."""

    @property
    def decorator(self) -> Callable[..., Any] | None:
        """The decorator that goes with them, if there is one."""


@dataclass(frozen=True)
class Target:
    """An implementation under check, as data: what it has in memory is looked up where it is used.

    One that `inherits` makes signals of a subclass of Django's own. `setup` is what Django's models are made in and
    of; where it is not plain, they alone are checked.
    """

    name: str
    module: str
    attribute: str
    capabilities: frozenset[str]
    inherits: bool = False
    setup: Setup = PLAIN

    @property
    def signal(self) -> Callable[..., Any]:
        """What makes signals: a class or a factory."""
        made: Callable[..., Any] = _find(importlib.import_module(self.module), self.attribute)
        return made

    def prepare(self) -> None:
        """Import it, before there are surroundings of any kind."""
        _import(self.name, self.module)

    @property
    def decorator(self) -> Callable[..., Any] | None:
        """The decorator that goes with them, if there is one."""
        decorator = getattr(importlib.import_module(self.module), "receiver", None)
        return decorator if callable(decorator) else None

    @property
    def imports(self) -> str:
        """The lines with which a script imports the target, or makes it where it takes an adapter."""
        if self.module.startswith(ADAPTERS):
            # What adapts a library imports it, which is not for this process to do.
            found = importlib.util.find_spec(self.module)
            assert found is not None and found.origin is not None
            _, _, adapter = Path(found.origin).read_text("utf-8").split('"""', 2)
            return re.sub("  # noqa.*", "", adapter.strip())
        if "." in self.attribute:
            return f"import {self.module}; Signal = {self.module}.{self.attribute}"
        alias = "" if self.attribute == "Signal" else " as Signal"
        decorator = ", receiver" if "decorator" in self.capabilities else ""
        return f"from {self.module} import {self.attribute}{alias}{decorator}"

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the standard that it can be asked about: all that the installed release does, for Django."""
        if self.module != "django.dispatch":
            return ("dispatch",)
        if self.setup != PLAIN:
            return ("models",)
        parts = load_clauses().parts.values()
        return tuple(part.name for part in parts if part.covers.includes(self.default_profile))

    @property
    def default_profile(self) -> str:
        """The installed release's profile for Django itself and its subclasses, ``standard`` for everything else.

        A subclass is not to answer for what its base does.
        """
        if self.module != "django.dispatch" and not self.inherits:
            return STANDARD
        import django

        release = ".".join(map(str, django.VERSION[:2]))
        return f"django-{release}" if release in RELEASES else STANDARD


def load_here(name: str) -> Target:
    """Import the target that `name` (``django``, ``reference``, MODULE or MODULE:ATTR) stands for.

    Raise `TargetError` where it cannot be imported, is not callable, or makes something that is no signal.
    """
    module_name, _, attribute = ALIASES.get(name, module_at(name)).partition(":")
    attribute = attribute or "Signal"
    module = _import(name, module_name)
    try:
        signal = _find(module, attribute)
    except Exception:
        found = f"Target {name!r}: module {module_name!r} has no attribute {attribute!r}"
        if meant := suggestion(attribute, (each for each in vars(module) if not each.startswith("_"))):
            raise TargetError(f"{found}; {meant}") from None
        raise TargetError(f"{found}.") from None
    if not callable(signal):
        raise TargetError(f"Target {name!r}: {attribute!r} is not callable, so it makes no signals.")
    try:
        declared = declared_by(signal)
    except ClaimError as error:
        raise TargetError(f"Target {name!r}: {error}.") from None
    decorator = getattr(module, "receiver", None)
    made = _try_out(name, signal, declared)
    capabilities = settle(declared, set(found_in(module, signal, decorator, made, declared)))
    if "debug" in capabilities:
        # Django may be there, and not for this Python.
        _import(name, "django.conf")
    inherits = any((each.__module__, each.__name__) == _DJANGO_S for each in type(made).__mro__[1:])
    return Target(name, module_name, attribute, capabilities, inherits)


def module_at(name: str) -> str:
    """Return the MODULE or MODULE:ATTR that `name` stands for where it is a path, such as ``./mysignals.py``.

    A path is taken for a module where the current folder is the one to import it from. Raise `TargetError`, which
    says what to write, where it is another one, and where there is no such file.
    """
    path, colon, attribute = name.partition(":")
    if not re.search(r"[/\\]|\.py$", path):
        return name
    file = Path(path)
    if not file.exists():
        raise TargetError(f"Target {name!r}: there is no file {path!r}.")
    file = (file.parent if file.name == "__init__.py" else file).resolve()
    root = file.parent
    while (root / "__init__.py").is_file():
        root = root.parent
    module = ".".join(file.relative_to(root).with_suffix("").parts) + colon + attribute
    if root != Path.cwd() and str(root) not in sys.path:
        raise TargetError(
            f"Target {name!r} cannot be imported from here: go to {root}, and write `signalspec check {module}`."
        )
    return module


def _find(module: ModuleType, attribute: str) -> Any:
    return functools.reduce(getattr, attribute.split("."), module)


def _import(name: str, module: str) -> ModuleType:
    if not module or not all(part.isidentifier() for part in module.split(".")):
        raise TargetError(f"Target {name!r} is no MODULE or MODULE:ATTR.")
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        # Only where the target itself is missing may its name be misspelt.
        here = [path.stem for path in Path().glob("*.py")]
        meant = suggestion(name, [*ALIASES, *here]) if error.name == module.partition(".")[0] else ""
        raise TargetError(f"Target {name!r} cannot be imported: {error}{f'; {meant}' if meant else '.'}") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise TargetError(
            f"Target {name!r} cannot be imported: {type(error).__name__} while importing {module!r}: {error}."
        ) from error


def _try_out(name: str, factory: Callable[..., Any], declared: Mapping[str, bool]) -> Any:
    try:
        made = factory()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise TargetError(
            f"Target {name!r}: calling it without arguments raises {type(error).__name__}: {error}."
        ) from error
    missing = [method for method in undeclared(METHODS, declared) if not callable(getattr(made, method, None))]
    if missing:
        raise TargetError(f"Target {name!r} makes no signals: what it makes has no {', '.join(missing)}.")
    return made

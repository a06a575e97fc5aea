"""What the models of a check are made in and of, where that is not sqlite and Django's own base class.

It is data, and gives lines of source: a check executes them, and its scripts print them.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from signalspec.standard.names import UserError

PASSWORD, NAME = "SIGNALSPEC_PASSWORD", "SIGNALSPEC_TEST_DATABASE"
"""The variables of the environment that say what no script may print, and how the test databases are called."""

ENGINES = {"postgresql": "postgresql", "postgres": "postgresql", "mariadb": "mysql", "mysql": "mysql"}
"""Django's backends, by the scheme of a URL."""

SETTINGS = "signalspec_settings"
"""The literal in the module of a base class that says which of Django's settings it needs."""

ADAPTERS = f"{__package__}.adapters.models_"
"""Where the modules are that make base classes of libraries."""

CHAPTERS = ("init", "save", "delete", "m2m", "asave")
"""The chapters of the part models that are about what a base class, manager or queryset does."""

Kind = Literal["unknown", "base", "manager", "queryset"]

_SERVER = """\
{driver}server = {{
    "ENGINE": "django.db.backends.{engine}",
    "HOST": {host!r},
    "PORT": {port!r},
    "USER": {user!r},
    "PASSWORD": os.environ.get("{password}", ""),
    "NAME": {name!r},
}}
test = os.environ.get("{variable}", "test_signalspec")
"""

_DRIVER = """\
try:
    import MySQLdb
except ImportError:
    import pymysql

    pymysql.install_as_MySQLdb()

"""

_MANAGED = """
{imports}


class Base(models.Model):
    objects = {manager}

    class Meta:
        abstract = True
"""


class SetupError(UserError):
    """A database or a base class cannot be used; the message is one sentence for the user."""


@dataclass(frozen=True)
class Database:
    """A database server, by what its URL calls it; the password stands in the environment."""

    kind: str
    host: str
    port: str
    user: str
    name: str

    @property
    def source(self) -> str:
        """The lines that make ``server`` and ``test`` of it."""
        engine = ENGINES[self.kind]
        driver = _DRIVER if engine == "mysql" else ""
        return _SERVER.format(driver=driver, engine=engine, **vars(self), password=PASSWORD, variable=NAME)

    def __str__(self) -> str:
        return f"{self.kind} at {self.host or 'localhost'}{self.port and ':'}{self.port}"


@dataclass(frozen=True)
class Base:
    """A base class, manager or queryset of models: where it is, and the settings that it needs.

    Its `kind` is known once it has been imported, for which Django has to be configured.
    """

    module: str
    attribute: str
    settings: Mapping[str, Any]
    kind: Kind = "unknown"

    def __str__(self) -> str:
        if self.module.startswith(ADAPTERS):
            return self.module.removeprefix(ADAPTERS).replace("_", "-")
        return f"{self.module}:{self.attribute}"

    @property
    def apps(self) -> list[str]:
        """The apps that it needs beside that of the models."""
        return list(self.settings.get("INSTALLED_APPS", ()))

    @property
    def source(self) -> str:
        """The lines that make ``Base``, the base of all models, once Django is configured."""
        if self.module.startswith(ADAPTERS):
            _, _, adapter = _text(self.module).split('"""', 2)
            return re.sub("  # noqa.*", "", adapter.strip())
        imports = f"from {self.module} import {self.attribute}"
        if self.kind in ("unknown", "base"):
            return imports if self.attribute == "Base" else f"{imports} as Base"
        made = ".as_manager()" if self.kind == "queryset" else "()"
        return "from django.db import models\n" + _MANAGED.format(imports=imports, manager=self.attribute + made)


@dataclass(frozen=True)
class Setup:
    """What models are made in and of."""

    database: Database | None = None
    base: Base | None = None


PLAIN = Setup()
"""sqlite in memory, and ``models.Model``."""


def database_at(url: str) -> tuple[Database, str]:
    """Return the server that `url` names, and the password; raise `SetupError` where it names none."""
    form = "--database takes postgresql://USER:PASSWORD@HOST:PORT/NAME, or mariadb: and the same"
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        raise SetupError(f"{form}; {error}.") from None
    if parts.scheme not in ENGINES:
        raise SetupError(f"{form}, and not {parts.scheme or 'what names no server'}.")
    if parts.query or parts.fragment:
        raise SetupError(f"{form}; there are no options behind it.")
    name = parts.path.strip("/") or ("postgres" if ENGINES[parts.scheme] == "postgresql" else "")
    return Database(parts.scheme, parts.hostname or "", port, unquote(parts.username or ""), name), unquote(
        parts.password or ""
    )


def base_named(name: str) -> Base:
    """Return the base class that MODULE:CLASS, or the short name of a library, stands for; it is not imported.

    Raise `SetupError` where there is no such module, or where its settings are no literal.
    """
    module, colon, attribute = name.partition(":")
    adapter = ADAPTERS + module.replace("-", "_")
    if not colon and importlib.util.find_spec(adapter):
        module, attribute = adapter, "Base"
    if not attribute or not all(part.isidentifier() for part in f"{module}.{attribute}".split(".")):
        raise SetupError(f"--base takes MODULE:CLASS, and not {name!r}.")
    return Base(module, attribute, _settings(module))


def _settings(module: str) -> Mapping[str, Any]:
    """Return the literal in which a module says what it needs; to import it may take just that."""
    for statement in ast.parse(_text(module)).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == SETTINGS:
                try:
                    found = ast.literal_eval(value)
                except ValueError:
                    raise SetupError(f"{SETTINGS} in {module!r} is no literal.") from None
                if not isinstance(found, dict) or not all(isinstance(each, str) for each in found):
                    raise SetupError(f"{SETTINGS} in {module!r} is no dict with the names of settings.")
                return found
    return {}


def _text(module: str) -> str:
    try:
        found = importlib.util.find_spec(module)
    except Exception as error:
        raise SetupError(f"{module!r} cannot be found: {type(error).__name__}: {error}.") from None
    if found is None:
        raise SetupError(f"There is no module {module!r}.")
    file = Path(found.origin or "")
    try:
        return file.read_text("utf-8") if file.suffix == ".py" else ""
    except OSError as error:
        raise SetupError(f"{module!r} cannot be read: {error.strerror}.") from None

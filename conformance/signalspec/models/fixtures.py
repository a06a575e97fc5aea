"""The source that makes what a law about models asks for: it is executed here, and printed in scripts."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from signalspec.laws.fixtures import OF_MODELS, Imported, Made, Modelled, OfScheduler, OfTarget
from signalspec.laws.islands import ISLANDS
from signalspec.targets.setup import PLAIN, Setup

SETTINGS = """\
{imports}import sys

import django
from django.apps import AppConfig
from django.conf import settings


class Library(AppConfig):
    name, label, path = __name__, "library", "."

    def import_models(self, *args):
        super().import_models(*args)
        self.models_module = sys.modules[__name__]


{server}settings.configure(
    DATABASES={databases},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[{apps}f"{{__name__}}.Library"],
    USE_TZ=False,
{more})
django.setup()
{base}"""
"""What comes first: one installed app, whose models are those of the module that this stands in."""

MEMORY = """\
memory = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
"""

DATABASES = """\
from django.test.utils import setup_databases

setup_databases(verbosity=0, interactive=False)
"""
"""What comes last: Django makes databases for tests, which are empty."""

DATABASES_ON_A_SERVER = """\
from django.test.utils import setup_databases, teardown_databases

atexit.register(teardown_databases, setup_databases(verbosity=0, interactive=False), verbosity=0)
"""
"""What comes last where databases stay if nobody drops them."""

NAMES = frozenset(OF_MODELS)
"""What a law can ask for."""


def preamble(asked: Collection[str], setup: Setup = PLAIN, with_other: bool = False) -> str:
    """Return the source that makes what a law asks for, in a Django of its own; without it, all there is.

    `setup` says in which database and of what base class; there is another database `with_other`.
    """
    imports: dict[str, set[str]] = {}
    needed: set[str] = set()
    for name in asked:
        match OF_MODELS[name]:
            case Imported(module):
                imports.setdefault(module, set()).add(name)
            case Modelled(island):
                needed.add(island)
                imports.setdefault("django.db", set()).add("models")
            case OfTarget() | OfScheduler() | Made():
                raise ValueError(f"Nobody gives {name} to laws about models.")
            case fixture:
                assert_never(fixture)
    islands = [island for island in ISLANDS.values() if island in needed]
    lines = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(imports.items())]
    if any("uuid." in island for island in islands):
        lines.insert(0, "import uuid")
    if setup.base is not None:
        islands = [island.replace("(models.Model):", "(Base):") for island in islands]
    last = DATABASES if setup.database is None else DATABASES_ON_A_SERVER
    return "\n\n".join(
        [_settings(setup, with_other), "\n".join(lines), *(f"\n{each}" for each in islands), f"\n{last}"]
    )


def _settings(setup: Setup, with_other: bool) -> str:
    base, database = setup.base, setup.database
    if database is None:
        databases = '{"default": {**memory}, "other": {**memory}}' if with_other else '{"default": memory}'
    else:
        names = {"default": "test", **({"other": 'test + "_other"'} if with_other else {})}
        each = (f'"{alias}": {{**server, "TEST": {{"NAME": {name}}}}}' for alias, name in names.items())
        databases = f"{{{', '.join(each)}}}"
    more = {name: value for name, value in (base.settings if base else {}).items() if name != "INSTALLED_APPS"}
    return SETTINGS.format(
        imports="import atexit\nimport os\n" if database else "",
        server=database.source if database else MEMORY,
        databases=databases,
        apps="".join(f'"{app}", ' for app in (base.apps if base else ())),
        more="".join(f"    {name}={value!r},\n" for name, value in more.items()),
        base=f"\n{base.source}\n" if base else "",
    )

"""What a law about models can ask for: the source that makes it, executed here and printed in scripts.

The models form islands: no model of one refers to a model of another, so a script prints those that its law asks for
and behaves as if all were there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

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

ISLANDS = {
    "Note": """\
class Note(models.Model):
    title = models.CharField(max_length=40, default="")
    text = models.CharField(max_length=40, default="")
""",
    "Place": """\
class Place(models.Model):
    name = models.CharField(max_length=40, default="")


class Restaurant(Place):
    stars = models.IntegerField(default=0)
""",
    "Person": """\
class Person(models.Model):
    name = models.CharField(max_length=40, default="")


class Friend(Person):
    class Meta:
        proxy = True
""",
    "Author": """\
class Author(models.Model):
    name = models.CharField(max_length=40, default="")


class Book(models.Model):
    title = models.CharField(max_length=40, default="")
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")


class Page(models.Model):
    text = models.CharField(max_length=40, default="")
    book = models.ForeignKey(Book, models.CASCADE, related_name="pages")


class Review(models.Model):
    text = models.CharField(max_length=40, default="")
    book = models.ForeignKey(Book, models.SET_NULL, null=True, related_name="reviews")
""",
    "Country": """\
class Country(models.Model):
    name = models.CharField(max_length=40, default="")


class City(models.Model):
    country = models.ForeignKey(Country, models.PROTECT)
""",
    "Article": """\
class Tag(models.Model):
    name = models.CharField(max_length=40, default="")


class Article(models.Model):
    title = models.CharField(max_length=40, default="")
    tags = models.ManyToManyField(Tag, related_name="articles")


class Report(Article):
    pages = models.IntegerField(default=0)


class Draft(Article):
    class Meta:
        proxy = True
""",
    "Band": """\
class Singer(models.Model):
    name = models.CharField(max_length=40, default="")


class Band(models.Model):
    name = models.CharField(max_length=40, default="")
    singers = models.ManyToManyField(Singer, through="Contract", related_name="bands")


class Contract(models.Model):
    band = models.ForeignKey(Band, models.CASCADE)
    singer = models.ForeignKey(Singer, models.CASCADE)
    fee = models.IntegerField(default=0)
""",
    "Scout": """\
class Badge(models.Model):
    code = models.CharField(max_length=40, unique=True)


class Scout(models.Model):
    badges = models.ManyToManyField(Badge, through="Award")


class Award(models.Model):
    scout = models.ForeignKey(Scout, models.CASCADE)
    badge = models.ForeignKey(Badge, models.CASCADE, to_field="code")
""",
    "Town": """\
class Town(models.Model):
    name = models.CharField(max_length=40, default="")
    neighbours = models.ManyToManyField("self")
""",
    "Coin": """\
class Coin(models.Model):
    code = models.CharField(max_length=40, primary_key=True)
    worth = models.IntegerField(default=0)
""",
    "Ticket": """\
class Ticket(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    seat = models.CharField(max_length=40, default="")
""",
    "Item": """\
class Thing(models.Model):
    name = models.CharField(max_length=40, default="")

    class Meta:
        abstract = True


class Item(Thing):
    pass
""",
}
"""The islands, each by one of its models."""

IMPORTS = {
    **dict.fromkeys(
        (
            "class_prepared",
            "m2m_changed",
            "post_delete",
            "post_init",
            "post_save",
            "pre_delete",
            "pre_init",
            "pre_save",
        ),
        "django.db.models.signals",
    ),
    **dict.fromkeys(("post_migrate", "pre_migrate"), "django.db.models.signals"),
    **dict.fromkeys(("connection", "connections", "models", "router", "transaction"), "django.db"),
    **dict.fromkeys(("DatabaseError", "IntegrityError"), "django.db"),
    **dict.fromkeys(("F", "Manager", "QuerySet", "prefetch_related_objects"), "django.db.models"),
    **dict.fromkeys(("serializers",), "django.core"),
    **dict.fromkeys(("call_command",), "django.core.management"),
    **dict.fromkeys(("apps",), "django.apps"),
    **dict.fromkeys(("Apps",), "django.apps.registry"),
    **dict.fromkeys(("checks",), "django.core"),
    **dict.fromkeys(("override_settings",), "django.test"),
    **dict.fromkeys(("receiver",), "django.dispatch"),
    **dict.fromkeys(("async_to_sync", "sync_to_async"), "asgiref.sync"),
}
"""What is imported by name, and from where."""

ISLAND_OF: Mapping[str, str] = {
    model: source for source in ISLANDS.values() for model in re.findall(r"^class (\w+)", source, re.MULTILINE)
}
"""The island of each model."""

NAMES = frozenset({*ISLAND_OF, *IMPORTS})
"""What a law can ask for."""


def preamble(asked: Collection[str], setup: Setup = PLAIN, with_other: bool = False) -> str:
    """Return the source that makes what a law asks for, in a Django of its own; without it, all there is.

    `setup` says in which database and of what base class; there is another database `with_other`.
    """
    islands = [island for island in ISLANDS.values() if any(ISLAND_OF.get(name) == island for name in asked)]
    imports: dict[str, set[str]] = {}
    for name in sorted({*asked, *(["models"] if islands else [])} & IMPORTS.keys()):
        imports.setdefault(IMPORTS[name], set()).add(name)
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

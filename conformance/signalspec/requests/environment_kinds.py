"""The tables of settings, templates, commands and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.programs.tables import Table
from signalspec.requests.kinds import named

if TYPE_CHECKING:
    # What the sources below use.
    import contextlib

    from django.tasks.backends.dummy import DummyBackend
    from django.tasks.backends.immediate import ImmediateBackend
    from django.template import Context, Template, engines
    from django.template.loader import render_to_string
    from django.template.response import SimpleTemplateResponse
    from django.test import SimpleTestCase, override_settings

    from signalspec.requests.vocabulary import aenqueue, enqueue, templates


class Exit(Table):
    """The same, of a task."""

    kinds = {
        "system exit": "NAME = SystemExit(3)",
        "generator exit": "NAME = GeneratorExit()",
        "own": 'NAME = type("Own", (BaseException,), {})()',
    }


class Backend(Table):
    """A backend of tasks."""

    kinds = {"immediate": "NAME = ImmediateBackend", "dummy": "NAME = DummyBackend"}


class Enqueue(Table):
    """A way to enqueue a task."""

    kinds = named({"enqueue": "NAME = enqueue", "aenqueue": "NAME = aenqueue"})


class Rendered(Table):
    """What is rendered, and how many templates that makes."""

    kinds = named(
        {
            "string": """\
NAME = lambda: engines["django"].from_string("x").render()
NAME.templates = 1""",
            "Template": """\
NAME = lambda: Template("x").render(Context())
NAME.templates = 1""",
            "response": """\
NAME = lambda: SimpleTemplateResponse(engines["django"].from_string("x")).render()
NAME.templates = 1""",
            **{
                kind: f"templates({sources})\nNAME = lambda: render_to_string({page!r})\nNAME.templates = {number}"
                for kind, (sources, page, number) in {
                    "extended": ("""page='{% extends "base" %}', base="x\"""", "page", 2),
                    "included": ("""page='{% include "part" %}', part="x\"""", "page", 2),
                    "inclusion tag": ("""page="{% load tags %}{% show %}", part="x\"""", "page", 2),
                    "partial by its name": ("""page="{% partialdef one %}x{% endpartialdef %}\"""", "page#one", 1),
                    "partial": ("""page="{% partialdef one %}x{% endpartialdef %}{% partial one %}\"""", "page", 2),
                    "included partial": (
                        """page="{% partialdef one %}x{% endpartialdef %}", other='{% include "page#one" %}'""",
                        "other",
                        2,
                    ),
                }.items()
            },
        }
    )
    since = {"partial by its name": (6, 0), "partial": (6, 0), "included partial": (6, 0)}


class Within(Table):
    """A page of which a part sees `shown` as "inner", which is "outer" around it."""

    kinds = {
        "with": """NAME = '{% with shown="inner" %}{% include "part" %}{% endwith %}'""",
        "for": """NAME = '{% for shown in names %}{% include "part" %}{% endfor %}'""",
        "include": """NAME = '{% include "part" with shown="inner" %}'""",
    }


class Outcome(Table):
    """A task."""

    kinds = {
        "succeeds": "NAME = lambda: None",
        "fails": """\
def NAME():
    raise ValueError""",
    }


class Command(Table):
    """A command of `manage.py`."""

    kinds = {"version": 'NAME = "version"', "unknown": 'NAME = "there_is_no_such_command"'}


class Override(Table):
    """A way to override settings."""

    kinds = {
        "override_settings": "NAME = lambda **named: override_settings(**named)",
        "decorator": """\
def NAME(**named):
    @contextlib.contextmanager
    def block():
        entered = override_settings(**named)
        entered.enable()
        try:
            yield
        finally:
            entered.disable()
    return block()""",
        "settings of a test case": 'NAME = lambda **named: SimpleTestCase("run").settings(**named)',
    }


class AnyOverride(Table):
    """Ways to override settings, some of which put off what fails in them."""

    kinds = {
        **Override.kinds,
        "decorated test case": """\
def NAME(**named):
    @contextlib.contextmanager
    def block():
        case = override_settings(**named)(type("Case", (SimpleTestCase,), {}))
        case.setUpClass()
        try:
            yield
        finally:
            case.tearDownClass()
            case.doClassCleanups()
    return block()""",
    }

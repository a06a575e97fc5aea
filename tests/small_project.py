"""Small Django projects, made and recorded for the tests of the recorder, of compare and of audit."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import signalspec_recorder

RECORDER = str(Path(signalspec_recorder.__file__).parents[1])

SETTINGS = """
SECRET_KEY = "x"
INSTALLED_APPS = ["shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
"""

MANAGE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""

MODELS = """
from django.db import models

class Topping(models.Model):
    name = models.CharField(max_length=9)

class Pizza(models.Model):
    name = models.CharField(max_length=9)
    toppings = models.ManyToManyField(Topping)
"""

APPS = """
from django.apps import AppConfig

class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        import shop.receivers
"""

TESTS = """
from django.test import TestCase
from shop.models import Pizza, Topping

class ShopTests(TestCase):
    def test_pizza(self):
        pizza = Pizza.objects.create(name="salami")
        pizza.toppings.add(Topping.objects.create(name="salami"))
        pizza.save(update_fields=["name"])
"""


def make_project(folder: Path, receivers: str = "", tests: str = TESTS, models: str = MODELS) -> Path:
    """Write a project with one app, `shop`, whose module `receivers` is imported when Django is ready."""
    app = folder / "shop"
    app.mkdir(parents=True, exist_ok=True)
    (folder / "settings.py").write_text(SETTINGS)
    (folder / "manage.py").write_text(MANAGE)
    sources = {"__init__": "", "apps": APPS, "models": models, "receivers": receivers, "tests": tests}
    for name, text in sources.items():
        (app / f"{name}.py").write_text(dedent(text))
    return folder


def record(folder: Path, *command: str, environment: Mapping[str, str] = {}) -> subprocess.CompletedProcess[str]:
    """Record a command of this Python, by default the project's tests, into ``trace.gz``."""
    recorded = [sys.executable, *(command or ("manage.py", "test", "-v0"))]
    return subprocess.run(
        [sys.executable, "-m", "signalspec_recorder", "-o", "trace.gz", "--", *recorded],
        cwd=folder,
        env={name: value for name, value in {**os.environ, **environment}.items() if name != "PYTEST_CURRENT_TEST"},
        capture_output=True,
        text=True,
        check=False,
    )


def rows(trace: Path) -> list[dict[str, Any]]:
    """Return the rows of a trace, or of the parts in a folder."""
    if trace.is_dir():
        parts = [part.read_bytes().rstrip(b"\0") for part in sorted(trace.iterdir())]
    else:
        parts = [gzip.decompress(trace.read_bytes())]
    return [json.loads(line) for part in parts for line in part.splitlines()]

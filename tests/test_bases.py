"""A base class, manager or queryset is held to the part models: sound ones keep it, faulty ones are named."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import django
import pytest
from elsewhere import elsewhere
from signalspec import Options, TargetError
from signalspec.engines.laws import load_laws
from signalspec.models.loading import load_models
from signalspec.models.world import OLDEST
from signalspec.runner.tally import check_here
from signalspec.standard.clauses import RELEASES, load_clauses
from signalspec.targets.setup import Setup, SetupError, base_named
from signalspec.targets.target import Target, load_here

RELEASE = ".".join(map(str, django.VERSION[:2]))

if django.VERSION[:2] < OLDEST or RELEASE not in RELEASES:
    pytest.skip(f"the part does not cover Django {RELEASE}", allow_module_level=True)

SOUND = """
from django.db import models

class Noted(models.Model):
    remark = models.CharField(max_length=40, default="")

    class Meta:
        abstract = True

class Silent(Noted):
    def save(self, *args, **named):
        self.__class__.objects.bulk_create([self])

    class Meta:
        abstract = True

class Bulky(models.Manager):
    def create(self, **named):
        made = self.model(**named)
        self.bulk_create([made])
        return made

class Careful(models.QuerySet):
    def delete(self):
        return super().delete()

class Hasty(models.QuerySet):
    def delete(self):
        return self._raw_delete(self.db), {}
    delete.queryset_only = True
"""

ONLY = ("save.pre-then-sql-then-post", "delete.all-before-any", "init.loaded-values-are-positional", "migrate.")


def violated(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """Return the clauses that a base class was asked about and those that it violates."""
    (folder / "bases.py").write_text(SOUND)

    def load(setup: Setup | None = None) -> Target:
        sys.path.insert(0, str(folder))
        return load_models(setup or Setup(base=base_named(f"bases:{name}")))

    # What it is, is found out in one process, and what it does in another, as `load_models` of the runner has it.
    known = elsewhere(load).setup

    def work() -> tuple[list[str], list[str]]:
        report = check_here(load(known), options=Options(only=ONLY, depth=2))
        found = [(each.clause.slug, each.status) for each in report.results]
        return [slug for slug, _ in found], [slug for slug, status in found if status == "violated"]

    return elsewhere(work)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Noted", []),
        ("Careful", []),
        ("Silent", ["save.pre-then-sql-then-post"]),
        ("Bulky", ["save.pre-then-sql-then-post"]),
        ("Hasty", ["delete.all-before-any"]),
    ],
)
def test_what_keeps_the_part_is_told_from_what_does_not(name: str, expected: list[str], tmp_path: Path) -> None:
    asked, found = violated(tmp_path, name)
    assert sorted(asked) == sorted(ONLY[:3])
    assert found == expected


REFUSED = {
    "concrete:Base": "a base class is abstract",
    "nothing:Base": "no subclass of Model, Manager or QuerySet",
    "needy:Base": "signalspec_settings",
    "absent:Base": "There is no module",
    "Base": "takes MODULE:CLASS",
    "wordy:Base": "no literal",
}

MODULES = {
    "concrete": "from django.contrib.contenttypes.models import ContentType as Base\n"
    'signalspec_settings = {"INSTALLED_APPS": ["django.contrib.contenttypes"]}\n',
    "nothing": "class Base: pass\n",
    "needy": "from django.contrib.contenttypes.models import ContentType as Base\n",
    "wordy": "signalspec_settings = dict()\nclass Base: pass\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_base_class_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    for module, source in MODULES.items():
        (tmp_path / f"{module}.py").write_text(source)

    def work() -> str:
        sys.path.insert(0, str(tmp_path))
        try:
            load_models(Setup(base=base_named(name)))
        except (SetupError, TargetError) as error:
            return str(error)
        return "not refused"

    said = elsewhere(work)
    assert REFUSED[name] in said
    assert "\n" not in said


def test_a_script_needs_nothing_but_django_and_the_base(tmp_path: Path) -> None:
    (tmp_path / "bases.py").write_text(SOUND)
    clause = load_clauses().clause("save.pre-then-sql-then-post")

    def work() -> str:
        sys.path.insert(0, str(tmp_path))
        base = replace(base_named("bases:Bulky"), kind="manager")
        target = replace(load_here("django"), setup=Setup(base=base))
        law = load_laws()[clause.slug]
        return law.script(next(law.cases()), target, clause.requirement)

    (tmp_path / "script.py").write_text(elsewhere(work))
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "expected:" in done.stdout

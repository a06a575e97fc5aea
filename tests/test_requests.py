"""The parts requests, auth and environment: Django does what its profile says, and examples run as pasted."""

from __future__ import annotations

from collections.abc import Mapping

import django
import pytest
from pasted import failures
from signalspec.findings.report import Result
from signalspec.runner.options import Options
from signalspec.runner.supervisor import check, load_target
from signalspec.standard.clauses import Clause, load_clauses
from signalspec.standard.examples import as_pasted

PARTS = ("requests", "auth", "environment")
RELEASE = ".".join(map(str, django.VERSION[:2]))
PROFILE = f"django-{RELEASE}"
CLAUSES = [clause for clause in load_clauses().of(*PARTS) if clause.demands and clause.in_force.includes(PROFILE)]
DEVIATING = {each.clause for each in load_clauses().deviations_in(PROFILE)}

pytestmark = pytest.mark.skipif(django.VERSION < (2, 2), reason="the parts begin with Django 2.2")


@pytest.fixture(scope="module")
def results() -> Mapping[str, Result]:
    """What a check of the installed Django finds, by clause."""
    chapters = tuple(f"{chapter}." for part in PARTS for chapter in load_clauses().parts[part].chapters)
    report = check(load_target("django"), PROFILE, Options(only=chapters))
    return {result.clause.slug: result for result in report.results}


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.slug)
def test_django_keeps_what_its_profile_says(clause: Clause, results: Mapping[str, Result]) -> None:
    result = results[clause.slug]
    assert result.status == ("deviates" if clause.slug in DEVIATING else "holds"), (
        result.counterexample or result.notes
    )


@pytest.fixture(scope="module")
def failing() -> Mapping[str, str]:
    """What the examples that fail say, by clause."""
    programs = {each.slug: as_pasted(each) or "" for each in CLAUSES}
    return failures(programs, "import django.contrib.auth, django.test")


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.slug)
def test_the_example_shows_what_django_does(clause: Clause, failing: Mapping[str, str]) -> None:
    if clause.slug in DEVIATING:
        assert clause.slug in failing, "the example holds in spite of the recorded deviation"
    else:
        assert clause.slug not in failing, failing[clause.slug]

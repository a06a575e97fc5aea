"""Patch releases that broke something: they violate the clause that is recorded, and the report says what is known.

tox runs this with such a patch release, whose environment says which one must be installed.
"""

from __future__ import annotations

import django
import pytest
import tox_environment
from signalspec import Options, check, check_here, load_clauses, load_here, load_target
from signalspec.standard.clauses import Patch

ASKED_FOR = tox_environment.django(r"\d", r"\d", r"\d")
VERSION = ASKED_FOR.removesuffix(".0") if ASKED_FOR else django.get_version()
PATCHES = [patch for patch in load_clauses().patches if VERSION in patch.releases]


def test_a_patch_is_of_a_release_with_the_clause_in_force() -> None:
    for patch in load_clauses().patches:
        clause = load_clauses().clause(patch.clause)
        minors = {".".join(version.split(".")[:2]) for version in patch.releases}
        assert all(clause.in_force.includes(f"django-{minor}") for minor in minors)


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.clause)
def test_a_broken_patch_release_violates_its_clause_and_the_report_says_so(patch: Patch) -> None:
    assert django.get_version() == VERSION
    report = check(load_target("django"), options=Options(only=patch.clause))
    assert [result.clause.slug for result in report.with_status("violated")] == [patch.clause]
    assert f"Django {VERSION}: {patch.title}" in report.news


@pytest.mark.skipif(ASKED_FOR is None, reason="no broken patch release was asked for")
def test_the_patch_that_was_asked_for_is_known() -> None:
    assert PATCHES


@pytest.mark.parametrize("patch", load_clauses().patches, ids=lambda patch: patch.clause)
def test_the_report_tells_what_is_known_of_a_patch(patch: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django, "get_version", lambda: patch.releases[0])
    report = check_here(load_here("django"), options=Options(only="connect.returns-none", depth=0, examples=0))
    assert f"Django {patch.releases[0]}: {patch.title}" in report.news

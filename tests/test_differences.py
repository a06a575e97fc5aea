"""What changed between releases: each difference has a program, and the pages made of them are fresh."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import history
import pytest
from click.testing import CliRunner
from signalspec.cli import main
from signalspec.releases.differences import differences
from signalspec.standard.clauses import RELEASES
from witnesses import in_question

CONCURRENT = "threads."


def diff(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["diff", *arguments])
    return found.exit_code, found.output


@pytest.mark.parametrize(("before", "after"), pairwise(RELEASES))
def test_a_difference_between_neighbours_has_a_witness_that_tells_them_apart(before: str, after: str) -> None:
    for each in differences(f"django-{before}", f"django-{after}"):
        assert each.witness is not None, each.headline
        assert each.witness.answer(each.before) != each.witness.answer(each.after), each.headline
        assert "from django." in each.witness.script


def test_each_clause_with_a_range_is_the_difference_of_some_neighbours() -> None:
    shown = {
        each.clause.slug
        for before, after in pairwise(RELEASES)
        for each in differences(f"django-{before}", f"django-{after}")
        if each.deviation is None
    }
    assert {clause.slug for clause, deviation in in_question() if deviation is None} == shown


def test_what_the_standard_demands_beyond_a_release_is_its_deviations() -> None:
    found = differences("django-6.1", "standard")
    assert {each.how for each in found} == {"is fixed"}
    assert all(each.witness for each in found if not each.clause.slug.startswith(CONCURRENT))


def test_nothing_changes_from_a_release_to_itself() -> None:
    assert diff("django-5.2", "django-5.2") == (0, "django-5.2 to django-5.2: nothing changed\n")


def test_diff_shows_each_difference_with_its_program() -> None:
    status, printed = diff("django-1.11", "django-2.0", "--only", "disconnect.parameters")
    assert status == 0
    assert printed.startswith("django-1.11 to django-2.0: 2 differences\n\ndisconnect.parameters begins\n")
    assert "django-1.11: (['receiver'], False)\n" in printed and "django-2.0:  ([], False)\n" in printed
    assert "from django.dispatch import Signal" in printed


def test_diff_writes_json(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    assert diff("django-3.1", "django-3.2", "--json", str(file))[0] == 0
    rows = json.loads(file.read_text("utf-8"))
    assert {row["id"] for row in rows} >= {"robust.logs-each-failure", "debug.equal-receivers"}
    assert all(row["witness"]["django-3.1"] != row["witness"]["django-3.2"] for row in rows)


def test_the_pages_are_fresh() -> None:
    for path, text in history.pages().items():
        assert path.read_text("utf-8") == text, f"{path.name} is stale: run `python tests/witnesses.py pages`."

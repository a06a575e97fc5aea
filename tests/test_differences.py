"""What changed between releases: each difference is told in sentences, and has a program."""

from __future__ import annotations

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from signalspec.cli import main
from signalspec.releases.changes import DANGERS, Change, changes, load_changes
from signalspec.releases.differences import differences
from signalspec.standard.clauses import RELEASES
from witnesses import in_question

CONCURRENT = "threads."

SAME = [("1.9", "1.10"), ("1.10", "1.11"), ("2.0", "2.1"), ("2.1", "2.2")]
"""The neighbours whose signals do the same."""

TOLD = ("dispatch", "models")
"""The parts whose changes are told in sentences of their own; of others the clauses' are shown."""


def diff(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["diff", *arguments])
    return found.exit_code, found.output


DIFFERING = [pair for pair in pairwise(RELEASES) if differences(f"django-{pair[0]}", f"django-{pair[1]}")]


def test_releases_whose_signals_do_the_same_are_those_that_are_known() -> None:
    assert [pair for pair in pairwise(RELEASES) if pair not in DIFFERING] == SAME


@pytest.mark.parametrize(("before", "after"), DIFFERING)
def test_a_difference_between_neighbours_has_a_witness_that_tells_them_apart(before: str, after: str) -> None:
    found = differences(f"django-{before}", f"django-{after}")
    for each in (each for each in found if not each.clause.slug.startswith(CONCURRENT)):
        assert each.witness is not None, each.headline
        assert each.witness.answer(each.before) != each.witness.answer(each.after), each.headline
        assert "from django." in each.witness.script


def test_each_clause_with_a_range_is_the_difference_of_some_neighbours() -> None:
    shown = {
        each.clause.slug
        for before, after in pairwise(RELEASES)
        for each in differences(f"django-{before}", f"django-{after}")
        if each.deviation is None and not each.clause.slug.startswith(CONCURRENT)
    }
    assert {clause.slug for clause, deviation in in_question() if deviation is None} == shown


def test_what_the_standard_demands_beyond_a_release_is_its_deviations() -> None:
    found = differences("django-6.1", "standard")
    assert {each.how for each in found} == {"is fixed"}
    assert all(each.witness for each in found if not each.clause.slug.startswith(CONCURRENT))


def test_nothing_changes_from_a_release_to_itself() -> None:
    assert diff("django-5.2", "django-5.2") == (0, "django-5.2 to django-5.2: nothing changed\n")


def test_diff_shows_the_dangerous_first_and_programs_where_asked_to() -> None:
    status, printed = diff("1.11", "2.0", "--only", "disconnect.parameters")
    assert status == 0
    assert printed.startswith("django-1.11 to django-2.0: 1 breaks\n\nWhat breaks\n\n* `disconnect` no longer")
    assert "from django.dispatch import Signal" not in printed
    _, printed = diff("1.11", "2.0", "--only", "disconnect.parameters", "-v")
    assert "django-1.11: {'called': ['receiver'], " in printed and "django-2.0:  {'called': [], " in printed
    assert "from django.dispatch import Signal" in printed


def test_diff_writes_json(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    assert diff("django-3.1", "django-3.2", "--json", str(file))[0] == 0
    found = json.loads(file.read_text("utf-8"))
    assert [each["danger"] for each in found] == sorted((each["danger"] for each in found), key=list(DANGERS).index)
    rows = [row for each in found for row in each["clauses"] if row["witness"]]
    assert {row["id"] for row in rows} >= {"robust.logs-each-failure", "debug.equal-receivers"}
    assert all(row["witness"]["django-3.1"] != row["witness"]["django-3.2"] for row in rows)


def test_diff_writes_programs_to_files(tmp_path: Path) -> None:
    status, printed = diff("1.11", "2.0", "--scripts", str(tmp_path / "scripts"))
    files = sorted((tmp_path / "scripts").iterdir())
    assert (status, f"Wrote {len(files)} programs" in printed) == (0, True)
    for file in files:
        compile(file.read_text("utf-8"), file.name, "exec")
    (tmp_path / "file").write_text("")
    assert diff("1.11", "2.0", "--scripts", str(tmp_path / "file"))[0] == 2


def test_the_upgrade_that_most_make_is_told_in_ninety_lines() -> None:
    lines = diff("4.2", "5.2")[1].splitlines()
    assert len(lines) <= 90
    assert lines[2] == "What breaks"


@pytest.mark.parametrize("before", RELEASES)
def test_every_difference_is_told_in_sentences(before: str) -> None:
    for after in RELEASES[RELEASES.index(before) + 1 :]:
        told = changes(f"django-{before}", f"django-{after}")
        unsaid = [each for each in told if not each.change.pattern and each.differences[0].clause.part in TOLD]
        assert [each.change.title for each in unsaid] == []
        shown = [id(one) for each in told for one in each.differences]
        assert len(shown) == len({*shown}) == len(differences(f"django-{before}", f"django-{after}"))


def test_what_is_told_in_a_line_names_what_it_is_about() -> None:
    lines = [each for each in load_changes() if each.danger in ("fixed", "new")]
    assert [each.now for each in lines if each.now.partition(" ")[0] in ("It", "Its", "They", "Their", "Such")] == []


def test_a_change_happens_in_its_release() -> None:
    for change in load_changes():
        earlier = RELEASES[RELEASES.index(change.release) - 1]
        told = [each.change for each in changes(f"django-{earlier}", f"django-{change.release}")]
        assert change in told, change.title


@pytest.mark.parametrize("change", load_changes(), ids=lambda change: change.title)
def test_a_pattern_finds_the_code_that_is_affected_and_no_other(change: Change, tmp_path: Path) -> None:
    for name, lines in (("found.py", change.found), ("spared.py", change.spared)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", "utf-8")
    assert change.found and change.spared
    command = ["grep", "-rnE", "--include=*.py", change.pattern, "."]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert sorted(printed.splitlines()) == [f"./found.py:{n}:{line}" for n, line in enumerate(change.found, 1)]


def test_going_back_turns_changes_around() -> None:
    (there,) = changes("django-3.2", "django-4.0", "parties.")
    (back,) = changes("django-4.0", "django-3.2", "parties.")
    assert (there.change.before, there.change.now) == (back.change.now, back.change.before)
    assert (there.change.danger, back.change.danger) == ("breaks", "new")

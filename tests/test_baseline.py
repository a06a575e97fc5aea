"""What a baseline knows does not fail a check; what is new does, and what holds now is news."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import DEAF, Cli

ONLY = ("--only", "listeners.", "--depth", "2", "--examples", "2")


@pytest.fixture
def deaf(folder: Path) -> str:
    (folder / "deaf.py").write_text(DEAF)
    return "deaf"


def test_what_the_baseline_knows_does_not_fail(cli: Cli, deaf: str, folder: Path) -> None:
    assert cli("check", deaf, *ONLY, "--json", "report.json", "--write-baseline", "known.toml").exit_code == 1
    for baseline in ("report.json", "known.toml"):
        result = cli("check", deaf, *ONLY, "--baseline", baseline, "--json", "after.json")
        assert result.exit_code == 0, result.output
        assert "Known to be violated:" in result.stdout
        statuses = {each["status"] for each in json.loads((folder / "after.json").read_text())["clauses"]}
        assert "known" in statuses
        assert "violated" not in statuses


def test_what_is_new_fails_and_what_follows_from_what_is_known_does_not(cli: Cli, deaf: str, folder: Path) -> None:
    cli("check", deaf, *ONLY, "--json", "report.json")
    rows = json.loads((folder / "report.json").read_text())["clauses"]
    causes = [row["id"] for row in rows if row["status"] == "violated" and "because" not in row]
    (folder / "known.toml").write_text("[known]\n" + "".join(f'"{slug}" = "later"\n' for slug in causes))
    result = cli("check", deaf, *ONLY, "--baseline", "known.toml")
    assert result.exit_code == 0, result.output
    (folder / "known.toml").write_text("[known]\n")
    assert cli("check", deaf, *ONLY, "--baseline", "known.toml").exit_code == 1


def test_a_clause_that_the_baseline_s_suite_did_not_have_does_not_fail(cli: Cli, deaf: str, folder: Path) -> None:
    (folder / "known.toml").write_text('clauses = ["uids.falsy-uid"]\n[known]\n')
    result = cli("check", deaf, *ONLY, "--baseline", "known.toml")
    assert result.exit_code == 0
    assert "a new clause" in result.stdout


def test_what_holds_now_is_news_and_fails_where_strict(cli: Cli, folder: Path) -> None:
    (folder / "known.toml").write_text('[known]\n"listeners.returns-a-bool" = "soon"\n')
    result = cli("check", "reference", *ONLY, "--baseline", "known.toml")
    assert result.exit_code == 0
    assert "listeners.returns-a-bool holds now" in result.stdout
    assert cli("check", "reference", *ONLY, "--baseline", "known.toml", "--strict").exit_code == 1


@pytest.mark.parametrize("text", ["", "[known]\na = 1\n", "{}", "[1, 2]", "x = ["])
def test_what_is_no_baseline_is_refused_in_a_sentence(cli: Cli, folder: Path, text: str) -> None:
    (folder / "known.toml").write_text(text)
    result = cli("check", "reference", *ONLY, "--baseline", "known.toml")
    assert result.exit_code == 2
    assert "is no baseline" in result.stderr
    assert "Traceback" not in result.stderr


def test_pyproject_keeps_the_options(cli: Cli, deaf: str, folder: Path) -> None:
    (folder / "known.toml").write_text("clauses = []\n[known]\n")
    (folder / "pyproject.toml").write_text(
        '[tool.signalspec]\ntarget = "deaf"\nonly = ["listeners."]\ndepth = 2\nbaseline = "known.toml"\n'
    )
    result = cli("check")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("deaf: conforms")


def test_what_a_subclass_inherits_is_listed_apart_and_does_not_fail(cli: Cli, folder: Path) -> None:
    (folder / "derived.py").write_text(
        "from django.dispatch import Signal as Base, receiver\n"
        "class Signal(Base):\n"
        "    def has_listeners(self, sender=None): return int(super().has_listeners(sender))\n"
    )
    only = ("--only", "listeners.returns", "--only", "uids.falsy-uid", "--depth", "2", "--examples", "0")
    result = cli("check", "derived", "--profile", "standard", *only, "--json", "found.json")
    assert result.exit_code == 1
    statuses = {row["id"]: row["status"] for row in json.loads((folder / "found.json").read_text())["clauses"]}
    assert statuses == {"listeners.returns-a-bool": "violated", "uids.falsy-uid": "inherited"}
    assert "inherited from it:\n  uids.falsy-uid: " in result.stdout
    assert cli("check", "derived", "--profile", "standard", *only[2:]).exit_code == 0

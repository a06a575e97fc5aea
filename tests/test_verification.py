"""Each demand is verified by a fault that the suite has been seen to name, and what was seen is not out of date."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import kill_matrix
import pytest
import regenerate
from beside import ROOT
from click.testing import CliRunner
from faults import all_faults
from signalspec.cli import main
from signalspec.standard.clauses import Clause, load_clauses
from signalspec.standard.verification import load_kills, verification_of

Capture = pytest.CaptureFixture[str]

DEMANDS = [clause for clause in load_clauses().of("dispatch") if clause.demands]


@pytest.mark.parametrize("part", ["matrix", "witnesses", "sends", "servers"])
def test_what_the_suite_has_seen_is_that_of_these_laws_and_faults(part: str) -> None:
    assert list(regenerate.stale([part])) == [], f"run `tox run -e regenerate -- {part}`"


def test_each_part_is_made_anew_by_commands_and_in_environments_that_there_are(tmp_path: Path) -> None:
    steps = [step for part in regenerate.PARTS.values() for step in part.steps(tmp_path)]
    listed = (ROOT / "tox.ini").read_text("utf-8").partition("env_list =")[2].partition("skip_missing")[0]
    assert {step.environment for step in steps} <= {name for row in listed.split() for name in expanded(row)}
    assert all((ROOT / "conformance/workshop" / step.command[0]).is_file() for step in steps)


def expanded(names: str) -> Iterator[str]:
    """Yield the names that tox makes of one with braces."""
    parts = (part.split(",") for part in re.split("[{}]", names))
    yield from map("".join, itertools.product(*parts))


def test_what_is_stale_is_said_and_is_no_success(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(sys, "argv", ["regenerate.py", "--stale", "matrix"])
    assert (regenerate.main(), capsys.readouterr().out) == (0, "Nothing is stale.\n")
    stale = replace(regenerate.PARTS["matrix"], stale=lambda: ["a fault"])
    monkeypatch.setattr(regenerate, "PARTS", {"matrix": stale})
    assert (regenerate.main(), capsys.readouterr().out) == (1, "matrix: a fault\n")


def test_each_fault_is_named() -> None:
    rows = {
        words for words, row in kill_matrix.rows_by_fault().items() if load_clauses().clause(row.clause) in DEMANDS
    }
    assert {str(fault) for fault in all_faults()} == rows


@pytest.mark.parametrize("clause", DEMANDS, ids=lambda clause: clause.slug)
def test_each_demand_is_checked(clause: Clause) -> None:
    assert verification_of(clause) == "checked"


def test_what_demands_nothing_is_unspecified() -> None:
    assert {verification_of(clause) for clause in load_clauses() if not clause.demands} == {"unspecified"}


def test_explain_tells_which_fault_shows_that_a_clause_is_checked() -> None:
    printed = CliRunner().invoke(main, ["explain", "-v", "uids.falsy-uid"]).output
    assert "Verified: by its law, which notices " in printed
    for kill in load_kills()["uids.falsy-uid"]:
        assert kill.fault in printed

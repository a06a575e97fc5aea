"""Each demand is verified by a fault that the suite has been seen to name, and what was seen is not out of date."""

from __future__ import annotations

import kill_matrix
import pytest
from click.testing import CliRunner
from faults import all_faults
from signalspec.cli import main
from signalspec.standard.clauses import Clause, load_clauses
from signalspec.standard.verification import load_kills, verification_of

DEMANDS = [clause for clause in load_clauses().of("dispatch") if clause.demands]


def test_the_matrix_is_that_of_this_suite_and_these_faults() -> None:
    assert [str(fault) for fault in kill_matrix.stale()] == [], "run `python conformance/workshop/kill_matrix.py`"


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
    assert "Verified: checked, by" in printed
    for kill in load_kills()["uids.falsy-uid"]:
        assert kill.fault in printed

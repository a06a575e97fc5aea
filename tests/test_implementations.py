"""Other libraries keep and violate what is committed of them, and there is a note on each violated clause.

What takes the library runs in its tox environment, whose name says which one it has.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tox_environment
from implementations import IMPLEMENTATIONS, Implementation, implementation
from signalspec import Report
from signalspec.engines.threads.schedules import standalone
from signalspec.runner.replay import read_programs
from signalspec.standard.clauses import load_clauses
from signalspec.targets.setup import base_named
from signalspec.targets.target import ADAPTERS, ALIASES

INSTALLED = tox_environment.named("impl-")

FOUND = {
    row["id"]: row
    for row in (implementation(INSTALLED).found()["clauses"] if INSTALLED else ())
    if row["counterexample"]
}

each_implementation = pytest.mark.parametrize("each", IMPLEMENTATIONS, ids=lambda each: each.name)
needs_the_library = pytest.mark.skipif(not INSTALLED, reason="tox says which library is installed")


@cache
def report() -> Report:
    return implementation(INSTALLED).check()


def violated(each: Implementation) -> list[str]:
    return [row["id"] for row in each.found()["clauses"] if row["status"] == "violated"]


@each_implementation
def test_every_violated_clause_has_a_note_and_every_note_a_violated_clause(each: Implementation) -> None:
    assert [slug for slug in violated(each) if each.note_on(slug) is None] == []
    for note in each.notes:
        covered = [slug for slug in violated(each) if each.note_on(slug) is note]
        stale = [name for name in note.clauses if not any(fnmatch(slug, name) for slug in covered)]
        assert stale == [], note.title


@each_implementation
def test_what_is_by_design_says_where_the_authors_say_so(each: Implementation) -> None:
    assert {note.kind for note in each.notes} <= {"defect", "by design"}
    assert [note.title for note in each.notes if bool(note.source) != (note.kind == "by design")] == []


@each_implementation
def test_nothing_that_is_not_claimed_is_hidden(each: Implementation) -> None:
    found = {row["id"]: row for row in each.found()["clauses"]}
    # A clause that is newer than the results is missing there until they are found anew.
    assert list(found) == [clause.slug for clause in load_clauses().of(each.part) if clause.slug in found]
    assert all(row["notes"] for row in found.values() if row["status"] == "not-claimed")


@each_implementation
def test_what_was_found_can_be_replayed(each: Implementation) -> None:
    stored = read_programs(json.dumps(each.found()).encode())
    assert {program.target for program in stored} == {each.name}
    assert {program.clause.slug for program in stored} >= set(violated(each))


def test_there_is_a_short_name_for_each_implementation_and_an_implementation_for_each_adapter() -> None:
    names = {each.name for each in IMPLEMENTATIONS if not each.is_base}
    assert names == set(ALIASES) - {"django", "reference"}
    folder = Path(__file__).resolve().parent.parent / "conformance/signalspec/targets/adapters"
    adapters = {f"{ADAPTERS}{path.stem}" for path in folder.glob("[!_]*.py")}
    bases = {base_named(each.name).module for each in IMPLEMENTATIONS if each.is_base}
    assert adapters == bases | {module for module in ALIASES.values() if module.startswith(ADAPTERS)}


@needs_the_library
def test_the_installed_version_does_what_is_committed() -> None:
    each = implementation(INSTALLED)
    now, then = each.as_data(report()), each.found()
    assert {name: now[name] for name in now if name != "clauses"} == {
        name: then[name] for name in now if name != "clauses"
    }
    assert _told(now["clauses"]) == _told(then["clauses"])


def _told(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return what is said of each clause; how much memory something takes is up to Python."""
    found = ((row["id"], row["status"], (row["counterexample"] or {}).get("actual", "")) for row in rows)
    return [(slug, f"{status}: {re.sub(r'[0-9]+', 'N', actual)}") for slug, status, actual in found]


@needs_the_library
@pytest.mark.parametrize("slug", FOUND)
def test_a_finding_shows_with_nothing_but_the_library(slug: str, tmp_path: Path) -> None:
    found = next(each.counterexample for each in report().results if each.clause.slug == slug)
    assert found is not None
    script = standalone(found.script)
    assert not re.search(r"^\s*(import|from) signalspec", script, re.MULTILINE)
    (tmp_path / "script.py").write_text(script, "utf-8")
    run = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1, run.stderr
    assert "expected:" in run.stdout

"""The suite finds faults that are planted in Django's models, and there is one for each demand."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import django
import kill_matrix
import model_faults
import pytest
from elsewhere import elsewhere
from faults.models import all_faults
from signalspec.models.world import OLDEST
from signalspec.releases.differences import DJANGO
from signalspec.runner.events import PLAINEST
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.runner.tally import Tally
from signalspec.standard.clauses import RELEASES, load_clauses

RELEASE = ".".join(map(str, django.VERSION[:2]))
PROFILE = f"django-{RELEASE}"

if django.VERSION[:2] < OLDEST or RELEASE not in RELEASES:
    pytest.skip(f"the part does not cover Django {RELEASE}", allow_module_level=True)

FAULTS = all_faults()
DEVIATING = {each.clause for each in load_clauses().deviations}
NEWEST = [each.slug for each in load_clauses().of("models") if each.demands and each.in_force.includes("standard")]


@pytest.mark.parametrize("slug", [slug for slug in NEWEST if slug not in DEVIATING])
def test_a_clause_has_a_fault_or_a_release_that_breaks_it(slug: str) -> None:
    assert slug in {fault.clause for fault in FAULTS}


def test_a_fault_names_a_clause_with_a_demand_and_is_there_once() -> None:
    assert {fault.clause for fault in FAULTS} <= {each.slug for each in load_clauses().of("models") if each.demands}
    assert [words for words, times in Counter(map(str, FAULTS)).items() if times > 1] == []


def test_a_fault_is_found() -> None:
    """A sample: `python conformance/workshop/model_faults.py` plants them all."""
    script = model_faults.__file__
    command = [sys.executable, str(script), "save.created", "delete.origin", "m2m.add", "lazy.malformed"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_row_is_of_another_fault_or_law() -> None:
    rows = kill_matrix.rows_by_fault()
    known = [fault for fault in FAULTS if str(fault) in rows]
    assert known
    assert [str(fault) for fault in known if model_faults.is_stale(fault)] == [], (
        "run `python conformance/workshop/model_faults.py --whole`"
    )


def test_no_clause_holds_where_nothing_is_sent() -> None:
    """Else silence would be kept by who never says anything."""

    def work() -> list[str]:
        from django.dispatch import Signal

        Signal.send = lambda self, sender, **named: []
        chapters = tuple(f"{chapter}." for chapter in load_clauses().parts["models"].chapters)
        tally = Tally(DJANGO, PROFILE, Options(only=chapters))
        Examination(tally.target, tally.open, tally.options, tally.take, last=PLAINEST).run()
        return sorted(each.clause.slug for each in tally.report().results if each.status == "holds")

    assert elsewhere(work) == []

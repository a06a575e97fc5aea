"""A cause is told from what follows from it, and nothing that is broken by itself hides behind another cause."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faults import Fault, all_faults, planted_together
from signalspec.findings.causes import causes_of
from signalspec.findings.symptoms import symptom_of
from signalspec.runner.examination import PLAINEST, Examination, Options
from signalspec.runner.tally import Tally, check_here
from signalspec.targets.target import Target, load_here

OPTIONS = Options(timeout=2.0)


def fault(title: str) -> Fault:
    return next(each for each in all_faults() if each.title == title)


USED_UP = fault("The receivers of a route are used up by the first dispatch.")
RETURNS_RECEIVER = fault("connect returns the receiver, to serve as a decorator.")


@contextmanager
def checked(*faults: Fault) -> Iterator[tuple[Target, Tally, dict[str, str]]]:
    with planted_together(faults) as target:
        tally = Tally(target, faults[0].profile, OPTIONS)
        Examination(target, tally.open_in("dispatch"), OPTIONS, tally.take, last=PLAINEST).run()
        yield target, tally, causes_of(tally.violations, target, OPTIONS.timeout)


def test_a_fault_that_breaks_many_clauses_has_few_causes_and_the_plainest_speaks() -> None:
    with checked(USED_UP) as (_, tally, because):
        causes = tally.violations.keys() - because.keys()
    assert len(tally.violations) > 25
    assert len(causes) <= 6
    assert set(because.values()) <= causes
    assert any(each.endswith(".connected-is-called") for each in causes)


@pytest.mark.parametrize("clause", ["listeners.returns-a-bool", "send.each-connection-once", "uids.first-wins"])
def test_faults_that_have_nothing_to_do_with_each_other_are_causes_each(clause: str) -> None:
    companion = next(each for each in all_faults() if (each.base, each.clause) == (RETURNS_RECEIVER.base, clause))
    with checked(companion) as (_, tally, because):
        alone = tally.violations.keys() - because.keys()
    with checked(RETURNS_RECEIVER, companion) as (_, tally, because):
        assert alone | {RETURNS_RECEIVER.clause} <= tally.violations.keys() - because.keys()


def test_what_a_program_uses_by_then_is_part_of_its_symptom() -> None:
    with checked(USED_UP) as (target, tally, _):
        story = tally.violations["connect.connected-is-called"][0]
        symptom = symptom_of(story.program, target, 2.0)
    assert symptom is not None
    assert (symptom.operation, symptom.way) == ("send", "calls others than are due")
    assert "an earlier lookup" in symptom.uses


def test_a_story_that_does_not_fail_has_no_symptom() -> None:
    with checked(USED_UP) as (_, tally, _because):
        story = tally.violations["connect.connected-is-called"][0]
    assert symptom_of(story.program, load_here("reference"), 2.0) is None


COUNTS = """
import django.dispatch
from django.dispatch import receiver

class Signal(django.dispatch.Signal):
    def has_listeners(self, sender=None):
        return sum(map(len, self._live_receivers(sender)))
"""
"""A subclass of Django's signal with one defect."""


def test_a_subclass_answers_for_what_it_does_and_not_for_its_base(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("django", "5.0")
    (folder / "counting.py").write_text(COUNTS)
    monkeypatch.syspath_prepend(str(folder))
    report = check_here(load_here("counting"), options=Options(only=("listeners.", "parties.", "uids.")))
    assert report.profile == load_here("django").default_profile
    assert [each.clause.slug for each in report.causes] == ["listeners.returns-a-bool"]
    assert report.with_status("deviates")

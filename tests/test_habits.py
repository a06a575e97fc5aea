"""What a copy of Django's code does as Django does is set apart from what it does of its own."""

from __future__ import annotations

import inspect
import io
from pathlib import Path

import pytest
from faults import all_faults, planted_together
from rich.console import Console
from signalspec.findings.causes import causes_of
from signalspec.findings.habits import Habits, habits_of
from signalspec.findings.report import Counterexample, Report
from signalspec.programs.outcomes import Returned
from signalspec.reports.terminal import headline, show_report
from signalspec.runner.events import PLAINEST
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.runner.tally import Tally, check_here
from signalspec.standard.clauses import RELEASES, STANDARD, load_clauses
from signalspec.targets.target import load_here

UIDS = Options(only=("uids.", "disconnect.", "listeners."))


def checked(folder: Path, monkeypatch: pytest.MonkeyPatch, old: str = "", new: str = "") -> Report:
    """Check a copy of the installed Django's dispatcher that was edited."""
    dispatcher = pytest.importorskip("django.dispatch.dispatcher")
    source = inspect.getsource(dispatcher)
    assert old in source
    (folder / "copied.py").write_text(source.replace(old, new), "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    return check_here(load_here("copied"), STANDARD, UIDS)


def printed(report: Report) -> str:
    page = io.StringIO()
    show_report(report, Console(file=page, soft_wrap=True))
    return page.getvalue()


def test_a_copy_of_django_does_nothing_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(folder, monkeypatch)
    assert report.verdict == "violates"
    assert not report.own_causes
    (profile,) = {each.as_in for each in report.with_status("violated")}
    assert profile in {f"django-{release}" for release in _releases_like_the_installed_one()}
    assert f"clauses as {str(profile).replace('django-', 'Django ')} does" in headline(report)


def _releases_like_the_installed_one() -> set[str]:
    """Return the releases that break the same clauses of what is checked as the installed one."""

    def broken(profile: str) -> set[str]:
        found = load_clauses().deviations_in(profile)
        return {each.clause for each in found if each.clause.startswith(UIDS.only)}

    own = broken(load_here("django").default_profile)
    return {release for release in RELEASES if broken(f"django-{release}") == own}


def test_what_a_copy_does_of_its_own_is_told_first_and_the_rest_in_a_few_lines(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = checked(folder, monkeypatch, "return disconnected", "return None")
    assert [each.clause.slug for each in report.own_causes] == ["disconnect.returns-true"]
    lines = printed(report).splitlines()
    assert lines[2].startswith("disconnect.returns-true: ")
    assert "does the same; --profile django-" in printed(report)
    assert len(lines) < 25


def test_what_django_does_not_violate_follows_from_nothing_that_it_does() -> None:
    fault = next(each for each in all_faults() if each.title == "disconnect does not look at the uid.")
    with planted_together([fault]) as target:
        tally = Tally(target, fault.profile, UIDS)
        Examination(target, tally.open_in("dispatch"), UIDS, tally.take, last=PLAINEST).run()
        (cause,) = {*causes_of(tally.violations, target, 5.0).values()}
        because = causes_of(tally.violations, target, 5.0, habits=[cause])
    assert cause not in because.values()


def test_a_clause_is_no_habit_where_one_story_is_not_recorded() -> None:
    recorded = next(each for each in load_clauses().deviations if each.cases)
    case = dict(item.split("=", 1) for item in recorded.cases[0].split(", "))
    alike = Counterexample(recorded.clause, "", {"case": case}, "", Returned(recorded.actual[0]))
    unlike = Counterexample(recorded.clause, "", {"case": case}, "", Returned("another"))
    assert habits_of({recorded.clause: [alike]}, [recorded.clause]).clauses == {recorded.clause}
    assert habits_of({recorded.clause: [alike, unlike]}, [recorded.clause]) == Habits()


def test_what_no_django_does_is_shown_first() -> None:
    recorded = next(each for each in load_clauses().deviations if not each.cases)
    alike = Counterexample(recorded.clause, "", {"case": {}}, "", Returned(recorded.actual[0]))
    unlike = Counterexample(recorded.clause, "", {"case": {}}, "", Returned("another"))
    tally = Tally(load_here("reference"), STANDARD, Options())
    for story in (*[alike] * 5, unlike):
        tally.fail(story, {})
    assert tally.violations[recorded.clause][0] is unlike
    assert not tally.habits.clauses

"""The suite finds faults: each planted one breaks its clause, and the counterexample shows it to whoever runs it."""

from __future__ import annotations

import gc
import io
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stdout
from contextvars import copy_context

import pytest
from faults import BASES, Fault, all_faults, planted
from signalspec.findings.report import Counterexample
from signalspec.runner.options import Options
from signalspec.runner.tally import check_here
from signalspec.standard.clauses import load_clauses
from signalspec.targets.surroundings import quiet, unconfigured_settings
from signalspec.targets.target import Target, load_here

FAULTS = all_faults()
HANGING = [fault for fault in FAULTS if fault.hangs]
RETURNING = [fault for fault in FAULTS if not fault.hangs]
DEMANDS = [clause.slug for clause in load_clauses().of("dispatch") if clause.demands]


@pytest.fixture(autouse=True, scope="module")
def cheap_collections() -> Iterator[None]:
    """Let what a check takes out of the garbage collector's sight stay there: a check would not pay off otherwise.

    Tracebacks have no carets: to place one, source is parsed, and Python 3.11.7 breaks a parse within which garbage
    is collected whose traceback is logged.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "unfreeze", lambda: None)
        patch.setattr(traceback, "_extract_caret_anchors_from_line_segment", lambda *_: None, raising=False)
        yield
    gc.unfreeze()


def violation(fault: Fault, target: Target) -> Counterexample:
    """Check the clause that a fault is to break, and nothing else; return what shows that it is broken."""
    lacking = {*load_clauses().clause(fault.clause).needs} - target.capabilities
    if lacking == {"eager-tasks"}:
        pytest.skip("this Python has no eager tasks")
    options = Options(only=fault.clause, depth=0, examples=0, timeout=1.0 if fault.hangs else Options.timeout)
    report = check_here(target, fault.profile, options)
    result = next(result for result in report.results if result.clause.slug == fault.clause)
    assert result.status == "violated", f"{result.status} in spite of the fault"
    assert result.counterexample is not None
    return result.counterexample


def run_script(script: str) -> tuple[object, str]:
    """Run a script as a program of its own; return its exit status and what it printed."""
    printed = io.StringIO()
    with ExitStack() as surroundings:
        surroundings.enter_context(quiet())
        surroundings.enter_context(redirect_stdout(printed))
        if "django.conf" in script:
            surroundings.enter_context(unconfigured_settings())
        exit_ = surroundings.enter_context(pytest.raises(SystemExit))
        # What it sets in its context would stay for the tests that follow.
        copy_context().run(exec, compile(script, "<script>", "exec"), {"__name__": "__main__"})
    return exit_.value.code, printed.getvalue()


@pytest.mark.parametrize("fault", RETURNING, ids=str)
def test_a_fault_is_found_and_shown(fault: Fault) -> None:
    with planted(fault) as target:
        found = violation(fault, target)
        status, printed = run_script(found.script)
    assert found.expected and found.actual and found.expected != found.actual
    assert not found.actual.startswith("does not return")
    assert status, printed
    assert "expected:" in printed and "actual:" in printed

    assert found.script.count(target.imports) == 1
    status, printed = run_script(found.script.replace(target.imports, load_here(fault.base).imports))
    assert not status, printed


@pytest.mark.parametrize("fault", HANGING, ids=str)
def test_a_fault_that_hangs_is_found(fault: Fault) -> None:
    with planted(fault) as target:
        found = violation(fault, target)
    assert found.expected == "to return"
    assert found.actual.startswith("does not return")


def test_few_faults_hang() -> None:
    assert len(HANGING) <= 10


@pytest.mark.parametrize(("base", "profile"), BASES.items())
def test_what_faults_are_planted_in_is_sound(base: str, profile: str) -> None:
    report = check_here(load_here(base), profile, Options(depth=2, examples=2))
    sound = ("holds", "untestable", "not-in-force")
    claimed = [
        result for result in report.results if result.status != "not-claimed" or "async" not in result.clause.needs
    ]
    assert [result for result in claimed if result.status not in sound] == []


@pytest.mark.parametrize("slug", DEMANDS)
def test_a_clause_has_a_fault(slug: str) -> None:
    assert slug in {fault.clause for fault in FAULTS}


def test_a_fault_names_a_clause_with_a_demand() -> None:
    assert {fault.clause for fault in FAULTS} <= set(DEMANDS)


def test_a_fault_is_listed_in_its_chapter() -> None:
    chapters = load_clauses().chapters
    order = [chapters.index(fault.clause.partition(".")[0]) for fault in FAULTS]
    assert order == sorted(order)


def test_no_fault_is_there_twice() -> None:
    assert [title for title, times in Counter(map(str, FAULTS)).items() if times > 1] == []
    assert [fault.source for fault in FAULTS if fault.source == Fault("", "", fault.base, {}).source] == []


def test_an_edit_that_does_not_fit_is_refused() -> None:
    nowhere = Fault("parties.any-sender", "An edit fits nowhere.", "faults.plain", {"not there": ""})
    everywhere = Fault("parties.any-sender", "An edit fits everywhere.", "faults.plain", {"self": ""})
    for fault in (nowhere, everywhere):
        with pytest.raises(ValueError, match=r"occurs \d+ times in faults\.plain, not once"):
            fault.source  # noqa: B018

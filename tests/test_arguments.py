"""What receivers are given is compared in programs, too, and not in laws alone: each engine finds it by itself."""

from __future__ import annotations

import pytest
from faults import Fault, all_faults, planted
from signalspec.findings.report import Counterexample
from signalspec.runner.events import AWAIT, EXPLORE, HYPOTHESIS, THREADS, Place
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.runner.replay import replay_program
from signalspec.runner.tally import Tally
from signalspec.targets.target import Target, load_here
from test_faults import run_script

FAULTS = {str(fault): fault for fault in all_faults()}
FOUND = (
    (
        EXPLORE,
        "send.earlier-arguments-are-gone: What the receivers for all senders are called with is prepared once.",
    ),
    (EXPLORE, "during.arguments-stay-the-same: The sender of a send is an attribute of the signal."),
    (AWAIT, "asend.passes-arguments: Receivers in threads are told the sender's class."),
    (HYPOTHESIS, "send.earlier-arguments-are-gone: An argument of a robust send has the value that it had first."),
    (THREADS, "threads.arguments-stay-the-same: The sender of a send is an attribute of the signal."),
)


def found_by(stage: int, target: Target, fault: Fault) -> list[Counterexample]:
    """Return what one engine finds alone, of what the fault breaks; no law is followed."""
    tally = Tally(target, fault.profile, Options(depth=3, examples=5))
    examination = Examination(
        target, tally.open_in("dispatch"), tally.options, tally.take, start=Place(stage), last=stage
    )
    examination.laws_of_threads = examination.laws_of_threads[:1]
    examination.run()
    return tally.violations.get(fault.clause, [])


@pytest.mark.parametrize(("stage", "title"), FOUND, ids=[f"{stage}: {title}" for stage, title in FOUND])
def test_an_engine_finds_what_receivers_are_given(stage: int, title: str) -> None:
    fault = FAULTS[title]
    with planted(fault) as target:
        found = found_by(stage, target, fault)[0]
        replayed = replay_program(found.program, target, 60.0)
        status, printed = run_script(found.script)
    assert " is given " in found.expected and " is given " in found.actual
    assert replayed is not None and (replayed.expected, replayed.actual) == (found.expected, found.actual)
    assert status and " is given " in printed

    sound = load_here(fault.base)
    status, printed = run_script(found.script.replace(target.imports, sound.imports))
    assert not status, printed

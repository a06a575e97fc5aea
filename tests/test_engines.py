"""The engines: what they run is complete, deterministic and the same as what they print."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from signalspec.engines import explore
from signalspec.engines.laws import Case, load_laws
from signalspec.engines.observing import time_limit
from signalspec.engines.shrinking import first_mismatch, is_possible, shrink
from signalspec.engines.threads import schedules
from signalspec.programs.commands import Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.programs.outcomes import Raised, TimedOut
from signalspec.programs.program import MalformedProgramError, Program
from signalspec.programs.scripts import script_of
from signalspec.runner.options import Options
from signalspec.runner.tally import check_here
from signalspec.standard.clauses import load_clauses
from signalspec.targets.surroundings import quiet
from signalspec.targets.target import Target, load_here
from signalspec_reference import Signal
from test_faults import run_script

IMPORTS = "from signalspec_reference import Signal"


def sample_of_programs() -> Iterator[Program]:
    for dimension in explore.DIMENSIONS:
        if not dimension.debug:
            steps = explore.programs_of(dimension, 3)
            yield from (each.program for each in islice(steps, 0, None, max(1, len(steps) // 10)))


def test_a_printed_program_does_what_the_model_says() -> None:
    for program in sample_of_programs():
        status, printed = run_script(script_of(program, "title", IMPORTS))
        assert (status, printed.count("\n")) == (False, 2), script_of(program, "title", IMPORTS)


def test_a_stored_program_is_the_same_program() -> None:
    for program in sample_of_programs():
        assert Program.from_json(program.to_json()) == program


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"commands": [], "acts": {}, "cast": {}},
        {"commands": [{"do": "fly"}], "acts": {}, "cast": {}, "caching": False, "debug": False},
        {"commands": [{"do": "connect"}], "acts": {}, "cast": {}, "caching": False, "debug": False},
        {"commands": [{"do": "send"}], "acts": {"f": 1}, "cast": {}, "caching": False, "debug": False},
        {
            "commands": [{"do": "connect", "receiver": "f"}],
            "acts": {},
            "cast": {"f": "unicorn"},
            "caching": False,
            "debug": False,
        },
    ],
)
def test_what_is_no_program_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(MalformedProgramError):
        Program.from_json(data)


def test_a_law_prints_what_it_runs() -> None:
    # What the scripts leave may fail in its finalizers, which is not the business of a test, this or another.
    with quiet():
        for slug, case, text in _scripts_of_laws(load_here("reference")):
            status, printed = run_script(text)
            assert status in (False, 0), (slug, case, printed)
        gc.collect()


def _scripts_of_laws(target: Target) -> Iterator[tuple[str, Case, str]]:
    for law in load_laws().values():
        clause = load_clauses().clause(law.slug)
        claimed = clause.in_force.includes("standard") and target.capabilities.issuperset(clause.needs)
        claimed = claimed and clause.part in target.parts
        if "settings" in law.asks_for or not claimed:
            continue
        *_, case = law.cases()
        if schedules.is_concurrent(law):
            yield law.slug, case, schedules.script(law, {**case, "schedule": "1:3 2"}, target, "requirement", ())
        else:
            yield law.slug, case, law.script(case, target, "requirement")


def test_exploration_is_complete_up_to_renaming() -> None:
    dimension = explore.Dimension("tiny", receivers=2, senders=0)
    programs = {each.program.commands for each in explore.programs_of(dimension, 2)}
    connect_f, connect_g = Connect("f"), Connect("g")
    assert (connect_f, connect_g) in programs
    assert (connect_f, Disconnect("g")) in programs
    assert (connect_g,) not in programs
    assert {len(commands) for commands in programs} == {1, 2}


def test_exploration_visits_no_program_twice() -> None:
    for dimension in explore.DIMENSIONS:
        programs = [each.program for each in explore.programs_of(dimension, 3)]
        assert len({(p.commands, str(p.acts)) for p in programs}) == len(programs)
        assert all(map(is_possible, programs))


class SendsTwice(Signal):
    """Broken on purpose: whoever has a uid is called twice."""

    def send(self, /, sender: Any, **named: Any) -> list[tuple[Callable[..., Any], Any]]:
        responses = super().send(sender, **named)
        return [*responses, *super().send(sender, **named)] if len(responses) == 2 else responses


def test_a_mismatch_is_shortened_to_what_it_takes() -> None:
    long = Program(
        (
            HasListeners("A"),
            Connect("f", "A", weak=False, uid="u"),
            Send(None, robust=True),
            Connect("h", "B"),
            Connect("g", "A"),
            Drop("h"),
            Send("A"),
            Send("A"),
        ),
        caching=True,
    )
    mismatch = first_mismatch(long, SendsTwice, 5)
    assert mismatch is not None
    shortest = shrink(mismatch, SendsTwice, 5)
    assert shortest.program == Program((Connect("f"), Connect("g"), Send(None)))
    assert shortest.clause == "send.each-connection-once"


class CallsTheFirst(Signal):
    """Broken on purpose: only the first receiver is called."""

    def _receivers(self, sender: object) -> tuple[list[Callable[..., object]], list[Callable[..., object]]]:
        return super()._receivers(sender)[0][:1], []


def test_what_a_receiver_does_is_not_blamed_for_what_happens_without_it() -> None:
    program = Program((Connect("f"), Connect("g"), Send(None)), acts={"f": Connect("h")})
    mismatch = first_mismatch(program, CallsTheFirst, 5)
    assert mismatch is not None and mismatch.clause == "during.others-keep-their-turn"
    assert shrink(mismatch, CallsTheFirst, 5).clause == "connect.without-sender-hears-all"


class BreaksWithoutSender(Signal):
    """Broken on purpose: with caching, a dispatch without sender fails, and any other calls receivers backwards."""

    def __init__(self, use_caching: bool = False) -> None:
        super().__init__(use_caching)
        self._cached = use_caching

    def _receivers(self, sender: object) -> tuple[list[Callable[..., object]], list[Callable[..., object]]]:
        if self._cached and sender is None:
            raise TypeError
        receivers, _ = super()._receivers(sender)
        return receivers[:: -1 if self._cached else 1], []


def test_a_mismatch_is_not_shortened_to_what_the_target_is_not_asked_for() -> None:
    program = Program((Connect("f"), Connect("g"), Send("A")), caching=True)
    mismatch = first_mismatch(program, BreaksWithoutSender, 5)
    assert mismatch is not None and mismatch.clause == "send.order"
    assert shrink(mismatch, BreaksWithoutSender, 5, lambda each: not each.asks_for_nobody).clause == "send.order"


def test_a_failing_receiver_is_part_of_a_program() -> None:
    program = Program((Connect("f"), Connect("g"), Send(None), Send(None)), acts={"f": Fail()})
    values = [expectation.value for expectation in program.expectations()]
    assert values[2:] == [(("f",), Raised("ValueError")), (("f", "g"), ("f", "g"))]
    robust = replace(program, commands=(*program.commands[:2], Send(None, robust=True)))
    assert [e.value for e in robust.expectations()][-1] == (("f", "g"), ("ValueError", "g"))


def test_an_endless_program_is_stopped() -> None:
    with pytest.raises(TimedOut), time_limit(0.05):
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass


def test_the_same_seed_gives_the_same_report() -> None:
    target = load_here("reference")
    options = Options(only="connect", seed=7, depth=2, examples=5)
    assert check_here(target, None, options).to_json() == check_here(target, None, options).to_json()


def test_another_seed_gives_other_cases_of_a_large_law() -> None:
    law = load_laws()["uids.scoped-by-sender"]
    assert list(law.cases(1)) == list(law.cases(1)) != list(law.cases(2))
    assert next(iter(law.cases(1))) == next(iter(law.cases(2)))

"""Threads: sound targets are not accused, whatever their locks are; a deadlock is told from waiting; runs repeat."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from faults import PLAIN, Fault, all_faults, planted
from faults.dispatch.threads import FAULTS
from jsonschema import Draft202012Validator
from signalspec.engines.threads import stress as stressing
from signalspec.engines.threads.linearizability import Operation, possible_outcomes
from signalspec.engines.threads.scheduler import Deadlock, Director, Endless
from signalspec.engines.threads.schedules import standalone
from signalspec.findings.report import Report
from signalspec.programs.commands import Connect, Disconnect, Drop, HasListeners, Send
from signalspec.programs.model import Connection, State
from signalspec.reports import jsonfile
from signalspec.runner.options import Options
from signalspec.runner.replay import replay_program
from signalspec.runner.tally import check_here
from signalspec.targets.target import load_here
from signalspec_reference import Signal

THREADS = Options(only="threads")
SHORT = Options(only="threads", depth=3)
_LOCKS = "self.lock = threading.RLock()"
_CLEARS = "            self.cache.clear()\n\n    def disconnect"

HARMLESS: Mapping[str, Mapping[str, str]] = {
    "the cache is cleared earlier, under the lock": {
        _CLEARS: "\n    def disconnect",
        "            if not any(other": "            self.cache.clear()\n            if not any(other",
    },
    "one lock for all signals": {
        _LOCKS: "self.lock = LOCK",
        "class Row(": "LOCK = threading.RLock()\n\n\nclass Row(",
    },
    "the lock belongs to the class": {
        f"        {_LOCKS}\n": "",
        '    """A signal."""\n': '    """A signal."""\n\n    lock = threading.RLock()\n',
    },
    "the lock is a default": {
        "use_caching: bool = False) -> None:\n        self": (
            "use_caching: bool = False, lock: Any = threading.RLock()) -> None:\n        self"
        ),
        _LOCKS: "self.lock = lock",
    },
    "the lock is imported by name": {
        "import threading\n": "from threading import RLock as Guard\n",
        _LOCKS: "self.lock = Guard()",
    },
    "a condition is the lock": {_LOCKS: "self.lock = threading.Condition()"},
    "the lock is asked for again and again": {
        _LOCKS: "self.lock = Insistent()",
        "class Row(": """\
class Insistent:
    def __init__(self) -> None:
        self.lock = threading.RLock()

    def __enter__(self) -> None:
        while not self.lock.acquire(blocking=False):
            pass

    def __exit__(self, *_: object) -> None:
        self.lock.release()


class Row(""",
    },
}


def violated(report: Report) -> list[str]:
    return [result.clause.slug for result in report.with_status("violated")]


@pytest.mark.parametrize("edits", HARMLESS.values(), ids=HARMLESS)
def test_a_sound_variant_is_not_accused(edits: Mapping[str, str]) -> None:
    with planted(Fault("", "", PLAIN, edits)) as target:
        report = check_here(target, "standard", SHORT)
    assert violated(report) == []
    assert report.with_status("inconclusive") == []


LOCKS = {
    "a lock": "threading.Lock()",
    "a lock of `_thread`": "_thread.allocate_lock()",
    "a lock by its own name": "allocate_lock()",
}

GUARDED = """
import _thread, threading
from _thread import allocate_lock
from lockless import Signal as Lockless

class Signal(Lockless):
    def __init__(self):
        super().__init__()
        self.lock = {lock}

    def connect(self, *args, **named):
        with self.lock:
            return super().connect(*args, **named)

    def send(self, *args, **named):
        with self.lock:
            return super().send(*args, **named)
"""
"""A signal whose receivers are called while its lock is held."""


def test_every_lock_is_followed_alike(folder: Path) -> None:
    reports = []
    for number, lock in enumerate(LOCKS.values()):
        (folder / f"guarded{number}.py").write_text(GUARDED.format(lock=lock))
        sys.path.insert(0, "")
        reports.append(check_here(load_here(f"guarded{number}"), "standard", Options(only="threads", depth=2)))
    assert "threads.receivers-run-without-a-lock" in violated(reports[0])
    first, *others = [[(each.status, each.exercised) for each in report.results] for report in reports]
    assert others == [first, first]


def test_a_wait_that_cannot_be_followed_is_said(folder: Path) -> None:
    source = GUARDED.format(lock="multiprocessing.Lock()").replace(
        "import _thread", "import multiprocessing, _thread"
    )
    (folder / "elsewhere_locked.py").write_text(source)
    sys.path.insert(0, "")
    options = Options(only="threads.receivers-run", timeout=0.5)
    [result] = check_here(load_here("elsewhere_locked"), "standard", options).results
    assert result.status == "inconclusive"
    assert "not known to be a lock" in result.notes[0]


def test_a_package_without_text_is_no_obstacle(folder: Path) -> None:
    (folder / "parcel").mkdir()
    (folder / "parcel/__init__.py").touch()
    (folder / "parcel/signals.py").write_text(GUARDED.format(lock="threading.Lock()"))
    (folder / "loose.py").write_text(GUARDED.format(lock="threading.Lock()"))
    sys.path.insert(0, "")
    options = Options(only="threads", depth=2)
    found, same = (violated(check_here(load_here(name), "standard", options)) for name in ("loose", "parcel.signals"))
    assert found == same != []


def test_a_script_of_threads_has_a_time_limit(folder: Path) -> None:
    (folder / "loose.py").write_text(GUARDED.format(lock="threading.Lock()"))
    sys.path.insert(0, "")
    [result] = check_here(load_here("loose"), "standard", Options(only="threads.receivers-run")).results
    assert result.counterexample is not None
    # As where the target waits for what is no lock.
    script = standalone(result.counterexample.script).replace("director.longest = 60", "director.longest = 0.5")
    script = script.replace("self._start(self._pick())", "pass", 1)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "actual:" in done.stdout


def test_a_target_without_a_lock_is_not_accused() -> None:
    assert violated(check_here(load_here("lockless"), "standard", THREADS)) == []


def test_the_reference_is_sound_at_every_line() -> None:
    assert violated(check_here(load_here("reference"), "standard", replace(SHORT, every_line=True))) == []


def fault(title: str) -> Fault:
    return next(each for each in FAULTS if each.title == title)


def test_the_same_seed_gives_the_same_report() -> None:
    with planted(fault("connect takes no lock.")) as target:
        options = replace(SHORT, only=("threads.no-", "threads.one-after-the-other"))
        first, second = (check_here(target, "standard", options).to_json() for _ in range(2))
    assert first == second


@pytest.mark.parametrize("only", ["threads.no-connection-is-doubled", "threads.one-after-the-other"])
def test_a_schedule_can_be_replayed(only: str) -> None:
    with planted(fault("connect takes no lock.")) as target:
        [result] = check_here(target, "standard", Options(only=only)).with_status("violated")
        assert result.counterexample is not None
        program = result.counterexample.program
        assert replay_program(program, target, 60.0) is not None
    assert replay_program(program, load_here(PLAIN), 60.0) is None


def test_a_small_program_shows_what_no_law_does() -> None:
    late = {_CLEARS: "        self.cache.clear()\n\n    def disconnect"}
    with planted(Fault("", "The cache is cleared after the lock was released.", PLAIN, late)) as target:
        report = check_here(target, "standard", replace(THREADS, only="threads.one-after-the-other"))
        assert violated(report) == ["threads.one-after-the-other"]
        [result] = report.with_status("violated")
        assert result.counterexample is not None
        assert result.counterexample.expected.startswith("one of ")
        Draft202012Validator(json.loads(jsonfile.schema())).validate(json.loads(jsonfile.render([report])))
        assert replay_program(result.counterexample.program, target, 60.0) is not None


def test_a_deadlock_shows_where_each_thread_waits() -> None:
    with planted(fault("connect takes two locks in one order, a send in the other.")) as target:
        [result] = check_here(target, "standard", Options(only="threads.no-deadlock")).with_status("violated")
    assert result.counterexample is not None
    assert result.counterexample.actual == "raises Deadlock"
    for thread in ("thread 1", "thread 2"):
        assert f"# {thread} waits in" in result.counterexample.script


@pytest.fixture
def director() -> Any:
    with Director(Signal) as director:
        yield director


def test_locks_that_are_taken_in_two_orders_end_in_a_deadlock(director: Director) -> None:
    one, other = threading.Lock(), threading.Lock()

    def both(first: Any, second: Any) -> Callable[[], None]:
        def take() -> None:
            with first:
                signal.send(None)
                with second:
                    pass

        return take

    signal = Signal()
    signal.connect(both)
    signal.disconnect(both)
    director.schedule = "1:1 2"
    with pytest.raises(Deadlock):
        director.interleave(both(one, other), both(other, one))
    assert director.interleave(lambda: 1, lambda: 2) == [1, 2]


def test_threads_that_never_end_are_stopped(director: Director) -> None:
    def busy() -> None:
        while True:
            signal.has_listeners()

    signal = Signal()
    with pytest.raises(Endless):
        director.interleave(busy, busy)


def test_a_lock_that_is_not_waited_for_is_refused(director: Director) -> None:
    lock = threading.Lock()
    assert lock.acquire()
    assert [lock.acquire(blocking=False), lock.acquire(timeout=1), lock.locked()] == [False, False, True]
    with pytest.raises(Deadlock):
        lock.acquire()
    lock.release()
    with pytest.raises(RuntimeError):
        lock.release()


def test_locks_are_given_back() -> None:
    before = threading.Lock, threading.RLock
    with Director(Signal):
        assert threading.Lock is not before[0]
    assert (threading.Lock, threading.RLock) == before


def test_who_overlaps_may_come_first_and_who_does_not_may_not() -> None:
    connect, ask = Connect("f"), HasListeners()
    overlapping = [Operation(1, connect, 0, 2), Operation(2, ask, 1, 3)]
    assert possible_outcomes(State(), overlapping) == {(None, True), (None, False)}
    apart = [Operation(1, connect, 0, 1), Operation(2, ask, 2, 3)]
    assert possible_outcomes(State(), apart) == {(None, True)}


def test_one_of_two_disconnects_succeeds() -> None:
    history = [Operation(1, Disconnect("f"), 0, 3), Operation(2, Disconnect("f"), 1, 2)]
    assert possible_outcomes(State(connections=(connection("f"),)), history) == {(True, False), (False, True)}


def test_who_has_been_found_dead_is_dead() -> None:
    dying = State(connections=(connection("f", uid="u"),))
    drop, send, connect = Drop("f"), Send(), Connect("g", uid="u")
    history = [
        Operation(1, drop, 0, 5),
        Operation(2, send, 1, 2),
        Operation(2, connect, 3, 4),
        Operation(9, send, 6, 7),
    ]
    outcomes = possible_outcomes(dying, history)
    assert (None, (), None, ("g",)) in outcomes
    assert (None, (), None, ()) not in outcomes
    assert (None, ("f",), None, ()) in outcomes


def test_a_send_may_know_of_a_death_before_what_came_earlier() -> None:
    living = State(connections=(connection("f"), connection("g")))
    history = [Operation(1, Send(), 0, 5), Operation(2, Connect("h"), 1, 2), Operation(2, Drop("f"), 3, 4)]
    assert (("g",), None, None) in possible_outcomes(living, history)


def connection(receiver: str, uid: str | None = None) -> Connection:
    return Connection(receiver, None, True, uid)


def test_what_cannot_be_traced_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Opaque:
        connect = disconnect = has_listeners = send = send_robust = print

    opaque = ModuleType("opaque")
    opaque.Signal = Opaque  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "opaque", opaque)
    report = check_here(load_here("opaque"), "standard", THREADS)
    assert {result.status for result in report.results} == {"not-claimed", "untestable"}
    assert "4,000 operations in a hurry" in "\n".join(report.coverage)


def test_a_target_with_threads_of_its_own_does_not_end_the_check() -> None:
    fault = next(each for each in all_faults() if each.title == "Receivers run in a pool of threads.")
    with planted(fault) as target:
        report = check_here(target, "standard", Options(only="threads.one-after", depth=2))
    assert [result.clause.slug for result in report.results] == ["threads.one-after-the-other"]


def test_stress_tells_what_went_wrong() -> None:
    class Raising(Signal):
        def send(self, sender: object, **named: object) -> list[Any]:
            raise LookupError

    class Forgetful(Signal):
        def disconnect(self, *args: Any, **named: Any) -> bool:
            super().disconnect(*args, **named)
            return False

    assert stressing.run(Signal, 30.0) == ""
    assert stressing.run(Raising, 30.0) == "raises LookupError"
    assert stressing.run(Forgetful, 30.0) == "a connection is lost"


def test_more_preemptions_are_more_schedules() -> None:
    once, twice = (
        check_here(
            load_here("reference"), "standard", Options(only="threads.no-connection-is-doubled", preemptions=times)
        )
        for times in (1, 2)
    )
    assert violated(once) == violated(twice) == []
    assert twice.results[0].exercised > 5 * once.results[0].exercised

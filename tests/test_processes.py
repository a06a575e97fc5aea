"""No process is left behind, none has what is not its own, and what a target writes to the suite is not believed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import signalspec
from conftest import Cli
from signalspec import Options, Report, SuiteError, check, load_target
from signalspec.engines.observing import Failure
from signalspec.findings.report import Counterexample
from signalspec.programs.outcomes import Died, Frame, Late, Raised, Returned
from signalspec.runner import processes
from signalspec.runner import worker as working
from signalspec.runner.events import THREADS, Failed, GaveUp, Ran, Waited
from signalspec.runner.examination import MOST_WAITS
from signalspec.runner.forms import FormError, from_data, to_data
from signalspec.runner.jobs import Loaded, Refused, Replayed, Word
from signalspec.runner.line import MOST_ENDED

pytestmark = pytest.mark.skipif(not processes.CAN_FORK, reason="the platform makes no copies of a process")

QUICK = Options(only="connect", depth=1, examples=2, timeout=1.0)

HEAD = "from signalspec_reference import Signal as Sound, receiver\n"

FAMILY = (
    HEAD
    + """
import os, subprocess, sys, threading

class Signal(Sound):
    def send(self, *args, **named):
        with open("processes", "a") as file:
            print(os.getpid(), os.getppid(), file=file)
            for hidden in (False, True):
                started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(10**6)"],
                                           start_new_session=hidden)
                print(started.pid, file=file)
        {then}
"""
)
"""A target that starts processes, one of them in a session of its own."""


def make(folder: Path, source: str, name: str = "made") -> str:
    """Write a module to `folder`, which is the current one; return its name."""
    (folder / f"{name}.py").write_text(source)
    if "" not in sys.path:
        sys.path.insert(0, "")
    return name


def violated(report: Report) -> list[str]:
    """Return the clauses that are violated."""
    return [result.clause.slug for result in report.with_status("violated")]


def is_alive(process: int) -> bool:
    """Tell whether a process is there, and not merely waiting for its parent to ask how it ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def noted(folder: Path) -> set[int]:
    """Return the processes that the target has written down."""
    file = folder / "processes"
    return {int(number) for number in file.read_text().split()} if file.exists() else set()


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what is bound to come; where it does not, the runner of the tests ends them."""
    while not holds():
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which processes there are")
@pytest.mark.parametrize("then", ["while True: pass", "return super().send(*args, **named)"], ids=["hangs", "works"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_the_command_line(folder: Path, how: signal.Signals, then: str) -> None:
    make(folder, FAMILY.format(then=then))
    command = [sys.executable, "-m", "signalspec", "check", "made", "--only", "send.", "--timeout", "60"]
    # Who runs tests in the background may have them ignore interrupts, and children inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        checking = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    wait_until(lambda: len(noted(folder)) >= 4)
    assert any(map(is_alive, noted(folder)))
    checking.send_signal(how)
    out, err = checking.communicate()
    wait_until(lambda: not any(map(is_alive, noted(folder) - {os.getpid()})))
    if how == signal.SIGINT:
        assert checking.returncode == 130
        assert err == "signalspec: interrupted; the report tells what was found by then.\n"
        assert "made: by the time it was interrupted, " in out
    else:
        assert checking.returncode == -how


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which processes there are")
def test_no_process_outlives_a_check(folder: Path) -> None:
    check(load_target(make(folder, FAMILY.format(then="return super().send(*args, **named)"))), None, QUICK)
    server = working.server()
    assert server is not None
    server.close()
    assert not any(map(is_alive, noted(folder)))


def test_a_check_goes_on_where_a_target_ends_the_process_that_makes_workers(folder: Path) -> None:
    source = HEAD + "import os\nclass Signal(Sound):\n    def connect(self, *a, **n): os.kill(os.getppid(), 9)\n"
    report = check(load_target(make(folder, source)), None, QUICK)
    assert violated(report)
    assert violated(check(load_target("reference"), None, QUICK)) == []


WRITERS = {
    "bytes": "b'nonsense\\n'",
    "half a text": "b'{'",
    "a text without end": "b'x' * 2 ** 25",
    "too deep a text": "b'[' * 10 ** 6 + b'\\n'",
    "a pickle": "__import__('pickle').dumps(print)",
    "the last word": 'b\'["password", 0, {"is": "Over"}]\\n\'',
}


@pytest.mark.parametrize("written", WRITERS.values(), ids=WRITERS)
def test_a_target_that_finds_the_line_does_not_speak_for_the_check(folder: Path, written: str) -> None:
    source = (
        HEAD
        + f"""
import os, stat

class Signal(Sound):
    def send(self, *args, **named):
        for number in range(3, 64):
            try:
                if stat.S_ISSOCK(os.fstat(number).st_mode):
                    os.write(number, {written})
            except OSError:
                pass
        return []
"""
    )
    report = check(load_target(make(folder, source)), None, QUICK)
    actual = {each.counterexample.actual for each in report.results if each.counterexample}
    assert "writes into the line over which its check is told of" in actual


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        {},
        {"is": "Over", "more": 1},
        {"is": "Ran", "engine": "laws", "programs": "many", "exercised": {}},
        {"is": "Ran", "engine": "laws", "programs": True, "exercised": {}},
        {"is": "Refused", "by": "nobody", "sentence": ""},
        {"is": "Waited", "times": 1.5},
        {"is": "GaveUp", "why": "", "clauses": ["a", 1]},
        {"is": "Options", "only": ""},
    ],
)
def test_what_has_not_the_form_of_a_word_is_refused(data: Any) -> None:
    with pytest.raises(FormError):
        from_data(Word, data)


COUNTEREXAMPLE = Counterexample("a.b", "script", {"law": "a.b", "case": {}}, "this", Returned("that"))
RAISED = Raised("ValueError", "", (Frame("m", "m.py", 1, "f"),))


@pytest.mark.parametrize(
    "word",
    [
        Ran("laws", 3, {"a.b": 3}),
        Failed(COUNTEREXAMPLE, {"sender": "class"}, "laws", 5),
        GaveUp("it hangs", ("a.b", "c.d")),
        Waited(2),
        Refused("target", "No."),
        Replayed(None),
        Replayed(Failure("this", RAISED)),
        Replayed(Failure("this", Late(5.0))),
        Replayed(Failure("this", Died("ends"))),
        Loaded(signalspec.Target("a", "a", "Signal", frozenset({"order"}))),
    ],
)
def test_words_are_read_as_they_were_said(word: Any) -> None:
    assert from_data(Word, json.loads(json.dumps(to_data(word)))) == word


def test_a_target_has_nothing_of_the_process_that_checks_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANTED", "1")
    signalspec.secret = object()  # type: ignore[attr-defined]
    source = HEAD + (
        "import os, signalspec, sys, threading\n"
        "assert threading.active_count() == 1\n"
        "assert 'pytest' not in sys.modules or not hasattr(signalspec, 'secret')\n"
        "assert os.environ['WANTED'] == '1'\n"
        "Signal = Sound\n"
    )
    try:
        assert load_target(make(folder, source)).name == "made"
    finally:
        del signalspec.secret  # type: ignore[attr-defined]


def test_where_no_process_can_be_copied_each_is_a_fresh_interpreter(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "CAN_FORK", False)
    source = HEAD + "import os\nclass Signal(Sound):\n    def has_listeners(self, *a): os._exit(3)\n"
    options = Options(only="listeners.", depth=0, examples=0)
    report = check(load_target(make(folder, source)), None, options)
    found = next(result for result in report.results if result.clause.slug == "listeners.true-for-its-sender")
    assert found.counterexample is not None
    assert found.counterexample.actual == "ends the process with exit status 3"
    assert working._fresh._processes == {}


ENGINES = {
    "preparing a law": ("signalspec.engines.laws", "_compile", "connect."),
    "judging a law": ("signalspec.engines.laws", "copy_context", "connect."),
    "exploring": ("signalspec.engines.explore", "_run_one", "connect."),
    "interpreting": ("signalspec.engines.explore", "time_limit", "connect."),
    "long programs": ("signalspec.engines.hypothesis", "_machine", "connect."),
    "schedules": ("signalspec.engines.threads.schedules", "every_schedule", "threads."),
    "directing": ("signalspec.engines.threads.scheduler", "Director.interleave", "threads."),
    "picking a thread": ("signalspec.engines.threads.scheduler", "Director._pick", "threads."),
    "before a line": ("signalspec.engines.threads.scheduler", "Director._before_line", "threads."),
    "taking over locks": ("signalspec.engines.threads.scheduler", "owners_in", "threads."),
    "small programs": ("signalspec.engines.threads.small_programs", "possible_outcomes", "threads."),
    "noting the place": ("signalspec.runner.jobs", "Notebook.write", "connect."),
}

BREAKING = (
    HEAD
    + """
import importlib
owner = importlib.import_module({module!r})
*path, last = {name!r}.split(".")
for each in path:
    owner = getattr(owner, each)
within = {{"__name__": {module!r}}}
exec("def fail(*args, **named): raise LookupError('within')", within)
setattr(owner, last, within["fail"])
Signal = Sound
"""
)
"""A target that breaks the suite where it runs, and has no part in what is raised then."""


@pytest.mark.parametrize(("module", "name", "only"), ENGINES.values(), ids=ENGINES)
def test_an_error_within_an_engine_is_no_verdict(folder: Path, module: str, name: str, only: str) -> None:
    target = load_target(make(folder, BREAKING.format(module=module, name=name)))
    with pytest.raises(SuiteError, match="LookupError: within"):
        check(target, None, Options(only=only, depth=3, examples=2))


@pytest.mark.parametrize(
    ("where", "options"),
    {
        "signalspec.runner.tally.Tally.take": (),
        "signalspec.runner.tally.Tally.report": (),
        "signalspec.reports.terminal.show_report": (),
        "signalspec.reports.jsonfile.render": ("--json", "report"),
        "signalspec.reports.junit.render": ("--junit", "report"),
        "signalspec.reports.htmlfile.render": ("--html", "report"),
    }.items(),
)
def test_an_error_within_a_report_is_no_verdict(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, where: str, options: tuple[str, ...]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise LookupError("within")

    monkeypatch.setattr(where, fail)
    result = cli("check", "reference", "--only", "listeners.", "--depth", "1", "--examples", "0", *options)
    assert result.exit_code == 4
    assert result.stderr.endswith("signalspec: this is a defect of signalspec, and says nothing about a target.\n")


def test_an_error_in_a_worker_has_a_status_of_its_own(cli: Cli, folder: Path) -> None:
    make(folder, BREAKING.format(module="signalspec.engines.explore", name="_run_one"))
    result = cli("check", "made", "--only", "connect.", "--depth", "1", "--examples", "0")
    assert result.exit_code == 4
    assert "LookupError: within" in result.stderr


@pytest.mark.parametrize("method", ["connect", "send", "send_robust"])
def test_a_check_waits_so_many_times_for_what_hangs(folder: Path, method: str) -> None:
    source = HEAD + (
        "class Signal(Sound):\n"
        f"    def {method}(self, *args, **named):\n"
        "        with open('hangs', 'a') as file: file.write('.')\n"
        "        while True: pass\n"
    )
    options = Options(only=("connect.", "send.", "robust.", "threads."), depth=2, examples=5, timeout=0.5)
    report = check(load_target(make(folder, source)), None, options)
    waits = len((folder / "hangs").read_text())
    assert violated(report)
    assert waits <= (THREADS + 1) * MOST_WAITS + 2 * MOST_ENDED
    # What could not be run to its end does not count as held.
    unfinished = [each for each in report.with_status("inconclusive") if "did not return" in each.notes[0]]
    assert unfinished


LISTENERS = Options(only="listeners.", depth=2, examples=2)


def test_what_does_not_show_again_is_no_violation(folder: Path) -> None:
    source = HEAD + (
        "import os\n"
        "class Signal(Sound):\n"
        "    def has_listeners(self, sender=None):\n"
        "        with open('calls', 'a') as file: file.write('.')\n"
        "        return super().has_listeners(sender) if os.path.getsize('calls') > 40 else 5\n"
    )
    report = check(load_target(make(folder, source)), None, LISTENERS)
    notes = [note for each in report.with_status("inconclusive") for note in each.notes]
    assert violated(report) == []
    assert report.exit_status == 3
    assert notes[0].startswith("violated once, and not again: expected ")


def test_what_takes_other_programs_before_it_is_a_violation(folder: Path) -> None:
    source = HEAD + (
        "class Signal(Sound):\n"
        "    made = 0\n"
        "    def __init__(self, use_caching=False):\n"
        "        Signal.made += 1\n"
        "        super().__init__(use_caching)\n"
        "    def has_listeners(self, sender=None):\n"
        "        found = super().has_listeners(sender)\n"
        "        return found if Signal.made < 12 else int(found)\n"
    )
    report = check(load_target(make(folder, source)), None, LISTENERS)
    result = next(each for each in report.results if each.clause.slug == "listeners.returns-a-bool")
    assert result.status == "violated"
    assert result.notes == ["its script alone does not show it: it takes what a check runs before"]

"""The recorder: what it writes down, that it changes nothing, and that what crashes leaves a trace."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import Any

import django
import pytest
from jsonschema import Draft202012Validator
from small_project import make_project, record, rows

pytestmark = pytest.mark.skipif(django.VERSION < (3, 2), reason="the recorder is for Django 3.2 and later")

SCHEMA = Path(__file__).parents[1] / "conformance/signalspec/traces/trace.schema.json"

RECEIVERS = """
    from functools import partial
    from django.db.models.signals import m2m_changed, post_save, pre_save
    from django.dispatch import Signal, receiver
    from shop.models import Pizza

    baked = Signal()

    @receiver(post_save, sender=Pizza, dispatch_uid="saved")
    def saved(sender, created, **kwargs):
        baked.send_robust(sender=sender, created=created)

    @receiver(baked)
    def fails(**kwargs):
        raise ValueError("no oven")

    class Counter:
        def count(self, **kwargs):
            return 1

    counter = Counter()
    m2m_changed.connect(counter.count, sender=Pizza.toppings.through)
    pre_save.connect(partial(dict), sender="shop.Pizza", weak=False)
    post_save.connect(lambda **kwargs: None, sender="shop.Missing", weak=False)
"""


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = make_project(tmp_path_factory.mktemp("project"), RECEIVERS)
    # The system checks would refuse the model that is missing.
    (folder / "run.py").write_text(
        dedent("""
            import os
            os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
            import django
            django.setup()
            from django.test.runner import DiscoverRunner

            class Runner(DiscoverRunner):
                def run_checks(self, *args, **kwargs):
                    pass

            raise SystemExit(Runner(verbosity=0).run_tests(["shop"]))
        """)
    )
    result = record(folder, "run.py")
    assert result.returncode == 0, result.stderr
    return rows(folder / "trace.gz")


def shapes(trace: Sequence[dict[str, Any]], signal: str) -> list[dict[str, Any]]:
    numbers = {row["signal"] for row in trace if "signal" in row and row.get("name") == signal}
    return [row for row in trace if "shape" in row and row["signal"] in numbers]


def named(trace: Sequence[dict[str, Any]], what: str) -> dict[int, str]:
    return {row[what]: row["name"] for row in trace if what in row and "name" in row}


def test_a_trace_keeps_its_schema(trace: list[dict[str, Any]]) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    for row in trace:
        validator.validate(row)
    kinds = {next(iter(row)) for row in trace}
    assert kinds >= {"header", "test", "signal", "sender", "receiver", "shape", "connect", "lazy", "sent", "end"}


def test_names_signals_receivers_and_senders(trace: list[dict[str, Any]]) -> None:
    assert {"shop.receivers.baked", "django.db.models.signals.post_save"} <= set(named(trace, "signal").values())
    receivers = set(named(trace, "receiver").values())
    assert {"shop.receivers.saved", "shop.receivers.Counter.count", "shop.receivers.<lambda>"} <= receivers
    assert "partial(dict)" in receivers
    assert {"shop.models.Pizza", "shop.models.Pizza_toppings"} <= set(named(trace, "sender").values())


def test_writes_the_values_that_matter_and_no_others(trace: list[dict[str, Any]]) -> None:
    arguments = [shape["arguments"] for shape in shapes(trace, "django.db.models.signals.post_save")]
    pizzas = [each for each in arguments if each["instance"] == "shop.models.Pizza"]
    assert {(each["created"], each["update_fields"], each["using"]) for each in pizzas} == {
        ("True", "None", "'default'"),
        ("False", "frozenset ['name']", "'default'"),
    }
    changes = [shape["arguments"] for shape in shapes(trace, "django.db.models.signals.m2m_changed")]
    assert {(each["action"], each["pk_set"]) for each in changes} == {
        ("'pre_add'", "set of 1"),
        ("'post_add'", "set of 1"),
    }
    assert "salami" not in json.dumps(trace)


def test_tells_who_responded_with_what(trace: list[dict[str, Any]]) -> None:
    receivers = named(trace, "receiver")
    baked = shapes(trace, "shop.receivers.baked")
    assert {tuple((receivers[r], kind) for r, kind in shape["receivers"]) for shape in baked} == {
        (("shop.receivers.fails", "ValueError"),)
    }
    assert {shape["how"] for shape in baked} == {"send_robust"}


def test_tells_which_receiver_caused_a_dispatch(trace: list[dict[str, Any]]) -> None:
    receivers = named(trace, "receiver")
    numbers = {shape["shape"] for shape in shapes(trace, "shop.receivers.baked")}
    causes = [row["in"][1] for row in trace if row.get("sent") in numbers]
    assert {receivers[cause] for cause in causes} == {"shop.receivers.saved"}


def test_tells_where_a_connection_was_made(trace: list[dict[str, Any]]) -> None:
    connects = [row for row in trace if "connect" in row and row.get("uid", [0, ""])[1] == "saved"]
    line = 9 if sys.version_info >= (3, 9) else 10  # Before, a decorator was called at the line of its function.
    assert [row["at"] for row in connects] == [["shop/receivers.py", line]]
    lazy = {row["lazy"]: row["at"][0] for row in trace if "lazy" in row}
    assert lazy == {"shop.Pizza": "shop/receivers.py", "shop.Missing": "shop/receivers.py"}


def test_names_the_test_that_runs(trace: list[dict[str, Any]]) -> None:
    assert "shop.tests.ShopTests.test_pizza" in [row.get("test") for row in trace]


def run(folder: Path, source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "script.py").write_text(dedent(source))
    return record(folder, "script.py", environment=environment)


def sent(trace: Path) -> list[str]:
    """Return the names of the signals that were sent, in the order in which the dispatches ended."""
    found: list[str] = []
    signals: dict[int, str] = {}
    of_shape: dict[int, str] = {}
    for row in rows(trace):
        if "header" in row:
            signals, of_shape = {}, {}
        if "signal" in row and "name" in row:
            signals[row["signal"]] = row["name"]
        if "shape" in row:
            of_shape[row["shape"]] = signals[row["signal"]]
        if "sent" in row:
            found.append(of_shape[row["sent"]])
    return found


@pytest.mark.parametrize("end", ["os._exit(7)", "os.kill(os.getpid(), signal.SIGKILL)", "ctypes.string_at(0)"])
def test_what_crashes_leaves_a_trace_of_all_until_then(tmp_path: Path, end: str) -> None:
    result = run(
        tmp_path,
        f"""
        import ctypes, os, signal
        from django.dispatch import Signal
        first, second = Signal(), Signal()
        for _ in range(30_000):
            first.send(None)
        second.send(None)
        {end}
        """,
    )
    assert result.returncode in (7, 128 + 9, 128 + 11)
    names = sent(tmp_path / "trace.gz")
    assert len(names) == 30_001
    assert names[-1] == "__main__.second"


def test_the_parts_of_a_recording_that_was_killed_can_be_read(tmp_path: Path) -> None:
    source = """
        import os, signal
        from django.dispatch import Signal
        only = Signal()
        only.send(None)
        os.kill(os.getppid(), signal.SIGKILL)
    """
    assert run(tmp_path, source).returncode == -9
    assert sent(tmp_path / "trace.gz.parts") == ["__main__.only"]


def test_records_processes_that_are_forked_and_started(tmp_path: Path) -> None:
    source = """
        import multiprocessing, os, subprocess, sys
        from django.dispatch import Signal
        only = Signal()

        def work():
            only.send(None)

        if __name__ == "__main__":
            only.send(None)
            for method in ("fork", "spawn"):
                process = multiprocessing.get_context(method).Process(target=work)
                process.start()
                process.join()
            subprocess.run([sys.executable, "-c", "from django.dispatch import Signal; Signal().send(None)"])
    """
    result = run(tmp_path, source)
    assert result.returncode == 0, result.stderr
    assert "4 dispatches in 4 processes" in result.stderr
    assert sorted(sent(tmp_path / "trace.gz")) == [
        *["__main__.only"] * 3,  # A spawned process calls the same module __mp_main__, and __main__, too.
        "django.dispatch.dispatcher.Signal() in __main__.<module>",
    ]


def test_a_forked_process_knows_the_receivers_that_were_connected_before(tmp_path: Path) -> None:
    source = """
        import multiprocessing
        from django.dispatch import Signal
        first, second = Signal(), Signal()

        def passes_on(**kwargs):
            second.send(None)

        if __name__ == "__main__":
            first.connect(passes_on)
            process = multiprocessing.get_context("fork").Process(target=first.send, args=(None,))
            process.start()
            process.join()
    """
    assert run(tmp_path, source).returncode == 0
    trace = rows(tmp_path / "trace.gz")
    header = [number for number, row in enumerate(trace) if "header" in row][-1]
    receivers = named(trace[header:], "receiver")
    [cause] = [row["in"][1] for row in trace[header:] if "in" in row]
    assert receivers[cause] == "__main__.passes_on"


def test_the_status_is_the_commands(tmp_path: Path) -> None:
    assert run(tmp_path, "raise SystemExit(41)").returncode == 41
    missing = [sys.executable, "-m", "signalspec_recorder", "-o", "t", "--", "no-such-command"]
    result = subprocess.run(missing, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (127, "signalspec-record: there is no command 'no-such-command'.\n")


def test_a_trace_that_cannot_be_written_is_refused_before_anything_runs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "signalspec_recorder", "-o", "no/trace", "--", sys.executable, "-c", "print(1)"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith("cannot be written: No such file or directory.\n")


def test_says_that_nothing_used_signals(tmp_path: Path) -> None:
    assert "no process used Django's signals" in run(tmp_path, "pass").stderr


def test_another_sitecustomize_still_runs(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "sitecustomize.py").write_text("customized = True\n")
    source = """
        import sitecustomize, sys
        from django.dispatch import Signal
        assert sitecustomize.customized
        assert not any("startup" in folder for folder in sys.path)
    """
    result = run(tmp_path, source, PYTHONPATH=str(tmp_path / "elsewhere") + ":" + ":".join(sys.path[1:]))
    assert result.returncode == 0, result.stderr


def test_keeps_nobody_alive(tmp_path: Path) -> None:
    source = """
        import gc, weakref
        from django.dispatch import Signal
        gc.disable()

        def count(make):
            signal, alive = Signal(use_caching=True), []
            receiver, sender, argument = make()
            signal.connect(receiver, sender)
            responses = signal.send(sender, argument=argument)
            signal.send_robust(sender, argument=argument)
            references = [weakref.ref(each) for each in (signal, sender, argument)]
            references.append(weakref.ref(getattr(receiver, "__self__", receiver)))
            del signal, receiver, sender, argument, responses
            return [reference() for reference in references]

        class Thing:
            pass

        def function():
            return (lambda **kwargs: kwargs["argument"]), Thing(), Thing()

        assert count(function) == [None] * 4
    """
    result = run(tmp_path, source)
    assert result.returncode == 0, result.stderr


CHECKED = ("send", "robust", "connect", "disconnect", "uids", "lifetime", "during", "listeners", "caching")
"""What an intruder would change: who is called, in which order, with what, and who lives."""


def report(file: Path) -> Any:
    """Return a report without the frames of its exceptions, among which the recorder's are."""
    return json.loads(file.read_text(), object_hook=lambda each: {k: v for k, v in each.items() if k != "frames"})


@pytest.mark.skipif(find_spec("signalspec") is None, reason="signalspec is not installed, and needs Python 3.11")
def test_a_check_of_django_finds_the_same_while_it_is_recorded(tmp_path: Path) -> None:
    """Laws of each kind, and programs that were made at random, on the dispatcher of the installed release."""
    only = [word for prefix in CHECKED for word in ("--only", prefix)]
    command = ["-m", "signalspec", "check", "django", *only, "--depth", "2", "--examples", "30", "--json"]
    plain = subprocess.run([sys.executable, *command, "plain.json"], cwd=tmp_path, capture_output=True, check=False)
    recorded = record(tmp_path, *command, "recorded.json")
    assert (plain.returncode, recorded.returncode) == (0, 0), recorded.stdout
    assert report(tmp_path / "recorded.json") == report(tmp_path / "plain.json")
    assert plain.stdout.decode() == recorded.stdout
    assert len(sent(tmp_path / "trace.gz")) > 10_000


def test_the_option_of_pytest_records_workers_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os, pytest
        from django.dispatch import Signal
        only = Signal()

        @pytest.mark.parametrize("number", range(4))
        def test_sends(number):
            only.send(None)
        """
    )
    for arguments in ((), ("-n", "2")):
        result = pytester.runpytest_subprocess("--signal-trace", "trace.gz", *arguments)
        assert result.ret == 0
        result.stdout.fnmatch_lines(["signals recorded: *trace.gz"])
        trace = pytester.path / "trace.gz"
        assert len(sent(trace)) == 4
        assert {row["test"].split("::")[-1] for row in rows(trace) if row.get("test")} >= {"test_sends[3]"}
        assert not (pytester.path / "trace.gz.parts").exists()


def test_the_option_of_pytest_refuses_what_cannot_be_written(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--signal-trace", "no/trace.gz")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --signal-trace: */no/trace.gz cannot be written: *"])

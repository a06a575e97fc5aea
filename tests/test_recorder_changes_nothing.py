"""What projects and their tests do to signals and around them has the same outcome while it is recorded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import django
import pytest
from small_project import record, rows

pytestmark = pytest.mark.skipif(django.VERSION < (3, 2), reason="the recorder is for Django 3.2 and later")

HEAD = """
import asyncio, copy, gc, inspect, json, os, pickle, sys, threading, time, traceback, warnings, weakref
from contextvars import ContextVar, copy_context
from functools import partial
from unittest import mock
from django.dispatch import Signal, receiver

signal = Signal()
sender = type("sender", (), {})

def one(**kwargs):
    return 1

def fails(**kwargs):
    raise ValueError("no")
"""

PROGRAMS = {
    "mocks": """
        listener = mock.Mock(return_value=3)
        signal.connect(listener, weak=False)
        print(signal.send(sender, value=1) == [(listener, 3)])
        print(listener.mock_calls == [mock.call(signal=signal, sender=sender, value=1)])
        print([name for name in dir(listener) if not name.startswith(("assert", "_"))])
        with mock.patch.object(Signal, "send", autospec=True) as sent:
            signal.send(sender, value=1)
            print(sent.call_args == mock.call(signal, sender, value=1))
        with mock.patch.object(signal, "send_robust") as sent:
            signal.send_robust(sender)
            print(sent.call_count)
        magic = mock.MagicMock()
        signal.connect(magic)
        print(type(signal.send(sender)[1][0]), len(magic.mock_calls))
        print(mock.create_autospec(Signal).send(sender) is not None)
    """,
    "what a test puts in place of what the recorder uses": """
        with mock.patch("json.dumps") as dumps, mock.patch("os.getpid") as pid, mock.patch("os.open") as opened:
            with mock.patch("os.path.realpath") as real, mock.patch("threading.get_ident") as ident:
                with mock.patch("hashlib.sha256") as hashed, mock.patch("time.time_ns") as now:
                    for number in range(300):
                        signal.connect(one, f"sender {number}", dispatch_uid=number + 1)
                        signal.send(f"sender {number}", **{f"argument{number}": number})
        print([each.call_count for each in (dumps, pid, ident, now)])
        with mock.patch("os.open"):
            for number in range(4000):
                signal.send(sender, **{f"argument{number}": number})
        with mock.patch.dict(os.environ, clear=True):
            print(signal.send(sender), dict(os.environ))
        with mock.patch("builtins.open"), mock.patch("sys.modules", dict(sys.modules)):
            print(Signal().send(sender))
    """,
    "signatures": """
        for name in ("connect", "disconnect", "send", "send_robust", "asend", "asend_robust"):
            method = getattr(Signal, name, None)
            if method:
                print(name, inspect.signature(method), method.__qualname__, method.__module__, method.__doc__[:40])
                print(inspect.iscoroutinefunction(method), inspect.isfunction(method), len(inspect.getsource(method)))
        print(inspect.signature(Signal), sorted(vars(Signal)))
        for call in ("signal.send()", "signal.send(1, 2)", "signal.connect()", "signal.disconnect(1, 2, 3, 4, 5)"):
            try:
                print(eval(call))
            except TypeError as error:
                print(error)
    """,
    "pickling and copies": """
        print(pickle.loads(pickle.dumps(Signal.send)) is Signal.send)
        clone = copy.copy(signal)
        clone.connect(one)
        print(clone.send(sender) == [(one, 1)], vars(clone).keys() == vars(signal).keys())
        try:
            pickle.dumps(signal)
        except TypeError as error:
            print(error)
    """,
    "what lives and dies": """
        class Thing:
            def __del__(self):
                print("dead", [len(pairs) for pairs in (signal.send(None), signal.send_robust(None))])
            def method(self, **kwargs):
                return None
        things = [Thing(), Thing()]
        for thing in things:
            signal.connect(thing.method)
        del thing
        print(signal.send(things[0]) and None)
        things.pop()
        print(len(signal.receivers), gc.isenabled(), gc.get_threshold())
        gc.disable()  # Django 3.2 waits for itself where a finalizer sends while it looks for receivers.
        cycle = Thing()
        cycle.self = cycle
        signal.connect(cycle.method, weak=True)
        del cycle
        things.clear()
        print(gc.collect() > 0)
        print(sys.getrefcount(one), len(gc.get_referrers(one)))
        signal.connect(one)
        response = signal.send(sender)
        print(sys.getrefcount(response), sys.getrefcount(response[0]), sys.getrefcount(sender) - 4)
    """,
    "exceptions": """
        signal.connect(one)
        signal.connect(fails)
        try:
            signal.send(sender, value=1)
        except ValueError as error:
            print(repr(error), error.__cause__, error.__context__, error.__suppress_context__)
            print([frame.name for frame in traceback.extract_tb(error.__traceback__)][-1])
        try:
            try:
                raise KeyError
            except KeyError:
                signal.send(sender)
        except ValueError as error:
            print(type(error.__context__))
        print([type(response) for _, response in signal.send_robust(sender)], sys.exc_info())
        signal.disconnect(fails)
        def interrupts(**kwargs):
            raise KeyboardInterrupt
        signal.connect(interrupts)
        try:
            signal.send(sender)
        except KeyboardInterrupt as error:
            print(error.args)
        def deep(depth=0, **kwargs):
            signal.send(sender, depth=depth + 1)
        signal.disconnect(interrupts)
        signal.connect(deep)
        try:
            signal.send(sender)
        except RecursionError:
            print("too deep")
        signal.disconnect(deep)
        print(signal.send(sender) == [(one, 1)])
    """,
    "odd objects": """
        class Touchy:
            def __getattr__(self, name):
                if not name.startswith("__"):
                    print("asked for", name)
                raise AttributeError(name)
            def __eq__(self, other):
                print("compared")
                return NotImplemented
            def __bool__(self):
                print("asked for truth")
                return True
            def __repr__(self):
                print("shown")
                return "touchy"
            __hash__ = object.__hash__
            def __call__(self, **kwargs):
                return self
        class Meta(type):
            def __getattribute__(cls, name):
                if name in ("_meta", "__module__", "__qualname__"):
                    print("class asked for", name)
                return type.__getattribute__(cls, name)
        class Odd(metaclass=Meta):
            pass
        touchy = Touchy()
        signal.connect(touchy, touchy)
        signal.send(touchy, argument=touchy, odd=Odd())
        signal.send(Odd, update_fields=[touchy], using=touchy, action=touchy, pk_set={1})
        signal.send_robust(Odd, update_fields=[1, "a"], using="default")
        print(signal.disconnect(touchy, touchy))
        signal.connect(partial(partial(one)), weak=False)
        signal.connect(dict, sender=(1, 2), weak=False)
        print(len(signal.send((1, 2))))
    """,
    "subclasses": """
        class Mine(Signal):
            def send(self, sender, **named):
                return super().send(sender, mine=True, **named)
            def connect(self, receiver, *args, **kwargs):
                warnings.warn("mine", stacklevel=2)
                return super().connect(receiver, *args, **kwargs)
        class Silent(Signal):
            def send(self, sender, **named):
                return "silent"
        class Slotted(Signal):
            __slots__ = ("extra",)
        mine = Mine()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            mine.connect(one)
        print([os.path.basename(each.filename) for each in caught], mine.send(sender) == [(one, 1)])
        print(Silent().send(sender), Slotted().send(sender), Mine.send.__qualname__)
    """,
    "threads": """
        counted = []
        def count(**kwargs):
            counted.append(threading.current_thread().name)
        signal.connect(count)
        def work():
            for _ in range(200):
                signal.connect(one)
                signal.send(sender)
                signal.disconnect(one)
        threads = [threading.Thread(target=work, name=str(number)) for number in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        print(len(counted), sorted(set(counted)), threading.active_count())
    """,
    "coroutines": """
        if hasattr(Signal, "asend"):
            variable = ContextVar("variable")
            async def waits(sender, **kwargs):
                variable.set(sender)
                await asyncio.sleep(0)
                return await Signal().asend(sender)
            def now(sender, **kwargs):
                return [response for _, response in nested.send(sender)]
            nested = Signal()
            nested.connect(one)
            signal.connect(waits)
            signal.connect(now)
            async def main():
                found = await asyncio.gather(*(signal.asend(number) for number in range(3)))
                print([[response for _, response in pairs] for pairs in found])
                coroutine = signal.asend(1)
                coroutine.close()
                task = asyncio.ensure_future(signal.asend_robust(1))
                await asyncio.sleep(0)
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    print("cancelled")
                print(await signal.asend(5) != [], len(list(copy_context())))
            asyncio.run(main())
            print([response for _, response in signal.send(7)], len(list(copy_context())))
    """,
    "while the interpreter ends": """
        class Late:
            def __init__(self):
                self.signal = Signal()
            def hears(self, **kwargs):
                pass
            def __del__(self):
                print(self.signal.send(None), self.signal.send_robust(sender=None))
        os.late = Late()  # The modules that were imported first are emptied last.
        signal.connect(os.late.hears)
        print(len(signal.send(sender)))
    """,
    "warnings are errors": """
        warnings.simplefilter("error")
        signal.connect(one)
        print(signal.send(sender) == [(one, 1)], signal.disconnect(one))
        del signal, sender
        gc.collect()
    """,
    "the process": """
        import subprocess
        print(sys.path[0] == os.path.dirname(os.path.abspath(__file__)), len(sys.path))
        import django.db.models.signals
        print([type(finder).__name__ for finder in sys.meta_path])
        print(threading.active_count(), sys.gettrace(), sys.getprofile(), sys.excepthook is sys.__excepthook__)
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            signal.connect(one)
            print("child", len(signal.send(sender)))
            sys.stdout.flush()
            os._exit(3)
        print(os.waitpid(pid, 0)[1] >> 8)
        sys.stdout.flush()
        code = "from django.dispatch import Signal; print(Signal().send(None))"
        print(subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True))
        print(subprocess.run([sys.executable, "-I", "-c", "print(1)"], capture_output=True, text=True).stdout)
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_prints_the_same(tmp_path: Path, name: str) -> None:
    (tmp_path / "program.py").write_text(HEAD + dedent(PROGRAMS[name]))
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "program.py"]
    plain = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    recorded = record(tmp_path, "program.py", environment={"PYTHONHASHSEED": "0"})
    assert (recorded.returncode, recorded.stdout) == (plain.returncode, plain.stdout), plain.stderr + recorded.stderr
    errors = [line for line in recorded.stderr.splitlines() if not line.startswith("signalspec-record: ")]
    assert len(errors) == len(plain.stderr.splitlines()), recorded.stderr
    if name not in ("exceptions", "what a test puts in place of what the recorder uses"):
        assert all(row["end"]["lost"] == 0 for row in rows(tmp_path / "trace.gz") if "end" in row)

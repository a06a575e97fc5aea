"""A hostile target is found out, and takes nothing with it: not the check, not the rest of the report."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import indent

import pytest
from signalspec.runner import supervisor as supervising
from signalspec.runner.options import Options
from signalspec.runner.processes import CAN_FORK
from signalspec.targets.target import TargetError

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="the platform makes no copies of a process")

SET_ASIDE = ("untestable", "not-in-force", "not-claimed")
HANGS, MUCH = (
    "does not return within",
    ("parties.leaves", "parties.prints", "connect.returns", "send.order", "robust.logs"),
)

HOSTILE: dict[str, tuple[str, str | tuple[str, ...], str, str]] = {
    "loops": (
        "def send(self, *args, **named):\n    while True: pass",
        "send.order",
        "send.order",
        HANGS,
    ),
    "loops and swallows every exception": (
        "def send(self, *args, **named):\n"
        "    while True:\n"
        "        try:\n"
        "            while True: pass\n"
        "        except BaseException: pass",
        "send.order",
        "send.order",
        HANGS,
    ),
    "loops where no signal gets through": (
        "def send(self, *args, **named):\n"
        "    import signal\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\n"
        "    while True: pass",
        "send.order",
        "send.order",
        HANGS,
    ),
    "holds a lock while receivers run": (
        "import threading\n"
        "lock = threading.Lock()\n"
        "def connect(self, *args, **named):\n"
        "    with self.lock: return super().connect(*args, **named)\n"
        "def send(self, *args, **named):\n"
        "    with self.lock: return super().send(*args, **named)",
        "during.connect-waits",
        "during.connect-waits",
        HANGS,
    ),
    "reads beyond memory": (
        "def send(self, *args, **named):\n    import ctypes\n    ctypes.string_at(0)",
        ("send.order", "send.pairs", "robust"),
        "send.order",
        "ends the process by SIGSEGV",
    ),
    "aborts with a cache": (
        "def __init__(self, use_caching=False):\n"
        "    if use_caching:\n"
        "        import os\n"
        "        os.abort()\n"
        "    super().__init__()",
        "caching",
        "caching.connect-is-seen",
        "ends the process by SIGABRT",
    ),
    "leaves with success": (
        "def send_robust(self, *args, **named):\n    import os\n    os._exit(0)",
        "robust",
        "robust.calls-the-rest",
        "ends the process with exit status 0",
    ),
    "leaves at the second connection": (
        "made = 0\n"
        "def connect(self, *args, **named):\n"
        "    self.made += 1\n"
        "    if self.made == 2:\n"
        "        import os\n"
        "        os._exit(7)\n"
        "    return super().connect(*args, **named)",
        "uids.first",
        "uids.first-wins",
        "ends the process with exit status 7",
    ),
    "asks to leave": (
        "def connect(self, *args, **named):\n    raise SystemExit(0)",
        "connect",
        "connect.returns-none",
        "raises SystemExit",
    ),
    "kills its process": (
        "def has_listeners(self, sender=None):\n    import os\n    os.kill(os.getpid(), 9)",
        "listeners",
        "listeners.true-for-its-sender",
        "ends the process by SIGKILL",
    ),
    "recurses without end": (
        "def send(self, *args, **named): return self.send(*args, **named)",
        "send.order",
        "send.order",
        "raises RecursionError",
    ),
    "cannot be made with a cache": (
        "def __init__(self, use_caching=False):\n    if use_caching: raise MemoryError\n    super().__init__()",
        "caching",
        "caching.connect-is-seen",
        "raises MemoryError",
    ),
    "keeps every receiver": (
        "kept = []\n"
        "def connect(self, receiver, *args, **named):\n"
        "    self.kept.append(receiver)\n"
        "    super().connect(receiver, *args, **named)",
        "lifetime.weak",
        "lifetime.weak-by-default",
        "",
    ),
    "prints megabytes": (
        "def send(self, *args, **named):\n    print('x' * 10**6)\n    return super().send(*args, **named)",
        "parties.prints-nothing",
        "parties.prints-nothing",
        "",
    ),
    "closes every file": (
        "def send(self, *args, **named):\n    import os\n    os.closerange(3, 256)\n    return []",
        "send.order",
        "send.order",
        "ends the process",
    ),
    "starts threads without end": (
        "def connect(self, *args, **named):\n"
        "    import threading, time\n"
        "    threading.Thread(target=time.sleep, args=(10**6,)).start()\n"
        "    return super().connect(*args, **named)",
        "parties.leaves",
        "parties.leaves-the-process-alone",
        "",
    ),
    "starts a process that outlives it": (
        "def send(self, *args, **named):\n"
        "    import os, time\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(30)\n"
        "        os._exit(0)\n"
        "    os._exit(5)",
        "send.order",
        "send.order",
        "ends the process with exit status 5",
    ),
    "lowers the recursion limit": (
        "def send(self, *args, **named):\n"
        "    import sys\n"
        "    sys.setrecursionlimit(100)\n"
        "    return super().send(*args, **named)",
        MUCH,
        "parties.leaves-the-process-alone",
        "changed",
    ),
    **{
        f"changes {what}": (
            f"def send(self, *args, **named):\n    {change}\n    return super().send(*args, **named)",
            MUCH,
            "parties.leaves-the-process-alone",
            "changed",
        )
        for what, change in {
            "the collector": "import gc; gc.disable()",
            "what the collector frees": "import gc; gc.set_debug(gc.DEBUG_SAVEALL)",
            "logging": "import logging; logging.disable()",
            "the filters of warnings": "import warnings; warnings.simplefilter('error')",
            "the trace function": "import sys; sys.settrace(lambda *_: None)",
            "the directory": "import os; os.chdir('/')",
            "the environment": "import os; os.environ['HOSTILE'] = '1'",
        }.items()
    },
    "sets a context variable": (
        "import contextvars\n"
        "last = contextvars.ContextVar('last')\n"
        "def send(self, *args, **named):\n"
        "    self.last.set(object())\n"
        "    return super().send(*args, **named)",
        MUCH,
        "parties.leaves-the-process-alone",
        "changed",
    ),
    "equals everything": (
        "def __eq__(self, other): return True\n__hash__ = object.__hash__",
        "parties",
        "parties.signal-compares-by-identity",
        "",
    ),
    "is not hashable": (
        "__hash__ = None",
        "parties",
        "parties.signal-compares-by-identity",
        "",
    ),
    "has no truth": (
        "def __bool__(self): raise SystemExit(0)",
        "parties",
        "parties.signal-is-true",
        "raises SystemExit",
    ),
    "returns what has no representation": (
        "def __repr__(self): raise SystemExit(0)\ndef send(self, *args, **named): return self",
        "send",
        "send.returns-a-list-of-pairs",
        "",
    ),
    "returns a list that equals everything": (
        "def send(self, *args, **named):\n"
        "    return type('List', (list,), {'__eq__': lambda *_: True, '__hash__': None})()",
        "send",
        "send.returns-a-list-of-pairs",
        "",
    ),
    "returns without end": (
        "def send(self, *args, **named):\n    import itertools\n    return itertools.repeat((None, None))",
        "send.returns",
        "send.returns-a-list-of-pairs",
        HANGS,
    ),
    "returns what looks like nothing": (
        "def connect(self, *args, **named):\n"
        "    super().connect(*args, **named)\n"
        "    return type('None', (), {'__eq__': lambda *_: True, '__repr__': lambda _: 'None'})()",
        "connect.returns",
        "connect.returns-none",
        "",
    ),
    "returns what equals both truths": (
        "def has_listeners(self, sender=None):\n"
        "    return type('bool', (), {'__eq__': lambda *_: True, '__hash__': None, '__bool__': lambda _: False})()",
        "listeners",
        "listeners.returns-a-bool",
        "",
    ),
}
"""What a target does, the clauses to check, one of them that is violated, and part of what is said of it."""


@pytest.mark.parametrize(("source", "only", "clause", "actual"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_target_is_found_out(
    folder: Path, source: str, only: str | tuple[str, ...], clause: str, actual: str
) -> None:
    (folder / "hostile.py").write_text(
        "from signalspec_reference import Signal as Sound, receiver\n\n"
        f"class Signal(Sound):\n{indent(source, '    ')}\n"
    )
    sys.path.insert(0, "")
    target = supervising.load_target("hostile")
    report = supervising.check(target, None, Options(only=only, depth=1, examples=3, timeout=1.0))
    found = next(result for result in report.results if result.clause.slug == clause)
    assert found.status == "violated"
    assert found.counterexample is not None
    assert actual in found.counterexample.actual
    assert found.counterexample.script.startswith(f"# {clause}: ")
    reached = {result.clause.slug for result in report.results if result.exercised or result.status == "violated"}
    assert reached == {result.clause.slug for result in report.results if result.status not in SET_ASIDE}


@pytest.mark.parametrize(
    ("source", "how"),
    {
        "import os; os._exit(0)": "ends the process with exit status 0",
        "import ctypes; ctypes.string_at(0)": "ends the process by SIGSEGV",
        "import os\nclass Signal:\n    def __init__(self): os._exit(9)": "ends the process with exit status 9",
    }.items(),
)
def test_what_cannot_even_be_imported_is_refused(folder: Path, source: str, how: str) -> None:
    (folder / "hostile.py").write_text(source)
    sys.path.insert(0, "")
    with pytest.raises(TargetError, match=how):
        supervising.load_target("hostile")


def test_a_check_of_its_own_process_tells_what_one_in_this_process_tells() -> None:
    from signalspec.runner.tally import check_here

    options = Options(only=("connect", "uids"), depth=3, examples=5)
    target = supervising.load_target("reference")
    assert supervising.check(target, None, options).to_json() == check_here(target, None, options).to_json()

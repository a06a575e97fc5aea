"""Makes a process record itself: wraps Django's signals as soon as the process imports them, and not before."""

from __future__ import annotations

import atexit
import functools
import os
import platform
import sys
from importlib.machinery import ModuleSpec

# Bound here, since a test may put something else in their place for a while.
from json import dumps
from os import getpid
from os.path import join
from time import time_ns
from types import ModuleType
from typing import Any, Callable, Sequence

from . import FORMAT
from .part import Part
from .places import Project
from .recording import Recorder
from .wrapping import wrap_model_signals, wrap_signal

_installed: Installation | None = None


class Installation:
    """What makes this process record itself; there is one at most."""

    def __init__(self, parts: str, project: str) -> None:
        self.parts = parts
        self.project = Project(project)
        self.recorder: Recorder | None = None
        watched: dict[str, Callable[[Any], None]] = {
            "django.dispatch.dispatcher": self._see_dispatcher,
            "django.db.models.signals": self._see_model_signals,
            "unittest.case": self._see_unittest,
        }
        for name, see in watched.items():
            if name in sys.modules:
                see(sys.modules[name])
        sys.meta_path.insert(0, Watcher({name: see for name, see in watched.items() if name not in sys.modules}))

    def _see_dispatcher(self, module: Any) -> None:
        inner = [
            sys.modules[f"{__package__}.{name}"].__file__
            for name in ("recording", "wrapping", "definitions", "names")
        ]
        inner += [module.__file__, functools.__file__]
        folder = os.path.dirname(os.path.dirname(module.__file__))
        inner += [os.path.join(folder, *path) for path in (("db", "models", "signals.py"), ("apps", "registry.py"))]
        self.recorder = Recorder(self.project, module.Signal, [str(file) for file in inner], self._make_part)
        wrap_signal(module.Signal, self.recorder)
        atexit.register(self.recorder.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.recorder.forked)

    def _see_model_signals(self, module: ModuleType) -> None:
        if self.recorder is not None:
            wrap_model_signals(module, self.recorder)

    def _see_unittest(self, module: Any) -> None:
        original = module.TestCase.run

        @functools.wraps(original)
        def run(case: Any, *args: Any, **named: Any) -> Any:
            if self.recorder is None:
                return original(case, *args, **named)
            self.recorder.unit_test = _id_of(case)
            try:
                return original(case, *args, **named)
            finally:
                self.recorder.unit_test = None

        module.TestCase.run = run

    def _make_part(self) -> Part:
        part = Part(join(self.parts, f"{time_ns()}-{getpid()}.jsonl"))
        part.write(dumps({"header": _header()}, separators=(",", ":")).encode("ascii") + b"\n")
        return part


class Watcher:
    """Finds modules as the other finders do, and tells when one that is waited for has been executed."""

    def __init__(self, waiting: dict[str, Callable[[Any], None]]) -> None:
        self._waiting = waiting

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the spec of a module that is waited for; of another one, nothing."""
        if name not in self._waiting:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None if finder is self or find is None else find(name, path, target)
            if spec is not None:
                self._watch(spec, self._waiting.pop(name))
                return spec
        return None

    def _watch(self, spec: ModuleSpec, see: Callable[[Any], None]) -> None:
        loader: Any = spec.loader

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module
            loader.exec_module(module)
            try:
                see(module)
            except Exception as error:
                print(f"signalspec-record: {module.__name__} is not recorded: {error!r}", file=sys.stderr)
            if not self._waiting and self in sys.meta_path:
                sys.meta_path.remove(self)

        loader.exec_module = exec_module


def install(parts: str, project: str) -> Installation:
    """Make this process record itself into a file of its own in the folder `parts`."""
    global _installed
    if _installed is None:
        _installed = Installation(parts, project)
    return _installed


def _header() -> dict[str, Any]:
    django = sys.modules.get("django")
    return {
        "format": FORMAT,
        "django": getattr(django, "__version__", None),
        "python": platform.python_version(),
        "hash_seed": os.environ.get("PYTHONHASHSEED", "random"),
        "distributions": _distributions(),
    }


def _distributions() -> dict[str, str]:
    # The folders' names say it, without what reading the metadata would import.
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            entries = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in entries:
            name, extension = os.path.splitext(entry)
            if extension == ".dist-info" and "-" in name:
                distribution, version = name.split("-")[:2]
                found.setdefault(distribution, version)
    return dict(sorted(found.items()))


def _id_of(case: Any) -> str:
    try:
        return str(case.id())
    except Exception:
        return type(case).__qualname__

"""Makes a process record itself: wraps Django's signals as soon as the process imports them, and not before.

Each Python process imports this when it starts, and many never use Django: so it imports nothing that takes time.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any, Callable, Sequence

    from .recording import Recorder

_installed: Installation | None = None


class Installation:
    """What makes this process record itself; there is one at most."""

    def __init__(self, parts: str, project: str) -> None:
        self._parts = parts
        self._project = project
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
        from .process import start

        self.recorder = start(module, self._parts, self._project)

    def _see_model_signals(self, module: ModuleType) -> None:
        from .wrapping import wrap_model_signals

        if self.recorder is not None:
            wrap_model_signals(module, self.recorder)

    def _see_unittest(self, module: Any) -> None:
        from functools import wraps

        original = module.TestCase.run

        @wraps(original)
        def run(case: Any, *args: Any, **named: Any) -> Any:
            if self.recorder is None:
                return original(case, *args, **named)
            self.recorder.unit_test = _id_of(case)
            try:
                return original(case, *args, **named)
            finally:
                self.recorder.unit_test = None

        module.TestCase.run = run


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


def _id_of(case: Any) -> str:
    try:
        return str(case.id())
    except Exception:
        return type(case).__qualname__

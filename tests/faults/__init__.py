"""The planted faults: sound implementations, each broken in one way, named for the clause that it breaks.

A fault is a small edit of a sound implementation, its *base*. They are listed in modules named as the standard's
chapters are, and read like the mistakes that people make.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, reduce

from signalspec.standard.clauses import STANDARD, load_clauses
from signalspec.targets.surroundings import unconfigured_settings
from signalspec.targets.target import Target, load_here

REFERENCE = "signalspec_reference"
PLAIN = "faults.plain"
OLDER = "faults.older"
OLD = "faults.old"
OLDEST = "faults.oldest"
GATHERING = "faults.gathering"

BASES: Mapping[str, str] = {
    REFERENCE: STANDARD,
    PLAIN: STANDARD,
    OLDER: "django-3.2",
    OLD: "django-1.11",
    OLDEST: "django-1.8",
    GATHERING: "django-6.0",
}
"""The modules that faults are planted in, and the profile under which each is sound."""

_numbers = itertools.count()


@dataclass(frozen=True)
class Fault:
    """An edit of a sound implementation that breaks a clause.

    `edits` maps what is there to what is there instead; each key occurs in the base exactly once. A fault that
    `hangs` makes the program that shows it wait for ever.
    """

    clause: str
    title: str
    base: str
    edits: Mapping[str, str]
    hangs: bool = False

    @property
    def profile(self) -> str:
        """The profile under which the base is sound and the fault is one."""
        return BASES[self.base]

    @property
    def source(self) -> str:
        """The source of the base with the fault in it; raise `ValueError` where an edit does not fit."""
        return self.edit(_source(self.base))

    def edit(self, text: str) -> str:
        """Return `text` with the fault in it; raise `ValueError` where an edit does not fit."""
        for old, new in self.edits.items():
            if text.count(old) != 1:
                raise ValueError(f"{self}: occurs {text.count(old)} times in {self.base}, not once: {old!r}")
            text = text.replace(old, new)
        return text

    def __str__(self) -> str:
        return f"{self.clause}: {self.title}"


def all_faults() -> list[Fault]:
    """Return all faults of a dispatcher, in the order of the standard's chapters."""
    part = load_clauses().parts["dispatch"]
    modules = [f"{__name__}.{part.name}.{chapter}" for chapter in part.chapters]
    return [
        fault
        for module in modules
        if importlib.util.find_spec(module)
        for fault in importlib.import_module(module).FAULTS
    ]


@contextmanager
def planted(fault: Fault) -> Iterator[Target]:
    """Make the faulty implementation importable in the block, as a module with a name of its own."""
    with _importable(fault.base, fault.source) as target:
        yield target


@contextmanager
def planted_together(faults: Sequence[Fault]) -> Iterator[Target]:
    """Make an implementation with all of `faults`, which have the same base, importable in the block."""
    (base,) = {fault.base for fault in faults}
    with _importable(base, reduce(lambda text, fault: fault.edit(text), faults, _source(base))) as target:
        yield target


@contextmanager
def _importable(base: str, source: str) -> Iterator[Target]:
    name = f"fault_{next(_numbers)}_in_{base.rpartition('.')[2]}"
    spec = importlib.util.spec_from_file_location(name, f"{name}.py", loader=_Loader(source))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        # A fault may configure Django, which no test after it in this process may find done.
        with unconfigured_settings():
            spec.loader.exec_module(module)
            yield load_here(name)
    finally:
        del sys.modules[name]


class _Loader(importlib.abc.SourceLoader):
    """Loads a module from a text, which tracebacks and `inspect.getsource` find here too."""

    def __init__(self, source: str) -> None:
        self._source = source

    def get_filename(self, fullname: str) -> str:
        return f"{fullname}.py"

    def get_data(self, path: str | bytes) -> bytes:
        return self._source.encode()


@cache
def _source(base: str) -> str:
    return inspect.getsource(importlib.import_module(base))

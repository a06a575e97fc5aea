"""Faults planted in Django's own modules, each an edit that breaks a clause of the part models.

An edit fits the releases that the tests run on; a fault whose clause is not in force for the installed one, or whose
edit is about other releases, is left out and counted.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

from signalspec.standard.clauses import load_clauses

BASE = "django.db.models.base"
DELETION = "django.db.models.deletion"
RELATED = "django.db.models.fields.related_descriptors"
QUERY = "django.db.models.query"
SIGNALS = "django.db.models.signals"
SERIALIZERS = "django.core.serializers.base"
EMITTING = "django.core.management.sql"
MIGRATE = "django.core.management.commands.migrate"
FLUSH = "django.core.management.commands.flush"
REGISTRY = "django.apps.registry"
UTILS = "django.db.models.utils"
CHECKS = "django.core.checks.model_checks"
DISPATCHER = "django.dispatch.dispatcher"
EXECUTOR = "django.db.migrations.executor"
LOADDATA = "django.core.management.commands.loaddata"


@dataclass(frozen=True)
class Fault:
    """An edit of `module` that breaks `clause`: each key of `edits` occurs there once, and gives way to its value."""

    clause: str
    title: str
    module: str
    edits: Mapping[str, str]

    def edit(self, text: str) -> str:
        """Return `text` with the fault in it; raise `ValueError` where an edit does not fit."""
        for old, new in self.edits.items():
            if text.count(old) != 1:
                raise ValueError(f"{self}: occurs {text.count(old)} times in {self.module}, not once: {old!r}")
            text = text.replace(old, new)
        return text

    def fits(self) -> bool:
        """Tell whether the edit is one of the installed Django."""
        try:
            self.edit(source_of(self.module))
        except ValueError:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.clause}: {self.title}"


def source_of(module: str) -> str:
    """Return the source of a module of Django, without importing it."""
    root = importlib.util.find_spec("django")
    assert root is not None and root.submodule_search_locations
    path = Path(root.submodule_search_locations[0]).joinpath(*module.split(".")[1:])
    return path.with_suffix(".py").read_text("utf-8")


def all_faults() -> list[Fault]:
    """Return all faults of the part, in the order of its chapters."""
    chapters = load_clauses().parts["models"].chapters
    return [fault for each in chapters for fault in importlib.import_module(f"{__name__}.{each}").FAULTS]


class _Loader(importlib.machinery.SourceFileLoader):
    fault: Fault

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.fault.edit(source_of(fullname)), self.path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, fault: Fault) -> None:
        self._fault = fault

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._fault.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert spec is not None and spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin)
        spec.loader.fault = self._fault
        return spec


def plant(fault: Fault) -> None:
    """Let this process import Django with the fault in it; Django must not have been imported yet."""
    if any(name.partition(".")[0] == "django" for name in sys.modules):
        raise RuntimeError("Django has been imported already.")
    sys.meta_path.insert(0, _Finder(fault))

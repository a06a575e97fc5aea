"""Edits of Django's modules on their way into a process; any Python can begin with this, which needs nothing."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

_STARTS = """\
import sys
sys.path.insert(0, {tests!r})
from planting import DjangoFault, plant
plant({fault!r})
"""


@dataclass(frozen=True)
class DjangoFault:
    """An edit of one of Django's modules, which breaks a clause, or mends it where it is a `repair`.

    `edits` maps what is there to what is there instead; each key occurs once in the module, in all of `releases`.
    """

    clause: str
    title: str
    module: str
    edits: Mapping[str, str]
    releases: tuple[str, ...] = ("5.2", "6.1")
    repair: bool = False

    def edit(self, text: str) -> str:
        """Return `text` with the edits made; raise `ValueError` where one does not fit."""
        for old, new in self.edits.items():
            if text.count(old) != 1:
                raise ValueError(f"{self}: occurs {text.count(old)} times in {self.module}, not once: {old!r}")
            text = text.replace(old, new)
        return text

    def fits(self) -> bool:
        """Tell whether the edits can be made in the installed Django."""
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
    return file_of(Path(root.submodule_search_locations[0]).parent, module).read_text("utf-8")


def file_of(folder: Path, module: str) -> Path:
    """Return the file of a module, or package, of a Django that is in a folder."""
    path = folder.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


class _Editing(importlib.machinery.SourceFileLoader):
    """Loads a module from its file, and edits it on the way."""

    def __init__(self, fault: DjangoFault, path: str) -> None:
        super().__init__(fault.module, path)
        self._fault = fault

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_source(fullname)
        assert source is not None
        return compile(self._fault.edit(source), self.path, "exec")


class _Finder:
    """Finds the one module that is edited."""

    def __init__(self, fault: DjangoFault) -> None:
        self._fault = fault

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """Return how to load the module, if it is that one."""
        if name != self._fault.module:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path)
        assert found is not None and found.origin is not None
        return importlib.util.spec_from_loader(name, _Editing(self._fault, found.origin))


def plant(fault: DjangoFault) -> None:
    """Let this process import Django with the fault in it."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "django"]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Finder(fault))


def plant_in_children(fault: DjangoFault, folder: Path) -> None:
    """Let the Pythons that this process starts import Django with the fault in it; `folder` is theirs."""
    # What a Python imports first is this, where it is there.
    (folder / "sitecustomize.py").write_text(_STARTS.format(tests=str(Path(__file__).parent), fault=fault))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(folder), *filter(None, sys.path)])

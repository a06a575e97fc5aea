"""The source of a recorded project, for what a trace cannot show."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from signalspec.traces.trace import Place

LEFT_OUT = {"site-packages", "node_modules", "__pycache__", "build", "dist"}

_IGNORE = re.compile(r"#\s*signalspec:\s*ignore(?:\[([\w, -]+)\])?")


@dataclass(frozen=True)
class Source:
    """The Python files in a project's folder, but for what is installed in it. There may be none of them."""

    folder: Path

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """The syntax trees of the files, by their path relative to the folder; a file that is no Python has none."""
        return dict(self._parse())

    def ignores(self, place: Place, rule: str) -> bool:
        """Tell whether a comment on the line, or alone on the line before it, takes `rule` back there."""
        lines = self._lines(place.file)
        line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
        before = lines[place.line - 2].strip() if 1 < place.line <= len(lines) else ""
        for text in (line, before if before.startswith("#") else ""):
            found = _IGNORE.search(text)
            if found and (found[1] is None or rule in re.split(r"[,\s]+", found[1])):
                return True
        return False

    def place_of(self, name: str) -> Place | None:
        """Return where the source assigns to `name`, an attribute of a module by its dotted name, if it does once."""
        module, _, attribute = name.rpartition(".")
        ending = "/" + module.replace(".", "/")
        places = [
            Place(file, node.lineno)
            for file, tree in self.trees.items()
            if f"/{file}".endswith((f"{ending}.py", f"{ending}/__init__.py"))
            for node in tree.body
            if attribute in _targets(node)
        ]
        return places[0] if len(places) == 1 else None

    def _lines(self, file: str) -> list[str]:
        try:
            return (self.folder / file).read_text("utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def _parse(self) -> Iterator[tuple[str, ast.Module]]:
        for path in sorted(self._walk(self.folder)):
            try:
                yield path.relative_to(self.folder).as_posix(), ast.parse(path.read_bytes())
            except (OSError, SyntaxError, ValueError):
                continue

    def _walk(self, folder: Path) -> Iterator[Path]:
        for entry in folder.iterdir() if folder.is_dir() else ():
            if entry.name.startswith(".") or entry.name in LEFT_OUT or entry.is_symlink():
                continue
            if entry.is_dir():
                # A virtual environment is no part of the project that it lies in.
                if not (entry / "pyvenv.cfg").exists():
                    yield from self._walk(entry)
            elif entry.suffix == ".py":
                yield entry


def _targets(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Assign):
        return set().union(*map(names_in, node.targets))
    return names_in(node.target) if isinstance(node, ast.AnnAssign) else set()


def name_of(node: ast.AST) -> str:
    """Return the last part of a name such as ``signals.post_save``, or nothing."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def names_in(node: ast.AST) -> set[str]:
    """Return all plain names that an expression uses."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}

"""The house is as the guide says: modules are short, and each room knows only those to its left."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import signalspec

PACKAGE = Path(signalspec.__file__).parent

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "project" not in path.parts)

MOST_LINES = 400

ROOMS = (
    *("standard", "programs", "laws", "targets", "engines"),
    *("findings", "runner", "releases", "reports", "commands"),
)
"""The rooms, from left to right."""


def room_of(module: str) -> str:
    return module.removeprefix("signalspec.").partition(".")[0]


def imports_of(path: Path) -> Iterator[str]:
    """Yield what a module imports of the package as soon as it is imported itself."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("signalspec."):
            yield str(node.module)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def test_no_room_imports_from_its_right() -> None:
    backwards = set()
    for path in MODULES:
        own = path.relative_to(PACKAGE).parts[0]
        rooms = {room_of(module) for module in imports_of(path)} if own in ROOMS else set()
        backwards |= {(own, room) for room in rooms if room in ROOMS and ROOMS.index(room) > ROOMS.index(own)}
    assert backwards == set()

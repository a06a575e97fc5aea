"""The pages of the tutorial and their blocks of code, each of which says after its language what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from typing import Literal, cast, get_args

from markdown_it import MarkdownIt

from signalspec.standard.clauses import spec_folder

Role = Literal["file", "add", "setup", "session", "serve", "request", "log", "quote"]

LANGUAGES: dict[Role, tuple[str, ...]] = {
    "file": ("python", "json"),
    "add": ("python",),
    "setup": ("sh",),
    "session": ("pycon",),
    "serve": ("sh",),
    "request": ("sh",),
    "log": ("text",),
    "quote": ("python",),
}
"""In which languages a block of each role is written."""


class PageError(Exception):
    """A page breaks the convention; the message says where."""


@dataclass(frozen=True)
class Block:
    """A block of code: what it is, for a file where it belongs, and the line of the page on which it begins."""

    role: Role
    path: str
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    """A page, with its blocks in order."""

    number: int
    name: str
    text: str
    blocks: tuple[Block, ...]

    def of(self, *roles: Role) -> list[Block]:
        """Return the blocks of these roles."""
        return [block for block in self.blocks if block.role in roles]


def folder() -> Traversable:
    """Return the folder of the tutorial's text."""
    return spec_folder() / "tutorial"


@cache
def load_pages() -> tuple[Page, ...]:
    """Read the numbered pages; raise `PageError` where a block does not say what it is."""
    named = {int(found[1]): file for file in folder().iterdir() if (found := re.match(r"(\d+)-.*\.md$", file.name))}
    return tuple(_read(number, named[number].name, named[number].read_text("utf-8")) for number in sorted(named))


def _read(number: int, name: str, text: str) -> Page:
    return Page(number, name, text, tuple(read_blocks(name, text)))


def read_blocks(name: str, text: str) -> Iterator[Block]:
    """Give the blocks of a page called `name`; raise `PageError` where one does not say what it is."""
    for token in MarkdownIt().parse(text):
        if token.type in ("fence", "code_block"):
            line = token.map[0] + 1 if token.map else 0
            yield _block(token.info, token.content, line, f"{name}, line {line}")


def _block(info: str, text: str, line: int, where: str) -> Block:
    found = re.fullmatch(r"(\w+) (\w+)(?:=(\S+))?", info.strip())
    if found is None or found[2] not in get_args(Role):
        raise PageError(f"{where}: {info!r} does not say what the block is.")
    role = cast(Role, found[2])
    if found[1] not in LANGUAGES[role]:
        raise PageError(f"{where}: a block of the role {role} is not written in {found[1]}.")
    path = found[3] or ""
    if bool(path) is not (role in ("file", "add")) or path.startswith("/") or ".." in path:
        raise PageError(f"{where}: {info!r} has no path within the project, or one too many.")
    return Block(role, path, text, line)

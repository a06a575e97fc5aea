"""The pages of `spec/` that are no chapters, such as the common questions and the tutorial, by their sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable

from signalspec.standard.clauses import load_clauses, spec_folder
from signalspec.standard.markdown import Block, sections

ASKED_AS = "*Asked as.*"
"""What the paragraph begins with that has the words of those who ask a question."""


@dataclass(frozen=True)
class Section:
    """A heading of a page with what stands under it; `page` is the page's file, relative to `spec/`."""

    page: str
    title: str
    blocks: Sequence[Block]

    @property
    def is_question(self) -> bool:
        """Whether it is one of the common questions."""
        return self.page.startswith("questions/") and self.title.endswith("?")

    @property
    def asked_as(self) -> str:
        """The words of those who ask."""
        return " ".join(each.text.removeprefix(ASKED_AS) for each in self.blocks if each.text.startswith(ASKED_AS))

    @property
    def told(self) -> Sequence[Block]:
        """What is there to be read: all but the words of those who ask."""
        return [block for block in self.blocks if not block.text.startswith(ASKED_AS)]


@cache
def load_pages() -> Sequence[Section]:
    """Return the sections of all pages, page by page."""
    return [section for name, file in _pages("", spec_folder()) for section in _sections(name, file)]


def _pages(above: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    chapters = {f"{part.name}/{chapter}.md" for part in load_clauses().parts.values() for chapter in part.chapters}
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{above}{entry.name}"
        if entry.is_dir():
            yield from _pages(f"{name}/", entry)
        elif entry.is_file() and name.endswith(".md") and name not in chapters:
            yield name, entry


def _sections(page: str, file: Traversable) -> Iterator[Section]:
    (_, above), *below = sections(file.read_text("utf-8"))
    title = next((block.text for block in above if block.kind == "h1"), page)
    yield Section(page, title, [block for block in above if block.kind != "h1"])
    for heading, under in below:
        yield Section(page, heading, under)

"""The Markdown that the standard is written in: headings, paragraphs, fenced code, and nothing between the lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

FENCE = "```"


class Block(NamedTuple):
    """A heading of the first or second level, a paragraph (also a list, or a table), or code.

    `text` is the heading's words, the paragraph in one line, or the code with its newlines; `info` is what stands
    after the fence that opens the code.
    """

    kind: Literal["h1", "h2", "paragraph", "code"]
    text: str
    info: str = ""


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a page, in their order."""
    lines = iter(text.splitlines())
    paragraph: list[str] = []
    for line in lines:
        heading = re.match(r"(##?) +(.*)", line)
        if paragraph and (heading or line.startswith(FENCE) or not line.strip()):
            yield Block("paragraph", one_line(" ".join(paragraph)))
            paragraph = []
        if heading:
            yield Block("h1" if heading[1] == "#" else "h2", heading[2].strip())
        elif line.startswith(FENCE):
            # Without the default the end of the page would end the generator with an error.
            code = "".join(f"{each}\n" for each in iter(lambda: next(lines, FENCE), FENCE))
            yield Block("code", code, line.removeprefix(FENCE).strip())
        elif line.strip():
            paragraph.append(line)
    if paragraph:
        yield Block("paragraph", one_line(" ".join(paragraph)))


def sections(text: str) -> Iterator[tuple[str, list[Block]]]:
    """Yield each second-level heading of a page with the blocks under it; what stands above the first has none."""
    heading, under = "", list[Block]()
    for block in blocks(text):
        if block.kind == "h2":
            yield heading, under
            heading, under = block.text, []
        else:
            under.append(block)
    yield heading, under


def one_line(text: str) -> str:
    """Return the words of `text` with single spaces between them."""
    return " ".join(text.split())

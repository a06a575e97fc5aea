"""The sentences of the standard, to be read by a sceptic.

    python tests/prose.py [--seed N] [--count N] [FOLDER…]     print sentences, chosen at random, with their places

A folder is one of `spec/`, such as `dispatch`; without any, all that :data:`PLAIN` names are read.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from signalspec.standard.clauses import spec_folder

PLAIN = ("dispatch", "models", "requests", "auth", "environment", "audit", "questions")
"""The folders whose sentences are held to plain English."""


NO_PROSE = ("#", "|", *(f"*{name}" for name in ("Needs", "In force", "Source", "See", "Asked", "Title", "Clause")))


@dataclass(frozen=True)
class Sentence:
    """A sentence, with the file and the heading under which it stands."""

    place: str
    text: str

    @property
    def words(self) -> int:
        """How many words it has; a piece of code counts as one."""
        return len(re.sub(r"`[^`]*`", "code", self.text).split())


def sentences(folder: str) -> Iterator[Sentence]:
    """Yield the sentences of the files in a folder of the standard; code, titles and lists of words are none."""
    for path in sorted((spec_folder() / folder).iterdir(), key=lambda each: each.name):
        heading = path.name
        text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
        for paragraph in re.split(r"\n\n|\n(?=- |\d+\. )", text):
            if paragraph.startswith("## "):
                heading = paragraph.removeprefix("## ").strip()
            elif not paragraph.startswith(NO_PROSE):
                prose = re.sub(r"^(\*+[\w ]+\.\*+|-|\d+\.) ", "", " ".join(paragraph.split()))
                for sentence in re.split(r"(?<=[.!?:;])\s+(?=[A-Z`*\[])", prose):
                    if sentence:
                        yield Sentence(f"{path.name}: {heading}", sentence)


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description="Print sentences of the standard, chosen at random.")
    parser.add_argument("folder", nargs="*", default=PLAIN)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=50)
    given = parser.parse_args()
    everything = [sentence for folder in given.folder for sentence in sentences(folder)]
    for sentence in random.Random(given.seed).sample(everything, given.count):
        print(f"{sentence.place}\n    {sentence.text}")


if __name__ == "__main__":
    main()

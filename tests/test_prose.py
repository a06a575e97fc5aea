"""The standard is written in plain English: short sentences, and none of the words that once made it a riddle."""

from __future__ import annotations

import re

import pytest
from prose import PLAIN, sentences
from signalspec.standard.clauses import load_clauses

LONGEST = 27
"""How many words a sentence may have, the code in it counted as one each."""

RIDDLES = re.compile(
    r"\b(whoever|whom|nobody|somebody|buried|is told|told by|be told|likewise|thereby|outranks|outdates|hears?|"
    r"adaption|bears|to the one|who (is|has|does|gives|sends|asks|listens))\b",
    re.IGNORECASE,
)
"""Words that speak of signals and receivers as if they were people, or that hide who does what."""


@pytest.mark.parametrize("folder", PLAIN)
def test_sentences_are_short(folder: str) -> None:
    assert [f"{each.place}: {each.text}" for each in sentences(folder) if each.words > LONGEST] == []


@pytest.mark.parametrize("folder", PLAIN)
def test_sentences_are_no_riddles(folder: str) -> None:
    assert [f"{each.place}: {each.text}" for each in sentences(folder) if RIDDLES.search(each.text)] == []


def test_every_clause_has_a_title_of_its_own() -> None:
    for part, chapter in {(each.part, each.chapter) for each in load_clauses()}:
        titles = [each.title for each in load_clauses() if (each.part, each.chapter) == (part, chapter)]
        assert all(titles), chapter
        assert len({*titles}) == len(titles), chapter


def test_titles_are_of_one_style() -> None:
    for clause in load_clauses():
        assert not clause.title.endswith("."), clause.slug
        assert not re.search(r"\w_\w|\(\)", re.sub("`[^`]*`", "", clause.title)), (
            f"code without backticks: {clause.slug}"
        )

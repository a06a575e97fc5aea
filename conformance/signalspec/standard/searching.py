"""Search: clauses, questions and pages by the words that people use for what they are about.

Words are compared by their stems. `spec/synonyms.toml` says what the standard calls what others call otherwise. What
is found is ranked by BM25: a rare word tells more than a common one, and a long text is no better for being long.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from math import log
from typing import Literal

from signalspec.standard.clauses import load_clauses, spec_folder
from signalspec.standard.pages import load_pages

Kind = Literal["question", "clause", "page"]

TITLE, CALLED, TEXT = 3.0, 2.0, 1.0
"""What a word counts in a title, in a slug or the words of those who ask, and in a text."""

SYNONYM = 0.5
"""What a word counts that was not asked for, but stands for one that was."""

LIKENESS = 0.8
"""How much of a word that nothing uses has to be that of another one to be taken for a misspelling of it."""

EXACT = 1_000.0
"""What it counts to be called just so."""

PREFERENCE: Mapping[Kind, float] = {"question": 1.25, "clause": 1.0, "page": 0.8}
"""A question was written for who asks; a page tells much else."""

_LABELS = ("*In force.*", "*See.*")
"""What the paragraphs of a question begin with that are no part of its answer."""

_COMMON = frozenset(
    """
    a about am an and any are as at be been but by can cannot could did do does doing done else for from get
    gets got had has have having how i if in into is it its itself just may me might my no not of on one only or
    other our own shall should so some such than that the their them then there these they this those to too up
    us use used using very was we were what when where whether which while who whom whose why will with would
    you your
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Entry:
    """What can be found.

    `name` is a slug, or the page that a question or a section stands on; `called` has the phrases that others use.
    """

    kind: Kind
    name: str
    title: str
    called: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class _Indexed:
    entry: Entry
    names: frozenset[str]
    words: Mapping[str, float]
    length: float


def search(words: str) -> Sequence[Entry]:
    """Return the entries that speak of `words`, the best first."""
    index, frequency = _index()
    asked = _expanded(words, frequency)
    name = called(words)
    average = sum(each.length for each in index) / len(index)
    found: list[tuple[float, int, Entry]] = []
    for position, each in enumerate(index):
        score = EXACT if name in each.names else 0.0
        for word, weight in asked.items():
            if count := each.words.get(word):
                rarity = log(1 + (len(index) - frequency[word] + 0.5) / (frequency[word] + 0.5))
                score += weight * rarity * count * 2.2 / (count + 1.2 * (0.4 + 0.6 * each.length / average))
        if score:
            found.append((-score * PREFERENCE[each.entry.kind], position, each.entry))
    return [entry for _, _, entry in sorted(found, key=lambda row: row[:2])]


@cache
def entries() -> Sequence[Entry]:
    """Return all that can be found."""
    standard = load_clauses()
    found: list[Entry] = []
    for section in load_pages():
        kind: Kind = "question" if section.is_question else "page"
        told = (block.text for block in section.told if block.kind == "paragraph")
        text = " ".join(each for each in told if not each.startswith(_LABELS))
        found.append(Entry(kind, section.page, section.title, tuple(section.asked_as.split(",")), text))
    for clause in standard:
        # Without these words a text would contradict itself.
        deviations = [
            f"Django, {each.releases}, does otherwise: {each.title}"
            for each in standard.deviations
            if each.clause == clause.slug
        ]
        text = " ".join([clause.requirement, clause.intent, *deviations])
        called = (clause.slug.replace(".", " "), *clause.needs)
        found.append(Entry("clause", clause.slug, clause.title, called, text))
    return found


@cache
def load_synonyms() -> Mapping[str, str]:
    """Return the words of the standard for words that others use."""
    return tomllib.loads((spec_folder() / "synonyms.toml").read_text("utf-8"))


def stems(text: str) -> Iterable[str]:
    """Yield the stem of each word of `text` that is not too common to tell anything."""
    for word in re.findall(r"[a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower()):
        if word not in _COMMON:
            yield _stem(word)


def called(text: str) -> str:
    """Return the words of `text` alone, in lower case, as names are compared."""
    return " ".join(re.findall(r"\w+", text.lower()))


@cache
def _stem(word: str) -> str:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _undoubled(word.removesuffix(ending) + instead)
    return word


_ENDINGS = (
    *(("ization", ""), ("nesses", ""), ("ations", ""), ("ation", ""), ("ively", ""), ("ingly", ""), ("ness", "")),
    *(("ions", ""), ("ings", ""), ("able", ""), ("ies", "y"), ("ing", ""), ("ion", ""), ("ers", ""), ("ors", "")),
    *(("ed", ""), ("er", ""), ("or", ""), ("es", ""), ("ly", ""), ("s", ""), ("e", "")),
)


def _undoubled(stem: str) -> str:
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sl" else stem


def _expanded(words: str, known: Mapping[str, int]) -> Mapping[str, float]:
    """Return the stems that are looked for, each with what it counts; `known` has all that there are."""
    words = _respelt(words, known)
    asked = dict.fromkeys(stems(words), 1.0)
    written = f" {' '.join(re.findall(r'[a-z0-9_]+', words.lower()))} "
    for theirs, ours in load_synonyms().items():
        # Whole words, or the same words in another number or tense.
        if f" {theirs.lower()} " in written or {*stems(theirs)} <= {*asked}:
            for stem in stems(ours):
                asked[stem] = max(asked.get(stem, 0.0), SYNONYM)
    return asked


def _respelt(words: str, known: Mapping[str, int]) -> str:
    """Return `words`, and behind them what they are likely to be that nothing uses: `receiv` for `reciever`."""
    theirs = {stem for phrase in load_synonyms() for stem in stems(phrase)}
    found = [words]
    for stem in stems(words):
        if len(stem) > 4 and stem not in known and stem not in theirs:
            begun = [each for each in (*known, *theirs) if each[0] == stem[0]]
            found += get_close_matches(stem, begun, n=1, cutoff=LIKENESS)
    return " ".join(found)


@cache
def _index() -> tuple[Sequence[_Indexed], Mapping[str, int]]:
    index: list[_Indexed] = []
    for entry in entries():
        words: dict[str, float] = {}
        for text, weight in ((entry.title, TITLE), (" ".join(entry.called), CALLED), (entry.text, TEXT)):
            for stem in stems(text):
                words[stem] = words.get(stem, 0.0) + weight
        # What a clause needs is no name of it.
        names = (entry.name, entry.title, *(entry.called if entry.kind == "question" else ()))
        index.append(_Indexed(entry, frozenset(map(called, names)), words, sum(words.values())))
    return index, Counter(word for each in index for word in each.words)

"""Which of the violated clauses are causes, and which follow from one.

A clause follows from a cause where each of its failing stories is explained by a cause. There are six grounds, and
nothing else explains:

1. *The same exception from the same line of the target.*
2. *The same symptom, which needs the same.* The story goes wrong at the operation, and in the way, that the cause's
   does, and needs whatever that needs. What a story uses is left out of it, one thing at a time, on the target and on
   the reference (`Variation`): what it goes wrong without, it does not need. So one whose uid is what breaks it does
   not follow from one that goes wrong without a uid. Where the cause is about a send, its story is run again with the
   operation in question for it, or for the one that goes wrong alone, so that a fault that all sends and
   `has_listeners` show is one, and a fault of one of them is its own. Where `has_listeners` or `disconnect` answers
   otherwise, receivers are called in another order, one of them raises, memory is kept, or a party lives on or is
   lost, the signal is sent beside each of these two: if that calls others than are due, the connections have gone
   wrong, and the rest follows. Where a send goes wrong after a death, what would be in the way of each connection is
   disconnected first: if that finds one that is dead, or all goes well then, the rest follows from that. What keeps a
   party alive keeps its memory; a receiver that is not called does nothing; where equal parties are taken for one,
   they are compared; where the plainest send fails, each does.
   A story of models or requests is not varied. Its symptom is what Django sends otherwise in it than its release does
   (`engines.sends`): it follows from a cause that begins with the same difference, or all of whose differences it
   shows, where the others may come of that: instances made, rows written, landmarks passed. Where nothing is sent
   otherwise, it is the first word that what it saw lacks, or has besides.
   Nor is one that looks at what its caller had set up in the process: its symptom is what it finds changed; nor one
   that shows in no operation, but in what its law names: its symptom is what has another value.
3. *What signals share.* Where a new signal is not empty, what fails only after other stories follows from that.
4. *The same function, were it executed as one.* A story of threads that goes wrong one thread after the other is like
   one of a single thread. Of any other it is found out in the midst of which functions of the target a thread is
   stopped wherever it goes wrong, and what other threads do meanwhile (`races.py`): it follows from a story of which
   all of that is true which is so there.
5. *The same end.* Neither story returns, or both end the process in the same way, so that nobody can tell more.
6. *The same chance* (`chance.py`). One story shows what is due in another order, the other takes it that the order is
   kept, and both go well in some of several runs: where receivers happen to come in the right order.

Of two clauses that explain each other the plainer one is the cause: that whose story used less, then that of the
plainer operation, then the one that comes first in the standard. Where the clause of another chapter says better what
is wrong (`speakers`) and explains the cause in its turn, it speaks for the others. Nothing follows from what a
release of Django violates alike (`habits`) that it does not violate, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from signalspec.engines.laws import foundations
from signalspec.engines.observing import cheap_collections
from signalspec.engines.threads.small_programs import GENERAL
from signalspec.findings.operations import OBSERVATIONS, OPERATIONS
from signalspec.findings.places import SENT
from signalspec.findings.races import RACE
from signalspec.findings.report import Counterexample
from signalspec.findings.speakers import chapters_about, names
from signalspec.findings.stories import NOT_VARIED, FailingStory
from signalspec.findings.symptoms import WATCHED, Symptom
from signalspec.standard.clauses import load_clauses
from signalspec.targets.surroundings import quiet
from signalspec.targets.target import Target

SHARING = "parties.new-signal-is-empty"
"""The clause that is broken where signals share their connections."""

PARAMETERS = ".parameters"
"""What the clauses end with that say how an operation is called, which speak where that is what goes wrong."""

PASSED = re.compile(r"[.-](keys|arguments)(-and-\w+)?$")
"""What the clauses end with that say what a signal passes, which speak where that is what goes wrong."""

MOST_STORIES = 4
"""How many failing stories of one clause are looked at."""

_PLAIN_FIRST = ("send", "has_listeners", "connect", "disconnect", *OPERATIONS, *OBSERVATIONS, *NOT_VARIED)


def causes_of(
    violations: Mapping[str, Sequence[Counterexample]],
    target: Target,
    timeout: float,
    leftovers: Collection[str] = (),
    habits: Collection[str] = (),
) -> dict[str, str]:
    """Return the clauses that follow from another one, each with its cause.

    `violations` are the failing stories of each violated clause, that which is shown first; `leftovers` are the
    clauses whose story does not fail in a process of its own, and `habits` those that Django violates alike, from
    which nothing follows that it does not. The target is run.
    """
    if SHARING in violations and not violations.keys().isdisjoint({*leftovers} - {SHARING}):
        alone = {slug: found for slug, found in violations.items() if slug == SHARING or slug not in leftovers}
        known = causes_of(alone, target, timeout, habits=habits)
        return known | dict.fromkeys(violations.keys() - alone.keys(), known.get(SHARING, SHARING))
    causes: list[str] = []
    telling: dict[str, Sequence[FailingStory]] = {}
    because: dict[str, str] = {}
    with quiet(), cheap_collections():
        stories = {
            slug: [race for each in found[:MOST_STORIES] for race in FailingStory(each, target, timeout).races]
            for slug, found in violations.items()
        }
        for slug in sorted(stories, key=lambda each: (each in habits, _plainness(each, stories[each]))):
            explained = [_cause(story, causes, telling) for story in stories[slug]]
            if all(explained):
                because[slug] = str(explained[0])
            else:
                causes.append(slug)
                telling[slug] = _alike([s for s, why in zip(stories[slug], explained, strict=True) if why is None])
        # One that needs less may have come later; of two that explain each other the plainer one stays.
        for slug in reversed(causes):
            others = [each for each in causes if each != slug and (slug in habits or each not in habits)]
            explained = [_cause(story, others, telling) for story in stories[slug]]
            if all(explained):
                causes = [each for each in causes if each != slug]
                because.update({each: str(explained[0]) for each, known in because.items() if known == slug})
                because[slug] = str(explained[0])
        for cause in causes:
            _let_the_best_speak(cause, because, stories, habits if cause not in habits else ())
    return because


def _let_the_best_speak(
    cause: str, because: dict[str, str], stories: Mapping[str, Sequence[FailingStory]], silent: Collection[str] = ()
) -> None:
    """Make the clause that says best what is wrong the cause, where it explains `cause` in its turn and is not to be
    `silent`.
    """
    shown = stories[cause][0]
    symptom = shown.core[2]
    if symptom is None:
        return
    group = (slug for slug in load_clauses().clauses if slug == cause or because.get(slug) == cause)
    those = [slug for slug in group if slug not in silent]
    if symptom.operation == RACE:
        # What all programs of threads are about says least.
        those.sort(key=GENERAL.__eq__)
    those.sort(
        key=lambda slug: (
            _is_about_something_else(slug, symptom),
            _is_of_a_program(stories[slug]),
            slug not in foundations(),
        )
    )
    speaker = _plain_one(those, symptom) or next(
        (
            slug
            for about in (lambda slug: names(slug, symptom), *map(_is_of, chapters_about(symptom)))
            for slug in those
            if about(slug) and (slug == cause or stories[slug][0].explains(shown))
        ),
        cause,
    )
    if speaker != cause:
        because.update({each: speaker for each, known in because.items() if known == cause} | {cause: speaker})
        del because[speaker]


def _plain_one(slugs: Iterable[str], symptom: Symptom) -> str | None:
    """Return the clause that others rest on: what Django sends in a plain story says more than what comes of it."""
    is_missed = symptom.operation == SENT and ": " not in symptom.way
    return next((slug for slug in slugs if slug in foundations()), None) if is_missed else None


def _is_of(chapter: str) -> Callable[[str], bool]:
    return lambda slug: _chapter(slug) == chapter


def _is_of_a_program(stories: Sequence[FailingStory]) -> bool:
    """Tell whether a program of models shows it, which is not read as easily as a law."""
    return "models" in stories[0].counterexample.program


def _is_about_something_else(slug: str, symptom: Symptom) -> bool:
    """Tell whether a clause says how to call, or what is passed, where that is not what is wrong."""
    if slug.endswith(PARAMETERS):
        return symptom.way != "raises TypeError"
    return PASSED.search(slug) is not None and symptom.operation == SENT and ": " not in symptom.way


def _chapter(slug: str) -> str:
    return slug.partition(".")[0]


def _alike(stories: Sequence[FailingStory]) -> Sequence[FailingStory]:
    """Return the first of some stories that nothing explains, and those that go wrong in the same way, whatever they
    need for it, or that it explains: the others tell of more.
    """
    first, *others = stories
    way = first.symptom and first.symptom.way
    return [first, *(each for each in others if (each.symptom and each.symptom.way) == way or first.explains(each))]


def _cause(story: FailingStory, causes: Iterable[str], stories: Mapping[str, Sequence[FailingStory]]) -> str | None:
    return next((slug for slug in causes if any(each.explains(story) for each in stories[slug])), None)


def _plainness(slug: str, stories: Sequence[FailingStory]) -> tuple[int, int, int]:
    position = list(load_clauses().clauses).index(slug)
    symptoms = [each.symptom for each in stories if each.symptom is not None]
    if not symptoms:
        return len(stories[0].counterexample.program.get("case", ())), len(_PLAIN_FIRST), position
    plainest = min(symptoms, key=lambda each: (len(each.uses), _PLAIN_FIRST.index(each.operation), each.number))
    if slug.endswith(PARAMETERS):
        # How an operation is called is a clause of its own: it comes first where that is what is wrong, else last.
        return -1 if plainest.way == "raises TypeError" else len(plainest.uses) + 1, len(_PLAIN_FIRST), position
    if plainest.operation in (SENT, WATCHED):
        last = len(_PLAIN_FIRST) if _is_about_something_else(slug, plainest) else 0
        return plainest.number + last, len(_PLAIN_FIRST), position
    # The setting DEBUG is the only use that no story without it can be made of.
    uses = len(plainest.uses) + (len(_PLAIN_FIRST) if "DEBUG" in plainest.uses else 0)
    return uses, _PLAIN_FIRST.index(plainest.operation), position

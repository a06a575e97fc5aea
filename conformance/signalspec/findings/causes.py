"""Which of the violated clauses are causes, and which follow from one.

A clause follows from a cause where each of its failing stories is explained by a cause. There are five grounds, and
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
   disconnected first: if that finds one that is dead, the rest follows from that. What keeps a party alive keeps its
   memory; a receiver that is not called does nothing.
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

Of two clauses that explain each other the plainer one is the cause: that whose story used less, then that of the
plainer operation, then the one that comes first in the standard. Where the clause of another chapter says better what
is wrong (`speakers`) and explains the cause in its turn, it speaks for the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from signalspec.engines.observing import cheap_collections
from signalspec.engines.threads.small_programs import GENERAL
from signalspec.findings.operations import LOOKUPS, OBSERVATIONS, OPERATIONS
from signalspec.findings.places import (
    PARTS,
    PLACE,
    SENT,
    SURROUNDINGS,
    symptom_by_parts,
    symptom_by_place,
    symptom_by_sends,
    symptom_by_surroundings,
)
from signalspec.findings.races import DEADLOCK, RACE, races_of
from signalspec.findings.report import Counterexample
from signalspec.findings.speakers import chapters_about
from signalspec.findings.symptoms import CALLS_OTHERS, WATCHED, Story, Symptom, can_be_cut, plainer, symptom_of
from signalspec.findings.variations import AS_IT_IS, USES, Variation
from signalspec.programs.outcomes import Died, Frame, Late, Raised
from signalspec.standard.clauses import load_clauses
from signalspec.targets.claims import SENDS
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

HEARD = ("answers True for False", "answers False for True")
"""How `has_listeners` goes wrong where a send calls others than are due."""

_NOT_VARIED = (SENT, WATCHED, PLACE, SURROUNDINGS, PARTS, RACE)

_PLAIN_FIRST = ("send", "has_listeners", "connect", "disconnect", *OPERATIONS, *OBSERVATIONS, *_NOT_VARIED)


@dataclass
class _Story:
    """A failing story, with what is known of how it fails."""

    counterexample: Counterexample
    target: Target
    timeout: float
    variation: Variation = AS_IT_IS
    race: Symptom | None = None
    _elsewhere: dict[str, Sequence[Symptom]] = field(default_factory=dict)
    _needed: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def symptom(self) -> Symptom | None:
        """How it first goes wrong; a story that takes the process or its time with it is not run again."""
        if isinstance(self.counterexample.outcome, Late | Died):
            return None
        if load_clauses().clause(self.counterexample.clause).part != "dispatch":
            return symptom_by_sends(self.counterexample) or symptom_by_place(self.counterexample)
        found = self.race or self._in_turn
        return found or symptom_by_surroundings(self.counterexample) or symptom_by_parts(self.counterexample)

    @cached_property
    def _in_turn(self) -> Symptom | None:
        """How an operation goes wrong in one thread; what waits for ever there is not waited for again."""
        if self.counterexample.outcome == DEADLOCK:
            return None
        return self._symptom_of(self.counterexample.program, self.variation)

    @property
    def races(self) -> Sequence[_Story]:
        """The same story for each function of the target that goes wrong where it is stopped; itself where none does,
        or where it goes wrong one thread after the other.
        """
        if load_clauses().clause(self.counterexample.clause).part != "dispatch":
            return [self]
        if isinstance(self.counterexample.outcome, Late | Died) or self._in_turn is not None:
            return [self]
        found = races_of(self.counterexample, self.target, self.timeout)
        return [_Story(self.counterexample, self.target, self.timeout, race=race) for race in found] or [self]

    @cached_property
    def views(self) -> Sequence[_Story]:
        """The story; probed, where that shows that its connections are wrong; and cleared, where that shows that a
        dead one is in the way of a new one.
        """
        if self.symptom is not None and self.symptom.operation in (SENT, WATCHED):
            seen = _Story(self.counterexample, self.target, self.timeout)
            seen.symptom = symptom_by_place(self.counterexample)
            return [self, seen] if seen.symptom else [self]
        found = [self]
        if self.symptom is not None and self.symptom.may_be_of_connections:
            found += self._view(
                replace(self.variation, probed=True),
                lambda found: found.operation in SENDS and found.way == CALLS_OTHERS,
            )
        if self.symptom is None or (self.symptom.way == CALLS_OTHERS and "a death" in self.symptom.uses):
            found += self._view(replace(self.variation, cleared=True), lambda found: found.finds_the_dead)
        return found

    def _view(self, variation: Variation, wanted: Callable[[Symptom], bool]) -> list[_Story]:
        if isinstance(self.counterexample.outcome, Late | Died):
            return []
        view = _Story(self.counterexample, self.target, self.timeout, variation)
        view.symptom = self._symptom_of(self.counterexample.program, variation, wanted)
        return [view] if view.symptom else []

    def _symptom_of(
        self, story: Story, variation: Variation, wanted: Callable[[Symptom], bool] | None = None
    ) -> Symptom | None:
        return symptom_of(story, self.target, self.timeout, variation, wanted)

    @cached_property
    def origin(self) -> tuple[str, Frame] | None:
        """The exception that first came out and the line of the target that it came from."""
        outcome = (self.symptom and self.symptom.raised) or self.counterexample.outcome
        if not isinstance(outcome, Raised):
            return None
        frame = outcome.origin(self.target.module.partition(".")[0])
        return (outcome.type, frame) if frame else None

    @cached_property
    def core(self) -> tuple[Story, Variation, Symptom | None]:
        """The story without what its symptom does not need, its variation, and how it goes wrong then."""
        story, variation, symptom = self.counterexample.program, self.variation, self.symptom
        if symptom is None or symptom.operation in _NOT_VARIED:
            return story, variation, symptom
        for use in sorted(symptom.uses):
            for plain, varied in self._without(use, story, variation, symptom):
                found = self._symptom_of(plain, varied, symptom.shows_in)
                if found is not None and found.uses < symptom.uses:
                    story, variation, symptom = plain, varied, found
                    break
        return story, variation, symptom

    def needs(self, use: str) -> bool:
        """Tell whether it does not go wrong as it does once `use` is left out, as far as that can be done."""
        if use not in self._needed:
            symptom, story = self.symptom, self.counterexample.program
            assert symptom is not None
            if symptom.operation in _NOT_VARIED:
                return True
            tried = (
                self._symptom_of(plain, varied, symptom.shows_in)
                for plain, varied in self._without(use, story, self.variation, symptom)
            )
            self._needed[use] = not any(each and each.uses <= symptom.uses - {use} for each in tried)
        return self._needed[use]

    def _without(
        self, use: str, story: Story, variation: Variation, symptom: Symptom
    ) -> Iterator[tuple[Story, Variation]]:
        if not can_be_cut(story):
            return
        if use in USES:
            yield story, variation.without(use, symptom.number)
            if use == "several connections":
                yield story, variation.without_the_first()
        else:
            for each in plainer(story, self.target.capabilities):
                yield each, variation

    def symptoms_at(self, operation: str) -> Sequence[Symptom]:
        """Return how its core goes wrong where `operation`, which looks up receivers, is used for its own: each time,
        or where it goes wrong.
        """
        if self.symptom is None or not _can_stand_for(operation, self.symptom.operation):
            return []
        if operation not in self._elsewhere:
            story, variation, core = self.core
            instead = (self.symptom.operation, operation)
            varied = (
                replace(variation, instead=instead, only=only) for only in (None, core.number if core else None)
            )
            found = (self._symptom_of(story, each, self._shows_at(operation)) for each in varied)
            self._elsewhere[operation] = [each for each in found if each]
        return self._elsewhere[operation]

    def _shows_at(self, operation: str) -> Callable[[Symptom], bool]:
        """Tell of a symptom whether it is what goes wrong here, at another operation: where a send calls others than
        are due, `has_listeners` answers otherwise, and all else goes wrong in the same way.
        """
        assert self.symptom is not None
        ways = {self.symptom.way, *(HEARD if self.symptom.way == CALLS_OTHERS else ())}
        return lambda found: found.operation == operation and found.way in ways

    def explains(self, other: _Story) -> bool:
        """Tell whether `other` is to be expected where this story fails as it does."""
        if self.origin is not None and self.origin == other.origin:
            return True
        if isinstance(other.counterexample.outcome, Late | Died):
            return self.counterexample.outcome == other.counterexample.outcome
        return any(map(self._explains_view, other.views))

    def _explains_view(self, other: _Story) -> bool:
        if self.symptom is None or other.symptom is None:
            return False
        alike = other.symptom.is_expected_of(self.symptom)
        here = [self.core[2]] if alike else self.symptoms_at(other.symptom.operation)
        return any(each and other.symptom.includes(each) and all(map(other.needs, each.needed)) for each in here)


def causes_of(
    violations: Mapping[str, Sequence[Counterexample]],
    target: Target,
    timeout: float,
    leftovers: Collection[str] = (),
) -> dict[str, str]:
    """Return the clauses that follow from another one, each with its cause.

    `violations` are the failing stories of each violated clause, that which is shown first; `leftovers` are the
    clauses whose story does not fail in a process of its own. The target is run.
    """
    if SHARING in violations and not violations.keys().isdisjoint({*leftovers} - {SHARING}):
        alone = {slug: found for slug, found in violations.items() if slug == SHARING or slug not in leftovers}
        known = causes_of(alone, target, timeout)
        return known | dict.fromkeys(violations.keys() - alone.keys(), known.get(SHARING, SHARING))
    causes: list[str] = []
    because: dict[str, str] = {}
    with quiet(), cheap_collections():
        stories = {
            slug: [race for each in found[:MOST_STORIES] for race in _Story(each, target, timeout).races]
            for slug, found in violations.items()
        }
        for slug in sorted(stories, key=lambda each: _plainness(each, stories[each])):
            explained = [_cause(story, causes, stories) for story in stories[slug]]
            if all(explained):
                because[slug] = str(explained[0])
            else:
                causes.append(slug)
        # One that needs less may have come later; of two that explain each other the plainer one stays.
        for slug in reversed(causes):
            others = [each for each in causes if each != slug]
            explained = [_cause(story, others, stories) for story in stories[slug]]
            if all(explained):
                causes = others
                because.update({each: str(explained[0]) for each, known in because.items() if known == slug})
                because[slug] = str(explained[0])
        for cause in causes:
            _let_the_best_speak(cause, because, stories)
    return because


def _let_the_best_speak(cause: str, because: dict[str, str], stories: Mapping[str, Sequence[_Story]]) -> None:
    """Make the clause that says best what is wrong the cause, where it explains `cause` in its turn."""
    shown = stories[cause][0]
    symptom = shown.core[2]
    if symptom is None:
        return
    those = [slug for slug in load_clauses().clauses if slug == cause or because.get(slug) == cause]
    if symptom.operation == RACE:
        # What all programs of threads are about says least.
        those.sort(key=GENERAL.__eq__)
    those.sort(key=lambda slug: (_is_about_something_else(slug, symptom), _is_of_a_program(stories[slug])))
    for chapter in chapters_about(symptom):
        for slug in those:
            if _chapter(slug) == chapter and (slug == cause or stories[slug][0].explains(shown)):
                if slug != cause:
                    because.update({each: slug for each, known in because.items() if known == cause} | {cause: slug})
                    del because[slug]
                return


def _is_of_a_program(stories: Sequence[_Story]) -> bool:
    """Tell whether a program of models shows it, which is not read as easily as a law."""
    return "models" in stories[0].counterexample.program


def _is_about_something_else(slug: str, symptom: Symptom) -> bool:
    """Tell whether a clause says how to call, or what is passed, where that is not what is wrong."""
    if slug.endswith(PARAMETERS):
        return symptom.way != "raises TypeError"
    return PASSED.search(slug) is not None and symptom.operation == SENT and ": " not in symptom.way


def _can_stand_for(operation: str, other: str) -> bool:
    """Tell whether a program runs with a lookup for another one: what is awaited cannot be what is not."""
    return other in SENDS and operation in LOOKUPS and (other.startswith("a") <= operation.startswith("a"))


def _chapter(slug: str) -> str:
    return slug.partition(".")[0]


def _cause(story: _Story, causes: Iterable[str], stories: Mapping[str, Sequence[_Story]]) -> str | None:
    return next((slug for slug in causes if any(each.explains(story) for each in stories[slug])), None)


def _plainness(slug: str, stories: Sequence[_Story]) -> tuple[int, int, int]:
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

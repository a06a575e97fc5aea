"""A failing story, and how it fails: its symptom, what that needs, and where else it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from signalspec.findings.chance import goes_well_sometimes, needs_order, shows_another_order
from signalspec.findings.operations import LOOKUPS
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
from signalspec.findings.symptoms import (
    HEARD,
    LEFT,
    WATCHED,
    Story,
    Symptom,
    can_be_cut,
    plainer,
    symptom_of,
    uses_where_mended,
)
from signalspec.findings.variations import AS_IT_IS, USES, Variation
from signalspec.findings.ways import CALLS_OTHERS
from signalspec.programs.commands import Connect, Send
from signalspec.programs.outcomes import Died, Frame, Late, Raised, Returned
from signalspec.programs.program import Program
from signalspec.standard.clauses import load_clauses
from signalspec.targets.claims import SENDS
from signalspec.targets.target import Target

_HOW_THE_DEAD_ARE_MET = frozenset(
    {"a sender", "a uid", "an earlier lookup", "an exception", "connected again", "disconnect", "several connections"}
)
"""What tells no more of a dead connection than how it is come upon."""

PLAINEST: Mapping[str, Program] = {
    send.method: Program((Connect("f"), send))
    for send in (Send(robust=robust, asynchronous=awaited) for robust in (False, True) for awaited in (False, True))
}
"""The plainest program of each send."""

NOT_VARIED = (LEFT, SENT, WATCHED, PLACE, SURROUNDINGS, PARTS, RACE)
"""The operations of symptoms of stories that are not varied."""


@dataclass
class FailingStory:
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
    def races(self) -> Sequence[FailingStory]:
        """The same story for each function of the target that goes wrong where it is stopped; itself where none does,
        or where it goes wrong one thread after the other.
        """
        if load_clauses().clause(self.counterexample.clause).part != "dispatch":
            return [self]
        if isinstance(self.counterexample.outcome, Late | Died) or self._in_turn is not None:
            return [self]
        found = races_of(self.counterexample, self.target, self.timeout)
        return [FailingStory(self.counterexample, self.target, self.timeout, race=race) for race in found] or [self]

    @cached_property
    def views(self) -> Sequence[FailingStory]:
        """The story; probed, where that shows that its connections are wrong; and cleared, where that shows that a
        dead one is in the way of a new one.
        """
        if self.symptom is not None and self.symptom.operation in (SENT, WATCHED):
            seen = FailingStory(self.counterexample, self.target, self.timeout)
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
            found += self._of_the_dead
        return found

    @cached_property
    def _of_the_dead(self) -> Sequence[FailingStory]:
        """A view that shows that dead connections are left, where the story goes well once they are not."""
        if not isinstance(self.counterexample.outcome, Returned) or not can_be_cut(self.counterexample.program):
            return []
        cleared = replace(self.variation, cleared=True)
        program = self.counterexample.program
        if not (uses := uses_where_mended(program, self.target, self.timeout, cleared)):
            return []
        core = self.core[2]
        view = FailingStory(self.counterexample, self.target, self.timeout, cleared)
        view.symptom = Symptom(LEFT, LEFT, uses | {"a death"})
        needed = (core.uses if core else uses) - _HOW_THE_DEAD_ARE_MET | {"a death"}
        view.core = program, cleared, replace(view.symptom, uses=needed)
        return [view]

    @property
    def _of_left(self) -> Sequence[FailingStory]:
        return [each for each in self.views if each.symptom and each.symptom.operation == LEFT]

    def _view(self, variation: Variation, wanted: Callable[[Symptom], bool]) -> list[FailingStory]:
        if isinstance(self.counterexample.outcome, Late | Died):
            return []
        view = FailingStory(self.counterexample, self.target, self.timeout, variation)
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
        if symptom is None or symptom.operation in NOT_VARIED:
            return story, variation, symptom
        for use in sorted(symptom.uses):
            for plain, varied in self._without(use, story, variation, symptom):
                found = self._symptom_of(plain, varied, symptom.shows_in)
                if found is not None and found.uses < symptom.uses:
                    story, variation, symptom = plain, varied, found
                    break
        return story, variation, replace(symptom, is_of_all=self._is_of_all(symptom))

    def _is_of_all(self, symptom: Symptom) -> bool:
        """Tell whether the plainest call of the operation fails, so that none can be relied on."""
        if symptom.uses or symptom.operation not in PLAINEST or not (symptom.raised or symptom.way == CALLS_OTHERS):
            return False
        plainest = self._symptom_of({"program": PLAINEST[symptom.operation].to_json()}, AS_IT_IS)
        return plainest is not None and plainest.is_like(symptom)

    def needs(self, use: str) -> bool:
        """Tell whether it does not go wrong as it does once `use` is left out, as far as that can be done."""
        if use not in self._needed:
            symptom, story = self.symptom, self.counterexample.program
            assert symptom is not None
            if symptom.operation in NOT_VARIED:
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

    def explains(self, other: FailingStory) -> bool:
        """Tell whether `other` is to be expected where this story fails as it does."""
        if self.origin is not None and self.origin == other.origin:
            return True
        if shows_another_order(self.counterexample) and self._goes_by_chance and other._goes_by_chance:
            return True
        if isinstance(other.counterexample.outcome, Late | Died):
            return self.counterexample.outcome == other.counterexample.outcome
        mine = [self, *self._of_left]
        # What goes well once the dead are cleared away does not follow from what is still wrong then.
        return any(each._explains_view(view) for each in mine for view in other._of_left or other.views)

    @cached_property
    def _goes_by_chance(self) -> bool:
        """Whether it needs the order of connection, and goes well where receivers happen to come in it."""
        return needs_order(self.counterexample) and goes_well_sometimes(
            self.counterexample, self.target, self.timeout
        )

    def _explains_view(self, other: FailingStory) -> bool:
        if self.symptom is None or other.symptom is None:
            return False
        core = self.core[2]
        alike = core is not None and other.symptom.is_expected_of(core)
        here = [core] if alike else self.symptoms_at(other.symptom.operation)
        return any(
            each and other.symptom.includes(each) and all(map(other.needs, each.needed_for(other.symptom)))
            for each in here
        )


def _can_stand_for(operation: str, other: str) -> bool:
    """Tell whether a program runs with a lookup for another one."""
    return other in SENDS and operation in LOOKUPS

"""Symptoms: at which operation a program first goes wrong, and in which way.

A story is run on the target and on the reference, and the operations that both perform are compared, and what its law
observes: deaths, memory, what was never awaited. The first one that the target answers otherwise is the symptom,
unless the story fails as well where that answer is mended from outside: then it is the first one after it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import signalspec_reference

from signalspec.engines.laws import load_laws
from signalspec.engines.observing import Failure
from signalspec.engines.sends import BETWEEN_SIGNALS, WRITES
from signalspec.engines.shrinking import first_mismatch
from signalspec.engines.threads.schedules import IN_TURN, is_concurrent
from signalspec.engines.threads.small_programs import Threads
from signalspec.findings.operations import CHANCE, Operation
from signalspec.findings.parties import MAY_BE_FALSE
from signalspec.findings.recording import Recorder
from signalspec.findings.variations import AS_IT_IS, Variation
from signalspec.findings.ways import CALLS_OTHERS, DEATHS, LOGS, NOT_CALLED, OTHER_ORDER, ways_unlike
from signalspec.programs import kinds
from signalspec.programs.async_kinds import AnySend, Asend, RunAsend
from signalspec.programs.kinds import Caching, MaybeUid, Naming, Send, Weak
from signalspec.programs.outcomes import Raised
from signalspec.programs.party_kinds import AnySender, Callback, Function, Receiver, Sender
from signalspec.programs.program import PLAIN, Program, table_of
from signalspec.standard.clauses import load_clauses
from signalspec.targets.claims import SENDS
from signalspec.targets.surroundings import debugging
from signalspec.targets.target import Maker

Story = Mapping[str, Any]
"""A law with a case, or a program of commands, as a report stores it."""


WATCHED = "what is watched"
"""The operation of a symptom in what a program of models watches, which is not all that is sent."""

LEFT = "what is left"
"""The operation of a symptom of a story that goes well where each new connection is disconnected first."""

EXPECTED_OF: Mapping[str, tuple[str, ...]] = {
    CALLS_OTHERS: ("does not raise", "gives other responses", f"{DEATHS[1]} a receiver"),
}
"""The ways that are expected of a dispatch that goes wrong in another one."""

ASKED: Mapping[str, str] = {"compared": "a party with __eq__", "asked for its truth": MAY_BE_FALSE}
"""What is unusual about the parties whose methods raise, by the message of what they raise."""

HEARD = ("answers True for False", "answers False for True")
"""How `has_listeners` goes wrong where a send calls others than are due."""

SEEN = frozenset(
    {
        *(AnySend, AnySender, Asend, Caching, Callback, Function, MaybeUid, Naming, kinds.Operation, Receiver),
        *(RunAsend, Send, Sender, Weak),
    }
)
"""The tables whose kinds are seen in the operations themselves, and in what is unusual about their parties."""


def _event(way: str) -> str:
    """Return what a way is about: a dispatch, with its action if it has one, or what comes between dispatches."""
    event, passed, _ = way.partition(": ")
    return event if passed else way.partition(" ")[2].partition(" raises ")[0]


@dataclass(frozen=True)
class Symptom:
    """The operation that first goes wrong, in which way, and all that had been used by then, each use in a word; of
    what is `around` that it uses one thing or another. Where more goes wrong in one story, `ways` are all in which it
    does. It `is_of_all` calls of the operation where the plainest one fails.
    """

    operation: str
    way: str
    uses: frozenset[str]
    raised: Raised | None = None
    number: int = field(default=0, compare=False)
    around: frozenset[str] = frozenset()
    ways: frozenset[str] = field(default=frozenset(), compare=False)
    is_of_all: bool = field(default=False, compare=False)

    def is_like(self, other: Symptom) -> bool:
        """Tell whether the same operation goes wrong in the same way as there. Of deaths, which no operation tells
        better than another, those parties are kept alive, or lost, that are so there.
        """
        verb = next((each for each in DEATHS if self.way.startswith(each)), None)
        if verb is not None:
            return other.way.startswith(verb) and self._parties <= other._parties
        return (self.operation, self.way) == (other.operation, other.way)

    def shows_in(self, other: Symptom) -> bool:
        """Tell whether `other` goes wrong as this does."""
        return other.is_like(self)

    @property
    def _parties(self) -> set[str]:
        return {each.rpartition(" ")[2] for each in self.way.split(" and ")}

    def is_expected_of(self, other: Symptom) -> bool:
        """Tell whether this is how it goes wrong where it goes wrong as `other` does: what keeps a party alive keeps
        its memory, and a receiver that is not called does nothing, and may be lost. Of what Django sends, the
        same goes wrong, but for what may come of it; a program of models watches a part of that.
        """
        if self.operation in ("memory", LEFT) and other.keeps_the_dead:
            return True
        if self.operation == "memory":
            return self.is_like(other) or other.way.startswith(DEATHS[0])
        if other.ways:
            return self._is_sent_like(other)
        if self.operation == other.operation and (other.is_of_all or self.way in EXPECTED_OF.get(other.way, ())):
            return True
        return self.is_like(other) or self._is_asked_for_by(other)

    def _is_asked_for_by(self, other: Symptom) -> bool:
        """Tell whether what is raised here comes of what is asked of a party where it goes wrong as `other` does."""
        heard = other.way == CALLS_OTHERS or (other.way in HEARD and self.operation == other.operation)
        return heard and self._asked in other.uses

    def _is_sent_like(self, other: Symptom) -> bool:
        """Tell whether what is sent otherwise there is sent otherwise here: the same difference comes first, or all
        are here. What else differs is about the same dispatches, or comes between them.
        """
        shared = self.ways & other.ways
        if self.operation == WATCHED:
            # How many rows there are depends on what was written.
            rows = {way for way in self.ways if ": rows is " in way}
            writes = any(_event(way) in WRITES for way in other.ways)
            return self.ways <= other.ways | rows and (bool(shared) or writes)
        alike = {*map(_event, shared), *BETWEEN_SIGNALS}
        return (self.way == other.way or other.ways <= self.ways) and alike.issuperset(
            map(_event, self.ways ^ other.ways)
        )

    @property
    def _asked(self) -> str | None:
        """What is unusual about the party whose method raised what came out, and ought not to have been asked."""
        return ASKED.get(self.raised.message) if self.raised else None

    @property
    def keeps_the_dead(self) -> bool:
        """Whether a connection that is dead is still there."""
        return self.operation == LEFT or self.finds_the_dead

    @property
    def may_be_of_connections(self) -> bool:
        """Whether a connection that is missing, or there too long, may bring it about."""
        if self.raised:
            return self.operation in SENDS
        asks = self.operation in ("disconnect", "has_listeners", "memory")
        return asks or self.way == OTHER_ORDER or self.way.startswith(DEATHS)

    @property
    def finds_the_dead(self) -> bool:
        """Whether a connection is found that is dead, which its uid is not needed for, but to name it."""
        return (self.operation, self.way) == ("disconnect", "answers True for False") and "a death" in self.uses

    def needed_for(self, other: Symptom) -> frozenset[str]:
        """Return what is needed of it where `other` is to be expected: of a party that is asked, not that it has a
        connection.
        """
        if other._is_asked_for_by(self):
            return self.uses - {"a sender"}
        return self.uses - {"a uid", "disconnect"} if self.finds_the_dead else self.uses

    def includes(self, other: Symptom) -> bool:
        """Tell whether this one is to be expected where `other` shows: it uses all that `other` does."""
        return self.is_expected_of(other) and self.uses | self.around >= other.needed_for(self)


@dataclass(frozen=True)
class Made:
    """What a law asks of a target, with another factory."""

    signal: Callable[..., Any]
    decorator: Callable[..., Any] | None = None


_REFERENCE = Made(signalspec_reference.Signal, signalspec_reference.receiver)


def symptom_of(
    story: Story,
    target: Maker,
    timeout: float,
    variation: Variation = AS_IT_IS,
    wanted: Callable[[Symptom], bool] | None = None,
) -> Symptom | None:
    """Return the symptom of a story on `target`, or ``None`` where its operations are answered as they should be.

    Both runs are of the same `variation` of the story; where there is one, what its law or the model says does not
    count. What goes wrong and is not `wanted` is passed over, where that is given. Raise nothing: where the story
    cannot be recorded, there is no symptom.
    """
    try:
        ours, unexpected = _record(story, _REFERENCE, Recorder(variation), timeout)
        theirs, failure = _record(story, target, Recorder(variation), timeout)
        changed = variation != AS_IT_IS or wanted is not None
        if (failure is None or unexpected is not None) and not changed:
            return None
        first = _first_difference(story, theirs, ours, wanted)
        if first is None or changed or first.operation in SENDS or first.raised:
            return first
        # What it fails by may not be what is answered otherwise; so that is mended.
        mended, failure = _record(story, target, Recorder(variation, ours), timeout)
    except (TypeError, AttributeError, LookupError):
        return None
    except Exception:
        # A variation may be a program that cannot run, such as one that runs an event loop within another.
        if variation == AS_IT_IS:
            raise
        return None
    if failure is None:
        return first
    second = _first_difference(story, mended, ours)
    # Which way a program takes may be up to chance, as where it waits for an address to come again.
    return first if second is not None and second.way == NOT_CALLED else second


def uses_where_mended(story: Story, target: Maker, timeout: float, variation: Variation) -> frozenset[str]:
    """Return all that a story uses that fails on `target`, and of which everything goes well in a variation; nothing
    where it does not.
    """
    try:
        ours, unexpected = _record(story, _REFERENCE, Recorder(variation), timeout)
        theirs, failure = _record(story, target, Recorder(variation), timeout)
        if failure is unexpected is None and _first_difference(story, theirs, ours) is None:
            return frozenset().union(_special_to(story), *(each.uses for each in theirs))
    except Exception:
        # A variation may be a program that cannot run.
        return frozenset()
    return frozenset()


def _first_difference(
    story: Story,
    theirs: Sequence[Operation],
    ours: Sequence[Operation],
    wanted: Callable[[Symptom], bool] | None = None,
) -> Symptom | None:
    special = _special_to(story)
    found = [each for one, other in _in_pairs(theirs, ours) for each in _symptoms(one, other, special)]
    if not _looks_at_records(story):
        # What is logged makes no such story fail, unless nothing else is wrong in it.
        found = [each for each in found if not each.way.startswith(LOGS)] or found
    first = next((each for each in found if wanted is None or wanted(each)), None)
    if first is None or wanted is not None:
        return first
    if first.raised is None:
        # What is raised in the midst of an operation, which may take it for an answer, was there before.
        within = {each.number for each in _within(theirs, first.number)}
        return next((each for each in found if each.raised and each.number in within), first)
    # An exception passes those operations in the midst of which it is raised: the last one to begin raised it.
    return [each for each in found if each.raised == first.raised and each.way == first.way][-1]


def _looks_at_records(story: Story) -> bool:
    return "law" in story and "records" in load_laws()[story["law"]].asks_for


def _within(operations: Sequence[Operation], number: int) -> Sequence[Operation]:
    """Return the operations that began and ended while that of this number went on."""
    ended = next((index for index, each in enumerate(operations) if each.number == number), 0)
    return [each for each in operations[:ended] if each.number > number]


def _in_pairs(theirs: Sequence[Operation], ours: Sequence[Operation]) -> Iterator[tuple[Operation | None, Operation]]:
    """Yield the operations that are to be compared: of each signal those that both programs come to, and the first
    one that only the second one comes to, unless chance may have led there.
    """
    by_chance = any(each.name == CHANCE for each in ours)
    pairs: list[tuple[Operation | None, Operation]] = []
    for signal in dict.fromkeys(each.signal for each in ours):
        of_it = ([each for each in _in_order(some) if each.signal == signal] for some in (theirs, ours))
        for one, other in zip_longest(*of_it):
            if other is None:
                break
            if one is None or one.name != other.name:
                pairs += [] if by_chance else [(None, other)]
                break
            pairs.append((one, other))
    yield from sorted(pairs, key=lambda pair: pair[1].number)


def _symptoms(one: Operation | None, other: Operation, special: frozenset[str]) -> Iterator[Symptom]:
    """Yield each way in which `one` is unlike `other`, the one that tells most first."""
    if one is None:
        yield Symptom(other.name, NOT_CALLED, other.uses | special, number=other.number)
        return
    raised = one.answer if isinstance(one.answer, Raised) and one.answer != other.answer else None
    for way in ways_unlike(one, other):
        yield Symptom(one.name, way, one.uses | other.uses | special, raised, other.number)


def _in_order(operations: Sequence[Operation]) -> list[Operation]:
    return sorted(operations, key=lambda each: each.number)


def _record(story: Story, made: Maker, recorder: Recorder, timeout: float) -> tuple[list[Operation], Failure | None]:
    recorded = Made(recorder.record(made.signal), made.decorator)
    if "law" in story:
        law = load_laws()[story["law"]]
        if load_clauses().clause(law.slug).part != "dispatch":
            raise TypeError("what is no signal of the story's own is not recorded")
        words = {**recorder.words(), **(IN_TURN if is_concurrent(law) else {})}
        with recorder.watching():
            failure = law.run_noting(story["case"], recorded, timeout, words)
            return recorder.operations, failure
    program = _program_of(story)
    with debugging(program.debug), recorder.watching():
        mismatch = first_mismatch(program, recorded.signal, timeout)
    return recorder.operations, mismatch.failure if mismatch else None


def _program_of(story: Story) -> Program:
    if "threads" in story:
        return Threads.from_json(story["threads"]).sequential
    return Program.from_json(story["program"])


def can_be_cut(story: Story) -> bool:
    """Tell whether something may be left out of a story: threads and tasks could wait for it for ever."""
    return "threads" not in story and ("law" not in story or "threads" not in load_laws()[story["law"]].declared)


def plainer(story: Story, capabilities: Collection[str]) -> Iterator[Story]:
    """Yield the story with the plainest kind of a party, or of what else is drawn, for each that is not."""
    if "law" in story:
        for name, table in load_laws()[story["law"]].tables.items():
            plainest = table.suitable(capabilities)[0]
            if story["case"][name] != plainest:
                yield {**story, "case": {**story["case"], name: plainest}}
    else:
        program = story["program"]
        for name, kind in program["cast"].items():
            plainest = PLAIN[table_of(name)]
            if kind != plainest:
                yield {**story, "program": {**program, "cast": {**program["cast"], name: plainest}}}


def _special_to(story: Story) -> frozenset[str]:
    """Return what is special to a story from its beginning, and not seen in its operations: kinds that are not the
    plainest of their tables, and the setting DEBUG.
    """
    if "law" in story:
        tables = load_laws()[story["law"]].tables
        drawn = [(tables[name], kind) for name, kind in story["case"].items() if name in tables]
        unlike = {kind for table, kind in drawn if table not in SEEN and kind != next(iter(table.kinds))}
        debug = {"DEBUG"} if "debug" in load_clauses().clause(story["law"]).needs else set()
        return frozenset(unlike | debug)
    cast = story["program"]["cast"] if "program" in story else {}
    return frozenset(kind for name, kind in cast.items() if kind != PLAIN[table_of(name)])

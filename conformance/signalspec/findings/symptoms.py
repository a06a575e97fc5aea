"""Symptoms: at which operation a program first goes wrong, and in which way.

A story is run on the target and on the reference, and the operations that both perform are compared, and what its law
observes: deaths, memory, what was never awaited. The first one that the target answers otherwise is the symptom,
unless the story fails as well where that answer is mended from outside: then it is the first one after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
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
from signalspec.findings.operations import CHANCE, Answer, Operation
from signalspec.findings.recording import Recorder
from signalspec.findings.variations import AS_IT_IS, Variation
from signalspec.programs import kinds
from signalspec.programs.outcomes import Raised
from signalspec.programs.program import PLAIN, RECEIVERS, SENDERS, Program
from signalspec.standard.clauses import load_clauses
from signalspec.targets.claims import SENDS
from signalspec.targets.surroundings import debugging
from signalspec.targets.target import Maker

Story = Mapping[str, Any]
"""A law with a case, or a program of commands, as a report stores it."""


CALLS_OTHERS = "calls others than are due"
"""The way in which a dispatch goes wrong that misses receivers, calls too many, or both."""

NOT_CALLED = "is not called"
"""The way in which an operation goes wrong that the target never reaches."""

OTHER_ORDER = "calls in another order"

WATCHED = "what is watched"
"""The operation of a symptom in what a program of models watches, which is not all that is sent."""

DEATHS = ("keeps alive", "loses")
"""What a symptom begins with that is about deaths, of which no operation tells more than another."""


EXPECTED_OF: Mapping[str, tuple[str, ...]] = {
    CALLS_OTHERS: ("does not raise", "gives other responses", f"{DEATHS[1]} a receiver"),
}
"""The ways that are expected of a dispatch that goes wrong in another one."""

SEEN = frozenset(
    {
        *("AnySend", "AnySender", "Asend", "Caching", "Callback", "Function", "MaybeUid", "Naming", "Operation"),
        *("Receiver", "RunAsend", "Send", "Sender", "Weak"),
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
    does.
    """

    operation: str
    way: str
    uses: frozenset[str]
    raised: Raised | None = None
    number: int = field(default=0, compare=False)
    around: frozenset[str] = frozenset()
    ways: frozenset[str] = field(default=frozenset(), compare=False)

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
        if self.operation == "memory":
            return self.is_like(other) or other.way.startswith(DEATHS[0])
        if other.ways:
            return self._is_sent_like(other)
        return self.is_like(other) or (
            self.operation == other.operation and self.way in EXPECTED_OF.get(other.way, ())
        )

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

    @property
    def needed(self) -> frozenset[str]:
        """What is needed of it where another one is to be expected."""
        return self.uses - {"a uid"} if self.finds_the_dead else self.uses

    def includes(self, other: Symptom) -> bool:
        """Tell whether this one is to be expected where `other` shows: it uses all that `other` does."""
        return self.is_expected_of(other) and self.uses | self.around >= other.needed


@dataclass(frozen=True)
class Made:
    """What a law asks of a target, with another factory."""

    signal: Callable[..., Any]
    decorator: Callable[..., Any] | None = None


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
    reference = Made(signalspec_reference.Signal, signalspec_reference.receiver)
    try:
        ours, unexpected = _record(story, reference, Recorder(variation), timeout)
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


def _first_difference(
    story: Story,
    theirs: Sequence[Operation],
    ours: Sequence[Operation],
    wanted: Callable[[Symptom], bool] | None = None,
) -> Symptom | None:
    special = _special_to(story)
    found = [each for one, other in _in_pairs(theirs, ours) for each in _symptoms(one, other, special)]
    first = next((each for each in found if wanted is None or wanted(each)), None)
    if first is None or wanted is not None:
        return first
    if first.raised is None:
        # What is raised in the midst of an operation, which may take it for an answer, was there before.
        within = {each.number for each in _within(theirs, first.number)}
        return next((each for each in found if each.raised and each.number in within), first)
    # An exception passes those operations in the midst of which it is raised: the last one to begin raised it.
    return [each for each in found if each.raised == first.raised and each.way == first.way][-1]


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
    for way in _differences(one, other):
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
            plainest = kinds.kinds_of(table, capabilities)[0]
            if story["case"][name] != plainest:
                yield {**story, "case": {**story["case"], name: plainest}}
    else:
        program = story["program"]
        for name, kind in program["cast"].items():
            plainest = PLAIN[_table_of(name)]
            if kind != plainest:
                yield {**story, "program": {**program, "cast": {**program["cast"], name: plainest}}}


def _special_to(story: Story) -> frozenset[str]:
    """Return what is special to a story from its beginning, and not seen in its operations: kinds that are not the
    plainest of their tables, and the setting DEBUG.
    """
    if "law" in story:
        tables = load_laws()[story["law"]].tables
        drawn = [(tables[name], kind) for name, kind in story["case"].items() if tables.get(name, "Weak") not in SEEN]
        unlike = {kind for table, kind in drawn if kind != next(iter(kinds.TABLES[table]))}
        debug = {"DEBUG"} if "debug" in load_clauses().clause(story["law"]).needs else set()
        return frozenset(unlike | debug)
    cast = story["program"]["cast"] if "program" in story else {}
    return frozenset(kind for name, kind in cast.items() if kind != PLAIN[_table_of(name)])


def _table_of(name: str) -> str:
    return "ProgramReceiver" if name in RECEIVERS else "ProgramSender" if name in SENDERS else "ProgramUid"


def _differences(one: Operation, other: Operation) -> Iterator[str]:
    """Yield in which ways `one` is unlike `other`, in words."""
    both = one.followed & other.followed
    yield from _differences_of_deaths(one.dead, other.dead, both)
    theirs, ours = one.answer, other.answer
    if isinstance(theirs, Raised) and theirs != ours:
        yield f"raises {theirs.type}"
    yield from _differences_of_deaths(one.died, other.died, both)
    if Counter(one.called) != Counter(other.called):
        yield CALLS_OTHERS
    if one.calls != other.calls and (way := _difference_of_calls(one.calls, other.calls)):
        yield way
    if isinstance(ours, Raised) and not isinstance(theirs, Raised):
        yield "does not raise"
    if one.call != other.call:
        yield "is called with other arguments"
    if isinstance(theirs, Answer) and isinstance(ours, Answer):
        yield from _differences_of_answers(one.name, theirs, ours)
    if one.logged != other.logged:
        yield f"logs {'more' if len(one.logged) > len(other.logged) else 'less or otherwise'}"
    if one.context != other.context:
        yield "leaves context variables otherwise"


def _differences_of_answers(name: str, theirs: Answer, ours: Answer) -> Iterator[str]:
    if theirs.type != ours.type:
        yield f"answers {theirs.type} for {ours.type}"
    elif name not in SENDS and theirs != ours:
        yield f"answers {theirs.value} for {ours.value}"
    elif theirs.pairs != ours.pairs:
        yield _difference_of_pairs(theirs, ours)


def _difference_of_calls(theirs: tuple[str, ...], ours: tuple[str, ...]) -> str:
    done, due = Counter(theirs), Counter(ours)
    if done == due:
        return OTHER_ORDER
    by_name = (Counter(each.partition(",")[0] for each in calls) for calls in (theirs, ours))
    return CALLS_OTHERS if next(by_name) != next(by_name) else "gives receivers other arguments"


def _differences_of_deaths(
    theirs: Set[tuple[int, int, str]], ours: Set[tuple[int, int, str]], both: Set[tuple[int, int]]
) -> Iterator[str]:
    """Yield which of the parties that are followed in `both` programs are dead in one of them only, in words."""
    lost, kept = ({each[-1] for each in some if each[:2] in both} for some in (theirs - ours, ours - theirs))
    if kept or lost:
        verb, roles = (DEATHS[0], kept) if kept else (DEATHS[1], lost)
        yield f"{verb} a {' and a '.join(sorted(roles))}"


def _difference_of_pairs(theirs: Answer, ours: Answer) -> str:
    called, due = (Counter(pair.receiver for pair in answer.pairs) for answer in (theirs, ours))
    if called == due:
        in_order = [pair.receiver for pair in theirs.pairs] == [pair.receiver for pair in ours.pairs]
        return "gives other responses" if in_order else OTHER_ORDER
    if -1 in called:
        return "returns receivers that were not connected"
    return CALLS_OTHERS

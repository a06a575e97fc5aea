"""Symptoms: at which operation a program first goes wrong, and in which way.

A story is run on the target and on the reference, and the operations that both perform are compared. The first one
that the target answers otherwise is the symptom, unless the story fails as well where that answer is mended from
outside: then it is the first one after it. What else a law may notice, such as memory or a lock, is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import signalspec_reference

from signalspec.engines.laws import load_laws
from signalspec.engines.observing import Failure
from signalspec.engines.shrinking import first_mismatch
from signalspec.engines.threads.schedules import is_concurrent
from signalspec.findings.recording import SENDS, Answer, Operation, Recorder
from signalspec.programs import kinds
from signalspec.programs.outcomes import Raised
from signalspec.programs.program import PLAIN, RECEIVERS, SENDERS, Program
from signalspec.standard.clauses import load_clauses
from signalspec.targets.target import debugging

Story = Mapping[str, Any]
"""A law with a case, or a program of commands, as a report stores it."""


CALLS_OTHERS = "calls others than are due"
"""The way in which a dispatch goes wrong that misses receivers, calls too many, or both."""

DEATHS = ("keeps alive", "loses")
"""What a symptom begins with that is about deaths, of which no operation tells more than another."""


SEEN = frozenset(
    {
        *("AnySend", "AnySender", "Asend", "Caching", "Callback", "Function", "MaybeUid", "Naming", "Operation"),
        *("Receiver", "RunAsend", "Send", "Sender", "Weak"),
    }
)
"""The tables whose kinds are seen in the operations themselves, and in what is unusual about their parties."""


@dataclass(frozen=True)
class Symptom:
    """The operation that first goes wrong, in which way, and all that had been used by then, each use in a word."""

    operation: str
    way: str
    uses: frozenset[str]
    raised: Raised | None = None

    def includes(self, other: Symptom) -> bool:
        """Tell whether this one is to be expected where `other` shows: it uses all that `other` does, and goes wrong
        in the same way.
        """
        if self.way.startswith(DEATHS) and other.way.startswith(DEATHS):
            return self.way == other.way and self.uses >= other.uses
        return (self.operation, self.way) == (other.operation, other.way) and self.uses >= other.uses


@dataclass(frozen=True)
class _Made:
    """What a law asks of a target, with another factory."""

    signal: Callable[..., Any]
    decorator: Callable[..., Any] | None


def symptom_of(story: Story, target: Any, timeout: float, instead: Mapping[str, str] | None = None) -> Symptom | None:
    """Return the symptom of a story on `target`, or ``None`` where its operations are answered as they should be.

    `instead` names operations that are replaced by others in both runs. Raise nothing: where the story cannot be
    recorded, there is no symptom.
    """
    reference = _Made(signalspec_reference.Signal, signalspec_reference.receiver)
    try:
        ours, unexpected = _record(story, reference, Recorder(instead), timeout)
        theirs, failure = _record(story, target, Recorder(instead), timeout)
        if (failure is None or unexpected is not None) and instead is None:
            return None
        first = _first_difference(story, theirs, ours)
        if first is None or first.operation in SENDS or first.raised:
            return first
        # What it fails by may not be what is answered otherwise; so that is mended.
        mended, failure = _record(story, target, Recorder(instead, ours), timeout)
    except (TypeError, AttributeError, LookupError):
        return None
    return first if failure is None else _first_difference(story, mended, ours)


def _first_difference(story: Story, theirs: Sequence[Operation], ours: Sequence[Operation]) -> Symptom | None:
    special = _special_to(story)
    for one, other in zip(theirs, ours, strict=False):
        if one.name != other.name:
            return None
        way = _difference(one, other)
        if way is not None:
            raised = one.answer if isinstance(one.answer, Raised) and one.answer != other.answer else None
            return Symptom(one.name, way, one.uses | other.uses | special, raised)
    return None


def _record(story: Story, made: Any, recorder: Recorder, timeout: float) -> tuple[list[Operation], Failure | None]:
    recorded = _Made(recorder.record(made.signal), made.decorator)
    if "law" in story:
        law = load_laws()[story["law"]]
        if is_concurrent(law) or load_clauses().clause(law.slug).part != "dispatch":
            raise TypeError("threads, and what is no signal of the story's own, are not recorded")
        with recorder.watching():
            failure = law.run_noting(story["case"], recorded, timeout, recorder.calls)  # type: ignore[arg-type]
            return recorder.operations, failure
    program = Program.from_json(story["program"])
    with debugging(program.debug), recorder.watching():
        mismatch = first_mismatch(program, recorded.signal, timeout)
    return recorder.operations, mismatch.failure if mismatch else None


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


def _difference(one: Operation, other: Operation) -> str | None:
    """Return in which way `one` is unlike `other`, in words, or ``None`` where it is not."""
    if one.dead != other.dead:
        return _difference_of_deaths(one.dead, other.dead)
    theirs, ours = one.answer, other.answer
    if isinstance(theirs, Raised):
        if theirs != ours:
            return f"raises {theirs.type}"
        return None if one.calls == other.calls else _difference_of_calls(one.calls, other.calls)
    if isinstance(ours, Raised):
        return "does not raise"
    if one.context != other.context:
        return "leaves context variables otherwise"
    if one.logged != other.logged:
        return f"logs {'more' if len(one.logged) > len(other.logged) else 'less or otherwise'}"
    if one.call != other.call:
        return "is called with other arguments"
    if one.name not in SENDS:
        return None if theirs == ours else f"answers {_of(theirs)} for {_of(ours)}"
    if theirs.pairs != ours.pairs:
        return _difference_of_pairs(theirs, ours)
    return None if one.calls == other.calls else _difference_of_calls(one.calls, other.calls)


def _difference_of_calls(theirs: tuple[str, ...], ours: tuple[str, ...]) -> str:
    done, due = Counter(theirs), Counter(ours)
    if done == due:
        return "calls in another order"
    return CALLS_OTHERS


def _difference_of_deaths(theirs: frozenset[tuple[int, str]], ours: frozenset[tuple[int, str]]) -> str:
    verb, parties = (DEATHS[0], ours - theirs) if ours - theirs else (DEATHS[1], theirs - ours)
    return f"{verb} a {' and a '.join(sorted({role for _, role in parties}))}"


def _of(answer: Answer) -> str:
    return answer.value if answer.type == "bool" else answer.type


def _difference_of_pairs(theirs: Answer, ours: Answer) -> str:
    called, due = (Counter(pair.receiver for pair in answer.pairs) for answer in (theirs, ours))
    if called == due:
        in_order = [pair.receiver for pair in theirs.pairs] == [pair.receiver for pair in ours.pairs]
        return "gives other responses" if in_order else "calls in another order"
    if -1 in called:
        return "returns receivers that were not connected"
    return CALLS_OTHERS

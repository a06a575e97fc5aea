"""In which ways an operation of one program is unlike that of another, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set

from signalspec.findings.operations import Answer, Operation
from signalspec.programs.outcomes import Raised
from signalspec.targets.claims import SENDS

CALLS_OTHERS = "calls others than are due"
"""The way in which a dispatch goes wrong that misses receivers, calls too many, or both."""

NOT_CALLED = "is not called"
"""The way in which an operation goes wrong that the target never reaches."""

LOGS = "logs"
"""What the ways begin with in which something else is logged than is due."""

OTHER_ORDER = "calls in another order"

OTHER_ARGUMENTS = "gives receivers other arguments"

DEATHS = ("keeps alive", "loses")
"""What a symptom begins with that is about deaths, of which no operation tells more than another."""


def ways_unlike(one: Operation, other: Operation) -> Iterator[str]:
    """Yield in which ways `one` is unlike `other`, that which tells most first."""
    both = one.followed & other.followed
    yield from _differences_of_deaths(one.dead, other.dead, both)
    theirs, ours = one.answer, other.answer
    if isinstance(theirs, Raised) and theirs != ours:
        yield f"raises {theirs.type}"
    yield from _differences_of_deaths(one.died, other.died, both)
    if Counter(one.called) != Counter(other.called):
        yield CALLS_OTHERS
    elif one.misgiven != other.misgiven:
        yield OTHER_ARGUMENTS
    if one.calls != other.calls and (way := _difference_of_calls(one.calls, other.calls)):
        yield way
    if isinstance(ours, Raised) and not isinstance(theirs, Raised):
        yield "does not raise"
    if one.call != other.call:
        yield "is called with other arguments"
    if isinstance(theirs, Answer) and isinstance(ours, Answer):
        yield from _differences_of_answers(one.name, theirs, ours)
    if one.logged != other.logged:
        yield f"{LOGS} {'more' if len(one.logged) > len(other.logged) else 'less or otherwise'}"
    if one.context != other.context:
        yield "leaves context variables otherwise"


def _differences_of_answers(name: str, theirs: Answer, ours: Answer) -> Iterator[str]:
    if theirs.type != ours.type:
        yield f"answers with another type than {ours.type}"
    elif name not in SENDS and theirs != ours:
        yield f"answers {theirs.value} for {ours.value}"
    elif theirs.pairs != ours.pairs:
        yield _difference_of_pairs(theirs, ours)


def _difference_of_calls(theirs: tuple[str, ...], ours: tuple[str, ...]) -> str:
    done, due = Counter(theirs), Counter(ours)
    if done == due:
        return OTHER_ORDER
    by_name = (Counter(each.partition(",")[0] for each in calls) for calls in (theirs, ours))
    return CALLS_OTHERS if next(by_name) != next(by_name) else OTHER_ARGUMENTS


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

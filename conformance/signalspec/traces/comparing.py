"""What differs between two traces of the same tests, which `runs` makes comparable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from signalspec.traces.moves import moves
from signalspec.traces.runs import BEFORE, BETWEEN, Dispatch, Run, Seen
from signalspec.traces.trace import Trace

Kind = Literal[
    "new argument",
    "argument gone",
    "argument differs",
    "newly sent",
    "no longer sent",
    "new receiver",
    "receiver gone",
    "order of receivers",
    "response differs",
    "raises",
    "caused by another",
    "transaction differs",
    "method differs",
    "order of dispatches",
]


class What(NamedTuple):
    """One change: its kind, the signal, what differs in words, and whether only Django takes part in it."""

    kind: Kind
    signal: str
    detail: str
    machinery: bool


@dataclass
class Change:
    """How often one change was seen, in which tests, and by which receivers of the project."""

    what: What
    dispatches: int = 0
    tests: set[str] = field(default_factory=set)
    receivers: set[str] = field(default_factory=set)
    senders: set[str] = field(default_factory=set)


Tests = Mapping[str, Sequence[Dispatch]]
"""For each test its dispatches in order."""

Mask = frozenset[tuple[str, str, str]]
"""Test, signal and sender of what is left out."""

MANY_TESTS = 3
"""In how many tests the dispatches of one signal and sender differ between repeats, for their number to be chance."""


@dataclass(frozen=True)
class Comparison:
    """The changes from one trace to another, and what was not compared.

    `only_before` and `only_after` are tests that send in one trace alone, each with how many of its dispatches are
    the project's own.
    """

    changes: Sequence[Change]
    only_before: Mapping[str, int]
    only_after: Mapping[str, int]
    left_out: Mask
    masked: int
    compared: int

    @property
    def is_same(self) -> bool:
        """Whether what the project takes part in is the same, also in tests that send in one trace alone."""
        return not (self.own or any(self.only_before.values()) or any(self.only_after.values()))

    @property
    def may_be_chance(self) -> bool:
        """Whether a signal is newly sent by a sender in some tests, and no longer in others."""
        new, gone = (
            {(change.what.signal, *change.senders) for change in self.own if change.what.kind == kind}
            for kind in ("newly sent", "no longer sent")
        )
        return bool(new & gone)

    @property
    def own(self) -> Sequence[Change]:
        """The changes that the project takes part in."""
        return [change for change in self.changes if not change.what.machinery]

    @property
    def machinery(self) -> Sequence[Change]:
        """The changes in what only Django takes part in."""
        return [change for change in self.changes if change.what.machinery]


def compare(before: Trace, after: Trace, repeats: Iterable[tuple[Trace, Trace]] = ()) -> Comparison:
    """Return what differs from `before` to `after`.

    `repeats` are pairs of traces under one Django: what differs within a pair is left out, and counted. What differs
    so in several tests is of a number that is chance, which is not compared in any test.
    """
    first, second = Run.of(before), Run.of(after)
    mask = frozenset(place for one, other in repeats for place in _differing(Run.of(one), Run.of(other)))
    tests = Counter((signal, sender) for _, signal, sender in mask)
    varying = frozenset(subject for subject, number in tests.items() if number >= MANY_TESTS)
    finder = _Finder(first, second, mask, varying)
    finder.find()
    return Comparison(
        changes=sorted(finder.changes.values(), key=_rank),
        only_before=finder.only(first, second),
        only_after=finder.only(second, first),
        left_out=frozenset(finder.left_out),
        masked=finder.masked,
        compared=finder.compared,
    )


def _differing(one: Run, other: Run) -> Iterator[tuple[str, str, str]]:
    finder = _Finder(one, other)
    finder.find()
    yield from finder.places


def _rank(change: Change) -> tuple[bool, bool, int, What]:
    return change.what.machinery, not change.receivers, -change.dispatches, change.what


class _Finder:
    def __init__(
        self,
        before: Run,
        after: Run,
        mask: Mask = frozenset(),
        varying: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self.before, self.after, self.mask, self.varying = before, after, mask, varying
        self.own_subjects = before.own_subjects | after.own_subjects
        self.own_receivers = before.own_receivers | after.own_receivers
        self.changes: dict[What, Change] = {}
        self.places: set[tuple[str, str, str]] = set()
        self.left_out: set[tuple[str, str, str]] = set()
        self.masked = self.compared = 0
        self._moved: dict[Seen, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        self._new = self._arguments(after.tests, before.tests)
        self._gone = self._arguments(before.tests, after.tests)
        self._set_up = [
            {self._without(each.seen) for seens in run.tests.values() for each in seens if each.is_fixtures}
            for run in (before, after)
        ]

    @staticmethod
    def _arguments(here: Tests, there: Tests) -> set[tuple[str, str]]:
        """Return the signals' arguments that are `here`, of signals that are sent on both sides, and not `there`."""
        names: list[dict[str, set[str]]] = [defaultdict(set), defaultdict(set)]
        for found, tests in zip(names, (here, there), strict=True):
            for seens in tests.values():
                for seen in {each.seen for each in seens}:
                    found[seen.signal].update(name for name, _ in seen.arguments)
        return {
            (signal, name)
            for signal in names[0].keys() & names[1].keys()
            for name in names[0][signal] - names[1][signal]
        }

    def find(self) -> None:
        for test in dict.fromkeys([*self.before.tests, *self.after.tests]):
            if (test in self.before.tests and test in self.after.tests) or test in (BEFORE, BETWEEN):
                self._compare(test)
        for seen, moved in self._moved.items():
            self._note_fixtures(seen, *moved)

    def only(self, here: Run, there: Run) -> Mapping[str, int]:
        """Return the tests that send `here` and not `there`, each with how many of its dispatches are own."""
        return {
            test: sum(each.seen.subject in self.own_subjects for each in here.tests[test])
            for test in sorted(here.tests.keys() - there.tests.keys() - {BEFORE, BETWEEN})
        }

    def _compare(self, test: str) -> None:
        befores, afters = (self._masked(test, run.tests.get(test, [])) for run in (self.before, self.after))
        for seen, *_ in afters:
            for signal, name in self._new & {(seen.signal, name) for name, _ in seen.arguments}:
                self._note("new argument", seen, test, f"a new argument `{name}`", signal)
        for seen, *_ in befores:
            for signal, name in self._gone & {(seen.signal, name) for name, _ in seen.arguments}:
                self._note("argument gone", seen, test, f"no longer an argument `{name}`", signal)
        old, new = ([each._replace(seen=self._without(each.seen)) for each in seens] for seens in (befores, afters))
        subjects: dict[tuple[str, str], tuple[list[Seen], list[Seen]]] = defaultdict(lambda: ([], []))
        for side, seens in enumerate((old, new)):
            for seen, *_ in seens:
                subjects[seen.subject][side].append(seen)
        fixtures = [{each.seen for each in seens if each.is_fixtures} for seens in (old, new)]
        same = True
        for here, there in subjects.values():
            same = self._align(test, here, there, *fixtures) and same
        if test not in (BEFORE, BETWEEN) and same:
            self._compare_order(test, *([each.seen for each in seens if not each.thread] for seens in (old, new)))

    def _masked(self, test: str, seens: Sequence[Dispatch]) -> list[Dispatch]:
        own = [each.seen for each in seens if each.seen.subject in self.own_subjects]
        self.compared += len(own)
        masked = [seen for seen in own if (test, *seen.subject) in self.mask]
        self.left_out.update((test, *seen.subject) for seen in masked)
        self.masked += len(masked)
        return [each for each in seens if (test, *each.seen.subject) not in self.mask]

    def _without(self, seen: Seen) -> Seen:
        left_out = {name for signal, name in self._new | self._gone if signal == seen.signal}
        if not left_out:
            return seen
        return seen._replace(arguments=tuple(pair for pair in seen.arguments if pair[0] not in left_out))

    def _align(
        self, test: str, here: list[Seen], there: list[Seen], set_up_here: set[Seen], set_up_there: set[Seen]
    ) -> bool:
        """Compare dispatches of one subject; tell whether there are as many on both sides.

        What fixtures sent on one side alone may have moved to another test.
        """
        gone, new = Counter(here) - Counter(there), Counter(there) - Counter(here)
        left, right = list(_in_order(here, gone)), list(_in_order(there, new))
        for old, now in zip(left, right, strict=False):
            for kind, detail, receivers in _describe(old, now):
                is_djangos = bool(receivers) and all(name.startswith("django.") for name in receivers)
                heard = receivers or {name for name, _ in (*old.receivers, *now.receivers)}
                self._note(kind, now, test, detail, receivers=heard, is_djangos=is_djangos)
        shared = min(len(left), len(right))
        for old in left[shared:]:
            if old in set_up_here:
                self._moved[old][0].append(test)
            else:
                self._note_gone(old, test)
        for now in right[shared:]:
            if now in set_up_there:
                self._moved[now][1].append(test)
            else:
                self._note_new(now, test)
        return len(here) == len(there)

    def _note_fixtures(self, seen: Seen, gone: list[str], new: list[str]) -> None:
        """Note what fixtures sent in more tests of one side than of the other."""
        if self.before.processes != self.after.processes and all(seen in each for each in self._set_up):
            return  # A fixture is set up in each process that has a test for it.
        for test in gone[len(new) :]:
            self._note_gone(seen, test)
        for test in new[len(gone) :]:
            self._note_new(seen, test)

    def _is_chance(self, seen: Seen, test: str) -> bool:
        if seen.subject not in self.varying:
            return False
        self.left_out.add((test, *seen.subject))
        self.masked += seen.subject in self.own_subjects
        return True

    def _note_gone(self, seen: Seen, test: str) -> None:
        if self._is_chance(seen, test):
            return
        self._note("no longer sent", seen, test, f"no longer sent by {seen.sender}")

    def _note_new(self, seen: Seen, test: str) -> None:
        if self._is_chance(seen, test):
            return
        self._note("newly sent", seen, test, f"newly sent by {seen.sender}")

    def _compare_order(self, test: str, here: list[Seen], there: list[Seen]) -> None:
        here, there = (
            [seen for seen in seens if seen.is_heard and seen.subject not in self.varying] for seens in (here, there)
        )
        for old, now in zip(here, there, strict=False):
            if old.subject != now.subject:
                detail = f"{old.signal} of {old.sender} came first, now {now.signal} of {now.sender}"
                self.places.add((test, *old.subject))
                return self._note("order of dispatches", now, test, detail)
        return None

    def _note(
        self,
        kind: Kind,
        seen: Seen,
        test: str,
        detail: str,
        signal: str = "",
        receivers: set[str] | None = None,
        is_djangos: bool = False,
    ) -> None:
        own = seen.subject in self.own_subjects and not is_djangos
        what = What(kind, signal or seen.signal, detail if own else kind, machinery=not own)
        change = self.changes.setdefault(what, Change(what))
        change.dispatches += 1
        change.tests.add(test)
        change.senders.add(seen.sender)
        heard = receivers if receivers is not None else {name for name, _ in seen.receivers}
        change.receivers |= heard & self.own_receivers
        if own:
            self.places.add((test, *seen.subject))


def _in_order(seens: Iterable[Seen], wanted: Counter[Seen]) -> Iterator[Seen]:
    left = Counter(wanted)
    for seen in seens:
        if left[seen] > 0:
            left[seen] -= 1
            yield seen


def _describe(old: Seen, now: Seen) -> Iterator[tuple[Kind, str, set[str]]]:
    """Yield what became of a dispatch, in words, and the receivers that it is about, if it is about some.

    What follows from an exception is left out.
    """
    if old.raised != now.raised:
        yield "raises", f"{_raise(now)}; before, {_raise(old)}", set()
        return
    before, after = [name for name, _ in old.receivers], [name for name, _ in now.receivers]
    gone, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    for name in gone:
        yield "receiver gone", f"{now.sender} no longer reaches {name}", {name}
    for name in new:
        yield "new receiver", f"{now.sender} newly reaches {name}", {name}
    common = [[name for name in names if name not in gone and name not in new] for names in (before, after)]
    for move in moves(*common):
        other = "behind" if move.where == "ahead of" else "ahead of"
        detail = f"{now.sender} reaches {move}; before, {other} {'it' if len(move.others) == 1 else 'them'}"
        yield "order of receivers", detail, {move.receiver, *move.others}
    responses = dict(old.receivers)
    for name, response in now.receivers:
        if name in responses and responses[name] != response:
            yield "response differs", f"{name} responds with {response}; before, {responses[name]}", {name}
    yield from ((kind, detail, set()) for kind, detail in _describe_sending(old, now))


def _describe_sending(old: Seen, now: Seen) -> Iterator[tuple[Kind, str]]:
    kinds = dict(old.arguments)
    for name, kind in now.arguments:
        if kinds.get(name, kind) != kind:
            yield "argument differs", f"`{name}` is {kind}; before, {kinds[name]}"
    if {name for name, _ in now.arguments} != kinds.keys():
        yield "argument differs", f"its arguments are {', '.join(dict(now.arguments))}; before, {', '.join(kinds)}"
    if old.cause != now.cause:
        yield "caused by another", f"caused by {now.cause or 'no receiver'}; before, by {old.cause or 'no receiver'}"
    if old.atomic != now.atomic:
        yield "transaction differs", f"sent {_within(now)} a transaction; before, {_within(old)} one"
    if old.how != now.how:
        yield "method differs", f"sent by {now.how}; before, by {old.how}"


def _raise(seen: Seen) -> str:
    if seen.raised is None:
        return "raised nothing"
    error, receiver = seen.raised
    return f"raised {error}" + (f" from {receiver}" if receiver else "")


def _within(seen: Seen) -> str:
    return "within" if seen.atomic else "outside"

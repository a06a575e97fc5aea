"""What differs between two traces of the same tests.

How dispatches are made comparable (normalised):

- A dispatch is its signal, sender and method by name, its arguments' kinds, its receivers with their responses, what
  it raised, and the receiver that caused it. Which object it was is left out: equal names are one.
- Dispatches are compared test by test. What happens between tests is compared as a whole, and so is what happens
  before the first one: when a shared fixture is set up depends on which test comes first.
- Models of a migration's state are one sender for each signal, and what only Django takes part in is apart: its own
  machinery changes with each release.
- A receiver that other tests connected, weakly, and left to the garbage collector is left out: when that runs is
  chance, and `audit` tells of it. The order of dispatches is compared where somebody hears them.
- What other threads dispatch has no order. Of receivers, those that both traces have keep an order.
- An argument that a signal has in one trace only is one change, and is left out of what is compared further.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from signalspec.traces.trace import Connect, Part, Receiver, Sent, Shape, Trace

BEFORE = "before the first test"
BETWEEN = "between tests"
INIT = ("django.db.models.signals.pre_init", "django.db.models.signals.post_init")
PASSING = ("local", "lambda", "partial", "mock", "method", "instance")
"""Kinds of receivers that a test may leave to the garbage collector."""

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


class Seen(NamedTuple):
    """A dispatch, as far as two traces can be compared: names and kinds."""

    signal: str
    sender: str
    how: str
    arguments: tuple[tuple[str, str], ...]
    receivers: tuple[tuple[str, str], ...]
    raised: tuple[str, str] | None
    cause: str | None
    atomic: bool | None

    @property
    def subject(self) -> tuple[str, str]:
        """What it is a dispatch of."""
        return self.signal, self.sender

    @property
    def is_heard(self) -> bool:
        """Whether others than Django's own receivers hear it."""
        return not all(name.startswith("django.") for name, _ in self.receivers)


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


Tests = Mapping[str, Sequence[tuple[Seen, int]]]
"""For each test its dispatches in order, each with its thread."""

Mask = frozenset[tuple[str, str, str]]
"""Test, signal and sender of what is left out."""


@dataclass(frozen=True)
class Comparison:
    """The changes from one trace to another, and what was not compared."""

    changes: Sequence[Change]
    only_before: frozenset[str]
    only_after: frozenset[str]
    left_out: Mask
    masked: int
    compared: int

    @property
    def own(self) -> Sequence[Change]:
        """The changes that the project takes part in."""
        return [change for change in self.changes if not change.what.machinery]

    @property
    def machinery(self) -> Sequence[Change]:
        """The changes in what only Django takes part in."""
        return [change for change in self.changes if change.what.machinery]


@dataclass
class _Run:
    """A trace, made comparable."""

    tests: dict[str, list[tuple[Seen, int]]] = field(default_factory=lambda: defaultdict(list))
    own_subjects: set[tuple[str, str]] = field(default_factory=set)
    own_receivers: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, trace: Trace) -> _Run:
        run = cls()
        for part in trace.parts:
            run._add(part)
        return run

    def _add(self, part: Part) -> None:
        seen: dict[object, Seen] = {}
        has_begun = False
        connected: dict[tuple[int, Receiver], set[str]] = defaultdict(set)
        for event in part.events:
            has_begun = has_begun or event.context.test is not None
            test = event.context.test or (BETWEEN if has_begun else BEFORE)
            if isinstance(event, Connect) and event.receiver and event.receiver.kind in PASSING:
                connected[event.signal.number, event.receiver].add(test if event.weak else BEFORE)
            if not isinstance(event, Sent):
                continue
            left = _left_by_others(event.shape, test, connected)
            key = (id(event.shape), event.cause and event.cause.name, left, test == BETWEEN)
            if key not in seen:
                seen[key] = _seen(event, left, once=test == BETWEEN)
                self._note_owners(event.shape, seen[key])
            self.tests[test].append((seen[key], event.context.thread))

    def _note_owners(self, shape: Shape, seen: Seen) -> None:
        # Instances are made all the time: what nobody hears of it concerns nobody.
        if shape.own and (seen.is_heard or seen.signal not in INIT):
            self.own_subjects.add(seen.subject)
        self.own_receivers.update(receiver.name for receiver, _ in shape.receivers if receiver.own)


def _left_by_others(
    shape: Shape, test: str, connected: Mapping[tuple[int, Receiver], set[str]]
) -> frozenset[Receiver]:
    by = {receiver: connected.get((shape.signal.number, receiver)) for receiver, _ in shape.receivers}
    return frozenset(
        receiver
        for receiver, tests in by.items()
        if tests and BEFORE not in tests and (test not in tests or test == BETWEEN)
    )


def _seen(event: Sent, left: frozenset[Receiver], once: bool) -> Seen:
    shape = event.shape
    receivers = [(receiver.name, response) for receiver, response in shape.receivers if receiver not in left]
    raised = shape.raised and (shape.raised[0], shape.raised[1].name if shape.raised[1] else "")
    return Seen(
        signal=shape.signal.name,
        sender="a historical model" if shape.sender.historical else shape.sender.name,
        how=shape.how,
        arguments=tuple(sorted((name, _kind(kind)) for name, kind in shape.arguments.items())),
        # How many of one name live between tests is the garbage collector's choice, too.
        receivers=tuple(dict.fromkeys(receivers) if once else receivers),
        raised=raised,
        cause=event.cause.name if event.cause else None,
        atomic=shape.atomic,
    )


def _kind(kind: str) -> str:
    return "a historical model" if kind.startswith("__fake__.") else kind


def compare(before: Trace, after: Trace, repeats: Iterable[tuple[Trace, Trace]] = ()) -> Comparison:
    """Return what differs from `before` to `after`.

    `repeats` are pairs of traces under one Django: what differs within a pair is left out, and counted.
    """
    first, second = _Run.of(before), _Run.of(after)
    mask = frozenset(place for one, other in repeats for place in _differing(_Run.of(one), _Run.of(other)))
    finder = _Finder(first, second, mask)
    finder.find()
    only_before, only_after = first.tests.keys() - second.tests.keys(), second.tests.keys() - first.tests.keys()
    return Comparison(
        changes=sorted(finder.changes.values(), key=_rank),
        only_before=frozenset(only_before - {BEFORE, BETWEEN}),
        only_after=frozenset(only_after - {BEFORE, BETWEEN}),
        left_out=frozenset(finder.left_out),
        masked=finder.masked,
        compared=finder.compared,
    )


def _differing(one: _Run, other: _Run) -> Iterator[tuple[str, str, str]]:
    finder = _Finder(one, other, frozenset())
    finder.find()
    yield from finder.places


def _rank(change: Change) -> tuple[bool, bool, int, What]:
    return change.what.machinery, not change.receivers, -change.dispatches, change.what


class _Finder:
    def __init__(self, before: _Run, after: _Run, mask: Mask) -> None:
        self.before, self.after, self.mask = before, after, mask
        self.own_subjects = before.own_subjects | after.own_subjects
        self.own_receivers = before.own_receivers | after.own_receivers
        self.changes: dict[What, Change] = {}
        self.places: set[tuple[str, str, str]] = set()
        self.left_out: set[tuple[str, str, str]] = set()
        self.masked = self.compared = 0
        self._new = self._arguments(after.tests, before.tests)
        self._gone = self._arguments(before.tests, after.tests)

    @staticmethod
    def _arguments(here: Tests, there: Tests) -> set[tuple[str, str]]:
        """Return the signals' arguments that are `here`, of signals that are sent on both sides, and not `there`."""
        names: list[dict[str, set[str]]] = [defaultdict(set), defaultdict(set)]
        for found, tests in zip(names, (here, there), strict=True):
            for seens in tests.values():
                for seen in {seen for seen, _ in seens}:
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

    def _compare(self, test: str) -> None:
        befores, afters = (self._masked(test, run.tests.get(test, [])) for run in (self.before, self.after))
        for seen, _ in afters:
            for signal, name in self._new & {(seen.signal, name) for name, _ in seen.arguments}:
                self._note("new argument", seen, test, f"a new argument `{name}`", signal)
        for seen, _ in befores:
            for signal, name in self._gone & {(seen.signal, name) for name, _ in seen.arguments}:
                self._note("argument gone", seen, test, f"no longer an argument `{name}`", signal)
        old, new = ([(self._without(seen), thread) for seen, thread in seens] for seens in (befores, afters))
        subjects: dict[tuple[str, str], tuple[list[Seen], list[Seen]]] = defaultdict(lambda: ([], []))
        for side, seens in enumerate((old, new)):
            for seen, _ in seens:
                subjects[seen.subject][side].append(seen)
        same = True
        for here, there in subjects.values():
            same = self._align(test, here, there) and same
        if test not in (BEFORE, BETWEEN) and same:
            self._compare_order(test, *([seen for seen, thread in seens if not thread] for seens in (old, new)))

    def _masked(self, test: str, seens: Sequence[tuple[Seen, int]]) -> list[tuple[Seen, int]]:
        own = [seen for seen, _ in seens if seen.subject in self.own_subjects]
        self.compared += len(own)
        masked = [seen for seen in own if (test, *seen.subject) in self.mask]
        self.left_out.update((test, *seen.subject) for seen in masked)
        self.masked += len(masked)
        return [each for each in seens if (test, *each[0].subject) not in self.mask]

    def _without(self, seen: Seen) -> Seen:
        left_out = {name for signal, name in self._new | self._gone if signal == seen.signal}
        if not left_out:
            return seen
        return seen._replace(arguments=tuple(pair for pair in seen.arguments if pair[0] not in left_out))

    def _align(self, test: str, here: list[Seen], there: list[Seen]) -> bool:
        """Compare dispatches of one subject; tell whether there are as many on both sides."""
        gone, new = Counter(here) - Counter(there), Counter(there) - Counter(here)
        left, right = list(_in_order(here, gone)), list(_in_order(there, new))
        for old, now in zip(left, right, strict=False):
            for kind, detail, receivers in _describe(old, now):
                is_djangos = bool(receivers) and all(name.startswith("django.") for name in receivers)
                heard = receivers or {name for name, _ in (*old.receivers, *now.receivers)}
                self._note(kind, now, test, detail, receivers=heard, is_djangos=is_djangos)
        shared = min(len(left), len(right))
        for old in left[shared:]:
            self._note("no longer sent", old, test, f"no longer sent by {old.sender}")
        for now in right[shared:]:
            self._note("newly sent", now, test, f"newly sent by {now.sender}")
        return len(here) == len(there)

    def _compare_order(self, test: str, here: list[Seen], there: list[Seen]) -> None:
        here, there = ([seen for seen in seens if seen.is_heard] for seens in (here, there))
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
    if common[0] != common[1]:
        was, is_ = (", ".join(names) for names in common)
        yield "order of receivers", f"{now.sender} reaches {is_} in this order; before, {was}", set(common[0])
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

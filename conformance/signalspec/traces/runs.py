"""A trace made comparable (normalised): for each test, what it dispatches, in names and kinds.

- A dispatch is its signal, sender and method by name, its arguments' kinds, its receivers with their responses, what
  it raised, and the receiver that caused it. Which object it was is left out: equal names are one.
- Dispatches are compared test by test. What happens between tests is compared as a whole. What happens before the
  first one is compared as a whole, too, once for all processes: each of several workers does the same. That is also
  how a test of pytest makes the databases, which the first one that needs them does.
- What one test sets up or tears down in one trace, and another test in the other, is the same: a fixture that tests
  share is set up with the first of them, and that depends on how tests are spread over processes.
- Models of a migration's state are one sender for each signal, and what only Django takes part in is apart: its own
  machinery changes with each release.
- A receiver that other tests connected, weakly, and left to the garbage collector is left out: when that runs is
  chance, and `audit` tells of it. The order of dispatches is compared where somebody hears them.
- What other threads dispatch has no order. Of receivers, those that both traces have keep an order.
- An argument that a signal has in one trace only is one change, and is left out of what is compared further.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from signalspec.traces.trace import Connect, Context, Part, Receiver, Sent, Shape, Trace

BEFORE = "before the first test"
BETWEEN = "between tests"
INIT = ("django.db.models.signals.pre_init", "django.db.models.signals.post_init")
MIGRATE = ("django.db.models.signals.pre_migrate", "django.db.models.signals.post_migrate")
PASSING = ("local", "lambda", "partial", "mock", "method", "instance")
"""Kinds of receivers that a test may leave to the garbage collector."""

FIXTURES = ("setup", "teardown")
"""The phases of a test in which pytest runs fixtures, those that it shares with others, too."""


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


class Dispatch(NamedTuple):
    """A dispatch in its test: what was seen of it, its thread, and whether fixtures sent it."""

    seen: Seen
    thread: int
    is_fixtures: bool


@dataclass
class Run:
    """A trace, made comparable; `processes` are those that ran tests."""

    tests: dict[str, list[Dispatch]] = field(default_factory=lambda: defaultdict(list))
    processes: int = 0
    own_subjects: set[tuple[str, str]] = field(default_factory=set)
    own_receivers: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, trace: Trace) -> Run:
        run = cls()
        begun: list[Counter[Dispatch]] = []
        for part in trace.parts:
            run._add(part)
            begun.append(Counter(run.tests.pop(BEFORE, ())))
            run.processes += any(event.context.test is not None for event in part.events)
        most: Counter[Dispatch] = Counter()
        for counts in begun:
            most |= counts
        run.tests[BEFORE] = list(most.elements())
        return run

    def _add(self, part: Part) -> None:
        seen: dict[object, Seen] = {}
        has_begun = False
        connected: dict[tuple[int, Receiver], set[str]] = defaultdict(set)
        database = _making_databases(part)
        for number, event in enumerate(part.events):
            has_begun = has_begun or event.context.test is not None
            test = BEFORE if number in database else event.context.test or (BETWEEN if has_begun else BEFORE)
            if isinstance(event, Connect) and event.receiver and event.receiver.kind in PASSING:
                connected[event.signal.number, event.receiver].add(test if event.weak else BEFORE)
            if not isinstance(event, Sent):
                continue
            left = _left_by_others(event.shape, test, connected)
            key = (id(event.shape), event.cause and event.cause.name, left, test == BETWEEN)
            if key not in seen:
                seen[key] = _seen(event, left, once=test == BETWEEN)
                self._note_owners(event.shape, seen[key])
            is_fixtures = event.context.phase in FIXTURES
            self.tests[test].append(Dispatch(seen[key], event.context.thread, is_fixtures and test != BEFORE))

    def _note_owners(self, shape: Shape, seen: Seen) -> None:
        # Instances are made all the time: what nobody hears of it concerns nobody.
        if shape.own and (seen.is_heard or seen.signal not in INIT):
            self.own_subjects.add(seen.subject)
        self.own_receivers.update(receiver.name for receiver, _ in shape.receivers if receiver.own)


def _making_databases(part: Part) -> range:
    """Return which events of a part belong to a test that makes databases before it begins, until they are made."""
    first: dict[Context, int] = {}
    for number, event in enumerate(part.events):
        if event.context.phase == "setup":
            begin = first.setdefault(event.context, number)
            if _is_of_a_migration(event):
                ends = [
                    later
                    for later in range(begin, len(part.events))
                    if part.events[later].context == event.context and _is_of_a_migration(part.events[later])
                ]
                return range(begin, ends[-1] + 1)
    return range(0)


def _is_of_a_migration(event: object) -> bool:
    return isinstance(event, Sent) and event.shape.signal.name in MIGRATE


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

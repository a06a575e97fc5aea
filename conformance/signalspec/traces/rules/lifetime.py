"""Receivers that are gone, and receivers that are still there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from signalspec.traces.history import History
from signalspec.traces.remarks import Evidence, Remark
from signalspec.traces.trace import Connect, Part, Sent

PASSING = ("local", "lambda", "partial", "mock")
"""Kinds of receivers that are made anew for each connection."""

TEST_CODE = re.compile(r"(^|/)(tests?|testing|conftest)(\.py$|/)|(^|/)test_[^/]*$|_tests?(\.py$|/)")
"""Paths of what is code of tests, beside the files that hold the tests that ran."""


def receiver_collected(evidence: Evidence) -> Iterator[Remark]:
    """Yield each connection that a dispatch misses since its receiver was collected.

    A receiver that lives as long as a call or an object, and is called meanwhile, may well be meant so.
    """
    for history in evidence.histories:
        for lost in history.lost:
            connect = lost.connect
            if connect.place is None or connect.receiver is None:
                continue
            outside = connect.context.test is None and lost.death.context.test is None
            if lost.missed is not None and (not lost.served or (lost.death.by_collector and outside)):
                what = f"{connect.receiver.name} is not called by {connect.signal.name}: it was collected before"
                yield Remark("receiver-collected", connect.place, what, connect.context.test)
            elif outside and lost.at_once and not lost.death.by_collector:
                what = f"{connect.receiver.name} was collected right after it was connected to {connect.signal.name}"
                yield Remark("receiver-collected", connect.place, what)


def receiver_left(evidence: Evidence) -> Iterator[Remark]:
    """Yield each connection that a test makes and that outlives it."""
    for part, history in zip(evidence.trace.parts, evidence.histories, strict=True):
        if len({event.context.test for event in part.events}) == 1:
            continue  # The process belongs to the test, and ends with it.
        for connect, why in _left(part, history):
            name = connect.receiver.name if connect.receiver else "a receiver"
            what = f"{name} stays connected to {connect.signal.name} after its test: {why}"
            yield Remark("receiver-left", connect.place, what, connect.context.test)


def _left(part: Part, history: History) -> Iterator[tuple[Connect, str]]:
    for lost in history.lost:
        outlived = lost.death.context.test != lost.connect.context.test
        if _is_of_a_test(lost.connect) and outlived and lost.death.by_collector:
            yield lost.connect, "only the garbage collector ended it"
    heard = _heard_later(part)
    for connect in history.left:
        if not _is_of_a_test(connect) or connect.receiver is None or connect.receiver.kind not in PASSING:
            continue
        if heard.get((connect.signal.number, connect.receiver.name), set()) - {connect.context.test}:
            yield connect, "other tests reach it"
        elif part.finished:
            yield connect, "nothing ended it"


def _is_of_a_test(connect: Connect) -> bool:
    # What a fixture sets up may be meant for several tests, and what code of the project connects, for ever. A signal
    # that no module holds may end with the test, too.
    test, place, is_called = connect.context.test, connect.place, connect.context.phase in ("call", "")
    if test is None or place is None or not is_called or "()" in connect.signal.name:
        return False
    module = place.file.removesuffix(".py").replace("/", ".")
    return test.startswith((f"{place.file}::", f"{module}.")) or TEST_CODE.search(place.file) is not None


def _heard_later(part: Part) -> dict[tuple[int, str], set[str | None]]:
    heard: dict[tuple[int, str], set[str | None]] = defaultdict(set)
    for event in part.events:
        if isinstance(event, Sent):
            for receiver, _ in event.shape.receivers:
                if receiver.kind in PASSING:
                    heard[event.shape.signal.number, receiver.name].add(event.context.test)
    return heard

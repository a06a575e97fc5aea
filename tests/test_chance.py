"""What fails by chance, since receivers are called in an order that is one of chance, follows from that."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import signalspec_reference
from signalspec.engines.laws import load_laws
from signalspec.findings.chance import RUNS, goes_well_sometimes, needs_order, shows_another_order
from signalspec.findings.report import Counterexample
from signalspec.findings.stories import FailingStory
from signalspec.targets.surroundings import quiet
from signalspec.targets.target import load_here

Receivers = list[Callable[..., object]]


class Backwards(signalspec_reference.Signal):
    """Broken on purpose: receivers are called in the opposite order."""

    def _receivers(self, sender: object) -> tuple[Receivers, Receivers]:
        receivers, awaited = super()._receivers(sender)
        return receivers[::-1], awaited


class ByTurns(signalspec_reference.Signal):
    """Broken on purpose, by chance as it were: every third signal calls its receivers in the opposite order."""

    _numbers = itertools.count()

    def __init__(self, use_caching: bool = False) -> None:
        super().__init__(use_caching)
        self._step = 1 if next(self._numbers) % 3 else -1

    def _receivers(self, sender: object) -> tuple[Receivers, Receivers]:
        receivers, awaited = super()._receivers(sender)
        return receivers[:: self._step], awaited


class ByTurnsAndMoving(ByTurns):
    """The same, and a duplicate is moved to the end."""

    def connect(self, receiver: Any, sender: Any = None, weak: bool = True, dispatch_uid: Any = None) -> None:
        self.disconnect(receiver, sender, dispatch_uid)
        super().connect(receiver, sender, weak, dispatch_uid)


def story(signal: type, slug: str) -> FailingStory:
    target = load_here(f"{__name__}:{signal.__name__}")
    law = load_laws()[slug]
    with quiet():
        failure = next(filter(None, (law.run(law.plainest, target, 5) for _ in range(RUNS))))
    program = {"law": slug, "case": dict(law.plainest)}
    return FailingStory(Counterexample(slug, "", program, failure.expected, failure.outcome), target, 5)


@pytest.mark.parametrize(
    ("signal", "slug", "follows"),
    [
        (ByTurns, "robust.logs-before-the-next", True),
        (ByTurns, "connect.again-after-disconnect", True),
        (ByTurnsAndMoving, "connect.duplicate-keeps-its-place", False),
    ],
)
def test_what_goes_well_in_the_right_order_follows_from_an_order_of_chance(
    signal: type, slug: str, follows: bool
) -> None:
    order, other = story(signal, "send.order"), story(signal, slug)
    with quiet():
        assert goes_well_sometimes(order.counterexample, order.target, 5)
        assert goes_well_sometimes(other.counterexample, other.target, 5) is follows
        assert order.explains(other) is follows


def test_an_order_that_is_always_the_same_is_none_of_chance() -> None:
    order = story(Backwards, "send.order")
    with quiet():
        assert not goes_well_sometimes(order.counterexample, order.target, 5)


def test_the_same_in_another_order_is_told_from_something_else() -> None:
    assert shows_another_order(story(Backwards, "send.order").counterexample)
    assert not shows_another_order(story(Backwards, "robust.logs-before-the-next").counterexample)
    assert needs_order(story(Backwards, "robust.logs-before-the-next").counterexample)

"""Which of the violated clauses are causes, and which follow from one.

A clause follows from a cause where each of its failing stories is explained by a cause. There are three grounds, and
nothing else explains:

1. *The same exception from the same line of the target.*
2. *The same symptom.* The story goes wrong first at the operation, and in the way, that the cause's does, and uses
   whatever the cause's story had used by then (`Symptom.includes`): since plain things fail already, so do those that
   are made of them. Where the cause is about `send`, its story is run again with the operation in question for
   `send`, so that a fault that all sends and `has_listeners` show is one, and a fault of one of them is its own.
3. *The same end.* Neither story returns, or both end the process in the same way, so that nobody can tell more.

Of two clauses that explain each other the plainer one is the cause: that whose story used less, then that of the
plainer operation, then the one that comes first in the standard. Where the clause that says best
what is wrong (`SPEAKERS`) shows the very symptom, it speaks for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from signalspec.engines.observing import cheap_collections
from signalspec.findings.recording import OPERATIONS
from signalspec.findings.report import Counterexample
from signalspec.findings.symptoms import CALLS_OTHERS, Symptom, symptom_of
from signalspec.programs.outcomes import Died, Frame, Late, Raised
from signalspec.standard.clauses import load_clauses
from signalspec.targets.target import quiet

MOST_STORIES = 4
"""How many failing stories of one clause are looked at."""

SPEAKERS: Mapping[str, tuple[str, ...]] = {
    CALLS_OTHERS: (
        *("connect.connected-is-called", "parties.new-signal-is-empty", "connect.hears-only-its-sender"),
        *("send.each-connection-once", "connect.duplicate-is-ignored", "uids.first-wins"),
        *("disconnect.removed-is-not-called", "lifetime.dead-receiver-is-not-called", "asend.connected-is-called"),
        *("asend.hears-only-its-sender", "asend.each-connection-once"),
    ),
    "calls in another order": ("send.order", "robust.keeps-the-order", "asend.order", "arobust.keeps-the-order"),
    "gives other responses": (
        "send.pairs-carry-the-response",
        "robust.error-is-the-response",
        "asend.response-as-is",
    ),
    "returns receivers that were not connected": ("send.pairs-name-the-receiver", "asend.returns-a-list-of-pairs"),
    "does not raise": ("send.raises-what-a-receiver-raises", "failing.raises-what-a-receiver-raises"),
    "answers False for True": ("listeners.true-for-its-sender", "disconnect.returns-true"),
    "answers True for False": ("listeners.false-for-another-sender", "disconnect.returns-false"),
    "logs less or otherwise": ("robust.logs-each-failure", "arobust.logs-each-failure"),
    "logs more": ("robust.successes-log-nothing", "arobust.successes-log-nothing"),
    "keeps alive a receiver": ("lifetime.weak-by-default",),
    "keeps alive a sender": ("lifetime.sender-is-not-kept",),
}
"""The clauses that say best what is wrong where a symptom shows, the plainest first. An exception speaks through the
plainest clause of the operation that raises it.
"""

_RAISING = ("connect.connected-is-called", "parties.new-signal-is-empty", "asend.connected-is-called")

_PLAIN_FIRST = ("send", "has_listeners", "connect", "disconnect", *OPERATIONS, "gc.collect")


@dataclass
class _Story:
    """A failing story, with what is known of how it fails."""

    counterexample: Counterexample
    target: Any
    timeout: float
    _elsewhere: dict[str, Symptom | None] = field(default_factory=dict)

    @cached_property
    def symptom(self) -> Symptom | None:
        """How it first goes wrong; a story that takes the process or its time with it is not run again."""
        if isinstance(self.counterexample.outcome, Late | Died):
            return None
        return symptom_of(self.counterexample.program, self.target, self.timeout)

    @cached_property
    def origin(self) -> tuple[str, Frame] | None:
        """The exception that first came out and the line of the target that it came from."""
        outcome = (self.symptom and self.symptom.raised) or self.counterexample.outcome
        if not isinstance(outcome, Raised):
            return None
        frame = outcome.origin(self.target.module.partition(".")[0])
        return (outcome.type, frame) if frame else None

    def symptom_at(self, operation: str) -> Symptom | None:
        """Return how it goes wrong where `operation` is used for `send`."""
        if self.symptom is None or self.symptom.operation == operation:
            return self.symptom
        if self.symptom.operation != "send":
            return None
        if operation not in self._elsewhere:
            story, instead = self.counterexample.program, {"send": operation}
            self._elsewhere[operation] = symptom_of(story, self.target, self.timeout, instead)
        return self._elsewhere[operation]

    def explains(self, other: _Story) -> bool:
        """Tell whether `other` is to be expected where this story fails as it does."""
        if self.origin is not None and self.origin == other.origin:
            return True
        if isinstance(other.counterexample.outcome, Late | Died):
            return self.counterexample.outcome == other.counterexample.outcome
        if other.symptom is None:
            return False
        here = self.symptom_at(other.symptom.operation)
        return here is not None and other.symptom.includes(here)


def causes_of(violations: Mapping[str, Sequence[Counterexample]], target: Any, timeout: float) -> dict[str, str]:
    """Return the clauses that follow from another one, each with its cause.

    `violations` are the failing stories of each violated clause, that which is shown first. The target is run.
    """
    stories = {
        slug: [_Story(each, target, timeout) for each in found[:MOST_STORIES]] for slug, found in violations.items()
    }
    causes: list[str] = []
    because: dict[str, str] = {}
    with quiet(), cheap_collections():
        for slug in sorted(stories, key=lambda each: _plainness(each, stories[each])):
            explained = [_cause(story, causes, stories) for story in stories[slug]]
            if all(explained):
                because[slug] = str(explained[0])
            else:
                causes.append(slug)
        for cause in causes:
            _let_the_best_speak(cause, because, stories)
    return because


def _let_the_best_speak(cause: str, because: dict[str, str], stories: Mapping[str, Sequence[_Story]]) -> None:
    """Make the clause that says best what is wrong the cause, where it shows the very symptom of `cause`."""
    shown = stories[cause][0].symptom
    if shown is None:
        return
    for slug in _RAISING if shown.raised else SPEAKERS.get(shown.way, ()):
        if slug == cause:
            return
        symptom = stories[slug][0].symptom if because.get(slug) == cause else None
        if symptom is not None and (symptom.operation, symptom.way) == (shown.operation, shown.way):
            because.update({each: slug for each, known in because.items() if known == cause} | {cause: slug})
            del because[slug]
            return


def _cause(story: _Story, causes: Iterable[str], stories: Mapping[str, Sequence[_Story]]) -> str | None:
    return next((slug for slug in causes if any(each.explains(story) for each in stories[slug])), None)


def _plainness(slug: str, stories: Sequence[_Story]) -> tuple[int, int, int]:
    position = list(load_clauses().clauses).index(slug)
    symptoms = [each.symptom for each in stories if each.symptom is not None]
    if not symptoms:
        return len(stories[0].counterexample.program.get("case", ())), len(_PLAIN_FIRST), position
    plainest = min(symptoms, key=lambda each: (len(each.uses), _PLAIN_FIRST.index(each.operation)))
    if plainest.way == "raises TypeError" and slug.endswith(".parameters"):
        # How an operation is called is a clause of its own.
        return -1, _PLAIN_FIRST.index(plainest.operation), position
    return len(plainest.uses), _PLAIN_FIRST.index(plainest.operation), position

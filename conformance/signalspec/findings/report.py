"""What a check found: per clause a status, how often it was exercised, and the shortest program that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from signalspec.engines.threads.trails import Executed
from signalspec.programs.outcomes import Outcome, Raised, outcome_to_json
from signalspec.standard.clauses import Clause

Status = Literal[
    "holds", "violated", "known", "inherited", "deviates", "inconclusive", "untestable", "not-in-force", "not-claimed"
]
Verdict = Literal["conforms", "violates", "inconclusive"]

UNCLAIMED = "the target does not claim "
"""What the note of a clause begins with that is not claimed; then come the capabilities that it needs."""

EXIT_STATUS: Mapping[Verdict, int] = {"conforms": 0, "violates": 1, "inconclusive": 3}


@dataclass(frozen=True)
class Counterexample:
    """A program that shows that `clause` is violated.

    `script` runs with nothing but the target installed; `program` is the same as data, for ``signalspec replay``.
    `otherwise` says what Django was seen to send in another way than its release does, and `trail` which lines of the
    target the threads of a story about threads executed.
    """

    clause: str
    script: str
    program: Mapping[str, Any]
    expected: str
    outcome: Outcome
    otherwise: tuple[str, ...] = ()
    trail: tuple[Executed, ...] = ()

    @property
    def actual(self) -> str:
        """What happened, in words."""
        return str(self.outcome)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data; the result that it belongs to names the clause."""
        found: dict[str, Any] = {"script": self.script, "program": dict(self.program)}
        found |= {"expected": self.expected, "actual": self.actual}
        if self.otherwise:
            found["otherwise"] = list(self.otherwise)
        if self.trail:
            found["trail"] = [each._asdict() for each in self.trail]
        if isinstance(self.outcome, Raised):
            found["raised"] = {key: value for key, value in outcome_to_json(self.outcome).items() if key != "outcome"}
        return found


@dataclass
class Result:
    """What is known about one clause.

    Of a violated one that follows from another one `because` names that cause, and of an inconclusive one what it
    rests on; of one that a release of Django is recorded to violate alike, `as_in` is that release's profile. One
    that is ``known`` is violated, or rests on what is, and the baseline knows it; one that is
    ``inherited`` is violated alike by Django's signal, of which the target is a subclass.
    """

    clause: Clause
    status: Status
    exercised: int = 0
    counterexample: Counterexample | None = None
    notes: list[str] = field(default_factory=list)
    because: str | None = None
    as_in: str | None = None


@dataclass(frozen=True)
class Report:
    """One target, checked; `mended` are the clauses that hold although a baseline knows them as violated."""

    target: str
    profile: str
    seed: int
    results: Sequence[Result]
    coverage: Sequence[str] = ()
    news: Sequence[str] = ()
    partial: bool = False
    mended: Sequence[str] = ()

    @property
    def verdict(self) -> Verdict:
        """``violates`` outranks ``inconclusive``, which says that a clause in force could not be judged."""
        found = {result.status for result in self.results}
        if "violated" in found:
            return "violates"
        return "inconclusive" if "inconclusive" in found else "conforms"

    @property
    def exit_status(self) -> int:
        """The exit status of a process that has only this to report."""
        return EXIT_STATUS[self.verdict]

    def with_status(self, status: Status) -> list[Result]:
        """Return the results that have `status`, in the standard's order."""
        return [result for result in self.results if result.status == status]

    @property
    def causes(self) -> list[Result]:
        """The violated clauses that follow from no other one, in the standard's order."""
        return [result for result in self.with_status("violated") if result.because is None]

    @property
    def own_causes(self) -> list[Result]:
        """The causes that no release of Django shows alike."""
        return [result for result in self.causes if result.as_in is None]

    @property
    def habits(self) -> list[Result]:
        """The causes that a release of Django shows alike."""
        return [result for result in self.causes if result.as_in is not None]

    def following(self, cause: str) -> list[Result]:
        """Return the violated clauses that follow from `cause`, in the standard's order."""
        return [result for result in self.with_status("violated") if result.because == cause]

    def with_scripts(self, change: Callable[[str], str]) -> Report:
        """Return the report with `change` made to each script."""
        changed = [
            replace(each, counterexample=replace(found, script=change(found.script)))
            if (found := each.counterexample)
            else each
            for each in self.results
        ]
        return replace(self, results=changed)

    def scripts(self) -> dict[str, str]:
        """Return the scripts of the violated clauses, by slug."""
        found = ((each.clause.slug, each.counterexample) for each in self.with_status("violated"))
        return {slug: counterexample.script for slug, counterexample in found if counterexample}

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON-ready data; the same check with the same seed gives the same data."""
        return {
            "target": self.target,
            "profile": self.profile,
            "verdict": self.verdict,
            "seed": self.seed,
            "partial": self.partial,
            "coverage": list(self.coverage),
            "news": list(self.news),
            "clauses": [
                {
                    "id": result.clause.slug,
                    "status": result.status,
                    "exercised": result.exercised,
                    "counterexample": result.counterexample.to_json() if result.counterexample else None,
                    "notes": result.notes,
                    **({"because": result.because} if result.because else {}),
                    **({"as_in": result.as_in} if result.as_in else {}),
                }
                for result in self.results
            ],
        }

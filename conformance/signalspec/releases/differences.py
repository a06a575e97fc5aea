"""What changed from one profile to another: clauses that begin or end, defects that come or go, each with a witness.

A witness is a case of a clause's law that the releases have been seen to answer differently. ``witnesses.json`` keeps
what each release did; `conformance/workshop/witnesses.py` makes it anew, and the tests of each release run it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from signalspec.engines.laws import Case, load_laws
from signalspec.runner.premises import shaky_premise
from signalspec.standard.clauses import Clause, Deviation, load_clauses
from signalspec.targets.target import Target

How = Literal["begins", "ends", "is fixed", "breaks"]

DJANGO = Target("django", "django.dispatch", "Signal", frozenset({"decorator"}))
"""What a witness runs on."""


@dataclass(frozen=True)
class Witness:
    """A case of the law of `clause`, what it demands, and what each release of Django does instead, if anything.

    `deviation` is the key of the recorded deviation that it shows, or ``None`` where it shows the clause's range, and
    `law` the digest of the law that was run.
    """

    clause: str
    deviation: str | None
    case: Case
    expected: str
    actual: Mapping[str, str | None]
    law: str

    @property
    def script(self) -> str:
        """The case as a script that needs nothing but Django."""
        clause = load_clauses().clause(self.clause)
        return load_laws()[self.clause].script(self.case, DJANGO, clause.requirement)

    def answer(self, profile: str) -> str:
        """Return what a release does, in words of the script; the standard does what it demands."""
        actual = self.actual.get(profile.removeprefix("django-"))
        return self.expected if actual is None else actual


@dataclass(frozen=True)
class Difference:
    """One thing that is not in `after` what it was in `before`, which are profiles."""

    clause: Clause
    how: How
    deviation: Deviation | None
    before: str
    after: str

    @property
    def headline(self) -> str:
        """What became of the clause, in a few words."""
        return f"{self.clause.slug} {self.how}"

    @property
    def meaning(self) -> str:
        """What it means for who uses signals."""
        return self.deviation.title if self.deviation else self.clause.intent

    @property
    def witness(self) -> Witness | None:
        """The program that shows it; there is none for what only threads show."""
        if self.deviation:
            return load_witnesses().get((self.clause.slug, self.deviation.key))
        known = load_witnesses()
        return known.get((self.clause.slug, None)) or known.get((premise_of(self.clause) or "", None))

    def to_json(self) -> dict[str, Any]:
        """Return the difference as JSON-ready data."""
        witness = self.witness
        return {
            "id": self.clause.slug,
            "how": self.how,
            "requirement": self.clause.requirement,
            "meaning": self.meaning,
            "witness": witness
            and {
                "script": witness.script,
                "program": {"law": self.clause.slug, "case": dict(witness.case)},
                self.before: witness.answer(self.before),
                self.after: witness.answer(self.after),
            },
        }


def differences(before: str, after: str) -> Sequence[Difference]:
    """Return what changed from the profile `before` to the profile `after`, in the standard's order."""
    return list(_differences(before, after))


def _differences(before: str, after: str) -> Iterator[Difference]:
    standard = load_clauses()
    broken = {profile: standard.deviations_in(profile) for profile in (before, after)}
    for clause in standard:
        if not clause.demands or not all(map(standard.parts[clause.part].covers.includes, (before, after))):
            continue
        was, is_ = (clause.in_force.includes(profile) for profile in (before, after))
        if was != is_:
            yield Difference(clause, "begins" if is_ else "ends", None, before, after)
        for deviation in standard.deviations if was and is_ else ():
            if deviation.clause == clause.slug and (deviation in broken[before]) != (deviation in broken[after]):
                how: How = "breaks" if deviation in broken[after] else "is fixed"
                yield Difference(clause, how, deviation, before, after)


@cache
def load_witnesses() -> Mapping[tuple[str, str | None], Witness]:
    """Return the witnesses, each by its clause and the key of its deviation."""
    rows = json.loads(files("signalspec").joinpath("data/witnesses.json").read_text("utf-8"))
    return {(row["clause"], row["deviation"]): Witness(**row) for row in rows}


def premise_of(clause: Clause) -> str | None:
    """Return the clause that `clause` rests on, if that begins and ends with it: one witness shows both."""
    siblings = {each.slug for each in load_clauses() if each.in_force == clause.in_force}
    return shaky_premise(clause.slug, siblings)


def needs_a_witness() -> Iterator[tuple[Clause, Deviation | None]]:
    """Yield each clause that some releases are not held to, and each deviation."""
    standard = load_clauses()
    for clause in standard:
        if clause.demands and clause.in_force != standard.parts[clause.part].covers:
            yield clause, None
        for deviation in standard.deviations:
            if deviation.clause == clause.slug:
                yield clause, deviation

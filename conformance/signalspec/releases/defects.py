"""What Django's releases do but should not: each recorded deviation as a report that one could file."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from signalspec.releases.differences import Witness, load_witnesses
from signalspec.standard.clauses import RELEASES, Clause, Deviation, Harm, Range, load_clauses
from signalspec.standard.examples import as_pasted

HARMS: dict[Harm, str] = {
    "lost": "Lost: a receiver does not run, or its effect is lost",
    "deadlock": "Hangs for ever",
    "leak": "Memory that is not freed",
    "raises": "Raises where it should not",
    "wrong": "Other wrong results",
}
"""The harms, the worst first, each as a heading."""

TRACKER = "https://code.djangoproject.com/ticket"


@dataclass(frozen=True)
class Defect:
    """A deviation, the clause that it breaks, and the program that shows it."""

    clause: Clause
    deviation: Deviation
    witness: Witness | None

    @property
    def is_open(self) -> bool:
        """Whether the newest release still has it."""
        return self.deviation.releases.includes(f"django-{RELEASES[-1]}")

    @property
    def newest(self) -> str:
        """The newest release that has it."""
        return self.deviation.releases.until or RELEASES[-1]

    @property
    def script(self) -> str:
        """A script that needs Django alone; where it takes threads to show it, the clause's example."""
        return self.witness.script if self.witness else as_pasted(self.clause) or ""

    @property
    def actual(self) -> str:
        """What the newest release that has it does, in words of the script."""
        return self.witness.answer(f"django-{self.newest}") if self.witness else self.deviation.actual[0]

    @property
    def expected(self) -> str:
        """What it should do."""
        return self.witness.expected if self.witness else "no exception"


def load_defects() -> Sequence[Defect]:
    """Return all defects, the worst first; of one harm, those that the newest release has, the rare ones last."""
    standard, witnesses, harms = load_clauses(), load_witnesses(), get_args(Harm)
    found = [
        Defect(standard.clause(each.clause), each, witnesses.get((each.clause, each.key)))
        for each in standard.deviations
    ]
    return sorted(found, key=lambda each: (harms.index(each.deviation.harm), not each.is_open, each.deviation.rare))


def told_once(defects: Sequence[Defect]) -> Sequence[Sequence[Defect]]:
    """Return the defects in their order, those of one harm together that are told in the same words."""
    found: dict[tuple[Harm, str], list[Defect]] = {}
    for each in defects:
        found.setdefault((each.deviation.harm, each.deviation.title), []).append(each)
    return list(found.values())


def report_of(defect: Defect) -> str:
    """Return the defect as a report in Markdown."""
    clause, deviation = defect.clause, defect.deviation
    expected, actual = _where_they_differ(defect.expected, defect.actual)
    lines = [
        f"## {deviation.title}",
        "",
        f"In {_of_django(deviation.releases)}. {HARMS[deviation.harm]}.",
        *([f"Ticket: {TRACKER}/{deviation.ticket}"] if deviation.ticket else []),
        "",
        f"**Rule:** {clause.requirement} (Source: {clause.source.rstrip('.')}; `{clause.slug}`)",
        "",
        f"**Expected:** `{_code(expected)}`",
        "",
        f"**Actual:** `{_code(actual)}`",
        "",
        "```python",
        defect.script.rstrip("\n"),
        "```",
    ]
    return "\n".join(lines) + "\n"


def _of_django(releases: Range) -> str:
    return "every release of Django" if str(releases) == "every release" else f"Django {releases}"


def _where_they_differ(expected: str, actual: str) -> tuple[str, str]:
    """Return both sides; of dictionaries, also nested ones, only the items that differ."""
    try:
        both = _differing(literal_eval(expected), literal_eval(actual))
    except (SyntaxError, ValueError):
        return expected, actual
    return repr(both[0]), repr(both[1])


def _differing(one: Any, other: Any) -> tuple[Any, Any]:
    if not (isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys()):
        return one, other
    pairs = {key: _differing(one[key], other[key]) for key in one if one[key] != other[key]}
    return {key: pair[0] for key, pair in pairs.items()}, {key: pair[1] for key, pair in pairs.items()}


def _code(text: str) -> str:
    return text.replace("`", "'")

"""The examples of the clauses about the dispatcher, run on the installed Django as a reader does who pastes them.

One that Django does not keep says so in a comment, and only where a deviation is recorded.
"""

from __future__ import annotations

from functools import cache

import django
from pasted import failures
from signalspec.standard.clauses import Clause, load_clauses
from signalspec.standard.examples import as_pasted

STANDARD = load_clauses()
INSTALLED = f"django-{django.VERSION[0]}.{django.VERSION[1]}"
CLAUSES = [
    clause
    for clause in STANDARD
    if clause.part == "dispatch" and clause.demands and clause.in_force.includes(INSTALLED) and clause.example
]


@cache
def failing() -> frozenset[str]:
    """Return the clauses whose example does not hold on the installed Django."""
    return frozenset(failures({each.slug: as_pasted(each) or "" for each in CLAUSES if not lacking(each)}))


def lacking(clause: Clause) -> bool:
    """Tell whether the clause needs what the installed Django cannot do."""
    return "async" in clause.needs and django.VERSION < (5, 0)


def test_an_example_fails_only_where_a_deviation_is_recorded() -> None:
    assert failing() - {each.clause for each in STANDARD.deviations_in(INSTALLED)} == frozenset()


def test_an_example_that_fails_says_so() -> None:
    silent = [each for each in CLAUSES if each.slug in failing() and "Django" not in comments(each)]
    assert [each.slug for each in silent] == []


def test_what_every_django_is_said_to_break_is_broken() -> None:
    said = {each.slug for each in CLAUSES if "very Django" in comments(each) and not lacking(each)}
    assert said
    assert said - failing() == frozenset()


def comments(clause: Clause) -> str:
    """Return what the comments of the example say."""
    return " ".join(line.partition("#")[2] for line in (clause.example or "").splitlines())

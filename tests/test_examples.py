"""The examples of the clauses about the dispatcher, run on the installed Django as a reader does who pastes them.

One that Django does not keep says so in a comment, and only where a deviation is recorded.
"""

from __future__ import annotations

from functools import cache

import django
from pasted import failures
from signalspec.standard.clauses import Clause, load_clauses
from signalspec.standard.examples import as_pasted, breaking_example, example_heading

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


def test_an_example_fails_just_where_its_deviation_says_so() -> None:
    deviations = STANDARD.deviations_in(INSTALLED)
    breaking = {each.slug for each in CLAUSES if not lacking(each) and {*breaking_example(each)} & {*deviations}}
    assert failing() == breaking


def test_what_stands_above_an_example_says_where_it_fails() -> None:
    headings = {each.slug: example_heading(each) for each in STANDARD}
    assert headings["coroutines.instance"] == "Example (fails on Django since 5.0):"
    assert headings["uids.falsy-uid"] == "Example (fails on every Django):"
    assert headings["save.update-or-create-saves-all"] == "Example (holds up to 4.1):"
    assert headings["context.is-not-shared"] == "Example (holds from 5.0 to 6.0):"
    assert headings["robust.logs-the-exception"] == headings["connect.returns-none"] == "Example:"
    assert headings["lifetime.address-of-a-dead-sender"] == "Example:"


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

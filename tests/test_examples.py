"""The examples of the clauses about the dispatcher, run on the installed Django as a reader does who pastes them.

One that Django does not keep says so in a comment, and only where a deviation is recorded.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import django
from signalspec.standard.clauses import Clause, load_clauses
from signalspec.standard.examples import as_pasted

STANDARD = load_clauses()
INSTALLED = f"django-{django.VERSION[0]}.{django.VERSION[1]}"
CLAUSES = [
    clause
    for clause in STANDARD
    if clause.part == "dispatch" and clause.demands and clause.in_force.includes(INSTALLED) and clause.example
]

DRIVER = """
import asyncio, json, os, sys
import asgiref.sync, django.conf, django.dispatch
failed = []
for slug, program in json.load(sys.stdin):
    child = os.fork()
    if child == 0:
        status = 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            exec(compile(program, slug, "exec"), {"__name__": "__main__"})
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(child, 0)[1]:
        failed.append(slug)
print(json.dumps(failed))
"""
"""Runs each program in a process of its own, since some configure settings; what many import is imported once."""


@cache
def failing() -> frozenset[str]:
    """Return the clauses whose example does not hold on the installed Django."""
    programs = [(clause.slug, as_pasted(clause)) for clause in CLAUSES if not lacking(clause)]
    given = json.dumps(programs)
    ended = subprocess.run([sys.executable, "-c", DRIVER], input=given, capture_output=True, text=True, check=True)
    return frozenset(json.loads(ended.stdout))


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

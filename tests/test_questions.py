"""The common questions: each can be read, names clauses that there are, and has an example that runs as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import django
import pytest
from pasted import failures
from signalspec.standard.clauses import STANDARD, SpecError, load_clauses, spec_folder
from signalspec.standard.questions import Question, load_questions, read_topic

QUESTIONS = load_questions()
INSTALLED = f"django-{django.VERSION[0]}.{django.VERSION[1]}"
GOOD = "## Why?\n\n*Asked as.* why, how\n\nBecause.\n\n*See.* `connect.returns-none`.\n\n```python\npass\n```\n"


@cache
def failing(module: str, profile: str) -> Mapping[str, str]:
    """Return what the examples raise that do not hold with the `Signal` of a module."""
    head = f"from {module} import Signal, receiver\n"
    programs = {each.title: head + each.program for each in QUESTIONS if each.in_force.includes(profile)}
    return failures(programs, f"import {module}, django.db.models, django.test")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title)
@pytest.mark.parametrize(
    ("module", "profile"),
    [("signalspec_reference", STANDARD), ("django.dispatch", INSTALLED)],
    ids=["the reference", "the installed Django"],
)
def test_the_example_runs(question: Question, module: str, profile: str) -> None:
    # What runs on Django's models takes a Django that has what it is about, whosever `Signal` it uses.
    profiles = {profile, INSTALLED} if "django.db" in question.program else {profile}
    if not all(question.in_force.includes(each) for each in profiles):
        pytest.skip(f"is about Django {question.in_force}")
    assert failing(module, profile).get(question.title) is None


def test_every_topic_is_read() -> None:
    folder = spec_folder() / "questions"
    assert {each.name for each in folder.iterdir()} == {f"{each.topic.name}.md" for each in QUESTIONS}


def test_questions_and_the_words_of_a_question_differ() -> None:
    titles = [question.title for question in QUESTIONS]
    assert len({*titles}) == len(titles)
    for question in QUESTIONS:
        assert len({*question.asked_as}) == len(question.asked_as)


def test_a_question_is_read() -> None:
    [question] = read_topic("topic", f"# Topic\n\n```python\nhas = 'a prelude'\n```\n\n{GOOD}", load_clauses())
    assert (question.title, question.topic.title, question.asked_as) == ("Why?", "Topic", ("why", "how"))
    assert (question.answer, question.clauses) == ("Because.", ("connect.returns-none",))
    assert question.program == "has = 'a prelude'\npass\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("*Asked as.* why, how\n\n", ""), "'Why?' needs"),
        (GOOD.replace("*See.* `connect.returns-none`.\n\n", ""), "'Why?' needs"),
        (GOOD + "\n```python\npass\n```\n", "'Why?' needs"),
        (GOOD.replace("returns-none", "returns-nothing"), "connect.returns-nothing, which is no clause"),
        (GOOD.replace("Because.", "*In force.* always\n\nBecause."), "is no range"),
    ],
)
def test_a_question_that_breaks_the_format_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(SpecError, match=re.escape(complaint)):
        list(read_topic("topic", f"# Topic\n\n{text}", load_clauses()))

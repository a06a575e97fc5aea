"""The exercise: each typical mistake is answered by the sentence that helps; right projects of any design pass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import django
import pytest
from conftest import Cli
from exercise_solutions import ASYNCHRONOUS, ENDLESS, RIGHT, UNUSABLE, WRONG, Files
from signalspec.exercise.lessons import LESSONS
from signalspec.standard.clauses import load_clauses

pytestmark = pytest.mark.skipif(django.VERSION < (4, 2), reason="the exercise is for Django 4.2 and newer")


@pytest.fixture
def project(cli: Cli, folder: Path) -> Path:
    """The project as a learner begins with it."""
    assert cli("exercise", "start", "mine").exit_code == 0
    return folder / "mine"


def hand_in(project: Path, files: Files) -> None:
    for name, text in files.items():
        (project / name).write_text(text, "utf-8")


def test_the_project_to_begin_with_runs(project: Path) -> None:
    for command in ("check", "migrate", "makemigrations --check --dry-run"):
        subprocess.run([sys.executable, "manage.py", *command.split()], cwd=project, check=True, capture_output=True)


def test_the_project_to_begin_with_is_not_right_yet(project: Path, cli: Cli) -> None:
    result = cli("exercise", "check", project)
    assert result.exit_code == 1
    assert (
        "todos/signals.py has no signal todo_done of its own: make one with `todo_done = Signal()`." in result.stdout
    )


@pytest.mark.parametrize("design", RIGHT)
def test_right_projects_of_any_design_pass(design: str, project: Path, cli: Cli) -> None:
    if RIGHT[design] is ASYNCHRONOUS and django.VERSION < (5, 0):
        pytest.skip("Django has no asynchronous receivers before 5.0")
    hand_in(project, RIGHT[design])
    result = cli("exercise", "check", project)
    assert result.stdout.endswith("Everything is right. Well done!\n"), result.output
    assert result.exit_code == 0
    assert result.stdout.count("\n  ") == len(LESSONS)


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_answered_by_the_sentence_that_helps(mistake: str, project: Path, cli: Cli) -> None:
    wrong = WRONG[mistake]
    hand_in(project, wrong.files)
    result = cli("exercise", "check", project)
    assert result.exit_code == 1, result.output
    _, found, rest = result.stdout.partition("Not yet:\n")
    said = rest.partition("\n\n")[0]
    assert found and wrong.sentence in said
    # One mistake has one cause, so nothing else is blamed.
    clauses = ", ".join(f"signalspec explain {slug}" for slug in LESSONS[wrong.lesson].clauses)
    assert [line for line in said.splitlines() if "Why:" in line] == [f"    Why: {clauses}"], said


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_project_that_cannot_be_run_is_refused_in_one_sentence(name: str, project: Path, cli: Cli) -> None:
    files, sentence = UNUSABLE[name]
    hand_in(project, files)
    result = cli("exercise", "check", project)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"signalspec: {sentence}\n")


def test_a_project_that_hangs_is_ended(project: Path, cli: Cli) -> None:
    hand_in(project, ENDLESS)
    result = cli("exercise", "check", project, "--timeout", "4")
    assert result.exit_code == 2
    assert result.stderr.startswith("signalspec: The project did not come to an end in 4 s while ")
    assert result.stderr.count("\n") == 1


def test_what_a_project_prints_is_not_shown(project: Path, cli: Cli) -> None:
    hand_in(project, {"todos/signals.py": "import sys\nprint('hello')\nprint('hello', file=sys.stderr)\n"})
    result = cli("exercise", "check", project)
    assert "hello" not in result.output


def test_bad_calls_are_refused_in_one_sentence(project: Path, cli: Cli, folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "file").touch()
    for call, sentence in {
        ("check", "nowhere"): "There is no folder nowhere.",
        ("check", "empty"): "empty is not the project of the exercise: it has no manage.py, or no folder todos.",
        ("check", "file"): "There is no folder file.",
        ("start", "mine"): "mine is not empty; name a new folder.",
        ("start", "file"): "file is not a folder.",
        ("start", "file/within"): "file/within cannot be written: Not a directory.",
    }.items():
        result = cli("exercise", *call)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"signalspec: {sentence}\n")


def test_an_empty_folder_will_do(cli: Cli, folder: Path) -> None:
    (folder / "empty").mkdir()
    assert cli("exercise", "start", "empty").exit_code == 0
    assert not list(folder.rglob("__pycache__"))


def test_lessons_name_clauses() -> None:
    for lesson in LESSONS.values():
        assert lesson.clauses
        for slug in lesson.clauses:
            load_clauses().clause(slug)


def test_each_lesson_answers_a_mistake() -> None:
    assert {wrong.lesson for wrong in WRONG.values()} == set(LESSONS)


def test_a_lesson_comes_after_those_that_it_needs() -> None:
    names = list(LESSONS)
    for lesson in LESSONS.values():
        assert all(names.index(each) < names.index(lesson.name) for each in lesson.after)

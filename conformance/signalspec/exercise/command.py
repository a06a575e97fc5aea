"""The command line of the exercise: ``signalspec exercise start`` and ``check``."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import click

from signalspec.exercise.lessons import Verdict, judge
from signalspec.exercise.running import ProjectError, run

SHOWN = 3
"""How many sentences of one lesson are shown: what is wrong in one way is often wrong all over."""

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


@click.group()
def exercise() -> None:
    """Practise: add two signals to a small Django project, and have the result checked."""


@exercise.command()
@folder_argument
def start(folder: Path) -> int:
    """Write the project of the exercise to DIR, which is new or empty."""
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"{folder} is not a folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; name a new folder.")
    try:
        with as_file(files(__package__) / "project") as project:
            shutil.copytree(project, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be written: {error.strerror or error}.") from error
    click.echo(f"The project is in {folder}. The task is in {folder / 'README.md'}; begin with todos/signals.py.")
    click.echo(f"Whenever you like: signalspec exercise check {folder}")
    return 0


@exercise.command()
@folder_argument
@click.option(
    "--timeout",
    type=click.FloatRange(0, 3600, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long the project may take at the most.",
)
def check(folder: Path, timeout: float) -> int:
    """Run the project in DIR, and say what is right and what is not.

    Of what is not right yet, the clause that explains it is named.

    \b
    Exit status:
      0  everything is right
      1  something is not right yet
      2  the project cannot be run
    """
    try:
        verdicts = judge(run(folder, timeout))
    except ProjectError as error:
        raise click.UsageError(str(error)) from error
    show(verdicts)
    return 0 if all(verdict.right for verdict in verdicts) else 1


def show(verdicts: list[Verdict]) -> None:
    """Print all verdicts: what is right, what is not yet, and what could not be judged."""
    right = [verdict.lesson for verdict in verdicts if verdict.right]
    wrong = [verdict for verdict in verdicts if verdict.wrong]
    later = [verdict.lesson for verdict in verdicts if not verdict.judged]
    if right:
        click.echo("Right:")
        for lesson in right:
            click.echo(f"  {lesson.right}")
    if wrong:
        click.echo("\nNot yet:" if right else "Not yet:")
        for verdict in wrong:
            for sentence in verdict.wrong[:SHOWN]:
                click.echo(f"  {sentence}")
            if len(verdict.wrong) > SHOWN:
                click.echo(f"  And {len(verdict.wrong) - SHOWN} more like these.")
            click.echo(f"    Why: {', '.join(f'signalspec explain {slug}' for slug in verdict.lesson.clauses)}")
    if later:
        click.echo("\nLooked at when that is right:")
        for lesson in later:
            click.echo(f"  {lesson.right}")
    if not wrong:
        click.echo("\nEverything is right. Well done!")

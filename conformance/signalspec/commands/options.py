"""Options and arguments that several commands share, with what they accept and complete."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from signalspec.standard.clauses import PROFILES, UnknownClauseError, load_clauses, validate_profile
from signalspec.standard.names import suggestion

STANDARD_OUTPUT = Path("-")
"""The file that stands for standard output."""

Command = TypeVar("Command", bound=Callable[..., int])


def profile_named(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    """Return the profile that a release or a profile's name stands for."""
    return None if name is None else validate_profile(name)


def complete_profile(_: click.Context, __: click.Parameter, begun: str) -> Sequence[str]:
    """Return the profiles that begin so; a release alone will do."""
    return [name for name in PROFILES if begun in (name[: len(begun)], name.removeprefix("django-")[: len(begun)])]


def complete_slug(_: click.Context, __: click.Parameter, begun: str) -> Sequence[str]:
    """Return the slugs that begin so, as far as the chapter where several chapters do."""
    slugs = [slug for slug in load_clauses().clauses if slug.startswith(begun)]
    chapters = list(dict.fromkeys(slug.partition(".")[0] for slug in slugs))
    return slugs if len(chapters) == 1 else [f"{chapter}." for chapter in chapters]


def _prefixes(_: click.Context, __: click.Parameter, prefixes: tuple[str, ...]) -> tuple[str, ...] | str:
    standard = load_clauses()
    found: list[str] = []
    for prefix in prefixes:
        if prefix in standard.parts:
            found += [f"{chapter}." for chapter in standard.parts[prefix].chapters]
            continue
        if not any(clause.slug.startswith(prefix) for clause in standard):
            known = [*standard.parts, *standard.chapters, *standard.clauses]
            meant = suggestion(prefix, known, "`signalspec clauses` lists them.")
            raise UnknownClauseError(f"No clause begins with {prefix!r}; {meant}")
        found.append(prefix)
    return tuple(found) or ""


def _writable(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    # Appending nothing shows whether the file can be written, and keeps what it holds until there is a report.
    if file is not None and file != STANDARD_OUTPUT:
        is_new = not os.path.exists(file)  # Path.exists raises where a folder may not be read.
        write(file, "", "a")
        if is_new:
            file.unlink()
    return file


def write(file: Path, text: str, mode: Literal["w", "a"] = "w") -> None:
    """Write a file, or say in one sentence why it cannot be written."""
    if file == STANDARD_OUTPUT:
        click.echo(text, nl=False)
        return
    try:
        with file.open(mode, encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}.") from error


def profile_argument(name: str, metavar: str) -> Callable[[Command], Command]:
    """Return an argument that is a profile."""
    return click.argument(name, metavar=metavar, callback=profile_named, shell_complete=_completing(complete_profile))


def _completing(complete: Callable[..., Sequence[str]]) -> Any:
    return complete


profile_option = click.option(
    "--profile",
    metavar="NAME",
    callback=profile_named,
    shell_complete=_completing(complete_profile),
    help="The release to hold targets to, such as django-5.2 or 5.2, or standard.",
)


def only_option(help_text: str) -> Callable[[Command], Command]:
    """Return the option that selects clauses."""
    complete = _completing(complete_slug)
    return click.option(
        "--only", metavar="PREFIX", multiple=True, callback=_prefixes, shell_complete=complete, help=help_text
    )


def file_option(name: str, help_text: str) -> Callable[[Command], Command]:
    """Return an option that names a file to write; whether it can be written is seen before anything is done."""
    path, parameter = click.Path(path_type=Path), f"{name.strip('-').replace('-', '_')}_file"
    return click.option(name, parameter, type=path, metavar="FILE", callback=_writable, help=help_text)

"""The command line: ``signalspec check``, ``clauses``, ``explain``, ``diff``, ``replay`` and ``schema``."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from textwrap import indent
from typing import Any, BinaryIO, Literal, NoReturn, TypeVar

import click

from signalspec.engines.laws import load_laws
from signalspec.exercise.command import exercise
from signalspec.findings.report import Report
from signalspec.releases.differences import differences
from signalspec.reports import htmlfile, jsonfile, junit
from signalspec.reports.describing import state
from signalspec.reports.difference import show_differences
from signalspec.reports.explaining import show_clause
from signalspec.reports.progress import follow
from signalspec.reports.terminal import make_console, show_report
from signalspec.runner import supervisor as supervising
from signalspec.runner.examination import Options
from signalspec.runner.replay import ReplayError, Stored, read_programs
from signalspec.standard.clauses import UnknownClauseError, UnknownProfileError, load_clauses, validate_profile
from signalspec.standard.verification import verification_of
from signalspec.targets.target import Target, TargetError
from signalspec.traces.commands import COMMANDS as trace_commands  # noqa: N811
from signalspec.tutorial.command import tutorial

Command = TypeVar("Command", bound=Callable[..., int])

DEFAULT_TARGETS = ("reference", "django")
A_DAY = 86_400.0

REFUSALS = (TargetError, UnknownProfileError, UnknownClauseError, ReplayError)
"""What a user can mend; each message is one sentence."""


class Commands(click.Group):
    """Commands that return their exit status, and refuse bad input with one sentence and status 2."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command and exit with its status."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            # What a target responds with may not be printable in the terminal's encoding.
            sys.stdout.reconfigure(errors="backslashreplace")
        # A console script's path lacks the current directory, where the author of a target works.
        sys.path.insert(0, "")
        status: int | None
        try:
            status = super().main(*args, **{**extra, "standalone_mode": False})
        except click.Abort:
            status = 130
        except click.ClickException as error:
            status = _refuse(error.format_message())
        except REFUSALS as error:
            status = _refuse(str(error))
        except Exception:
            traceback.print_exc()
            click.echo("signalspec: this is a defect of signalspec, and says nothing about a target.", err=True)
            status = 4
        sys.exit(status)


def _refuse(message: str) -> int:
    sentence = " ".join(message.split())
    click.echo(f"signalspec: {sentence if sentence.endswith('?') else sentence.rstrip('.') + '.'}", err=True)
    return 2


def _profile(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    return None if name is None else validate_profile(name)


def _prefixes(_: click.Context, __: click.Parameter, prefixes: tuple[str, ...]) -> tuple[str, ...] | str:
    found: list[str] = []
    for prefix in prefixes:
        if prefix in load_clauses().parts:
            found += [f"{chapter}." for chapter in load_clauses().parts[prefix].chapters]
            continue
        if not any(clause.slug.startswith(prefix) for clause in load_clauses()):
            raise UnknownClauseError(f"No clause begins with {prefix!r}; `signalspec clauses` lists them.")
        found.append(prefix)
    return tuple(found) or ""


def _seconds(_: click.Context, __: click.Parameter, seconds: float) -> float:
    # Infinity and nan are numbers too, but no timer takes them.
    if not 0 < seconds <= A_DAY:
        raise click.BadParameter(f"{seconds:g} is not above 0 seconds and below a day.")
    return seconds


def _writable(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    # Appending nothing shows whether the file can be written, and keeps what it holds until there is a report.
    if file is not None:
        is_new = not os.path.exists(file)  # Path.exists raises where a folder may not be read.
        _write(file, "", "a")
        if is_new:
            file.unlink()
    return file


def _write(file: Path, text: str, mode: Literal["w", "a"] = "w") -> None:
    try:
        with file.open(mode, encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}.") from error


profile_option = click.option(
    "--profile", metavar="NAME", callback=_profile, help="The release to hold targets to, such as django-5.2."
)
timeout_option = click.option(
    "--timeout",
    type=float,
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    callback=_seconds,
    help="The longest that one program may take.",
)


def _file_option(name: str, help_text: str) -> Callable[[Command], Command]:
    path = click.Path(path_type=Path)
    return click.option(
        name, f"{name.strip('-')}_file", type=path, metavar="FILE", callback=_writable, help=help_text
    )


def _count_option(name: str, default: int, help_text: str) -> Callable[[Command], Command]:
    return click.option(name, type=click.IntRange(0), default=default, show_default=True, help=help_text)


@click.group(cls=Commands, invoke_without_command=True)
@click.version_option(package_name="signalspec", message="signalspec %(version)s")
@click.pass_context
def main(context: click.Context) -> int | None:
    """Check implementations of Django-style signals against the signal standard."""
    if context.invoked_subcommand:
        return None
    click.echo(context.get_help(), err=True)
    return 2


for added in (exercise, tutorial, *trace_commands):
    main.add_command(added)


@main.command()
@click.argument("targets", metavar="[TARGET]...", nargs=-1)
@profile_option
@click.option("--only", metavar="PREFIX", multiple=True, callback=_prefixes, help="Check the clauses that begin so.")
@_count_option("--depth", 4, "Commands of the longest enumerated program.")
@_count_option("--examples", 50, "How many long random programs to run.")
@click.option("--seed", type=int, default=0, show_default=True, help="What random choices depend on.")
@_count_option("--preemptions", 1, "How many times threads are stopped in one schedule.")
@click.option("--every-line", is_flag=True, help="Switch threads at every line, which takes longer.")
@timeout_option
@_file_option("--json", "Write the report as JSON.")
@_file_option("--junit", "Write the report as JUnit's XML.")
@_file_option("--html", "Write the report as one page of HTML.")
def check(
    targets: tuple[str, ...],
    profile: str | None,
    json_file: Path | None,
    junit_file: Path | None,
    html_file: Path | None,
    **options: Any,
) -> int:
    """Check each TARGET: django, reference, MODULE or MODULE:ATTR.

    Without a TARGET the reference and the installed Django are checked. A profile django-X.Y tolerates the
    recorded deviations of that release; the default is the installed release for django, and standard for
    everything else.

    \b
    Exit status:
      0  every clause in force holds, recorded deviations aside
      1  a clause is violated
      2  the call or a target cannot be used
      3  nothing is violated, but a clause in force was never exercised
      4  signalspec itself failed
    """
    renderers = ((json_file, jsonfile.render), (junit_file, junit.render), (html_file, htmlfile.render))
    written = [(file, render) for file, render in renderers if file]
    if len({file for file, _ in written}) < len(written):
        raise click.UsageError("Two reports would be written to the same file.")
    console = make_console()
    reports: list[Report] = []
    for target in [supervising.load(name) for name in targets or DEFAULT_TARGETS]:
        with follow(target.name) as progress:
            reports.append(supervising.check(target, profile, Options(**options), progress))
        console.print("\n" * (len(reports) > 1), end="")
        show_report(reports[-1], console)
    for file, render in written:
        _write(file, render(reports))
    found = {report.exit_status for report in reports}
    return next(status for status in (1, 3, 0) if status in found)


@main.command()
@profile_option
def clauses(profile: str | None) -> int:
    """List every clause, or those in force in a profile: slug, keyword, releases, verification, needs."""
    shown = [clause for clause in load_clauses() if profile is None or clause.in_force.includes(profile)]
    width = max(len(clause.slug) for clause in shown)
    for clause in shown:
        needs = f"needs {', '.join(clause.needs)}" if clause.needs else ""
        verified = verification_of(clause)
        line = f"{clause.slug:<{width}}  {clause.keyword:<11}  {clause.in_force!s:<13}  {verified:<11}  {needs}"
        click.echo(line.rstrip())
    return 0


@main.command()
def schema() -> int:
    """Print the JSON schema of what check --json writes."""
    click.echo(jsonfile.schema(), nl=False)
    return 0


@main.command()
@click.argument("slug")
def explain(slug: str) -> int:
    """Show one clause: its text, its example, its law, and the deviations recorded for it."""
    standard = load_clauses()
    clause = standard.clause(slug)
    law = load_laws().get(slug)
    deviations = [deviation for deviation in standard.deviations if deviation.clause == slug]
    show_clause(clause, law.source if law else None, deviations, make_console())
    return 0


@main.command()
@click.argument("before", metavar="P", callback=_profile)
@click.argument("after", metavar="Q", callback=_profile)
@click.option("--only", metavar="PREFIX", multiple=True, callback=_prefixes, help="Show the clauses that begin so.")
@_file_option("--json", "Write the differences as JSON.")
def diff(before: str, after: str, only: tuple[str, ...] | str, json_file: Path | None) -> int:
    """Show what changed from profile P to profile Q, with a program each that tells them apart."""
    found = [each for each in differences(before, after) if each.clause.slug.startswith(only)]
    show_differences(before, after, found, make_console())
    if json_file:
        _write(json_file, json.dumps([each.to_json() for each in found], indent=2) + "\n")
    return 0


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--target", "name", metavar="TARGET", help="Where to run them; by default, where they failed.")
@timeout_option
def replay(file: BinaryIO, name: str | None, timeout: float) -> int:
    """Run the programs in FILE again: a report, or a counterexample or program taken out of one.

    The exit status is 1 where one of them still fails, and 0 otherwise.
    """
    runs: list[tuple[Stored, Target]] = []
    for stored in read_programs(file.read()):
        where = name or stored.target
        if where is None:
            raise click.UsageError("The file names no target; name one with --target.")
        runs.append((stored, supervising.load(where)))
    console = make_console()
    if not runs:
        console.print("There is nothing to replay: the report has no counterexample.")
    failures = 0
    for stored, target in runs:
        failure = supervising.replay(stored.program, target, timeout)
        failures += failure is not None
        verdict = "still fails" if failure else "does not fail"
        console.print(f"{stored.clause.slug} on {target.name}: {verdict}")
        console.print(indent(state(stored.clause, failure), "  "))
    return 1 if failures else 0

"""The command line: all commands by name, and those that run targets, ``check`` and ``replay``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from signalspec.commands.baselines import settings
from signalspec.commands.group import Commands, Later
from signalspec.commands.merging import check_shard, shard_option
from signalspec.commands.options import Command, only_option, profile_option
from signalspec.commands.output import Output, output_options

if TYPE_CHECKING:
    from signalspec.engines.shards import Shard
    from signalspec.runner.replay import Stored
    from signalspec.targets.target import Target

DEFAULT_TARGETS = ("reference", "django")
A_DAY = 86_400.0

LATER = {
    "audit": Later("signalspec.traces.commands:audit", "Show what a project's receivers rely on but should not."),
    "compare": Later("signalspec.traces.commands:compare", "Show which tests send different signals in two traces."),
    "record": Later("signalspec.traces.commands:record", "Run a command, and record which signals it dispatches."),
    "clauses": Later("signalspec.commands.reading:clauses", "List the clauses, all or those in force in a release."),
    "defects": Later(
        "signalspec.commands.differing:defects", "List what Django does but should not, the worst first."
    ),
    "diff": Later(
        "signalspec.commands.differing:diff", "Show what an upgrade changes, the most dangerous changes first."
    ),
    "exercise": Later(
        "signalspec.exercise.command:exercise",
        "Practise: add two signals to a small Django project, and have the result checked.",
    ),
    "explain": Later(
        "signalspec.commands.reading:explain",
        "Explain a clause, answer a question, or list a chapter.",
    ),
    "merge": Later("signalspec.commands.merging:merge", "Join the reports of the parts of one check."),
    "schema": Later("signalspec.commands.reading:schema", "Print the JSON schema of what check --json writes."),
    "tutorial": Later(
        "signalspec.tutorial.command:tutorial", "Write the tutorial's project, as it stands after a page, to disk."
    ),
    "search": Later("signalspec.commands.reading:search", "Find clauses, questions and pages by words."),
}
"""The commands that stand in modules of their own."""


def _seconds(_: click.Context, __: click.Parameter, seconds: float) -> float:
    # Infinity and nan are numbers too, but no timer takes them.
    if not 0 < seconds <= A_DAY:
        raise click.BadParameter(f"{seconds:g} is not above 0 seconds and below a day.")
    return seconds


timeout_option = click.option(
    "--timeout",
    type=float,
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    callback=_seconds,
    help="How long one sequence of calls may take at the most.",
)


def _count_option(name: str, default: int, help_text: str) -> Callable[[Command], Command]:
    return click.option(name, type=click.IntRange(0), default=default, show_default=True, help=help_text)


@click.group(
    cls=Commands, later=LATER, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="signalspec", message="signalspec %(version)s")
@click.pass_context
def main(context: click.Context) -> int | None:
    """Check implementations of Django-style signals against the signal standard, and read the standard."""
    if context.invoked_subcommand:
        if context.invoked_subcommand == "check":
            context.default_map = {"check": settings(Path())}
        return None
    click.echo(context.get_help(), err=True)
    return 2


@main.command()
@click.argument("targets", metavar="[TARGET]...", nargs=-1)
@profile_option
@only_option("Check only clauses whose slug begins with PREFIX.")
@click.option(
    "--server", metavar="NAME", help="Check what Django sends behind this server, over HTTP, such as runserver."
)
@click.option(
    "--database",
    metavar="URL",
    help="Check what models send on this database server: postgresql://, mariadb:// or mysql://.",
)
@click.option("--base", metavar="MODULE:CLASS", help="Check models of this base class, manager or queryset.")
@_count_option("--depth", 4, "Run every sequence of calls (connect, send, ...) up to this length.")
@_count_option("--examples", 50, "How many long random sequences of calls to run.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random choices.")
@_count_option("--preemptions", 1, "How many times threads are stopped in one schedule.")
@click.option("--every-line", is_flag=True, help="Switch threads at every line, which takes longer.")
@timeout_option
@output_options
@shard_option
def check(
    targets: tuple[str, ...],
    server: str | None,
    database: str | None,
    base: str | None,
    profile: str | None,
    shard: Shard | None,
    **options: Any,
) -> int:
    """Check each TARGET: django, reference, or a Signal class as MODULE or MODULE:CLASS.

    Without a TARGET the reference and the installed Django are checked. A profile django-X.Y tolerates the
    recorded deviations of that release; the default is the installed release for django, and standard for
    everything else.

    \b
    Exit status:
      0  every clause in force holds, apart from recorded deviations and the baseline
      1  a clause is violated
      2  the call or a target cannot be used
      3  nothing is violated, but a clause in force could not be judged
      4  signalspec itself failed
    """
    if server is not None:
        from signalspec.servers.command import check_on_server

        return check_on_server(server, targets, options["only"], options["json_file"])
    from signalspec.commands.targets import targets_of
    from signalspec.reports.progress import follow
    from signalspec.runner import supervisor as supervising
    from signalspec.runner.options import Options

    output = Output.of(options)
    if shard is not None:
        return check_shard(targets or DEFAULT_TARGETS, profile, Options(**options, shard=shard), output)
    with targets_of(targets or DEFAULT_TARGETS, database, base) as loaded:
        for target in loaded:
            with follow(target.name) as progress:
                try:
                    report = supervising.check(target, profile, Options(**options), progress)
                except supervising.Interrupted as interrupt:
                    report = interrupt.report
            output.add(report)
            if report.partial:
                break
    return output.end()


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--target", "name", metavar="TARGET", help="The target; by default, the one on which they failed.")
@timeout_option
def replay(file: BinaryIO, name: str | None, timeout: float) -> int:
    """Run the programs of a report FILE again, or one that was copied from it.

    The exit status is 1 where one of them still fails, and 0 otherwise.
    """
    from signalspec.reports.describing import state
    from signalspec.reports.terminal import make_console
    from signalspec.runner import supervisor as supervising
    from signalspec.runner.replay import read_programs

    runs: list[tuple[Stored, Target]] = []
    for stored in read_programs(file.read()):
        where = name or stored.target
        if where is None:
            raise click.UsageError("The file names no target; name one with --target.")
        runs.append((stored, supervising.load_target(where)))
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

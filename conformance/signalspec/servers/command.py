"""What ``signalspec check django --server NAME`` does."""

from __future__ import annotations

import json
from pathlib import Path

import click
from click.core import ParameterSource

from signalspec.commands.options import write
from signalspec.reports.progress import follow
from signalspec.servers.checking import check_server, find_server
from signalspec.servers.report import lines
from signalspec.servers.running import ServerError

GOES_WITH = ("server", "targets", "only", "json_file")
"""The parameters of ``check`` that a server has a use for."""


def check_on_server(name: str, targets: tuple[str, ...], only: tuple[str, ...] | str, json_file: Path | None) -> int:
    """Check a server, print what was found, and return the exit status; refuse what does not go with a server."""
    context = click.get_current_context()
    given = [each for each in context.params if context.get_parameter_source(each) is ParameterSource.COMMANDLINE]
    if surplus := [each for each in given if each not in GOES_WITH]:
        raise click.UsageError(f"--server does not go with --{surplus[0].removesuffix('_file').replace('_', '-')}.")
    if targets != ("django",):
        raise click.UsageError("A server is checked with django: signalspec check django --server NAME.")
    try:
        server = find_server(name)
        with follow(name) as progress:
            report = check_server(server, only, progress)
    except ServerError as error:
        raise click.UsageError(str(error)) from error
    for line in lines(report):
        click.echo(line)
    if json_file:
        write(json_file, json.dumps(report.to_json(), indent=2) + "\n")
    return report.exit_status

"""The commands about what Django's releases do and should not, or do differently: ``diff`` and ``defects``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from signalspec.commands.options import file_option, only_option, profile_argument, write


@click.command()
@profile_argument("before", "P")
@profile_argument("after", "Q")
@only_option("Show what concerns the clauses that begin so.")
@click.option("-v", "--verbose", is_flag=True, help="Show programs that tell both releases apart.")
@click.option(
    "--scripts", type=click.Path(path_type=Path), metavar="DIR", help="Write these programs to files in DIR."
)
@file_option("--json", "Write the changes as JSON.")
def diff(
    before: str,
    after: str,
    only: tuple[str, ...] | str,
    verbose: bool,
    scripts: Path | None,
    json_file: Path | None,
) -> int:
    """Show what changed from profile P to profile Q: what breaks, then what differs, is fixed, is new.

    Each change says what was and what is, who is affected, and a pattern that finds code to look at.
    """
    from signalspec.releases.changes import changes
    from signalspec.reports.difference import show_changes, write_scripts
    from signalspec.reports.terminal import make_console

    told = changes(before, after, only)
    show_changes(before, after, told, make_console(), verbose)
    if scripts:
        try:
            count = write_scripts(scripts, told)
        except OSError as error:
            raise click.UsageError(f"{scripts} cannot be written: {error.strerror or error}.") from error
        click.echo(f"\nWrote {count} {'program' if count == 1 else 'programs'} to {scripts}.")
    if json_file:
        write(json_file, json.dumps([each.to_json() for each in told], indent=2) + "\n")
    return 0

"""The commands that compare releases: ``diff``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from signalspec.commands.options import file_option, only_option, profile_argument, write


@click.command()
@profile_argument("before", "P")
@profile_argument("after", "Q")
@only_option("Show the clauses that begin so.")
@file_option("--json", "Write the differences as JSON.")
def diff(before: str, after: str, only: tuple[str, ...] | str, json_file: Path | None) -> int:
    """Show what changed from profile P to profile Q, with a program each that tells them apart."""
    from signalspec.releases.differences import differences
    from signalspec.reports.difference import show_differences
    from signalspec.reports.terminal import make_console

    found = [each for each in differences(before, after) if each.clause.slug.startswith(only)]
    show_differences(before, after, found, make_console())
    if json_file:
        write(json_file, json.dumps([each.to_json() for each in found], indent=2) + "\n")
    return 0

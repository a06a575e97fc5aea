"""The commands about what Django's releases do but should not, or do differently: ``diff`` and ``defects``."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from signalspec.commands.options import (
    complete_slug,
    file_option,
    only_option,
    profile_argument,
    profile_named,
    write,
)
from signalspec.standard.clauses import load_clauses

if TYPE_CHECKING:
    from signalspec.releases.defects import Defect


@click.command()
@profile_argument("before", "P")
@profile_argument("after", "Q")
@only_option("Show only what concerns clauses whose slug begins with PREFIX.")
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
    """Show what changed from profile P to profile Q: what breaks first, then what differs, is fixed, and is new.

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


def _place_of(defect: Defect) -> str:
    ticket = f", ticket {defect.deviation.ticket}" if defect.deviation.ticket else ""
    return f"{defect.clause.slug}, {defect.deviation.releases}{ticket}"


@click.command()
@click.argument("prefix", metavar="[PREFIX]", default="", shell_complete=complete_slug)
@click.option("--profile", metavar="NAME", callback=profile_named, help="Only what this release does, such as 5.2.")
def defects(prefix: str, profile: str | None) -> int:
    """List what Django's signals do but should not, the worst first.

    With the beginning of a slug, such as uids. or uids.falsy-uid, print whole reports, as one would file them: since
    when, the rule that is broken, expected, actual, and a script that needs Django alone.
    """
    from signalspec.releases.defects import HARMS, load_defects, report_of, told_once

    found = [
        each
        for each in load_defects()
        if each.clause.slug.startswith(prefix) and (profile is None or each.deviation.releases.includes(profile))
    ]
    if prefix:
        if not found:
            load_clauses().clause(prefix)
            click.echo(f"No release is known to break {prefix}.")
        click.echo("\n".join(report_of(each) for each in found), nl=False)
        return 0
    for harm, group in groupby(told_once(found), lambda alike: alike[0].deviation.harm):
        click.echo(click.style(f"{HARMS[harm]}\n", bold=True))
        for alike in group:
            click.echo(f"* {alike[0].deviation.title}")
            for place in dict.fromkeys(map(_place_of, alike)):
                click.echo(click.style(f"  {place}", dim=True))
        click.echo()
    only = "" if profile else " --profile 5.2 lists only what that release does."
    click.echo(f"signalspec defects SLUG prints a report with a script.{only}")
    return 0

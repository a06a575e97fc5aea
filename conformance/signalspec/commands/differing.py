"""The commands about what Django's releases do and should not, or do differently: ``diff`` and ``defects``."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

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


@click.command()
@click.argument("prefix", metavar="[PREFIX]", default="", shell_complete=complete_slug)
@click.option("--profile", metavar="NAME", callback=profile_named, help="Only what this release does, such as 5.2.")
def defects(prefix: str, profile: str | None) -> int:
    """List what Django's dispatcher does and should not, the worst first.

    With the beginning of a slug, such as uids. or uids.falsy-uid, print whole reports, as one would file them: since
    when, the rule that is broken, expected, actual, and a script that needs Django alone.
    """
    from signalspec.releases.defects import HARMS, load_defects, report_of

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
    for harm, group in groupby(found, lambda each: each.deviation.harm):
        click.echo(click.style(f"{HARMS[harm]}\n", bold=True))
        for each in group:
            ticket = f", ticket {each.deviation.ticket}" if each.deviation.ticket else ""
            click.echo(f"* {each.deviation.title}")
            click.echo(click.style(f"  {each.clause.slug}, {each.deviation.releases}{ticket}", dim=True))
        click.echo()
    click.echo("signalspec defects SLUG prints a report with a script.")
    return 0

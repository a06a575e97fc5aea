"""The commands that read the standard: ``clauses``, ``explain``, ``search`` and ``schema``."""

from __future__ import annotations

import click

from signalspec.commands.options import complete_slug, profile_option
from signalspec.standard.clauses import load_clauses


@click.command()
@profile_option
def clauses(profile: str | None) -> int:
    """List every clause, or those in force in a profile: slug, keyword, releases, title, needs, verification."""
    from signalspec.standard.verification import verification_of

    shown = [clause for clause in load_clauses() if profile is None or clause.in_force.includes(profile)]
    width = max(len(clause.slug) for clause in shown)
    for clause in shown:
        notes = [f"needs {', '.join(clause.needs)}"] if clause.needs else []
        verified = verification_of(clause)
        # What every other clause is needs no words.
        notes += [verified] if verified in ("stochastic", "unchecked") else []
        line = f"{clause.slug:<{width}}  {clause.keyword:<11}  {clause.in_force!s:<13}  {clause.title}"
        click.echo(f"{line}  ({'; '.join(notes)})" if notes else line)
    return 0


@click.command()
@click.argument("words", metavar="SLUG|TOPIC...", nargs=-1, required=True, shell_complete=complete_slug)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Show the planted faults that verify the clause, too.",
)
def explain(words: tuple[str, ...], verbose: bool) -> int:
    """Explain a clause: its text, what Django does, an example, its law. The words of a question show its answer, and
    a page that `search` has found shows its text. A part, a chapter or the beginning of a slug lists the clauses.
    """
    from signalspec.reports.explaining import explain as show

    show(" ".join(words), verbose)
    return 0


@click.command()
@click.argument("words", metavar="WORDS...", nargs=-1, required=True)
@click.option("-n", "--most", type=click.IntRange(1), default=8, show_default=True, help="How many to show.")
def search(words: tuple[str, ...], most: int) -> int:
    """Find clauses, common questions and pages by words, such as: signalspec search lambda not called.

    The exit status is 1 where nothing is found.
    """
    from signalspec.reports.explaining import show_found
    from signalspec.standard.searching import search as find

    found = find(" ".join(words))
    if not found:
        click.echo("Nothing speaks of that; try other words.")
        return 1
    show_found(found[:most])
    if len(found) > most:
        click.echo(f"-n {2 * most} shows more.")
    return 0


@click.command()
def schema() -> int:
    """Print the JSON schema of what check --json writes."""
    from signalspec.reports import jsonfile

    click.echo(jsonfile.schema(), nl=False)
    return 0

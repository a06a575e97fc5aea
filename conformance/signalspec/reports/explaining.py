"""The standard on the terminal: one clause, for someone who reads no other, and lists of what was looked for."""

from __future__ import annotations

import inspect
import shutil
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from textwrap import fill

import click

from signalspec import laws
from signalspec.standard.clauses import RELEASES, Clause, UnknownClauseError, load_clauses, spec_folder
from signalspec.standard.examples import DJANGO, as_pasted, behind, example_heading
from signalspec.standard.pages import load_pages
from signalspec.standard.questions import Question, load_questions
from signalspec.standard.searching import Entry, Kind, called, search
from signalspec.standard.verification import Verification, load_kills, verification_of

WHERE: dict[Kind, str] = {
    "clause": "signalspec explain {0}",
    "question": "signalspec explain '{1}'",
    "page": "signalspec explain {0}",
}
"""Where to read on, from the name and the title of what was found."""

_VERIFIED: dict[Verification, str] = {
    "checked": "by its law, which notices {0}",
    "stochastic": "by random programs only, which notice {0}",
    "unchecked": "by its law; no planted fault tests the law yet",
    "unspecified": "not checked, since it demands nothing",
}
"""How a clause is verified, in words, from the planted faults that break it."""

MOST_FOUND = 8
"""How many entries a word lists that is no name."""


def explain(name: str, verbose: bool) -> None:
    """Print the clause, question or page called `name`, or what a part, chapter or another word stands for.

    Raise `UnknownClauseError` where that is nothing.
    """
    standard = load_clauses()
    written = name.strip().lower()
    is_room = written in standard.parts or written.rstrip(".") in standard.chapters
    if not is_room and (clause := _one_called(written)):
        _show_clause(clause, verbose)
        return
    if question := _question_called(written):
        _show_question(question)
        return
    if (page := written.removeprefix("spec/")) in {section.page.lower() for section in load_pages()}:
        _show_page(page)
        return
    if written in standard.parts:
        for chapter in standard.parts[written].chapters:
            count = sum(clause.chapter == chapter for clause in standard)
            click.echo(f"{chapter:<14} {count:>3} clauses")
        click.echo("\nsignalspec explain CHAPTER lists them.")
        return
    begun = written.rstrip(".") + "." if written.rstrip(".") in standard.chapters else written
    if listed := [clause for clause in standard if clause.slug.startswith(begun)]:
        width = max(len(clause.slug) for clause in listed)
        for clause in listed:
            click.echo(f"{clause.slug:<{width}}  {clause.title}")
        return
    found = search(name)
    if not found:
        standard.clause(name)
    # Who misspells a slug means one clause, and does not look for its words.
    if "." in written and " " not in written:
        raise UnknownClauseError(_unknown(written, found))
    click.echo(f"No clause is called {name!r}. These speak of it:\n")
    show_found(found[:MOST_FOUND])


def _one_called(written: str) -> Clause | None:
    """Return the only clause with this slug, whose slug begins so, or whose slug ends so after its chapter."""
    standard = load_clauses()
    if written in standard.clauses:
        return standard.clauses[written]
    words = "-".join(written.split())
    for found in (
        [clause for clause in standard if clause.slug.partition(".")[2] == words],
        [clause for clause in standard if "." in words and clause.slug.startswith(words) and words[-1] != "."],
    ):
        if len(found) == 1:
            return found[0]
    return None


def _question_called(written: str) -> Question | None:
    """Return the common question with this title, or the only one whose title begins so."""
    words = called(written)
    found = [each for each in load_questions() if called(each.title).startswith(words)] if " " in words else []
    return found[0] if len(found) == 1 else next((each for each in found if called(each.title) == words), None)


def _show_question(question: Question) -> None:
    click.echo(f"{click.style(question.title, bold=True)}\n")
    click.echo(question.answer)
    if str(question.in_force) != "every release":
        click.echo(f"\nIn force: {question.in_force}")
    click.echo(f"\nSee:      {', '.join(question.clauses)}")
    _show_code("Example:", behind(DJANGO + question.topic.prelude, question.example))


def _show_page(written: str) -> None:
    name = next(section.page for section in load_pages() if section.page.lower() == written)
    click.echo(spec_folder().joinpath(*name.split("/")).read_text("utf-8"), nl=False)


def _unknown(slug: str, found: Sequence[Entry]) -> str:
    try:
        load_clauses().clause(slug)
    except UnknownClauseError as error:
        if "did you mean" in str(error):
            return str(error)
    near = next((entry.name for entry in found if entry.kind == "clause"), None)
    otherwise = f"did you mean {near!r}?" if near else "`signalspec search WORDS` finds them by what they say."
    return f"There is no clause {slug!r}; {otherwise}"


def show_found(found: Iterable[Entry]) -> None:
    """Print what was found: its title, the beginning of its text, and where it is."""
    for entry in found:
        click.echo(click.style(entry.title, bold=True))
        text = entry.text if len(entry.text) <= 240 else f"{entry.text[:240].rpartition(' ')[0]} ..."
        if text:
            click.echo(_wrapped(text, "    "))
        where = WHERE[entry.kind].format(entry.name, entry.title.replace("`", ""))
        click.echo(f"    {click.style(where, dim=True)}\n")


def _show_clause(clause: Clause, verbose: bool) -> None:
    deviations = [each for each in load_clauses().deviations if each.clause == clause.slug]
    click.echo(f"{click.style(clause.title, bold=True)}")
    click.echo(f"{clause.slug}\n")
    click.echo(_wrapped(f"{clause.keyword}. {clause.requirement}"))
    click.echo(_wrapped(clause.intent))
    for deviation in deviations:
        click.echo()
        click.echo(_wrapped(f"{click.style(f'Django, {deviation.releases}:', bold=True)} {deviation.title}"))
    kills = load_kills().get(clause.slug, ())
    verified_as = verification_of(clause)
    facts = {
        "In force": _in_force(clause),
        "Needs": ", ".join(clause.needs) or "nothing",
        "Source": clause.source,
        "Verified": _VERIFIED[verified_as].format(f"{len(kills)} planted {'fault' if len(kills) == 1 else 'faults'}"),
    }
    click.echo()
    for label, text in facts.items():
        click.echo(f"{label + ':':<10}{text}")
    _show_code(example_heading(clause), as_pasted(clause))
    if clause.demands:
        # The modules of its chapter are all that it takes; the engines need not be imported.
        for module in laws.modules_of(clause.part, clause.chapter):
            import_module(module)
        _show_code("Law, run for every kind of argument:", inspect.getsource(laws.LAWS[clause.slug].function))
    if verbose and kills:
        click.echo(click.style("\nPlanted faults that break it, and what found them:", bold=True))
        for kill in kills:
            click.echo(f"  {kill.fault} ({kill.engine}, after {kill.after:,} programs)")
    if verbose and (cases := [case for deviation in deviations for case in deviation.cases]):
        click.echo(click.style("\nCases in which Django deviates:", bold=True))
        for case in cases:
            click.echo(f"  {case}")


def _in_force(clause: Clause) -> str:
    covered = load_clauses().parts[clause.part].covers
    # Of the releases before those that its part covers, nothing is said.
    return (
        f"every release since {covered.since or RELEASES[0]}" if clause.in_force == covered else str(clause.in_force)
    )


def _show_code(title: str, source: str | None) -> None:
    if source is None:
        return
    click.echo(click.style(f"\n{title}", bold=True))
    click.echo(_highlighted(source.strip()))


def _highlighted(source: str) -> str:
    """Return code in colours, where it is shown on a terminal."""
    if not sys.stdout.isatty():
        return source
    from rich.console import Console
    from rich.syntax import Syntax

    console = Console(force_terminal=True, soft_wrap=True)
    with console.capture() as capture:
        console.print(Syntax(source, "python", background_color="default"))
    return capture.get().rstrip("\n")


def _wrapped(text: str, margin: str = "") -> str:
    # In a pipe each paragraph is a line, which programs can search.
    if not sys.stdout.isatty():
        return f"{margin}{text}"
    width = min(100, shutil.get_terminal_size().columns)
    return fill(text, width, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)

"""A report for people: the verdict, each cause in a few lines, what was tolerated or inconclusive, the verdict again.

Nothing is lost by being brief: `-v`, JSON, HTML and JUnit's XML tell everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import indent, shorten, wrap
from typing import get_args

from rich.console import Console
from rich.table import Table

from signalspec.findings.report import UNCLAIMED, Counterexample, Report, Result, Status, Verdict
from signalspec.programs.outcomes import Raised, Returned
from signalspec.reports.describing import case_of, describe, sent_otherwise
from signalspec.reports.flood import causes_first, flood
from signalspec.reports.focusing import focused
from signalspec.standard.clauses import load_clauses

STATUSES: tuple[Status, ...] = get_args(Status)

WIDTH = 80
"""How many columns what is brief takes at the most, unless a single word is longer."""

MOST_LINES = 3
"""How many lines one value takes in a brief report."""

MOST_IN_FULL = 5
"""How many causes have more than a line in a brief report."""

MOST_NAMES = 6
"""How many clauses that follow are named in a brief report."""

MOST_OF_A_REASON = 160
"""How many characters of why a clause is inconclusive are told in a brief report."""

MOST_REASONS = 3
"""How many reasons not to claim clauses have a line each in a brief report."""

_HEADINGS: dict[Status, str] = {
    "inconclusive": "incon-\nclusive",
    "inherited": "from\nbase",
    "untestable": "untest-\nable",
}
"""The heads of columns whose words stand below each other, so that the table fits 80 columns."""

INCONCLUSIVE = "Inconclusive, since they could not be judged:"
"""What stands above the clauses that were neither found to hold nor found to be violated."""

INHERITED = "Violated by Django's Signal, too, and inherited from it:"
"""What stands above the clauses that a subclass breaks as its base does."""

_STYLES: dict[Verdict, str] = {
    "conforms": "bold green",
    "violates": "bold red",
    "inconclusive": "bold yellow",
}


def make_console(stderr: bool = False) -> Console:
    """Return a console for a standard stream that never breaks a line: a wrapped script could not be copied."""
    return Console(stderr=stderr, soft_wrap=True, markup=False, emoji=False, highlight=False)


def show_report(report: Report, console: Console, verbose: bool = False, show: Sequence[str] = ()) -> None:
    """Print the report; with the scripts and everything else that is known where `verbose`. Where `show` names
    clauses, print the verdict, and of these alone all that is known.
    """
    console.print(headline(report), style=_STYLES[report.verdict])
    if show and not verbose:
        _show_clauses(report, console, show)
        return
    if words := flood(report):
        console.print()
        for line in wrap(words, WIDTH):
            console.print(line)
    _show_causes(report, console, verbose)
    for result in report.with_status("violated"):
        if result.because and verbose:
            _show_follower(result, console)
    _show_the_rest(report, console, verbose)
    if report.causes:
        console.print(f"\n{headline(report)}", style=_STYLES[report.verdict])


def _show_clauses(report: Report, console: Console, slugs: Sequence[str]) -> None:
    results = {each.clause.slug: each for each in report.results}
    for slug in slugs:
        result = results.get(slug)
        if result is None or result.status != "violated":
            status = result.status.replace("-", " ") if result else "not checked"
            console.print(f"\n{slug}: {status}", style="bold")
        elif result.because:
            _show_follower(result, console)
        else:
            _show_cause(report, result, console, whole=True)


def _show_follower(result: Result, console: Console) -> None:
    console.print(f"\n{result.clause.slug}, because of {result.because}", style="bold")
    console.print(indent(describe(result).rstrip(), "  "))


def _show_causes(report: Report, console: Console, verbose: bool) -> None:
    """Print the first causes each in a few lines, and the others in a line each, unless it is asked for more."""
    in_a_line: list[Result] = []
    own = len(report.own_causes)
    for number, result in enumerate(causes_first(report)):
        if verbose or number < min(MOST_IN_FULL, own or MOST_IN_FULL):
            _show_cause(report, result, console, verbose)
        elif result.as_in is None or not own:
            in_a_line.append(result)
    more = "cause, in a line" if len(in_a_line) == 1 else "causes, in a line each"
    lines = [f"{each.clause.slug}: {each.clause.title}" for each in in_a_line]
    _section(console, f"{len(in_a_line)} more {more}; --show SLUG tells all of one:", lines)
    if own and report.habits and not verbose:
        _show_habits(report.habits, console)


def _show_habits(habits: Sequence[Result], console: Console) -> None:
    """Name the clauses that a release of Django violates alike: of them the target's developer has other news."""
    profile = habits[0].as_in
    console.print(f"\n{release_of(profile)} does the same; --profile {profile} tolerates it:", style="bold")
    names = ", ".join(each.clause.slug for each in habits)
    for line in wrap(names, WIDTH - 2, break_long_words=False, break_on_hyphens=False):
        console.print(f"  {line}")


def release_of(profile: str | None) -> str:
    """Return the release of Django of a profile as people call it."""
    return (profile or "").replace("django-", "Django ")


def headline(report: Report) -> str:
    """Return the report in one line."""
    counts = Counter(result.status for result in report.results)
    verdicts: dict[Verdict, str] = {
        "conforms": "conforms",
        "violates": f"violates {_violated(report)}",
        "inconclusive": f"inconclusive, {_clauses(counts['inconclusive'])} could not be judged",
    }
    partial = "by the time it was interrupted, " if report.partial else ""
    return f"{report.target}: {partial}{verdicts[report.verdict]} (profile {report.profile}, seed {report.seed})"


def _violated(report: Report) -> str:
    """Return how many clauses the target violates of its own, and how many as a release of Django does."""
    own, habits, violated = report.own_causes, report.habits, len(report.with_status("violated"))
    of_its_own = len(own) + sum(len(report.following(each.clause.slug)) for each in own)
    causes = "1 cause" if len(own) == 1 else f"{len(own)} causes"
    said = f"{_clauses(of_its_own)}, from {causes}" if of_its_own > len(own) else _clauses(of_its_own)
    if not habits:
        return said
    alike = f"as {release_of(habits[0].as_in)} does"
    return f"{said}, and {violated - of_its_own} {alike}" if own else f"{_clauses(violated)} {alike}"


def _clauses(count: int) -> str:
    return "1 clause" if count == 1 else f"{count} clauses"


def _show_cause(report: Report, result: Result, console: Console, whole: bool) -> None:
    clause, found = result.clause, result.counterexample
    console.print(f"\n{clause.slug}: {clause.title}", style="bold red")
    if whole:
        console.print(indent(describe(result).rstrip(), "  "))
    elif found is not None:
        since = f"(Since Django {clause.in_force.since}.) " if clause.in_force.since else ""
        _show_value(console, "Requirement", f"{since}{clause.requirement}")
        expected, actual = found.expected, what_happened(found)
        if isinstance(found.outcome, Returned) and not (_fits(expected) and _fits(actual)):
            expected, actual = focused(expected, actual)
        _show_value(console, "Expected", expected)
        _show_value(console, "Actual", actual)
        if case := case_of(found):
            _show_value(console, "Case", case)
        if found.otherwise:
            _show_value(console, "Sent", sent_otherwise(found))
    following = [each.clause.slug for each in report.following(clause.slug)]
    if following:
        names = following if whole else following[:MOST_NAMES]
        more = f" and {len(following) - len(names)} more" if len(following) > len(names) else ""
        _show_value(console, "Also in", f"{', '.join(names)}{more}", lines=len(following))


def what_happened(found: Counterexample) -> str:
    """Return what happened; of an exception also its message, and the last place of the target's code it passed."""
    outcome = found.outcome
    if not isinstance(outcome, Raised):
        return str(outcome)
    message = f": {outcome.message}" if outcome.message else ""
    place = f" (at {outcome.frames[-1]})" if outcome.frames else ""
    return f"{outcome}{message}{place}"


def _fits(text: str) -> bool:
    return len(_rows(text)) <= MOST_LINES


def _rows(text: str) -> list[str]:
    return wrap(text, WIDTH - 15, break_long_words=False, break_on_hyphens=False) or ["nothing"]


def _show_value(console: Console, label: str, text: str, lines: int = MOST_LINES) -> None:
    rows = _rows(text)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], f"{rows[lines - 1]} …"]
    console.print(f"  {label + ':':<12} {rows[0]}")
    for row in rows[1:]:
        console.print(f"  {'':<12} {row}")


def _show_the_rest(report: Report, console: Console, verbose: bool) -> None:
    deviating = [f"{r.clause.slug}: {title}" for r in report.with_status("deviates") for title in r.notes]
    unjudged = [f"{r.clause.slug}: {'; '.join(r.notes)}" for r in report.with_status("inconclusive")]
    known = [f"{r.clause.slug}: {'; '.join(r.notes)}" for r in report.with_status("known")]
    inherited = [f"{r.clause.slug}: {r.clause.title}" for r in report.with_status("inherited")]
    unclaimed = Counter(why for result in report.with_status("not-claimed") for why in result.notes)
    if verbose:
        _section(console, "Recorded deviations, tolerated:", deviating)
        _section(console, "Known to be violated:", known)
        _section(console, INHERITED, inherited)
        _section(console, INCONCLUSIVE, unjudged)
        _section(console, "Not claimed:", [_inapplicable(why, count) for why, count in unclaimed.items()])
        console.print()
        console.print(_counts(report))
        _section(console, "Checked:", report.coverage)
    else:
        console.print()
        for line in _summary(report, len(deviating), unclaimed):
            console.print(line)
        _section(console, "Known to be violated:", _some(known))
        _section(console, INHERITED, _some(inherited))
        _section(console, INCONCLUSIVE, _some([shorten(each, MOST_OF_A_REASON) for each in _by_premise(report)]))
    _section(console, "News:", report.news)


def _summary(report: Report, deviations: int, unclaimed: Counter[str]) -> Iterator[str]:
    """Yield a line a part, and what is noteworthy of what was not found to be violated."""
    for part in dict.fromkeys(result.clause.part for result in report.results):
        counts = Counter(result.status for result in report.results if result.clause.part == part)
        said = ", ".join(f"{count} {_of_several(status, count)}" for status, count in counts.most_common())
        yield from wrap(f"{part}: {said}", WIDTH, subsequent_indent="  ")
    if deviations:
        yield f"{deviations} recorded deviations of {report.profile} were seen, and are tolerated."
    told = unclaimed.most_common(None if len(unclaimed) <= MOST_REASONS else 1)
    for why, count in told:
        yield from wrap(f"Not claimed: {_inapplicable(why, count)}", WIDTH, subsequent_indent="  ")
    if rest := unclaimed.most_common()[len(told) :]:
        needs = ((why.removeprefix(UNCLAIMED).replace(", ", " and "), count) for why, count in rest)
        reasons = ", ".join(f"{need} ({count})" for need, count in needs)
        said = f"Nor do {_clauses(sum(count for _, count in rest))} that need something else: {reasons}."
        yield from wrap(said, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    if report.with_status("violated"):
        yield "Scripts: --show SLUG, or --scripts DIR. Everything: -v, or --html FILE."
    else:
        yield "What was run, and every clause: -v, --html FILE."


def _of_several(status: Status, count: int) -> str:
    """Return a status as the verb or the attribute of so many clauses."""
    verbs: dict[Status, str] = {"holds": "hold", "deviates": "deviate"}
    return verbs.get(status, status.replace("-", " ")) if count > 1 else status.replace("-", " ")


def _by_premise(report: Report) -> list[str]:
    """Return why clauses are inconclusive, those that rest on one clause together."""
    unjudged = report.with_status("inconclusive")
    alone = [f"{each.clause.slug}: {'; '.join(each.notes)}" for each in unjudged if not each.because]
    resting = Counter(each.because for each in unjudged if each.because)
    lines = [
        f"{_clauses(count)}: {'it rests' if count == 1 else 'they rest'} on {why}, which is violated"
        for why, count in resting.items()
    ]
    return [*lines, *alone]


def _inapplicable(why: str, count: int) -> str:
    """Return how many clauses are not claimed for a reason, and for what targets they are."""
    said = f"{_clauses(count)} {'does' if count == 1 else 'do'} not apply"
    names = why.removeprefix(UNCLAIMED).split(", ") if why.startswith(UNCLAIMED) else []
    known = load_clauses().capabilities
    if not names or not known.keys() >= {*names}:
        return f"{said}: {why}."
    meaning = ", and that ".join(known[name].meaning.partition(";")[0] for name in names)
    return f"{said}, which {'is' if count == 1 else 'are'} for a target that {meaning} ({', '.join(names)})."


def _some(lines: Sequence[str]) -> list[str]:
    more = [f"and {len(lines) - MOST_NAMES} more"] if len(lines) > MOST_NAMES else []
    return [*lines[:MOST_NAMES], *more]


def _section(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(f"\n{title}", style="bold")
        for line in lines:
            console.print(f"  {line}")


def _counts(report: Report) -> Table:
    table = Table("chapter", box=None, padding=(0, 1, 0, 0), pad_edge=False, show_footer=True)
    counts = Counter((result.clause.chapter, result.status) for result in report.results)
    totals = Counter(result.status for result in report.results)
    table.columns[0].footer = "all"
    occurring = [status for status in STATUSES if totals[status]]
    for status in occurring:
        heading = _HEADINGS.get(status) or status.replace("not-", "not\n").replace("-", " ")
        table.add_column(heading, justify="right", footer=str(totals[status]))
    for chapter in dict.fromkeys(result.clause.chapter for result in report.results):
        table.add_row(chapter, *(str(counts[chapter, status] or "-") for status in occurring))
    return table

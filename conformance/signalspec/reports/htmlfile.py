"""Reports as one HTML page that needs nothing else: no network, and without JavaScript no less to read."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from signalspec.engines.threads.trails import Executed
from signalspec.findings.report import Report, Result, Status
from signalspec.reports.describing import case_of
from signalspec.reports.flood import causes_first, flood
from signalspec.reports.terminal import STATUSES, headline, what_happened
from signalspec.reports.timeline import timeline_of
from signalspec.standard.examples import example_heading

ALARMING: tuple[Status, ...] = ("violated", "inconclusive", "inherited", "deviates")
"""What a reader looks for, most urgent first; the other results follow in the standard's order."""

_PROSE = MarkdownIt("zero").enable("backticks")

_SUSPECT = re.compile(r"[^\n -~]")
"""What may not be printable: a target may respond with controls, turns of direction and halves of pairs."""


def render(reports: Sequence[Report]) -> str:
    """Return the page; the same reports give the same text."""
    return _SUSPECT.sub(_escaped, _environment().get_template("report.html").render(reports=reports))


def _escaped(character: re.Match[str]) -> str:
    return character[0] if character[0].isprintable() else ascii(character[0])[1:-1]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("signalspec.reports", "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    page = files("signalspec.reports") / "page"
    style, script = ((page / name).read_text("utf-8") for name in ("report.css", "report.js"))
    environment.globals.update(
        style=Markup(style),
        script=Markup(script),
        # Whatever got into the page otherwise, browsers will not run.
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        headline=headline,
        timeline_of=timeline_of,
    )
    environment.filters.update(prose=prose, chapters=chapters, urgent_first=urgent_first, statuses=statuses)
    environment.filters.update(runs=runs, example_heading=example_heading)
    environment.filters.update(causes_first=causes_first, flood=flood, what_happened=what_happened, case_of=case_of)
    return environment


@dataclass(frozen=True)
class Stretch:
    """What one thread executed until another one went on."""

    thread: int
    lines: tuple[str, ...]


def runs(trail: Sequence[Executed]) -> Iterator[Stretch]:
    """Yield the stretches of a trail in each of which one thread runs alone."""
    for thread, those in groupby(trail, lambda each: each.thread):
        yield Stretch(thread, tuple(each.text for each in those))


def prose(text: str) -> Markup:
    """Return a sentence of the standard with its code marked as such, and everything else escaped."""
    return Markup(_PROSE.renderInline(text))


def statuses(results: Sequence[Result]) -> dict[Status, int]:
    """Count the statuses that occur."""
    counts = Counter(result.status for result in results)
    return {status: counts[status] for status in STATUSES if counts[status]}


def chapters(results: Sequence[Result]) -> Iterator[tuple[str, dict[Status, int]]]:
    """Yield each chapter with its statuses, in the standard's order."""
    for chapter in dict.fromkeys(result.clause.chapter for result in results):
        yield chapter, statuses([result for result in results if result.clause.chapter == chapter])


def urgent_first(results: Sequence[Result]) -> list[Result]:
    """Sort results by how urgent they are."""
    return sorted(results, key=lambda result: (*ALARMING, result.status).index(result.status))

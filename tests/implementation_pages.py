"""The pages about other implementations: what each keeps, and what was found where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from signalspec.standard.clauses import RELEASES, Clause, Standard

if TYPE_CHECKING:
    from implementations import Implementation

PAGES = Path(__file__).resolve().parent.parent / "spec/pages"

SHOWN_RELEASES = ("3.2", "4.2", "5.2", RELEASES[-1])
"""The releases of Django that stand beside the implementations: the newest, and those with long-term support."""

MARKS = {
    "holds": "●",
    "violated": "✗",
    "deviates": "✗",
    "inconclusive": "?",
    "not-claimed": "○",
    "not-in-force": "",
    "untestable": "",
}
"""How a status is shown."""

_INTRODUCTION = """\
# Implementations

What other libraries keep of this standard, and the releases of Django beside them.

To conform to the standard means to behave as the newest Django documents, in every clause that is claimed. It does
not mean to be good: these libraries have purposes of their own, some began as copies of a Django that behaved as
they do, and some never meant to be like it. They are not ranked, and no number here says how good one is. A clause
that one violates tells its users what they cannot take over from Django's documentation, and its authors what they
may want to know; whether it is a defect or by design is said at each finding, by design with the place where the
authors say so.

`●` is kept, `✗` is violated and leads to the finding, `?` could not be judged because it rests on what is violated,
`○` is not claimed, an empty cell is no demand on that one. For the releases of Django, and for who is held to what
such a release does, `✗` without a link is a recorded deviation, listed in [`deviations.toml`](../deviations.toml);
all releases are in the [history](history.md).

`python tests/implementations.py` makes these pages of what the suite has found, which is in `conformance/results/`,
and tox finds it again with every library, and runs the script of each finding.
"""


def pages(implementations: Sequence[Implementation], standard: Standard) -> Mapping[Path, str]:
    """Return the text of each page, by its file."""
    overview = "\n".join(_overview(implementations, standard)) + "\n"
    return {PAGES / "implementations.md": overview} | {
        PAGES / "implementations" / f"{each.name}.md": "\n".join(_findings(each, standard)) + "\n"
        for each in implementations
    }


def _overview(implementations: Sequence[Implementation], standard: Standard) -> Iterator[str]:
    found = {each: {row["id"]: row["status"] for row in each.found()["clauses"]} for each in implementations}
    yield _INTRODUCTION
    yield "| implementation | version | held to | on Python | does not claim |"
    yield "| --- | --- | --- | --- | --- |"
    for each in implementations:
        data = each.found()
        unclaimed = ", ".join(f"`{name}`" for name in _unclaimed(data))
        name = f"[{each.name}](implementations/{each.name}.md)"
        yield f"| {name} | {data['version']} | {data['profile']} | {data['python']} | {unclaimed} |"
    yield ""
    yield "A chapter is `●` where all that is claimed of it is kept; else it says how many clauses are not."
    yield ""
    header = [
        *(f"Django {release}" for release in SHOWN_RELEASES),
        *(f"[{each.name}](implementations/{each.name}.md)" for each in implementations),
    ]
    for chapter in ("", *standard.parts["dispatch"].chapters):
        if chapter:
            yield ""
            yield f"## {chapter}"
            yield ""
        yield f"| {'clause' if chapter else 'chapter'} | {' | '.join(header)} |"
        yield f"| --- |{' :-: |' * len(header)}"
        if not chapter:
            for each_chapter in standard.parts["dispatch"].chapters:
                rows = [row for row in _rows(found, standard, link=False) if row[0].chapter == each_chapter]
                columns = [_summary(column) for column in zip(*(cells for _, cells in rows), strict=True)]
                yield f"| [{each_chapter}](#{each_chapter}) | {' | '.join(columns)} |"
        for clause, cells in _rows(found, standard) if chapter else ():
            if clause.chapter == chapter:
                yield f"| {_link(clause.slug, f'../{clause.part}/{chapter}.md')} | {' | '.join(cells)} |"


def _rows(
    found: Mapping[Implementation, Mapping[str, str]], standard: Standard, link: bool = True
) -> Iterator[tuple[Clause, list[str]]]:
    """Yield each clause with a demand, and its cells: first those of the releases, then those of implementations."""
    for clause in standard.of("dispatch"):
        if not clause.demands:
            continue
        cells = [_of_a_release(clause, release, standard) for release in SHOWN_RELEASES]
        for each, statuses in found.items():
            status = statuses.get(clause.slug, "not-in-force")
            mark = MARKS[status]
            if link and status == "violated":
                mark = _link(clause.slug, f"implementations/{each.name}.md", mark)
            cells.append(mark)
        yield clause, cells


def _of_a_release(clause: Clause, release: str, standard: Standard) -> str:
    profile = f"django-{release}"
    broken = any(each.clause == clause.slug for each in standard.deviations_in(profile))
    had_async = RELEASES.index(release) >= RELEASES.index("5.0")
    if not clause.in_force.includes(profile) or ("async" in clause.needs and not had_async):
        return ""
    return "✗" if broken else "●"


def _summary(column: Sequence[str]) -> str:
    """Return how the clauses of a chapter fare, in a few characters."""
    marks = [mark for mark in column if mark]
    if not marks or set(marks) == {"○"}:
        return "○" if marks else ""
    return f"{marks.count('✗')} ✗" if "✗" in marks else "?" if set(marks) == {"?"} else "●"


def _unclaimed(data: Mapping[str, Any]) -> list[str]:
    prefix = "the target does not claim "
    notes = [note for row in data["clauses"] if row["status"] == "not-claimed" for note in row["notes"]]
    return list(dict.fromkeys(name for note in notes for name in note.removeprefix(prefix).split(", ")))


def _findings(each: Implementation, standard: Standard) -> Iterator[str]:
    data = each.found()
    violated = {row["id"]: row["counterexample"] for row in data["clauses"] if row["status"] == "violated"}
    yield f"# {each.name}"
    yield ""
    yield f"{each.distribution} {data['version']}, held to `{data['profile']}`, on Python {data['python']}."
    yield each.about
    yield ""
    for note in each.notes:
        yield f"- **{note.title}** ({note.kind}). {' '.join(note.text.split())}"
        yield f"  {', '.join(_link(slug, '') for slug in violated if each.note_on(slug) is note)}."
        if note.source:
            yield f"  The authors: {note.source}"
    for slug, found in violated.items():
        clause, remark = standard.clause(slug), each.note_on(slug)
        yield ""
        yield f"## {slug}"
        yield ""
        yield f"{clause.requirement} ({_link(slug, f'../../{clause.part}/{clause.chapter}.md', 'the clause')})"
        if remark:
            yield ""
            yield f"*{remark.kind.capitalize()}.* {remark.title}."
        yield ""
        yield f"Expected `{_code(found['expected'])}`, and it came to `{_code(found['actual'])}`:"
        yield ""
        yield "```python"
        yield found.get("script", _replayed(each, data)).rstrip("\n")
        yield "```"


def _replayed(each: Implementation, data: Mapping[str, Any]) -> str:
    return (
        "# It takes threads that are directed, or an interruption at a certain line:\n"
        f"# signalspec replay conformance/results/{each.name}-{data['version']}.json"
    )


def _link(slug: str, page: str, text: str = "") -> str:
    return f"[{text or f'`{slug}`'}]({page}#{slug.replace('.', '')})"


def _code(text: str) -> str:
    return text.replace("`", "'")

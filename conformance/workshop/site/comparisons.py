"""The pages about other implementations: what each keeps, its causes, and a page for each finding."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from signalspec.findings.report import UNCLAIMED
from signalspec.standard.clauses import RELEASES, Clause, Standard
from signalspec.standard.markdown import FENCE

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from implementations import IMPLEMENTATIONS
from sources import verbatim

if TYPE_CHECKING:
    from implementations import Implementation

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
# Other implementations

What other libraries keep of this standard, and the releases of Django beside them.

To conform to the standard means to behave as the newest Django documents, in every clause that is claimed. It
does not mean to be good: these libraries have purposes of their own, some began as copies of a Django that
behaved as they do, and some never meant to be like it. They are not ranked, and no number here says how good
one is. A clause that one violates tells its users what they cannot take over from Django's documentation, and
its authors what they may want to know. Whether it is a defect or by design is said at each finding, by design
with the place where the authors say so.

`●` is kept, `✗` is violated and leads to the finding, `?` could not be judged because it rests on what is
violated, `○` is not claimed, an empty cell is no demand on that one. `✗` without a link is a recorded deviation
of Django's; all releases are in the [history](../history.md).
"""


def comparisons(standard: Standard) -> Iterator[tuple[str, str]]:
    """Yield each page with its file."""
    yield "implementations/index.md", "\n".join(_overview(IMPLEMENTATIONS, standard))
    for each in IMPLEMENTATIONS:
        data = each.found()
        violated = {row["id"]: row["counterexample"] for row in data["clauses"] if row["status"] == "violated"}
        yield f"implementations/{each.name}.md", "\n".join(_causes(each, data, violated))
        for slug, found in violated.items():
            page = "\n".join(_finding(each, data, standard.clause(slug), found))
            yield f"implementations/{each.name}/{slug}.md", page


def _overview(implementations: Sequence[Implementation], standard: Standard) -> Iterator[str]:
    yield _INTRODUCTION
    yield "| implementation | version | held to | on Python | does not claim |"
    yield "| --- | --- | --- | --- | --- |"
    for each in implementations:
        data = each.found()
        unclaimed = ", ".join(f"`{name}`" for name in _unclaimed(data))
        cells = [f"[{each.name}]({each.name}.md)", data["version"], data["profile"], data["python"], unclaimed]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield f"{FENCE}{{toctree}}"
    yield ":hidden:"
    yield ""
    yield from (each.name for each in implementations)
    yield FENCE
    yield ""
    yield "## Clause by clause"
    yield ""
    names = [*(f"Django {release}" for release in SHOWN_RELEASES), *(each.name for each in implementations)]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    yield f'<table class="filterable" id="clauses"><thead><tr><th scope="col">clause</th>{head}</tr></thead><tbody>'
    found = {each: {row["id"]: row["status"] for row in each.found()["clauses"]} for each in implementations}
    for clause in standard.of("dispatch"):
        if clause.demands:
            cells = [_of_a_release(clause, release, standard) for release in SHOWN_RELEASES]
            cells += [_cell(each, clause, statuses) for each, statuses in found.items()]
            link = f'<a href="../{clause.part}/{clause.chapter}.html#{clause.slug}"><code>{clause.slug}</code></a>'
            row = "".join(f"<td>{cell}</td>" for cell in cells)
            yield f'<tr><th scope="row">{link}</th>{row}</tr>'
    yield "</tbody></table>"
    yield ""


def _cell(each: Implementation, clause: Clause, statuses: Mapping[str, str]) -> str:
    status = statuses.get(clause.slug, "not-in-force")
    if status != "violated":
        return MARKS[status]
    label = f"{each.name} violates {clause.slug}"
    return f'<a href="{each.name}/{clause.slug}.html" aria-label="{label}">{MARKS[status]}</a>'


def _of_a_release(clause: Clause, release: str, standard: Standard) -> str:
    profile = f"django-{release}"
    broken = any(each.clause == clause.slug for each in standard.deviations_in(profile))
    had_async = RELEASES.index(release) >= RELEASES.index("5.0")
    if not clause.in_force.includes(profile) or ("async" in clause.needs and not had_async):
        return ""
    return "✗" if broken else "●"


def _unclaimed(data: Mapping[str, Any]) -> list[str]:
    notes = [note for row in data["clauses"] if row["status"] == "not-claimed" for note in row["notes"]]
    return list(dict.fromkeys(name for note in notes for name in note.removeprefix(UNCLAIMED).split(", ")))


def _causes(each: Implementation, data: Mapping[str, Any], violated: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {each.name}"
    yield ""
    yield f"{each.distribution} {data['version']}, held to `{data['profile']}`, on Python {data['python']}."
    yield each.about
    yield ""
    for kind, heading in (("defect", "Defects"), ("by design", "By design")):
        notes = [note for note in each.notes if note.kind == kind]
        if notes:
            yield f"## {heading}"
            yield ""
        for note in notes:
            yield f"**{note.title}.** {' '.join(note.text.split())}"
            if note.source:
                yield f"The authors: {note.source}"
            yield ""
            for slug in violated:
                if each.note_on(slug) is note:
                    yield f"- [`{slug}`]({each.name}/{slug}.md)"
            yield ""


def _finding(
    each: Implementation, data: Mapping[str, Any], clause: Clause, found: Mapping[str, Any]
) -> Iterator[str]:
    remark = each.note_on(clause.slug)
    yield "---\norphan: true\n---"
    yield f"# {each.name}: {clause.slug}"
    yield ""
    yield f"{each.distribution} {data['version']}, one of the findings on [{each.name}](../{each.name}.md)."
    if remark:
        yield f"*{remark.kind.capitalize()}:* {remark.title}."
    yield ""
    yield f'<a href="../../{clause.part}/{clause.chapter}.html#{clause.slug}">The clause</a> requires:'
    yield clause.requirement
    yield ""
    yield f"- *Expected:* {verbatim(found['expected'])}"
    yield f"- *Actual:* {verbatim(found['actual'])}"
    yield ""
    yield f"{FENCE}python\n{found.get('script', _replayed(each, data)).rstrip()}\n{FENCE}"


def _replayed(each: Implementation, data: Mapping[str, Any]) -> str:
    return (
        "# It takes threads that are directed, or an interruption at a certain line:\n"
        f"# signalspec replay conformance/results/{each.name}-{data['version']}.json"
    )

"""The pages that are made of what is known about the releases: their history, and what an upgrade changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from signalspec.releases.differences import Difference, differences
from signalspec.standard.clauses import RELEASES, load_clauses

PAGES = Path(__file__).resolve().parent.parent / "spec/pages"

UPGRADES = (("3.2", "4.2"), ("4.2", "5.2"), ("5.2", "6.1"))
"""The upgrades that most projects make: from one release with long-term support to the next."""

WORDS = {
    "begins": "New demands",
    "ends": "No longer so",
    "is fixed": "Fixed",
    "breaks": "Broken",
}
"""What a guide calls each kind of difference."""


def pages() -> Mapping[Path, str]:
    """Return the text of each page, by its file."""
    return {
        PAGES / "history.md": "\n".join(_history()) + "\n",
        PAGES / "upgrading.md": "\n".join(_guide()) + "\n",
    }


def _history() -> Iterator[str]:
    yield "# History"
    yield ""
    yield "Releases across, clauses down: every demand that not all releases make, or that some of them break."
    yield "`●` is in force and kept, `✗` in force and broken by a recorded deviation, an empty cell not in force."
    yield "`python tests/witnesses.py pages` makes this page of the ranges of the clauses and of `deviations.toml`;"
    yield "the tests run a witness of each on every release."
    yield ""
    yield f"| clause | {' | '.join(RELEASES)} |"
    yield f"| --- |{' :-: |' * len(RELEASES)}"
    standard = load_clauses()
    for clause in standard:
        cells = []
        for release in RELEASES:
            profile = f"django-{release}"
            broken = any(each.clause == clause.slug for each in standard.deviations_in(profile))
            cells.append(("✗" if broken else "●") if clause.in_force.includes(profile) else "")
        covers = standard.parts[clause.part].covers
        wanted = ["●" if covers.includes(f"django-{release}") else "" for release in RELEASES]
        if clause.demands and cells != wanted:
            anchor = clause.slug.replace(".", "")
            yield f"| [`{clause.slug}`](../{clause.part}/{clause.chapter}.md#{anchor}) | {' | '.join(cells)} |"


def _guide() -> Iterator[str]:
    yield "# Upgrading Django"
    yield ""
    yield "What changes for code that uses signals, from one release with long-term support to the next."
    yield "`signalspec diff django-4.2 django-5.2`, say, prints a program for each line, with what both releases do."
    yield "`python tests/witnesses.py pages` makes this page of the same data."
    for before, after in UPGRADES:
        yield ""
        yield f"## From {before} to {after}"
        found = differences(f"django-{before}", f"django-{after}")
        # A whole capability that comes is one piece of news, not a hundred.
        news = [each for each in found if each.how == "begins" and "async" in each.clause.needs]
        brought = news if not any(_is_async(each.clause.slug, before) for each in found) else []
        if brought:
            yield ""
            yield f"`asend` and `asend_robust` are new, and receivers may be asynchronous: {len(brought)} clauses, in"
            yield "[coroutines](../dispatch/coroutines.md), [asend](../dispatch/asend.md),"
            yield "[failing](../dispatch/failing.md), [arobust](../dispatch/arobust.md)"
            yield "and [context](../dispatch/context.md)."
        for how, title in WORDS.items():
            rows = [each for each in found if each.how == how and each not in brought]
            if rows:
                yield ""
                yield f"### {title}"
                yield ""
                for each in rows:
                    yield f"- `{each.clause.slug}`: {_told(each)}"


def _is_async(slug: str, release: str) -> bool:
    clause = load_clauses().clause(slug)
    return "async" in clause.needs and clause.in_force.includes(f"django-{release}")


def _told(each: Difference) -> str:
    if each.deviation:
        return each.deviation.title
    broken = [d.title for d in load_clauses().deviations_in(each.after) if d.clause == each.clause.slug]
    return " ".join(
        [each.clause.requirement, each.clause.intent, *(f"**Broken as yet:** {title}" for title in broken)]
    )

"""The standard as data: the only module that knows clause ids, keywords, ranges and texts.

The texts live in ``spec/PART/CHAPTER.md``; ``spec/PART/README.md`` is the index of a part. A clause is a second-level
heading (its slug), a paragraph that opens with a bold keyword, paragraphs that open with an emphasised label
(*Title*, *Intent*, *In force*, *Needs*, *Source*) and an example.
``spec/deviations.toml`` records where a release does not keep a clause that is in force for it.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, NoReturn, cast, get_args

from signalspec.standard.markdown import Block, blocks, one_line, sections
from signalspec.standard.names import UserError, suggestion

Keyword = Literal["MUST", "SHOULD", "MAY", "UNSPECIFIED"]

Claimed = Literal["unless declined", "where found", "by Python"]
"""Who claims a capability: every target that does not decline it, one that is seen to have it, or what it runs on."""

Harm = Literal["lost", "deadlock", "leak", "raises", "wrong"]
"""The worst that comes of a deviation, the worst first: a receiver silently does not run, or what it did is lost; a
dispatch hangs; memory is not freed; something raises that should not; something else is wrong."""

RELEASES = (
    *("1.8", "1.9", "1.10", "1.11", "2.0", "2.1", "2.2", "3.0", "3.1", "3.2"),
    *("4.0", "4.1", "4.2", "5.0", "5.1", "5.2", "6.0", "6.1"),
)
"""Django's releases that have a profile, oldest first."""

STANDARD = "standard"
"""The profile that holds the newest clauses and tolerates no deviation."""

PROFILES = (STANDARD, *(f"django-{release}" for release in RELEASES))


_CAPABILITY = r"^\| `([a-z-]+)` \| (.+) \| (.+) \|(.*)\|$"


class SpecError(Exception):
    """The standard's text breaks its own format: the message names the file and the clause."""


class UnknownProfileError(UserError):
    """No profile has this name."""


class UnknownClauseError(UserError):
    """No clause has this slug."""


@dataclass(frozen=True)
class Range:
    """The releases, both ends included, in which something is true; an open end is ``None``."""

    since: str | None = None
    until: str | None = None

    def includes(self, profile: str) -> bool:
        """Tell whether `profile` lies in the range; ``standard`` lies beyond every release."""
        if profile == STANDARD:
            return self.until is None
        position = RELEASES.index(profile.removeprefix("django-"))
        first = RELEASES.index(self.since) if self.since else 0
        last = RELEASES.index(self.until) if self.until else len(RELEASES) - 1
        return first <= position <= last

    def __str__(self) -> str:
        if not self.since and not self.until:
            return "every release"
        if self.since == self.until:
            return f"{self.since} alone"
        return f"since {self.since}" if not self.until else f"{self.since or RELEASES[0]} to {self.until}"


@dataclass(frozen=True)
class Capability:
    """What a target may have or not: it claims it, or the clauses that need it are not claimed."""

    name: str
    meaning: str
    claimed: Claimed
    implies: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A domain of the standard: its chapters in order, the releases it covers, and what its examples begin with."""

    name: str
    chapters: tuple[str, ...]
    covers: Range
    prelude: str


@dataclass(frozen=True)
class Clause:
    """One numbered demand of the standard; `part` is the name of the part that it stands in."""

    slug: str
    part: str
    title: str
    keyword: Keyword
    requirement: str
    intent: str
    in_force: Range
    needs: tuple[str, ...]
    source: str
    example: str | None

    @property
    def chapter(self) -> str:
        """The first part of the slug, which is also the name of the chapter's file."""
        return self.slug.partition(".")[0]

    @property
    def demands(self) -> bool:
        """Whether an implementation can violate the clause."""
        return self.keyword in ("MUST", "SHOULD")


@dataclass(frozen=True)
class Deviation:
    """A recorded violation of one clause by a range of releases, pinned to the cases that show it.

    `last_python` is the last version of Python on which it shows, where it does not show on all. `number` tells it
    from others of its clause that began with the same release. `spares_example` is true where the clause's example
    holds nevertheless. One that is `rare` concerns few.
    """

    clause: str
    releases: Range
    number: int
    title: str
    actual: tuple[str, ...]
    cases: tuple[str, ...]
    last_python: tuple[int, ...] | None = None
    harm: Harm = "wrong"
    ticket: int | None = None
    spares_example: bool = False
    rare: bool = False

    @property
    def key(self) -> str:
        """What tells it from others of its clause, whatever its wording and however long it lasts: ``3.2-1``."""
        return f"{self.releases.since or RELEASES[0]}-{self.number}"

    def shows_on(self, python: tuple[int, ...]) -> bool:
        """Tell whether it shows on a version of Python, such as ``(3, 13)``."""
        return self.last_python is None or python <= self.last_python

    def covers(self, case: Mapping[str, str], actual: str) -> bool:
        """Tell whether a failing `case` of the clause's law that did `actual` is exactly what is recorded."""
        if actual not in self.actual:
            return False
        items = {f"{name}={kind}" for name, kind in case.items()}
        return any(set(pattern.split(", ")) <= items for pattern in self.cases) if self.cases else True


@dataclass(frozen=True)
class Patch:
    """A defect of some patch releases, which the others of their release do not have."""

    clause: str
    releases: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Standard:
    """All parts and clauses in their order, what they need, all deviations, and what patch releases broke."""

    parts: Mapping[str, Part]
    clauses: Mapping[str, Clause]
    capabilities: Mapping[str, Capability]
    deviations: tuple[Deviation, ...]
    patches: tuple[Patch, ...]

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapters of all parts."""
        return tuple(chapter for part in self.parts.values() for chapter in part.chapters)

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.clauses.values())

    def of(self, *parts: str) -> list[Clause]:
        """Return the clauses of these parts."""
        return [clause for clause in self if clause.part in parts]

    def clause(self, slug: str) -> Clause:
        """Return the clause called `slug`; raise `UnknownClauseError` where there is none."""
        try:
            return self.clauses[slug]
        except KeyError:
            meant = suggestion(slug, self.clauses, "`signalspec search WORDS` finds them by what they say.")
            raise UnknownClauseError(f"There is no clause {slug!r}; {meant}") from None

    def deviations_in(self, profile: str) -> tuple[Deviation, ...]:
        """Return the deviations that `profile` tolerates: none for ``standard``."""
        if profile == STANDARD:
            return ()
        return tuple(deviation for deviation in self.deviations if deviation.releases.includes(profile))

    def deviation_shown(
        self, slug: str, case: Mapping[str, str], actual: str, profile: str | None = None
    ) -> Deviation | None:
        """Return the recorded deviation from a clause that a failing case which did `actual` is exactly, if there is
        one in `profile`, or in any.
        """
        known = self.deviations if profile is None else self.deviations_in(profile)
        return next((each for each in known if each.clause == slug and each.covers(case, actual)), None)


def validate_profile(name: str) -> str:
    """Return the profile called `name`, which may be a release alone, such as ``5.2`` or ``5.2.7``.

    Raise `UnknownProfileError` where there is none.
    """
    release = re.fullmatch(r"(?:django)?[-= ]*v?(\d+\.\d+)(?:\.\d+)?", name.strip().lower())
    profile = f"django-{release[1]}" if release else name.strip().lower()
    if profile not in PROFILES:
        known = f"the profiles are {STANDARD} and django-{RELEASES[0]} to django-{RELEASES[-1]}."
        meant = known if release else suggestion(profile, PROFILES, known)
        raise UnknownProfileError(f"There is no profile {name!r}; {meant}")
    return profile


def spec_folder() -> Traversable:
    """Return the folder of the standard's text: inside the installed package, or beside it in a checkout."""
    installed = files("signalspec") / "spec"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "spec"


@cache
def load_clauses() -> Standard:
    """Read the whole standard; raise `SpecError` where a text breaks the format."""
    folder = spec_folder()
    index = (folder / "README.md").read_text("utf-8")
    parts = {name: _read_part(name, folder / name) for name in re.findall(r"\]\((\w+)/README\.md\)", index)}
    capabilities = {each.name: each for each in _read_capabilities(index)}
    clauses: dict[str, Clause] = {}
    for part, chapter in [(each, chapter) for each in parts.values() for chapter in each.chapters]:
        for clause in _read_chapter(chapter, (folder / part.name / f"{chapter}.md").read_text("utf-8"), part):
            if clause.slug in clauses:
                raise SpecError(f"{chapter}.md: {clause.slug} is there twice.")
            if unknown := {*clause.needs} - capabilities.keys():
                raise SpecError(f"{chapter}.md: {clause.slug} needs {', '.join(unknown)}, which is no capability.")
            clauses[clause.slug] = clause
    records = tomllib.loads((folder / "deviations.toml").read_text("utf-8"))
    deviations = tuple(_read_deviations(records["deviation"], clauses))
    patches = tuple(Patch(row["clause"], tuple(row["releases"]), one_line(row["title"])) for row in records["patch"])
    return Standard(parts, clauses, capabilities, deviations, patches)


def _read_part(name: str, folder: Traversable) -> Part:
    text = (folder / "README.md").read_text("utf-8")
    labelled = re.search(r"^\*Covers\.\* (.+)$", text, re.MULTILINE)
    prelude = next((block.text for block in blocks(text) if block.kind == "code"), "")
    chapters = tuple(re.findall(r"\]\((\w+)\.md\)", text))
    return Part(name, chapters, read_range(labelled[1] if labelled else None), prelude)


def _read_chapter(chapter: str, text: str, part: Part) -> Iterator[Clause]:
    (_, above), *clauses = sections(text)
    labelled = (re.fullmatch(r"\*Needs\.\* (.+)", block.text) for block in above)
    needs = next((_read_needs(found[1]) for found in labelled if found), ())
    for slug, under in clauses:
        yield _read_clause(chapter, part, slug, under, needs)


def _read_clause(chapter: str, part: Part, slug: str, under: list[Block], needs: tuple[str, ...] = ()) -> Clause:
    def refuse(reason: str) -> NoReturn:
        raise SpecError(f"{chapter}.md: {slug}: {reason}")

    if not re.fullmatch(rf"{chapter}\.[a-z]+(-[a-z]+)*", slug):
        refuse("a slug is the chapter's name, a dot, and lower-case words joined by hyphens.")
    paragraphs = [block.text for block in under if block.kind == "paragraph"]
    opening = re.fullmatch(r"\*\*(\w+)\.\*\* (.+)", paragraphs[0]) if paragraphs else None
    if opening is None or opening[1] not in get_args(Keyword):
        refuse("the first paragraph must open with a bold keyword.")
    labels: dict[str, str] = {}
    for paragraph in paragraphs[1:]:
        labelled = re.fullmatch(r"\*(Title|Intent|In force|Needs|Source)\.\* (.+)", paragraph)
        if labelled is None:
            refuse(f"this paragraph has no known label: {paragraph!r}")
        labels[labelled[1]] = labelled[2]
    examples = [block.text for block in under if block.kind == "code"]
    for label in ("Intent", "Source"):
        if label not in labels:
            refuse(f"it has no {label.lower()}.")
    if opening[1] in ("MUST", "SHOULD") and len(examples) != 1:
        refuse("a clause with a demand has exactly one example.")
    return Clause(
        slug=slug,
        part=part.name,
        title=labels.get("Title", _title_of(slug)),
        keyword=cast(Keyword, opening[1]),
        requirement=opening[2],
        intent=labels["Intent"],
        in_force=read_range(labels["In force"]) if "In force" in labels else part.covers,
        needs=tuple(dict.fromkeys([*needs, *_read_needs(labels.get("Needs", ""))])),
        source=labels["Source"],
        example=examples[0] if examples else None,
    )


def _title_of(slug: str) -> str:
    return slug.partition(".")[2].replace("-", " ").capitalize()


def _read_needs(text: str) -> tuple[str, ...]:
    return tuple(need.strip(" .") for need in text.split(",") if need)


def _read_capabilities(index: str) -> Iterator[Capability]:
    for name, meaning, claimed, implies in re.findall(_CAPABILITY, index, re.MULTILINE):
        if claimed not in get_args(Claimed):
            raise SpecError(f"README.md: {name} cannot be claimed {claimed!r}.")
        yield Capability(name, meaning, cast(Claimed, claimed), tuple(re.findall(r"`([a-z-]+)`", implies)))


def read_range(text: str | None) -> Range:
    """Return the releases that a text such as ``since 5.0`` names; raise `SpecError` where it is none."""
    if text is None:
        return Range()
    words = re.fullmatch(r"(?:since (\S+?)|until (\S+?)|(\S+) to (\S+?))\.?", text)
    if words is None:
        raise SpecError(f"{text!r} is no range: write 'since X', 'until Y' or 'X to Y'.")
    ends = Range(since=words[1] or words[3], until=words[2] or words[4])
    if {ends.since, ends.until} - {None, *RELEASES}:
        raise SpecError(f"{text!r} names a release that has no profile.")
    return ends


def _read_deviations(rows: Iterable[dict[str, Any]], clauses: Mapping[str, Clause]) -> Iterator[Deviation]:
    begun: Counter[tuple[str, str | None]] = Counter()
    for row in rows:
        if row["clause"] not in clauses:
            raise SpecError(f"deviations.toml: there is no clause {row['clause']!r}.")
        begun[row["clause"], row.get("since")] += 1
        yield Deviation(
            clause=row["clause"],
            releases=Range(row.get("since"), row.get("until")),
            number=begun[row["clause"], row.get("since")],
            title=one_line(row["title"]),
            actual=(row["actual"],) if isinstance(row["actual"], str) else tuple(row["actual"]),
            cases=tuple(row.get("cases", ())),
            last_python=tuple(map(int, row["last_python"].split("."))) if "last_python" in row else None,
            harm=row.get("harm", "wrong"),
            ticket=row.get("ticket"),
            spares_example=row.get("spares_example", False),
            rare=row.get("rare", False),
        )

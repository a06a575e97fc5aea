"""What does each implementation keep of the standard? Other libraries, as they are installed.

    python conformance/workshop/implementations.py run NAME…   check the installed libraries, and write what was found

What was found is in `conformance/results/`: a JSON file a library and version, which `signalspec replay` takes, and a
TOML file a library, with a note for a human on each violated clause. tox has an environment for each library.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from importlib.metadata import version
from typing import Any, Literal

import django
from beside import RESULTS, ROOT
from signalspec import Options, Report
from signalspec.runner import supervisor as supervising
from signalspec.standard.clauses import STANDARD, load_clauses
from signalspec.targets.setup import Setup, base_named

OPTIONS = Options(depth=3, examples=20)

Kind = Literal["defect", "by design"]


@dataclass(frozen=True)
class Note:
    """What a human says of violated clauses: they are a defect, or by design, as the authors say at `source`."""

    kind: Kind
    title: str
    text: str
    clauses: Sequence[str]
    source: str = ""


@dataclass(frozen=True)
class Implementation:
    """A library with signals: the target's short name, and the distribution in the package index.

    What it has may be a base class of models.
    """

    name: str
    distribution: str
    upon_django: bool = False
    is_base: bool = False

    @property
    def profile(self) -> str:
        """What it is held to: who extends Django's signal to what the installed Django does."""
        of_django = self.upon_django or self.is_base
        return f"django-{django.VERSION[0]}.{django.VERSION[1]}" if of_django else STANDARD

    @property
    def part(self) -> str:
        """The part of the standard that it is held to."""
        return "models" if self.is_base else "dispatch"

    @cached_property
    def about(self) -> str:
        """How the library differs as a whole."""
        return " ".join(self._remarks["about"].split())

    @cached_property
    def notes(self) -> Sequence[Note]:
        """The notes on its violated clauses."""
        return [Note(**row) for row in self._remarks.get("note", ())]

    @cached_property
    def _remarks(self) -> Mapping[str, Any]:
        return tomllib.loads((RESULTS / f"{self.name}.toml").read_text("utf-8"))

    def note_on(self, slug: str) -> Note | None:
        """Return the note that covers a clause: the first that names it, or a pattern that it matches."""
        return next((note for note in self.notes if any(fnmatch(slug, each) for each in note.clauses)), None)

    def found(self) -> Mapping[str, Any]:
        """Return what was found last."""
        files = sorted(RESULTS.glob(f"{self.name}-[0-9]*.json"))
        found: Mapping[str, Any] = json.loads(files[-1].read_text("utf-8"))
        return found

    def check(self) -> Report:
        """Check the installed version."""
        if self.is_base:
            target = supervising.load_models(Setup(base=base_named(self.name)))
        else:
            target = supervising.load_target(self.name)
        return supervising.check(target, self.profile, OPTIONS)

    def as_data(self, report: Report) -> Mapping[str, Any]:
        """Return what is kept of a report."""
        return {
            "target": self.name,
            "distribution": self.distribution,
            "version": version(self.distribution),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "profile": report.profile,
            "clauses": [_row(row) for row in report.to_json()["clauses"]],
        }


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    found = dict(row["counterexample"] or {})
    # A script that directs threads contains all that directs them; replaying the program does the same.
    if "schedule" in {**found.get("program", {}), **found.get("program", {}).get("case", {})}:
        del found["script"]
    return {"id": row["id"], "status": row["status"], "notes": row["notes"], "counterexample": found or None}


IMPLEMENTATIONS = (
    Implementation("model-signal", "Django", upon_django=True),
    Implementation("openedx-events", "openedx-events", upon_django=True),
    Implementation("celery", "celery"),
    Implementation("pysignals", "pysignals"),
    Implementation("async-signals", "async-signals"),
    Implementation("signals-py", "signals-py"),
    Implementation("blinker", "blinker"),
    Implementation("pydispatcher", "PyDispatcher"),
    Implementation("polymorphic", "django-polymorphic", is_base=True),
    Implementation("model-utils", "django-model-utils", is_base=True),
    Implementation("safedelete", "django-safedelete", is_base=True),
    Implementation("mptt", "django-mptt", is_base=True),
)


def implementation(name: str) -> Implementation:
    """Return the implementation that is called `name`."""
    return next(each for each in IMPLEMENTATIONS if each.name == name)


def stale() -> Iterator[str]:
    """Yield the libraries that tox installs in another version than was checked, or with clauses still to check."""
    installed = (ROOT / "tox.ini").read_text("utf-8")
    for each in IMPLEMENTATIONS:
        found = each.found()
        checked = [row["id"] for row in found["clauses"]]
        # A base class of models is not asked about all chapters.
        chapters = {slug.partition(".")[0] for slug in checked}
        known = [clause.slug for clause in load_clauses().of(each.part) if clause.chapter in chapters]
        pinned = f"{each.name}: {each.distribution}=={found['version']}\n" in installed
        if not pinned or known != checked:
            yield each.name


def main(command: str, *names: str) -> int:
    """Do what the command says; return the exit status."""
    for each in map(implementation, names) if command == "run" else ():
        data = each.as_data(each.check())
        text = json.dumps(data, indent=1, ensure_ascii=False)
        (RESULTS / f"{each.name}-{data['version']}.json").write_text(f"{text}\n", "utf-8")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] != "run":
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))

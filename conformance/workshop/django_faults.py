"""Faults in Django itself: edits of the modules that send its built-in signals, as they stand.

    python conformance/workshop/django_faults.py [WORDS]         find each fault; print those that go unnoticed
    python conformance/workshop/django_faults.py --rows [WORDS]  write the stale rows of data/kills anew: how each
                                                                 fault is found

A row is stale where its fault or the law of its clause has changed, or where there is none.

They are listed in `faults/PART/CHAPTER.py`. An edit is made while Django imports the module, in a process of its own.
A clause that Django breaks in every case has a *repair* instead of a fault: an edit with which Django keeps it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import beside  # noqa: F401
import kill_matrix
from elsewhere import elsewhere
from model_faults import digest, is_stale, release
from planting import DjangoFault, plant, plant_in_children
from rich.console import Console
from rich.progress import track
from signalspec.runner.events import LAWS, PLAINEST, Event, Failed, GaveUp
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.standard.clauses import RELEASES, load_clauses
from signalspec.standard.verification import Kill
from signalspec.targets.target import load_here

PARTS = ("requests", "auth", "environment")

PATIENCE = 300.0

NEWEST = RELEASES[-1]
"""The release of Django whose faults have rows."""


def django_faults(release: str) -> list[DjangoFault]:
    """Return the faults of a release, in the order of the standard's chapters."""
    modules = [f"faults.{part}.{chapter}" for part in PARTS for chapter in load_clauses().parts[part].chapters]
    return [
        fault
        for module in modules
        if importlib.util.find_spec(module)
        for fault in importlib.import_module(module).FAULTS
        if release in fault.releases
    ]


def in_a_process(fault: DjangoFault | None, work: Callable[[], Any]) -> Any:
    """Return what `work()` returns in a process of its own, whose Django has the fault."""

    def planted() -> Any:
        if fault is not None:
            plant(fault)
            plant_in_children(fault, Path(folder))
        return work()

    with tempfile.TemporaryDirectory() as folder:
        return elsewhere(planted, PATIENCE)


def failures(*slugs: str, last: int = LAWS) -> list[Failed]:
    """Return what shows that the Django of this process breaks clauses, recorded or not."""
    found: list[Failed] = []

    def tell(event: Event) -> None:
        if isinstance(event, Failed):
            found.append(event)
        if isinstance(event, GaveUp):
            raise TimeoutError(event.why)

    clauses = {slug: load_clauses().clause(slug) for slug in slugs}
    Examination(load_here("django"), clauses, Options(timeout=5.0), tell, last=last).run()
    return found


def violations(*slugs: str, last: int = LAWS) -> list[Failed]:
    """Return what shows that the Django of this process breaks clauses, but for what its profile records; a check
    goes as far as to the stage `last`.
    """
    standard, profile = load_clauses(), load_here("django").default_profile
    return [
        each
        for each in failures(*slugs, last=last)
        if not standard.deviation_shown(each.counterexample.clause, each.case, each.counterexample.actual, profile)
    ]


def status_of(script: str) -> object:
    """Run a script in this process as a program of its own; return its exit status."""
    with redirect_stdout(StringIO()):
        try:
            exec(compile(script, "<script>", "exec"), {"__name__": "__main__"})
        except SystemExit as end:
            return end.code
    return None


def trouble_with(fault: DjangoFault) -> str:
    """Return in what way a fault goes unnoticed, or nothing."""
    if fault.repair:
        if not in_a_process(None, lambda: len(failures(fault.clause))):
            return "Django keeps the clause without the repair"
        left = in_a_process(fault, lambda: len(failures(fault.clause)))
        return f"{left} cases are broken in spite of the repair" if left else ""
    found = in_a_process(fault, lambda: violations(fault.clause)[:1])
    if not found:
        return "the clause holds in spite of the fault"
    script = found[0].counterexample.script
    if not in_a_process(fault, lambda: status_of(script)):
        return "the script does not show it"
    if in_a_process(None, lambda: status_of(script)):
        return "the script accuses Django without the fault, too"
    return ""


def stale() -> Iterator[str]:
    """Yield the faults of the newest release whose rows are missing, or were made of another fault or law."""
    yield from (str(fault) for fault in django_faults(NEWEST) if not fault.repair and is_stale(fault))


def row_of(fault: DjangoFault) -> Kill | None:
    """Return what is written down of a fault, or ``None`` where it goes unnoticed."""
    clauses = load_clauses()
    part = clauses.clause(fault.clause).part
    laws = [each.slug for each in clauses.of(part) if each.demands and each.in_force.includes(f"django-{NEWEST}")]

    def work() -> tuple[int | None, int]:
        own = [each.after for each in violations(fault.clause)]
        also = {each.counterexample.clause for each in violations(*laws, last=PLAINEST)} - {fault.clause}
        return min(own, default=None), len(also)

    after, also = in_a_process(fault, work)
    if after is None:
        return None
    return Kill(fault.clause, fault.title, fault.module, digest(fault), "laws", after, also)


def write_rows(words: Sequence[str]) -> int:
    """Look for the faults whose rows are stale, and write a row of each that is noticed; return the exit status."""
    everything = django_faults(NEWEST)
    due = {*stale()}
    chosen = [each for each in everything if str(each) in due and any(word in str(each) for word in words or [""])]
    unnoticed = 0
    for fault in track(chosen, "faults", console=Console(stderr=True), disable=not sys.stderr.isatty()):
        try:
            row = row_of(fault)
        except (TimeoutError, EOFError) as error:
            print(f"{fault}: {type(error).__name__}", flush=True)
            row = None
        unnoticed += row is None
        kill_matrix.write(everything, {str(fault): row})
    print(f"{len(chosen)} faults whose rows were stale, {unnoticed} unnoticed")
    return 1 if unnoticed else 0


def main() -> int:
    """Look for each fault; return the exit status."""
    if "--rows" in sys.argv:
        if release() != NEWEST:
            print(f"Rows are about Django {NEWEST}, and not {release()}.")
            return 2
        return write_rows([each for each in sys.argv[1:] if each != "--rows"])
    unnoticed = 0
    for fault in django_faults(release()):
        if not any(arg in str(fault) for arg in sys.argv[1:] or [""]):
            continue
        try:
            trouble = trouble_with(fault)
        except Exception as error:
            trouble = f"{type(error).__name__}: {error}"
        if trouble:
            unnoticed += 1
            print(f"{fault}: {trouble}", flush=True)
    print(f"{len(django_faults(release()))} faults, {unnoticed} unnoticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    raise SystemExit(main())

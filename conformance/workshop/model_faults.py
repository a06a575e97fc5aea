"""Would the suite notice? Plant every fault of the part models in Django, and look which clauses are named.

    python conformance/workshop/model_faults.py [PREFIX…]       the clause of every fault, or of those that begin so
    python conformance/workshop/model_faults.py --whole         every law at its plainest, of stale faults
    python conformance/workshop/model_faults.py --whole --all   the same of every fault; both write data/kills

A row is stale where its fault or the law of its clause has changed, or where there is none.

A fault of a clause that is not in force for the installed Django, or whose edit does not fit it, is left out and
counted. Exit status: 0 where all are named, 1 where one is not.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

import beside  # noqa: F401
import kill_matrix
from elsewhere import elsewhere
from faults import all_faults as dispatch_faults
from faults.models import all_faults
from planting import DjangoFault, plant, source_of
from rich.console import Console
from rich.progress import track
from signalspec.engines.laws import load_laws
from signalspec.releases.differences import DJANGO
from signalspec.standard.clauses import RELEASES, load_clauses
from signalspec.standard.verification import Kill

PATIENCE = 60.0
TIMEOUT = 5.0


class Verdict(NamedTuple):
    """The clauses that a fault was said to break, its own among them if it was named, and after how many programs."""

    named: Sequence[str]
    after: int
    trouble: str


def release() -> str:
    """Return the installed release of Django, which is not imported: faults are planted while it is."""
    from importlib.metadata import version

    return ".".join(version("django").split(".")[:2])


def judge(fault: DjangoFault, whole: bool) -> Verdict:
    """Plant a fault in a process of its own, and run the laws there."""
    profile = f"django-{release()}"

    def work() -> list[tuple[str, int]]:
        plant(fault)
        laws = load_laws()
        broken = {each.clause for each in load_clauses().deviations_in(profile)} - {fault.clause}
        others = [each.slug for each in load_clauses().of("models") if each.slug != fault.clause and whole]
        programs = 0
        found = []
        for slug in [fault.clause, *others]:
            clause = load_clauses().clause(slug)
            if not clause.demands or not clause.in_force.includes(profile) or slug in broken:
                continue
            cases = laws[slug].cases()
            for case in cases if slug == fault.clause else islice(cases, 1):
                programs += 1
                if laws[slug].run(case, DJANGO, TIMEOUT) is not None:
                    found.append((slug, programs))
                    break
        return found

    try:
        found = elsewhere(work, PATIENCE)
    except (TimeoutError, EOFError) as error:
        return Verdict([], 0, type(error).__name__)
    named = [slug for slug, _ in found]
    after = found[0][1] if found else 0
    trouble = ""
    return Verdict(named, after, trouble)


def applicable() -> Iterator[DjangoFault]:
    """Yield the faults that the installed Django can have."""
    return filter(fits, all_faults())


def fits(fault: DjangoFault) -> bool:
    """Tell whether the installed Django can have a fault."""
    profile = f"django-{release()}"
    return load_clauses().clause(fault.clause).in_force.includes(profile) and fault.fits()


def digest(fault: DjangoFault) -> str:
    """Return what changes when the fault or the law of its clause does."""
    words = repr((fault, load_laws()[fault.clause].statement))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def is_stale(fault: DjangoFault) -> bool:
    """Tell whether the row of a fault is missing, or was made of another fault or law."""
    row = kill_matrix.rows_by_fault().get(str(fault))
    return row is None or row.digest != digest(fault)


def stale() -> list[DjangoFault]:
    """Return the faults that the installed Django can have, and whose rows are stale."""
    return [fault for fault in applicable() if is_stale(fault)]


def kill_of(fault: DjangoFault, verdict: Verdict) -> Kill:
    """Return what is written down of a fault that was named."""
    return Kill(
        fault.clause,
        fault.title,
        fault.module,
        digest(fault),
        "laws",
        verdict.after,
        len(set(verdict.named) - {fault.clause}),
    )


def main(arguments: Sequence[str]) -> int:
    """Judge the faults, print and write; return the exit status."""
    whole = "--whole" in arguments
    prefixes = tuple(each for each in arguments if not each.startswith("--")) or ("",)
    if release() not in RELEASES:
        print(f"There is no profile for Django {release()}.")
        return 2
    faults = [fault for fault in applicable() if fault.clause.startswith(prefixes)]
    if whole and "--all" not in arguments:
        faults = [fault for fault in faults if is_stale(fault)]
    left_out = [fault for fault in all_faults() if fault.clause.startswith(prefixes) and not fits(fault)]
    # They are read here, before Django is, so that no child has to.
    load_laws(), [source_of(fault.module) for fault in faults]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        verdicts = list(
            track(
                pool.map(lambda fault: judge(fault, whole), faults),
                description="faults",
                total=len(faults),
                console=Console(stderr=True),
                disable=not sys.stderr.isatty(),
                transient=True,
            )
        )
    missed = [
        (fault, verdict) for fault, verdict in zip(faults, verdicts, strict=True) if fault.clause not in verdict.named
    ]
    for fault, verdict in missed:
        print(f"missed: {fault} {verdict.trouble}".rstrip())
    for fault in left_out:
        print(f"left out: {fault}")
    also = [len(set(verdict.named) - {fault.clause}) for fault, verdict in zip(faults, verdicts, strict=True)]
    print(f"Django {release()}: {len(faults) - len(missed)} of {len(faults)} faults named, {len(left_out)} left out.")
    if whole and faults:
        print(f"Other clauses named: {statistics.mean(also):.1f} on average, median {statistics.median(also)}.")
        judged = zip(faults, verdicts, strict=True)
        kills = {str(each): kill_of(each, what) if each.clause in what.named else None for each, what in judged}
        every: list[kill_matrix.Planted] = [*all_faults(), *dispatch_faults()]
        kill_matrix.write(every, kills)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

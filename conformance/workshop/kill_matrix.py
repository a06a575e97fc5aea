"""Would the suite notice? Check every planted fault whole, and write down which clauses are named, and how soon.

    python conformance/workshop/kill_matrix.py [--jobs N]    check the faults that are stale, and make the data anew
    python conformance/workshop/kill_matrix.py --all         check every fault
    python conformance/workshop/kill_matrix.py --alone       check of a stale fault its own clause alone
    python conformance/workshop/kill_matrix.py --fresh       tell whether something is stale; check nothing

A row is stale where its fault, the base that it is planted in, or the law of its clause has changed. What else
changes in the suite makes no row stale: check every fault after changes of an engine. What is checked alone keeps the
number of other clauses that were named last.

Exit status: 0 where all is well, 1 where the clause of a fault is not named, or the data are not fresh.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple, Protocol

from beside import DATA
from faults import Fault, all_faults, planted
from rich.console import Console
from rich.progress import track
from signalspec.engines.laws import load_laws
from signalspec.runner.events import LAWS, PLAINEST, THREADS, Event, Failed
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.runner.tally import Tally
from signalspec.standard.clauses import load_clauses
from signalspec.standard.verification import Kill, load_kills

ROWS = DATA / "kills"
OPTIONS = Options(depth=3, examples=5, timeout=2.0)

console = Console(soft_wrap=True, markup=False, highlight=False)


class Verdict(NamedTuple):
    """What became of one fault: how its clause was named, if it was, and the seconds until any clause was."""

    kill: Kill | None
    seconds: float


def main() -> int:
    """Parse the command line, check, write, print; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fresh", action="store_true", help="only tell whether the data are up to date")
    parser.add_argument("--all", action="store_true", help="check every fault, and not those alone that are stale")
    parser.add_argument("--alone", action="store_true", help="check the clause of each fault, and no others")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="at the same time")
    arguments = parser.parse_args()
    if arguments.fresh:
        for fault in (found := stale()):
            console.print(f"stale: {fault}")
        if found:
            console.print("Run `python conformance/workshop/kill_matrix.py`.")
        return 1 if found else 0

    every = all_faults()
    faults = every if arguments.all else stale()
    # A pool of this kind is terminated in the end: a faulty dispatcher may have left threads that never end.
    with multiprocessing.get_context("spawn").Pool(arguments.jobs) as pool:
        verdicts = list(
            track(
                pool.imap(judge_alone if arguments.alone else judge, map(every.index, faults), chunksize=4),
                description="faults",
                total=len(faults),
                console=Console(stderr=True),
                disable=not sys.stderr.isatty(),
                transient=True,
            )
        )
    judged = dict(zip(map(str, faults), verdicts, strict=True))
    write(every, {name: verdict.kill for name, verdict in judged.items()})
    missed = [str(fault) for fault, verdict in zip(faults, verdicts, strict=True) if verdict.kill is None]
    for name in missed:
        console.print(f"missed: {name}")
    kills = [verdict.kill for verdict in verdicts if verdict.kill is not None]
    if not kills:
        return 1 if missed else 0
    seconds = sorted(verdict.seconds for verdict in verdicts)
    console.print(
        f"{len(kills)} of {len(faults)} faults named; {statistics.mean(kill.also for kill in kills):.1f} other "
        f"clauses each. Seconds to the first finding: median {statistics.median(seconds):.2f}, "
        f"95 % within {seconds[len(seconds) * 95 // 100]:.2f}, all within {seconds[-1]:.2f}."
    )
    return 1 if missed else 0


def judge_alone(number: int) -> Verdict:
    """Check the clause of one fault with all there is; how many others are named stays what it was."""
    fault = all_faults()[number]
    before = rows_by_fault().get(str(fault))
    if before is None:
        return judge(number)
    found: list[Failed] = []
    start = time.perf_counter()

    def tell(event: Event) -> None:
        tally.take(event)
        if isinstance(event, Failed) and event.counterexample.clause == fault.clause in tally.violations:
            found.append(event)

    with planted(fault) as target, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        tally = Tally(target, fault.profile, OPTIONS)
        alone = {fault.clause: tally.open[fault.clause]} if fault.clause in tally.open else {}
        for last in (PLAINEST, LAWS, THREADS) if alone else ():
            if not found:
                Examination(target, alone, OPTIONS, tell, last=last).run()
    seconds = time.perf_counter() - start
    if not found:
        return Verdict(None, seconds)
    kill = before._replace(digest=digest(fault), engine=found[0].engine, after=found[0].after)
    return Verdict(kill, seconds)


def judge(number: int) -> Verdict:
    """Check one fault: every law at its plainest; and where its clause is not named yet, that with all there is."""
    fault = all_faults()[number]
    first: list[float] = []
    found: list[Failed] = []

    def tell(event: Event) -> None:
        tally.take(event)
        if isinstance(event, Failed) and event.counterexample.clause in tally.violations:
            first.append(time.perf_counter() - start)
            if event.counterexample.clause == fault.clause:
                found.append(event)

    with planted(fault) as target, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        tally = Tally(target, fault.profile, OPTIONS)
        start = time.perf_counter()
        examination = Examination(target, tally.open, OPTIONS, tell, last=PLAINEST)
        examination.run()
        if not found and fault.clause in tally.open:
            alone = {fault.clause: tally.open[fault.clause]}
            again = Examination(target, alone, OPTIONS, tell, programs=examination.programs)
            again.run()
    seconds = first[0] if first else float("inf")
    if not found:
        return Verdict(None, seconds)
    also = len(tally.violations.keys() - {fault.clause})
    kill = Kill(fault.clause, fault.title, fault.base, digest(fault), found[0].engine, found[0].after, also)
    return Verdict(kill, seconds)


def digest(fault: Fault) -> str:
    """Return what changes when the fault, its base or the law of its clause does."""
    law = load_laws().get(fault.clause)
    return hashlib.sha256(f"{fault.source}\0{law.statement if law else ''}".encode()).hexdigest()[:12]


def stale() -> list[Fault]:
    """Return the faults whose rows are missing, or were made of another fault, base or law."""
    rows = rows_by_fault()
    return [fault for fault in all_faults() if str(fault) not in rows or rows[str(fault)].digest != digest(fault)]


def rows_by_fault() -> dict[str, Kill]:
    """Return what is known, by the words for each fault."""
    return {f"{kill.clause}: {kill.fault}": kill for kills in load_kills().values() for kill in kills}


class Planted(Protocol):
    """A fault, wherever it is planted; its words tell it from others."""

    @property
    def clause(self) -> str:
        """The clause that it breaks."""


def write(faults: Iterable[Planted], judged: Mapping[str, Kill | None]) -> None:
    """Write the rows of `faults`, those that were `judged` anew; a fault that was missed has none."""
    rows = {**rows_by_fault(), **judged}
    by_part: dict[str, list[str]] = {part: [] for part in load_clauses().parts}
    for fault in faults:
        row = rows.get(str(fault))
        if row is not None:
            by_part[load_clauses().clause(fault.clause).part].append(json.dumps(row._asdict()))
    ROWS.mkdir(exist_ok=True)
    for part, lines in ((part, lines) for part, lines in by_part.items() if lines):
        (ROWS / f"{part}.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
    load_kills.cache_clear()


if __name__ == "__main__":
    sys.exit(main())

"""Would the suite notice? Check every planted fault whole, and write down which clauses are named, and how soon.

    python tests/kill_matrix.py [--jobs N]      make kills.json and spec/pages/verification.md anew
    python tests/kill_matrix.py --fresh         tell whether they are those of this suite; nothing is checked

Exit status: 0 where all is well, 1 where the clause of a fault is not named, or the files are not fresh.
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
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from faults import all_faults, planted
from rich.console import Console
from rich.progress import track
from signalspec.checking import Tally
from signalspec.clauses import load_clauses
from signalspec.examining import PLAINEST, Event, Examination, Failed, Options
from signalspec.verification import Kill, load_kills, verification_of

ROOT = Path(__file__).resolve().parent.parent
SUITE = ROOT / "conformance/signalspec"
DATA = SUITE / "kills.json"
PAGE = ROOT / "spec/pages/verification.md"
OPTIONS = Options(depth=3, examples=5, timeout=2.0)

WHAT_FINDS = ("engines/*.py", "laws/*.py", "*kinds.py", "model*.py", "commands.py", "programs.py", "interpreter.py")
"""The modules that a finding depends on; the others tell of it."""

INTRODUCTION = f"""\
# Verification

How each clause is verified. `python tests/kill_matrix.py` makes this page: it plants every fault of `tests/faults/`,
one at a time, in a sound implementation, and checks that with the plainest case of every law; and where its clause is
not named yet, that clause with all its cases and with short programs
(`--depth {OPTIONS.depth} --examples {OPTIONS.examples}`).
A clause is *checked* when the suite names it for a fault that breaks it. *After* says how many programs had run
before the one that found it.
"""

console = Console(soft_wrap=True, markup=False, highlight=False)


class Verdict(NamedTuple):
    """What became of one fault: how its clause was named, if it was, and the seconds until any clause was."""

    kill: Kill | None
    seconds: float


def main() -> int:
    """Parse the command line, check, write, print; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fresh", action="store_true", help="only tell whether the files are up to date")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="at the same time")
    arguments = parser.parse_args()
    if arguments.fresh:
        if is_fresh():
            return 0
        console.print("The suite or the faults have changed: run `python tests/kill_matrix.py`.")
        return 1

    faults = all_faults()
    # A pool of this kind is terminated in the end: a faulty dispatcher may have left threads that never end.
    with multiprocessing.get_context("spawn").Pool(arguments.jobs) as pool:
        verdicts = list(
            track(
                pool.imap(judge, range(len(faults)), chunksize=4),
                description="faults",
                total=len(faults),
                console=Console(stderr=True),
                disable=not sys.stderr.isatty(),
                transient=True,
            )
        )
    kills = [verdict.kill for verdict in verdicts if verdict.kill is not None]
    rows = ",\n".join(f"  {json.dumps(kill._asdict())}" for kill in kills)
    DATA.write_text(f'{{"suite": "{digest()}",\n"kills": [\n{rows}\n]}}\n', "utf-8")
    load_kills.cache_clear()
    PAGE.write_text(page(), "utf-8")
    missed = [str(fault) for fault, verdict in zip(faults, verdicts, strict=True) if verdict.kill is None]
    for fault in missed:
        console.print(f"missed: {fault}")
    seconds = sorted(verdict.seconds for verdict in verdicts)
    console.print(
        f"{len(kills)} of {len(faults)} faults named; {statistics.mean(len(kill.also) for kill in kills):.1f} other "
        f"clauses each. Seconds to the first finding: median {statistics.median(seconds):.2f}, "
        f"95 % within {seconds[len(seconds) * 95 // 100]:.2f}, all within {seconds[-1]:.2f}."
    )
    return 1 if missed else 0


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
    also = sorted(tally.violations.keys() - {fault.clause})
    return Verdict(Kill(fault.clause, fault.title, fault.base, found[0].engine, found[0].after, also), seconds)


def digest() -> str:
    """Return what changes when the suite or a fault does."""
    files = [file for pattern in WHAT_FINDS for file in SUITE.glob(pattern)]
    files += [*(ROOT / "tests/faults").glob("*.py"), *(ROOT / "reference").rglob("*.py")]
    known = hashlib.sha256()
    for file in sorted(files):
        known.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return known.hexdigest()


def is_fresh() -> bool:
    """Tell whether the files are those that this suite and these faults make."""
    if not DATA.exists() or json.loads(DATA.read_text("utf-8"))["suite"] != digest():
        return False
    return PAGE.exists() and PAGE.read_text("utf-8") == page()


def page() -> str:
    """Return the page that shows the matrix."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    standard = load_clauses()
    kills = [kill for each in load_kills().values() for kill in each]
    yield INTRODUCTION
    yield f"{len(kills)} faults are named; {sum(clause.demands for clause in standard)} clauses demand something."
    by_chapter = defaultdict(list)
    for clause in standard:
        by_chapter[clause.chapter].append(clause)
    for chapter, clauses in by_chapter.items():
        yield ""
        yield f"## {chapter}"
        yield ""
        yield "| clause | status | fault | found by | after | also named |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for clause in clauses:
            yield from _rows(clause.slug, verification_of(clause), load_kills().get(clause.slug, ()))


def _rows(slug: str, status: str, kills: Iterable[Kill]) -> Iterator[str]:
    heading = f"`{slug}` | {status}"
    for kill in kills:
        also = ", ".join(f"`{other}`" for other in kill.also)
        yield f"| {heading} | {kill.fault} | {kill.engine} | {kill.after} | {also} |"
        heading = " | "
    if heading != " | ":
        yield f"| {heading} | | | | |"


if __name__ == "__main__":
    sys.exit(main())

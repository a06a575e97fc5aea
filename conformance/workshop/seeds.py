"""Is the suite ever wrong? Check a target that conforms with many seeds, and stop at the first false alarm.

    python conformance/workshop/seeds.py [TARGET] [--seeds N] [--jobs N]
    python conformance/workshop/seeds.py [TARGET] --repeat N

TARGET is what `signalspec check` takes, by default the installed Django. The first seed is checked whole, the others
with what differs from it: the long programs, and the cases of the laws that they choose, which is to say once every
case there is. With `--repeat` one seed is checked so many times, as the command line does it, and the reports must be
the same to the byte.
Exit status: 0 where no seed found a violation, or all reports are the same; 1 otherwise, with the script of what was
found; 2 where the target cannot be used.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import re
import time
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.progress import track
from signalspec import Options, TargetError, check_here, load_here
from signalspec.engines.laws import Case, Law
from signalspec.reports import jsonfile
from signalspec.runner import supervisor as supervising
from signalspec.runner.events import HYPOTHESIS, LAWS, Place
from signalspec.runner.examination import Examination
from signalspec.runner.tally import Tally
from signalspec.targets.target import Target


def main() -> int:
    """Parse the command line, check, print; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", nargs="?", default="django", metavar="TARGET")
    parser.add_argument("--seeds", type=int, default=200, metavar="N", help="check with the seeds from 0 to N - 1")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="at the same time")
    parser.add_argument(
        "--repeat", type=int, metavar="N", help="check with one seed N times, and compare the reports"
    )
    arguments = parser.parse_args()
    console = Console(soft_wrap=True, markup=False, highlight=False)
    try:
        load_here(arguments.target)
    except TargetError as error:
        console.print(str(error))
        return 2

    if arguments.repeat:
        target = supervising.load_target(arguments.target)
        reports = {jsonfile.render([supervising.check(target)]) for _ in range(arguments.repeat)}
        console.print(
            f"{arguments.target}: {arguments.repeat} checks with one seed, {len(reports)} different reports."
        )
        return 0 if len(reports) == 1 else 1

    start = time.monotonic()
    programs = 0
    jobs: list[tuple[str, int | None]] = [(arguments.target, seed) for seed in (None, *range(arguments.seeds))]
    # What a check takes out of the sight of the garbage collector, Hypothesis' remains included, adds up.
    with multiprocessing.get_context("spawn").Pool(arguments.jobs, maxtasksperchild=20) as pool:
        for report in track(
            pool.imap_unordered(examine, jobs),
            description=f"{arguments.target}: seeds",
            total=len(jobs),
            console=Console(stderr=True),
            disable=not Console(stderr=True).is_terminal,
            transient=True,
        ):
            programs += programs_in(report)
            violated = [clause for clause in report["clauses"] if clause["status"] == "violated"]
            if violated:
                for clause in violated:
                    found = clause["counterexample"]
                    console.print(f"seed {report['seed']}: {report['target']} is said to violate {clause['id']}")
                    console.print(
                        f"  expected: {found['expected']}\n  actual:   {found['actual']}\n\n{found['script']}"
                    )
                return 1
    seconds = time.monotonic() - start
    console.print(
        f"{arguments.target}, profile {report['profile']}, Python {platform.python_version()}: no false alarm with "
        f"{arguments.seeds} seeds, {programs:,} programs in {seconds:.0f} s."
    )
    return 0


class Thorough(Examination):
    """An examination that leaves out no case of a law."""

    def cases(self, law: Law) -> Iterator[Case]:
        """Yield all."""
        return law.every_case(self.target.capabilities)


def examine(job: tuple[str, int | None]) -> dict[str, Any]:
    """Run every case of every law, or what depends on one seed alone, or everything with the first seed; return the
    report as data, which fits through a pipe.
    """
    name, seed = job
    target = load_here(name)
    if seed is None:
        return examined(target, Options(), Thorough, LAWS)
    options = Options(seed=seed)
    return (
        examined(target, options, Examination, HYPOTHESIS) if seed else check_here(target, options=options).to_json()
    )


def examined(target: Target, options: Options, kind: type[Examination], stage: int) -> dict[str, Any]:
    """Run one stage; return the report as data."""
    tally = Tally(target, target.default_profile, options)
    # What the first seed has found broken, long programs must not stumble over.
    broken = {deviation.clause for deviation in tally.standard.deviations_in(tally.profile)}
    kind(target, tally.open, options, tally.take, start=Place(stage), last=stage, broken=broken).run()
    return tally.report().to_json()


def programs_in(report: dict[str, Any]) -> int:
    """Return how many programs ran, as the lines on coverage tell it."""
    numbers = re.findall(r"([\d,]+) (?:long )?programs", "\n".join(report["coverage"]))
    return sum(int(number.replace(",", "")) for number in numbers)


if __name__ == "__main__":
    raise SystemExit(main())

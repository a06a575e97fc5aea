"""How well do reports tell causes from what follows? Plant faults alone and together, and count the causes.

    python conformance/workshop/causes.py single [--sample N] [--seed N]    each planted fault alone
    python conformance/workshop/causes.py threads [--sample N] [--seed N]   each of the chapter threads
    python conformance/workshop/causes.py several [--draws N] [--seed N]    two or three independent faults at once

Alone, the clause of a fault ought to be a cause, and the only one. Together, the clause of each fault ought to be one
of the causes as it is alone; faults are independent where the clause of neither is violated by the other alone.

Exit status: 0 where the figures that are asked for are reached, 1 otherwise.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from random import Random
from typing import NamedTuple

import beside  # noqa: F401
from faults import Fault, all_faults, planted_together
from signalspec.engines.laws import load_laws
from signalspec.findings.causes import SHARING, causes_of
from signalspec.runner.events import LAWS, THREADS
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.runner.tally import Tally

OPTIONS = Options(timeout=2.0)
THREADED = "threads."


class Judged(NamedTuple):
    """What was found of some faults that were planted together: the violated clauses, and those that are causes."""

    faults: tuple[int, ...]
    violated: frozenset[str]
    causes: frozenset[str]


def judge(numbers: tuple[int, ...]) -> Judged:
    """Plant some faults, which have one base, check the laws of all clauses, and work out the causes.

    Where one is of the chapter threads, its clauses are checked instead, with all small programs of threads.
    """
    faults = [all_faults()[number] for number in numbers]
    threaded = any(fault.clause.startswith(THREADED) for fault in faults)
    options = replace(OPTIONS, only=(THREADED,)) if threaded else OPTIONS
    with planted_together(faults) as target, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        tally = Tally(target, faults[0].profile, options)
        last = THREADS if threaded else LAWS
        Examination(target, tally.open_in("dispatch"), options, tally.take, last=last).run()
        leftovers = [slug for slug in tally.violations if SHARING in tally.violations and _holds(tally, slug, faults)]
        because = causes_of(tally.violations, target, OPTIONS.timeout, leftovers)
    return Judged(numbers, frozenset(tally.violations), frozenset(tally.violations) - because.keys())


def _holds(tally: Tally, slug: str, faults: Sequence[Fault]) -> bool:
    """Tell whether the story of a violated clause does not fail where nothing ran before it, as a check finds out."""
    story = tally.violations[slug][0].program
    with planted_together(faults) as fresh:
        return "law" in story and load_laws()[slug].run(story["case"], fresh, OPTIONS.timeout) is None


def candidates(threaded: bool = False) -> list[int]:
    """Return the numbers of the faults that do not make programs wait for ever: those of the chapter threads, or
    those that laws of one thread find.
    """
    faults = enumerate(all_faults())
    return [number for number, each in faults if not each.hangs and each.clause.startswith(THREADED) == threaded]


def single(numbers: Sequence[int], sample: int | None, random: Random) -> int:
    """Judge faults one at a time; return the exit status."""
    chosen = random.sample(numbers, sample) if sample else numbers
    found = _map(judge, [(number,) for number in chosen])
    counts = sorted(len(each.causes) for each in found)
    faults = all_faults()
    told = sum(faults[each.faults[0]].clause in each.causes for each in found)
    among = sum(faults[each.faults[0]].clause in each.violated for each in found)
    for each in found:
        fault = faults[each.faults[0]]
        if fault.clause not in each.causes or len(each.causes) > 3:
            print(f"{len(each.violated)} violated, {len(each.causes)} causes, {_named(fault, each)}: {fault}")
    mean, most = statistics.mean(counts), counts[-1]
    most_of_95 = counts[len(counts) * 95 // 100]
    print(f"{len(found)} faults: {mean:.2f} causes on average, 95 % at most {most_of_95}, all at most {most}.")
    print(f"The planted clause is a cause in {told / len(found):.1%}, and violated in {among / len(found):.1%}.")
    return 0 if mean <= 1.3 and most <= 6 and told >= 0.98 * len(found) else 1


def _named(fault: Fault, judged: Judged) -> str:
    if fault.clause in judged.causes:
        return "the planted clause among them"
    return "the planted clause follows" if fault.clause in judged.violated else "the planted clause is not violated"


def several(draws: int, random: Random) -> int:
    """Judge independent faults together; return the exit status."""
    faults, numbers = all_faults(), candidates()
    bases = {base: [each for each in numbers if faults[each].base == base] for base in {f.base for f in faults}}
    drawn: list[tuple[int, ...]] = []
    while len(drawn) < draws:
        base = random.choice([base for base, of_it in sorted(bases.items()) if len(of_it) > 20])
        group = tuple(sorted(random.sample(bases[base], random.choice((2, 3)))))
        if _fit(group) and group not in drawn:
            drawn.append(group)
    alone = {each.faults[0]: each for each in _map(judge, [(n,) for n in sorted({n for g in drawn for n in g})])}
    independent = [group for group in drawn if _independent(group, alone)]
    kept = due = 0
    for each in _map(judge, independent):
        for number in each.faults:
            if faults[number].clause in alone[number].causes:
                due += 1
                kept += faults[number].clause in each.causes
                if faults[number].clause not in each.causes:
                    print(
                        f"hidden: {faults[number]}\n  beside: {[str(faults[n]) for n in each.faults if n != number]}"
                    )
    print(
        f"{len(independent)} draws of independent faults: {kept} of {due} causes are still causes ({kept / due:.1%})"
    )
    return 0 if kept >= 0.98 * due else 1


def _fit(group: Sequence[int]) -> bool:
    """Tell whether the edits of some faults can be made one after the other."""
    faults = [all_faults()[number] for number in group]
    try:
        text = faults[0].source
        for fault in faults[1:]:
            text = fault.edit(text)
    except ValueError:
        return False
    return True


def _independent(group: Sequence[int], alone: dict[int, Judged]) -> bool:
    faults = all_faults()
    return all(faults[one].clause not in alone[other].violated for one in group for other in group if one != other)


def _map(work: Callable[[tuple[int, ...]], Judged], items: Sequence[tuple[int, ...]]) -> list[Judged]:
    # A faulty dispatcher may leave threads that never end, and a Python that cannot parse any more: each has its own.
    with multiprocessing.get_context("spawn").Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        return pool.map(work, items, chunksize=1)


def main() -> int:
    """Parse the command line and judge; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("single", "threads", "several"))
    parser.add_argument("--sample", type=int, metavar="N", help="how many faults, by default all")
    parser.add_argument("--draws", type=int, default=300, metavar="N", help="how many pairs and triples")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    random = Random(arguments.seed)
    if arguments.what == "several":
        return several(arguments.draws, random)
    return single(candidates(arguments.what == "threads"), arguments.sample, random)


if __name__ == "__main__":
    sys.exit(main())

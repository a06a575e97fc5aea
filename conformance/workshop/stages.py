"""How much processor time does each stage of a check take, beside another commit?

    python conformance/workshop/stages.py [COMMIT] [--target NAME] [--rounds N]

The stages of the dispatcher's part are run in one process, and a whole check in its own, by this tree and by COMMIT
in turns, and the least time of each counts: what else the machine does costs little then. Without a COMMIT it is the
one before the last.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent

STAGES = """
import gc, json, sys, time
from signalspec import Options, load_here
from signalspec.engines import explore
from signalspec.runner import events
from signalspec.runner.examination import Examination
from signalspec.runner.tally import Tally

def timed(name, work):
    start = time.process_time()
    work()
    seconds[name] = seconds.get(name, 0.0) + time.process_time() - start

def examine(start, last):
    Examination(target, tally.open_in("dispatch"), tally.options, tally.take, start, last, set(tally.broken)).run()

seconds = {}
target = load_here(sys.argv[1])
tally = Tally(target, target.default_profile, Options())
dimensions = [each for each in explore.DIMENSIONS if each.needs <= target.capabilities]
timed("laws", lambda: examine(events.START, events.LAWS))
# They are remembered by what they are asked for with, which once was less.
asked = [tally.options.depth, *([tally.options.shard] if hasattr(tally.options, "shard") else [])]
timed("programs made", lambda: [explore.programs_of(each, *asked) for each in dimensions])
gc.freeze()
timed("explore", lambda: examine(events.Place(events.EXPLORE), events.EXPLORE))
if hasattr(events, "AWAIT"):
    timed("explore", lambda: examine(events.Place(events.AWAIT), events.AWAIT))
timed("hypothesis", lambda: examine(events.Place(events.HYPOTHESIS), events.HYPOTHESIS))
timed("threads", lambda: examine(events.Place(events.THREADS), events.THREADS))
print(json.dumps(seconds))
"""


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("commit", nargs="?", default="HEAD~1")
    parser.add_argument("--target", default="django", metavar="NAME")
    parser.add_argument("--rounds", type=int, default=2, metavar="N")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder)
        archive = subprocess.run(["git", "archive", arguments.commit], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        least: dict[Path, dict[str, float]] = {other: {}, ROOT: {}}
        for _ in range(arguments.rounds):
            for tree, seconds in least.items():
                for stage, took in measured(tree, arguments.target).items():
                    seconds[stage] = min(took, seconds.get(stage, took))
    show(least[other], least[ROOT], arguments.commit)


def measured(tree: Path, target: str) -> Mapping[str, float]:
    """Return the seconds that each stage takes the suite in `tree`."""
    path = os.pathsep.join(str(tree / each) for each in ("conformance", "reference"))
    environment = {**os.environ, "PYTHONPATH": path}
    found = subprocess.run(
        [sys.executable, "-c", STAGES, target],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    seconds: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    spent = _spent()
    check = [sys.executable, "-m", "signalspec", "check", target, "--only", "dispatch"]
    subprocess.run(check, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return {**seconds, "a check, all processes": _spent() - spent}


def _spent() -> float:
    """Return the seconds that processes which have ended took of any core."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def show(before: Mapping[str, float], now: Mapping[str, float], commit: str) -> None:
    """Print what each stage takes, and what it takes beside what it took."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("processor time", f"{commit}, s", "here, s", "ratio"):
        table.add_column(heading, justify="left" if heading.startswith("processor") else "right")
    for stage, here in now.items():
        earlier = before[stage]
        table.add_row(stage, f"{earlier:.2f}", f"{here:.2f}", f"{here / earlier:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()

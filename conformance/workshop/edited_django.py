"""What does a whole check say of a Django that was edited? Edit a copy, check it as a user does, count the causes.

    python conformance/workshop/edited_django.py PART [--sample N] [--seed N]

PART is `models`, `requests`, `auth` or `environment`; its planted faults are made in a copy of the installed Django,
one at a time, and `signalspec check django --only PART` is run on it.

Exit status: 0 where each fault's own clause is violated, and where there are at most 1.5 causes on average; else 1.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import beside  # noqa: F401
import django
import django_faults
import model_faults
from planting import DjangoFault, file_of
from signalspec.standard.clauses import load_clauses

MOST_CAUSES = 1.5
PARTS = ("models", *django_faults.PARTS)


class Checked(NamedTuple):
    """What a check said: its exit status, how many lines, the violated clauses, and the causes among them."""

    status: int
    lines: int
    violated: frozenset[str]
    causes: frozenset[str]


def faults_of(part: str) -> list[DjangoFault]:
    """Return the faults of a part that the installed Django can have."""
    if part == "models":
        return [*model_faults.applicable()]
    planted = django_faults.django_faults(model_faults.release())
    return [each for each in planted if load_clauses().clause(each.clause).part == part and not each.repair]


def check(fault: DjangoFault, part: str, folder: Path) -> Checked:
    """Check a copy of Django in `folder` that has the fault."""
    edited = file_of(folder, fault.module)
    whole = edited.read_text("utf-8")
    edited.write_text(fault.edit(whole), "utf-8")
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "signalspec", "check", "django", "--only", part, "--json", str(report)]
    paths = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False
        )
    finally:
        edited.write_text(whole, "utf-8")
    found = json.loads(report.read_text("utf-8")) if report.exists() else {"clauses": []}
    clauses = [each for each in found["clauses"] if each["status"] == "violated"]
    causes = frozenset(each["id"] for each in clauses if not each.get("because"))
    return Checked(done.returncode, len(done.stdout.splitlines()), frozenset(each["id"] for each in clauses), causes)


def copies(faults: Sequence[DjangoFault], part: str) -> Iterator[tuple[DjangoFault, Checked]]:
    """Yield each fault with what is said of a Django that has it."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(django.__file__).parent, Path(folder, "django")
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        for fault in faults:
            yield fault, check(fault, part, Path(folder))


def main() -> int:
    """Edit, check and print; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--sample", type=int, metavar="N", help="how many faults, by default all")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    faults = faults_of(arguments.part)
    chosen = Random(arguments.seed).sample(faults, arguments.sample) if arguments.sample else faults
    counts, told, among = [], 0, 0
    for fault, checked in copies(chosen, arguments.part):
        told += fault.clause in checked.causes
        among += fault.clause in checked.violated
        counts.append(len(checked.causes))
        what = f"status {checked.status}, {len(checked.violated)} violated, {checked.lines} lines"
        print(f"{fault}\n  {what}; causes: {', '.join(sorted(checked.causes)) or 'none'}", flush=True)
    print(f"{len(chosen)} faults: violated {among}, a cause {told}, {statistics.mean(counts):.2f} causes on average.")
    return 0 if among == len(chosen) and statistics.mean(counts) <= MOST_CAUSES else 1


if __name__ == "__main__":
    sys.exit(main())

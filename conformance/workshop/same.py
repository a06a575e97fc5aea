"""Does a change of the suite change what it says? Compare two reports that `signalspec check --json` wrote.

    python conformance/workshop/same.py BEFORE AFTER

Each clause has to have the same status, and to have been exercised as often. Exit status: 0 where all are the same, 1
where one is not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

Told = Mapping[tuple[str, str], tuple[str, object]]
"""The status of each clause, and how often it was exercised, by target and slug."""


def told_by(path: Path) -> Told:
    """Return what the reports of a file tell."""
    data = json.loads(path.read_text("utf-8"))
    return {
        (report["target"], row["id"]): (row["status"], row["exercised"])
        for report in (data if isinstance(data, list) else [data])
        for row in report["clauses"]
    }


def main(before: str, after: str) -> int:
    """Print what differs; return the exit status."""
    was, is_ = told_by(Path(before)), told_by(Path(after))
    differing = [key for key in {**was, **is_} if was.get(key) != is_.get(key)]
    for target, slug in differing:
        print(f"{target}: {slug}: {was.get((target, slug))} before, {is_.get((target, slug))} after")
    print(f"{len(is_)} clauses of {len({target for target, _ in is_})} targets, {len(differing)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))

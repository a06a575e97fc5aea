"""Do Django's own tests notice when its dispatcher is changed? Run them on the mutants that `mutation.py` judges.

    python conformance/workshop/scoreboard.py FOLDER [LABEL ...] [--jobs N]

FOLDER is an unpacked source distribution of the installed Django, whose package has no tests in it. The labels say
which tests to run, by default `dispatch` and `signals`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from mutation import MODULES, PATIENCE, find_source, make_mutants
from rich.console import Console
from rich.progress import track

DISPATCHER = "django/dispatch/dispatcher.py"


def main() -> int:
    """Parse the command line, run, print; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("labels", nargs="*", default=["dispatch", "signals"], metavar="LABEL")
    parser.add_argument("--jobs", type=int, metavar="N", default=os.cpu_count() or 1, help="at the same time")
    arguments = parser.parse_args()
    source = find_source(MODULES["django"])
    if (arguments.folder / DISPATCHER).read_text("utf-8") != source:
        print(f"{arguments.folder} is not the source of the Django that is installed.")
        return 2
    mutants = [mutant.source for mutant in make_mutants(source)]
    with TemporaryDirectory() as scratch:
        copies: Queue[Path] = Queue()
        for number in range(arguments.jobs):
            copies.put(Path(shutil.copytree(arguments.folder, Path(scratch, str(number)))))

        def judge(text: str) -> bool:
            copy = copies.get()
            try:
                return notices(copy, text, arguments.labels)
            finally:
                copies.put(copy)

        if judge(source):
            print("The tests fail without a change, so nothing can be judged.")
            return 2
        with ThreadPoolExecutor(arguments.jobs) as pool:
            console = Console(stderr=True)
            judged = pool.map(judge, mutants)
            found = Counter(track(judged, "mutants", len(mutants), console=console, disable=not console.is_terminal))
    print(f"Django's tests of {' and '.join(arguments.labels)} kill {found[True]} of {len(mutants)} mutants.")
    return 0


def notices(copy: Path, source: str, labels: list[str]) -> bool:
    """Tell whether the tests in `copy` fail, or do not end, with that source of the dispatcher."""
    (copy / DISPATCHER).write_text(source, "utf-8")
    command = [sys.executable, "runtests.py", "--parallel=1", "--verbosity=0", *labels]
    # The copy is to be tested, and not what is installed.
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy / "tests", env=environment, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Run the tests of Django, or of celery's dispatcher, with the reference in the place of their dispatcher.

    python conformance/workshop/peer_tests.py django [--source FOLDER] [LABEL ...]
    python conformance/workshop/peer_tests.py celery [--source FOLDER]

FOLDER is the unpacked source distribution of what is installed; without it, pip gets it. Each test that does not
pass has to be listed in `peers/exceptions.toml`, with the reason. Exit status: 0 where those that fail are those that
are listed, and 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from packaging.version import Version

PEERS = Path(__file__).parent / "peers"

LABELS = (
    *(
        "dispatch",
        "signals",
        "m2m_signals",
        "migrate_signals",
        "model_fields.test_imagefield",
        "auth_tests.test_signals",
    ),
    *(
        "async",
        "asgi",
        "handlers",
        "test_client",
        "delete",
        "delete_regress",
        "save_delete_hooks",
        "contenttypes_tests",
    ),
)
"""Django's tests of what is about signals or sends some."""


class Outcome(NamedTuple):
    """How many tests ran, and the names of those that did not pass."""

    ran: int
    failed: frozenset[str]


def main() -> int:
    """Parse the command line, run, print; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("peer", choices=["django", "celery"])
    parser.add_argument("labels", nargs="*", default=LABELS, metavar="LABEL")
    parser.add_argument("--source", type=Path, metavar="FOLDER")
    arguments = parser.parse_intermixed_args()
    release = version(arguments.peer)
    with TemporaryDirectory() as scratch:
        folder = arguments.source or sdist(arguments.peer, release, Path(scratch))
        if arguments.peer == "django":
            done = run_django(Path(shutil.copytree(folder, Path(scratch, "copy"))), arguments.labels)
        else:
            done = run_celery(folder)
    listed = dict(exceptions(arguments.peer, release))
    for name in sorted(done.failed - listed.keys()):
        print(f"fails, and is not listed: {name}")
    missing = listed.keys() - done.failed if arguments.labels == LABELS else set()
    for name in sorted(missing):
        print(f"is listed, and does not fail: {name}")
    for name in sorted(done.failed & listed.keys()):
        print(f"fails: {name}\n  {listed[name]}")
    passed = done.ran - len(done.failed)
    print(f"{passed:,} of {done.ran:,} tests of {arguments.peer} {release} pass on the reference.")
    return 1 if missing or not done.ran or done.failed - listed.keys() else 0


def exceptions(peer: str, release: str) -> Iterator[tuple[str, str]]:
    """Yield the tests of a release that are known not to pass, and why."""
    for row in tomllib.loads((PEERS / "exceptions.toml").read_text("utf-8"))[peer]:
        if ".".join(map(str, Version(release).release[:2])) in row["releases"]:
            for name in row["tests"]:
                yield name, row["reason"]


def sdist(peer: str, release: str, scratch: Path) -> Path:
    """Get the source distribution of a release, and return the folder in which it is unpacked."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(scratch)]
    subprocess.run([*command, f"{peer}=={release}"], check=True)
    (archive,) = scratch.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(scratch, filter="data")
    return Path(str(archive).removesuffix(".tar.gz"))


def run_django(copy: Path, labels: Sequence[str]) -> Outcome:
    """Run Django's tests in `copy`, whose dispatcher is the reference."""
    shutil.copy(PEERS / "django_dispatcher.py", copy / "django/dispatch/dispatcher.py")
    command = [sys.executable, "runtests.py", f"--parallel={os.cpu_count() or 1}", *labels]
    text = output_of(command, copy / "tests", [copy])
    ran = re.search(r"^Ran (\d+) tests", text, re.MULTILINE)
    if ran is None:
        print(text[-2000:])
    failed = re.findall(r"^(?:FAIL|ERROR): \S+ \(([\w.]+)\)", text, re.MULTILINE)
    return Outcome(int(ran[1]) if ran else 0, frozenset(failed))


def run_celery(folder: Path) -> Outcome:
    """Run the tests of celery's dispatcher that lie in `folder`, the other modules being those that are installed."""
    file = folder / "t/unit/utils/test_dispatcher.py"
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--noconftest", "-p", "peers.celery_signal"]
    text = output_of([*command, "--rootdir", str(file.parent), str(file)], file.parent, [PEERS.parent])
    results = re.findall(r"^(PASSED|FAILED|ERROR) \S+?::(\S+)", text, re.MULTILINE)
    if not results:
        print(text[-2000:])
    return Outcome(len(results), frozenset(name for result, name in results if result != "PASSED"))


def output_of(command: Sequence[str], folder: Path, path: Sequence[Path]) -> str:
    """Return what a command prints that imports from `path` before all else."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())

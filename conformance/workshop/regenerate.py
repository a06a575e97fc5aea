"""Make the data of the suite anew, each part in the environments that tox has for it, and for all releases.

    tox run -e regenerate                         all parts
    tox run -e regenerate -- matrix witnesses     some
    tox run -e regenerate -- --stale [PART ...]   say what is stale; run nothing

Exit status: 0 where all is well; 1 where something is stale, or what makes it fails; 2 where there is no such part.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import django_faults
import implementations
import kill_matrix
import model_faults
import sends
import servers
import witnesses
from beside import ROOT
from signalspec.servers.server import SERVERS
from signalspec.standard.clauses import RELEASES, load_clauses


class Step(NamedTuple):
    """A command of the workshop, and the tox environment in which it is run."""

    environment: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What of a part is stale, in words, and the steps that make it anew; a folder is there for what is between."""

    stale: Callable[[], Iterable[Any]]
    steps: Callable[[Path], Iterable[Step]]


def environment_of(release: str) -> str:
    """Return the environment in which a release of Django is checked."""
    python = "py312" if release.startswith("6.") else "py311"
    return f"{python}-django{release.replace('.', '')}"


NEWEST = environment_of(RELEASES[-1])


def steps_of_witnesses(folder: Path) -> Iterator[Step]:
    """Yield a run on each release, and the choice among what they all did."""
    files = [str(folder / f"{release}.json") for release in RELEASES]
    for release, file in zip(RELEASES, files, strict=True):
        yield Step(environment_of(release), ("witnesses.py", "run", file))
    yield Step(NEWEST, ("witnesses.py", "choose", *files))


def steps_of_sends(folder: Path) -> Iterator[Step]:
    """Yield a run on each release that has models, and the table of what they all send."""
    releases = [each for each in RELEASES if load_clauses().parts["models"].covers.includes(f"django-{each}")]
    files = [str(folder / f"sends-{release}.json") for release in releases]
    for release, file in zip(releases, files, strict=True):
        yield Step(environment_of(release), ("sends.py", "run", file))
    yield Step(NEWEST, ("sends.py", "join", *files))


def steps_of_servers(folder: Path) -> Iterator[Step]:
    """Yield a run of each server, and the page of what they did."""
    yield from (Step(f"server-{name}", ("servers.py", "run", name)) for name in SERVERS)
    yield Step("server-runserver", ("servers.py", "page"))


PARTS: Mapping[str, Part] = {
    "matrix": Part(kill_matrix.stale, lambda _: [Step(NEWEST, ("kill_matrix.py",))]),
    "models": Part(model_faults.stale, lambda _: [Step(NEWEST, ("model_faults.py", "--whole"))]),
    "requests": Part(django_faults.stale, lambda _: [Step(NEWEST, ("django_faults.py", "--rows"))]),
    "witnesses": Part(witnesses.stale, steps_of_witnesses),
    "sends": Part(sends.stale, steps_of_sends),
    "implementations": Part(
        implementations.stale,
        lambda _: [
            Step(f"impl-{each.name}", ("implementations.py", "run", each.name))
            for each in implementations.IMPLEMENTATIONS
        ],
    ),
    "servers": Part(servers.stale, steps_of_servers),
}
"""The matrix of faults, and its rows about models, and about requests and the like; what tells releases apart; what
releases send; what libraries and servers keep."""


def stale(names: Iterable[str] = PARTS) -> Iterator[str]:
    """Yield what is stale of some parts, each in a line."""
    for name in names:
        yield from (f"{name}: {each}" for each in PARTS[name].stale())


def run(step: Step) -> int:
    """Run a step in its environment, which tox makes; return its exit status."""
    name, (script, *arguments) = step
    command = shlex.join(["python", f"conformance/workshop/{script}", *arguments])
    tox = [sys.executable, "-m", "tox", "run", "-q", "-e", name, "-x", f"testenv:{name}.commands={command}"]
    print(f"{name}: {command}", flush=True)
    return subprocess.run(tox, cwd=ROOT, check=False).returncode


def main() -> int:
    """Parse the command line; say what is stale, or make it anew; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; all without one")
    parser.add_argument("--stale", action="store_true", help="only say what is stale")
    arguments = parser.parse_args()
    names = arguments.parts or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"there is no part {unknown[0]!r}; choose from {', '.join(PARTS)}")
    found = list(stale(names))
    print("\n".join(found) or "Nothing is stale.", flush=True)
    if arguments.stale:
        return 1 if found else 0
    with TemporaryDirectory() as folder:
        steps = [step for name in names for step in PARTS[name].steps(Path(folder))]
        failed = [step for step in steps if run(step)]
    for step in failed:
        print(f"failed: {step.environment}: {' '.join(step.command)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

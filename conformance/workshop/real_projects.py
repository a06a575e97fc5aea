"""Records the tests of real projects under two Djangos, and measures what recorder, compare and audit say of them.

    python conformance/workshop/real_projects.py FOLDER [NAME ...]

FOLDER keeps the projects, their environments and traces, and what recording cost. Without a NAME, the projects that
were not recorded there yet are; with names, those that are named. ``conformance/results/real-projects.json`` then
says of all what it cost, and what compare and audit say; ``real-projects.toml`` beside it says of each remark whether
it is true, and of each difference where it comes from. What that comes to is printed. Needs Python 3.12 and an index
of packages. The exit status is 1 where something was not measured, or is not explained.
"""

from __future__ import annotations

import compileall
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import signalspec_recorder
from signalspec.traces.auditing import audit
from signalspec.traces.comparing import compare
from signalspec.traces.remarks import Evidence
from signalspec.traces.showing import audit_json, comparison_json
from signalspec.traces.source import Source
from signalspec.traces.trace import Trace, TraceError, read_trace

HERE = Path(__file__).parent
RESULT = HERE.parent / "results" / "real-projects.json"
NOTES = RESULT.with_suffix(".toml")
FEWEST_RUNS, MOST_RUNS = 3, 12
SECONDS = 80
"""How often tests are run: about as long, in seconds of processor time, and at least as often."""

RECORD = [sys.executable, "-m", "signalspec_recorder", "-o"]

COUNTS = re.compile(r"^Ran \d+ tests|^FAILED \(.*\)$|^OK\b.*|^=* ?\d+ (?:passed|failed).* in ", re.MULTILINE)
FAILURES = re.compile(r"^(?:FAIL|ERROR|FAILED):? \S+.*", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One run of a project's tests: what became of them, processor time in seconds, and memory in MiB."""

    outcome: tuple[int, tuple[str, ...], tuple[str, ...]]
    seconds: float
    memory: float


@dataclass(frozen=True)
class Project:
    """A project, and the folder where it is tried."""

    about: Mapping[str, Any]
    folder: Path

    @property
    def source(self) -> Path:
        """The unpacked source distribution."""
        return self.folder / "source"

    def python(self, release: str) -> Path:
        """Return the interpreter of the environment for a release of Django."""
        return self.folder / f"django-{release}" / "bin" / "python"

    def prepare(self, release: str) -> None:
        """Unpack the project, and install it with a release of Django, unless that is done."""
        name, version = self.about["name"], self.about["version"]
        if not self.source.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            download = [
                "download",
                "-q",
                "--no-deps",
                "--no-binary",
                ":all:",
                "-d",
                str(self.folder),
                f"{name}=={version}",
            ]
            subprocess.run([sys.executable, "-m", "pip", *download], check=True)
            [archive] = self.folder.glob("*.tar.gz")
            self.source.mkdir()
            subprocess.run(["tar", "xzf", archive, "--strip-components=1", "-C", self.source], check=True)
        if "settings" in self.about:
            (self.work / "sqlite_settings.py").write_text(self.about["settings"])
        if not self.python(release).exists():
            venv.create(self.python(release).parents[1], with_pip=True)
            packages = [f"Django=={release}", *self.about["requires"], "-e", str(self.source)]
            subprocess.run([self.python(release), "-m", "pip", "install", "-q", *packages], check=True)

    @property
    def work(self) -> Path:
        """The folder in which the tests are run."""
        return self.source / str(self.about.get("folder", ""))

    def run(self, release: str, trace: Path | None = None) -> Run:
        """Run the tests, and record them into `trace` if there is one."""
        command = [str(self.python(release)), *self.about["command"]]
        if trace is not None:
            command = [*RECORD, str(trace), "--", *command]
        environment = {**os.environ, **self.about.get("environment", {}), "PYTHONHASHSEED": "random"}
        with (self.folder / "output.txt").open("w+") as output:
            process = subprocess.Popen(
                command, cwd=self.work, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
            _, status, usage = os.wait4(process.pid, 0)
            output.seek(0)
            text = output.read()
        failures = tuple(sorted(line.split(" - ")[0] for line in FAILURES.findall(text)))
        counts = tuple(re.sub(r" in [\d.]+s.*", "", line).strip("= ") for line in COUNTS.findall(text))
        outcome = (os.waitstatus_to_exitcode(status), counts, failures)
        return Run(outcome, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def trace(self, release: str, number: int) -> Path:
        """Return where a trace is kept."""
        return self.folder / f"django-{release}-{number}.gz"

    def read(self, release: str, number: int) -> Trace:
        """Read a trace."""
        packages = tuple(f"{package}." for package in self.about["own"])
        return read_trace(self.trace(release, number), lambda name: f"{name}.".startswith(packages))

    def measure(self, releases: tuple[str, str]) -> dict[str, Any]:
        """Run the tests under each release, in turn without the recorder and with it, and return what it cost."""
        costs = {}
        for release in releases:
            self.prepare(release)
            plain, recorded = [self.run(release)], [self.run(release, self.trace(release, 1))]
            times = max(FEWEST_RUNS, min(MOST_RUNS, int(SECONDS / plain[0].seconds)))
            for _ in range(times - 1):
                plain.append(self.run(release))
                recorded.append(self.run(release, self.trace(release, 2)))
            costs[release] = self._cost(release, plain, recorded)
        return costs

    def _cost(self, release: str, plain: list[Run], recorded: list[Run]) -> dict[str, Any]:
        # What else the machine does makes runs take longer, and none shorter: so the shortest of each are compared.
        without, taken = (min(run.seconds for run in runs) for runs in (plain, recorded))
        dispatches = sum(1 for _ in self.read(release, 1).dispatches)
        return {
            "runs": len(plain),
            "outcome": plain[0].outcome,
            "same outcome": all(run.outcome == plain[0].outcome for run in (*plain, *recorded)),
            "dispatches": dispatches,
            "bytes a dispatch": round(self.trace(release, 1).stat().st_size / dispatches, 2),
            "processor seconds": [round(without, 2), round(taken, 2)],
            "more processor time": round(taken / without - 1, 3),
            "more memory, MiB": round(max(run.memory for run in recorded) - min(run.memory for run in plain), 1),
        }

    def say(self, releases: tuple[str, str]) -> dict[str, Any]:
        """Return what compare and audit say of the traces."""
        traces = {release: [self.read(release, number) for number in (1, 2)] for release in releases}
        repeats = []
        for release, (one, other) in traces.items():
            comparison = compare(one, other)
            same = compare(one, other, [(one, other)])
            repeats.append(
                {
                    "release": release,
                    "own differences": [change.what for change in comparison.own],
                    "masked": same.masked,
                    "own dispatches": same.compared,
                }
            )
        before, after = (traces[release][0] for release in releases)
        across = comparison_json(
            compare(before, after, [(one, other) for one, other in traces.values()]), before, after
        )
        for change in (*across["changes"], *across["machinery"]):
            change["tests"] = len(change["tests"])
            change["explained"] = _explanation(change)
        remarks = audit_json(audit(Evidence(after, Source(self.source))), None)["remarks"]
        for remark in remarks:
            remark["verdict"] = _verdict(self.about["name"], remark)
        return {"repeated": repeats, "across": across, "remarks": remarks}


def projects(folder: Path) -> Iterator[Project]:
    """Yield the projects of ``real_projects.toml``."""
    for about in _table()["project"]:
        yield Project(about, folder / about["name"])


def _explanation(change: Mapping[str, Any]) -> str | None:
    """Return where a difference comes from: its clause, or what was found in Django's source."""
    if change["clause"]:
        return f"{change['clause']}: {change['source']}"
    for note in _notes()["difference"]:
        if change["signal"].rpartition(".")[2] in note["signals"] and change["kind"] in note["kinds"]:
            return str(note["why"])
    return None


def _verdict(project: str, remark: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return whether a remark was found true by reading the project's source, and why."""
    where = (project, remark["rule"], remark["file"], remark["line"])
    for note in _notes()["remark"]:
        if (note["project"], note["rule"], note["file"], note["line"]) == where:
            return {"true": note["true"], "why": note["why"]}
    return None


@cache
def _notes() -> dict[str, Any]:
    return tomllib.loads(NOTES.read_text("utf-8"))


def summary(results: list[dict[str, Any]]) -> tuple[list[str], bool]:
    """Return what the results come to, in lines, and whether all is measured and explained."""
    repeats = [each for project in results for each in project["repeated"]]
    own = sum(each["own dispatches"] for each in repeats)
    changes = [each for project in results for where in ("changes", "machinery") for each in project["across"][where]]
    unexplained = [change for change in changes if change["explained"] is None]
    costs = [cost for project in results for cost in (project["cost"] or {}).values()]
    slow = [cost["more processor time"] for cost in costs]
    remarks = [remark for project in results for remark in project["remarks"]]
    verdicts = [remark["verdict"] for remark in remarks if remark["verdict"]]
    unmeasured = [project["name"] for project in results if project["cost"] is None]
    lines = [
        f"twice the same: {sum(map(len, (each['own differences'] for each in repeats)))} differences in"
        f" {len(repeats)} pairs of runs; --repeat leaves out {sum(each['masked'] for each in repeats)} of"
        f" {own:,} own dispatches",
        f"across releases: {len(changes)} differences, of which {len(unexplained)} are not explained",
        f"outcomes: {sum(cost['same outcome'] for cost in costs)} of {len(costs)} are the same with the recorder",
        f"processor time: {median(slow):+.1%} in the middle, {max(slow):+.1%} at most",
        f"memory: {max(cost['more memory, MiB'] for cost in costs)} MiB more at most",
        f"bytes a dispatch: {max(cost['bytes a dispatch'] for cost in costs)} at most",
        f"audit: {sum(verdict['true'] for verdict in verdicts)} of {len(verdicts)} remarks are true;"
        f" {len(remarks) - len(verdicts)} were not looked at",
        *([f"not measured: {', '.join(unmeasured)}"] if unmeasured else []),
    ]
    return lines, not unexplained and not unmeasured and len(verdicts) == len(remarks)


def _table() -> dict[str, Any]:
    return tomllib.loads((HERE / "real_projects.toml").read_text("utf-8"))


def main(arguments: list[str]) -> int:
    """Measure the projects that are named, or all that were not measured yet."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    # An installer does so; else each process would compile the recorder anew.
    compileall.compile_dir(Path(signalspec_recorder.__file__).parent, quiet=1)
    folder, named = Path(arguments[0]).resolve(), set(arguments[1:])
    before, after = _table()["releases"]
    results = []
    for project in projects(folder):
        name, version = project.about["name"], project.about["version"]
        cost = project.folder / "cost.json"
        if name in named or not (named or cost.exists()):
            print(f"{name} {version}", flush=True)
            try:
                cost.write_text(json.dumps(project.measure((before, after))))
            except (TraceError, subprocess.CalledProcessError) as error:
                print(f"  {error}", file=sys.stderr)
        if project.trace(after, 2).exists():
            known = json.loads(cost.read_text()) if cost.exists() else None
            results.append({"name": name, "version": version, "cost": known, **project.say((before, after))})
    RESULT.write_text(json.dumps(results, indent=1) + "\n")
    lines, is_whole = summary(results)
    print("\n".join(lines))
    return 0 if is_whole else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

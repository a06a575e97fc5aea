"""What does each release of Django send in the stories of the laws of its built-in signals?

    python conformance/workshop/sends.py run FILE [--all]  run the cases of what is stale on the installed Django
    python conformance/workshop/sends.py join FILE…        make sends.json, from one FILE a release

Each release runs in the environment that tox has for it. What is not stale stays as it is, unless `--all` is run.
Left out are stories in which a release does not send the same each time: twice in one process, on a deeper stack, and
in another process that orders sets otherwise.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from beside import DATA
from signalspec.engines.laws import load_laws
from signalspec.engines.sends import Trace, key_of, load_sends, sent
from signalspec.standard.clauses import RELEASES, load_clauses
from signalspec.targets.surroundings import quiet
from signalspec.targets.target import load_here
from witnesses import cases_of

SENDS = DATA / "sends.json"

GROUPS = (("models",), ("requests", "auth", "environment"))
"""The parts that have one Django in one process."""

TIMEOUT = 60.0

Traces = Mapping[str, Mapping[str, Trace]]
"""What is sent, by clause and case."""


def traces_of(wanted: Collection[str], parts: tuple[str, ...]) -> Traces:
    """Return what the installed Django sends twice in each story of the `wanted` clauses of some parts."""
    target, clauses = load_here("django"), load_clauses()
    found: dict[str, dict[str, Trace]] = {}
    with quiet():
        for slug, law in load_laws().items():
            clause = clauses.clause(slug)
            asked = slug in wanted and clause.part in parts
            if not asked or not clause.in_force.includes(target.default_profile):
                continue
            found[slug] = {}
            for case in cases_of(law, target):
                law.run(case, target, TIMEOUT)
                first = sent(law, case, target, TIMEOUT)
                if first == deeper(partial(sent, law, case, target, TIMEOUT)):
                    found[slug][key_of(case)] = first
    return found


def deeper(act: Callable[[], Trace], calls: int = 20) -> Trace:
    """Return what `act` does with less room on the stack, so that what fills it does not do the same."""
    return deeper(act, calls - 1) if calls else act()


def stale() -> Iterator[str]:
    """Yield the clauses whose stories are missing, or were seen with another law."""
    known = load_sends()["stories"]
    for slug, law in load_laws().items():
        part = load_clauses().clause(slug).part
        if part in itertools.chain.from_iterable(GROUPS) and known.get(slug, {}).get("law") != law.digest:
            yield slug


def run(file: Path, *options: str) -> None:
    """Write what the installed Django always sends."""
    first, second = (run_once(file, seed, options) for seed in ("1", "2"))
    traces = {
        slug: {key: trace for key, trace in cases.items() if second[slug].get(key) == trace}
        for slug, cases in first.items()
    }
    release = load_here("django").default_profile.removeprefix("django-")
    file.write_text(json.dumps({"release": release, "traces": traces}), "utf-8")


def run_once(file: Path, hash_seed: str, options: Iterable[str]) -> Traces:
    """Return what the installed Django sends in a process whose hashes begin with a seed."""
    command = [sys.executable, __file__, "once", str(file), *options]
    subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True)
    found: Traces = json.loads(file.read_text("utf-8"))
    return found


def once(file: Path, *options: str) -> None:
    """Write what the installed Django sends in copies of this process."""
    wanted = load_laws().keys() if "--all" in options else {*stale()}
    found: dict[str, Mapping[str, Trace]] = {}
    with multiprocessing.get_context("fork").Pool(len(GROUPS), maxtasksperchild=1) as pool:
        for traces in pool.imap(partial(traces_of, wanted), GROUPS):
            found |= traces
    file.write_text(json.dumps(found), "utf-8")


def known() -> dict[str, dict[str, dict[str, Trace]]]:
    """Return what is known already of each release, by clause and case, unless it is stale."""
    data, old = load_sends(), {*stale()}
    found: dict[str, dict[str, dict[str, Trace]]] = {}
    for slug, story in data["stories"].items():
        if slug in old:
            continue
        # A clause is known also where no story of it is always the same.
        found.setdefault(RELEASES[-1], {}).setdefault(slug, {})
        for key, numbers in story["cases"].items():
            for releases, number in numbers.items():
                for release in releases.split():
                    events = [data["events"][event] for event in data["traces"][number]]
                    found.setdefault(release, {}).setdefault(slug, {})[key] = events
    return found


def join(files: list[Path]) -> None:
    """Make one table of what all releases send: each event and each trace once."""
    found = known()
    for data in (json.loads(file.read_text("utf-8")) for file in files):
        found[data["release"]] = found.get(data["release"], {}) | data["traces"]
    events: dict[str, int] = {}
    traces: dict[tuple[int, ...], int] = {}
    stories: dict[str, dict[str, dict[str, int]]] = {
        slug: {} for slug in load_laws() if any(slug in traces for traces in found.values())
    }
    for slug, key, release, trace in rows(found):
        numbers = tuple(events.setdefault(event, len(events)) for event in trace)
        number = traces.setdefault(numbers, len(traces))
        stories[slug].setdefault(key, {})[release] = number
    for cases in stories.values():
        for key, of_releases in cases.items():
            cases[key] = _by_releases(of_releases)
    tables = {
        "events": [json.dumps(event) for event in events],
        "traces": [json.dumps(trace, separators=(",", ":")) for trace in traces],
    }
    lists = [f'"{name}": [\n{_lines(table)}\n]' for name, table in tables.items()]
    laws = load_laws()
    lines = _lines(
        f"{json.dumps(slug)}: {json.dumps({'law': laws[slug].digest, 'cases': cases})}"
        for slug, cases in stories.items()
    )
    SENDS.write_text("{" + ",\n".join([*lists, f'"stories": {{\n{lines}\n}}']) + "}\n", "utf-8")


def _by_releases(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return each trace once, with the releases that send it."""
    traces = dict.fromkeys(numbers.values())
    return {" ".join(each for each in numbers if numbers[each] == one): one for one in traces}


def _lines(items: Iterable[str]) -> str:
    return ",\n".join(f"  {item}" for item in items)


def rows(found: Mapping[str, Traces]) -> Iterator[tuple[str, str, str, Trace]]:
    """Yield what is sent in each story, by clause, case and release."""
    for slug in load_laws():
        for release in filter(found.__contains__, RELEASES):
            for key, trace in found[release].get(slug, {}).items():
                yield slug, key, release, trace


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", file, *options]:
            run(Path(file), *options)
        case ["once", file, *options]:
            once(Path(file), *options)
        case ["join", *files] if files:
            join([Path(file) for file in files])
        case _:
            raise SystemExit(__doc__)

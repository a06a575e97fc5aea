"""What does Django send behind each server? The servers, as they are installed.

    python conformance/workshop/servers.py run NAME…           check servers, and write what was found
    python conformance/workshop/servers.py again NAME TIMES    check a server so many times; fail where results differ
    python conformance/workshop/servers.py page                make the page of what was found, and of the notes on it

What was found is in `conformance/results/servers/`: a JSON file a server, and `notes.toml`, with a note for a human
on each deviation. tox has an environment for each server.
"""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from beside import RESULTS, ROOT
from signalspec.servers.checking import check_server
from signalspec.servers.judging import SAME_THREAD
from signalspec.servers.scenarios import SCENARIOS
from signalspec.servers.server import SERVERS
from signalspec.standard.clauses import load_clauses

FOUND = RESULTS / "servers"
PAGE = ROOT / "spec/pages/servers.md"
MARKS = {"holds": "●", "violated": "✗", "deviates": "✗", "inconclusive": "?"}

INTRODUCTION = """\
# Servers

What Django sends behind the servers that it is usually run by. Half of a request's end is up to the server: it closes
the response, and says that a client has left. So `signalspec check django --server NAME` starts a server on this
machine, lets a client do what clients do, and looks whether each `request_started` is followed by one
`request_finished`, in the same thread.

`●` is kept, `✗` is violated in at least one scenario; what was found, and whether it is Django's part or the
server's, is below. An empty cell is about what a server of this interface does not do: that a client has left is said
under ASGI only.

`conformance/workshop/servers.py page` makes this page of what is in `conformance/results/servers/`; tox finds it
again, each server in an environment of its own.
"""


def found(name: str) -> Mapping[str, Any]:
    """Return what is committed of a server."""
    data: Mapping[str, Any] = json.loads((FOUND / f"{name}.json").read_text("utf-8"))
    return data


def notes() -> list[dict[str, Any]]:
    """Return the notes on deviations."""
    rows: list[dict[str, Any]] = tomllib.loads((FOUND / "notes.toml").read_text("utf-8"))["note"]
    return rows


def page() -> str:
    """Return the text of the page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    data = {name: found(name) for name in SERVERS}
    statuses = {name: {row["id"]: row["status"] for row in each["clauses"]} for name, each in data.items()}
    yield INTRODUCTION
    yield "| server | versions | interface | Python |"
    yield "| --- | --- | --- | --- |"
    for name, each in data.items():
        versions = ", ".join(f"{distribution} {version}" for distribution, version in each["versions"].items())
        yield f"| {name} | {versions} | {each['interface'].upper()} | {each['python']} |"
    yield ""
    yield f"| clause | {' | '.join(data)} |"
    yield f"| --- |{' :-: |' * len(data)}"
    for clause in load_clauses():
        marks = [MARKS.get(statuses[name].get(clause.slug, ""), "") for name in data]
        if any(marks):
            link = f"[`{clause.slug}`](../{clause.part}/{clause.chapter}.md#{clause.slug.replace('.', '')})"
            yield f"| {link} | {' | '.join(marks)} |"
    yield ""
    yield "## What deviates"
    for note in notes():
        yield ""
        yield f"### {note['title']}"
        yield ""
        yield f"`{note['clause']}`, {', '.join(note['servers'])}. {' '.join(note['text'].split())}"
        yield ""
        yield from (f"- {name}: {SCENARIOS[name].does}" for name in note["scenarios"])
    yield ""
    yield "## Scenarios"
    yield ""
    yield "| scenario | what the client does | clause |"
    yield "| --- | --- | --- |"
    for name, scenario in SCENARIOS.items():
        yield f"| {name} | {scenario.does} | `{scenario.clause}` |"


def stale() -> Iterator[str]:
    """Yield the servers of which other scenarios are committed than there are for them, and the page."""
    for name, server in SERVERS.items():
        rows = [row for row in found(name)["clauses"] if row["id"] != SAME_THREAD]
        asked = [each for each in SCENARIOS.values() if server.interface in each.interfaces]
        checked = {(scenario, row["id"]) for row in rows for scenario in row["scenarios"]}
        if checked != {(each.name, each.clause) for each in asked}:
            yield name
    if PAGE.read_text("utf-8") != page():
        yield "the page"


def again(name: str, times: int) -> int:
    """Check a server so many times, and print how often there was which result, and how long it took."""
    results: dict[str, int] = {}
    longest = 0.0
    for _ in range(times):
        begun = time.monotonic()
        result = json.dumps(check_server(SERVERS[name]).to_json())
        longest = max(longest, time.monotonic() - begun)
        results[result] = results.get(result, 0) + 1
    print(f"{name}: {times} runs, {len(results)} result{'s' * (len(results) > 1)}, at most {longest:.1f} s a run")
    if len(results) > 1:
        for result, count in results.items():
            rows = [row for row in json.loads(result)["clauses"] if row["status"] != "holds"]
            print(f"  {count} times: {json.dumps(rows)}")
    return int(len(results) > 1)


def main(command: str, *arguments: str) -> int:
    """Do what the command says; return the exit status."""
    if command == "again":
        return again(arguments[0], int(arguments[1]))
    if command == "page":
        PAGE.write_text(page(), "utf-8")
    for name in arguments if command == "run" else ():
        FOUND.mkdir(parents=True, exist_ok=True)
        text = json.dumps(check_server(SERVERS[name]).to_json(), indent=1, ensure_ascii=False)
        (FOUND / f"{name}.json").write_text(f"{text}\n", "utf-8")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("run", "again", "page"):
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))

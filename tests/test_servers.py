"""Servers, over HTTP: faults that are planted are found, and what is committed of each server is found again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import django
import pytest
import tox_environment
from conftest import Cli
from servers import PAGE, found, notes, page
from signalspec.servers.checking import check_server
from signalspec.servers.judging import SAME_THREAD
from signalspec.servers.report import ServerReport
from signalspec.servers.scenarios import SCENARIOS
from signalspec.servers.server import SERVERS, Server
from signalspec.standard.clauses import load_clauses

pytestmark = pytest.mark.skipif(django.VERSION < (3, 2), reason="servers are checked with Django 3.2 and newer")

PLANTED = {
    "NeverCloses": {"finished.once", "finished.after-the-body", "finished.body-unread", "finished.after-errors"},
    "ClosesWhatItHasSent": {"finished.once", "finished.body-fails"},
    "ClosesTwice": {"finished.once", "finished.after-the-body", "finished.file-wrapper"},
    "ClosesElsewhere": {SAME_THREAD},
    "SkipsHeads": {"finished.body-unread"},
    "AsksAgain": {"finished.after-errors", "finished.after-handled-errors"},
}
"""The clauses that each planted fault breaks, of those that are looked at."""

ENVIRONMENT = tox_environment.named("server-")
"""The server that this tox environment has."""


def planted(fault: str, only: tuple[str, ...] | str, monkeypatch: pytest.MonkeyPatch) -> ServerReport:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
    return check_server(Server("planted", "wsgi", (), ("planted_servers", fault, "{port}")), only)


def violated(report: ServerReport) -> set[str]:
    return {each.clause for each in report.found if each.status == "violated"}


def test_a_sound_server_is_not_accused(monkeypatch: pytest.MonkeyPatch) -> None:
    report = planted("Sound", "", monkeypatch)
    assert violated(report) == set()
    assert {each.status for each in report.found} == {"holds"}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = tuple(PLANTED[fault] - {SAME_THREAD}) or "started"
    assert violated(planted(fault, looked_at, monkeypatch)) == PLANTED[fault]


def test_runserver_keeps_every_clause(cli: Cli, folder: Path) -> None:
    result = cli("check", "django", "--server", "runserver", "--json", "report.json")
    assert result.exit_code == 0, result.output
    assert "0 are violated" in result.stdout.splitlines()[-1]
    data = json.loads((folder / "report.json").read_text("utf-8"))
    assert {row["status"] for row in data["clauses"]} == {"holds"}


def test_scenarios_name_clauses() -> None:
    for scenario in SCENARIOS.values():
        assert load_clauses().clause(scenario.clause).demands


def test_bad_calls_are_refused_in_one_sentence(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Server("nowhere", "wsgi", ("no-such-distribution",), ("nothing",))
    broken = Server("broken", "wsgi", (), ("this_module_does_not_exist",))
    monkeypatch.setattr("signalspec.servers.checking.SERVERS", {**SERVERS, "nowhere": nowhere, "broken": broken})
    for call, sentence in {
        (
            "--server",
            "apache",
        ): f"There is no server 'apache'; choose from {', '.join([*SERVERS, 'nowhere', 'broken'])}.",
        ("--server", "nowhere"): "nowhere needs no-such-distribution, which is not installed.",
        ("--server", "runserver", "--seed", "1"): "--server does not go with --seed.",
        ("--server", "runserver", "--html", "x.html"): "--server does not go with --html.",
        ("--server", "runserver", "--only", "connect"): "No scenario of runserver shows a clause that begins so.",
    }.items():
        result = cli("check", "django", *call)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"signalspec: {sentence}\n")
    result = cli("check", "reference", "--server", "runserver")
    assert result.stderr == "signalspec: A server is checked with django: signalspec check django --server NAME.\n"
    result = cli("check", "django", "--server", "broken")
    assert result.exit_code == 2
    assert "broken does not start, and says: " in result.stderr
    assert "No module named this_module_does_not_exist" in result.stderr


@pytest.mark.skipif(not ENVIRONMENT, reason="tox says which server is installed")
def test_what_is_committed_is_found_again() -> None:
    assert check_server(SERVERS[ENVIRONMENT]).to_json() == found(ENVIRONMENT)


def test_the_page_is_what_was_found() -> None:
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("name", SERVERS)
def test_each_deviation_has_a_note_and_each_note_a_deviation(name: str) -> None:
    violated = {
        (row["id"], scenario)
        for row in found(name)["clauses"]
        for scenario, outcome in row["scenarios"].items()
        if outcome != "holds"
    }
    noted = {
        (note["clause"], scenario) for note in notes() if name in note["servers"] for scenario in note["scenarios"]
    }
    assert noted == violated

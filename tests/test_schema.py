"""The published schema of the JSON: it says of real reports what they are, and nothing that is out of date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from conftest import DEAF, Cli
from examples import REPORT
from jsonschema import Draft202012Validator
from signalspec.findings.report import Status, Verdict
from signalspec.programs.commands import COMMANDS
from signalspec.programs.program import RECEIVERS, SENDERS, UIDS
from signalspec.reports import jsonfile
from signalspec.standard.clauses import PROFILES

SCHEMA: dict[str, Any] = json.loads(jsonfile.schema())
DEFINITIONS: dict[str, Any] = SCHEMA["$defs"]
VALIDATOR = Draft202012Validator(SCHEMA)
QUICK = ("--only", "caching", "--depth", "2", "--examples", "2")


def spoilt(path: tuple[str | int, ...], value: object) -> Any:
    """Return a report with something else in one place; ``...`` takes out what is there."""
    data = json.loads(jsonfile.render([REPORT]))
    *way, last = path
    place = data
    for key in way:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_schema_is_printed(cli: Cli) -> None:
    assert json.loads(cli("schema").stdout) == SCHEMA


@pytest.mark.parametrize("target", ["reference", "django", "deaf"])
def test_reports_of_checks_obey_it(cli: Cli, folder: Path, target: str) -> None:
    (folder / "deaf.py").write_text(DEAF, "utf-8")
    cli("check", target, *QUICK, "--json", "report.json")
    VALIDATOR.validate(json.loads((folder / "report.json").read_text()))


def test_reports_of_everything_obey_it() -> None:
    for reports in ([REPORT], [REPORT, REPORT]):
        VALIDATOR.validate(json.loads(jsonfile.render(reports)))


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        spoilt(("verdict",), "fails"),
        spoilt(("seed",), ...),
        spoilt(("clauses", 0, "status"), "violated"),
        spoilt(("clauses", 0, "exercised"), -1),
        spoilt(("clauses", 0, "id"), "No slug"),
        spoilt(("clauses", 0, "colour"), "red"),
    ],
    ids=lambda data: str(data)[:20],
)
def test_other_data_does_not_obey_it(data: Any) -> None:
    assert not VALIDATOR.is_valid(data)


def test_its_words_are_those_of_the_project() -> None:
    report, clause = DEFINITIONS["report"]["properties"], DEFINITIONS["clause"]["properties"]
    assert report["profile"]["enum"] == list(PROFILES)
    assert report["verdict"]["enum"] == list(get_args(Verdict))
    assert clause["status"]["enum"] == list(get_args(Status))
    assert [each["properties"]["do"]["const"] for each in DEFINITIONS["command"]["oneOf"]] == list(COMMANDS)
    for name, names in {"receiver": RECEIVERS, "sender": SENDERS, "uid": UIDS}.items():
        assert DEFINITIONS[name]["enum"] == list(names)

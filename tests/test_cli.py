"""The command line, used well."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import DEAF, NOISY, Cli
from signalspec import __version__
from signalspec.engines.laws import load_laws
from signalspec.findings.report import Report, Result, Status
from signalspec.runner import supervisor as supervising
from signalspec.runner.options import Options
from signalspec.standard.clauses import load_clauses
from signalspec.targets.target import Target

QUICK = ("--only", "listeners", "--depth", "2", "--examples", "0")
"""Options for a check of a fraction of a second."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def deaf(folder: Path) -> str:
    (folder / "deaf.py").write_text(DEAF, "utf-8")
    return "deaf"


@pytest.fixture
def run(folder: Path) -> Run:
    """Run the command line in `folder`, in a process whose path lacks the current directory at first."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "signalspec", *arguments]
        surroundings = {**os.environ, **environment}
        return subprocess.run(command, capture_output=True, encoding="utf-8", env=surroundings, check=False)

    return run


@pytest.fixture
def statuses(monkeypatch: pytest.MonkeyPatch) -> dict[str, Status]:
    """Instead of checking a target, say that its only clause has the status that is set here."""
    statuses: dict[str, Status] = {}
    clause = next(iter(load_clauses()))

    def check(target: Target, *_: object) -> Report:
        return Report(target.name, "standard", 0, [Result(clause, statuses[target.name])])

    monkeypatch.setattr(supervising, "check", check)
    return statuses


def test_version_is_the_package_s(cli: Cli) -> None:
    assert cli("--version").stdout == f"signalspec {__version__}\n"


def test_without_a_command_it_helps_and_fails(cli: Cli) -> None:
    result = cli()
    assert result.exit_code == 2
    assert "Commands:" in result.stderr


def test_check_of_a_conforming_target(cli: Cli) -> None:
    result = cli("check", "reference", *QUICK)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("reference: conforms (profile standard, seed 0)\n")
    assert result.stderr == ""


def test_check_of_a_violating_target_prints_programs_that_show_it(cli: Cli, deaf: str, folder: Path) -> None:
    result = cli("check", deaf, *QUICK, "--seed", "7", "--json", "report.json", "--scripts", "scripts", "-v")
    assert result.exit_code == 1
    report = json.loads((folder / "report.json").read_text())
    assert (report["target"], report["profile"], report["verdict"]) == (deaf, "standard", "violates")
    assert report["seed"] == 7
    violated = [clause for clause in report["clauses"] if clause["status"] == "violated"]
    assert violated
    for clause in violated:
        found = clause["counterexample"]
        assert f"\n{clause['id']}{', because of' if 'because' in clause else ':'} " in result.stdout
        assert (folder / "scripts" / f"{clause['id']}.py").read_text() == found["script"]
        assert f"Expected:    {found['expected']}\n" in result.stdout
        for line in found["script"].splitlines():
            assert line in result.stdout
    script = violated[0]["counterexample"]["script"]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert violated[0]["counterexample"]["actual"] in done.stdout


def test_reports_of_several_targets(cli: Cli, deaf: str, folder: Path) -> None:
    arguments = (*QUICK, "--json", "report.json", "--junit", "report.xml")
    assert cli("check", "reference", deaf, *arguments).exit_code == 1
    reports = json.loads((folder / "report.json").read_text())
    assert [report["target"] for report in reports] == ["reference", deaf]
    suites = ElementTree.parse(folder / "report.xml").getroot()
    assert [(suite.get("name"), suite.get("failures") == "0") for suite in suites] == [
        ("reference", True),
        (deaf, False),
    ]


def test_a_report_replaces_an_older_one(cli: Cli, folder: Path) -> None:
    (folder / "report.json").write_text("old " * 100_000)
    cli("check", "reference", *QUICK, "--json", "report.json")
    assert json.loads((folder / "report.json").read_text())["target"] == "reference"


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("holds", "holds", 0),
        ("holds", "deviates", 0),
        ("not-claimed", "not-in-force", 0),
        ("holds", "inconclusive", 3),
        ("inconclusive", "holds", 3),
        ("inconclusive", "violated", 1),
        ("violated", "inconclusive", 1),
        ("violated", "holds", 1),
    ],
)
def test_exit_status(cli: Cli, statuses: dict[str, Status], one: Status, other: Status, status: int) -> None:
    statuses |= {"reference": one, "django": other}
    assert cli("check", "reference", "django").exit_code == status


def test_default_targets_are_the_reference_and_django(cli: Cli, statuses: dict[str, Status]) -> None:
    statuses |= {"reference": "holds", "django": "holds"}
    assert [line.split(":")[0] for line in cli("check").stdout.splitlines() if "seed" in line] == [
        "reference",
        "django",
    ]


def test_options_reach_the_check(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[tuple[str | None, Options]] = []

    def check(target: Target, profile: str | None, options: Options, *_: object) -> Report:
        received.append((profile, options))
        return Report(target.name, "standard", options.seed, [])

    monkeypatch.setattr(supervising, "check", check)
    options = "--profile django-4.2 --only send. --only uids. --depth 2 --examples 0 --seed -3 --timeout 0.5"
    cli("check", "reference", *options.split())
    cli("check", "reference")
    assert received == [
        ("django-4.2", Options(only=("send.", "uids."), depth=2, examples=0, seed=-3, timeout=0.5)),
        (None, Options()),
    ]


def test_a_defect_of_the_suite_has_a_status_of_its_own(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Report:
        raise LookupError("within")

    monkeypatch.setattr(supervising, "check", fail)
    result = cli("check", "reference", "--json", "report.json")
    assert result.exit_code == 4
    assert "LookupError: within" in result.stderr
    assert result.stderr.endswith("signalspec: this is a defect of signalspec, and says nothing about a target.\n")
    assert not (folder / "report.json").exists()


def test_a_library_that_is_missing_is_no_defect_of_the_suite(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Report:
        raise ModuleNotFoundError("No module named 'asgiref'", name="asgiref")

    monkeypatch.setattr(supervising, "check", fail)
    result = cli("check", "reference")
    assert result.exit_code == 2
    assert result.stderr == (
        "signalspec: No module named 'asgiref'; install signalspec with pip, which brings what it needs.\n"
    )


def test_every_target_is_loaded_before_any_is_checked(cli: Cli, statuses: dict[str, Status]) -> None:
    statuses |= {"reference": "holds"}
    assert cli("check", "reference", "no_such_module").stdout == ""


def test_clauses_lists_all_of_them(cli: Cli) -> None:
    listed = [line.split()[:2] for line in cli("clauses").stdout.splitlines()]
    assert listed == [[clause.slug, clause.keyword] for clause in load_clauses()]


@pytest.mark.parametrize("profile", ["standard", "django-3.2"])
def test_clauses_of_a_profile_are_those_in_force(cli: Cli, profile: str) -> None:
    listed = [line.split()[0] for line in cli("clauses", "--profile", profile).stdout.splitlines()]
    assert listed == [clause.slug for clause in load_clauses() if clause.in_force.includes(profile)]


def test_clauses_says_what_a_clause_needs_and_when_it_is_in_force(cli: Cli) -> None:
    lines = dict(line.split(maxsplit=1) for line in cli("clauses").stdout.splitlines())
    for clause in load_clauses():
        assert str(clause.in_force) in lines[clause.slug]
        assert all(need in lines[clause.slug] for need in clause.needs)


def test_explain_shows_the_clause_and_its_law(cli: Cli) -> None:
    clause = load_clauses().clause("connect.duplicate-is-ignored")
    result = cli("explain", clause.slug)
    assert result.exit_code == 0
    assert f"{clause.keyword}. {clause.requirement}\n" in result.stdout
    assert clause.intent in result.stdout
    assert clause.source in result.stdout
    assert clause.example is not None
    assert clause.example in result.stdout
    assert load_laws()[clause.slug].source.strip() in result.stdout


def test_explain_of_a_clause_without_a_law(cli: Cli) -> None:
    clause = next(clause for clause in load_clauses() if not clause.demands)
    result = cli("explain", clause.slug)
    assert result.exit_code == 0
    assert "Law" not in result.stdout


def counterexamples(report: Any) -> list[Any]:
    return [clause["counterexample"] for clause in report["clauses"] if clause["counterexample"]]


def test_replay_of_a_report_its_parts_and_several_reports(cli: Cli, deaf: str, folder: Path) -> None:
    cli("check", deaf, *QUICK, "--json", "report.json")
    report = json.loads((folder / "report.json").read_text())
    found = counterexamples(report)
    stories = {form: [each for each in found if form in each["program"]] for form in ("law", "program")}
    for stored, programs in [
        (report, found),
        ([report, report], [*found, *found]),
        *((each, [each]) for form in stories.values() for each in form[:1]),
        *((each["program"], [each]) for form in stories.values() for each in form[:1]),
    ]:
        (folder / "stored.json").write_text(json.dumps(stored))
        result = cli("replay", "stored.json", "--target", deaf)
        assert result.exit_code == 1
        assert result.stdout.count("still fails") == len(programs)
        for each in programs:
            assert f"Expected:    {each['expected']}\n  Actual:      {each['actual']}\n" in result.stdout
        mended = cli("replay", "stored.json", "--target", "reference")
        assert mended.exit_code == 0
        assert mended.stdout.count("does not fail") == len(programs)


def test_replay_of_commands_that_no_report_is_around(cli: Cli, deaf: str, folder: Path) -> None:
    commands = [
        {"do": "connect", "receiver": "f", "sender": "A", "weak": True, "uid": None},
        {"do": "has_listeners", "sender": "A"},
    ]
    program = {"caching": False, "debug": False, "cast": {}, "acts": {}, "commands": commands}
    (folder / "stored.json").write_text(json.dumps({"program": program}))
    result = cli("replay", "stored.json", "--target", deaf)
    assert result.exit_code == 1
    assert result.stdout.startswith("listeners.")
    assert "Expected:    True\n  Actual:      näh\n" in result.stdout


def test_replay_runs_on_the_target_that_the_report_names(cli: Cli, deaf: str) -> None:
    cli("check", deaf, *QUICK, "--json", "report.json")
    assert f" on {deaf}: still fails\n" in cli("replay", "report.json").stdout


def test_replay_of_a_report_without_counterexamples(cli: Cli) -> None:
    cli("check", "reference", *QUICK, "--json", "report.json")
    result = cli("replay", "report.json")
    assert result.exit_code == 0
    assert "nothing to replay" in result.stdout


def test_output_does_not_depend_on_hashes_and_needs_no_unicode(run: Run, deaf: str) -> None:
    arguments = ("check", deaf, *QUICK)
    one = run(*arguments, PYTHONHASHSEED="1", PYTHONIOENCODING="ascii")
    other = run(*arguments, PYTHONHASHSEED="2", PYTHONIOENCODING="utf-8")
    assert (one.returncode, one.stderr) == (1, "")
    assert "\u00e4" in other.stdout
    assert one.stdout == other.stdout.encode("ascii", "backslashreplace").decode()


def test_what_python_complains_about_is_kept_off_the_terminal(run: Run, folder: Path) -> None:
    (folder / "noisy.py").write_text(NOISY)
    result = run("check", "noisy", *QUICK, PYTHONWARNINGS="always")
    assert (result.returncode, result.stderr) == (0, "")


COMMAND = (sys.executable, "-m", "signalspec", "check", "reference", *QUICK)


@pytest.mark.skipif(sys.platform == "win32", reason="starts a shell")
@pytest.mark.parametrize(
    "redirection", ["| head -c 1", ">&-", ">&- 2>&-", "<&- >&- 2>&-"], ids=["pipe", "output", "both", "all"]
)
def test_a_closed_stream_changes_no_verdict(folder: Path, redirection: str) -> None:
    command = f"{shlex.join(COMMAND)} {redirection}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("option", ["--json", "--junit", "--html"])
def test_a_report_to_standard_output_is_alone_there(run: Run, folder: Path, option: str) -> None:
    result = run("check", "reference", *QUICK, option, "-")
    assert result.returncode == 0
    assert result.stdout[0] in "{<"
    assert result.stderr.startswith("reference: conforms")
    assert list(folder.iterdir()) == []

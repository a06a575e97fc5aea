"""The audit: each planted habit is found by its rule, its twin and Django's own connections by none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Cli
from planted_habits import HABITS, HEAD, MODELS, TESTS
from signalspec.standard.clauses import load_clauses
from signalspec.traces.auditing import audit
from signalspec.traces.remarks import Evidence, Remark, load_rules
from signalspec.traces.rules import CHECKS
from signalspec.traces.source import Source
from signalspec.traces.trace import read_trace
from small_project import make_project, record


def remarks(folder: Path, receivers: str, test: str) -> list[Remark]:
    """Return what the audit says of a project with these receivers and this test."""
    make_project(folder, HEAD + receivers + "\n", TESTS.replace("{test}", test), MODELS)
    settings = folder / "settings.py"
    # What is planted is also what Django's system check of lazy senders refuses.
    settings.write_text(settings.read_text() + 'SILENCED_SYSTEM_CHECKS = ["signals.E001"]\n')
    result = record(folder)
    assert result.returncode == 0, result.stderr
    return list(audit(Evidence(read_trace(folder / "trace.gz"), Source(folder))))


@pytest.mark.parametrize("name", HABITS)
def test_finds_a_planted_habit_and_nothing_in_its_twin(tmp_path: Path, name: str) -> None:
    habit = HABITS[name]
    found = remarks(tmp_path / "defect", habit.defect, habit.test)
    assert [remark.rule for remark in found] == [habit.rule]
    file = "shop/tests.py" if habit.test != "pass" and not habit.defect else "shop/receivers.py"
    assert found[0].place is not None and found[0].place.file == file
    assert remarks(tmp_path / "twin", habit.twin, habit.twin_test) == []


def test_each_rule_has_a_page_a_clause_and_a_habit() -> None:
    rules = load_rules()
    assert set(rules) == {habit.rule for habit in HABITS.values()}
    assert len(rules) == len(CHECKS)
    for rule in rules.values():
        assert load_clauses().clause(rule.clause).requirement
        assert rule.mend.endswith(".")


def test_a_comment_takes_a_rule_back(tmp_path: Path) -> None:
    receivers = """
baked.connect(Oven().bake)  # signalspec: ignore[receiver-collected]
# signalspec: ignore
baked.connect(Oven().bake)
baked.connect(Oven().bake)  # signalspec: ignore[uid-from-address]
"""
    assert [remark.rule for remark in remarks(tmp_path, receivers, "pass")] == ["receiver-collected"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(
        tmp_path_factory.mktemp("project"),
        HEAD + "baked.connect(Oven().bake)\n",
        TESTS.replace("{test}", "pass"),
        MODELS,
    )
    assert record(folder).returncode == 0
    return folder


def test_prints_remarks_by_file_and_line(cli: Cli, project: Path) -> None:
    result = cli("audit", str(project / "trace.gz"), "--root", str(project))
    assert result.exit_code == 1
    line = HEAD.count("\n") + 1
    assert f"shop/receivers.py:{line}: A receiver was collected\n" in result.output
    assert "  Clause:  lifetime.weak-by-default\n" in result.output


def test_prints_json_and_sarif(cli: Cli, project: Path) -> None:
    trace = str(project / "trace.gz")
    [remark] = json.loads(cli("audit", trace, "--root", str(project), "--format", "json").output)["remarks"]
    assert (remark["rule"], remark["file"]) == ("receiver-collected", "shop/receivers.py")
    [run] = json.loads(cli("audit", trace, "--root", str(project), "--format", "sarif").output)["runs"]
    [result] = run["results"]
    assert result["ruleId"] in {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    location = result["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "shop/receivers.py"}, "region": {"startLine": remark["line"]}}


def test_the_guide_tells_changes_that_the_project_touches(cli: Cli, tmp_path: Path) -> None:
    receivers = "from django.db.models.signals import *\nm2m_changed.connect(print, weak=False)\n"
    record(make_project(tmp_path, receivers))
    trace = str(tmp_path / "trace.gz")
    result = cli("audit", trace, "--root", str(tmp_path), "--from", "5.2", "--to", "6.1")
    assert result.exit_code == 1
    told = result.output.partition("What breaks\n")[2].partition("\n* `m2m_changed` passes `raw` (6.1)\n")[2]
    assert told.partition("  Here:     ")[2].startswith("shop/receivers.py:2\n")
    assert "  Clauses:  m2m.keys, m2m.keys-and-raw" in told
    assert "A send compares the values of all context variables" not in result.output
    found = json.loads(cli("audit", trace, "--from", "5.2", "--to", "6.1", "--format", "json").output)["guide"]
    [raw] = [touch for touch in found["touches"] if touch["title"] == "`m2m_changed` passes `raw`"]
    assert (raw["danger"], raw["places"]) == ("breaks", ["shop/receivers.py:2"])
    assert found["untouched"] > 5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("missing.gz",), "signalspec: missing.gz cannot be read: No such file or directory.\n"),
        (("text.gz",), "signalspec: text.gz is no trace: its line 1 is no row of one.\n"),
        (("empty.gz",), "signalspec: empty.gz is empty: nothing that it should record used Django's signals.\n"),
        (("text.gz", "--from", "4.2"), "signalspec: --from and --to go together.\n"),
    ],
)
def test_refuses_what_is_no_trace(cli: Cli, folder: Path, arguments: tuple[str, ...], sentence: str) -> None:
    Path("text.gz").write_text("hello\n")
    Path("empty.gz").write_text("")
    result = cli("audit", *arguments)
    assert (result.exit_code, result.output) == (2, sentence)

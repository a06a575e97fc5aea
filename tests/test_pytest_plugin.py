"""The plugin, in pytest processes of their own."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest
from conftest import DEAF, NOISY
from signalspec.standard.clauses import load_clauses

EVERY_STATUS = """
import signalspec.runner.supervisor
from signalspec.findings.report import Counterexample, Report, Result
from signalspec.programs.outcomes import Returned
from signalspec.standard.clauses import load_clauses

STATUSES = ("holds", "violated", "deviates", "inconclusive", "untestable", "not-in-force", "not-claimed")

def check(target, profile, options):
    found = Counterexample("a.clause", "the script", {}, "this", Returned("that"))
    clauses = zip(load_clauses(), STATUSES)
    results = [Result(clause, status, 1, found, ["the note"]) for clause, status in clauses]
    return Report(target.name, "standard", 0, results)

signalspec.runner.supervisor.check = check

def pytest_collection_modifyitems(items):
    items[len(STATUSES):] = []
    for item, status in zip(items, STATUSES):
        item.user_properties.append(("planted", status))
"""


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("--pyargs", "signalspec", *arguments)


def test_one_test_a_clause_whatever_makes_warnings_errors(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(noisy=NOISY)
    result = run(pytester, "--signal-target", "noisy", "-k", "listeners.", "-W", "error", "-v")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*::test_clause[[]listeners.*[]] PASSED*"])


def test_a_violation_is_a_failure_with_its_program(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(deaf=DEAF)
    result = run(pytester, "--signal-target", "deaf", "-k", "listeners.")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            *("signalspec: target deaf, profile standard", "Requirement: *", "Expected: *", "Actual: *"),
            *("    from deaf import*", "FAILED *listeners.returns-a-bool* - *: `*"),
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_the_target_is_found_in_the_current_directory(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(number="Signal = 5")
    # Pytester would put the directory on the path, which the script `pytest` does not.
    command = [sys.executable, "-P", "-m", "pytest", "--pyargs", "signalspec", "--signal-target", "number"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=pytester.path, check=False)
    assert result.stderr.startswith("ERROR: signalspec: Target 'number': 'Signal' is not callable")


def test_what_a_baseline_knows_is_expected_to_fail(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(EVERY_STATUS)
    slug = next(iter(load_clauses())).slug
    violated = [clause.slug for clause in load_clauses()][1]
    pytester.makefile(".toml", known=f'[known]\n"{violated}" = "ticket 12"\n"{slug}" = "soon"\n')
    result = run(pytester, "--signal-baseline", "known.toml", "-rx")
    assert result.parseoutcomes() == {"passed": 2, "failed": 1, "xfailed": 1, "skipped": 3}
    result.stdout.fnmatch_lines(["XFAIL *ticket 12"])
    assert run(pytester, "--signal-baseline", "known.toml", "--signal-strict").parseoutcomes()["failed"] == 2


def test_workers_share_one_check(pytester: pytest.Pytester) -> None:
    noting = "    open('checks', 'a').write('.')\n    found ="
    pytester.makeconftest(EVERY_STATUS.replace("    found =", noting))
    run(pytester, "-n", "2")
    assert (pytester.path / "checks").read_text() == "."


def test_workers_agree(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(EVERY_STATUS)
    outcomes = [run(pytester, *extra).parseoutcomes() for extra in ((), ("-n", "2"))]
    assert [outcomes[0][word] for word in ("passed", "failed", "skipped")] == [2, 2, 3]
    assert outcomes[1] == outcomes[0]


def test_outcome_of_every_status(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(EVERY_STATUS)
    result = run(pytester, "--junitxml=report.xml")
    assert result.ret == 1
    cases = {}
    for case in ElementTree.parse(pytester.path / "report.xml").iter("testcase"):
        properties = {each.get("name"): each.get("value") for each in case.iter("property")}
        outcomes = [each for each in case if each.tag in ("failure", "skipped", "error")]
        cases[properties.pop("planted")] = (properties, [(each.tag, each.get("message")) for each in outcomes])
        assert f"test_clause[{properties.pop('clause')}]" == case.get("name")
    violation = cases.pop("violated")[1][0]
    assert violation[0] == "failure"
    assert "the script" in str(violation[1])
    inconclusive = cases.pop("inconclusive")[1][0]
    assert inconclusive[0] == "failure"
    assert "inconclusive: " in str(inconclusive[1])
    assert cases == {
        "holds": ({}, []),
        "deviates": ({"deviation": "the note"}, []),
        "untestable": ({}, [("skipped", "untestable: the note")]),
        "not-in-force": ({}, [("skipped", "not-in-force: the note")]),
        "not-claimed": ({}, [("skipped", "not-claimed: the note")]),
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--signal-target", "no_such_module"), "No module named 'no_such_module'"),
        (("--signal-target", "raising"), "RuntimeError while importing 'raising': first second"),
        (("--signal-target", "no_syntax"), "SyntaxError while importing 'no_syntax'"),
        (("--signal-target", "exiting"), "SystemExit while importing 'exiting'"),
        (("--signal-target", "json:dumps"), "raises TypeError"),
        (("--signal-target", ""), "is no MODULE or MODULE:ATTR"),
        (("--signal-target", "no_such_module", "-n", "2"), "No module named 'no_such_module'"),
        (("--signal-profile", "django-1.0"), "There is no profile 'django-1.0'"),
        (("--signal-baseline", "raising.py"), "is no baseline"),
    ],
)
def test_bad_input_is_one_sentence(pytester: pytest.Pytester, arguments: tuple[str, ...], sentence: str) -> None:
    pytester.makepyfile(
        raising="raise RuntimeError('first\\nsecond')", no_syntax="def", exiting="raise SystemExit(3)"
    )
    result = run(pytester, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [line for line in result.errlines if sentence in line]
    assert result.errlines[0].startswith("ERROR: signalspec: ")
    assert "Traceback" not in result.stdout.str()


def test_it_costs_nothing_to_those_who_do_not_use_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_was_imported():
            assert "signalspec.pytest_plugin" in sys.modules
            ours = {name for name in sys.modules if name.partition(".")[0].startswith("signalspec")}
            recorder = {"signalspec_recorder", "signalspec_recorder.pytest_plugin"}
            assert ours == {"signalspec", "signalspec.pytest_plugin"} | recorder
            assert not {"django", "hypothesis", "rich.console", "markdown_it"} & set(sys.modules)
        """
    )
    assert pytester.runpytest_subprocess("-p", "no:cacheprovider").ret == 0

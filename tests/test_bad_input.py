"""Whatever is wrong with a call or a target: exit status 2, one sentence on stderr, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Cli
from signalspec import TargetError, load_here
from signalspec.standard.clauses import load_clauses

_CLAIMING = "from signalspec_reference import Signal as Reference\nclass Signal(Reference): signalspec_claims = {!r}"

MODULES = {
    "broken_import": "import no_such_module",
    "raising": "raise RuntimeError('first line\\nsecond line')",
    "no_syntax": "def",
    "exiting": "raise SystemExit(3)",
    "without": "",
    "number": "Signal = 5",
    "deep": "class Outer: pass",
    "lacking": "class Signal:\n    def connect(self): pass",
    "demanding": "class Signal:\n    def __init__(self, name): pass",
    "failing": "class Signal:\n    def __init__(self): raise RuntimeError('boom.')",
    "boasting": _CLAIMING.format({"speed": True}),
    "unclear": _CLAIMING.format({"order": "no"}),
    "shouting": _CLAIMING.format("order"),
    "torn": _CLAIMING.format({"asgiref": True, "async": False}),
    "modern": _CLAIMING.format({"eager-tasks": True}),
    "leaving": "class Signal:\n    def __init__(self): raise SystemExit(3)",
    "heedful": "from signalspec_reference import Signal\ndef debugs(): from django.conf import settings",
}

TARGETS = {
    "no_such_module": "No module named 'no_such_module'",
    "no_such_package.module": "No module named 'no_such_package'",
    "broken_import": "No module named 'no_such_module'",
    "raising": "RuntimeError while importing 'raising': first line second line",
    "no_syntax": "SyntaxError while importing 'no_syntax'",
    "exiting": "SystemExit while importing 'exiting'",
    "without": "'without' has no attribute 'Signal'",
    "without:Bus": "'without' has no attribute 'Bus'",
    "deep:Outer.Inner": "'deep' has no attribute 'Outer.Inner'",
    "number": "'Signal' is not callable",
    "lacking": "has no disconnect, has_listeners, send, send_robust",
    "demanding": "raises TypeError",
    "failing": "raises RuntimeError: boom.",
    "leaving": "raises SystemExit: 3",
    "boasting": "signalspec_claims names 'speed', and the capabilities are order,",
    "unclear": "signalspec_claims maps the names of capabilities to True or False, and {'order': 'no'} does not",
    "shouting": "signalspec_claims maps the names of capabilities to True or False, and 'order' does not",
    "torn": "signalspec_claims claims 'asgiref', which implies 'async', and declines that",
    "modern": "signalspec_claims claims 'eager-tasks', which is up to Python",
    "": "is no MODULE or MODULE:ATTR",
    "not a module": "is no MODULE or MODULE:ATTR",
    "../path.py": "there is no file '../path.py'",
}

CALLS: dict[tuple[str, ...], str] = {
    ("check", "reference", "--profile", "django-1.0"): "There is no profile 'django-1.0'",
    ("check", "reference", "--profile", ""): "There is no profile ''",
    ("diff", "django-1.0", "django-6.1"): "There is no profile 'django-1.0'",
    ("diff", "django-6.1"): "Missing argument 'Q'",
    ("diff", "django-5.2", "django-6.1", "--only", "nothing"): "No clause begins with 'nothing'",
    ("diff", "django-5.2", "django-6.1", "--json", "missing/found.json"): "missing/found.json cannot be written",
    ("check", "reference", "--only", "nothing"): "No clause begins with 'nothing'",
    ("check", "reference", "--depth", "-1"): "'--depth'",
    ("check", "reference", "--examples", "many"): "'--examples'",
    ("check", "reference", "--seed", "x"): "'--seed'",
    ("check", "reference", "--timeout", "0"): "'--timeout'",
    ("check", "reference", "--timeout", "nan"): "'--timeout'",
    ("check", "reference", "--timeout", "inf"): "'--timeout'",
    ("check", "reference", "--json", "missing/report.json"): "missing/report.json cannot be written",
    ("check", "reference", "--junit", "missing/report.xml"): "missing/report.xml cannot be written",
    ("check", "reference", "--html", "missing/report.html"): "missing/report.html cannot be written",
    ("check", "reference", "--json", "."): ". cannot be written",
    ("check", "reference", "--junit", "."): ". cannot be written",
    ("check", "reference", "--html", "."): ". cannot be written",
    ("check", "reference", "--json", "same", "--junit", "same"): "the same file",
    ("check", "reference", "--junit", "same", "--html", "same"): "the same file",
    ("check", "reference", "--jsn", "file"): "No such option",
    ("clauses", "--profile", "django-1.0"): "There is no profile 'django-1.0'",
    ("explain", "no.such-clause"): "There is no clause 'no.such-clause'",
    ("explain",): "SLUG",
    ("replay", "missing.json"): "missing.json",
    ("replay", "."): "directory",
    ("frobnicate",): "frobnicate",
}

UNDEMANDING = next(clause.slug for clause in load_clauses() if not clause.demands)
FALSY_UID = {"law": "uids.falsy-uid"}
CASE = {"first": "function", "second": "function", "uid": "zero", "sender": "class"}

CONNECT = {"do": "connect", "receiver": "f", "sender": None, "weak": True, "uid": None}
PROGRAM = {"caching": False, "debug": False, "cast": {}, "acts": {}, "commands": [CONNECT]}

STORED: dict[str, Any] = {
    "a number": (5, "neither a program"),
    "an empty list": ([], "neither a program"),
    "an empty object": ({}, "has one of the keys models, law, program"),
    "another object": ({"name": "x"}, "has one of the keys models, law, program"),
    "a list of numbers": ([1, 2], "neither a program"),
    "a report of numbers": ({"target": "reference", "clauses": [1]}, "lacks its counterexample"),
    "a report of half results": ({"target": "reference", "clauses": [{}]}, "lacks its counterexample"),
    "a report of half counterexamples": (
        {"target": "reference", "clauses": [{"id": "x.y", "counterexample": {"script": ""}}]},
        "lacks its counterexample",
    ),
    "a law of a number": ({"law": 5, "case": {}}, "does not name its clause"),
    "an unknown clause": ({"law": "no.such-clause", "case": {}}, "There is no clause 'no.such-clause'"),
    "a clause without a law": ({"law": UNDEMANDING, "case": {}}, f"{UNDEMANDING} has no law"),
    "no case": (FALSY_UID, "A case of uids.falsy-uid"),
    "a case of nothing": ({**FALSY_UID, "case": {}}, "A case of uids.falsy-uid"),
    "a case of too much": ({**FALSY_UID, "case": {**CASE, "x": "y"}}, "A case of uids.falsy-uid"),
    "an unknown kind": ({**FALSY_UID, "case": {**CASE, "uid": "octopus"}}, "uid cannot be 'octopus'"),
    "a kind that is no text": ({**FALSY_UID, "case": {**CASE, "uid": []}}, "uid cannot be []"),
    "commands that are a number": ({"program": 5}, "this is no program"),
    "commands without a list of them": ({"program": {}}, "this is no program"),
    "no commands": ({"program": {**PROGRAM, "commands": []}}, "has no commands"),
    "an unknown command": ({"program": {**PROGRAM, "commands": [{"do": "dance"}]}}, "this is no program"),
    "an unknown kind of party": ({"program": {**PROGRAM, "cast": {"f": "octopus"}}}, "this is no program"),
    "an unknown receiver": (
        {"program": {**PROGRAM, "commands": [{**CONNECT, "receiver": "x"}]}},
        "No receiver of a program is called 'x'",
    ),
    "no receiver to connect": (
        {"program": {**PROGRAM, "commands": [{**CONNECT, "receiver": None}]}},
        "No receiver of a program is called None",
    ),
    "an unknown party in an act": (
        {"program": {**PROGRAM, "acts": {"f": {"do": "drop", "party": "u"}}}},
        "No party of a program is called 'u'",
    ),
    "a dead party": (
        {"program": {**PROGRAM, "commands": [{"do": "drop", "party": "f"}, CONNECT]}},
        "uses a party after its death",
    ),
    "an unknown clause in a report": (
        {
            "target": "reference",
            "clauses": [{"id": "no.such-clause", "counterexample": {"program": {"program": PROGRAM}}}],
        },
        "There is no clause 'no.such-clause'",
    ),
}


@pytest.fixture(autouse=True)
def modules(folder: Path) -> None:
    """Every bad module can be imported from the current directory."""
    for name, source in MODULES.items():
        (folder / f"{name}.py").write_text(source)


def expect_refusal(status: int, out: str, err: str, sentence: str) -> None:
    """Fail unless this is the refusal that has `sentence` in it."""
    assert (status, out) == (2, "")
    assert err.startswith("signalspec: ")
    assert err.count("\n") == 1
    assert err.endswith((".\n", "?\n"))
    assert not err.endswith("..\n")
    assert sentence in err


@pytest.mark.parametrize(("target", "sentence"), TARGETS.items())
def test_target(cli: Cli, target: str, sentence: str) -> None:
    result = cli("check", "reference", target)
    expect_refusal(result.exit_code, result.stdout, result.stderr, sentence)


def test_target_for_another_python(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As the settings of a Django are that is not for this one, while its dispatcher can be imported.
    monkeypatch.setitem(sys.modules, "django.conf", None)
    sys.path.insert(0, "")
    with pytest.raises(TargetError, match="cannot be imported: import of django"):
        load_here("heedful")


@pytest.mark.parametrize(("call", "sentence"), CALLS.items(), ids=[" ".join(call) for call in CALLS])
def test_call(cli: Cli, call: tuple[str, ...], sentence: str) -> None:
    result = cli(*call)
    expect_refusal(result.exit_code, result.stdout, result.stderr, sentence)


@pytest.mark.parametrize(("stored", "sentence"), STORED.values(), ids=STORED)
def test_replay(cli: Cli, folder: Path, stored: object, sentence: str) -> None:
    (folder / "stored.json").write_text(json.dumps(stored))
    result = cli("replay", "stored.json", "--target", "reference")
    expect_refusal(result.exit_code, result.stdout, result.stderr, sentence)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe\xfa", b"[" * 100_000, b"9" * 10_000, b"nonsense"])
def test_replay_of_no_json(cli: Cli, folder: Path, text: bytes) -> None:
    (folder / "stored.json").write_bytes(text)
    result = cli("replay", "stored.json", "--target", "reference")
    expect_refusal(result.exit_code, result.stdout, result.stderr, "The file is not JSON")


def test_replay_on_no_target(cli: Cli, folder: Path) -> None:
    (folder / "stored.json").write_text(json.dumps({**FALSY_UID, "case": CASE}))
    result = cli("replay", "stored.json")
    expect_refusal(result.exit_code, result.stdout, result.stderr, "name one with --target")


def test_replay_on_a_target_without_the_capability(cli: Cli, folder: Path) -> None:
    (folder / "undecorated.py").write_text("from signalspec_reference import Signal")
    (folder / "stored.json").write_text(json.dumps({"law": "decorator.returns-the-function", "case": {}}))
    result = cli("replay", "stored.json", "--target", "undecorated")
    expect_refusal(result.exit_code, result.stdout, result.stderr, "has no decorator")


def test_replay_of_a_cached_program_on_a_target_without_caches(cli: Cli, folder: Path) -> None:
    (folder / "uncached.py").write_text(
        "import signalspec_reference as reference\n"
        "class Signal(reference.Signal):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
    )
    (folder / "stored.json").write_text(json.dumps({"program": {**PROGRAM, "caching": True}}))
    result = cli("replay", "stored.json", "--target", "uncached")
    expect_refusal(result.exit_code, result.stdout, result.stderr, "has no caching")


def test_an_existing_report_survives_a_refusal(cli: Cli, folder: Path) -> None:
    (folder / "report.json").write_text("kept")
    result = cli("check", "no_such_module", "--json", "report.json")
    expect_refusal(result.exit_code, result.stdout, result.stderr, "No module named")
    assert (folder / "report.json").read_text() == "kept"


@pytest.mark.parametrize("target", ["raising", "no_syntax", "exiting", "leaving"])
def test_in_a_process_of_its_own(folder: Path, target: str) -> None:
    command = [sys.executable, "-m", "signalspec", "check", target]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    expect_refusal(done.returncode, done.stdout, done.stderr, TARGETS[target])

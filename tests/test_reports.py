"""What is printed and written of a report, whatever it holds."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree

import pytest
from rich.console import Console
from signalspec.engines.laws import load_laws
from signalspec.findings.report import Counterexample, Report, Result, Status
from signalspec.programs.outcomes import Frame, Raised, Returned
from signalspec.reports import jsonfile, junit
from signalspec.reports.describing import in_words, sent_otherwise
from signalspec.reports.progress import left
from signalspec.reports.terminal import headline, make_console, show_report
from signalspec.standard.clauses import Clause, Range

SCRIPT = "import long_name\n\nprint([red])  # " + "x" * 100 + "\n"


def clause(slug: str) -> Clause:
    return Clause(
        slug,
        "dispatch",
        "A title",
        "MUST",
        f"The {slug} demand.",
        "Why.",
        Range("4.0"),
        ("caching",),
        "Observed.",
        "f()",
    )


def violated(slug: str, actual: str = "[bold]2[/bold]") -> Result:
    return Result(
        clause(slug), "violated", 3, Counterexample(slug, SCRIPT, {"law": slug, "case": {}}, "1", Returned(actual))
    )


def report(*results: Result) -> Report:
    return Report("mine:Bus", "django-5.2", 3, results, ["every case of 5 laws"], ["a.fixed is fixed"])


FOLLOWING = replace(violated("send.broken"), because="connect.broken")

FULL = report(
    Result(clause("connect.holds"), "holds", 5),
    Result(
        clause("connect.deviates"),
        "deviates",
        5,
        Counterexample("connect.deviates", "", {}, "1", Returned("2")),
        ["ticket 1", "ticket 2"],
    ),
    violated("connect.broken"),
    Result(clause("send.quiet"), "inconclusive", notes=["nothing exercised it"]),
    Result(clause("send.new"), "not-in-force", notes=["in force since 6.0"]),
    Result(clause("send.other"), "not-claimed", notes=["the target has no caching"]),
    Result(clause("send.open"), "untestable", notes=["the standard demands nothing here"]),
    FOLLOWING,
)

HEADLINE = "mine:Bus: violates 2 clauses, from 1 cause (profile django-5.2, seed 3)"

PRINTED = f"""\
{HEADLINE}

connect.broken: A title
  Requirement: (Since Django 4.0.) The connect.broken demand.
  Expected:    1
  Actual:      [bold]2[/bold]
  Also in:     send.broken

dispatch: 2 violated, 1 holds, 1 deviates, 1 inconclusive, 1 not in force, 1 not
  claimed, 1 untestable
2 recorded deviations of django-5.2 were seen, and are tolerated.
Not claimed: 1 clause does not apply: the target has no caching.
Scripts: --show SLUG, or --scripts DIR. Everything: -v, or --html FILE.

Inconclusive, since they could not be judged:
  send.quiet: nothing exercised it

News:
  a.fixed is fixed

{HEADLINE}
"""

WHOLE = f"""\
{HEADLINE}

connect.broken: A title
  Requirement: The connect.broken demand.
  Expected:    1
  Actual:      [bold]2[/bold]

      import long_name

      print([red])  # {"x" * 100}
  Also in:     send.broken

send.broken, because of connect.broken
  Requirement: The send.broken demand.
  Expected:    1
  Actual:      [bold]2[/bold]

      import long_name

      print([red])  # {"x" * 100}

Recorded deviations, tolerated:
  connect.deviates: ticket 1
  connect.deviates: ticket 2

Inconclusive, since they could not be judged:
  send.quiet: nothing exercised it

Not claimed:
  1 clause does not apply: the target has no caching.

                                 incon- untest-      not     not
chapter holds violated deviates clusive    able in force claimed
connect     1        1        1       -       -        -       -
send        -        1        -       1       1        1       1
all         1        2        1       1       1        1       1

Checked:
  every case of 5 laws

News:
  a.fixed is fixed

{HEADLINE}
"""


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe of 80 columns, whatever the tests run in."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


def printed(shown: Report, *, colours: bool = False, verbose: bool = False, show: Sequence[str] = ()) -> str:
    file = io.StringIO()
    console = Console(force_terminal=True, color_system="standard") if colours else make_console()
    console.file = file
    show_report(shown, console, verbose, show)
    return file.getvalue()


def test_terminal_in_a_pipe() -> None:
    assert printed(FULL) == PRINTED


def test_terminal_tells_everything_where_asked() -> None:
    assert printed(FULL, verbose=True) == WHOLE


def test_terminal_prints_the_script_of_a_clause() -> None:
    shown = printed(FULL, show=["send.broken"])
    assert shown.count("import long_name") == 1
    assert "send.broken, because of connect.broken" in shown


def test_terminal_shows_the_clauses_alone_that_are_asked_for() -> None:
    shown = printed(FULL, show=["connect.broken", "connect.holds", "no.clause"])
    assert shown.startswith(f"{HEADLINE}\n\nconnect.broken: A title\n")
    assert shown.count(HEADLINE) == 1
    assert shown.endswith("\nconnect.holds: holds\n\nno.clause: not checked\n")
    assert "Inconclusive" not in shown


def test_terminal_shows_long_values_in_few_lines_and_breaks_no_word() -> None:
    words = " ".join(f"word{i}" for i in range(100))
    lines = printed(report(violated("a.b", words))).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("word" in line for line in lines) == 3
    assert any(line.endswith("…") for line in lines)


def test_terminal_tells_the_message_and_the_place_of_an_exception() -> None:
    outcome = Raised("KeyError", "'a'", (Frame("mine.bus", "mine/bus.py", 12, "Bus.send"),))
    found = replace(violated("a.b"), counterexample=Counterexample("a.b", "", {}, "no exception", outcome))
    assert "Actual:      raises KeyError: 'a' (at mine/bus.py:12, in Bus.send)\n" in printed(report(found))


def test_what_django_sends_otherwise_is_told() -> None:
    ways = ("misses pre_save", "post_save: created is None")
    found = replace(violated("a.b"), counterexample=Counterexample("a.b", "", {}, "1", Returned("2"), ways))
    told = "Sent: otherwise than by this release of Django: misses pre_save; post_save: created is None"
    assert told in " ".join(printed(report(found)).split())
    assert '"otherwise": ["misses pre_save", "post_save: created is None"]' in json.dumps(report(found).to_json())


def test_what_is_sent_otherwise_is_told_as_people_say_it() -> None:
    ways = (
        *(
            "pre_save: by is send_robust",
            "pre_save: update_fields is None",
            "pre_save: size of update_fields is not there",
        ),
        *(
            "UPDATE: values is a text",
            "adds Atomic.__exit__",
            "post_save: raw is not there",
            "misses Atomic.__exit__",
        ),
    )
    found = Counterexample("a.b", "", {}, "1", Returned("2"), ways)
    assert sent_otherwise(found).partition(": ")[2] == (
        "pre_save is sent by send_robust(); pre_save: update_fields is None; UPDATE has other values; "
        "Atomic.__exit__ comes at another moment; post_save: raw is not passed"
    )


def test_what_a_case_draws_is_told_unless_it_is_the_plainest() -> None:
    law = load_laws()["robust.calls-the-rest"]
    plainest = replace(
        violated(law.slug),
        counterexample=Counterexample(law.slug, "", {"law": law.slug, "case": law.plainest}, "1", Returned("2")),
    )
    other = {**law.plainest, "error": "assertion"}
    unlike = replace(
        violated(law.slug),
        counterexample=Counterexample(law.slug, "", {"law": law.slug, "case": other}, "1", Returned("2")),
    )
    assert "Case:" not in printed(report(plainest))
    assert "  Case:        error: assertion\n" in printed(report(unlike))


def test_clauses_that_rest_on_one_that_is_violated_are_counted_in_a_line() -> None:
    resting = [
        Result(clause(f"a.r{n}"), "inconclusive", notes=["it rests on a.b, which is violated"], because="a.b")
        for n in range(9)
    ]
    unclear = Result(
        clause("a.c"), "inconclusive", notes=["violated once, and not again: expected " + "[1, 2] " * 90]
    )
    lines = (
        printed(report(violated("a.b"), *resting, unclear))
        .partition("Inconclusive, since they could not be judged:")[2]
        .splitlines()
    )
    assert lines[1] == "  9 clauses: they rest on a.b, which is violated"
    assert lines[2].startswith("  a.c: violated once") and len(lines[2]) < 170


def test_terminal_has_colours() -> None:
    assert "\x1b[1;31m" in printed(FULL, colours=True)


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([Result(clause("a.b"), "holds")], "conforms"),
        ([Result(clause("a.b"), "deviates")], "conforms"),
        ([violated("a.b")], "violates 1 clause"),
        ([violated("a.b"), Result(clause("a.c"), "inconclusive")], "violates 1 clause"),
        ([Result(clause("a.b"), "inconclusive")], "inconclusive, 1 clause could not be judged"),
    ],
)
def test_headline(results: list[Result], verdict: str) -> None:
    assert headline(report(*results)) == f"mine:Bus: {verdict} (profile django-5.2, seed 3)"


def test_table_fits_80_columns_with_the_longest_chapter() -> None:
    results = [Result(clause("subclassing.x"), status, notes=["x"]) for status in get_args(Status)]
    table = printed(report(*results), verbose=True).partition("chapter")[2].partition("Checked")[0]
    assert max(map(len, table.splitlines())) < 80
    assert "clusive" in table


def test_json_is_one_object_or_a_list() -> None:
    assert json.loads(jsonfile.render([FULL])) == FULL.to_json()
    assert json.loads(jsonfile.render([FULL, FULL])) == [FULL.to_json(), FULL.to_json()]


def test_junit_has_a_case_a_clause() -> None:
    suite = ElementTree.fromstring(junit.render([FULL]).encode())[0]
    assert {name: suite.get(name) for name in ("name", "tests", "failures", "skipped", "errors")} == {
        "name": "mine:Bus",
        "tests": "8",
        "failures": "2",
        "skipped": "4",
        "errors": "0",
    }
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert list(cases) == [result.clause.slug for result in FULL.results]
    assert all(case.get("classname") == f"signalspec.{str(slug).split('.')[0]}" for slug, case in cases.items())
    assert [
        (each.get("name"), each.get("value")) for each in cases["connect.deviates"].iterfind("properties/property")
    ] == [("clause", "connect.deviates"), ("deviation", "ticket 1"), ("deviation", "ticket 2")]
    assert {name: skipped.get("message") for name, case in cases.items() for skipped in case.iter("skipped")} == {
        "send.quiet": "inconclusive: nothing exercised it",
        "send.new": "not-in-force: in force since 6.0",
        "send.other": "not-claimed: the target has no caching",
        "send.open": "untestable: the standard demands nothing here",
    }


def test_junit_failure_says_everything() -> None:
    failure = ElementTree.fromstring(junit.render([report(violated("a.b"))]).encode()).find(".//failure")
    assert failure is not None
    assert failure.get("message") == "a.b: The a.b demand."
    text = failure.text or ""
    for part in ("Requirement: The a.b demand.", "Expected:    1", "Actual:      [bold]2[/bold]", "print([red])"):
        assert part in text


@pytest.mark.parametrize("illegal", ["\0", "\x1b[0m", "\x08", "\ufffe", "\udc80", "]]>", "<&\"'", "\U0001f600"])
def test_junit_can_be_read_whatever_the_target_did(illegal: str) -> None:
    text = junit.render([report(violated("a.b", actual=f"before{illegal}after"))])
    failure = ElementTree.fromstring(text.encode()).find(".//failure")
    assert failure is not None
    legal = illegal if illegal.isprintable() and illegal != "\ufffe" else illegal.lstrip("\0\x1b\x08\ufffe\udc80")
    assert f"before{legal}after" in str(failure.text)


@pytest.mark.parametrize(
    ("done", "seconds", "words"),
    [
        ({}, 1.0, ""),
        ({"laws": 0.01}, 1.0, ""),
        ({"laws": 1.0, "explore": 1.0, "hypothesis": 1.0}, 60.0, ""),
        ({"laws": 1.0, "explore": 1.0, "hypothesis": 1.0, "threads": 0.5}, 60.0, "about 60 s left"),
        ({"laws": 0.2}, 60.0, "about 8 min left"),
    ],
)
def test_progress_tells_roughly_how_long_it_goes_on(done: dict[str, float], seconds: float, words: str) -> None:
    assert left(done, seconds) == words


def test_a_flood_says_first_what_it_comes_from() -> None:
    broken = [violated(f"send.{number}") for number in range(20)]
    case = {"receiver": "function", "sender": "class", "send": "send", "weak": "weak", "caching": "off"}
    plain = violated("connect.connected-is-called")
    assert plain.counterexample is not None
    outcome = Raised("NameError", "name 'weakref' is not defined")
    found = replace(plain.counterexample, outcome=outcome, program={"law": plain.clause.slug, "case": case})
    lines = printed(report(*broken, replace(plain, counterexample=found))).splitlines()
    assert lines[2].startswith("A plain connect and send do not work: raises NameError: name 'weakref' is not")
    assert next(line for line in lines[3:] if line.endswith(": A title")).startswith("connect.connected-is-called")
    assert "A plain connect" not in printed(report(*broken[:5], replace(plain, counterexample=found)))


def test_a_schedule_is_told_in_words() -> None:
    stopped = "thread 1 is stopped before line 2 of those that it executes in the target"
    assert in_words("1:2 2") == f"{stopped}, then thread 2 runs on (schedule 1:2 2)"


def test_many_reasons_not_to_claim_clauses_are_told_in_two_sentences() -> None:
    unclaimed = [
        Result(clause(f"send.{number}"), "not-claimed", notes=[f"the target has no {capability}"])
        for number, capability in enumerate(["caching", "caching", "async", "logging", "debug"])
    ]
    unclaimed.append(Result(clause("send.5"), "not-claimed", notes=["the target does not claim weak, uids"]))
    told = " ".join(printed(report(*unclaimed)).split())
    assert "Not claimed: 2 clauses do not apply: the target has no caching. Nor do 4 clauses that need" in told
    assert "the target has no debug (1), weak and uids (1)." in told
    assert "Nor do" not in printed(report(*unclaimed[:4]))

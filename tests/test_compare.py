"""Comparing two traces: each change of a project is told, and what changes nothing is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Cli
from signalspec.standard.clauses import load_clauses
from signalspec.traces.comparing import Change, Comparison, What, compare
from signalspec.traces.known import explain, load_known
from signalspec.traces.moves import moves
from signalspec.traces.trace import Trace, read_trace
from small_project import make_project, record

HEAD = """
from django.db.models.signals import *
from django.dispatch import Signal, receiver
from shop.models import *

def one(**kwargs): pass
def two(**kwargs): pass
def three(**kwargs): return 3

baked = Signal()
"""

BEFORE = """
post_save.connect(one, sender=Pizza)
post_save.connect(two, sender=Pizza)

@receiver(pre_save, sender=Pizza)
def bake(sender, **kwargs):
    baked.send(sender, hot=True)
"""

CHANGES = {
    "new receiver": (BEFORE + "post_save.connect(three, sender=Pizza)", "newly reaches shop.receivers.three"),
    "receiver gone": (
        BEFORE.replace("post_save.connect(two, sender=Pizza)", ""),
        "no longer reaches shop.receivers.two",
    ),
    "order of receivers": (
        BEFORE.replace("connect(one", "connect(x")
        .replace("connect(two", "connect(one")
        .replace("connect(x", "connect(two"),
        "shop.models.Pizza reaches shop.receivers.two ahead of shop.receivers.one; before, behind it",
    ),
    "response differs": (
        BEFORE.replace("    baked.send(sender, hot=True)", "    baked.send(sender, hot=True)\n    return 1"),
        "shop.receivers.bake responds with int; before, None",
    ),
    "no longer sent": (
        BEFORE.replace("    baked.send(sender, hot=True)", "    pass"),
        "no longer sent by shop.models.Pizza",
    ),
    "newly sent": (
        BEFORE.replace(
            "    baked.send(sender, hot=True)", "    baked.send(sender, hot=True); baked.send(sender, hot=True)"
        ),
        "newly sent by shop.models.Pizza",
    ),
    "new argument": (BEFORE.replace("hot=True", "hot=True, cheese=1"), "a new argument `cheese`"),
    "argument gone": (BEFORE.replace(", hot=True", ""), "no longer an argument `hot`"),
    "argument differs": (BEFORE.replace("hot=True", "hot=None"), "`hot` is None; before, True"),
    "method differs": (BEFORE.replace("baked.send(", "baked.send_robust("), "sent by send_robust; before, by send"),
    "caused by another": (
        BEFORE.replace("def bake(", "def fry("),
        "caused by shop.receivers.fry; before, by shop.receivers.bake",
    ),
    "order of dispatches": (
        BEFORE.replace("pre_save, sender=Pizza", "post_save, sender=Pizza"),
        "django.db.models.signals.pre_save of shop.models.Pizza",
    ),
}

Record = Callable[[str], Trace]


@pytest.fixture
def recorded(tmp_path: Path) -> Record:
    """Record the tests of a project with these receivers."""

    def make(receivers: str) -> Trace:
        folder = make_project(tmp_path, HEAD + receivers)
        result = record(folder)
        assert result.returncode == 0, result.stderr
        return read_trace(folder / "trace.gz")

    return make


def told(comparison: Comparison) -> set[tuple[str, str]]:
    return {(change.what.kind, change.what.detail) for change in comparison.own}


@pytest.mark.parametrize("kind", CHANGES)
def test_tells_each_change(recorded: Record, kind: str) -> None:
    after, detail = CHANGES[kind]
    found = told(compare(recorded(BEFORE), recorded(after)))
    assert any(each == kind and detail in text for each, text in found), found


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("abc", "abc", []),
        ("aabb", "aabb", []),
        ("abcde", "bcdae", ["a behind b, c, d"]),
        ("abcdef", "fabcde", ["f ahead of a, b, c and 2 more"]),
        ("abcd", "badc", ["b ahead of a", "d ahead of c"]),
        ("aab", "baa", ["b ahead of a"]),
    ],
)
def test_names_the_receivers_that_moved_and_no_others(before: str, after: str, said: list[str]) -> None:
    assert [str(move) for move in moves(before, after)] == said


def test_an_order_among_djangos_own_receivers_is_its_machinery(recorded: Record) -> None:
    head = "from django.db import close_old_connections, reset_queries\n"
    first, second = (
        f"post_save.connect({name}, sender=Pizza)\n" for name in ("reset_queries", "close_old_connections")
    )
    before = recorded(head + BEFORE + first + second)
    among_themselves = compare(before, recorded(head + BEFORE + second + first))
    assert not among_themselves.own
    assert [change.what.kind for change in among_themselves.machinery] == ["order of receivers"]
    ahead_of_the_projects = compare(before, recorded(head + second + BEFORE + first))
    assert told(ahead_of_the_projects) == {
        (
            "order of receivers",
            "shop.models.Pizza reaches django.db.close_old_connections ahead of shop.receivers.one, "
            "shop.receivers.two, django.db.reset_queries; before, behind them",
        )
    }


def test_tells_of_an_exception_and_not_of_what_follows(tmp_path: Path) -> None:
    tests = """
        from django.test import TestCase
        from shop.models import Pizza

        class ShopTests(TestCase):
            def test_1(self):
                try:
                    Pizza.objects.create()
                except ValueError:
                    pass
    """
    receivers = HEAD + BEFORE + "\npost_save.connect(three, sender=Pizza)\n"
    traces = []
    for name, body in (("before", "return 3"), ("after", "raise ValueError")):
        folder = make_project(tmp_path / name, receivers.replace("return 3", body), tests)
        assert record(folder).returncode == 0
        traces.append(read_trace(folder / "trace.gz"))
    assert told(compare(traces[0], traces[1])) == {
        ("raises", "raised ValueError from shop.receivers.three; before, raised nothing"),
    }


def test_the_same_project_twice_differs_in_nothing(recorded: Record) -> None:
    comparison = compare(recorded(BEFORE), recorded(BEFORE))
    assert comparison.changes == []
    assert comparison.compared > 0


def test_a_repeat_leaves_out_what_differs_by_chance(recorded: Record) -> None:
    by_chance = BEFORE.replace("hot=True", "hot=None")
    before, other, after = (
        recorded(BEFORE),
        recorded(by_chance),
        recorded(by_chance + "\npre_save.connect(one, Pizza)"),
    )
    comparison = compare(before, after, [(before, other)])
    assert {kind for kind, _ in told(comparison)} == {"new receiver"}
    assert 0 < comparison.masked < comparison.compared


SIGNALS = ("class_prepared", "post_migrate", "post_save")


def spread(path: Path, *processes: dict[str, str]) -> Trace:
    """Return the trace of some processes; each says by test and phase which signals of a project are sent."""
    lines: list[object] = []
    for process in processes:
        lines.append({"header": {"format": 1, "django": "6.1", "python": "3", "hash_seed": "0", "distributions": {}}})
        lines.append({"sender": 0, "name": "shop.models.Pizza", "own": True})
        lines.append({"receiver": 0, "name": "shop.receivers.one", "kind": "function", "own": True})
        for number, name in enumerate(SIGNALS):
            lines.append({"signal": number, "name": f"django.db.models.signals.{name}", "class": "Signal"})
            lines.append(
                {"shape": number, "signal": number, "sender": 0, "arguments": {}, "receivers": [[0, "None"]]}
            )
        for place, names in process.items():
            test, _, phase = place.partition(" ")
            lines.append({"test": test or None, "phase": phase})
            lines += [{"sent": SIGNALS.index(name)} for name in names.split()]
        lines.append({"end": {"lost": 0, "through": []}})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return read_trace(path)


def test_the_number_of_processes_is_no_difference(tmp_path: Path) -> None:
    begin = {"": "class_prepared class_prepared"}
    made = "post_migrate post_save post_migrate"
    one = spread(
        tmp_path / "one", {**begin, "a setup": f"{made} post_save", "a call": "post_save", "b call": "post_save"}
    )
    two = spread(
        tmp_path / "two",
        {**begin, "b setup": f"{made} post_save", "b call": "post_save"},
        {**begin, "a setup": f"{made} post_save", "a call": "post_save"},
        begin,
    )
    assert compare(one, two).changes == []


def test_a_shared_fixture_may_be_set_up_with_another_test(tmp_path: Path) -> None:
    one = spread(tmp_path / "one", {"a setup": "post_save", "a call": "post_save", "b call": "post_save"})
    two = spread(tmp_path / "two", {"b setup": "post_save", "b call": "post_save", "a call": "post_save"})
    assert compare(one, two).changes == []
    [gone] = compare(one, spread(tmp_path / "less", {"a call": "post_save", "b call": "post_save"})).changes
    assert (gone.what.kind, gone.dispatches, gone.tests) == ("no longer sent", 1, {"a"})
    [new] = compare(spread(tmp_path / "none", {"a call": "post_save", "b call": "post_save"}), two).changes
    assert (new.what.kind, new.dispatches, new.tests) == ("newly sent", 1, {"b"})


def test_a_test_that_sends_in_one_trace_alone_is_named(cli: Cli, tmp_path: Path) -> None:
    spread(tmp_path / "one", {"a call": "post_save post_save", "b call": "post_save"})
    spread(tmp_path / "two", {"b call": "post_save"})
    result = cli("compare", str(tmp_path / "one"), str(tmp_path / "two"))
    assert result.exit_code == 1
    assert "Only in the first trace, so not compared: 1 test with 2 own dispatches.\n" in result.output
    assert "  Tests:     a\n" in result.output


def test_a_number_that_differs_by_chance_in_several_tests_is_compared_in_none(cli: Cli, tmp_path: Path) -> None:
    def run(name: str, *numbers: int) -> str:
        spread(tmp_path / name, {f"t{test} call": "post_save " * number for test, number in enumerate(numbers)})
        return str(tmp_path / name)

    before, after = run("before", 1, 2, 3, 4, 5), run("after", 3, 1, 2, 5, 6)
    result = cli("compare", before, after)
    assert result.exit_code == 1 and "pass that trace with --repeat" in result.output
    result = cli("compare", before, after, "--repeat", run("other", 2, 3, 2, 4, 5))
    assert result.exit_code == 0
    assert "post_save of shop.models.Pizza in 5 tests: t0, t1, t2, t3, t4\n" in result.output
    other = tmp_path / "changed"
    other.write_text(Path(after).read_text().replace('"None"', '"int"'))
    result = cli("compare", before, str(other), "--repeat", str(tmp_path / "other"))
    assert result.exit_code == 1 and "shop.receivers.one responds with int; before, None" in result.output
    result = cli("compare", before, after, "--repeat", run("closer", 2, 3, 3, 4, 5))
    assert result.exit_code == 1


def test_what_is_known_has_a_clause_with_a_range() -> None:
    for known in load_known():
        assert str(load_clauses().clause(known.clause.slug).in_force) != "every release"


def test_names_the_clause_of_a_known_change() -> None:
    what = What("new argument", "django.db.models.signals.m2m_changed", "a new argument `raw`", machinery=False)
    clause = explain(Change(what))
    assert clause is not None and clause.slug == "m2m.keys-and-raw"
    assert explain(Change(what._replace(signal="shop.receivers.baked"))) is None


def test_the_command_says_what_and_by_whom_it_is_heard(cli: Cli, tmp_path: Path) -> None:
    for name, receivers in (("a", BEFORE), ("b", CHANGES["new argument"][0] + "baked.connect(two)")):
        assert record(make_project(tmp_path / name, HEAD + receivers)).returncode == 0
    traces = [str(tmp_path / name / "trace.gz") for name in ("a", "b")]
    result = cli("compare", *traces)
    assert result.exit_code == 1
    assert "shop.receivers.baked: a new argument `cheese`\n  2 dispatches in 1 test\n" in result.output
    assert "  Receivers: shop.receivers.two\n" in result.output
    assert cli("compare", traces[0], traces[0]).exit_code == 0
    changes = json.loads(cli("compare", *traces, "--json").output)["changes"]
    assert {"new argument", "new receiver"} <= {change["kind"] for change in changes}


def test_refuses_a_repeat_of_another_release(cli: Cli, tmp_path: Path) -> None:
    folder = make_project(tmp_path, HEAD + BEFORE)
    assert record(folder).returncode == 0
    trace = folder / "trace.gz"
    (folder / "old").write_text(
        '{"header":{"format":1,"django":"1.0","python":"3","hash_seed":"0","distributions":{}}}\n'
    )
    result = cli("compare", str(trace), str(trace), "--repeat", str(folder / "old"))
    assert (result.exit_code, result.output) == (
        2,
        f"signalspec: {folder}/old repeats neither trace: it is of Django 1.0.\n",
    )

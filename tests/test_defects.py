"""What Django breaks, told as reports: each can be filed, and its script shows it where Django alone is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import get_args

import django
import pytest
from conftest import Cli
from signalspec.releases.defects import HARMS, Defect, load_defects, report_of
from signalspec.standard.clauses import RELEASES, Harm, load_clauses

DEFECTS = load_defects()
INSTALLED = f"django-{django.VERSION[0]}.{django.VERSION[1]}"
ON_A_DISPATCHER = [
    each
    for each in DEFECTS
    if each.witness and each.clause.part == "dispatch" and each.deviation.releases.includes(INSTALLED)
]


def test_every_deviation_is_reported_and_the_worst_come_first() -> None:
    assert {id(each.deviation) for each in DEFECTS} == {id(each) for each in load_clauses().deviations}
    harms = [each.deviation.harm for each in DEFECTS]
    assert harms == sorted(harms, key=get_args(Harm).index)
    assert list(HARMS) == list(get_args(Harm))


def test_all_but_what_takes_threads_has_a_program_that_shows_it() -> None:
    assert {each.clause.chapter for each in DEFECTS if not each.witness} == {"threads"}


def test_no_release_deviates_from_a_clause_that_is_not_in_force_for_it() -> None:
    for each in DEFECTS:
        for release in RELEASES:
            if each.deviation.releases.includes(f"django-{release}"):
                assert each.clause.in_force.includes(f"django-{release}"), each.clause.slug


def test_of_dictionaries_a_report_shows_what_differs() -> None:
    [defect] = [each for each in DEFECTS if each.clause.slug == "parties.bound-method-sender"]
    assert "**Actual:** `{'called': {'the method': 0}}`" in report_of(defect)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: each.clause.slug)
def test_a_report_says_all_that_its_reader_asks(defect: Defect) -> None:
    report = report_of(defect)
    for part in (
        defect.deviation.title,
        str(defect.deviation.releases),
        defect.clause.source.rstrip("."),
        defect.script,
    ):
        assert part.strip() in report
    assert defect.script
    assert "signalspec" not in defect.script


@pytest.mark.parametrize("defect", ON_A_DISPATCHER, ids=lambda each: each.clause.slug)
def test_its_script_shows_it(defect: Defect) -> None:
    ended = subprocess.run([sys.executable, "-c", defect.script], capture_output=True, text=True, timeout=60)
    if ended.returncode == 0 and "eager-tasks" in defect.clause.needs:
        pytest.skip("this Python has no eager tasks")
    assert ended.returncode == 1, ended.stderr
    assert "expected:" in ended.stdout


def test_the_command_lists_them_all_with_their_places(cli: Cli) -> None:
    shown = cli("defects").stdout
    for each in DEFECTS:
        item = shown.partition(f"* {each.deviation.title}\n")[2].partition("\n* ")[0]
        assert f"  {each.clause.slug}, {each.deviation.releases}" in item


def test_what_is_told_in_the_same_words_is_told_once(cli: Cli) -> None:
    items = [line for line in cli("defects").stdout.splitlines() if line.startswith("* ")]
    assert len(items) == len({*items}) == len({(each.deviation.harm, each.deviation.title) for each in DEFECTS})


def test_what_concerns_few_comes_last_of_what_a_harm_has() -> None:
    rows = [(each.deviation.harm, not each.is_open, each.deviation.rare) for each in DEFECTS]
    assert rows == sorted(rows, key=lambda row: (get_args(Harm).index(row[0]), *row[1:]))


def test_the_command_prints_a_report(cli: Cli) -> None:
    shown = cli("defects", "uids.falsy-uid").stdout
    assert shown.count("\n## ") + 1 == sum(each.clause.slug == "uids.falsy-uid" for each in DEFECTS)
    assert len(re.findall("^```python$", shown, re.MULTILINE)) == shown.count("**Actual:**")


def test_the_command_tells_of_one_release(cli: Cli) -> None:
    old = cli("defects", "--profile", "4.2").stdout
    assert "since 6.1" not in old and "1.8 to 6.0" in old
    assert cli("defects", "connect.returns-none").stdout == "No release is known to break connect.returns-none.\n"
    assert cli("defects", "uids.falsi-uid").exit_code == 2

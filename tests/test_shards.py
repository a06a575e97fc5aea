"""A check in shards: together they do what a check that is not split does, and one report is made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DEAF, Cli
from faults.dispatch.threads import FAULTS
from signalspec.engines import explore
from signalspec.engines.hypothesis import BLOCK, blocks
from signalspec.engines.shards import Shard
from signalspec.findings.report import Counterexample
from signalspec.programs.outcomes import Returned
from signalspec.runner import merging
from signalspec.runner.events import EXPLORE, LAWS, THREADS, Event, Failed, Followed, Place, Ran
from signalspec.runner.judge import MOST_SHRUNK
from signalspec.runner.merging import undivided
from signalspec.runner.options import Options
from signalspec.standard.clauses import load_clauses
from signalspec.targets.target import load_here

QUICK = ("--only", "listeners", "--depth", "2", "--examples", "12")
THREADED = ("--only", "threads.one", "--only", "threads.no-connection", "--depth", "3")


def write_targets(folder: Path) -> None:
    (folder / "deaf.py").write_text(DEAF, "utf-8")
    (folder / "racy.py").write_text(FAULTS[0].source, "utf-8")


@pytest.mark.parametrize(
    ("targets", "of", "options"),
    [
        (("reference", "deaf"), 2, QUICK),
        (("racy",), 3, THREADED),
    ],
)
def test_the_merged_report_is_that_of_a_whole_check(
    cli: Cli, folder: Path, targets: tuple[str, ...], of: int, options: tuple[str, ...]
) -> None:
    write_targets(folder)
    whole = cli("check", *targets, *options, "--json", "whole.json")
    files = [f"part{number}.json" for number in range(1, of + 1)]
    for number, file in enumerate(files, 1):
        part = cli("check", *targets, *options, "--shard", f"{number}/{of}", "--json", file)
        assert part.exit_code in (0, whole.exit_code)
    merged = cli("merge", *reversed(files), "--json", "merged.json")
    assert (merged.exit_code, whole.exit_code) == (1, 1)
    assert merged.stdout == whole.stdout
    assert (folder / "merged.json").read_bytes() == (folder / "whole.json").read_bytes()


@pytest.fixture
def part(folder: Path) -> dict[str, Any]:
    """The first of two parts, in the file ``one.json``, of a check in which little happened."""
    checked = merging.Checked(load_here("reference"), "", {"dispatch": (Ran("laws", 1, {"send.order": 1}),)}, ())
    text = merging.part_of(None, Options(shard=Shard(1, 2)), [checked]).render()
    (folder / "one.json").write_text(text)
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ((), "two", "two.json is no part of a check"),
        (("signalspec",), 1, "two.json is no part of a check"),
        (("options", "shard", "number"), 3, "there is no shard 3/2"),
        (("options", "shard", "number"), 1, "The part 1/2 is there twice: one.json and two.json."),
        (("options", "shard", "of"), 3, "the number of parts is 3, and 2"),
        (("signalspec",), "0.0", "the version of signalspec is 0.0, and "),
        (("python",), "2.7", "the version of Python is 2.7, and "),
        (("profile",), "django-5.2", "the profile is django-5.2, and its own"),
        (("options", "seed"), 5, "the option --seed is 5, and 0"),
        (("options", "depth"), 9, "the option --depth is 9, and 4"),
        (("checks", 0, "target", "name"), "deaf", "the target is deaf"),
        (("checks", 0, "release"), "other 1.0", "the target is reference (other 1.0), and reference"),
        (("checks", 0, "target", "capabilities"), [], "the target is another one"),
        (("checks",), [], "the target is "),
    ],
    ids=str,
)
def test_what_is_no_part_of_the_same_check_is_refused(
    cli: Cli, folder: Path, part: dict[str, Any], path: tuple[str | int, ...], value: object, says: str
) -> None:
    part["options"]["shard"]["number"] = 2
    other: Any = {"": part}
    place, key = other, ""
    for step in path:
        place, key = place[key], step  # type: ignore[assignment]
    place[key] = value
    (folder / "two.json").write_text(json.dumps(other[""]))
    result = cli("merge", "one.json", "two.json", "--json", "merged.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert result.stderr.startswith("signalspec: ") and result.stderr.count("\n") == 1
    assert not (folder / "merged.json").exists()


def test_a_part_that_is_missing_is_named(cli: Cli, folder: Path, part: dict[str, Any]) -> None:
    result = cli("merge", "one.json")
    assert (result.exit_code, result.stderr) == (2, "signalspec: A part is missing: 2/2.\n")
    # A report is none, and so is what does not exist.
    assert cli("merge", "one.json", "none.json").stderr.startswith("signalspec: none.json cannot be read: ")
    assert cli("replay", "one.json").exit_code == 2


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_what_is_no_shard_is_refused(cli: Cli, shard: str) -> None:
    result = cli("check", "reference", f"--shard={shard}", "--json", "one.json")
    assert result.exit_code == 2
    assert f"'{shard}' is no shard; the second of three is 2/3." in result.stderr


@pytest.mark.parametrize("option", [(), ("--json", "a", "--html", "b"), ("--json", "a", "--base", "a:B")])
def test_a_part_is_no_report(cli: Cli, option: tuple[str, ...]) -> None:
    result = cli("check", "reference", "--shard", "1/2", *option)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "--shard" in result.stderr


def test_each_program_is_in_one_shard() -> None:
    for dimension in explore.DIMENSIONS:
        whole = explore.programs_of(dimension, 3)
        assert [each.number for each in whole] == list(range(len(whole)))
        shards = [explore.programs_of(dimension, 3, Shard(number, 3)) for number in (1, 2, 3)]
        assert sorted((step for shard in shards for step in shard), key=lambda each: each.number) == list(whole)
    assert max(len(shard) for shard in shards) - min(len(shard) for shard in shards) <= 1


def test_blocks_hold_as_many_programs_as_were_asked_for() -> None:
    for examples in (0, 1, BLOCK, 2 * BLOCK + 1):
        found = list(blocks(examples, 7))
        assert sum(size for _, _, size in found) == examples
        assert len({seeded for _, seeded, _ in found}) == len(found)


def failed(clause: str, engine: str, place: Place) -> Failed:
    return Failed(Counterexample(clause, "", {}, "this", Returned("that")), {}, engine, 0, place)


def told(*events: Event) -> list[tuple[str, Place]]:
    """Return what an undivided check tells of these: the failures, by clause and place, and where threads ran."""

    def words() -> Iterator[tuple[str, Place]]:
        for event in undivided(events, load_clauses().clauses):
            if isinstance(event, Failed):
                yield event.counterexample.clause, event.place
            elif isinstance(event, Ran):
                yield "ran", event.place

    return list(words())


def test_what_a_whole_check_does_not_follow_up_is_left_out() -> None:
    places = [Place(EXPLORE, 2, number) for number in range(MOST_SHRUNK + 2)]
    # Of these the second led to no clause of the check, and the last are too many.
    events = [event for each in places for event in (Followed("a.b", each), failed("c.d", "explore", each))]
    del events[3]
    kept = [("c.d", each) for each in places[:MOST_SHRUNK] if each != places[1]]
    assert told(*events[5:], *events[:5]) == kept
    # Another dimension, or another kind of mismatch, has its own.
    other = Place(EXPLORE, 3, 9)
    assert told(*events, Followed("a.b", other), failed("c.d", "explore", other)) == [*kept, ("c.d", other)]


def test_what_a_law_has_shown_is_not_told_again() -> None:
    law, again, thread = Place(LAWS, 3, 1), Place(LAWS, 99, 0), Place(THREADS, 1, 0)
    events = [failed("a.b", "schedules", thread), failed("a.b", "models", again), failed("a.b", "laws", law)]
    assert told(*events) == [("a.b", law)]


def test_threads_end_where_all_is_broken() -> None:
    clauses = [each for each in load_clauses().clauses if each.startswith("threads.")]
    places = [Place(THREADS, 50, number) for number in range(len(clauses) + 2)]
    events = [failed(slug, "threads", place) for slug, place in zip(clauses, places, strict=False)]
    ran = [Ran("threads", 1, {}, place) for place in places]
    kept = told(*ran, *events)
    last = max(place for _, place in kept)
    assert last < places[-1]
    assert ("ran", last) in kept and len({place for _, place in kept}) == places.index(last) + 1

"""The standard agrees with itself: each clause has a law and an example; the model and the reference keep both."""

from __future__ import annotations

from contextlib import ExitStack
from contextvars import copy_context
from pathlib import Path
from types import ModuleType

import model_signal
import pytest
import signalspec_reference
from signalspec.engines.laws import load_laws
from signalspec.laws import LAWS
from signalspec.runner.options import Options
from signalspec.runner.tally import check_here
from signalspec.standard.clauses import Clause, Part, Range, SpecError, _read_chapter, load_clauses
from signalspec.targets.surroundings import quiet, unconfigured_settings
from signalspec.targets.target import load_here

STANDARD = load_clauses()
DEMANDS = [clause for clause in STANDARD if clause.demands]
EXAMPLES = [clause for clause in STANDARD.of("dispatch") if clause.demands and clause.in_force.includes("standard")]
NOT_CLAIMED_BY_THE_MODEL = {"asgiref", "async", "debug", "logging"}


def test_every_demand_has_a_law_and_every_law_a_clause() -> None:
    load_laws()
    assert sorted(LAWS) == sorted(clause.slug for clause in DEMANDS)


def test_a_law_stands_in_the_module_of_its_chapter() -> None:
    load_laws()
    assert {slug: law.function.__module__.rpartition(".")[2].partition("_")[0] for slug, law in LAWS.items()} == {
        slug: slug.partition(".")[0] for slug in LAWS
    }


def test_clauses_say_different_things() -> None:
    texts = [clause.requirement for clause in STANDARD]
    assert [text for text in texts if texts.count(text) > 1] == []


def run_example(clause: Clause, module: ModuleType) -> None:
    assert clause.example is not None
    names = {"Signal": module.Signal, "receiver": module.receiver}
    with ExitStack() as surroundings:
        surroundings.enter_context(quiet())
        if "debug" in clause.needs:
            surroundings.enter_context(unconfigured_settings())
        # What it sets in its context would stay for the tests that follow.
        program = STANDARD.parts[clause.part].prelude + clause.example
        copy_context().run(exec, compile(program, clause.slug, "exec"), names)


@pytest.mark.parametrize("clause", EXAMPLES, ids=lambda clause: clause.slug)
def test_the_example_holds_for_the_reference(clause: Clause) -> None:
    run_example(clause, signalspec_reference)


@pytest.mark.parametrize(
    "clause",
    [c for c in EXAMPLES if not (NOT_CLAIMED_BY_THE_MODEL | {"threads"}) & {*c.needs}],
    ids=lambda clause: clause.slug,
)
def test_the_example_holds_for_the_model(clause: Clause) -> None:
    run_example(clause, model_signal)


@pytest.mark.parametrize("name", ["reference", "model_signal"])
def test_every_law_holds(name: str) -> None:
    # The model knows nothing of threads.
    chapters = tuple(
        f"{each}." for each in STANDARD.parts["dispatch"].chapters if each != "threads" or name == "reference"
    )
    report = check_here(load_here(name), "standard", Options(only=chapters, depth=3, examples=20))
    assert [(r.clause.slug, r.counterexample) for r in report.with_status("violated")] == []
    assert report.with_status("inconclusive") == []
    lacking = NOT_CLAIMED_BY_THE_MODEL if name == "model_signal" else {"eager-tasks", "overriding"}
    assert [r.clause.slug for r in report.with_status("not-claimed") if not lacking & {*r.clause.needs}] == []


def test_every_kind_can_be_made() -> None:
    for table in {table for law in load_laws().values() for table in law.tables.values()}:
        for kind in table.kinds:
            compile(table.source_of(kind, "party"), f"{table.__name__}: {kind}", "exec")
            assert "NAME" not in table.source_of(kind, "party")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("## a.b\n\nNo keyword.\n", "bold keyword"),
        ("## other.b\n\n**MUST.** x\n", "a slug is the chapter's name"),
        ("## a.b\n\n**MUST.** x\n\n*Source.* y\n", "it has no intent"),
        ("## a.b\n\n**MUST.** x\n\n*Intent.* y\n\n*Source.* z\n", "exactly one example"),
        ("## a.b\n\n**MUST.** x\n\n*Mood.* y\n", "no known label"),
        ("## a.b\n\n**MAY.** x\n\n*Intent.* y\n\n*Source.* z\n\n*In force.* always\n", "is no range"),
        ("## a.b\n\n**MAY.** x\n\n*Intent.* y\n\n*Source.* z\n\n*In force.* since 2.9\n", "has no profile"),
    ],
)
def test_a_clause_that_breaks_the_format_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(SpecError, match=complaint):
        list(_read_chapter("a", text, Part("part", ("a",), Range(), "")))


def test_every_chapter_of_the_index_is_there_and_no_other() -> None:
    for part in STANDARD.parts.values():
        folder = Path(__file__).parents[1] / "spec" / part.name
        assert {path.stem for path in folder.glob("*.md")} - {"README"} == set(part.chapters)
    assert len(set(STANDARD.chapters)) == len(STANDARD.chapters)


def test_a_deviation_may_end_with_a_version_of_python() -> None:
    ends = next(each for each in STANDARD.deviations if each.last_python)
    stays = next(each for each in STANDARD.deviations if not each.last_python)
    versions = ((3, 11), (3, 13), (3, 14))
    assert [ends.shows_on(version) for version in versions] == [True, True, False]
    assert all(map(stays.shows_on, versions))

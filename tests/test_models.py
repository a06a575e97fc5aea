"""The part models agrees with itself and with the installed Django: examples, laws and scripts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import django.dispatch
import pytest
from elsewhere import elsewhere
from pasted import failures
from signalspec.engines.laws import Law, load_laws
from signalspec.models import commands, explore, fixtures, long, stories
from signalspec.models.vocabulary import hear
from signalspec.models.world import OLDEST
from signalspec.programs.outcomes import raised
from signalspec.standard.clauses import RELEASES, Clause, load_clauses
from signalspec.standard.examples import as_pasted
from signalspec.targets.target import load_here

RELEASE = ".".join(map(str, django.VERSION[:2]))
PROFILE = f"django-{RELEASE}"

if django.VERSION[:2] < OLDEST or RELEASE not in RELEASES:
    pytest.skip(f"the part does not cover Django {RELEASE}", allow_module_level=True)

PART = load_clauses().parts["models"]
DEVIATING = {each.clause for each in load_clauses().deviations_in(PROFILE)}
IN_FORCE = [each for each in load_clauses().of("models") if each.demands and each.in_force.includes(PROFILE)]
LAWS = [load_laws()[each.slug] for each in IN_FORCE]


def test_every_example_holds() -> None:
    def work() -> Iterator[tuple[str, str]]:
        from signalspec.models.world import the_world

        settings, _, ending = PART.prelude.partition("\nseen = []")
        assert settings
        for clause in IN_FORCE:
            assert clause.example is not None
            with the_world().story() as names:
                try:
                    exec(compile("seen = []" + ending + clause.example, clause.slug, "exec"), dict(names))
                except BaseException as error:
                    yield clause.slug, f"{type(error).__name__}: {error}"

    failed = dict(elsewhere(lambda: list(work())))
    assert {slug: error for slug, error in failed.items() if slug not in DEVIATING} == {}
    assert DEVIATING & {each.slug for each in IN_FORCE} - failed.keys() == set(), (
        "the example holds in spite of the recorded deviation"
    )


def test_what_examples_begin_with_is_what_scripts_begin_with() -> None:
    made = fixtures.preamble(fixtures.NAMES, with_other=True)
    prelude, _, _ = PART.prelude.partition("\nseen = []")
    assert prelude.split() == made.split()


def test_examples_run_as_pasted() -> None:
    """A sample; the last two need models that they do not name, or name in strings alone."""
    slugs = [each.slug for each in IN_FORCE if each.slug not in DEVIATING][::20]
    programs = {
        slug: as_pasted(load_clauses().clause(slug)) or "" for slug in [*slugs, "migrate.flush", "lazy.by-name"]
    }
    assert failures(programs, "import django.db.models") == {}


@pytest.mark.parametrize("law", [law for law in LAWS if law.slug not in DEVIATING][::20], ids=lambda law: law.slug)
def test_a_script_does_what_the_law_does(law: Law, tmp_path: Any) -> None:
    path = tmp_path / "script.py"
    path.write_text(law.script(next(law.cases()), load_here("django"), "The requirement."))
    done = subprocess.run([sys.executable, "-W", "ignore", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("expected:")


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.slug)
def test_a_law_asks_for_what_there_is(law: Law) -> None:
    assert law.asks_for <= fixtures.NAMES
    assert isinstance(law, stories.ModelLaw)
    compile(law.script(next(law.cases()), load_here("django"), "The requirement."), law.slug, "exec")


def test_a_story_leaves_nothing_behind() -> None:
    def work() -> Iterator[tuple[Any, ...]]:
        from signalspec.models.world import the_world

        with the_world().story() as names:
            note = names["Note"].objects.create()
            names["post_save"].connect(dict, sender=names["Note"])
            names["transaction"].atomic().__enter__()
            names["Note"].objects.create()
            first = note.pk
        with the_world().story() as names:
            note = names["Note"].objects.create()
            connection = names["connection"]
            listens = names["post_save"].has_listeners(names["Note"])
            yield names["Note"].objects.count(), note.pk == first, connection.in_atomic_block, listens

    assert elsewhere(lambda: list(work())) == [(1, True, False, False)]


def test_the_part_is_large_enough_to_be_of_use() -> None:
    clauses: list[Clause] = load_clauses().of("models")
    assert sum(each.demands for each in clauses) > 200


@pytest.mark.parametrize("dimension", list(commands.DIMENSIONS))
def test_small_programs_send_what_the_model_says(dimension: str) -> None:
    def work() -> tuple[bool, list[tuple[str, str, str]]]:
        from signalspec.models.world import the_world

        runs = list(explore.run(the_world(), PROFILE, dimension, 1, load_clauses().clauses))
        return len(runs) > 10, [(each.broken, each.expected, each.actual) for each in runs if each.broken]

    assert elsewhere(work) == (True, [])


def test_long_programs_send_what_the_model_says_and_another_release_is_told_apart() -> None:
    own = explore.names_fields(PROFILE)
    other = next(f"django-{each}" for each in RELEASES if explore.names_fields(f"django-{each}") != own)

    def work() -> list[set[str]]:
        from signalspec.models.world import the_world

        runs: list[explore.Run] = []
        long.run(the_world(), PROFILE, 5, 0, runs.extend)
        others: list[explore.Run] = []
        long.run(the_world(), other, 5, 0, others.extend)
        assert max(len(each.exercised) for each in runs) > 5
        return [{each.broken for each in some} for some in (runs, others)]

    agrees, differs = elsewhere(work)
    assert agrees == {""}
    assert differs == {"", "save.update-fields-are-a-frozenset"}


def test_the_script_of_a_program_does_what_the_program_does(tmp_path: Any) -> None:
    *_, program = explore.programs("relation", 1)
    expected = program.expected(explore.names_fields(PROFILE))
    path = tmp_path / "script.py"
    path.write_text(program.script("A program.", repr(expected)))
    done = subprocess.run([sys.executable, "-W", "ignore", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_receiver_of_the_suite_s_raises_is_the_target_s() -> None:
    """It raises since it is called with other arguments, or elsewhere, than it ought to be."""
    signal = django.dispatch.Signal()
    hear(signal, lambda **named: named["args"])  # type: ignore[no-untyped-call]
    with pytest.raises(KeyError) as caught:
        signal.send(None)
    assert raised(caught.value).type == "KeyError"

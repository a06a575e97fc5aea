"""What is noted of what Django sends, how two traces differ, and that the installed release sends what is known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from elsewhere import elsewhere
from sends import GROUPS
from signalspec import load_here
from signalspec.engines.laws import Law, load_laws
from signalspec.engines.sends import Trace, differences, key_of, known_trace, load_sends, sent, watched
from signalspec.standard.clauses import load_clauses

RELEASE = load_here("django").default_profile.removeprefix("django-")

covered = pytest.mark.skipif("models" not in load_here("django").parts, reason="this release is not covered")

DUE = ["pre_save|sender=Note|raw=False", "INSERT|table=library_note", "post_save|sender=Note|created=True"]


@pytest.mark.parametrize(
    ("seen", "ways"),
    [
        (DUE, []),
        (DUE[1:], ["misses pre_save"]),
        ([*DUE, DUE[2], DUE[2]], ["adds post_save"]),
        ([DUE[1], DUE[0], DUE[2]], ["adds INSERT", "misses INSERT"]),
        ([DUE[0], DUE[1], "post_save|sender=Note|created=1"], ["post_save: created is 1"]),
        (["pre_save|sender=Note", *DUE[1:]], ["pre_save: raw is not there"]),
    ],
)
def test_two_traces_differ_in_what_is_missed_added_and_passed_otherwise(seen: Trace, ways: list[str]) -> None:
    assert differences(DUE, seen) == ways


def test_what_programs_of_models_watch_is_told_in_the_same_words() -> None:
    due = ("m2m_changed", "Article_tags", 0, True, "pre_add", False, (1,))
    seen = ("m2m_changed", "Article_tags", 0, False, "pre_add", False, [1])
    words = ["m2m_changed pre_add: in a transaction is False", "m2m_changed pre_add: pk_set is list"]
    assert differences(watched([due]), watched([seen])) == words


def traces_of(laws: Mapping[str, Law]) -> dict[str, Trace]:
    """Return what the plainest case of each law that is known of this release sends, twice, since once may make the
    project.
    """
    target, known = load_here("django"), {}
    for slug, law in laws.items():
        if known_trace(slug, law.plainest, RELEASE) is not None:
            law.run(law.plainest, target, 60.0)
            known[slug] = sent(law, law.plainest, target, 60.0)
    return known


@covered
@pytest.mark.parametrize("parts", GROUPS, ids=lambda parts: parts[0])
def test_the_installed_release_sends_what_the_data_say(parts: tuple[str, ...]) -> None:
    laws = {slug: law for slug, law in load_laws().items() if load_clauses().clause(slug).part in parts}
    found = elsewhere(lambda: traces_of(laws), 600.0)
    assert len(found) > 0.9 * sum(load_clauses().clause(slug).in_force.includes(f"django-{RELEASE}") for slug in laws)
    assert {slug: known_trace(slug, laws[slug].plainest, RELEASE) for slug in found} == found


@covered
def test_nothing_is_known_of_another_release_or_case() -> None:
    slug, known = next(iter(load_sends()["stories"].items()))
    case = load_laws()[slug].plainest
    assert key_of(case) in known["cases"]
    assert known_trace(slug, case, RELEASE) is not None
    assert known_trace(slug, case, "1.8") is None
    assert known_trace(slug, {"another": "case"}, RELEASE) is None

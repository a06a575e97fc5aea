"""The installed Django does what the standard says its release does: no less, and not what other releases do.

tox runs this for every release, whose environment says which one must be installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import django
import pytest
import tox_environment
from elsewhere import elsewhere
from signalspec import Options, Report, check, load_clauses, load_here, load_target
from signalspec.engines.laws import load_laws
from signalspec.releases.differences import Witness, load_witnesses
from signalspec.standard.clauses import RELEASES, STANDARD
from witnesses import outcome_of, runs_on_this_python

RELEASE = ".".join(map(str, django.VERSION[:2]))
OWN = f"django-{RELEASE}"

if RELEASE not in RELEASES:
    pytest.skip(f"the standard has no profile for Django {RELEASE} yet", allow_module_level=True)

POSITION = RELEASES.index(RELEASE)
NEIGHBOURS = [*RELEASES[max(0, POSITION - 1) : POSITION], *RELEASES[POSITION + 1 : POSITION + 2]]
# What the README runs goes deeper, on one release.
SHORT = Options(depth=3, examples=10)
OTHERS = [*(f"django-{release}" for release in NEIGHBOURS), STANDARD]


@cache
def own_report() -> Report:
    return check(load_target("django"), OWN, SHORT)


@cache
def report_under(profile: str) -> Report:
    """Return what `profile` says of the clauses that it judges in another way than the release's own."""
    return check(load_target("django"), profile, replace(SHORT, only=differing(profile)))


def demanded_by(profile: str) -> set[str]:
    """Return the clauses that the installed Django is held to under `profile`."""
    capabilities, parts = load_here("django").capabilities, load_here("django").parts
    return {
        clause.slug
        for clause in load_clauses().of(*parts)
        if clause.demands and clause.in_force.includes(profile) and capabilities.issuperset(clause.needs)
    }


def recorded(profile: str) -> set[tuple[str, str]]:
    """Return clause and title of each deviation that `profile` tolerates in the installed Django."""
    demanded = demanded_by(profile)
    python = sys.version_info[:2]
    deviations = [each for each in load_clauses().deviations_in(profile) if each.shows_on(python)]
    return {(each.clause, each.title) for each in deviations if each.clause in demanded}


def shown(report: Report) -> set[tuple[str, str]]:
    return {(result.clause.slug, title) for result in report.with_status("deviates") for title in result.notes}


def violated(report: Report) -> set[str]:
    return {result.clause.slug for result in report.with_status("violated")}


def differing(profile: str) -> tuple[str, ...]:
    """Return the clauses that `profile` demands or tolerates otherwise than the release's own; what it does about the
    others has been told by the report under that one.
    """
    changed = demanded_by(profile) ^ demanded_by(OWN)
    return tuple(sorted(changed | {slug for slug, _ in recorded(profile) ^ recorded(OWN)}))


def refuse(mistakes: Iterable[str]) -> None:
    """Fail where there are mistakes, with all of them and nothing else."""
    if message := "\n".join(mistakes):
        pytest.fail(message, pytrace=False)


def test_the_release_that_was_asked_for_is_installed() -> None:
    assert tox_environment.django(r"\d", r"\d+") in (None, RELEASE)


def test_every_clause_of_its_own_profile_holds_or_deviates_as_recorded() -> None:
    report = own_report()
    refuse(
        f"{result.clause.slug}: expected {found.expected}, got {found.actual}\n\n{found.script}"
        for result in report.with_status("violated")
        if (found := result.counterexample) is not None
    )
    refuse(f"{result.clause.slug}: {', '.join(result.notes)}" for result in report.with_status("inconclusive"))


WITNESSES = [
    each for each in load_witnesses().values() if RELEASE in each.actual and runs_on_this_python(each.clause)
]


def _key(witness: Witness) -> str:
    # A clause and its deviation may each have a witness.
    return f"{witness.clause} {witness.case}"


@cache
def outcomes(part: str) -> dict[str, tuple[str, str] | None]:
    """Return what comes of the witnesses of a part; Django is set up once in a process, for one part."""
    target, laws = load_here("django"), load_laws()

    def work() -> dict[str, tuple[str, str] | None]:
        chosen = [each for each in WITNESSES if load_clauses().clause(each.clause).part == part]
        return {_key(each): outcome_of(laws[each.clause], each.case, target) for each in chosen}

    return elsewhere(work, 600.0)


def outcome_elsewhere(witness: Witness) -> tuple[str, str] | None:
    """Return what comes of a witness in another process; one about the dispatcher has its own."""
    part = load_clauses().clause(witness.clause).part
    if part != "dispatch":
        return outcomes(part)[_key(witness)]
    return elsewhere(lambda: outcome_of(load_laws()[witness.clause], witness.case, load_here("django")))


@pytest.mark.parametrize("witness", WITNESSES, ids=lambda each: each.clause)
def test_a_witness_shows_on_this_release_what_is_known_of_it(witness: Witness) -> None:
    failure = outcome_elsewhere(witness)
    known = witness.actual[RELEASE]
    recorded_too = [each for each in load_clauses().deviations_in(OWN) if each.clause == witness.clause]
    if failure and known and any(each.covers(witness.case, failure[1]) for each in recorded_too):
        # What a deviation does may depend on the Python; it is one that is recorded.
        return
    if failure is None and recorded_too and not any(each.shows_on(sys.version_info[:2]) for each in recorded_too):
        # So may it that there is one: a newer Python has ended it.
        return
    # How much memory something takes is up to Python.
    assert (failure and re.sub(r"\d+", "N", failure[1])) == (known and re.sub(r"\d+", "N", known))


def test_every_recorded_deviation_still_shows() -> None:
    gone = sorted(recorded(OWN) - shown(own_report()))
    refuse(f"{slug}: fixed in Django {django.get_version()}, or fails otherwise: {title}" for slug, title in gone)


@pytest.mark.parametrize("profile", OTHERS)
def test_another_profile_differs_in_what_the_standard_says_and_nothing_else(profile: str) -> None:
    changed = demanded_by(profile) - demanded_by(OWN)
    no_longer_tolerated = {slug for slug, _ in recorded(OWN) - recorded(profile)} & demanded_by(profile)
    report = report_under(profile)
    # Of who logs nothing it cannot be told how it logs.
    resting = {result.clause.slug for result in report.with_status("inconclusive") if result.exercised}
    expected, found = (changed | no_longer_tolerated) - resting, violated(report)
    refuse(
        f"{slug}: {OWN} is said to violate it under {profile}, and nothing tells why"
        for slug in sorted(found - expected)
    )
    refuse(f"{slug}: {OWN} is not noticed to violate it under {profile}" for slug in sorted(expected - found))


@pytest.mark.parametrize("profile", OTHERS)
def test_another_profile_tolerates_only_what_both_record(profile: str) -> None:
    tolerated = {(slug, title) for slug, title in shown(report_under(profile)) if (slug, title) not in recorded(OWN)}
    refuse(f"{slug}: {profile} tolerates what {OWN} does not record: {title}" for slug, title in sorted(tolerated))

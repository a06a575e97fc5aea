"""What a target declines is no demand on it, and is shown; what it claims it is held to, whatever is seen of it."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import modest
import pytest
from conftest import Cli
from signalspec import Options, Report, check_here, load_clauses, load_here
from signalspec.engines.laws import load_laws
from signalspec.standard.clauses import SpecError, _read_capabilities
from signalspec.targets.target import Target

DECLINED = sorted(modest.Signal.signalspec_claims)


@cache
def modest_report() -> Report:
    return check_here(load_here("modest"), options=Options(depth=3, examples=20))


def claiming(folder: Path, base: str, claims: dict[str, bool]) -> Target:
    """Return the signal of the module `base` with other `claims`."""
    text = f"from {base} import Signal as Base\nclass Signal(Base):\n    signalspec_claims = {claims}\n"
    (folder / "claiming.py").write_text(text, "utf-8")
    sys.path.insert(0, str(folder))
    return load_here("claiming")


def violated(folder: Path, capability: str) -> list[str]:
    """Return what the modest dispatcher violates where it claims `capability`, of the first clauses that need it."""
    target = claiming(folder, "modest", modest.Signal.signalspec_claims | {"robust": True, capability: True})
    needing = [clause.slug for clause in load_clauses() if clause.demands and capability in clause.needs]
    report = check_here(target, options=Options(only=tuple(needing[:5]), depth=2, examples=0))
    return [result.clause.slug for result in report.with_status("violated")]


def test_who_has_little_and_says_so_conforms() -> None:
    assert modest_report().verdict == "conforms"
    assert len(modest_report().with_status("holds")) > 80


def test_a_clause_is_not_claimed_where_it_or_its_law_needs_what_is_declined() -> None:
    laws, claimed = load_laws(), load_here("modest").capabilities
    for result in modest_report().results:
        needs = {*result.clause.needs, *(laws[result.clause.slug].needs if result.clause.demands else ())}
        if result.status == "not-claimed":
            missing = result.notes[0].removeprefix("the target does not claim ").split(", ")
            assert set(missing) == needs - claimed
        elif result.status == "holds":
            assert needs <= claimed


@pytest.mark.parametrize("capability", [*DECLINED, "async", "caching", "decorator", "debug", "logging"])
def test_who_claims_what_it_lacks_fails(folder: Path, capability: str) -> None:
    assert violated(folder, capability)


def test_who_declines_what_others_imply_claims_none_of_them(folder: Path) -> None:
    silent = claiming(folder, "signalspec_reference", {"async": False})
    assert silent.capabilities.isdisjoint({"async", "asgiref", "eager-tasks"})


def test_who_claims_something_claims_what_that_implies(folder: Path) -> None:
    claims = modest.Signal.signalspec_claims | {"asgiref": True}
    assert claiming(folder, "modest", claims).capabilities >= {"asgiref", "async"}


def test_who_says_nothing_has_declined_nothing() -> None:
    unless_declined = {name for name, each in load_clauses().capabilities.items() if "declined" in each.claimed}
    assert unless_declined == set(DECLINED)
    assert load_here("reference").capabilities >= unless_declined


def test_a_factory_is_seen_to_make_signals_that_override_sends(folder: Path) -> None:
    (folder / "made.py").write_text(
        "from signalspec_reference import Signal as Base\n"
        "class Own(Base):\n"
        "    def send(self, sender, **named): return super().send(sender, **named)\n"
        "def Signal(): return Own()\n"
    )
    sys.path.insert(0, str(folder))
    assert "overriding" in load_here("made").capabilities
    assert "overriding" not in load_here("reference").capabilities


def test_every_capability_is_needed_by_a_clause() -> None:
    needed = {need for clause in load_clauses() for need in clause.needs}
    assert needed == set(load_clauses().capabilities)


def test_a_report_shows_what_is_not_claimed(cli: Cli) -> None:
    printed = cli("check", "modest", "--only", "listeners").output
    told = "Not claimed: 8 clauses do not apply, which are for a target that has `has_listeners` (listeners)."
    assert told in " ".join(printed.split())


def test_a_capability_is_claimed_in_one_of_three_ways() -> None:
    with pytest.raises(SpecError, match="cannot be claimed 'sometimes'"):
        list(_read_capabilities("| `order` | calls in order | sometimes | |"))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from django.conf import settings", {"debug", "logging"}),
        ("def late(): import django.conf", {"debug", "logging"}),
        ('import sys; conf = sys.modules.get("django.conf")', {"debug", "logging"}),
        ('import logging; logger = logging.getLogger("django.dispatch")', {"logging"}),
        ("def late(): from asgiref import sync", {"asgiref"}),
        ('"""Needs neither asgiref nor django.conf, nor logging.getLogger("django.dispatch")."""', set()),
        ("import logging; logger = logging.getLogger(__name__)  # not django.dispatch", set()),
        ("from django.conf import urls", set()),
    ],
)
def test_what_a_module_uses_is_seen_and_what_it_only_mentions_is_not(
    folder: Path, line: str, found: set[str]
) -> None:
    text = f"{line}\nfrom lockless import Signal as Base\nclass Signal(Base):\n    async def asend(self): 1\n"
    (folder / "using.py").write_text(f"{text}    async def asend_robust(self): 1\n")
    sys.path.insert(0, str(folder))
    assert load_here("using").capabilities & {"debug", "logging", "asgiref"} == found

"""What a law declares to use is what it uses; and no law accuses a target that lacks what it does not use."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, get_args

import pytest
import signalspec_reference
from signalspec import load_clauses, load_here
from signalspec.engines.laws import Law, load_laws
from signalspec.engines.observing import cheap_collections
from signalspec.engines.threads.schedules import is_concurrent
from signalspec.laws.fixtures import FIXTURES
from signalspec.laws.uses import USES, Word, used_by
from signalspec.targets.surroundings import quiet
from signalspec.targets.target import Target

LAWS = list(load_laws().values())


def words_in(law: Law) -> tuple[set[str], set[str]]:
    """Return what a law uses by its names, of what can be declared; and what else of it stands there as a text."""
    nodes = list(ast.walk(ast.parse(law.statement).body[0]))
    names = {str(getattr(node, field, "")) for node in nodes for field in ("attr", "id", "name", "arg")}
    if any(isinstance(node, ast.AsyncFunctionDef) and node.name != "main" for node in nodes):
        names.add("coroutines")
    waits = any(isinstance(node, ast.Attribute) and node.attr == "wait" for node in nodes)
    if (waits or "threading" in names) and load_clauses().clause(law.slug).part == "dispatch":
        names.add("threads")
    texts = {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
    return names & {*get_args(Word)}, texts & {*get_args(Word)}


def test_every_law_declares_what_it_uses() -> None:
    undeclared, unused = {}, {}
    for law in LAWS:
        names, texts = words_in(law)
        seen = {word for word in used_by(law.asks_for, law.tables.values()) if USES[word].capability is None}
        undeclared[law.slug] = names - law.declared - seen
        unused[law.slug] = law.declared - names - texts
    assert {slug: words for slug, words in undeclared.items() if words} == {}
    assert {slug: words for slug, words in unused.items() if words} == {}


def test_every_law_asks_for_what_there_is_and_each_fixture_is_asked_for() -> None:
    asked: dict[str, set[str]] = {part: set() for part in FIXTURES}
    for law in LAWS:
        asked[load_clauses().clause(law.slug).part] |= law.asks_for
    assert FIXTURES.keys() == load_clauses().parts.keys()
    for part, fixtures in FIXTURES.items():
        assert asked[part] <= fixtures.keys()
        assert {name for name in fixtures if name[0].islower()} <= asked[part]


def test_what_can_be_declared_is_known() -> None:
    assert {*get_args(Word)} <= USES.keys()
    assert {premise for use in USES.values() for premise in use.premises} <= load_clauses().clauses.keys()
    assert {use.capability for use in USES.values()} - {None} <= load_clauses().capabilities.keys()
    tables = {table for law in load_laws().values() for table in law.tables.values()}
    assert {table.uses for table in tables} - {None} <= USES.keys()


def signals_without(capabilities: Collection[str]) -> type:
    """Return signals of the reference that lack what `capabilities` stand for."""
    base = signalspec_reference.Signal

    def absent(*_: Any, **__: Any) -> None:
        raise NotImplementedError

    def plainer(method: Callable[..., Any]) -> Callable[..., Any]:
        return lambda self, *args, **named: (absent if "dispatch_uid" in named else method)(self, *args, **named)

    lacking: dict[str, dict[str, Any]] = {
        "listeners": {"has_listeners": absent},
        "robust": {"send_robust": absent, "asend_robust": absent},
        "uids": {"connect": plainer(base.connect), "disconnect": plainer(base.disconnect)},
    }
    members = {name: made for capability in capabilities for name, made in lacking[capability].items()}
    return type("Signal", (base,), members)


def test_no_law_accuses_who_lacks_what_it_does_not_use(monkeypatch: pytest.MonkeyPatch) -> None:
    reference, accused = load_here("reference"), []
    with quiet(), cheap_collections():
        for law in LAWS:
            clause = load_clauses().clause(law.slug)
            needs = law.needs.union(clause.needs)
            asked = clause.part == "dispatch" and clause.in_force.includes("standard") and not is_concurrent(law)
            # How much memory is kept takes long to find out.
            if not asked or clause.chapter == "growth" or not needs <= reference.capabilities:
                continue
            unneeded = {"listeners", "robust", "uids"} - needs
            target = replace(reference, capabilities=reference.capabilities - unneeded)
            monkeypatch.setattr(Target, "signal", signals_without(unneeded))
            if law.run(next(law.cases(0, target.capabilities)), target, 60.0) is not None:
                accused.append(law.slug)
    assert accused == []

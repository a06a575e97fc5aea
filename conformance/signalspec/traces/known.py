"""Differences between traces that are known: what the standard says of them, and since which release."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from signalspec.standard.clauses import Clause, load_clauses
from signalspec.traces.comparing import Change


@dataclass(frozen=True)
class Known:
    """An argument that built-in signals have in some releases only, and the clause that says so."""

    signals: tuple[str, ...]
    argument: str
    clause: Clause


@cache
def load_known() -> Sequence[Known]:
    """Return what is known."""
    rows = tomllib.loads(files("signalspec").joinpath("traces/known.toml").read_text("utf-8"))["argument"]
    clauses = load_clauses()
    return [Known(tuple(row["signals"]), row["name"], clauses.clause(row["clause"])) for row in rows]


def explain(change: Change) -> Clause | None:
    """Return the clause that a change is known by, if there is one."""
    if change.what.kind in ("new argument", "argument gone"):
        for known in load_known():
            if change.what.signal in known.signals and f"`{known.argument}`" in change.what.detail:
                return known.clause
    return None

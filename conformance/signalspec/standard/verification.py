"""How each clause is verified: by the planted faults that the suite has been seen to name it for.

``data/kills`` is what was seen; `python conformance/workshop/kill_matrix.py` makes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from signalspec.standard.clauses import Clause, load_clauses

Verification = Literal["checked", "stochastic", "unchecked", "unspecified"]


class Kill(NamedTuple):
    """A planted fault, and how the suite came to name the clause that it breaks.

    `engine` found it, in the program after so many others; `also` counts the other clauses that the fault was said to
    break. `digest` changes with the fault, its base and the law.
    """

    clause: str
    fault: str
    base: str
    digest: str
    engine: str
    after: int
    also: int


@cache
def load_kills() -> Mapping[str, Sequence[Kill]]:
    """Return what is known of the planted faults, by clause."""
    kills: dict[str, list[Kill]] = {}
    for part in load_clauses().parts:
        file = files("signalspec").joinpath(f"data/kills/{part}.json")
        for row in json.loads(file.read_text("utf-8")) if file.is_file() else ():
            kills.setdefault(row["clause"], []).append(Kill(**row))
    return kills


def verification_of(clause: Clause) -> Verification:
    """Return how the clause is verified.

    ``checked``: the suite names it for a fault that breaks it; ``stochastic``: it does so by random programs alone;
    ``unchecked``: no fault shows that the suite would notice; ``unspecified``: the standard demands nothing.
    """
    if not clause.demands:
        return "unspecified"
    engines = {kill.engine for kill in load_kills().get(clause.slug, ())}
    if not engines:
        return "unchecked"
    return "stochastic" if engines == {"hypothesis"} else "checked"

"""How each clause is verified: by the planted faults that the suite has been seen to name it for.

``kills.json`` is what was seen; `python tests/kill_matrix.py` makes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from signalspec.clauses import Clause

Verification = Literal["checked", "stochastic", "unchecked", "unspecified"]


class Kill(NamedTuple):
    """A planted fault, and how the suite came to name the clause that it breaks.

    `engine` found it, in the program after so many others; `also` are the other clauses that the fault was said to
    break.
    """

    clause: str
    fault: str
    base: str
    engine: str
    after: int
    also: Sequence[str]


@cache
def load_kills() -> Mapping[str, Sequence[Kill]]:
    """Return what is known of the planted faults, by clause."""
    data = json.loads(files("signalspec").joinpath("kills.json").read_text("utf-8"))
    kills: dict[str, list[Kill]] = {}
    for row in data["kills"]:
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

"""What a target claims to have: what can be seen of it, and what it says about itself.

A target that says nothing is held to all that is seen, and to what every signal has unless its author declines it. It
says so in an attribute of what makes its signals, a class or a factory, for which it has to import nothing:

    class Signal:
        signalspec_claims = {"order": False, "async": True}
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from signalspec.standard.clauses import Capability, load_clauses

ATTRIBUTE = "signalspec_claims"
"""The attribute in which what makes signals says what it claims."""


class ClaimError(Exception):
    """What a target says about itself makes no sense; the message is the end of a sentence for its author."""


def declared_by(factory: Any) -> Mapping[str, bool]:
    """Return what the maker of signals says about itself; raise `ClaimError` where that makes no sense."""
    declared = getattr(factory, ATTRIBUTE, {})
    if not isinstance(declared, Mapping) or not all(isinstance(claimed, bool) for claimed in declared.values()):
        raise ClaimError(f"{ATTRIBUTE} maps the names of capabilities to True or False, and {declared!r} does not")
    known = load_clauses().capabilities
    for name, claimed in declared.items():
        if name not in known:
            raise ClaimError(f"{ATTRIBUTE} names {name!r}, and the capabilities are {', '.join(known)}")
        if claimed and known[name].claimed == "by Python":
            raise ClaimError(f"{ATTRIBUTE} claims {name!r}, which is up to Python")
        for other in known[name].implies if claimed else ():
            if declared.get(other) is False:
                raise ClaimError(f"{ATTRIBUTE} claims {name!r}, which implies {other!r}, and declines that")
    return dict(declared)


def settle(declared: Mapping[str, bool], found: Collection[str]) -> frozenset[str]:
    """Return the capabilities that a target is held to: who claims what it has not is not believed, but checked."""
    known = load_clauses().capabilities
    claimed = {name for name, says in declared.items() if says}
    claimed |= {implied for name in claimed for implied in known[name].implies}
    claimed |= {name for name, each in known.items() if each.claimed == "unless declined"}
    claimed |= set(found)
    claimed -= {name for name, says in declared.items() if not says}
    return frozenset(name for name in claimed if _is_whole(known[name], claimed))


def _is_whole(capability: Capability, claimed: Collection[str]) -> bool:
    return all(implied in claimed for implied in capability.implies)

"""Variations of a story, made from outside: so it is seen what a symptom needs, and where else it shows.

The target and the reference get the same variation, so what they answer can still be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_ARGUMENTS = {"a sender": ("sender", 1), "weak=False": ("weak", 2), "a uid": ("dispatch_uid", 3)}
"""The arguments that a use consists of, with their positions; ``disconnect`` takes no `weak`."""

_DEFAULTS = {"sender": None, "weak": True, "dispatch_uid": None}

USES = frozenset(
    {
        *(
            "a death",
            "an earlier lookup",
            "caching",
            "connected again",
            "disconnect",
            "nested",
            "several connections",
        ),
        *_ARGUMENTS,
    }
)
"""The uses that can be left out."""

INSTEAD_OF: Mapping[str, Any] = {
    "connect": None,
    "disconnect": False,
    "has_listeners": False,
    "send": (),
    "send_robust": (),
}
"""What an operation returns that is left out."""


@dataclass(frozen=True)
class Variation:
    """What is unlike the story as it is.

    Its `uses` are left out; of earlier lookups those that begin before the operation of number `until`, and of
    several connections the `first` of each signal instead of all others. Where there
    is an `instead`, its second operation is used for each that is its first, or for that of number `only` alone.
    Where it is `probed`, a signal is sent once more before each operation that asks for its connections, and before
    and after each that removes one; where it is `cleared`, what would be in the way of a connection is disconnected.
    """

    uses: frozenset[str] = frozenset()
    until: int = 0
    instead: tuple[str, str] | None = None
    only: int | None = None
    probed: bool = False
    cleared: bool = False
    first: bool = False

    def performed(self, name: str, number: int) -> str:
        """Return the operation that is used for that of this name and number."""
        if self.instead is None or name != self.instead[0] or self.only not in (None, number):
            return name
        return self.instead[1]

    def without(self, use: str, until: int) -> Variation:
        """Return the variation that leaves out one more use."""
        return replace(self, uses=self.uses | {use}, until=until)

    def without_the_first(self) -> Variation:
        """Return the variation that leaves out the first connection of each signal, too."""
        return replace(self.without("several connections", self.until), first=True)

    def options(self, named: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options with which a signal is made."""
        return {name: value for name, value in named.items() if name != "use_caching" or "caching" not in self.uses}

    def arguments(self, name: str, args: Any, named: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Return the arguments with which an operation is called."""
        gone = [_ARGUMENTS[use] for use in self.uses if use in _ARGUMENTS]
        if not gone or name not in ("connect", "disconnect"):
            return args, named
        names = {argument for argument, _ in gone}
        positions = {place if name == "connect" else {1: 1, 3: 2}.get(place) for _, place in gone}
        defaults = [None, *(_DEFAULTS.values() if name == "connect" else (None, None))]
        kept = [defaults[i] if i in positions else each for i, each in enumerate(args)]
        return tuple(kept), {key: value for key, value in named.items() if key not in names}

    def skips(self, name: str, number: int, nested: bool, connected: bool, others: int) -> bool:
        """Tell whether an operation is left out altogether: the one of this number, which is `nested` or not; a
        receiver may be `connected` already, and so many `others` have been asked for.
        """
        lookup = name not in ("connect", "disconnect")
        return (
            ("nested" in self.uses and nested)
            or ("disconnect" in self.uses and name == "disconnect")
            or ("an earlier lookup" in self.uses and lookup and number < self.until)
            or ("connected again" in self.uses and name == "connect" and connected)
            or ("several connections" in self.uses and name == "connect" and (others > 0) != self.first)
        )


AS_IT_IS = Variation()

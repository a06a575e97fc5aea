"""What each send of a program gives to receivers, and who is given something else.

The source of `Arguments` stands in scripts, too, so it uses nothing but the standard library.
"""

from __future__ import annotations

import collections
import itertools
from typing import Any


class Arguments:
    """Named arguments for each send, different from those of all others.

    A receiver notes what it is given; `end` returns who has been given anything but what the send gives that runs.
    Sends may nest, and in each thread that `thread` tells apart others may run.
    """

    def __init__(self, thread: Any = lambda: 0) -> None:
        self.thread = thread
        self.numbers = itertools.count(1)
        self.running: Any = collections.defaultdict(list)

    def begin(self, signal: Any, sender: Any, parties: Any) -> dict[str, Any]:
        """Return the named arguments of a send that is to begin; `parties` are called by their names in words."""
        number = next(self.numbers)
        named = {"number": number, f"only_{number}": number}
        self.running[self.thread()].append(({"signal": signal, "sender": sender, **named}, parties, []))
        return named

    def note(self, receiver: str, given: Any) -> None:
        """Compare what a receiver is given with what the send gives that runs."""
        if running := self.running[self.thread()]:
            due, parties, others = running[-1]
            if given != due or given["sender"] is not due["sender"]:
                wrong = [name for name in ("signal", "sender") if given.get(name) is not due[name]]
                what = [*wrong, "more" if given.keys() > due.keys() else "named"][0]
                words = [self.words(each, due["signal"], parties) for each in (due, given)]
                others.append((what, *(f"{receiver} is given {each}" for each in words)))

    def end(self) -> list[tuple[str, str, str]]:
        """Return, for each receiver that was given something else, what of it, what was due, and what was given."""
        return self.running[self.thread()].pop()[2]  # type: ignore[no-any-return]

    def words(self, given: Any, signal: Any, parties: Any) -> str:
        """Return what a receiver is given as one line."""

        def word(value: Any) -> str:
            if value is None or isinstance(value, int):
                return repr(value)
            names = (name for name, party in [("signal", signal), *parties.items()] if party is value)
            return next(names, f"another {type(value).__name__}")

        return ", ".join(f"{name}={word(value)}" for name, value in sorted(given.items()))

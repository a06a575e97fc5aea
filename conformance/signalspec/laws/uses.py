"""What laws use, the capability that it takes of a target, and the clauses that such a law rests on.

Much of it is seen in the parameters of a law; what its statements use besides, it declares. A law that uses an
operation shows something only where the operation does its plainest job. Where it does not, a clause of which no
violation was found is inconclusive: it does not count as held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from signalspec.programs.async_kinds import Asend, RunAsend
from signalspec.programs.tables import Table

Word = Literal[
    "asend",
    "asend_robust",
    "coroutines",
    "disconnect",
    "dispatch_uid",
    "has_listeners",
    "post_save",
    "python",
    "send_robust",
    "threads",
    "use_caching",
]
"""What a law declares: methods and arguments by their names; `coroutines` of its own, which are received, awaited or
served; `threads` or tasks that wait for each other; and another `python` that it starts.
"""


@dataclass(frozen=True)
class Use:
    """The clauses that say that what is used does its plainest job, and the capability of targets that have it."""

    premises: tuple[str, ...] = ()
    capability: str | None = None


USES: Mapping[str, Use] = {
    "send": Use(("connect.connected-is-called",)),
    "Signal": Use(("parties.new-signal-is-empty", "connect.hears-only-its-sender")),
    "dispatch_uid": Use(("uids.first-wins",), "uids"),
    "disconnect": Use(("disconnect.removed-is-not-called",)),
    "has_listeners": Use(("listeners.true-for-its-sender", "listeners.false-for-another-sender"), "listeners"),
    "send_robust": Use(("robust.calls-the-rest",), "robust"),
    "records": Use(("robust.logs-each-failure",)),
    "use_caching": Use(("caching.connect-is-seen",)),
    "asend": Use(("asend.connected-is-called",)),
    "asend_robust": Use(("asend.connected-is-called",), "robust"),
    "coroutines": Use(("coroutines.function",)),
    "receiver": Use(("decorator.connects",)),
    # Of models that send nothing it cannot be told what they are silent about.
    **dict.fromkeys(("pre_save", "post_save"), Use(("save.pre-then-sql-then-post",))),
    **dict.fromkeys(("pre_delete", "post_delete"), Use(("delete.pre-then-sql-then-post",))),
    **dict.fromkeys(("pre_init", "post_init"), Use(("init.pre-then-post",))),
    "m2m_changed": Use(("m2m.add-order",)),
    "class_prepared": Use(("prepared.sender-is-the-class",)),
    **dict.fromkeys(("pre_migrate", "post_migrate"), Use(("migrate.pre-before-post-after",))),
    "threads": Use(),
    "python": Use(),
}
"""What can be used, by its word; a parameter of that name uses it."""


def used_by(parameters: Collection[str], tables: Collection[type[Table]]) -> Iterator[str]:
    """Yield what a law uses that has these parameters, and draws from these tables."""
    yield from (each for each in parameters if each in USES)
    yield from (each.uses for each in tables if each.uses)
    # Who only sends asynchronously rests on that, and not on `send`.
    if "Signal" in parameters and not {Asend, RunAsend} & {*tables}:
        yield "send"

"""What a clause rests on: who finds no fault with an operation that does not work at all has learned nothing.

A law that uses an operation shows something only where the operation does its plainest job. Where it does not, a
clause of which no violation was found is inconclusive: it does not count as held.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from signalspec.engines.laws import Case, load_laws
from signalspec.standard.clauses import load_clauses

PREMISES: Mapping[str, str] = {
    # Who only sends asynchronously rests on that, and not on `send`.
    r"(?s)\A(?!.*\b(?:Run)?Asend\b).*\bSignal\b": "connect.connected-is-called",
    r"\bSignal\b": "parties.new-signal-is-empty",
    r"\bSignal": "connect.hears-only-its-sender",
    r"\bdispatch_uid=": "uids.first-wins",
    r"\.disconnect\(": "disconnect.removed-is-not-called",
    r"\.has_listeners\(": "listeners.true-for-its-sender",
    r"\bhas_listeners\(": "listeners.false-for-another-sender",
    r"\bsend: Send\b|\bsend_robust\b": "robust.calls-the-rest",
    r"\brecords\b": "robust.logs-each-failure",
    r"\bcaching: Caching\b|\buse_caching\b": "caching.connect-is-seen",
    r"\basend|\bAnySend\b|\b(?:Run)?Asend\b|\bRaising\b|\bRobust\b": "asend.connected-is-called",
    r"\basync def (?!main\b)|\bAsync\w+": "coroutines.function",
    r"^@receiver|\breceiver\(\w*signal": "decorator.connects",
    # Of models that send nothing it cannot be told what they are silent about.
    r"\b(?:pre|post)_save\b": "save.pre-then-sql-then-post",
    r"\b(?:pre|post)_delete\b": "delete.pre-then-sql-then-post",
    r"\b(?:pre|post)_init\b": "init.pre-then-post",
    r"\bm2m_changed\b": "m2m.add-order",
    r"\bclass_prepared\b": "prepared.sender-is-the-class",
    r"\b(?:pre|post)_migrate\b": "migrate.pre-before-post-after",
}
"""The clauses that say that an operation does its plainest job, each by what a law that uses it looks like."""


def is_plainest(slug: str, case: Case) -> bool:
    """Tell whether `case` is one of the law of `slug` that has the plainest kind of everything."""
    # A program of commands about a signal has an empty case, too.
    has_case = bool(case) or load_clauses().clause(slug).part != "dispatch"
    return has_case and case == load_laws()[slug].plainest


def shaky_premise(slug: str, broken: Collection[str]) -> str | None:
    """Return the first of the clauses that `slug` rests on that is among the `broken`, or ``None``."""
    law = load_laws().get(slug)
    if law is None:
        return None
    return next(
        (
            premise
            for use, premise in PREMISES.items()
            if premise in broken and premise != slug and re.search(use, law.source, re.MULTILINE)
        ),
        None,
    )

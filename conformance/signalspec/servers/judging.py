"""Tells from the notes of a scenario whether each request that started has ended, once, and in its thread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from signalspec.servers.client import Noted
from signalspec.servers.running import Ran
from signalspec.servers.server import Interface
from signalspec.standard.clauses import PROFILES, load_clauses

ENDED = "each request_started is followed by one request_finished"
SAME_THREAD = "around.one-thread"
"""The clause that the thread belongs to, whatever the client does."""


class Outcome(NamedTuple):
    """What came of a scenario under one clause: nothing where it holds, else what happened; or that nobody knows."""

    scenario: str
    clause: str
    actual: str | None
    judged: bool = True
    recorded: str = ""
    """The deviation of the installed release that this is, whatever the server; the standard records it."""


def judge(ran: Ran, interface: Interface, profile: str) -> list[Outcome]:
    """Return the outcomes of a scenario, of its own clause and of that about threads, and what is recorded of
    `profile` as that.
    """
    name, clause = ran.scenario.name, ran.scenario.clause
    found = [count(request, ran.notes) for request in ran.requests]
    if ran.scenario.starts and any(starts == 0 for starts, _ in found):
        return [Outcome(name, clause, f"not answered: {ran.unanswered}" if ran.unanswered else "not started", False)]
    wrong = {describe(starts, ends) for starts, ends in found} - {None}
    titles = {recorded(clause, starts, ends, interface, profile) for starts, ends in found if describe(starts, ends)}
    title = titles.pop() if len(titles) == 1 else ""
    outcomes = [Outcome(name, clause, "; ".join(sorted(filter(None, wrong))) or None, recorded=title)]
    if any(ends for _, ends in found):
        threads = all(one_thread(request, ran.notes) for request in ran.requests)
        outcomes.append(Outcome(name, SAME_THREAD, None if threads else "request_finished is sent in another thread"))
    return outcomes


def count(request: str, notes: Iterable[Noted]) -> tuple[int, int]:
    """Return how often a request has started and ended."""
    events = [each.event for each in notes if each.request == request]
    return events.count("started"), events.count("finished")


def recorded(clause: str, starts: int, ends: int, interface: Interface, profile: str) -> str:
    """Return the title of the deviation of `profile` that these numbers are, if it is one."""
    trace = repr(["started"] * starts + ["finished"] * ends)
    if profile not in PROFILES:
        return ""
    shown = load_clauses().deviation_shown(clause, {"serve": interface.upper()}, trace, profile)
    return shown.title if shown else ""


def describe(starts: int, ends: int) -> str | None:
    """Return what is wrong with these numbers, or nothing."""
    if starts == ends <= 1:
        return None
    if starts > 1:
        return f"request_started is sent {starts} times"
    if not starts:
        return "request_finished is sent without a request_started"
    return "request_finished is never sent" if not ends else f"request_finished is sent {ends} times"


def one_thread(request: str, notes: Iterable[Noted]) -> bool:
    """Tell whether a request has started and ended in one thread."""
    return (
        len({each.thread for each in notes if each.request == request and each.event in ("started", "finished")}) < 2
    )

"""What a check of a server found, a clause at a time, and how it is shown and stored."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from signalspec.servers.judging import ENDED, SAME_THREAD, Outcome
from signalspec.servers.scenarios import SCENARIOS
from signalspec.servers.server import Server
from signalspec.standard.clauses import load_clauses

Status = Literal["holds", "violated", "deviates", "inconclusive"]


@dataclass(frozen=True)
class Found:
    """What was found of one clause: its status, and the outcome of each scenario."""

    clause: str
    outcomes: tuple[Outcome, ...]

    @property
    def status(self) -> Status:
        """Violated where one scenario shows it; else inconclusive where one could not be judged; else deviates where
        the release itself does.
        """
        if any(each.judged and each.actual and not each.recorded for each in self.outcomes):
            return "violated"
        if any(not each.judged for each in self.outcomes):
            return "inconclusive"
        return "deviates" if any(each.recorded for each in self.outcomes) else "holds"


@dataclass(frozen=True)
class ServerReport:
    """What was found of a server."""

    server: Server
    versions: dict[str, str]
    found: tuple[Found, ...]

    @property
    def exit_status(self) -> int:
        """1 where a clause is violated, 3 where one could not be judged, else 0."""
        statuses = {each.status for each in self.found}
        return 1 if "violated" in statuses else 3 if "inconclusive" in statuses else 0

    def to_json(self) -> dict[str, Any]:
        """Return the report as what JSON holds. It depends on what is installed alone, not on time or ports."""
        return {
            "server": self.server.name,
            "interface": self.server.interface,
            "versions": self.versions,
            "python": ".".join(platform.python_version_tuple()[:2]),
            "clauses": [
                {
                    "id": each.clause,
                    "status": each.status,
                    "scenarios": {outcome.scenario: outcome.actual or "holds" for outcome in each.outcomes},
                }
                for each in self.found
            ],
        }


def report(server: Server, versions: dict[str, str], outcomes: Iterable[Outcome]) -> ServerReport:
    """Gather the outcomes by clause."""
    by_clause: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_clause.setdefault(outcome.clause, []).append(outcome)
    return ServerReport(server, versions, tuple(Found(slug, tuple(each)) for slug, each in sorted(by_clause.items())))


def lines(report: ServerReport) -> Iterator[str]:
    """Give the lines that the terminal shows: what is violated first, the summary last."""
    versions = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    yield f"{report.server.name} ({versions})"
    for each in report.found:
        if each.status != "holds":
            yield ""
            yield from _lines_of(each)
    scenarios = {outcome.scenario for each in report.found for outcome in each.outcomes}
    statuses = [each.status for each in report.found]
    yield ""
    yield (
        f"{len(scenarios)} scenarios. Of {len(statuses)} clauses {statuses.count('holds')} hold, "
        f"{statuses.count('violated')} are violated, {statuses.count('deviates')} deviate in Django itself, "
        f"{statuses.count('inconclusive')} could not be judged."
    )


def _lines_of(found: Found) -> Iterator[str]:
    yield found.clause
    yield f"  Requirement: {load_clauses().clause(found.clause).requirement}"
    for outcome in found.outcomes:
        if outcome.actual:
            yield f"  {outcome.scenario}: {SCENARIOS[outcome.scenario].does}"
            yield f"    Expected: {'the thread of request_started' if found.clause == SAME_THREAD else ENDED}"
            yield f"    Actual:   {outcome.actual}"
            if outcome.recorded:
                yield f"    Recorded: {outcome.recorded}"

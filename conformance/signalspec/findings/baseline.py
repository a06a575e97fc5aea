"""Baselines: what is known to be violated, so that a check fails by what is new.

A baseline is a report, as `--json` writes it, or a file `.toml` that names clauses and says why each is left:

    suite = "0.1.0"

    [known]
    "uids.falsy-uid" = "as Django does; ticket 12 is to change it"

Where the baseline says which clauses its suite had (a report does), a violated clause that it did not have is new and
does not fail either, so that a new version of the suite turns nobody red.
"""

from __future__ import annotations

import json
import platform
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from signalspec.findings.report import Report, Result
from signalspec.standard.names import UserError


class BaselineError(UserError):
    """A file is no baseline; the message is one sentence for its author."""


@dataclass(frozen=True)
class Baseline:
    """The violated clauses that are `known`, each with the reason; and the `clauses` that its suite had if known."""

    known: Mapping[str, str]
    clauses: frozenset[str] | None = None

    def reason(self, slug: str, because: Mapping[str, str]) -> str | None:
        """Return why a violated clause does not fail, or ``None`` where it does; `because` names causes."""
        if slug in self.known:
            return self.known[slug]
        if slug in because and self.reason(because[slug], because) is not None:
            return f"it follows from {because[slug]}, which is known"
        if self.clauses is not None and slug not in self.clauses:
            return "a new clause, which the suite of the baseline did not have"
        return None


def load_baseline(file: Path) -> Baseline:
    """Return the baseline in `file`; raise `BaselineError` where there is none."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"The baseline {file} cannot be read: {error}.") from error
    try:
        return _from_toml(tomllib.loads(text)) if file.suffix == ".toml" else _from_reports(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BaselineError(
            f"{file} is no baseline, which is a report in JSON or TOML with a table [known]: {error}."
        ) from error


def _from_reports(data: Any) -> Baseline:
    reports = data if isinstance(data, list) else [data]
    rows = [row for report in reports for row in report["clauses"]]
    known = {row["id"]: "violated in the baseline" for row in rows if row["status"] in ("violated", "known")}
    return Baseline(known, frozenset(row["id"] for row in rows))


def _from_toml(data: Mapping[str, Any]) -> Baseline:
    known, clauses = data["known"], data.get("clauses")
    if not isinstance(known, dict) or not all(isinstance(reason, str) for reason in known.values()):
        raise ValueError("[known] maps slugs to reasons")
    return Baseline(known, None if clauses is None else frozenset(clauses))


def with_baseline(report: Report, baseline: Baseline) -> Report:
    """Return the report with what is known set apart, and news of what is known to be violated and holds now."""
    because = {each.clause.slug: each.because for each in report.results if each.because}
    results = [_known(result, baseline, because) for result in report.results]
    holds = [each.clause.slug for each in results if each.status == "holds" and each.clause.slug in baseline.known]
    news = [f"{slug} holds now, though the baseline knows it as violated" for slug in holds]
    return replace(report, results=results, news=[*report.news, *news], mended=tuple(holds))


def _known(result: Result, baseline: Baseline, because: Mapping[str, str]) -> Result:
    concerns = result.status == "violated" or (result.status == "inconclusive" and result.because)
    reason = baseline.reason(result.clause.slug, because) if concerns else None
    return result if reason is None else replace(result, status="known", notes=[*result.notes, reason])


def baseline_of(reports: Sequence[Report]) -> str:
    """Return a baseline in TOML that knows every cause that is violated; what follows from one is known with it."""
    return "\n".join(_lines(reports)) + "\n"


def _lines(reports: Sequence[Report]) -> Iterator[str]:
    for name, value in versions().items():
        yield f"{name} = {json.dumps(value)}"
    yield "clauses = ["
    for slug in dict.fromkeys(result.clause.slug for report in reports for result in report.results):
        yield f"    {json.dumps(slug)},"
    yield "]"
    yield ""
    yield "[known]"
    for slug, title in {r.clause.slug: r.clause.title for report in reports for r in report.causes}.items():
        yield f"{json.dumps(slug)} = {json.dumps(title, ensure_ascii=False)}"


def versions() -> dict[str, str]:
    """Return the versions of the suite, of Python and, where it is installed, of Django."""
    found = {"suite": version("signalspec"), "python": platform.python_version()}
    with suppress(PackageNotFoundError):
        found["django"] = version("django")
    return found

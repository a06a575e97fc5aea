"""The suite as pytest tests, one a clause: ``pytest --pyargs signalspec --signal-target MODULE:ATTR``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from signalspec.findings.report import Result
from signalspec.reports.describing import describe, reason
from signalspec.standard.clauses import load_clauses


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Mapping[str, Result]:
    """Check the target once, and return what is known of the clauses that were selected."""
    from signalspec.runner import supervisor as supervising
    from signalspec.runner.examination import Options

    config = request.config
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    chosen = [str(item.callspec.params["slug"]) for item in items if item.function is test_clause]
    options = Options(only=tuple(chosen), seed=config.getoption("signal_seed"))
    target = supervising.load_target(config.getoption("signal_target") or "reference")
    report = supervising.check(target, config.getoption("signal_profile"), options)
    return {result.clause.slug: result for result in report.results}


@pytest.mark.parametrize("slug", [clause.slug for clause in load_clauses().of("dispatch")])
def test_clause(slug: str, results: Mapping[str, Result], record_property: Callable[[str, object], None]) -> None:
    """The target keeps the clause."""
    result = results[slug]
    record_property("clause", slug)
    match result.status:
        case "violated":
            pytest.fail(f"{slug}\n{describe(result)}", pytrace=False)
        case "inconclusive":
            pytest.fail(f"{slug}\n{reason(result)}", pytrace=False)
        case "deviates":
            for title in result.notes:
                record_property("deviation", title)
        case "known" | "inherited":
            pytest.xfail(reason(result))
        case "untestable" | "not-in-force" | "not-claimed":
            pytest.skip(reason(result))

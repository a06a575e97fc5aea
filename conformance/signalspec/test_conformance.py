"""The suite as pytest tests, one a clause: ``pytest --pyargs signalspec --signal-target MODULE:ATTR``."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from signalspec.findings.report import Report, Result
from signalspec.pytest_plugin import KNOWN
from signalspec.reports.describing import describe, reason
from signalspec.standard.clauses import load_clauses


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Check the target once, and return what is known of the clauses that were selected."""
    from signalspec.findings.baseline import with_baseline

    config = request.config
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    chosen = tuple(str(item.callspec.params["slug"]) for item in items if item.function is test_clause)
    # The folder above that of a worker belongs to all workers of this run.
    folder = tmp_path_factory.getbasetemp().parent if hasattr(config, "workerinput") else None
    checked = _once(folder, lambda: _check(config, chosen)) if folder else _check(config, chosen)
    baseline = config.stash.get(KNOWN, None)
    return checked if baseline is None else with_baseline(checked, baseline)


@pytest.fixture(scope="session")
def results(report: Report) -> Mapping[str, Result]:
    """Return the results by slug."""
    return {result.clause.slug: result for result in report.results}


def _check(config: pytest.Config, chosen: tuple[str, ...]) -> Report:
    from signalspec.runner import supervisor as supervising
    from signalspec.runner.options import Options

    options = Options(only=chosen, seed=config.getoption("signal_seed"))
    target = supervising.load_target(config.getoption("signal_target") or "reference")
    return supervising.check(target, config.getoption("signal_profile"), options)


def _once(folder: Path, check: Callable[[], Report]) -> Report:
    """Return what `check` gives; of the workers that share `folder` one checks, and the others wait for it."""
    file = folder / "signalspec.report"
    with (folder / "signalspec.lock").open("w") as lock:
        # Where files cannot be locked, each may check for itself.
        with suppress(ImportError):
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            found = pickle.dumps(check())
            written = file.with_suffix(f".{id(found)}")
            written.write_bytes(found)
            written.replace(file)
        checked: Report = pickle.loads(file.read_bytes())
        return checked


@pytest.mark.parametrize("slug", [clause.slug for clause in load_clauses().of("dispatch")])
def test_clause(
    slug: str,
    report: Report,
    results: Mapping[str, Result],
    record_property: Callable[[str, object], None],
    request: pytest.FixtureRequest,
) -> None:
    """The target keeps the clause."""
    result = results[slug]
    record_property("clause", slug)
    match result.status:
        case "violated":
            pytest.fail(f"{result.clause.requirement}\n{describe(result)}", pytrace=False)
        case "inconclusive":
            pytest.fail(f"{reason(result)}\nRequirement: {result.clause.requirement}", pytrace=False)
        case "deviates":
            for title in result.notes:
                record_property("deviation", title)
        case "known" | "inherited":
            pytest.xfail(reason(result))
        case "untestable" | "not-in-force" | "not-claimed":
            pytest.skip(reason(result))
    if slug in report.mended and request.config.getoption("signal_strict"):
        pytest.fail("It holds now, though the baseline knows it as violated.", pytrace=False)

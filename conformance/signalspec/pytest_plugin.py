"""The pytest plugin: the options of ``pytest --pyargs signalspec``, and nothing for who does not use them.

It is imported wherever the suite is installed, so what costs time is imported only for those who ask for it.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest

CHECKED = pytest.StashKey[Any]()
"""The target."""

KNOWN = pytest.StashKey[Any]()
"""What is known to be violated."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("signalspec", "conformance to the signal standard (pytest --pyargs signalspec)")
    group.addoption("--signal-target", metavar="TARGET", help="django, MODULE or MODULE:ATTR")
    group.addoption("--signal-profile", metavar="NAME", help="the release to hold the target to")
    group.addoption(
        "--signal-baseline", metavar="FILE", help="what is known to be violated, which is expected to fail"
    )
    group.addoption("--signal-strict", action="store_true", help="fail where what the baseline knows holds now")
    group.addoption("--signal-seed", metavar="N", type=int, default=0, help="what random choices depend on")


def pytest_configure(config: pytest.Config) -> None:
    """Raise `pytest.UsageError` before anything is collected where an option cannot be used."""
    target, profile = config.getoption("signal_target"), config.getoption("signal_profile")
    baseline = config.getoption("signal_baseline")
    if target is None and profile is None and baseline is None:
        return
    from signalspec.findings.baseline import BaselineError, load_baseline
    from signalspec.runner.supervisor import load_target
    from signalspec.standard.clauses import UnknownProfileError, validate_profile
    from signalspec.targets.target import TargetError

    # The path of the script `pytest` lacks the current directory, where the author of a target works.
    sys.path.insert(0, str(config.invocation_params.dir))
    try:
        if target is not None:
            config.stash[CHECKED] = load_target(target)
        if profile is not None:
            validate_profile(profile)
        if baseline is not None:
            config.stash[KNOWN] = load_baseline(config.invocation_params.dir / baseline)
    except (TargetError, UnknownProfileError, BaselineError) as error:
        raise pytest.UsageError(f"signalspec: {' '.join(str(error).split())}") from error


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what is checked, and what it is held to."""
    target = config.stash.get(CHECKED, None)
    if target is None:
        return None
    profile = config.getoption("signal_profile") or target.default_profile
    return f"signalspec: target {target.name}, profile {profile}"

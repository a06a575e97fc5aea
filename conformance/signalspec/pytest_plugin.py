"""The pytest plugin: the options of ``pytest --pyargs signalspec``, and nothing for who does not use them.

It is imported wherever the suite is installed, so what costs time is imported only for those who ask for it.
"""

from __future__ import annotations

import sys

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("signalspec", "conformance to the signal standard (pytest --pyargs signalspec)")
    group.addoption("--signal-target", metavar="TARGET", help="django, MODULE or MODULE:ATTR")
    group.addoption("--signal-profile", metavar="NAME", help="the release to hold the target to")
    group.addoption("--signal-seed", metavar="N", type=int, default=0, help="what random choices depend on")


def pytest_configure(config: pytest.Config) -> None:
    """Raise `pytest.UsageError` before anything is collected where the target or the profile is unusable."""
    target, profile = config.getoption("signal_target"), config.getoption("signal_profile")
    if target is None and profile is None:
        return
    from signalspec.runner.supervisor import load_target
    from signalspec.standard.clauses import UnknownProfileError, validate_profile
    from signalspec.targets.target import TargetError

    # The path of the script `pytest` lacks the current directory, where the author of a target works.
    sys.path.insert(0, str(config.invocation_params.dir))
    try:
        if target is not None:
            load_target(target)
        if profile is not None:
            validate_profile(profile)
    except (TargetError, UnknownProfileError) as error:
        raise pytest.UsageError(f"signalspec: {' '.join(str(error).split())}") from error

"""The pytest option ``--signal-trace FILE``, and nothing for whoever does not use it."""

from __future__ import annotations

import os
from typing import Any

import pytest

_recording: Recording | None = None


class Recording:
    """What the process that was given the option has begun, and ends."""

    def __init__(self, trace: str, config: Any) -> None:
        from .installing import install
        from .session import Session, UnusableTraceError

        self.config = config
        self.session = Session(trace)
        try:
            self.session.__enter__()
        except UnusableTraceError as error:
            raise pytest.UsageError(f"--signal-trace: {error}") from error
        environment = self.session.environment(dict(os.environ))
        self._before = {name: os.environ.get(name) for name in environment}
        os.environ.update(environment)
        self._installation = install(self.session.parts, self.session.project)

    def end(self) -> None:
        """Join the parts of this process and those that it started."""
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            elif os.environ.get(name) != value:
                os.environ[name] = value
        if self._installation.recorder is not None:
            self._installation.recorder.close()
        self.session.__exit__(None, None, None)


def pytest_addoption(parser: Any) -> None:
    """Add the option."""
    group = parser.getgroup("signalspec-recorder", "recording of Django's signals")
    group.addoption("--signal-trace", metavar="FILE", help="record which signals the tests dispatch into FILE")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any) -> None:
    """Begin before anything imports Django."""
    global _recording
    trace = early_config.known_args_namespace.signal_trace
    # A worker of xdist, or a pytest that is being recorded, records itself already.
    if trace is not None and "SIGNALSPEC_RECORD_PARTS" not in os.environ:
        _recording = Recording(trace, early_config)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say where the trace is."""
    if _recording is not None:
        terminalreporter.write_line(f"signals recorded: {_recording.session.trace}")


def pytest_unconfigure(config: Any) -> None:
    """Write the trace, in the process that began."""
    global _recording
    if _recording is not None and _recording.config is config:
        _recording.end()
        _recording = None

"""What the tests of the command line share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest
from click.testing import CliRunner, Result
from signalspec.cli import main

DEAF = """
from signalspec_reference import Signal as Reference

class Näh:
    def __bool__(self):
        return False
    def __repr__(self):
        return "näh"

class Signal(Reference):
    def has_listeners(self, sender=None):
        return Näh()
"""
"""A target that violates some clauses of the chapter `listeners`."""

NOISY = """
import warnings
from signalspec_reference import Signal as Reference

class Dying:
    def __del__(self):
        raise RuntimeError("in a destructor")

class Signal(Reference):
    def has_listeners(self, sender=None):
        warnings.warn("has_listeners is old", DeprecationWarning)
        Dying()
        return super().has_listeners(sender)
"""
"""A target that keeps them, and makes Python complain."""

SAMPLED = {
    "test_audit": 3,
    "test_exercise": 4,
    "test_hostile": 4,
    "test_processes": 4,
    "test_pytest_plugin": 2,
    "test_strength": 3,
    "test_threads": 3,
}
"""The slow files: of how many of its tests a run of all files takes one, but for ``SIGNALSPEC_EVERY_TEST=1``."""

pytest_plugins = ["pytester"]

Cli = Callable[..., Result]


@pytest.fixture(autouse=True)
def django_is_not_set_up() -> Iterator[None]:
    """Refuse a test that leaves Django set up in this process: whatever sets it up after it would fail instead."""
    yield
    conf, apps = sys.modules.get("django.conf"), sys.modules.get("django.apps")
    assert not (conf and conf.settings.configured), "the test left Django's settings configured"
    assert not (apps and apps.apps.ready), "the test left Django set up"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current directory, whose modules are forgotten after the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def cli(folder: Path) -> Cli:
    """Run the command line in `folder`, in this process."""
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def _is_sampled(config: pytest.Config) -> bool:
    named = any(".py" in argument for argument in config.args)
    return not named and not os.environ.get("SIGNALSPEC_EVERY_TEST")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out most tests of the slow files, where no file is named; the same in each run."""
    if not _is_sampled(config):
        return
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        share = SAMPLED.get(item.path.stem, 1)
        (left if crc32(item.nodeid.encode()) % share else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out; the processes of pytest-xdist do not tell it themselves."""
    if _is_sampled(config):
        shares = ", ".join(f"{name} 1 in {share}" for name, share in SAMPLED.items())
        terminalreporter.write_line(f"A sample of slow tests: {shares}. SIGNALSPEC_EVERY_TEST=1 runs all.")

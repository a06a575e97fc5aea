"""What the tests of the command line share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

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

pytest_plugins = ["pytester"]

Cli = Callable[..., Result]


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

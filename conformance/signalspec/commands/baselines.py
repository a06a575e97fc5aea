"""The options of ``check`` for what is known to be violated, and the settings in ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signalspec.commands.options import Command, file_option
from signalspec.standard.names import UserError

if TYPE_CHECKING:
    from signalspec.findings.report import Report


class SettingsError(UserError):
    """``pyproject.toml`` cannot be read, or its table is not what a check takes."""


def baseline_options(command: Command) -> Command:
    """Add the options that concern a baseline to a command."""
    path = click.Path(path_type=Path)
    for option in (
        click.option("--strict", is_flag=True, help="Also fail if a clause listed in the baseline holds now."),
        file_option("--write-baseline", "Write a baseline of what is violated now."),
        click.option("--baseline", metavar="FILE", type=path, help="A file of what is known to be violated."),
    ):
        command = option(command)
    return command


def compared(reports: Sequence[Report], baseline: Path | None) -> list[Report]:
    """Return the reports with what `baseline` knows set apart; raise `BaselineError` where it is none."""
    if baseline is None:
        return list(reports)
    from signalspec.findings.baseline import load_baseline, with_baseline

    known = load_baseline(baseline)
    return [with_baseline(report, known) for report in reports]


def settings(folder: Path) -> dict[str, Any]:
    """Return the table ``[tool.signalspec]`` of the ``pyproject.toml`` in `folder`, as values for ``check``."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("signalspec", {})
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file} cannot be read: {error}.") from error
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: [tool.signalspec] is a table of options of check.")
    named = {name.replace("-", "_"): value for name, value in table.items()}
    if "target" in named:
        named["targets"] = [named["target"]] if isinstance(named["target"], str) else named["target"]
        del named["target"]
    return named

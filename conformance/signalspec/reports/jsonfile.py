"""Reports as JSON, for programs to read and for ``signalspec replay``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

from signalspec.findings.report import Report


def render(reports: Sequence[Report]) -> str:
    """Return one object where there is one report, and a list of objects otherwise."""
    data = [report.to_json() for report in reports]
    return json.dumps(data[0] if len(data) == 1 else data, indent=2) + "\n"


def schema() -> str:
    """Return the JSON schema, of draft 2020-12, that every such text obeys."""
    return files("signalspec.reports").joinpath("report.schema.json").read_text("utf-8")

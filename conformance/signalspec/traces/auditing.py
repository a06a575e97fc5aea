"""What a project's receivers rely on that they should not: remarks, each by one rule."""

from __future__ import annotations

from collections.abc import Sequence

from signalspec.traces.remarks import Evidence, Remark
from signalspec.traces.rules import CHECKS
from signalspec.traces.trace import Place


def audit(evidence: Evidence) -> Sequence[Remark]:
    """Return the remarks on a trace and the source of its project, by file and line, each once.

    A line that says ``# signalspec: ignore[rule]`` is left alone.
    """
    found: dict[tuple[str, Place | None, str], Remark] = {}
    for check in CHECKS:
        for remark in check(evidence):
            if not (remark.place and evidence.source.ignores(remark.place, remark.rule)):
                found.setdefault((remark.rule, remark.place, remark.what), remark)
    return sorted(found.values(), key=lambda remark: (remark.place or Place("", 0), remark.rule, remark.what))

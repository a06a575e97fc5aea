"""What a project's receivers rely on that they should not: remarks, each by one rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from signalspec.traces.remarks import Evidence, Remark
from signalspec.traces.rules import CHECKS
from signalspec.traces.trace import Place


def audit(evidence: Evidence) -> Sequence[Remark]:
    """Return the remarks on a trace and the source of its project, by file and line, one a line and rule.

    A line that says ``# signalspec: ignore[rule]`` is left alone.
    """
    found: dict[tuple[str, Place | str], dict[str, Remark]] = defaultdict(dict)
    for check in CHECKS:
        for remark in check(evidence):
            if not (remark.place and evidence.source.ignores(remark.place, remark.rule)):
                found[remark.rule, remark.place or remark.what].setdefault(remark.what, remark)
    together = (_together(remarks.values()) for remarks in found.values())
    return sorted(together, key=lambda remark: (remark.place or Place("", 0), remark.rule, remark.what))


def _together(remarks: Iterable[Remark]) -> Remark:
    first, *others = sorted(remarks, key=lambda remark: remark.what)
    return replace(first, more=len(others))

"""Every example of the dispatcher runs as pasted on the installed Django, where its clause is in force.

It may fail only where a deviation of that release is recorded.
"""

from __future__ import annotations

from contextlib import ExitStack
from contextvars import copy_context

import django
import pytest
from signalspec.standard.clauses import RELEASES, Clause, load_clauses
from signalspec.standard.examples import as_pasted
from signalspec.targets.target import load_target, quiet, unconfigured_settings

STANDARD = load_clauses()
RELEASE = ".".join(map(str, django.VERSION[:2]))
INSTALLED = f"django-{RELEASE}"

if RELEASE not in RELEASES:
    pytest.skip(f"the standard has no profile for Django {RELEASE} yet", allow_module_level=True)

CAPABILITIES = load_target("django").capabilities
BROKEN = {each.clause for each in STANDARD.deviations_in(INSTALLED)}
SHOWN = [
    clause
    for clause in STANDARD.of("dispatch")
    if clause.example and clause.in_force.includes(INSTALLED) and CAPABILITIES.issuperset(clause.needs)
]


@pytest.mark.parametrize("clause", SHOWN, ids=lambda clause: clause.slug)
def test_the_example_runs_as_pasted(clause: Clause) -> None:
    code = as_pasted(clause)
    assert code is not None
    if clause.slug == "threads.finalizer-may-use-the-signal" and clause.slug in BROKEN:
        pytest.skip("this release would hang for ever, as is recorded")
    if "logging" in clause.needs and RELEASES.index(RELEASE) < RELEASES.index("3.2"):
        pytest.skip("this release logs nothing")
    with ExitStack() as surroundings:
        surroundings.enter_context(quiet())
        surroundings.enter_context(unconfigured_settings())
        try:
            copy_context().run(exec, compile(code, clause.slug, "exec"), {"__name__": "__main__"})
        except Exception:
            if clause.slug not in BROKEN:
                raise

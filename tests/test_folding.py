"""Scripts of laws are written as a person would write them for one case."""

from __future__ import annotations

import pytest
from signalspec.engines.laws import load_laws
from signalspec.programs.folding import fold
from signalspec.standard.clauses import load_clauses
from signalspec.targets.target import load_here

SEND = "send = lambda signal, *args, **named: signal.send(*args, **named)"
ASEND = "send = lambda signal, *args, **named: run(lambda: signal.asend(*args, **named))"


@pytest.mark.parametrize(
    ("definitions", "body", "folded"),
    [
        ({"caching": "caching = {}"}, "Signal(**caching)", "Signal()"),
        ({"caching": "caching = {'use_caching': True}"}, "Signal(**caching)", "Signal(use_caching=True)"),
        ({"uid": "uid = {}"}, "signal.connect(f, weak=True, **uid)", "signal.connect(f, weak=True)"),
        ({"uid": "uid = {}"}, "signal.connect(**uid, weak=True)", "signal.connect(weak=True)"),
        ({"uid": "uid = lambda uid: {'dispatch_uid': uid}"}, "f(A, **uid('x'))", 'f(A, dispatch_uid="x")'),
        ({"weak": "weak = True"}, "f(weak=weak)", "f(weak=True)"),
        ({"weak": "weak = True"}, "g(weak is True)", "weak = True\ng(weak is True)"),
        ({"weak": "weak = True"}, "weak = weak", "weak = True\nweak = weak"),
        ({"send": SEND}, "send(each, A, value=1)", "each.send(A, value=1)"),
        ({"send": SEND}, "heard(calls, send, signal, A)", "heard(calls, signal.send, A)"),
        ({"send": ASEND}, "send(signal, A)", "run(lambda: signal.asend(A))"),
        ({"send": ASEND}, "heard(calls, send, s, A)", "heard(calls, lambda: run(lambda: s.asend(A)))"),
        (
            {"send": SEND},
            "other(send)",
            "def send(signal, *args, **named):\n    return signal.send(*args, **named)\nother(send)",
        ),
        ({"one": "one = lambda s, r: s.connect(r, str)"}, "one(signal, 'é')", 'signal.connect("é", str)'),
    ],
)
def test_what_is_drawn_is_folded_into_the_text(definitions: dict[str, str], body: str, folded: str) -> None:
    assert fold(definitions, body) == folded


def test_every_law_has_a_script_that_python_can_read() -> None:
    target = load_here("reference")
    for slug, law in load_laws().items():
        if law.tables and load_clauses().clause(slug).part == "dispatch":
            compile(law.script(next(law.cases()), target, "Why."), slug, "exec")

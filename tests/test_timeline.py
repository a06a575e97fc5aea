"""What is drawn of a counterexample's program."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from examples import STORY
from signalspec.engines.laws import Law, load_laws
from signalspec.programs.commands import Connect, Disconnect, Drop, Fail, Send
from signalspec.programs.program import Program
from signalspec.reports.timeline import Cell, Moment, Timeline, timeline_of

SIGNS = {"start": "+", "end": "-", "death": "x", "refusal": "="}

DYING = Program(commands=(Connect("f", "A"), Connect("f", weak=False), Send("A"), Drop("A"), Disconnect("f")))
LISTENING = Program(commands=(Connect("f"), Send(), Drop("f")), acts={"f": Connect("g")}, debug=True)
FAILING = Program(commands=(Connect("f"), Connect("g"), Send(robust=True)), acts={"f": Fail()})
RAISING = Program(commands=(Connect("f"), Connect("g"), Send()), acts={"f": Fail()})

DRAWN: dict[str, tuple[Program, str]] = {
    "everything": (
        STORY,
        """\
        ..  signal = Signal(use_caching=True)
        +.  signal.connect(f, A)
        |+  signal.connect(g, None, weak=False, dispatch_uid=u)
        =|  signal.connect(f, A, weak=False)
        12  signal.send(A) -> ['f', 'g']
        12  f: signal.send(A) -> ['f', 'g']
        -|  g: signal.disconnect(f, A) -> True
        .|  del f; gc.collect()
        .1  signal.send_robust(A) -> ['g']
        .-  signal.disconnect(None, None, dispatch_uid=u) -> True
        ..  signal.has_listeners(A) -> False
        """,
    ),
    "a death": (
        DYING,
        """\
        ..  signal = Signal()
        +.  signal.connect(f, A)
        |+  signal.connect(f, None, weak=False)
        12  signal.send(A) -> ['f', 'f']
        x|  del A; gc.collect()
        .-  signal.disconnect(f, None) -> True
        """,
    ),
    "a connection made by a receiver": (
        LISTENING,
        """\
        ..  settings.DEBUG = True
        ..  signal = Signal()
        +.  signal.connect(f, None)
        1.  signal.send(None) -> ['f']
        |+  f: signal.connect(g, None)
        x|  del f; gc.collect()
        """,
    ),
    "a failure": (
        FAILING,
        """\
        ..  signal = Signal()
        +.  signal.connect(f, None)
        |+  signal.connect(g, None)
        12  signal.send_robust(None) -> ['ValueError', 'g']
        ||  f: raise ValueError
        """,
    ),
    "an exception": (
        RAISING,
        """\
        ..  signal = Signal()
        +.  signal.connect(f, None)
        |+  signal.connect(g, None)
        1|  signal.send(None) -> raises ValueError
        ||  f: raise ValueError
        """,
    ),
}


def drawn(timeline: Timeline) -> str:
    """Draw a timeline with letters."""
    return "".join(f"{''.join(map(sign, moment.cells))}  {words(moment)}\n" for moment in timeline.moments)


def sign(cell: Cell) -> str:
    if cell.mark is None:
        return "|" if cell.after else "."
    return str(cell.mark.number or SIGNS[cell.mark.kind])


def words(moment: Moment) -> str:
    by = f"{moment.by}: " if moment.by else ""
    return by + moment.text + (f" -> {moment.result}" if moment.result else "")


@pytest.mark.parametrize(("program", "expected"), DRAWN.values(), ids=DRAWN)
def test_program(program: Program, expected: str) -> None:
    timeline = timeline_of({"clause": "x.y", "program": program.to_json()})
    assert timeline is not None
    assert drawn(timeline) == "".join(line.lstrip(" ") + "\n" for line in expected.splitlines() if line.strip())
    assert timeline.cast == program.cast


@pytest.mark.parametrize("law", load_laws().values(), ids=lambda law: law.slug)
def test_law_is_told_to_the_last_line(law: Law) -> None:
    case = next(law.cases())
    timeline = timeline_of({"law": law.slug, "case": dict(case)})
    assert timeline is not None
    assert (timeline.cast, timeline.lanes) == (case, ())
    told = [ast.unparse(ast.parse(moment.text)) for moment in timeline.moments]
    assert told == [ast.unparse(statement) for statement in ast.parse(law.source).body[0].body]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "program",
    [{}, {"law": "no.such-law", "case": {}}, {"law": 5, "case": {}}, {"program": {}}, {"program": 5}, {"fork": {}}],
    ids=repr,
)
def test_what_is_not_known_is_not_drawn(program: dict[str, Any]) -> None:
    assert timeline_of(program) is None

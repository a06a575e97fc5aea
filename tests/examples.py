"""Reports with something of everything, made without a check, for the tests of what shows them."""

from __future__ import annotations

from signalspec.engines.threads.trails import Executed
from signalspec.findings.report import Counterexample, Report, Result
from signalspec.programs.commands import Connect, Disconnect, Drop, HasListeners, Send
from signalspec.programs.outcomes import Returned
from signalspec.programs.program import Program
from signalspec.programs.scripts import script_of
from signalspec.standard.clauses import Clause, load_clauses

HOSTILE = (
    "</code></pre></script><script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"
    "<!-- \N{RIGHT-TO-LEFT OVERRIDE}{{ 7 * 7 }} &lt; ' \ud800 \x1b[31m " + "W" * 500
)
"""What a target's representation may hold."""

STORY = Program(
    commands=(
        Connect("f", "A"),
        Connect("g", None, weak=False, uid="u"),
        Connect("f", "A", weak=False),
        Send("A"),
        Drop("f"),
        Send("A", robust=True),
        Disconnect(None, None, uid="u"),
        HasListeners("A"),
    ),
    acts={"f": Send("A"), "g": Disconnect("f", "A")},
    cast={"f": "bound method", "A": "class"},
    caching=True,
)
"""A program in which everything happens that is drawn, but deaths."""


TRAIL = tuple(Executed(thread, text) for thread, text in [(1, "10 <first>"), (2, f"20 {HOSTILE}"), (1, "11 last")])
"""What threads executed, by turns."""


def story(program: Program, actual: str) -> Counterexample:
    """Return `program` as a counterexample."""
    return Counterexample(
        clause="listeners.false-after-disconnect",
        script=script_of(program, "A title.", "from mine import Signal"),
        program={"clause": "listeners.false-after-disconnect", "program": program.to_json()},
        expected="False",
        outcome=Returned(actual),
    )


def _result_of(clause: Clause) -> Result:
    match clause.slug:
        case "listeners.false-after-disconnect":
            return Result(clause, "violated", 5, story(STORY, "True"))
        case "uids.falsy-uid":
            case = {"first": "function", "second": "function", "uid": "zero", "sender": "class"}
            program = {"law": clause.slug, "case": case}
            found = Counterexample(clause.slug, "print('<b>')\n", program, "[]", Returned(HOSTILE), trail=TRAIL)
            return Result(clause, "violated", 7, found)
        case "lifetime.weak-by-default":
            dying = Program(commands=(Connect("f"), Drop("f"), HasListeners()))
            return Result(clause, "deviates", 2, story(dying, "True"), ["Ticket <1>."])
        case "send.order":
            return Result(clause, "inconclusive")
        case "caching.disconnect-is-seen":
            return Result(clause, "not-claimed", notes=["the target has no caching"])
    return Result(clause, "holds", 12345)


REPORT = Report(
    target="mine:<Bus>",
    profile="django-5.2",
    seed=3,
    results=[_result_of(clause) for clause in load_clauses()],
    coverage=["every case of <5> laws"],
    news=["a.fixed is <fixed>"],
)

"""Programs of threads as scripts, which show what the threads execute side by side."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from signalspec.engines.observing import time_limit
from signalspec.engines.threads import schedules
from signalspec.engines.threads.scheduler import Director
from signalspec.engines.threads.small_programs import Run, Runner
from signalspec.engines.threads.trails import Executed, side_by_side, trail_of
from signalspec.programs import scripts
from signalspec.programs.commands import Command, Connect, Drop, Send
from signalspec.targets.target import Target

_SCRIPT = """\
# {title}
{table}
{imports}

{helpers}
calls = []
{parties}

def program():
{signal} = Signal({caching})
{before}
    done = interleave(
{threads}
    )
    return (*(each for thread in done for each in thread), {after})

{surroundings}expected = [
{expected}
]
try:
    actual = directed()
except BaseException as error:
    actual = error
print("expected: one of", *expected, sep="\\n  ")
print("actual:  ", actual)
raise SystemExit(actual not in expected)
"""


_OF_ARGUMENTS = "import collections, itertools, threading\narguments = Arguments(threading.get_ident)"


def trail(run: Run, target: Target) -> tuple[Executed, ...]:
    """Run a program with its schedule again, and return what the threads executed."""
    with Director(target.signal, run.schedule) as director, time_limit(schedules.A_MOMENT):
        director.trail = []
        Runner(target.signal, director).run(run.program, {})
    return trail_of(director)


def script(run: Run, title: str, target: Target, trail: Sequence[Executed]) -> str:
    """Return a script that runs a program with its schedule, and shows what the threads execute side by side."""
    program = run.program
    expression = functools.partial(_expression, arguments=program.arguments)
    threads = [", ".join(map(expression, thread)) for thread in program.threads]
    return _SCRIPT.format(
        title=title,
        table="\n".join(side_by_side(trail)),
        imports=target.imports,
        helpers=scripts.helpers_of("responses() outcome()" + " Arguments()" * program.arguments),
        parties="\n".join(
            [
                *([_OF_ARGUMENTS] if program.arguments else []),
                *(program.sequential.source_of(name) for name in program.parties),
            ]
        ),
        signal="    global signal\n    signal" if program.arguments else "    signal",
        caching="use_caching=True" if program.caching else "",
        before="\n".join(f"    {expression(command)}" for command in program.before),
        threads="\n".join(f"        lambda: [{thread}]," for thread in threads),
        after=", ".join(map(expression, program.after)),
        surroundings=schedules.surroundings(run.schedule),
        expected="\n".join(f"    {outcome!r}," for outcome in run.expected),
    )


def _expression(command: Command, arguments: bool = False) -> str:
    """Return the command as an expression for what is observed of it."""
    if isinstance(command, Drop):
        return f'globals().pop("{command.party}") and None'
    text = scripts.statement_of(command, arguments) + " and None" * isinstance(command, Connect)
    return f"outcome(lambda: {f'tuple({text})' if isinstance(command, Send) else text})"

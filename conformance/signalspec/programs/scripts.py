"""Scripts: programs printed as Python that needs nothing but the target."""

from __future__ import annotations

import inspect
import re
from typing import assert_never

from signalspec.programs.arguments import Arguments
from signalspec.programs.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.programs.outcomes import Raised
from signalspec.programs.program import Program

MODULES = ("asyncio", "collections", "functools", "gc", "itertools", "threading", "types", "unittest.mock")

RESPONSES = """\
def responses(pairs):
    return [each if isinstance(each, str) else type(each).__name__ for _, each in pairs]
"""

DISPATCH = """\
def note(name, given):
    calls.append(name)
    arguments.note(name, given)

def dispatch(send, sender, wait=lambda responses: responses):
    named = arguments.begin(signal, sender, {name: globals()[name] for name in "ABCD" if name in globals()})
    try:
        found = responses(wait(send(sender, **named)))
    finally:
        others = [actual for _, _, actual in arguments.end()]
        calls.extend(others)
    return found + others
"""
"""What notes what receivers are given, beside `Arguments`."""

OUTCOME = """\
def outcome(action):
    try:
        return action()
    except Exception as error:
        return f"raises {type(error).__name__}"
"""


def script_of(program: Program, title: str, imports: str) -> str:
    """Return a script that executes `program`, and exits with 1 unless its last command does what is demanded.

    `title` becomes a comment; `imports` is the line that binds `Signal` to the target's class.
    """
    *before, last = program.commands
    expectations = list(program.expectations())
    calls = [note for expectation in expectations for note in _notes(expectation.value)]
    returned = _returned(expectations[-1].value)
    lines = ["settings.configure(DEBUG=True)"] if program.debug else []
    lines += ["arguments = Arguments()"] if program.arguments else []
    lines += [_party(program, name) for name in program.parties()]
    lines.append(f"signal = Signal({'use_caching=True' if program.caching else ''})")
    # Only where a receiver fails may a send before the last command raise.
    fails = any(isinstance(act, Fail) for act in program.acts.values())
    for command in before:
        text = statement_of(command, program.arguments)
        lines.append(f"outcome(lambda: {text})" if fails and isinstance(command, Send) else text)
        if program.cast and isinstance(command, Disconnect):
            lines.append("gc.collect()")
    if isinstance(last, Drop):
        lines.append(statement_of(last))
        lines.append("actual = None, calls")
    else:
        lines.append(f"actual = outcome(lambda: {statement_of(last, program.arguments)}), calls")
    lines.append(f"expected = {returned!r}, {calls!r}")
    body = "\n".join(lines)
    helpers = helpers_of(body)
    imported = [module for module in MODULES if f"{module}." in body or f"{module}." in helpers]
    return "\n".join(
        [
            f"# {title}",
            *([f"import {', '.join(imported)}"] if imported else []),
            *(["from django.conf import settings"] if program.debug else []),
            imports,
            "",
            helpers,
            "calls = []",
            body,
            'print("expected:", expected)',
            'print("actual:  ", actual)',
            "raise SystemExit(actual != expected)",
            "",
        ]
    )


def helpers_of(body: str) -> str:
    """Return the source of the functions that `body` uses."""
    sources = (
        (RESPONSES, r"\b(responses|dispatch)\("),
        (OUTCOME, r"\boutcome\("),
        (_arguments_source(), r"\bArguments\("),
        (DISPATCH, r"\bArguments\("),
    )
    return "\n\n".join(source for source, word in sources if re.search(word, body))


def _arguments_source() -> str:
    source = inspect.getsource(Arguments)
    # A script needs no types.
    return re.sub(r": (Any|str)\b| -> [^:\n]+(?=:\n)|  # type: ignore\S+", "", source)


def statement_of(command: Command, arguments: bool = False) -> str:
    """Return the command as Python; a send has arguments, if asked for."""
    match command:
        case Connect(receiver, sender, weak, uid):
            options = ("" if weak else ", weak=False") + (f", dispatch_uid={uid}" if uid else "")
            return f"signal.connect({receiver}, {sender}{options})"
        case Disconnect(receiver, sender, uid):
            return f"signal.disconnect({receiver}, {sender}{f', dispatch_uid={uid}' if uid else ''})"
        case HasListeners(sender):
            return f"signal.has_listeners({sender})"
        case Send(sender) if arguments:
            return f"dispatch(signal.{command.method}, {sender}{', asyncio.run' * command.asynchronous})"
        case Send():
            dispatch = dispatch_of(command)
            return f"responses(asyncio.run({dispatch}))" if command.asynchronous else f"responses({dispatch})"
        case Drop(party):
            return f"del {party}; gc.collect()"
        case Fail():
            return "raise ValueError"
        case _:
            assert_never(command)


def dispatch_of(command: Send) -> str:
    """Return the send as Python, without what a script does with the responses."""
    return f"signal.{command.method}({command.sender})"


def plainly(command: Command) -> str:
    """Return the command as Python, a send without what a script does with the responses."""
    return dispatch_of(command) if isinstance(command, Send) else statement_of(command)


def _party(program: Program, name: str) -> str:
    """Return the source of a party; a receiver's act comes after it has noted its first call."""
    source = program.source_of(name)
    act = program.acts.get(name)
    match act:
        case None:
            return source
        case Fail():
            did = "raise ValueError"
        case Drop(party):
            did = f'globals().pop("{party}"); gc.collect(); calls.append(("{name}", None))'
        case Connect() | Disconnect():
            did = f'{statement_of(act)}; calls.append(("{name}", None))'
        case HasListeners():
            did = f'calls.append(("{name}", bool({statement_of(act)})))'
        case Send():
            did = f'calls.append(("{name}", {statement_of(act, program.arguments)}))'
        case _:
            assert_never(act)
    note = f'    note("{name}", kwargs)\n' if program.arguments else f'    calls.append("{name}")\n'
    return source.replace(note, f'{note}    if calls.count("{name}") == 1:\n        {did}\n')


def _notes(value: object) -> list[object]:
    if not isinstance(value, tuple):
        return []
    return [(note[0], _returned(note[1])) if isinstance(note, tuple) else note for note in value[0]]


def _returned(value: object) -> object:
    if isinstance(value, tuple):
        value = list(value[1]) if isinstance(value[1], tuple) else value[1]
    return str(value) if isinstance(value, Raised) else value

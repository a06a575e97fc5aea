"""Programs: commands and a cast, as data that can be stored, executed, printed and replayed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from signalspec.programs.async_kinds import AsyncReceiver
from signalspec.programs.attribution import Expectation, Situation
from signalspec.programs.commands import COMMANDS, Command, HasListeners, Send, names_in, needs_of
from signalspec.programs.model import Acts
from signalspec.programs.party_kinds import ProgramReceiver, ProgramSender, ProgramUid
from signalspec.programs.tables import Table

RECEIVERS, SENDERS, UIDS = ("f", "g", "h", "i"), ("A", "B", "C", "D"), ("u", "v", "w")
"""The names of the parties and uids of programs."""

NAMES = (*RECEIVERS, *SENDERS, *UIDS)
"""All of them, in the order of the tables."""

PLAIN: Mapping[type[Table], str] = {ProgramReceiver: "function", ProgramSender: "instance", ProgramUid: "string"}
"""The kind of each party that a program's cast does not mention."""


_NOTES = re.compile(r"""calls\.append\(("\w"|what)\)""")
"""How a receiver notes that it is called."""


def table_of(name: str) -> type[Table]:
    """Return the table that the kind of the party called `name` is of."""
    return ProgramReceiver if name in RECEIVERS else ProgramSender if name in SENDERS else ProgramUid


class MalformedProgramError(Exception):
    """Stored data is no program; the message says why."""


@dataclass(frozen=True)
class Program:
    """A short story of one signal.

    `cast` gives the kinds of the parties that are not plain; `acts` what receivers do the first time they are called;
    `debug` is Django's setting. With `arguments`, each send gives some of its own, and receivers note what they get.
    """

    commands: tuple[Command, ...]
    acts: Acts = field(default_factory=dict)
    cast: Mapping[str, str] = field(default_factory=dict)
    caching: bool = False
    debug: bool = False
    arguments: bool = False

    @property
    def awaited(self) -> frozenset[str]:
        """The receivers that are asynchronous."""
        return frozenset(name for name, kind in self.cast.items() if kind in AsyncReceiver.kinds)

    @property
    def needs(self) -> frozenset[str]:
        """The capabilities without which it shows nothing: among several receivers it asks for their order."""
        commands = (*self.commands, *self.acts.values())
        several = sum(name in RECEIVERS for name in self.parties()) > 1
        special = {"caching": self.caching, "debug": self.debug, "order": several, "async": bool(self.awaited)}
        return frozenset().union(
            (capability for capability, is_needed in special.items() if is_needed), *map(needs_of, commands)
        )

    @property
    def asks_for_nobody(self) -> bool:
        """Whether something is looked up in it without a sender."""
        commands = (*self.commands, *self.acts.values())
        return any(isinstance(command, Send | HasListeners) and command.sender is None for command in commands)

    def expectations(self) -> Iterator[Expectation]:
        """Yield what must be observed of each command."""
        situation = Situation.of_new_signal(self.caching, self.awaited)
        for command in self.commands:
            situation, expectation = situation.after(command, self.acts)
            yield expectation

    def parties(self) -> list[str]:
        """Return the names that the program mentions, in the order of the tables."""
        mentioned = {name for command in (*self.commands, *self.acts.values()) for name in names_in(command)}
        return [name for name in NAMES if name in mentioned]

    def source_of(self, name: str) -> str:
        """Return the source that makes the party called `name`, which does not act yet.

        With `arguments`, a receiver tells `note` what it is given.
        """
        table = table_of(name)
        source = table.source_of(self.cast.get(name, PLAIN[table]), name)
        return _NOTES.sub(r"note(\1, kwargs)", source) if self.arguments and name in RECEIVERS else source

    def to_json(self) -> dict[str, Any]:
        """Return the program as JSON-ready data."""
        return {
            "caching": self.caching,
            "debug": self.debug,
            "arguments": self.arguments,
            "cast": dict(self.cast),
            "acts": {name: command_to_json(act) for name, act in self.acts.items()},
            "commands": [command_to_json(command) for command in self.commands],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Program:
        """Return the program that `data` stores; raise `MalformedProgramError` where it stores none."""
        try:
            program = cls(
                commands=tuple(command_from_json(row) for row in data["commands"]),
                acts={name: command_from_json(row) for name, row in data["acts"].items()},
                cast=dict(data["cast"]),
                caching=bool(data["caching"]),
                debug=bool(data["debug"]),
                # A program of an older report has none.
                arguments=bool(data.get("arguments", False)),
            )
            for name in program.parties():
                program.source_of(name)
            list(program.expectations())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MalformedProgramError(f"this is no program ({type(error).__name__}: {error})") from error
        return program


def command_to_json(command: Command) -> dict[str, Any]:
    """Return a command as JSON-ready data."""
    name = next(name for name, kind in COMMANDS.items() if type(command) is kind)
    return {"do": name, **asdict(command)}


def command_from_json(row: Mapping[str, Any]) -> Command:
    """Return the command that `row` stores; raise `KeyError` or `TypeError` where it stores none."""
    arguments = dict(row)
    return COMMANDS[arguments.pop("do")](**arguments)

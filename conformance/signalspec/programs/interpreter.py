"""The interpreter: executes programs on a target."""

from __future__ import annotations

import asyncio
import functools
import gc
import types
import unittest.mock
from collections.abc import Callable, Iterator, Sequence
from typing import Any, assert_never

from signalspec.programs.arguments import Arguments
from signalspec.programs.commands import Command, Connect, Disconnect, Drop, Fail, HasListeners, Send
from signalspec.programs.outcomes import Misgiven, raised
from signalspec.programs.program import SENDERS, UIDS, Program


def execute(program: Program, factory: Callable[..., Any]) -> Iterator[object]:
    """Execute `program` on a signal of `factory`; yield what is observed of each command, as `Expectation.value`."""
    try:
        world = World(program, factory)
    except BaseException as error:
        yield from [raised(error)] * len(program.commands)
        return
    for command in program.commands:
        try:
            observed = world.perform(command)
        except BaseException as error:
            observed = raised(error)
        yield observed


class World:
    """A signal of the target and the cast of one program, on which commands are executed."""

    def __init__(
        self,
        program: Program,
        factory: Callable[..., Any],
        names: Sequence[str] = (),
        thread: Callable[[], int] = lambda: 0,
    ) -> None:
        self.signal = factory(use_caching=True) if program.caching else factory()
        self.calls: list[Any] = []
        self._arguments = Arguments(thread) if program.arguments else None
        self._note = _noting(self.calls, self._arguments)
        self._acts = dict(program.acts)
        self._parties: dict[str, Any] = {}
        # A dispatch that awaited somebody may leave cycles; an asynchronous function itself lies in none.
        self._awaits = bool(program.awaited)
        self._exotic = False
        for name in names or program.parties():
            self._make(program, name)

    def _make(self, program: Program, name: str) -> None:
        if name in program.cast:
            self._exotic = self._exotic or program.cast[name] != "async function"
            # The name is that of a script, so that parties are made as they are there.
            scope: dict[str, Any] = {
                "__name__": "__main__",
                "calls": self.calls,
                "note": self._note,
                "functools": functools,
                "types": types,
                "unittest": unittest,
            }
            exec(_compiled(program.source_of(name)), scope)
            self._parties[name] = scope.pop(name)
        elif name in UIDS:
            self._parties[name] = f"uid {name}"
        elif name in SENDERS:
            self._parties[name] = Sender()
        elif name in self._acts:
            self._parties[name] = self._acting_receiver(name)
        else:
            self._parties[name] = _plain_receiver(name, self._note)

    def _acting_receiver(self, name: str) -> Callable[..., str]:
        def receiver(**kwargs: Any) -> str:
            self._note(name, kwargs)
            act = self._acts.pop(name, None)
            if isinstance(act, Fail):
                raise ValueError
            if act is not None:
                did = self.perform(act)
                # What a change returns is the business of a command of its own, and so is that an answer is a bool.
                told = bool(did) if isinstance(act, HasListeners) else did if isinstance(act, Send) else None
                self.calls.append((name, told))
            return name

        return receiver

    def perform(self, command: Command) -> object:
        """Execute one command, and return what is observed in the terms of `Expectation.value`."""
        parties = self._parties
        match command:
            case Connect(receiver, sender, weak, uid):
                to = parties[sender] if sender else None
                if uid is None:
                    return self.signal.connect(parties[receiver], to, weak)
                return self.signal.connect(parties[receiver], to, weak, parties[uid])
            case Send(sender, robust, asynchronous):
                start, arguments = len(self.calls), self._arguments
                to = parties.get(sender) if sender else None
                named = arguments.begin(self.signal, to, parties) if arguments else {}
                try:
                    if asynchronous:
                        pairs = asyncio.run(_awaiting(getattr(self.signal, command.method), to, named))
                    else:
                        pairs = (self.signal.send_robust if robust else self.signal.send)(to, **named)
                    outcome: object = tuple([_name(response) for _, response in pairs])
                except BaseException as error:
                    outcome = raised(error)
                if arguments and (others := arguments.end()):
                    outcome = Misgiven(*others[0])
                return tuple(self.calls[start:]), outcome
            case Disconnect(party, sender, uid):
                to = parties[sender] if sender else None
                whom = parties.get(party) if party else None
                removed = (
                    self.signal.disconnect(whom, to)
                    if uid is None
                    else self.signal.disconnect(whom, to, dispatch_uid=parties[uid])
                )
                if self._exotic:
                    # What only the connection held may lie in a cycle.
                    del whom
                    gc.collect()
                return removed
            case HasListeners(sender):
                return self.signal.has_listeners(parties[sender] if sender else None)
            case Drop(party):
                del parties[party]
                if self._exotic or self._awaits:
                    gc.collect()
                return None
            case Fail():
                raise ValueError
            case _:
                assert_never(command)


class Sender:
    """A plain sender."""


def _noting(calls: list[Any], arguments: Arguments | None) -> Callable[[str, Any], None]:
    """Return what notes that a receiver is called, and with what; it knows of no party."""
    if arguments is None:
        return lambda name, given: calls.append(name)
    compare = arguments.note

    def note(name: str, given: Any) -> None:
        calls.append(name)
        compare(name, given)

    return note


def _plain_receiver(name: str, note: Callable[[str, Any], None]) -> Callable[..., str]:
    def receiver(**kwargs: Any) -> str:
        note(name, kwargs)
        return name

    return receiver


async def _awaiting(send: Callable[..., Any], sender: object, named: dict[str, Any]) -> Any:
    return await send(sender, **named)


def _name(response: object) -> object:
    return response if isinstance(response, str) else type(response).__name__


@functools.cache
def _compiled(source: str) -> types.CodeType:
    return compile(source, "<party>", "exec")

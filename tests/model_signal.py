"""The model as an implementation: a signal that asks `signalspec.programs.model` what to do.

It exists so that the laws and the examples of the standard can be run on the model. The objects of a program become
names that the model knows, and their deaths become its `Drop` commands.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from types import MethodType
from typing import Any

from signalspec.programs.commands import Command, Connect, Disconnect, Drop, HasListeners
from signalspec.programs.model import State, step
from signalspec_reference import receiver

__all__ = ["Signal", "receiver"]


@dataclass
class Party:
    """A receiver or a sender of a connection: how to reach it, and itself while a strong connection keeps it."""

    key: object
    reach: Callable[[], Any]
    held: Any = None


class Signal:
    """A signal whose every answer is the model's."""

    def __init__(self, use_caching: bool = False) -> None:
        self._state = State()
        self._parties: dict[str, Party] = {}
        self._uids: dict[Any, str] = {}
        self._numbers = itertools.count()
        self._deaths: list[str] = []

    def connect(self, receiver: Any, sender: Any = None, weak: bool = True, dispatch_uid: Any = None) -> None:
        """Take the model's `Connect`."""
        self._bury()
        if weak:
            refer(receiver)
        self._step(Connect(self._name(receiver), self._sender(sender), weak, self._uid(dispatch_uid)))

    def disconnect(self, receiver: Any = None, sender: Any = None, dispatch_uid: Any = None) -> Any:
        """Take the model's `Disconnect`."""
        self._bury()
        who = None if receiver is None else self._name(receiver)
        return self._step(Disconnect(who, self._sender(sender), self._uid(dispatch_uid)))

    def has_listeners(self, sender: Any = None) -> Any:
        """Take the model's `HasListeners`."""
        self._bury()
        return self._step(HasListeners(self._sender(sender)))

    def send(self, sender: Any, **named: Any) -> list[tuple[Any, Any]]:
        """Call the receivers that the model names."""
        return [(each, each(signal=self, sender=sender, **named)) for each in self._settled(sender)]

    def send_robust(self, sender: Any, **named: Any) -> list[tuple[Any, Any]]:
        """Call the receivers that the model names; their exceptions are responses."""
        responses = []
        for each in self._settled(sender):
            try:
                response = each(signal=self, sender=sender, **named)
            except Exception as error:
                response = error
            responses.append((each, response))
        return responses

    def _settled(self, sender: Any) -> list[Any]:
        self._bury()
        who = self._sender(sender)
        receivers = [self._parties[c.receiver].reach() for c in self._state.connections if c.hears(who)]
        self._forget()
        return receivers

    def _bury(self) -> None:
        while self._deaths:
            self._state = step(self._state, Drop(self._deaths.pop()), {}).after
            self._forget()

    def _step(self, command: Command) -> Any:
        event = step(self._state, command, {})
        self._state = event.after
        self._forget()
        return event.value

    def _forget(self) -> None:
        """Drop what nothing refers to."""
        for name, party in self._parties.items():
            strong = any(c.receiver == name and not c.weak for c in self._state.connections)
            party.held = party.reach() if strong else None
        self._state = State(self._state.connections)
        used = {name for c in self._state.connections for name in (c.receiver, c.sender, c.uid)}
        self._parties = {name: party for name, party in self._parties.items() if name in used}
        self._uids = {uid: name for uid, name in self._uids.items() if name in used}

    def _name(self, party: Any) -> str:
        key = (id(party.__self__), id(party.__func__)) if isinstance(party, MethodType) else id(party)
        for name, known in self._parties.items():
            if known.key == key:
                return name
        name, deaths = f"party {next(self._numbers)}", self._deaths
        try:
            reach = refer(party, lambda _: deaths.append(name))
        except TypeError:
            reach = lambda: party  # noqa: E731
        self._parties[name] = Party(key, reach)
        return name

    def _sender(self, sender: Any) -> str | None:
        return None if sender is None else self._name(sender)

    def _uid(self, uid: Any) -> str | None:
        return None if uid is None else self._uids.setdefault(uid, f"uid {next(self._numbers)}")


def refer(party: Any, on_death: Callable[[Any], object] | None = None) -> Callable[[], Any]:
    """Return a weak reference to `party`; raise `TypeError` where there can be none."""
    return (weakref.WeakMethod if isinstance(party, MethodType) else weakref.ref)(party, on_death)

"""The vocabulary of programs: what can be done to a signal, as data.

Parties and uids are named by short strings, such as ``f`` for a receiver, ``A`` for a sender and ``u`` for a uid;
``None`` stands for no sender and no uid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Connect:
    """``signal.connect(receiver, sender, weak, dispatch_uid)``"""

    receiver: str
    sender: str | None = None
    weak: bool = True
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class Disconnect:
    """``signal.disconnect(receiver, sender, dispatch_uid)``"""

    receiver: str | None
    sender: str | None = None
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class HasListeners:
    """``signal.has_listeners(sender)``"""

    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """``signal.send(sender)`` or ``signal.send_robust(sender)``, or their asynchronous siblings"""

    sender: str | None = None
    robust: bool = False
    asynchronous: bool = False

    @property
    def method(self) -> str:
        """The name of the signal's method."""
        return f"{'a' * self.asynchronous}send{'_robust' * self.robust}"


@dataclass(frozen=True, slots=True)
class Drop:
    """The program's reference to a receiver or a sender is dropped, and garbage is collected."""

    party: str


@dataclass(frozen=True, slots=True)
class Fail:
    """A `ValueError` is raised: something that only a receiver can do."""


Command = Connect | Disconnect | HasListeners | Send | Drop | Fail

COMMANDS: dict[str, type[Command]] = {
    "connect": Connect,
    "disconnect": Disconnect,
    "has_listeners": HasListeners,
    "send": Send,
    "drop": Drop,
    "fail": Fail,
}
"""Every command, by the name it has in a stored program."""


def names_in(command: Command) -> list[str]:
    """Return the parties and uids that a command names."""
    names = (getattr(command, attribute, None) for attribute in ("receiver", "sender", "uid", "party"))
    return [name for name in names if name is not None]


def needs_of(command: Command) -> frozenset[str]:
    """Return the capabilities that a command uses."""
    match command:
        case Connect(weak=weak, uid=uid):
            used = {"weak": weak, "uids": uid is not None}
        case Disconnect(uid=uid):
            used = {"uids": uid is not None}
        case HasListeners():
            used = {"listeners": True}
        case Send(robust=robust, asynchronous=asynchronous):
            used = {"robust": robust, "async": asynchronous}
        case Drop():
            used = {"weak": True}
        case Fail():
            used = {}
        case _:
            assert_never(command)
    return frozenset(capability for capability, is_used in used.items() if is_used)

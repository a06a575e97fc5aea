"""Senders that do not send, and senders that a signal cannot take."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from signalspec.traces.remarks import Evidence, Remark
from signalspec.traces.trace import NOBODY, Connect, Sender

SIGNALS = "django.db.models.signals."
INIT = {f"{SIGNALS}{when}_init" for when in ("pre", "post")}
CHANGES = {f"{SIGNALS}{when}_{what}" for when in ("pre", "post") for what in ("save", "delete")}
M2M = f"{SIGNALS}m2m_changed"
MIGRATE = {f"{SIGNALS}{when}_migrate" for when in ("pre", "post")}


def sender_never_sends(evidence: Evidence) -> Iterator[Remark]:
    """Yield each connection for a sender that never sends the signal, where it is known why."""
    sent = _Sent(evidence)
    for history in evidence.histories:
        for connect in history.connects:
            if connect.place is None or connect.sender == NOBODY or sent.has(connect):
                continue
            why = sent.why_not(connect)
            if why:
                what = f"{_shown(connect.sender)} {why}".replace(SIGNAL, connect.signal.name)
                yield Remark("sender-never-sends", connect.place, what, connect.context.test)
    if not any(part.finished for part in evidence.trace.parts):
        return
    loaded = {
        (connect.signal.name, connect.receiver, connect.sender.model.label)
        for history in evidence.histories
        for connect in history.connects
        if connect.sender.model is not None
    }
    for history in evidence.histories:
        for lazy in history.lazies:
            if lazy.place is not None and (lazy.signal.name, lazy.receiver, lazy.label.lower()) not in loaded:
                what = f"{lazy.label} never sends {lazy.signal.name}: no model of this name was loaded"
                yield Remark("sender-never-sends", lazy.place, what, lazy.context.test)


def sender_not_cached(evidence: Evidence) -> Iterator[Remark]:
    """Yield each sender that a signal with caching could not take."""
    for shape in {id(sent.shape): sent.shape for sent in evidence.trace.dispatches}.values():
        if shape.raised == ("TypeError", None) and shape.signal.caching and shape.signal.own:
            who = f"{_shown(shape.sender)} cannot send {shape.signal.name}"
            what = f"{who}, which has caching: the send raises TypeError"
            yield Remark("sender-not-cached", evidence.source.place_of(shape.signal.name), what)


SIGNAL = "SIGNAL"
"""What stands for the name of the signal in a reason."""


def _shown(sender: Sender) -> str:
    if sender.name.startswith("str "):
        return "this sender, a string,"
    if sender.name.endswith("()"):
        return f"this sender, an instance of {sender.name.removesuffix('()')},"
    return sender.name


class _Sent:
    """What was sent by whom."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._shapes = {id(sent.shape): sent.shape for sent in evidence.trace.dispatches}.values()
        self._pairs = {(shape.signal.name, shape.sender.name) for shape in self._shapes}
        self._equal = {(shape.signal.name, shape.sender.name) for shape in self._shapes if shape.equal}

    @cached_property
    def _through(self) -> frozenset[str]:
        return frozenset(name for part in self._evidence.trace.parts for name in part.through)

    def has(self, connect: Connect) -> bool:
        """Tell whether the sender of a connection sends its signal, as the object that was connected."""
        pair = (connect.signal.name, connect.sender.name)
        return pair in self._pairs and pair not in self._equal

    def why_not(self, connect: Connect) -> str | None:
        """Return that the sender of a connection does not send its signal, and why, if that is known."""
        signal, sender = connect.signal.name, connect.sender
        if (signal, sender.name) in self._equal:
            return "never sends SIGNAL: what sends is another string that equals it"
        if signal in INIT | CHANGES | {M2M}:
            why = self._why_no_model(signal, sender)
            if why is not None:
                return f"never sends SIGNAL: {why}"
            return self._why_proxy(signal, sender)
        if signal in MIGRATE and sender.model is not None:
            return "never sends SIGNAL: the `AppConfig` of an app does, not its models"
        for name, who in (
            (f"{sender.name}()", "its instances"),
            (sender.name.removesuffix("()"), "its class"),
        ):
            if name != sender.name and (signal, name) in self._pairs:
                return f"did not send SIGNAL: {who} did"
        others = {name for what, name in self._pairs if what == signal}
        for kind in ("str ", "module "):
            if sender.name.startswith(kind) and others and not any(name.startswith(kind) for name in others):
                return "did not send SIGNAL: only other kinds of objects did"
        return None

    def _why_no_model(self, signal: str, sender: Sender) -> str | None:
        """Return why a sender sends none of the signals that only models send."""
        finished = any(part.finished for part in self._evidence.trace.parts)
        if signal == M2M and finished and sender.name not in self._through:
            return "it is no model between two others; those are at `Model.field.through`"
        if sender.model is None:
            return "only models send it" if self._is_of_models(signal) else None
        if sender.model.abstract:
            return "it is an abstract model"
        if sender.model.swapped:
            return "it is swapped for another model"
        if sender.model.auto_created and signal in CHANGES:
            return "Django made this model for a many-to-many field; `m2m_changed` is sent for it"
        return None

    def _why_proxy(self, signal: str, sender: Sender) -> str | None:
        concrete = sender.model.concrete if sender.model and sender.model.proxy else None
        if concrete is not None and signal != M2M and (signal, concrete) in self._pairs:
            return f"did not send SIGNAL: it is a proxy, and the instances were of {concrete}"
        return None

    def _is_of_models(self, signal: str) -> bool:
        """Tell whether models have sent a signal, and nobody else has."""
        senders = [shape.sender for shape in self._shapes if shape.signal.name == signal]
        return bool(senders) and all(sender.model is not None or sender.historical for sender in senders)

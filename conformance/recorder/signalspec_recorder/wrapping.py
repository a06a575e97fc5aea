"""Puts a wrapper around each public method of Django's signals, from outside."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Callable

from .recording import Open, Recorder

CONNECT = ("receiver", "sender", "weak", "dispatch_uid", "apps")
DISCONNECT = ("receiver", "sender", "dispatch_uid", "apps")


def wrap_signal(signal_class: Any, recorder: Recorder) -> None:
    """Wrap what connects, disconnects and sends in ``django.dispatch.Signal``."""
    signal_class.connect = _connecting(signal_class.connect, recorder)
    signal_class.disconnect = _disconnecting(signal_class.disconnect, recorder)
    for how in ("send", "send_robust"):
        setattr(signal_class, how, _sending(getattr(signal_class, how), how, recorder))
    for how in ("asend", "asend_robust"):
        if hasattr(signal_class, how):
            setattr(signal_class, how, _asending(getattr(signal_class, how), how, recorder))


def wrap_model_signals(module: ModuleType, recorder: Recorder) -> None:
    """Wrap ``connect`` in ``django.db.models.signals``, which takes the name of a model that is not there yet."""
    module.ModelSignal.connect = _asking(module.ModelSignal.connect, recorder)


def _connecting(original: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    def connect(self: Any, *args: Any, **named: Any) -> Any:
        result = original(self, *args, **named)
        _safely(recorder, recorder.connected, self, {**dict(zip(CONNECT, args)), **named})
        return result

    return connect


def _asking(original: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    def connect(self: Any, *args: Any, **named: Any) -> Any:
        arguments = {**dict(zip(CONNECT, args)), **named}
        if type(arguments.get("sender")) is str:
            _safely(recorder, recorder.asked, self, arguments)
        del arguments
        return original(self, *args, **named)

    return connect


def _disconnecting(original: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    def disconnect(self: Any, *args: Any, **named: Any) -> Any:
        removed = original(self, *args, **named)
        arguments = {**dict(zip(DISCONNECT, args)), **named}
        _safely(recorder, recorder.disconnected, self, arguments, removed)
        return removed

    return disconnect


def _sending(original: Callable[..., Any], how: str, recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    def send(self: Any, *args: Any, **named: Any) -> Any:
        opened = recorder.begin(is_awaited=False)
        try:
            pairs = original(self, *args, **named)
        except BaseException as error:
            _ended(recorder, opened, how, self, args, named, (), error)
            raise
        _ended(recorder, opened, how, self, args, named, pairs, None)
        return pairs

    return send


def _asending(original: Callable[..., Any], how: str, recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    async def asend(self: Any, *args: Any, **named: Any) -> Any:
        opened = recorder.begin(is_awaited=True)
        try:
            pairs = await original(self, *args, **named)
        except BaseException as error:
            _ended(recorder, opened, how, self, args, named, (), error)
            raise
        _ended(recorder, opened, how, self, args, named, pairs, None)
        return pairs

    return asend


def _ended(
    recorder: Recorder,
    opened: Open,
    how: str,
    signal: Any,
    args: tuple[Any, ...],
    named: dict[str, Any],
    pairs: Any,
    error: BaseException | None,
) -> None:
    # Who sends by keyword gets a copy without the sender, so that what was passed on stays as it is.
    if args:
        sender, rest = args[0], named
    else:
        rest = dict(named)
        sender = rest.pop("sender", None)
    try:
        recorder.end(opened, how, signal, sender, rest, pairs, error)
    except Exception:
        recorder.lost += 1


def _safely(recorder: Recorder, record: Callable[..., None], *args: Any) -> None:
    # What can't be recorded is counted; it must not reach the project.
    try:
        record(*args)
    except Exception:
        recorder.lost += 1

"""Puts a wrapper around each public method of Django's signals, from outside.

A wrapper uses the recorder and nothing of this module, which is emptied while an interpreter ends and may still send.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Callable

from .recording import Recorder


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
        recorder.safely(recorder.connected, self, args, named)
        return result

    return connect


def _asking(original: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    def connect(self: Any, *args: Any, **named: Any) -> Any:
        recorder.safely(recorder.asked, self, args, named)
        return original(self, *args, **named)

    return connect


def _disconnecting(original: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    def disconnect(self: Any, *args: Any, **named: Any) -> Any:
        removed = original(self, *args, **named)
        recorder.safely(recorder.disconnected, self, args, named, removed)
        return removed

    return disconnect


def _sending(original: Callable[..., Any], how: str, recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    def send(self: Any, *args: Any, **named: Any) -> Any:
        opened = recorder.begin(is_awaited=False)
        try:
            pairs = original(self, *args, **named)
        except BaseException as error:
            recorder.end(opened, how, self, args, named, (), error)
            raise
        recorder.end(opened, how, self, args, named, pairs, None)
        return pairs

    return send


def _asending(original: Callable[..., Any], how: str, recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    async def asend(self: Any, *args: Any, **named: Any) -> Any:
        opened = recorder.begin(is_awaited=True)
        try:
            pairs = await original(self, *args, **named)
        except BaseException as error:
            recorder.end(opened, how, self, args, named, (), error)
            raise
        recorder.end(opened, how, self, args, named, pairs, None)
        return pairs

    return asend

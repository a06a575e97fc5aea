"""async-signals: its sends are coroutine functions, so they are `asend` and `asend_robust`; `send` runs them."""

import asyncio

import async_signals
from async_signals import receiver

__all__ = ["Signal", "receiver"]


class Signal(async_signals.Signal):
    asend = async_signals.Signal.send
    asend_robust = async_signals.Signal.send_robust

    def send(self, sender, **named):
        return asyncio.run(super().send(sender, **named))

    def send_robust(self, sender, **named):
        return asyncio.run(super().send_robust(sender, **named))

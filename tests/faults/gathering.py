"""The reference as asynchronous sends were up to Django 6.0: what has changed since, put back.

It is sound under ``django-6.0``, and has the faults planted in it that break what is in force only until then.
"""

from __future__ import annotations

import asyncio
from typing import Any

import signalspec_reference
from asgiref.sync import sync_to_async
from signalspec_reference import Named, Receiver, Response, log_failure, receiver

__all__ = ["Signal", "receiver"]


class Signal(signalspec_reference.Signal):
    """A signal whose asynchronous receivers have a context of their own each, and go on when one fails."""

    async def asend(self, /, sender: Any, **named: Any) -> list[Response]:
        """Send asynchronously."""
        direct, awaited = self._receivers(sender)
        responses = []
        if direct:
            # A task has a copy of the context.
            responses = await asyncio.ensure_future(sync_to_async(self._call)(direct, sender, named))
        return responses + await self._await(awaited, sender, named)

    async def asend_robust(self, /, sender: Any, **named: Any) -> list[Response]:
        """Send asynchronously, and take errors for responses."""
        direct, awaited = self._receivers(sender)
        responses = []
        if direct:
            responses = await asyncio.ensure_future(sync_to_async(self._call_robustly)(direct, sender, named))
        return responses + await self._await_robustly(awaited, sender, named)

    async def _await(self, receivers: list[Receiver], sender: Any, named: Named) -> list[Response]:
        async def respond(receiver: Receiver) -> Any:
            return await receiver(signal=self, sender=sender, **named)

        return list(zip(receivers, await asyncio.gather(*map(respond, receivers)), strict=True))

    async def _await_robustly(self, receivers: list[Receiver], sender: Any, named: Named) -> list[Response]:
        async def respond(receiver: Receiver) -> Any:
            try:
                return await receiver(signal=self, sender=sender, **named)
            except Exception as failure:
                log_failure(receiver, failure)
                return failure

        responses = await asyncio.gather(*map(respond, receivers))
        return list(zip(receivers, responses, strict=True))

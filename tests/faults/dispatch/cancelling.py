"""Faults of the chapter cancelling: asynchronous dispatches that are cancelled."""

from __future__ import annotations

from faults import GATHERING, REFERENCE, Fault

_HANDS_ON = """\
            cancelled, over = error, loop.create_future()
            for task in tasks:
                task.cancel()
"""
_RAISES = "    if cancelled is not None:\n        raise cancelled\n"
_AWAITS = "            responses += await self._await(awaited, sender, named)\n"
_GATHERS = (
    "return list(zip(receivers, await asyncio.gather(*map(respond, receivers)), strict=True))\n\n"
    "    async def _await_robustly"
)

FAULTS = [
    Fault(
        "cancelling.waits-for-all",
        "Whoever is cancelled is not waited for.",
        REFERENCE,
        {_HANDS_ON: _HANDS_ON + "            await asyncio.sleep(0)\n            raise\n"},
    ),
    Fault(
        "cancelling.waits-for-all",
        "Where a thread has run the others, receivers are shielded from the cancellation.",
        REFERENCE,
        {
            _AWAITS: """\
            waiting = self._await(awaited, sender, named)
            responses += await (asyncio.shield(waiting) if direct else waiting)
"""
        },
    ),
    Fault(
        "cancelling.stays-cancelled",
        "A cancellation that nobody minded is forgotten.",
        REFERENCE,
        {_RAISES: _RAISES.replace("is not None", "is not None and failed")},
    ),
    Fault(
        "cancelling.stays-cancelled",
        "A single receiver needs no task.",
        REFERENCE,
        {
            "    before = contextvars.copy_context()\n": """\
    if len(receivers) == 1:
        return [await respond(receivers[0])]
    before = contextvars.copy_context()
"""
        },
    ),
    Fault(
        "cancelling.stays-cancelled",
        "What was handed on is taken back.",
        REFERENCE,
        {_HANDS_ON: _HANDS_ON + "            asyncio.current_task().uncancel()  # type: ignore[union-attr]\n"},
    ),
    Fault(
        "cancelling.bears-the-message",
        "The exception is made anew.",
        REFERENCE,
        {_RAISES: _RAISES.replace("raise cancelled", "raise asyncio.CancelledError")},
    ),
    Fault(
        "cancelling.failure-outweighs-it",
        "What fails after a cancellation does not count.",
        REFERENCE,
        {_RAISES: "", "    if len(errors) > 1:\n": _RAISES + "    if len(errors) > 1:\n"},
    ),
    Fault(
        "cancelling.each-time",
        "Only the first cancellation is handed on.",
        GATHERING,
        {
            _GATHERS: """\
tasks = [asyncio.ensure_future(respond(each)) for each in receivers]
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError:
            for each in tasks:
                each.cancel()
            await asyncio.wait(tasks)
            raise
        return [(receiver, task.result()) for receiver, task in zip(receivers, tasks, strict=True)]

    async def _await_robustly"""
        },
    ),
]

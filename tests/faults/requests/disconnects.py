"""Faults of the chapter disconnects: clients that leave."""

from __future__ import annotations

from planting import DjangoFault

ASGI = "django.core.handlers.asgi"

_ENDS = "await signals.request_finished.asend(sender=self.__class__)"
_ABORTS = "        except RequestAborted:\n            return\n"
_CLOSES = "await sync_to_async(response.close)()"
_HEARS = "            raise RequestAborted()\n        # This should never happen.\n"
_SENDS = "    async def send_response(self, response, send):\n"
_HANDLES = "            await self.handle(scope, receive, send)\n"
_GETS = "        response = await self.get_response_async(request)\n"

FAULTS = [
    DjangoFault(
        "disconnects.before-the-body",
        "An aborted upload sends request_finished.",
        ASGI,
        {_ABORTS: f"        except RequestAborted:\n            {_ENDS}\n            return\n"},
    ),
    DjangoFault("disconnects.in-an-asynchronous-view", "A client that has left ends nothing.", ASGI, {_ENDS: "pass"}),
    DjangoFault(
        "disconnects.in-a-synchronous-view",
        "A client that has left ends the request twice.",
        ASGI,
        {_ENDS: f"{_ENDS}; {_ENDS}"},
    ),
    DjangoFault("disconnects.in-the-body", "Responses are not closed.", ASGI, {_CLOSES: "pass"}),
    DjangoFault("disconnects.at-the-status", "Responses are closed twice.", ASGI, {_CLOSES: f"{_CLOSES}; {_CLOSES}"}),
    DjangoFault(
        "disconnects.while-sending",
        "The response is closed whatever happens to it.",
        ASGI,
        {
            _SENDS: f"""\
{_SENDS}        try:
            await self.really_send_response(response, send)
        except Exception:
            response.close()
            raise

    async def really_send_response(self, response, send):
"""
        },
        repair=True,
    ),
    DjangoFault(
        "disconnects.cancels-an-asynchronous-view",
        "Nobody is cancelled.",
        ASGI,
        {"                task.cancel()\n": ""},
        releases=("5.2",),
    ),
    DjangoFault(
        "disconnects.cancels-an-asynchronous-view",
        "Nobody waits for the client.",
        ASGI,
        {"tg.create_task(self.listen_for_disconnect(receive))": "pass"},
        releases=("6.1",),
    ),
    DjangoFault(
        "disconnects.lets-a-synchronous-view-end",
        "It is sent as soon as the client leaves.",
        ASGI,
        {_HEARS: f"            signals.request_finished.send(sender=self.__class__)\n{_HEARS}"},
    ),
    DjangoFault(
        "disconnects.asynchronous-receivers",
        "They are called as soon as the client leaves.",
        ASGI,
        {_HEARS: f"            {_ENDS}\n{_HEARS}"},
        releases=("6.1",),
    ),
    DjangoFault(
        "disconnects.closes-the-response",
        "What the view returns is waited for and closed.",
        ASGI,
        {
            _GETS: """\
        task = asyncio.ensure_future(self.get_response_async(request))
        try:
            response = await asyncio.shield(task)
        except asyncio.CancelledError:
            for closer in (await task)._resource_closers:
                closer()
            raise
"""
        },
        repair=True,
    ),
    DjangoFault(
        "disconnects.no-exception",
        "A client that leaves is an exception.",
        ASGI,
        {_HEARS: f"            signals.got_request_exception.send(sender=None, request=None)\n{_HEARS}"},
    ),
    DjangoFault(
        "disconnects.cancelled-by-the-server",
        "A handler that is cancelled ends its request.",
        ASGI,
        {
            _HANDLES: f"            try:\n    {_HANDLES}            except asyncio.CancelledError:\n                {_ENDS}\n                raise\n"
        },
        repair=True,
    ),
]

"""Faults of the chapter around: what receivers find."""

from __future__ import annotations

from planting import DjangoFault

ASGI = "django.core.handlers.asgi"
WSGI = "django.core.handlers.wsgi"
BASE = "django.core.handlers.base"
RESPONSE = "django.http.response"
DB = "django.db"
BACKEND = "django.db.backends.base.base"

_SENDS = "        signals.request_finished.send(sender=self._handler_class)\n"
_CHAIN = "        response = self._middleware_chain(request)\n"
_OBSOLETE = "        if self.connection is not None:\n            self.health_check_done = False\n            # If the application"
_ASENDS = "await signals.request_started.asend(sender=self.__class__, scope=scope)"

FAULTS = [
    DjangoFault(
        "around.one-thread",
        "Responses are closed in any thread.",
        ASGI,
        {"sync_to_async(response.close)()": "sync_to_async(response.close, thread_sensitive=False)()"},
    ),
    DjangoFault(
        "around.queries-are-reset",
        "Queries are forgotten at the end.",
        DB,
        {"signals.request_started.connect(reset_queries)": "signals.request_finished.connect(reset_queries)"},
    ),
    DjangoFault(
        "around.connections-are-closed-first",
        "Nobody closes them at the end.",
        DB,
        {"signals.request_finished.connect(close_old_connections)": ""},
    ),
    DjangoFault(
        "around.late-queries-stay-open",
        "All connections are closed behind the receivers.",
        RESPONSE,
        {_SENDS: f"{_SENDS}        from django.db import connections\n        connections.close_all()\n"},
    ),
    DjangoFault(
        "around.transactions",
        "The whole request runs in a transaction.",
        BASE,
        {_CHAIN: f'        with transaction.atomic("other"):\n    {_CHAIN}'},
    ),
    DjangoFault(
        "around.open-transactions",
        "A transaction keeps its connection.",
        BACKEND,
        {_OBSOLETE: _OBSOLETE.replace("None:", "None and not self.in_atomic_block:", 1)},
        repair=True,
    ),
    DjangoFault(
        "around.asynchronous-receivers",
        "Those that are asynchronous are left out.",
        WSGI,
        {
            "        signals.request_started.send(sender=self.__class__, environ=environ)\n": """\
        for receiver in signals.request_started._live_receivers(self.__class__)[0]:
            receiver(signal=signals.request_started, sender=self.__class__, environ=environ)
"""
        },
    ),
    DjangoFault(
        "around.one-event-loop",
        "request_started has a loop of its own.",
        ASGI,
        {
            _ASENDS: f"await sync_to_async(lambda: asyncio.run({_ASENDS.removeprefix('await ')}), thread_sensitive=False)()"
        },
    ),
    DjangoFault(
        "around.urlconf-is-reset",
        "The URLconf of a request outlives it.",
        "django.core.handlers.base",
        {"request_finished.connect(reset_urlconf)\n": ""},
    ),
]

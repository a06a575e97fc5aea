"""The ASGI application that a server calls; that a client has left is noted when the server says so."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "served_settings"

import noting
from django.core.asgi import get_asgi_application
from django.core.signals import request_finished, request_started

request_started.connect(noting.started)
request_finished.connect(noting.finished)
django = get_asgi_application()


async def application(scope, receive, send):
    """Answer as Django does; refuse lifespan, as Django does."""

    async def noted():
        message = await receive()
        if message["type"] == "http.disconnect":
            noting.note("disconnect", noting.id_of(scope["query_string"].decode()))
        return message

    await django(scope, noted, send)

"""Faults of the chapter order: the whole of a request."""

from __future__ import annotations

from planting import DjangoFault

WSGI = "django.core.handlers.wsgi"
BASE = "django.core.handlers.base"

_HANDLER = "        response._handler_class = self.__class__\n"

FAULTS = [
    DjangoFault(
        "order.of-a-request",
        "Streaming responses that middleware passed on end before their body.",
        WSGI,
        {
            _HANDLER: f"{_HANDLER}        if response.streaming and self._exception_middleware:\n            signals.request_finished.send(sender=self.__class__)\n"
        },
    ),
    DjangoFault(
        "order.of-a-request",
        "What process_exception answers sends got_request_exception where the view is synchronous.",
        BASE,
        {
            "                response = wrapped_callback(request, *callback_args, **callback_kwargs)\n            except Exception as e:\n": """\
                response = wrapped_callback(request, *callback_args, **callback_kwargs)
            except Exception as e:
                from django.core.signals import got_request_exception
                got_request_exception.send(sender=None, request=request)
"""
        },
    ),
]

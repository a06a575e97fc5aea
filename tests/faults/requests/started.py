"""Faults of the chapter started: request_started."""

from __future__ import annotations

from planting import DjangoFault

WSGI = "django.core.handlers.wsgi"
ASGI = "django.core.handlers.asgi"
BASE = "django.core.handlers.base"
STATIC = "django.contrib.staticfiles.handlers"

_SENDS = "        signals.request_started.send(sender=self.__class__, environ=environ)\n"
_PREFIX = "        set_script_prefix(get_script_name(environ))\n"
_MAKES = "        request = self.request_class(environ)\n"
_ANSWERS = "        response = self.get_response(request)\n"
_ASENDS = "await signals.request_started.asend(sender=self.__class__, scope=scope)"
_RECEIVES = "        # Receive the HTTP request body as a stream object.\n"

FAULTS = [
    DjangoFault("started.once", "It is sent twice.", WSGI, {_SENDS: _SENDS * 2}),
    DjangoFault(
        "started.once", "HEAD requests send nothing.", ASGI, {_ASENDS: f'scope["method"] != "HEAD" and {_ASENDS}'}
    ),
    DjangoFault(
        "started.unknown-page",
        "A path without a page sends nothing.",
        WSGI,
        {
            _SENDS: f'        from django.urls import is_valid_path\n        if is_valid_path(environ["PATH_INFO"]):\n    {_SENDS}'
        },
    ),
    DjangoFault(
        "started.before-middleware", "It is sent after the view.", WSGI, {_SENDS: "", _ANSWERS: _ANSWERS + _SENDS}
    ),
    DjangoFault(
        "started.before-the-request",
        "It is sent after the request is made.",
        WSGI,
        {_SENDS: "", _MAKES: _MAKES + _SENDS},
    ),
    DjangoFault(
        "started.after-the-script-prefix",
        "It is sent before the script prefix is set.",
        WSGI,
        {_PREFIX: "", _SENDS: _SENDS + _PREFIX},
    ),
    DjangoFault("started.environ", "Receivers get a copy.", WSGI, {"environ=environ)\n": "environ=dict(environ))\n"}),
    DjangoFault(
        "started.environ",
        "Receivers get the handler as well.",
        WSGI,
        {"environ=environ)\n": "environ=environ, handler=self)\n"},
    ),
    DjangoFault(
        "started.environ-can-be-changed",
        "The request is made of a copy.",
        WSGI,
        {
            _PREFIX: _PREFIX + "        before = dict(environ)\n",
            "self.request_class(environ)": "self.request_class(before)",
        },
    ),
    DjangoFault(
        "started.scope", "Receivers get an environ as well.", ASGI, {"scope=scope)\n": "scope=scope, environ={})\n"}
    ),
    DjangoFault("started.scope", "Receivers get a copy.", ASGI, {"scope=scope)\n": "scope=dict(scope))\n"}),
    DjangoFault(
        "started.scope-can-be-changed",
        "The request is made of a copy.",
        ASGI,
        {
            _RECEIVES: _RECEIVES + "        before = dict(scope)\n",
            "self.create_request(scope, body_file)": "self.create_request(before, body_file)",
        },
    ),
    DjangoFault(
        "started.http-only",
        "Websockets are answered.",
        ASGI,
        {'if scope["type"] != "http":': 'if scope["type"] == "lifespan":'},
    ),
    DjangoFault(
        "started.failure-ends-the-request",
        "Failures are ignored.",
        WSGI,
        {"request_started.send(": "request_started.send_robust("},
    ),
    DjangoFault(
        "started.sender",
        "A subclass is not the sender.",
        WSGI,
        {"request_started.send(sender=self.__class__": "request_started.send(sender=WSGIHandler"},
    ),
    DjangoFault(
        "started.sender",
        "The handler itself is the sender.",
        ASGI,
        {"request_started.asend(sender=self.__class__": "request_started.asend(sender=self"},
    ),
    DjangoFault(
        "started.static-files",
        "The handler inside answers.",
        STATIC,
        {"return super().__call__(environ, start_response)": "return self.application(environ, start_response)"},
    ),
    DjangoFault(
        "started.body-unread",
        "The body is read before.",
        WSGI,
        {_SENDS: f'        environ["wsgi.input"].read()\n{_SENDS}'},
    ),
    DjangoFault(
        "started.body-received",
        "It is sent before the body is received.",
        ASGI,
        {_ASENDS: "pass", _RECEIVES: f"        {_ASENDS}\n"},
    ),
    DjangoFault(
        "started.not-by-hand",
        "get_response sends it.",
        BASE,
        {
            "        response = self._middleware_chain(request)\n": "        from django.core.signals import request_started\n        request_started.send(sender=self.__class__)\n        response = self._middleware_chain(request)\n"
        },
    ),
]

"""The casts of these parts' laws: a kind is a few lines of source that make one object called ``NAME``.

The first kind of a table is the plainest, as in `signalspec.kinds`. `SINCE` says which kinds take a newer Django.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    # What the sources below use.
    import contextlib
    import io

    from asgiref.sync import async_to_sync
    from django.contrib import auth
    from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler, StaticFilesHandler
    from django.core.exceptions import DisallowedHost, PermissionDenied, SuspiciousOperation
    from django.core.handlers.asgi import ASGIHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import (
        FileResponse,
        Http404,
        HttpResponse,
        HttpResponseNotFound,
        HttpResponseRedirect,
        HttpResponseServerError,
        StreamingHttpResponse,
    )
    from django.http.multipartparser import MultiPartParserError
    from django.template import engines
    from django.template.response import SimpleTemplateResponse
    from django.test import SimpleTestCase, override_settings

    from signalspec.requests.vocabulary import avisit, serve_asgi, serve_wsgi, visit

# A law's annotations name the tables; to a type checker every drawn object is dynamic.
Authenticate: TypeAlias = Any
Body: TypeAlias = Any
Client: TypeAlias = Any
Command: TypeAlias = Any
Error: TypeAlias = Any
FailsIn: TypeAlias = Any
Fatal: TypeAlias = Any
Handled: TypeAlias = Any
Hearing: TypeAlias = Any
Layer: TypeAlias = Any
Login: TypeAlias = Any
Logout: TypeAlias = Any
Method: TypeAlias = Any
Mode: TypeAlias = Any
Response: TypeAlias = Any
Sequence: TypeAlias = Any
Serve: TypeAlias = Any
Override: TypeAlias = Any

Kinds: TypeAlias = Mapping[str, str]

TABLES: Mapping[str, Kinds] = {
    "Serve": {
        "WSGI": "NAME = serve_wsgi\nNAME.handler, NAME.static_handler = WSGIHandler, StaticFilesHandler",
        "ASGI": "NAME = serve_asgi\nNAME.handler, NAME.static_handler = ASGIHandler, ASGIStaticFilesHandler",
    },
    "Client": {
        "client": 'NAME = visit\nNAME.handler = "ClientHandler"',
        "asynchronous client": 'NAME = avisit\nNAME.handler = "AsyncClientHandler"',
    },
    "Mode": {
        "synchronous": "NAME = lambda view: view",
        "asynchronous": """\
def NAME(view):
    async def asynchronous(request):
        return view(request)
    return asynchronous""",
    },
    "Method": {method: f'NAME = "{method}"' for method in ("GET", "HEAD", "POST", "OPTIONS", "DELETE", "TRACE")},
    "Response": {
        "plain": 'NAME = lambda: HttpResponse("text")',
        "streaming": 'NAME = lambda: StreamingHttpResponse(iter(["te", "xt"]))',
        "file": 'NAME = lambda: FileResponse(io.BytesIO(b"text"))',
        "template": 'NAME = lambda: SimpleTemplateResponse(engines["django"].from_string("text"))',
        "empty": "NAME = lambda: HttpResponse(status=204)",
        "redirect": 'NAME = lambda: HttpResponseRedirect("/")',
        "not found": "NAME = HttpResponseNotFound",
        "server error": "NAME = HttpResponseServerError",
    },
    "Body": {
        "plain": 'NAME = lambda content: HttpResponse("text")',
        "streaming": "NAME = lambda content: StreamingHttpResponse(content())",
        "empty": "NAME = lambda content: HttpResponse(status=204)",
    },
    "Layer": {layer: f'NAME = "{layer}"' for layer in ("none", "passes", "answers", "fails", "handles")},
    "FailsIn": {place: f'NAME = "{place}"' for place in ("nothing", "started", "view", "lookup", "body", "finished")},
    "Hearing": {
        "synchronous": "NAME = listen",
        "asynchronous": "NAME = alisten",
    },
    "Sequence": {f"sequence {number}": f"NAME = steps_of({number})" for number in range(1, 21)},
    "Error": {
        "value error": 'NAME = ValueError("planted")',
        "key error": 'NAME = KeyError("planted")',
        "os error": 'NAME = OSError(5, "planted")',
        "assertion": 'NAME = AssertionError("planted")',
        "exception": 'NAME = Exception("planted")',
        "own": 'NAME = type("Own", (Exception,), {})()',
    },
    "Handled": {
        "not found": "NAME = Http404()",
        "permission denied": "NAME = PermissionDenied()",
        "suspicious": "NAME = SuspiciousOperation()",
        "disallowed host": "NAME = DisallowedHost()",
        "multipart": "NAME = MultiPartParserError()",
    },
    "Fatal": {
        "system exit": "NAME = SystemExit(3)",
        "keyboard interrupt": 'NAME = KeyboardInterrupt("planted")',
    },
    "Login": {
        "login": "NAME = auth.login",
        "with a backend": """\
def NAME(request, user):
    auth.login(request, user, "django.contrib.auth.backends.ModelBackend")""",
        "alogin": "NAME = async_to_sync(auth.alogin)",
    },
    "Logout": {"logout": "NAME = auth.logout", "alogout": "NAME = async_to_sync(auth.alogout)"},
    "Authenticate": {
        "authenticate": "NAME = auth.authenticate",
        "aauthenticate": "NAME = async_to_sync(auth.aauthenticate)",
    },
    "Command": {"version": 'NAME = "version"', "unknown": 'NAME = "there_is_no_such_command"'},
    # Which user model the project has, the process says.
    "Users": {"plain": "", "custom": ""},
    "Override": {
        "override_settings": "NAME = lambda **named: override_settings(**named)",
        "decorator": """\
def NAME(**named):
    @contextlib.contextmanager
    def block():
        entered = override_settings(**named)
        entered.enable()
        try:
            yield
        finally:
            entered.disable()
    return block()""",
        "settings of a test case": 'NAME = lambda **named: SimpleTestCase("run").settings(**named)',
    },
}
"""The tables, by the name that a law's annotation uses."""

SINCE: Mapping[tuple[str, str], tuple[int, int]] = {
    ("Serve", "ASGI"): (3, 0),
    ("Client", "asynchronous client"): (3, 1),
    ("Mode", "asynchronous"): (3, 1),
    ("Hearing", "asynchronous"): (5, 0),
    ("Login", "alogin"): (5, 0),
    ("Logout", "alogout"): (5, 0),
    ("Authenticate", "aauthenticate"): (5, 0),
}
"""The first release that has what a kind is made with."""


def kinds_of(table: str) -> list[str]:
    """Return the kinds of a table that the installed Django has, plainest first."""
    import django

    return [kind for kind in TABLES[table] if django.VERSION[:2] >= SINCE.get((table, kind), (2, 2))]

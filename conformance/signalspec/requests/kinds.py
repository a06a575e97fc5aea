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
    from django import test
    from django.contrib import auth
    from django.contrib.admin.forms import AdminAuthenticationForm
    from django.contrib.admin.sites import AdminSite
    from django.contrib.auth import views
    from django.contrib.auth.backends import RemoteUserBackend
    from django.contrib.auth.forms import AuthenticationForm
    from django.contrib.auth.middleware import RemoteUserMiddleware
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
    from django.tasks.backends.dummy import DummyBackend
    from django.tasks.backends.immediate import ImmediateBackend
    from django.template import engines
    from django.template.response import SimpleTemplateResponse
    from django.test import SimpleTestCase, override_settings

    from signalspec.requests.vocabulary import (
        aenqueue,
        avisit,
        backends,
        come,
        enqueue,
        form,
        new_request,
        reset_password,
        serve_asgi,
        serve_wsgi,
        templates,
        visit,
    )

# A law's annotations name the tables; to a type checker every drawn object is dynamic.
Attempt: TypeAlias = Any
Authenticate: TypeAlias = Any
Backend: TypeAlias = Any
Body: TypeAlias = Any
Client: TypeAlias = Any
Command: TypeAlias = Any
Content: TypeAlias = Any
Enqueue: TypeAlias = Any
Entrance: TypeAlias = Any
Error: TypeAlias = Any
Exit: TypeAlias = Any
FailsIn: TypeAlias = Any
Fatal: TypeAlias = Any
Handled: TypeAlias = Any
Hearing: TypeAlias = Any
Layer: TypeAlias = Any
Login: TypeAlias = Any
Logout: TypeAlias = Any
Method: TypeAlias = Any
LoginClient: TypeAlias = Any
LogoutPage: TypeAlias = Any
Mode: TypeAlias = Any
Outcome: TypeAlias = Any
Place: TypeAlias = Any
Remote: TypeAlias = Any
Response: TypeAlias = Any
Sequence: TypeAlias = Any
Serve: TypeAlias = Any
Stream: TypeAlias = Any
Override: TypeAlias = Any

Kinds: TypeAlias = Mapping[str, str]

_REFUSED = """\
def NAME():
    class Backend(RemoteUserBackend):
        create_unknown_user = False
    backends(Backend)
    return come(test.CLIENT(), lambda request: HttpResponse(), RemoteUserMiddleware, remote="bob")"""

_ADMITTED = """\
def NAME():
    backends(RemoteUserBackend)
    return come(test.CLIENT(), lambda request: HttpResponse(), RemoteUserMiddleware, remote="ann")"""


def _named(kinds: Kinds) -> Kinds:
    """Let each object say as `named` which kind it is, for what a law tells of it."""
    return {kind: f'{source}\nNAME.named = "{kind}"' for kind, source in kinds.items()}


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
    "Content": _named(
        {
            "synchronous": """\
def NAME(error):
    yield "text"
    raise error""",
            "asynchronous": """\
async def NAME(error):
    yield "text"
    raise error""",
        }
    ),
    "Stream": {
        "synchronous": """\
def NAME(calls):
    yield "te"
    yield "xt"
    calls.append("end of content")""",
        "asynchronous": """\
async def NAME(calls):
    yield "te"
    yield "xt"
    calls.append("end of content")""",
    },
    "Place": {
        place: f'NAME = "{place}"'
        for place in ("view", "middleware", "template", "handler400", "handler403", "handler404")
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
    "Exit": {
        "system exit": "NAME = SystemExit(3)",
        "generator exit": "NAME = GeneratorExit()",
        "own": 'NAME = type("Own", (BaseException,), {})()',
    },
    "Login": {
        "login": 'NAME = auth.login\nNAME.named = "login()"',
        "with a backend": """\
def NAME(request, user):
    auth.login(request, user, "django.contrib.auth.backends.ModelBackend")
NAME.named = "login() with a backend\"""",
        "alogin": 'NAME = async_to_sync(auth.alogin)\nNAME.named = "alogin()"',
    },
    "Logout": {
        "logout": 'NAME = auth.logout\nNAME.named = "logout()"',
        "alogout": 'NAME = async_to_sync(auth.alogout)\nNAME.named = "alogout()"',
    },
    "Authenticate": {
        "authenticate": 'NAME = auth.authenticate\nNAME.named = "authenticate()"',
        "aauthenticate": 'NAME = async_to_sync(auth.aauthenticate)\nNAME.named = "aauthenticate()"',
    },
    # Each fails to log somebody in, and returns the request with which it tried.
    "Attempt": _named(
        {
            "LoginView": """\
def NAME():
    templates(page="text")
    return come(test.Client(), views.LoginView.as_view(template_name="page"), data=form("wrong"))""",
            "AuthenticationForm": """\
def NAME():
    request = new_request()
    AuthenticationForm(request, form("wrong")).is_valid()
    return request""",
            "AdminAuthenticationForm": """\
def NAME():
    request = new_request()
    AdminAuthenticationForm(request, form("wrong")).is_valid()
    return request""",
            "admin": """\
def NAME():
    templates(page="text")
    class Site(AdminSite):
        login_template = "page"
        def each_context(self, request):
            return {}
    return come(test.Client(), Site().login, data=form("wrong"))""",
            "RemoteUserMiddleware": _REFUSED.replace("CLIENT", "Client"),
            "asynchronous RemoteUserMiddleware": _REFUSED.replace("CLIENT", "AsyncClient"),
        }
    ),
    # Each logs the user in, and returns the request in which that was.
    "Entrance": _named(
        {
            "LoginView": "NAME = lambda: come(test.Client(), views.LoginView.as_view(), data=form())",
            "PasswordResetConfirmView": "NAME = lambda: reset_password(post_reset_login=True)",
            "RemoteUserMiddleware": _ADMITTED.replace("CLIENT", "Client"),
            "asynchronous RemoteUserMiddleware": _ADMITTED.replace("CLIENT", "AsyncClient"),
        }
    ),
    # Each logs the user of a client out, and returns the request in which that was.
    "LogoutPage": _named(
        {
            "LogoutView": """\
def NAME(client):
    return come(client, views.LogoutView.as_view(next_page="/out"), data={})""",
            "admin": """\
def NAME(client):
    templates(page="text")
    class Site(AdminSite):
        logout_template = "page"
        def each_context(self, request):
            return {}
    return come(client, Site().logout, data={})""",
        }
    ),
    # A test client that logs in, or one that does so in asynchronous code.
    "LoginClient": _named(
        {
            "Client": "NAME = test.Client()",
            "AsyncClient": """\
class NAME(test.AsyncClient):
    def __getattribute__(self, name):
        words = {"login": "alogin", "force_login": "aforce_login", "logout": "alogout"}
        found = super().__getattribute__(words.get(name, name))
        return async_to_sync(found) if name in words else found
NAME = NAME()""",
        }
    ),
    # The client of a server that says who the visitor is.
    "Remote": {
        "synchronous": "NAME = test.Client",
        "asynchronous": "NAME = test.AsyncClient",
    },
    "Backend": {"immediate": "NAME = ImmediateBackend", "dummy": "NAME = DummyBackend"},
    "Enqueue": {"enqueue": "NAME = enqueue", "aenqueue": "NAME = aenqueue"},
    "Outcome": {
        "succeeds": "NAME = lambda: None",
        "fails": """\
def NAME():
    raise ValueError""",
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
    ("Content", "asynchronous"): (4, 2),
    ("Stream", "asynchronous"): (4, 2),
    ("Hearing", "asynchronous"): (5, 0),
    ("Login", "alogin"): (5, 0),
    ("Logout", "alogout"): (5, 0),
    ("Authenticate", "aauthenticate"): (5, 0),
    ("LoginClient", "AsyncClient"): (5, 0),
    ("Attempt", "asynchronous RemoteUserMiddleware"): (5, 2),
    ("Entrance", "asynchronous RemoteUserMiddleware"): (5, 2),
    ("Remote", "asynchronous"): (5, 2),
}
"""The first release that has what a kind is made with."""


def kinds_of(table: str) -> list[str]:
    """Return the kinds of a table that the installed Django has, plainest first."""
    import django

    return [kind for kind in TABLES[table] if django.VERSION[:2] >= SINCE.get((table, kind), (2, 2))]

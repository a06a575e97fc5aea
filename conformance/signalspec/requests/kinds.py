"""The tables of requests, and those that several parts share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from signalspec.programs.tables import Kinds, Table

if TYPE_CHECKING:
    # What the sources below use.
    import io
    from wsgiref.util import FileWrapper

    from asgiref.sync import async_to_sync
    from django import test
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

    from signalspec.requests.vocabulary import avisit, serve_asgi, serve_wsgi, visit


def named(kinds: Kinds) -> Kinds:
    """Let each object say as `named` which kind it is, for what a law tells of it."""
    says = "\nNAME.named = "
    return {kind: source if says in source else f'{source}{says}"{kind}"' for kind, source in kinds.items()}


class Serve(Table):
    """A server, and the handlers that it calls."""

    kinds = {
        "WSGI": "NAME = serve_wsgi\nNAME.handler, NAME.static_handler = WSGIHandler, StaticFilesHandler",
        "ASGI": "NAME = serve_asgi\nNAME.handler, NAME.static_handler = ASGIHandler, ASGIStaticFilesHandler",
    }
    since = {"ASGI": (3, 0)}


class AnyServer(Table):
    """A server, and the handler that it calls; one server sends files itself."""

    kinds = named(
        {
            **Serve.kinds,
            "WSGI with wsgi.file_wrapper": """\
def NAME(calls, view, *middleware, **options):
    serve_wsgi(calls, view, *middleware, environ={"wsgi.file_wrapper": FileWrapper}, **options)
NAME.handler = WSGIHandler""",
        }
    )
    since = {"ASGI": (3, 0), "WSGI with wsgi.file_wrapper": (3, 0)}


class Client(Table):
    """A request of a test client."""

    kinds = {
        "client": 'NAME = visit\nNAME.handler = "ClientHandler"',
        "asynchronous client": 'NAME = avisit\nNAME.handler = "AsyncClientHandler"',
    }
    since = {"asynchronous client": (3, 1)}


class Asking(Table):
    """A request, of a server or of a test client."""

    kinds = named({**Serve.kinds, **Client.kinds})
    since = {**Serve.since, **Client.since}


class Fetch(Table):
    """A function that gets a page with a test client, which does not raise what a view raises."""

    kinds = named(
        {
            "Client": """\
def NAME(path, client=test.Client(raise_request_exception=False)):
    return client.get(path)""",
            "AsyncClient": """\
def NAME(path, client=test.AsyncClient(raise_request_exception=False)):
    return async_to_sync(client.get)(path)""",
        }
    )
    since = {"AsyncClient": (3, 1)}


class Mode(Table):
    """A view, asynchronous or not."""

    kinds = {
        "synchronous": "NAME = lambda view: view",
        "asynchronous": """\
def NAME(view):
    async def asynchronous(request):
        return view(request)
    return asynchronous""",
    }
    since = {"asynchronous": (3, 1)}


class Method(Table):
    """The method of a request."""

    kinds = {method: f'NAME = "{method}"' for method in ("GET", "HEAD", "POST", "OPTIONS", "DELETE", "TRACE")}


class Response(Table):
    """What a view returns."""

    kinds = {
        "plain": 'NAME = lambda: HttpResponse("text")',
        "streaming": 'NAME = lambda: StreamingHttpResponse(iter(["te", "xt"]))',
        "file": 'NAME = lambda: FileResponse(io.BytesIO(b"text"))',
        "template": 'NAME = lambda: SimpleTemplateResponse(engines["django"].from_string("text"))',
        "empty": "NAME = lambda: HttpResponse(status=204)",
        "redirect": 'NAME = lambda: HttpResponseRedirect("/")',
        "not found": "NAME = HttpResponseNotFound",
        "server error": "NAME = HttpResponseServerError",
    }


class Answer(Table):
    """What answers a request: a view, and middleware."""

    kinds = named(
        {
            **{
                f"{kind} response": f"{source.replace('NAME', 'respond')}\nNAME = lambda: [lambda request: respond()]"
                for kind, source in Response.kinds.items()
            },
            "error": """\
def NAME():
    def view(request):
        raise ValueError
    return [view]""",
            "Http404": """\
def NAME():
    def view(request):
        raise Http404
    return [view]""",
            "middleware": "NAME = lambda: [HttpResponse, lambda get_response: lambda request: HttpResponse()]",
            "replaced by middleware": """\
def NAME():
    def middleware(get_response):
        return lambda request: get_response(request) and HttpResponse()
    return [lambda request: HttpResponse(), middleware]""",
            "error of middleware": """\
def NAME():
    def middleware(get_response):
        def respond(request):
            raise ValueError
        return respond
    return [lambda request: HttpResponse(), middleware]""",
        }
    )


class Delivered(Table):
    """A response that is delivered at once, or bit by bit."""

    kinds = named(
        {
            "plain": 'NAME = lambda: HttpResponse("text")',
            "streaming": 'NAME = lambda: StreamingHttpResponse(iter(["text"]))',
            "asynchronous streaming": """\
def NAME():
    async def content():
        yield "text"
    return StreamingHttpResponse(content())""",
        }
    )
    since = {"asynchronous streaming": (4, 2)}


class Connected(Table):
    """Whether `reset_queries` is connected."""

    kinds = {"connected": 'NAME = "connected"', "not connected": 'NAME = "not connected"'}


class Body(Table):
    """A response with a body of one kind or another."""

    kinds = {
        "plain": 'NAME = lambda content: HttpResponse("text")',
        "streaming": "NAME = lambda content: StreamingHttpResponse(content())",
        "empty": "NAME = lambda content: HttpResponse(status=204)",
    }


class Content(Table):
    """A content that fails midway."""

    kinds = named(
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
    )
    since = {"asynchronous": (4, 2)}


class Stream(Table):
    """A content that notes its end."""

    kinds = {
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
    }
    since = {"asynchronous": (4, 2)}


class Place(Table):
    """Where something raises."""

    kinds = {
        place: f'NAME = "{place}"'
        for place in ("view", "middleware", "template", "handler400", "handler403", "handler404")
    }


class Layer(Table):
    """What a middleware does."""

    kinds = {layer: f'NAME = "{layer}"' for layer in ("none", "passes", "answers", "fails", "handles")}


class FailsIn(Table):
    """Where a request fails."""

    kinds = {place: f'NAME = "{place}"' for place in ("nothing", "started", "view", "lookup", "body", "finished")}


class Hearing(Table):
    """A way to connect a receiver, asynchronous or not."""

    kinds = {
        "synchronous": "NAME = listen",
        "asynchronous": "NAME = alisten",
    }
    since = {"asynchronous": (5, 0)}


class Sequence(Table):
    """The steps of a client."""

    kinds = {f"sequence {number}": f"NAME = steps_of({number})" for number in range(1, 21)}


class Error(Table):
    """An exception."""

    kinds = {
        "value error": 'NAME = ValueError("planted")',
        "key error": 'NAME = KeyError("planted")',
        "os error": 'NAME = OSError(5, "planted")',
        "assertion": 'NAME = AssertionError("planted")',
        "exception": 'NAME = Exception("planted")',
        "own": 'NAME = type("Own", (Exception,), {})()',
    }


class Handled(Table):
    """An exception that Django answers with a page."""

    kinds = {
        "not found": "NAME = Http404()",
        "permission denied": "NAME = PermissionDenied()",
        "suspicious": "NAME = SuspiciousOperation()",
        "disallowed host": "NAME = DisallowedHost()",
        "multipart": "NAME = MultiPartParserError()",
    }


class Fatal(Table):
    """An exception that is no `Exception`."""

    kinds = {
        "system exit": "NAME = SystemExit(3)",
        "keyboard interrupt": 'NAME = KeyboardInterrupt("planted")',
    }

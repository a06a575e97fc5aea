"""Laws of the chapter started: request_started."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error, Method, Mode, Serve
from signalspec.requests.vocabulary import (
    Visitor,
    answer_wsgi,
    environ_of,
    install,
    listen,
    scope_of,
    serve_wsgi,
)

if TYPE_CHECKING:
    from django.core.handlers.asgi import ASGIHandler
    from django.core.handlers.base import BaseHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.signals import request_finished, request_started
    from django.http import HttpResponse
    from django.test import RequestFactory
    from django.urls import get_script_prefix


@law("started.once")
def once(calls, serve: Serve, method: Method, mode: Mode):
    @mode
    def view(request):
        calls.append("view")
        return HttpResponse()

    listen(calls, started=request_started)
    for _ in range(2):
        serve([], view, method=method)
    return calls, ["started", "view"] * 2


@law("started.unknown-page")
def unknown_page(calls, serve: Serve, method: Method):
    listen(calls, started=request_started)
    serve(calls, lambda request: None, path="/", method=method, urlpatterns=[])
    return [each for each in calls if not each.startswith("body")], ["started", "status 404"]


@law("started.before-middleware")
def before_middleware(calls, serve: Serve, mode: Mode):
    def middleware(get_response):
        def respond(request):
            calls.append("middleware")
            return get_response(request)

        return respond

    @mode
    def view(request):
        calls.append("view")
        return HttpResponse()

    listen(calls, started=request_started)
    serve([], view, middleware)
    return calls, ["started", "middleware", "view"]


@law("started.before-the-request")
def before_the_request(calls, serve: Serve):
    class Handler(serve.handler):
        def request_class(self, *arguments):
            calls.append("request")
            return super().request_class(*arguments)

    listen(calls, started=request_started)
    serve([], lambda request: HttpResponse(), handler=Handler)
    return calls, ["started", "request"]


@law("started.after-the-script-prefix")
def after_the_script_prefix(calls, serve: Serve):
    def receiver(**kwargs):
        calls.append(get_script_prefix())

    request_started.connect(receiver)
    serve([], lambda request: HttpResponse(), path="/shop/", prefix="/shop")
    return calls, ["/shop/"]


@law("started.environ")
def environ(calls):
    def receiver(signal, sender, **named):
        calls.append((sorted(named), named.get("environ") is given))

    given = environ_of()
    request_started.connect(receiver)
    install(lambda request: HttpResponse())
    answer_wsgi([], WSGIHandler(), given)
    return calls, [(["environ"], True)]


@law("started.environ-can-be-changed")
def environ_can_be_changed(calls):
    def receiver(environ, **kwargs):
        environ["PATH_INFO"] = "/elsewhere/"

    def view(request):
        calls.append(request.path)
        return HttpResponse()

    request_started.connect(receiver)
    install(view)
    answer_wsgi([], WSGIHandler(), environ_of())
    return calls, ["/elsewhere/"]


@law("started.scope")
def scope(calls):
    def receiver(signal, sender, **named):
        calls.append((sorted(named), named.get("scope") is given))

    given = scope_of()
    request_started.connect(receiver)
    install(lambda request: HttpResponse())
    asyncio.run(Visitor([]).answered_by(ASGIHandler(), given))
    return calls, [(["scope"], True)]


@law("started.scope-can-be-changed")
def scope_can_be_changed(calls):
    def receiver(scope, **kwargs):
        scope["path"] = "/elsewhere/"

    def view(request):
        calls.append(request.path)
        return HttpResponse()

    request_started.connect(receiver)
    install(view)
    asyncio.run(Visitor([]).answered_by(ASGIHandler(), scope_of()))
    return calls, ["/elsewhere/"]


@law("started.http-only")
def http_only(calls):
    listen(calls, started=request_started, finished=request_finished)
    install(lambda request: HttpResponse())
    for kind in ("websocket", "lifespan", "http"):
        scope = {**scope_of(), "type": kind}
        asyncio.run(Visitor(calls).answered_by(ASGIHandler(), scope))
    refused = ["server gets ValueError"] * 2
    return calls, [*refused, "started", "status 200", "finished"]


@law("started.failure-ends-the-request")
def failure_ends_the_request(calls, serve: Serve, error: Error):
    def fails(**kwargs):
        raise error

    def middleware(get_response):
        def respond(request):
            calls.append("middleware")
            return get_response(request)

        return respond

    def view(request):
        calls.append("view")
        return HttpResponse()

    request_started.connect(fails)
    listen(calls, later=request_started)
    serve(calls, view, middleware)
    return calls, [f"server gets {type(error).__name__}"]


@law("started.sender", uses=["disconnect", "dispatch_uid"])
def sender(calls, serve: Serve):
    class Handler(serve.handler):
        pass

    def receiver(sender, **kwargs):
        calls.append(sender)

    request_started.connect(receiver)
    for handler in (serve.handler, Handler):
        request_started.connect(receiver, sender=handler, dispatch_uid="again")
        serve([], lambda request: HttpResponse(), handler=handler)
        request_started.disconnect(sender=handler, dispatch_uid="again")
    return calls, [serve.handler, serve.handler, Handler, Handler]


@law("started.static-files", uses=["dispatch_uid"])
def static_files(calls, serve: Serve):
    def note(sender, **kwargs):
        calls.append(sender.__name__)

    request_started.connect(note)
    request_finished.connect(note, dispatch_uid="finished")
    for path in ("/static/missing", "/page/"):
        serve([], lambda request: HttpResponse(), path=path, handler=lambda: serve.static_handler(serve.handler()))
    return calls, [serve.static_handler.__name__] * 2 + [serve.handler.__name__] * 2


@law("started.body-unread")
def body_unread(calls):
    def receiver(environ, **kwargs):
        calls.append(environ["wsgi.input"].tell())

    def view(request):
        calls.append(request.body)
        return HttpResponse()

    request_started.connect(receiver)
    install(view)
    answer_wsgi([], WSGIHandler(), environ_of(method="POST", body=b"a=1"))
    return calls, [0, b"a=1"]


@law("started.body-received", uses=["coroutines"])
def body_received(calls):
    class Slow(Visitor):
        async def receive(self):
            message = await super().receive()
            calls.append(message.get("body"))
            return message

    def view(request):
        calls.append(request.body)
        return HttpResponse()

    listen(calls, started=request_started)
    install(view)
    visitor = Slow([])
    visitor.messages = [{"type": "http.request", "body": b"a=", "more_body": True}]
    visitor.messages.append({"type": "http.request", "body": b"1"})
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of(method="POST", body=b"a=1")))
    return calls[:4], [b"a=", b"1", "started", b"a=1"]


@law("started.not-by-hand")
def not_by_hand(calls):
    def view(request):
        calls.append("view")
        return HttpResponse("text")

    listen(calls, started=request_started, finished=request_finished)
    install(view)
    request = RequestFactory().get("/")
    view(request)
    handler = BaseHandler()
    handler.load_middleware()
    handler.get_response(request)
    serve_wsgi([], view)
    return calls, ["view", "view", "started", "view", "finished"]

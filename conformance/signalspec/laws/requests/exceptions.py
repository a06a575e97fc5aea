"""Laws of the chapter exceptions: got_request_exception."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error, Fatal, Handled, Mode, Place, Serve
from signalspec.requests.vocabulary import failing, listen, serve_wsgi

if TYPE_CHECKING:
    from django.conf import settings
    from django.core.signals import got_request_exception, request_finished, request_started
    from django.http import HttpResponse, HttpResponseServerError, StreamingHttpResponse
    from django.template import engines
    from django.template.response import SimpleTemplateResponse


@law("exceptions.in-a-view")
def in_a_view(calls, serve: Serve, error: Error, mode: Mode):
    @mode
    def view(request):
        calls.append("view")
        raise error

    listen(calls, started=request_started, exception=got_request_exception, finished=request_finished)
    serve([], view)
    return calls, ["started", "view", "exception", "finished"]


@law("exceptions.in-middleware")
def in_middleware(calls, serve: Serve, error: Error):
    def middleware(get_response):
        def respond(request):
            raise error

        return respond

    listen(calls, exception=got_request_exception)
    serve(calls, lambda request: HttpResponse(), middleware)
    return calls[:2], ["exception", "status 500"]


@law("exceptions.in-a-template")
def in_a_template(calls, serve: Serve, error: Error):
    def fails():
        raise error

    def view(request):
        calls.append("view")
        return SimpleTemplateResponse(engines["django"].from_string("{{ fails }}"), {"fails": fails})

    listen(calls, exception=got_request_exception)
    serve(calls, view)
    return calls[:3], ["view", "exception", "status 500"]


@law("exceptions.in-an-error-handler")
def in_an_error_handler(calls, serve: Serve, handled: Handled, error: Error):
    def view(request):
        raise handled

    def handler(request, exception):
        raise raised

    listen(calls, exception=got_request_exception)
    answered, seen = type(handled).__name__, {}
    for raised in (error, type(handled)()):
        serve(calls, view, handler400=handler, handler403=handler, handler404=handler)
        seen[f"{type(raised).__name__} for {answered}"] = calls[:2]
        calls.clear()
    return seen, {each: ["exception", "status 500"] for each in seen}


@law("exceptions.no-response")
def no_response(calls, serve: Serve, mode: Mode):
    @mode
    def view(request):
        calls.append("view")

    listen(calls, exception=got_request_exception)
    serve(calls, view)
    return calls[:3], ["view", "exception", "status 500"]


@law("exceptions.once")
def once(calls, serve: Serve, error: Error):
    def middleware(get_response):
        return lambda request: get_response(request)

    def view(request):
        raise error

    listen(calls, exception=got_request_exception)
    serve(calls, view, middleware, middleware, middleware)
    return calls[:2] + calls[3:], ["exception", "status 500"]


@law("exceptions.not-for-handled")
def not_for_handled(calls, serve: Serve, error: Handled, mode: Mode):
    @mode
    def view(request):
        calls.append("view")
        raise error

    listen(calls, exception=got_request_exception)
    handled, seen = type(error).__name__, {}
    for debug in (False, True):
        settings.DEBUG = debug
        serve([], view)
        seen[f"{handled}, DEBUG={debug}"] = calls[:]
        calls.clear()
    serve([], lambda request: None)
    demanded = {each: ["view"] for each in seen}
    return {**seen, "no response": calls}, {**demanded, "no response": ["exception"]}


@law("exceptions.not-for-responses")
def not_for_responses(calls, serve: Serve):
    listen(calls, exception=got_request_exception)
    serve(calls, lambda request: HttpResponseServerError("text"))
    serve([], lambda request: None)
    return calls, ["status 500", "body text", "exception"]


@law("exceptions.after-process-exception")
def after_process_exception(calls, serve: Serve, error: Error):
    class Middleware:
        def __init__(self, get_response):
            self.get_response = get_response

        def __call__(self, request):
            return self.get_response(request)

        def process_exception(self, request, exception):
            calls.append("process_exception")

    def view(request):
        raise error

    listen(calls, exception=got_request_exception)
    serve([], view, Middleware, Middleware)
    return calls, ["process_exception", "process_exception", "exception"]


@law("exceptions.not-after-an-answer")
def not_after_an_answer(calls, serve: Serve, error: Error):
    class Middleware:
        def __init__(self, get_response):
            self.get_response = get_response

        def __call__(self, request):
            return self.get_response(request)

        def process_exception(self, request, exception):
            return HttpResponse("text")

    def view(request):
        raise error

    listen(calls, exception=got_request_exception)
    serve(calls, view, Middleware)
    serve([], view)
    return calls, ["status 200", "body text", "exception"]


@law("exceptions.not-in-the-body")
def not_in_the_body(calls, serve: Serve, error: Error):
    def content():
        calls.append("content")
        raise error
        yield

    listen(calls, exception=got_request_exception)
    serve([], lambda request: StreamingHttpResponse(content()))
    serve([], lambda request: None)
    return calls, ["content", "exception"]


@law("exceptions.not-for-exits")
def not_for_exits(calls, error: Fatal, place: Place):
    def fail(request):
        raise error

    parties, handlers = failing(place, fail)
    listen(calls, exception=got_request_exception)
    serve_wsgi(calls, *parties, **handlers)
    seen = {place: calls[:]}
    serve_wsgi([], lambda request: None)
    seen["no response"] = calls[len(seen[place]) :]
    return seen, {place: [f"server gets {type(error).__name__}"], "no response": ["exception"]}


@law("exceptions.sender-is-none")
def sender_is_none(calls, serve: Serve, error: Error):
    def receiver(sender, **kwargs):
        calls.append(sender)

    def view(request):
        raise error

    got_request_exception.connect(receiver)
    got_request_exception.connect(receiver, sender=serve.handler)
    serve([], view)
    return calls, [None]


@law("exceptions.request")
def request(calls, serve: Serve, error: Error, mode: Mode):
    def receiver(signal, sender, **named):
        calls.append({"arguments": sorted(named), "request is the view's": named.get("request") is requests[0]})

    @mode
    def view(request):
        requests.append(request)
        raise error

    requests: list = []
    got_request_exception.connect(receiver)
    serve([], view)
    return calls, [{"arguments": ["request"], "request is the view's": True}]


@law("exceptions.exc-info")
def exc_info(calls, serve: Serve, error: Error, mode: Mode):
    def receiver(**kwargs):
        calls.append(sys.exc_info()[1])

    @mode
    def view(request):
        raise error

    got_request_exception.connect(receiver)
    serve([], view)
    return {"exc_info": calls}, {"exc_info": [error]}


@law("exceptions.wherever-it-fails")
def wherever_it_fails(calls, serve: Serve, place: Place, error: Error):
    def receiver(request, **kwargs):
        calls.append({"request": request is requests[0], "exc_info": sys.exc_info()[1] is error})

    def fail(request):
        requests.append(request)
        raise error

    requests: list = []
    parties, handlers = failing(place, fail)
    got_request_exception.connect(receiver)
    serve([], *parties, **handlers)
    return {place: calls}, {place: [{"request": True, "exc_info": True}]}


@law("exceptions.before-the-answer")
def before_the_answer(calls, serve: Serve, error: Error):
    def view(request):
        raise error

    def handler500(request):
        calls.append("handler500")
        return HttpResponseServerError("text")

    listen(calls, exception=got_request_exception)
    serve(calls, view, handler500=handler500)
    return calls, ["exception", "handler500", "status 500", "body text"]


@law("exceptions.propagated")
def propagated(calls, error: Error):
    def view(request):
        raise error

    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    listen(calls, exception=got_request_exception)
    serve_wsgi(calls, view)
    return calls, ["exception", f"server gets {type(error).__name__}"]


@law("exceptions.under-debug")
def under_debug(calls, serve: Serve, error: Error):
    def receiver(request, **kwargs):
        calls.append({"request": request is requests[-1], "exc_info": sys.exc_info()[1] is error})

    def fail(request):
        requests.append(request)
        raise error

    requests: list = []
    seen: dict = {}
    got_request_exception.connect(receiver)
    settings.DEBUG = True
    for place in ("view", "middleware", "template"):
        parties, handlers = failing(place, fail)
        serve([], *parties, **handlers)
        seen[place] = calls[:]
        calls.clear()
    return seen, {place: [{"request": True, "exc_info": True}] for place in ("view", "middleware", "template")}


@law("exceptions.all-receivers")
def all_receivers(calls, serve: Serve, error: Error):
    def view(request):
        raise error

    listen(calls, one=got_request_exception, two=got_request_exception)
    serve([], view)
    return calls, ["one", "two"]

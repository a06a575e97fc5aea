"""Laws of the chapter order: the whole of a request, for every combination of what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Body, FailsIn, Hearing, Layer, Mode, Serve
from signalspec.requests.vocabulary import listen

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.signals import got_request_exception, request_finished, request_started
    from django.http import Http404, HttpResponse


@law("order.of-a-request")
def of_a_request(calls, fails: FailsIn, layer: Layer, body: Body, serve: Serve, mode: Mode, hearing: Hearing):
    def fail_in(place):
        if fails == place:
            raise Http404 if place == "lookup" else ValueError

    class Middleware:
        def __init__(self, get_response):
            self.get_response = get_response

        def __call__(self, request):
            calls.append("middleware")
            if layer == "fails":
                raise ValueError
            return HttpResponse("text") if layer == "answers" else self.get_response(request)

        def process_exception(self, request, exception):
            return HttpResponse("text") if layer == "handles" else None

    def content():
        yield "te"
        fail_in("body")
        yield "xt"

    @mode
    def view(request):
        calls.append("view")
        fail_in("view")
        fail_in("lookup")
        return body(content)

    def started(**kwargs):
        fail_in("started")

    def finished(**kwargs):
        fail_in("finished")

    def expected():
        yield "started"
        if fails == "started":
            yield "server gets ValueError"
            return
        if layer != "none":
            yield "middleware"
        status, runs = 200, layer not in ("answers", "fails")
        if runs:
            yield "view"
        broken = layer == "fails" or (runs and fails == "view" and layer != "handles")
        if broken:
            yield "exception"
            status = 500
        elif runs and fails == "lookup" and layer != "handles":
            status = 404
        made = runs and not broken and fails not in ("view", "lookup")
        if made and response.status_code == 204:
            status = 204
        yield f"status {status}"
        streams = made and response.streaming
        if streams:
            yield "body te"
            if fails != "body":
                yield "body xt"
        elif status == 200:
            yield "body text"
        yield "finished"
        if fails == "finished" or (streams and fails == "body"):
            yield "server gets ValueError"

    response = body(content)
    if fails == "body" and serve.handler is not WSGIHandler:
        # What Django does then is told by finished.body-fails.
        fails = "nothing"
    if fails in ("started", "finished") and hearing is not listen:
        # Whether asynchronous receivers hear of it is up to the dispatcher.
        fails = "nothing"
    hearing(calls, started=request_started, exception=got_request_exception, finished=request_finished)
    request_started.connect(started)
    request_finished.connect(finished)
    serve(calls, view, *([] if layer == "none" else [Middleware]))
    error = any(each in calls for each in ("status 404", "status 500"))
    seen = [each for each in calls if not (error and each.startswith("body"))]
    return seen, list(expected())

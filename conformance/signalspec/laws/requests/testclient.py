"""Laws of the chapter testclient: what the test clients do differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Client, Connected, Content, Delivered, Error, Fetch, Response, Stream
from signalspec.requests.vocabulary import install, listen, outcome, serve_wsgi, visit

if TYPE_CHECKING:
    from django.core.signals import got_request_exception, request_finished, request_started
    from django.db import connections, reset_queries, transaction
    from django.http import HttpResponse, StreamingHttpResponse
    from django.test import Client as TestClient
    from django.test import TestCase
    from django.test.utils import CaptureQueriesContext


@law("testclient.both-signals")
def both_signals(calls, get: Client):
    def view(request):
        calls.append("view")
        return HttpResponse("text")

    listen(calls, started=request_started, finished=request_finished)
    get(calls, view)
    return calls, ["started", "view", "finished", "status 200", "body text"]


@law("testclient.streaming")
def streaming(calls, get: Client, content: Stream):
    listen(calls, started=request_started, finished=request_finished)
    get(calls, lambda request: StreamingHttpResponse(content(calls)))
    sent = [each for each in calls if "body" not in each]
    return sent, ["started", "status 200", "end of content", "finished"]


@law("testclient.stream-fails")
def stream_fails(calls, get: Client, content: Content, error: Error):
    listen(calls, started=request_started, finished=request_finished)
    get(calls, lambda request: StreamingHttpResponse(content(error)))
    sent = [each for each in calls if each in ("started", "finished")]
    return {content.named: (sent, calls[-1])}, {
        content.named: (["started", "finished"], f"client gets {type(error).__name__}")
    }


@law("testclient.stream-closed")
def stream_closed(calls, response: Response):
    install(lambda request: response())
    listen(calls, started=request_started, finished=request_finished)
    TestClient().get("/").close()
    return {"first": calls[0], "last": calls[-1]}, {"first": "started", "last": "finished"}


@law("testclient.sender")
def sender(calls, get: Client):
    def receiver(sender, **kwargs):
        calls.append(sender)

    request_started.connect(receiver)
    request_finished.connect(receiver)
    get([], lambda request: HttpResponse())
    return [sender and sender.__name__ for sender in calls], [get.handler] * 2


@law("testclient.keeps-connections")
def keeps_connections(calls, response: Response):
    listen(calls, finished=request_finished)
    with transaction.atomic(using="other"):
        connections["other"].cursor().execute("SELECT 1")
        visit([], lambda request: response())
        calls.append(outcome(lambda: connections["other"].cursor().execute("SELECT 1").fetchone()))
    return calls, ["finished", (1,)]


@law("testclient.closing-keeps-connections")
def closing_keeps_connections(calls, response: Response):
    install(lambda request: response())
    listen(calls, started=request_started)
    with transaction.atomic(using="other"):
        connections["other"].cursor().execute("SELECT 1")
        TestClient().get("/").close()
        calls.append(outcome(lambda: connections["other"].cursor().execute("SELECT 1").fetchone()))
    return calls, ["started", (1,)]


@law("testclient.servers-close-again")
def servers_close_again(calls, get: Client):
    def look(place):
        calls.append((place, "closed" if connections["other"].connection is None else "open"))

    def view(request):
        look("view")
        connections["other"].ensure_connection()
        return HttpResponse()

    get([], lambda request: HttpResponse())
    connections["other"].ensure_connection()
    serve_wsgi([], view)
    look("afterwards")
    return calls, [("view", "closed"), ("afterwards", "closed")]


@law("testclient.servers-close-again-after-a-failure", uses=["disconnect"])
def servers_close_again_after_a_failure(calls, get: Client, error: Error):
    def fails(**kwargs):
        raise error

    def look(place):
        calls.append((place, "closed" if connections["other"].connection is None else "open"))

    def view(request):
        look("view")
        connections["other"].ensure_connection()
        return HttpResponse()

    for signal in (request_started, request_finished):
        signal.connect(fails)
        get([], lambda request: HttpResponse())
        signal.disconnect(fails)
    connections["other"].ensure_connection()
    serve_wsgi([], view)
    look("afterwards")
    return calls, [("view", "closed"), ("afterwards", "closed")]


@law("testclient.keeps-the-order")
def keeps_the_order(calls, get: Client):
    def receiver(**kwargs):
        calls.append("closed" if connections["other"].connection is None else "open")

    def view(request):
        connections["other"].cursor().execute("SELECT 1")
        return HttpResponse()

    request_finished.connect(receiver)
    get([], lambda request: HttpResponse())
    calls.clear()
    serve_wsgi([], view)
    return {"connection": calls}, {"connection": ["closed"]}


@law("testclient.raises-after-the-end")
def raises_after_the_end(calls, get: Client, error: Error):
    def view(request):
        raise error

    listen(calls, exception=got_request_exception, finished=request_finished)
    get(calls, view)
    return calls, ["exception", "finished", f"client gets {type(error).__name__}"]


@law("testclient.need-not-raise")
def need_not_raise(calls, error: Error):
    def view(request):
        raise error

    listen(calls, exception=got_request_exception, finished=request_finished)
    visit(calls, view, client=TestClient(raise_request_exception=False))
    return calls[:3], ["exception", "finished", "status 500"]


@law("testclient.exc-info")
def exc_info(calls, fetch: Fetch, error: Error):
    def view(request):
        if request.path in errors:
            raise errors[request.path]
        return HttpResponse()

    errors = {"/fails/": error, "/fails-too/": LookupError()}
    install(view)
    for path in ("/fails/", "/works/", "/fails-too/", "/works-too/"):
        found = fetch(path).exc_info
        calls.append((path, found and found[1]))
    return {fetch.named: calls}, {
        fetch.named: [
            ("/fails/", error),
            ("/works/", None),
            ("/fails-too/", errors["/fails-too/"]),
            ("/works-too/", None),
        ]
    }


@law("testclient.asynchronous-receivers", uses=["coroutines"])
def asynchronous_receivers(calls, get: Client, response: Delivered):
    async def started(**kwargs):
        calls.append("started")

    async def finished(**kwargs):
        calls.append("finished")

    request_started.connect(started)
    request_finished.connect(finished)
    get(calls, lambda request: response())
    told = f"{get.handler}, {response.named}"
    seen = [each for each in calls if "body" not in each and "status" not in each]
    return {told: seen}, {told: ["started", "finished"]}


@law("testclient.capturing-restores", uses=["disconnect"])
def capturing_restores(calls, before: Connected):
    def look():
        found = request_started.disconnect(reset_queries)
        if found:
            request_started.connect(reset_queries)
        return "connected" if found else "not connected"

    def returns():
        with CaptureQueriesContext(connections["other"]):
            pass

    def raises():
        with CaptureQueriesContext(connections["other"]):
            raise ValueError

    def counts():
        with TestCase("run").assertNumQueries(1, using="other"):
            pass

    if before == "not connected":
        request_started.disconnect(reset_queries)
    for capture in (returns, raises, counts):
        calls.append((outcome(capture), look()))
    ends = (None, "raises ValueError", "raises AssertionError")
    return calls, [(end, before) for end in ends]


@law("testclient.no-host")
def no_host(calls):
    def receiver(environ, **kwargs):
        calls.append("HTTP_HOST" in environ)

    request_started.connect(receiver)
    visit([], lambda request: HttpResponse())
    return calls, [False]

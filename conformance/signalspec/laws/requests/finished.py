"""Laws of the chapter finished: request_finished."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import (
    Answer,
    AnyServer,
    Content,
    Error,
    Fatal,
    Handled,
    Method,
    Mode,
    Response,
    Serve,
    Stream,
)
from signalspec.requests.vocabulary import Visitor, answer_wsgi, environ_of, install, listen, scope_of, serve_wsgi

if TYPE_CHECKING:
    from django.core.handlers.asgi import ASGIHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.signals import request_finished, request_started
    from django.http import FileResponse, HttpResponse, StreamingHttpResponse


@law("finished.once")
def once(calls, serve: Serve, response: Response, mode: Mode):
    @mode
    def view(request):
        return response()

    listen(calls, started=request_started, finished=request_finished)
    for _ in range(2):
        serve([], view)
    return calls, ["started", "finished"] * 2


@law("finished.after-the-body")
def after_the_body(calls, serve: Serve, mode: Mode):
    @mode
    def view(request):
        calls.append("view")
        return HttpResponse("text")

    listen(calls, finished=request_finished)
    serve(calls, view)
    return calls, ["view", "status 200", "body text", "finished"]


@law("finished.after-a-streaming-body")
def after_a_streaming_body(calls, serve: Serve, content: Stream):
    listen(calls, finished=request_finished)
    serve(calls, lambda request: StreamingHttpResponse(content(calls)))
    sent = [each for each in calls if each in ("end of content", "finished")]
    return sent, ["end of content", "finished"]


@law("finished.sender")
def sender(calls, serve: AnyServer, answer: Answer):
    class Handler(serve.handler):
        pass

    def receiver(sender, **kwargs):
        calls.append(sender)

    request_finished.connect(receiver)
    for handler in (serve.handler, Handler):
        serve([], *answer(), handler=handler)
    told = f"{serve.named}, {answer.named}"
    return {told: calls}, {told: [serve.handler, Handler]}


@law("finished.sender-of-refused-requests", uses=["dispatch_uid"])
def sender_of_refused_requests(calls):
    def receiver(signal, sender, **kwargs):
        calls.append(("request_started" if signal is request_started else "request_finished", sender))

    request_started.connect(receiver)
    request_finished.connect(receiver, dispatch_uid="finished")
    install(lambda request: HttpResponse())
    scope = {**scope_of(), "query_string": b"\xff"}
    asyncio.run(Visitor([]).answered_by(ASGIHandler(), scope))
    return calls, [("request_started", ASGIHandler), ("request_finished", ASGIHandler)]


@law("finished.arguments")
def arguments(calls, serve: Serve):
    def receiver(**named):
        calls.append(sorted(named))

    request_finished.connect(receiver)
    serve([], lambda request: HttpResponse())
    return calls, [["sender", "signal"]]


@law("finished.file-wrapper")
def file_wrapper(calls):
    class Wrapper:
        def __init__(self, file, size):
            self.file, self.close = file, file.close

        def __iter__(self):
            calls.append("wrapper")
            return iter([self.file.read()])

    listen(calls, finished=request_finished)
    file = io.BytesIO(b"text")
    install(lambda request: FileResponse(file))
    environ = {**environ_of(), "wsgi.file_wrapper": Wrapper}
    answer_wsgi(calls, WSGIHandler(), environ)
    return (calls, file.closed), (["status 200", "wrapper", "body text", "finished"], True)


@law("finished.after-closers")
def after_closers(calls, serve: Serve):
    class Content:
        def __iter__(self):
            return iter(["text"])

        def close(self):
            calls.append("content closed")

    def view(request):
        made.append(StreamingHttpResponse(Content()))
        return made[-1]

    def receiver(**kwargs):
        calls.append(made[-1].closed)

    made: list = []
    request_finished.connect(receiver)
    serve([], view)
    return calls, ["content closed", True]


@law("finished.uploads-are-closed")
def uploads_are_closed(calls, serve: Serve, mode: Mode):
    class Content:
        def __iter__(self):
            return iter(["text"])

        def close(self):
            look("when the content is closed")

    def look(moment):
        calls.append((moment, "closed" if uploads[0].closed else "open"))

    @mode
    def view(request):
        uploads.append(request.FILES["file"])
        return StreamingHttpResponse(Content())

    uploads: list = []
    request_finished.connect(lambda **kwargs: look("in request_finished"), weak=False)
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ntext\r\n--x--\r\n'
    serve([], view, method="POST", body=part)
    return calls, [("when the content is closed", "open"), ("in request_finished", "closed")]


@law("finished.failing-closer")
def failing_closer(calls, serve: Serve, error: Error):
    class Content:
        def __iter__(self):
            return iter(["text"])

        def close(self):
            raise error

    listen(calls, finished=request_finished)
    serve(calls, lambda request: StreamingHttpResponse(Content()))
    return calls, ["status 200", "body text", "finished"]


@law("finished.body-unread")
def body_unread(calls, response: Response):
    listen(calls, finished=request_finished)
    install(lambda request: response())
    made = WSGIHandler()(environ_of(), lambda status, headers: calls.append("status"))
    made.close()
    return calls, ["status", "finished"]


@law("finished.when-the-server-closes")
def when_the_server_closes(calls, method: Method, response: Response):
    listen(calls, finished=request_finished)
    install(lambda request: response())
    made = WSGIHandler()(environ_of(method=method), lambda status, headers: calls.append("status"))
    calls.append("handler returned")
    made.close()
    return {method: calls}, {method: ["status", "handler returned", "finished"]}


@law("finished.each-method")
def each_method(calls, serve: Serve, method: Method, response: Response):
    listen(calls, started=request_started, finished=request_finished)
    serve(calls, lambda request: response(), method=method)
    sent = [each.partition(" ")[0] for each in calls if "body" not in each]
    return {method: sent}, {method: ["started", "status", "finished"]}


@law("finished.body-abandoned")
def body_abandoned(calls):
    def content():
        try:
            yield "te"
            yield "xt"
        finally:
            calls.append("content closed")

    listen(calls, finished=request_finished)
    install(lambda request: StreamingHttpResponse(content()))
    made = WSGIHandler()(environ_of(), lambda status, headers: None)
    next(iter(made))
    calls.append("first chunk")
    made.close()
    return calls, ["first chunk", "content closed", "finished"]


@law("finished.body-exits")
def body_exits(calls, error: Fatal):
    def content():
        yield "text"
        raise error

    listen(calls, started=request_started, finished=request_finished)
    serve_wsgi(calls, lambda request: StreamingHttpResponse(content()))
    return calls, ["started", "status 200", "body text", "finished", f"server gets {type(error).__name__}"]


@law("finished.body-fails")
def body_fails(calls, serve: Serve, content: Content, error: Error):
    listen(calls, started=request_started, finished=request_finished)
    serve(calls, lambda request: StreamingHttpResponse(content(error)))
    return [each for each in calls if "e" == each[-2]], ["started", "finished"]


@law("finished.after-errors")
def after_errors(calls, serve: Serve, error: Error, mode: Mode):
    @mode
    def view(request):
        raise error

    listen(calls, started=request_started, finished=request_finished)
    serve(calls, view)
    return [calls[0], calls[1], calls[-1]], ["started", "status 500", "finished"]


@law("finished.after-handled-errors")
def after_handled_errors(calls, serve: Serve, error: Handled):
    def view(request):
        raise error

    listen(calls, started=request_started, finished=request_finished)
    serve(calls, view)
    return [calls[0], calls[1][:8], calls[-1]], ["started", "status 4", "finished"]


@law("finished.without-a-view")
def without_a_view(calls, serve: Serve):
    def middleware(get_response):
        return lambda request: HttpResponse("text")

    listen(calls, started=request_started, finished=request_finished)
    serve(calls, lambda request: calls.append("view"), middleware)
    return calls, ["started", "status 200", "body text", "finished"]


@law("finished.failure-stops-receivers")
def failure_stops_receivers(calls, serve: Serve, error: Error):
    def fails(**kwargs):
        raise error

    listen(calls, earlier=request_finished)
    request_finished.connect(fails)
    listen(calls, later=request_finished)
    serve(calls, lambda request: HttpResponse("text"))
    return calls, ["status 200", "body text", "earlier", f"server gets {type(error).__name__}"]


@law("finished.next-request")
def next_request(calls, serve: Serve, error: Error):
    def fails(**kwargs):
        if calls.count("finished") == 1:
            raise error

    listen(calls, started=request_started, finished=request_finished)
    request_finished.connect(fails)
    for _ in range(2):
        serve([], lambda request: HttpResponse("text"))
    return calls, ["started", "finished"] * 2

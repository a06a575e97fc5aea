"""Laws of the chapter disconnects: ASGI clients that leave, and servers that cancel."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Response
from signalspec.requests.vocabulary import Visitor, install, listen, scope_of, serve_asgi, turns

if TYPE_CHECKING:
    from django.core.handlers.asgi import ASGIHandler
    from django.core.signals import got_request_exception, request_finished, request_started
    from django.http import HttpResponse, StreamingHttpResponse


@law("disconnects.before-the-body")
def before_the_body(calls):
    listen(calls, started=request_started, finished=request_finished)
    install(lambda request: calls.append("view"))
    visitor = Visitor(calls, b"text", leaves="before")
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of(method="POST", body=b"text")))
    seen = {"the client that left": calls[:]}
    serve_asgi([], lambda request: HttpResponse())
    seen["the next one"] = calls[len(seen["the client that left"]) :]
    return seen, {"the client that left": [], "the next one": ["started", "finished"]}


@law("disconnects.in-an-asynchronous-view", uses=["coroutines"])
def in_an_asynchronous_view(calls):
    async def view(request):
        await visitor.aleave()
        return HttpResponse()

    listen(calls, started=request_started, finished=request_finished)
    install(view)
    visitor = Visitor([])
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of()))
    return calls, ["started", "finished"]


@law("disconnects.in-a-synchronous-view")
def in_a_synchronous_view(calls):
    def view(request):
        visitor.leave()
        return HttpResponse()

    listen(calls, started=request_started, finished=request_finished)
    install(view)
    visitor = Visitor([])
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of()))
    return calls, ["started", "finished"]


@law("disconnects.in-the-body")
def in_the_body(calls, response: Response):
    listen(calls, started=request_started, finished=request_finished)
    install(lambda request: response())
    asyncio.run(Visitor([], leaves="body").answered_by(ASGIHandler(), scope_of()))
    return calls, ["started", "finished"]


@law("disconnects.at-the-status")
def at_the_status(calls, response: Response):
    listen(calls, started=request_started, finished=request_finished)
    install(lambda request: response())
    asyncio.run(Visitor([], leaves="status").answered_by(ASGIHandler(), scope_of()))
    return calls, ["started", "finished"]


@law("disconnects.while-sending")
def while_sending(calls, response: Response):
    listen(calls, started=request_started, finished=request_finished)
    install(lambda request: response())
    asyncio.run(Visitor([], leaves="status", breaks=True).answered_by(ASGIHandler(), scope_of()))
    return calls, ["started", "finished"]


@law("disconnects.cancels-an-asynchronous-view", uses=["coroutines"])
def cancels_an_asynchronous_view(calls):
    async def view(request):
        try:
            await visitor.aleave()
        except asyncio.CancelledError:
            calls.append("cancelled")
            raise
        calls.append("not cancelled")
        return HttpResponse()

    listen(calls, started=request_started, finished=request_finished)
    install(view)
    visitor = Visitor([])
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of()))
    return calls, ["started", "cancelled", "finished"]


@law("disconnects.lets-a-synchronous-view-end")
def lets_a_synchronous_view_end(calls):
    def view(request):
        calls.append("view")
        visitor.leave()
        calls.append("end of view")
        return HttpResponse()

    listen(calls, finished=request_finished)
    install(view)
    visitor = Visitor([])
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of()))
    return calls, ["view", "end of view", "finished"]


@law("disconnects.asynchronous-receivers", uses=["coroutines"])
def asynchronous_receivers(calls):
    async def receiver(**kwargs):
        calls.append("finished")

    def view(request):
        calls.append("view")
        visitor.leave()
        calls.append("end of view")
        return HttpResponse()

    request_finished.connect(receiver)
    install(view)
    visitor = Visitor([])
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of()))
    return calls, ["view", "end of view", "finished"]


@law("disconnects.closes-the-response")
def closes_the_response(calls):
    class Content:
        def __iter__(self):
            return iter(["text"])

        def close(self):
            calls.append("content closed")

    def view(request):
        visitor.leave()
        return StreamingHttpResponse(Content())

    listen(calls, finished=request_finished)
    install(view)
    visitor = Visitor([])
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of()))
    return calls, ["content closed", "finished"]


@law("disconnects.no-exception", uses=["coroutines"])
def no_exception(calls):
    async def view(request):
        await visitor.aleave()
        return HttpResponse()

    listen(calls, exception=got_request_exception)
    install(view)
    visitor = Visitor(calls)
    asyncio.run(visitor.answered_by(ASGIHandler(), scope_of()))
    serve_asgi([], lambda request: None)
    return calls, ["exception"]


@law("disconnects.cancelled-by-the-server", uses=["coroutines"])
def cancelled_by_the_server(calls):
    async def view(request):
        task.cancel()
        await turns()
        return HttpResponse()

    async def server():
        nonlocal task
        task = asyncio.ensure_future(Visitor([]).answered_by(ASGIHandler(), scope_of()))
        await task

    task: asyncio.Future
    listen(calls, started=request_started, finished=request_finished)
    install(view)
    asyncio.run(server())
    return calls, ["started", "finished"]

"""Laws of the chapter around: threads, contexts, connections and transactions that receivers find."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error, Mode, Response, Serve
from signalspec.requests.vocabulary import listen, outcome, serve_asgi, serve_wsgi

if TYPE_CHECKING:
    import asyncio

    from django.conf import settings
    from django.core.signals import got_request_exception, request_finished, request_started
    from django.db import connections, transaction
    from django.http import HttpResponse


@law("around.one-thread")
def one_thread(calls, serve: Serve, response: Response):
    def receiver(**kwargs):
        calls.append(threading.get_ident())

    def view(request):
        calls.append(threading.get_ident())
        return response()

    request_started.connect(receiver)
    request_finished.connect(receiver)
    serve([], view)
    return [each == calls[0] for each in calls], [True] * 3


@law("around.queries-are-reset")
def queries_are_reset(calls, serve: Serve):
    def receiver(**kwargs):
        calls.append(len(connections["other"].queries))

    def view(request):
        connections["other"].cursor().execute("SELECT 1")
        calls.append(len(connections["other"].queries))
        return HttpResponse()

    settings.DEBUG = True
    connections["other"].cursor().execute("SELECT 1")
    request_started.connect(receiver)
    for _ in range(2):
        serve([], view)
    return calls, [0, 1] * 2


@law("around.connections-are-closed-first")
def connections_are_closed_first(calls, serve: Serve):
    def receiver(**kwargs):
        calls.append(connections["other"].connection is None)

    def view(request):
        connections["other"].cursor().execute("SELECT 1")
        calls.append(connections["other"].connection is None)
        return HttpResponse()

    request_started.connect(receiver)
    request_finished.connect(receiver)
    serve([], view)
    return calls, [True, False, True]


@law("around.late-queries-stay-open")
def late_queries_stay_open(calls):
    def receiver(**kwargs):
        connections["other"].cursor().execute("SELECT 1")

    request_finished.connect(receiver)
    serve_wsgi([], lambda request: HttpResponse())
    return {"the connection is open": connections["other"].connection is not None}, {"the connection is open": True}


@law("around.transactions")
def transactions(calls, serve: Serve, error: Error):
    def receiver(**kwargs):
        calls.append(connections["other"].in_atomic_block)

    def view(request):
        calls.append(connections["other"].in_atomic_block)
        if calls.count(True) == 1:
            return HttpResponse()
        raise error

    connections.databases["other"]["ATOMIC_REQUESTS"] = True
    try:
        for signal in (request_started, request_finished, got_request_exception):
            signal.connect(receiver)
        for _ in range(2):
            serve([], view)
    finally:
        connections.databases["other"]["ATOMIC_REQUESTS"] = False
    return calls, [False, True, False, False, True, False, False]


@law("around.open-transactions")
def open_transactions(calls, response: Response):
    listen(calls, finished=request_finished)
    with transaction.atomic(using="other"):
        connections["other"].cursor().execute("SELECT 1")
        response().close()
        calls.append(outcome(lambda: connections["other"].cursor().execute("SELECT 1").fetchone()))
    return calls, ["finished", (1,)]


@law("around.asynchronous-receivers", uses=["coroutines"])
def asynchronous_receivers(calls, serve: Serve, mode: Mode):
    async def started(**kwargs):
        calls.append("started")

    async def exception(**kwargs):
        calls.append("exception")

    async def finished(**kwargs):
        calls.append("finished")

    @mode
    def view(request):
        raise ValueError

    request_started.connect(started)
    got_request_exception.connect(exception)
    request_finished.connect(finished)
    serve([], view)
    return calls, ["started", "exception", "finished"]


@law("around.one-event-loop", uses=["coroutines"])
def one_event_loop(calls):
    async def receiver(**kwargs):
        calls.append(asyncio.get_running_loop())

    async def view(request):
        calls.append(asyncio.get_running_loop())
        raise ValueError

    for signal in (request_started, got_request_exception, request_finished):
        signal.connect(receiver)
    serve_asgi([], view)
    return [each is calls[0] for each in calls], [True] * 4

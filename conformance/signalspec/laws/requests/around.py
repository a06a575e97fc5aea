"""Laws of the chapter around: threads, contexts, connections and transactions that receivers find."""

from __future__ import annotations

import threading
import types
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Asking, Error, Mode, Response, Serve
from signalspec.requests.vocabulary import listen, outcome, serve_asgi, serve_wsgi

if TYPE_CHECKING:
    import asyncio

    from django.conf import settings
    from django.core.signals import got_request_exception, request_finished, request_started
    from django.db import connections, transaction
    from django.http import HttpResponse
    from django.urls import path, reverse


@law("around.one-thread")
def one_thread(calls, serve: Serve, response: Response):
    def receiver(signal, **kwargs):
        idents["request_started" if signal is request_started else "request_finished"] = threading.get_ident()

    def view(request):
        idents["view"] = threading.get_ident()
        return response()

    idents: dict = {}
    request_started.connect(receiver)
    request_finished.connect(receiver)
    serve([], view)
    own = {name: "the same" if each == idents["view"] else "another" for name, each in idents.items()}
    return own, dict.fromkeys(("request_started", "view", "request_finished"), "the same")


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
    def receiver(signal, **kwargs):
        look("request_started" if signal is request_started else "request_finished")

    def look(place):
        calls.append((place, "closed" if connections["other"].connection is None else "open"))

    def view(request):
        connections["other"].cursor().execute("SELECT 1")
        look("view")
        return HttpResponse()

    request_started.connect(receiver)
    request_finished.connect(receiver)
    serve([], view)
    return calls, [("request_started", "closed"), ("view", "open"), ("request_finished", "closed")]


@law("around.late-queries-stay-open")
def late_queries_stay_open(calls):
    def receiver(**kwargs):
        connections["other"].cursor().execute("SELECT 1")

    request_finished.connect(receiver)
    serve_wsgi([], lambda request: HttpResponse())
    return {"the connection is open": connections["other"].connection is not None}, {"the connection is open": True}


@law("around.transactions")
def transactions(calls, serve: Serve, error: Error):
    def receiver(signal, **kwargs):
        look(signals[signal])

    def look(place):
        calls.append((place, "in a transaction" if connections["other"].in_atomic_block else "in none"))

    def view(request):
        look("view")
        if len(calls) == 2:
            return HttpResponse()
        raise error

    signals = {request_started: "started", request_finished: "finished", got_request_exception: "exception"}
    connections.databases["other"]["ATOMIC_REQUESTS"] = True
    try:
        for signal in signals:
            signal.connect(receiver)
        for _ in range(2):
            serve([], view)
    finally:
        connections.databases["other"]["ATOMIC_REQUESTS"] = False
    started, view_, finished = ("started", "in none"), ("view", "in a transaction"), ("finished", "in none")
    return calls, [started, view_, finished, started, view_, ("exception", "in none"), finished]


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
    async def receiver(signal, **kwargs):
        loops[signals[signal]] = asyncio.get_running_loop()

    async def view(request):
        loops["view"] = asyncio.get_running_loop()
        raise ValueError

    loops: dict = {}
    signals = {request_started: "started", got_request_exception: "exception", request_finished: "finished"}
    for signal in signals:
        signal.connect(receiver)
    serve_asgi([], view)
    own = {name: "the same" if each is loops["view"] else "another" for name, each in loops.items()}
    return own, dict.fromkeys(("started", "view", "exception", "finished"), "the same")


@law("around.urlconf-is-reset")
def urlconf_is_reset(calls, ask: Asking):
    def receiver(signal, **kwargs):
        calls.append((signals[signal], reverse("page")))

    def middleware(get_response):
        def respond(request):
            request.urlconf = other
            return get_response(request)

        return respond

    def view(request):
        calls.append(("view", reverse("page")))
        if next(fails):
            raise ValueError
        return HttpResponse()

    fails = iter((False, True))
    other = types.ModuleType("other")
    other.urlpatterns = [path("other/", view, name="page")]
    usual = [path("usual/", view, name="page")]
    signals = {request_started: "started", got_request_exception: "exception", request_finished: "finished"}
    for signal in signals:
        signal.connect(receiver)
    for _ in range(2):
        ask([], view, middleware, path="/other/", urlpatterns=usual)
        calls.append(("afterwards", reverse("page")))
    started, seen, finished = ("started", "/usual/"), ("view", "/other/"), ("finished", "/usual/")
    afterwards = ("afterwards", "/usual/")
    failed = [started, seen, ("exception", "/other/"), finished, afterwards]
    return {ask.named: calls}, {ask.named: [started, seen, finished, afterwards, *failed]}

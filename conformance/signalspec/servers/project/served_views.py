"""The views of the site. Those that wait note where they are, and wait for the client to open the gate."""

import asyncio
import io
import time

import noting
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import path

CHUNK = b"x" * 65536
CHUNKS = 128


def plain(request):
    return HttpResponse("text")


def reading(request):
    return HttpResponse(str(len(request.body)))


def broken(request):
    raise ValueError("The view fails.")


def large(request):
    return HttpResponse(CHUNK * CHUNKS)


def file(request):
    return FileResponse(io.BytesIO(b"text"), filename="file.txt")


def large_file(request):
    return FileResponse(io.BytesIO(CHUNK * CHUNKS), filename="file.bin")


class Body:
    """A streaming body that may fail in its midst or when it is closed."""

    def __init__(self, fails=None):
        self.fails = fails

    def __iter__(self):
        yield CHUNK
        if self.fails == "midst":
            raise ValueError("The body fails.")
        yield CHUNK

    def close(self):
        if self.fails == "closing":
            raise ValueError("A closer fails.")


def stream(request):
    return StreamingHttpResponse(Body())


def broken_stream(request):
    return StreamingHttpResponse(Body("midst"))


def broken_closer(request):
    return StreamingHttpResponse(Body("closing"))


def long_stream(request):
    def body():
        yield CHUNK
        noting.note("streaming", request.GET["id"])
        if "wsgi.version" in request.META:  # Under ASGI, Django collects the whole body before it sends any of it.
            noting.gate(request.GET["id"])
        for _ in range(CHUNKS):
            yield CHUNK

    return StreamingHttpResponse(body())


def waiting(request):
    noting.note("view", request.GET["id"])
    noting.gate(request.GET["id"])
    return HttpResponse("text")


async def opened(request):
    """Wait for the gate without holding up the event loop."""
    until = time.monotonic() + noting.PATIENCE
    while not noting.is_open(request.GET["id"]) and time.monotonic() < until:
        await asyncio.sleep(0.01)


async def awaiting(request):
    noting.note("view", request.GET["id"])
    await opened(request)
    return HttpResponse("text")


async def asynchronous(request):
    await asyncio.sleep(0)
    return HttpResponse("text")


async def asynchronous_stream(request):
    async def body():
        for _ in range(4):
            await asyncio.sleep(0)
            yield CHUNK

    return StreamingHttpResponse(body())


async def long_asynchronous_stream(request):
    async def body():
        yield CHUNK
        noting.note("streaming", request.GET["id"])
        await opened(request)
        for _ in range(CHUNKS):
            yield CHUNK

    return StreamingHttpResponse(body())


async def broken_asynchronous_stream(request):
    async def body():
        yield CHUNK
        raise ValueError("The body fails.")

    return StreamingHttpResponse(body())


VIEWS = (plain, reading, broken, large, file, large_file, stream, broken_stream, broken_closer, long_stream)
VIEWS += (waiting, awaiting, asynchronous, asynchronous_stream, long_asynchronous_stream, broken_asynchronous_stream)

urlpatterns = [path(view.__name__, view) for view in VIEWS]

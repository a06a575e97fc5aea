"""Notes what happens to each request, as lines of JSON at the end of one file, whichever process writes."""

import contextvars
import json
import os
import threading
import time
from urllib.parse import parse_qs

FOLDER = os.environ["SIGNALSPEC_NOTES"]
PATIENCE = 30.0
"""How many seconds a gate is waited for at most."""

_file = os.open(os.path.join(FOLDER, "notes"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_closing = threading.local()
_current = contextvars.ContextVar("current", default=None)


def note(event, request):
    """Note an event of the request with this id, and the thread."""
    line = {"request": request, "event": event, "thread": f"{os.getpid()}:{threading.get_native_id()}"}
    os.write(_file, f"{json.dumps(line)}\n".encode())


def id_of(query):
    """Return the id that a client put into the query of its request."""
    return parse_qs(query).get("id", [None])[0]


def started(sender, environ=None, scope=None, **kwargs):
    """Note that a request has started."""
    query = environ["QUERY_STRING"] if environ is not None else scope["query_string"].decode()
    _current.set(id_of(query))
    note("started", id_of(query))


def finished(sender, **kwargs):
    """Note that a request has finished: the one whose response is being closed, or whose task this is."""
    request = getattr(_closing, "request", None) or _current.get()
    note("finished", request)
    if request == "receiver-fails-1":
        raise ValueError("A receiver of request_finished fails.")


def middleware(get_response):
    """Let each response know whose it is, so that `finished` knows."""

    def around(request):
        response = get_response(request)
        close, whose = response.close, id_of(request.META["QUERY_STRING"])

        def noted():
            _closing.request = whose
            try:
                close()
            finally:
                _closing.request = None

        response.close = noted
        return response

    return around


def is_open(request):
    """Tell whether the client has opened the gate of its request."""
    return os.path.exists(os.path.join(FOLDER, f"gate-{request}"))


def gate(request):
    """Wait until the client opens the gate."""
    until = time.monotonic() + PATIENCE
    while not is_open(request) and time.monotonic() < until:
        time.sleep(0.01)

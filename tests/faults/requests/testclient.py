"""Faults of the chapter testclient: what the test clients do differently."""

from __future__ import annotations

from planting import DjangoFault

CLIENT = "django.test.client"
BACKEND = "django.db.backends.base.base"

_CLOSES = "            response.close()  # will fire request_finished\n"
_ACLOSES = "            await sync_to_async(response.close, thread_sensitive=False)()\n"
_STARTS = "        request_started.send(sender=self.__class__, environ=environ)\n"
_ASTARTS = "        await request_started.asend(sender=self.__class__, scope=scope)\n"
_CONNECTS = "        request_started.connect(close_old_connections)\n"
_RECONNECTS = "            request_finished.connect(close_old_connections)\n"
_OBSOLETE = "        if self.connection is not None:\n            self.health_check_done = False\n            # If the application"
_FIRST = """\
            request_finished.receivers.insert(0, request_finished.receivers.pop())
            request_finished.sender_receivers_cache.clear()
"""


def _in_any_case(does: str, undoes: str) -> str:
    indent = does[: len(does) - len(does.lstrip())]
    return f"{indent}try:\n    {does}{indent}finally:\n    {undoes}"


FAULTS = [
    DjangoFault("testclient.both-signals", "The response is not closed.", CLIENT, {_CLOSES: ""}),
    DjangoFault(
        "testclient.both-signals", "The asynchronous client does not close the response.", CLIENT, {_ACLOSES: ""}
    ),
    DjangoFault(
        "testclient.streaming",
        "It ends before it is read.",
        CLIENT,
        {
            "    try:\n        yield from iterable\n": "    close()\n    close = lambda: None\n    try:\n        yield from iterable\n"
        },
    ),
    DjangoFault(
        "testclient.sender",
        "The handler's class is set.",
        CLIENT,
        {
            "        response = self.get_response(request)\n": "        response = self.get_response(request)\n        response._handler_class = self.__class__\n",
            "        response = await self.get_response_async(request)\n": "        response = await self.get_response_async(request)\n        response._handler_class = self.__class__\n",
        },
        repair=True,
    ),
    DjangoFault(
        "testclient.keeps-connections",
        "Connections are closed at the start.",
        CLIENT,
        {f"        request_started.disconnect(close_old_connections)\n{_STARTS}": _STARTS},
    ),
    DjangoFault(
        "testclient.closing-keeps-connections",
        "A transaction keeps its connection.",
        BACKEND,
        {_OBSOLETE: _OBSOLETE.replace("None:", "None and not self.in_atomic_block:", 1)},
        repair=True,
    ),
    DjangoFault(
        "testclient.servers-close-again",
        "It is not connected again.",
        CLIENT,
        {f"{_CONNECTS}        request = WSGIRequest(environ)\n": "        request = WSGIRequest(environ)\n"},
    ),
    DjangoFault(
        "testclient.servers-close-again-after-a-failure",
        "It is connected again in any case.",
        CLIENT,
        {
            _STARTS + _CONNECTS: _in_any_case(_STARTS, _CONNECTS),
            _ASTARTS + _CONNECTS: _in_any_case(_ASTARTS, _CONNECTS),
            _CLOSES + _RECONNECTS: _in_any_case(_CLOSES, _RECONNECTS),
            _ACLOSES + _RECONNECTS: _in_any_case(_ACLOSES, _RECONNECTS),
        },
        repair=True,
    ),
    DjangoFault(
        "testclient.keeps-the-order",
        "It is connected again in front of the others.",
        CLIENT,
        {
            _CLOSES + _RECONNECTS: _CLOSES + _RECONNECTS + _FIRST,
            _ACLOSES + _RECONNECTS: _ACLOSES + _RECONNECTS + _FIRST,
        },
        repair=True,
    ),
    DjangoFault(
        "testclient.raises-after-the-end",
        "It raises at once.",
        CLIENT,
        {"        self.exc_info = sys.exc_info()\n": "        raise\n"},
    ),
    DjangoFault(
        "testclient.need-not-raise",
        "It always raises.",
        CLIENT,
        {"            if self.raise_request_exception:\n": "            if True:\n"},
    ),
    DjangoFault(
        "testclient.no-host",
        "There is a Host header.",
        CLIENT,
        {
            '            "SERVER_NAME": "testserver",\n': '            "SERVER_NAME": "testserver",\n            "HTTP_HOST": "testserver",\n'
        },
    ),
    DjangoFault(
        "testclient.stream-fails",
        "It ends where its content comes to an end.",
        CLIENT,
        {
            "        yield from iterable\n    finally:\n": "        yield from iterable\n    except StopIteration:\n        pass\n    else:\n"
        },
    ),
    DjangoFault(
        "testclient.stream-fails",
        "An asynchronous response ends where its content comes to an end.",
        CLIENT,
        {
            "            yield chunk\n    finally:\n": "            yield chunk\n    except StopAsyncIteration:\n        pass\n    else:\n"
        },
    ),
    DjangoFault(
        "testclient.stream-closed",
        "A response that streams ends only where it is read.",
        CLIENT,
        {
            f"{_CLOSES}{_RECONNECTS}\n        return response\n": f"{_CLOSES}{_RECONNECTS}\n        if response.streaming:\n            response.close = lambda: None\n        return response\n"
        },
    ),
    DjangoFault(
        "testclient.exc-info",
        "A response has the exception of an earlier request.",
        CLIENT,
        {
            "            self.exc_info = None\n            if self.raise_request_exception:\n": "            if self.raise_request_exception:\n                self.exc_info = None\n"
        },
    ),
    DjangoFault(
        "testclient.asynchronous-receivers",
        "request_started is sent to synchronous receivers only.",
        CLIENT,
        {
            _STARTS: "        for receiver in request_started._live_receivers(self.__class__)[0]:\n            receiver(signal=request_started, sender=self.__class__, environ=environ)\n"
        },
    ),
    DjangoFault(
        "testclient.capturing-restores",
        "A block that fails leaves it disconnected.",
        "django.test.utils",
        {
            "        request_started.connect(reset_queries)\n        if exc_type is not None:\n            return\n": "        if exc_type is not None:\n            return\n        request_started.connect(reset_queries)\n"
        },
        releases=("5.2",),
    ),
    DjangoFault(
        "testclient.capturing-restores",
        "A block that fails leaves it disconnected.",
        "django.test.utils",
        {
            "        if self.reset_queries_disconnected:\n            request_started.connect(reset_queries)\n        if exc_type is not None:\n            return\n": "        if exc_type is not None:\n            return\n        if self.reset_queries_disconnected:\n            request_started.connect(reset_queries)\n"
        },
        releases=("6.1",),
    ),
]

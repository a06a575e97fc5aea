"""Faults of the chapter finished: request_finished."""

from __future__ import annotations

from planting import DjangoFault

RESPONSE = "django.http.response"
WSGI = "django.core.handlers.wsgi"
ASGI = "django.core.handlers.asgi"

_SENDS = "        signals.request_finished.send(sender=self._handler_class)\n"
_CLOSES = "        for closer in self._resource_closers:\n"
_HANDLER = "        response._handler_class = self.__class__\n"
_RETURNS = "            )\n        return response\n"
_ENDS = "        signals.request_finished.send(sender=self.__class__)\n"
_MAPS = "            return map(self.make_bytes, self._iterator)\n"
_STREAMED = """\
            def watched():
                yield from map(self.make_bytes, self._iterator)
                self.is_read = True
            return watched()
"""
_NEVER = "            response.close = lambda: None\n"

FAULTS = [
    DjangoFault(
        "finished.once",
        "Streaming responses do not send it.",
        RESPONSE,
        {_SENDS: f"        if not self.streaming:\n    {_SENDS}"},
    ),
    DjangoFault("finished.once", "It is sent twice.", RESPONSE, {_SENDS: _SENDS * 2}),
    DjangoFault(
        "finished.after-the-body",
        "It is sent before the body is.",
        WSGI,
        {_RETURNS: f"            )\n{_ENDS}        return response\n"},
    ),
    DjangoFault(
        "finished.after-a-streaming-body",
        "A streaming response sends it when the view returns.",
        WSGI,
        {_HANDLER: f"{_HANDLER}        if response.streaming:\n    {_ENDS}{_NEVER}"},
    ),
    DjangoFault("finished.sender", "The sender is None under WSGI.", WSGI, {_HANDLER: ""}),
    DjangoFault(
        "finished.sender",
        "The sender is the class of the response.",
        RESPONSE,
        {"sender=self._handler_class": "sender=self.__class__"},
    ),
    DjangoFault(
        "finished.sender-of-refused-requests",
        "The handler's class is set.",
        ASGI,
        {
            "await self.send_response(error_response, send)": "error_response._handler_class = self.__class__; await self.send_response(error_response, send)"
        },
        repair=True,
    ),
    DjangoFault(
        "finished.arguments",
        "Receivers get the response.",
        RESPONSE,
        {"sender=self._handler_class": "sender=self._handler_class, response=self"},
    ),
    DjangoFault(
        "finished.file-wrapper",
        "The wrapper closes the file alone.",
        WSGI,
        {"            response.file_to_stream.close = response.close\n": ""},
    ),
    DjangoFault(
        "finished.after-closers",
        "It is sent before anything is closed.",
        RESPONSE,
        {_SENDS: "", _CLOSES: _SENDS + _CLOSES},
    ),
    DjangoFault(
        "finished.after-closers",
        "The response is not marked as closed.",
        RESPONSE,
        {"        self.closed = True\n": ""},
    ),
    DjangoFault(
        "finished.failing-closer",
        "What fails in closing leaves close().",
        RESPONSE,
        {
            "                closer()\n            except Exception:\n                pass\n": "                closer()\n            except Exception:\n                raise\n"
        },
    ),
    DjangoFault(
        "finished.body-unread",
        "A response whose body nobody read does not send it.",
        RESPONSE,
        {
            "        return iter(self._container)\n": "        self.is_read = True\n        return iter(self._container)\n",
            _SENDS: f'        if self.streaming or hasattr(self, "is_read"):\n    {_SENDS}',
        },
    ),
    DjangoFault(
        "finished.body-fails",
        "A response whose content failed is not closed.",
        RESPONSE,
        {
            _MAPS: """\
            def watched():
                try:
                    yield from map(self.make_bytes, self._iterator)
                except Exception:
                    self.close = lambda: None
                    raise
            return watched()
"""
        },
    ),
    DjangoFault(
        "finished.after-errors",
        "An error page does not send it.",
        WSGI,
        {_HANDLER: f"{_HANDLER}        if response.status_code == 500:\n{_NEVER}"},
    ),
    DjangoFault(
        "finished.after-handled-errors",
        "A page with status 4xx does not send it.",
        WSGI,
        {_HANDLER: f"{_HANDLER}        if 400 <= response.status_code < 500:\n{_NEVER}"},
    ),
    DjangoFault(
        "finished.without-a-view",
        "A response that no view made does not send it.",
        WSGI,
        {_HANDLER: f"{_HANDLER}        if request.resolver_match is None:\n{_NEVER}"},
    ),
    DjangoFault(
        "finished.failure-stops-receivers",
        "Failures are ignored.",
        RESPONSE,
        {"request_finished.send(": "request_finished.send_robust("},
    ),
    DjangoFault(
        "finished.next-request",
        "After a failure it is sent no more.",
        RESPONSE,
        {
            _SENDS: f'        if not hasattr(HttpResponseBase, "failed"):\n            HttpResponseBase.failed = True\n    {_SENDS}            del HttpResponseBase.failed\n'
        },
    ),
    DjangoFault(
        "finished.when-the-server-closes",
        "A response to HEAD is closed at once.",
        WSGI,
        {
            "        start_response(status, response_headers)\n": f'        start_response(status, response_headers)\n        if request.method == "HEAD":\n            response.close()\n{_NEVER}'
        },
    ),
    DjangoFault(
        "finished.when-the-server-closes",
        "A response without a body is closed at once.",
        WSGI,
        {
            _RETURNS: f"            )\n        if response.status_code == 204:\n            response.close()\n{_NEVER}        return response\n"
        },
    ),
    DjangoFault(
        "finished.each-method",
        "A response to OPTIONS does not send it.",
        WSGI,
        {_HANDLER: f'{_HANDLER}        if request.method == "OPTIONS":\n{_NEVER}'},
    ),
    DjangoFault(
        "finished.each-method",
        "A response to DELETE sends it once more.",
        WSGI,
        {_HANDLER: f'{_HANDLER}        if request.method == "DELETE":\n    {_ENDS}'},
    ),
    DjangoFault(
        "finished.body-abandoned",
        "A response that was read in part does not send it.",
        RESPONSE,
        {_MAPS: _STREAMED, _SENDS: f'        if not self.streaming or hasattr(self, "is_read"):\n    {_SENDS}'},
    ),
    DjangoFault(
        "finished.body-exits",
        "A response whose content is told to exit is not closed.",
        RESPONSE,
        {
            _MAPS: """\
            def watched():
                try:
                    yield from map(self.make_bytes, self._iterator)
                except (SystemExit, KeyboardInterrupt):
                    self.close = lambda: None
                    raise
            return watched()
"""
        },
    ),
    DjangoFault(
        "finished.sender",
        "A file that the server sends itself ends without a sender.",
        "django.core.handlers.wsgi",
        {
            "        response._handler_class = self.__class__\n\n": "\n",
            "                response.file_to_stream, response.block_size\n            )\n": "                response.file_to_stream, response.block_size\n            )\n        response._handler_class = self.__class__\n",
        },
    ),
    DjangoFault(
        "finished.uploads-are-closed",
        "Uploaded files are closed first.",
        "django.core.handlers.base",
        {
            "        response = self._middleware_chain(request)\n        response._resource_closers.append(request.close)\n": "        response = self._middleware_chain(request)\n        response._resource_closers.insert(0, request.close)\n"
        },
    ),
    DjangoFault(
        "finished.uploads-are-closed",
        "Under ASGI uploaded files are closed first.",
        "django.core.handlers.base",
        {
            "        response = await self._middleware_chain(request)\n        response._resource_closers.append(request.close)\n": "        response = await self._middleware_chain(request)\n        response._resource_closers.insert(0, request.close)\n"
        },
    ),
]

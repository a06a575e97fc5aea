"""WSGI servers of a few lines, a sound one and others with a fault: ``python -m planted_servers FAULT PORT``."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer


class Sound(ServerHandler):
    """Calls the application once, and closes what it returns, in the same thread, whatever happens."""

    http_version = "1.0"
    result: Any
    environ: Any
    request_handler: Any

    def log_exception(self, exc_info: Any) -> None:
        """Say nothing."""

    def error_output(self, environ: Any, start_response: Any) -> list[bytes]:
        """Send nothing."""
        return []


class NeverCloses(Sound):
    """Forgets that there is something to close."""

    def close(self) -> None:
        """Drop the response."""
        self.result = None


class ClosesWhatItHasSent(Sound):
    """Closes a response only where all of it could be sent."""

    def finish_response(self) -> None:
        """Send all, then close."""
        for data in self.result or ():
            self.write(data)
        self.finish_content()
        self.close()


class ClosesTwice(Sound):
    """Closes a response again, to be sure."""

    def close(self) -> None:
        """Close it twice."""
        self.result.close()
        super().close()


class ClosesElsewhere(Sound):
    """Lets a thread close responses."""

    def close(self) -> None:
        """Close it in a thread."""
        thread = threading.Thread(target=self.result.close)
        thread.start()
        thread.join()
        self.result = None


class SkipsHeads(Sound):
    """Does not look at what it need not send."""

    def finish_response(self) -> None:
        """Send the head of what has no body."""
        if self.environ["REQUEST_METHOD"] == "HEAD":
            self.send_headers()
            self.result = None
        else:
            super().finish_response()


class AsksAgain(Sound):
    """Calls the application again where it answers with an error."""

    def run(self, application: Any) -> None:
        """Throw an answer away that does not please."""

        def again(environ: Any, start_response: Callable[..., Any]) -> Any:
            statuses: list[str] = []
            response = application(environ, lambda status, *rest: statuses.append(status))
            if statuses[0].startswith("2"):
                start_response(statuses[0], [])
                return response
            response.close()
            return application(environ, start_response)

        super().run(again)


FAULTS = {
    each.__name__: each
    for each in (Sound, NeverCloses, ClosesWhatItHasSent, ClosesTwice, ClosesElsewhere, SkipsHeads, AsksAgain)
}


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each connection."""

    daemon_threads = True
    request_queue_size = 20


def request_handler(fault: type[Sound]) -> type[WSGIRequestHandler]:
    """Return a handler of connections that answers by `fault`."""

    class Handler(WSGIRequestHandler):
        def handle(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if self.parse_request():
                writer: Any = self.wfile
                handler = fault(self.rfile, writer, sys.stderr, self.get_environ())
                handler.request_handler = self
                server: Any = self.server
                handler.run(server.get_app())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def main(fault: str, port: str) -> None:
    """Serve until the process is ended."""
    application = importlib.import_module("served_wsgi").application

    server = Server(("127.0.0.1", int(port)), request_handler(FAULTS[fault]))
    server.set_app(application)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

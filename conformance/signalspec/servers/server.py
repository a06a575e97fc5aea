"""The servers that can be asked, and how each is started: one process that answers, on one port of this machine."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

Interface = Literal["wsgi", "asgi"]

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """A server, the distributions that have to be installed, and the arguments of its command."""

    name: str
    interface: Interface
    distributions: tuple[str, ...]
    arguments: tuple[str, ...]
    workers: int = 1
    """How many synchronous requests it answers at the same time, at least."""

    def command(self, port: int) -> list[str]:
        """Return the command that serves the project on `port`."""
        return [sys.executable, "-m", *(each.format(host=HOST, port=port) for each in self.arguments)]

    def versions(self) -> dict[str, str]:
        """Return the version of each distribution; raise `PackageNotFoundError` for one that is not installed."""
        return {each: version(each) for each in self.distributions}

    @property
    def missing(self) -> str | None:
        """The first distribution that is not installed, if any."""
        for each in self.distributions:
            try:
                version(each)
            except PackageNotFoundError:
                return each
        return None


GUNICORN = (
    "gunicorn",
    "--bind",
    "{host}:{port}",
    "--workers",
    "1",
    "--graceful-timeout",
    "5",
    "--log-level",
    "critical",
)

SERVERS = {
    server.name: server
    for server in (
        Server("runserver", "wsgi", ("Django",), ("django", "runserver", "--noreload", "{host}:{port}"), workers=4),
        Server("gunicorn-sync", "wsgi", ("gunicorn",), (*GUNICORN, "served_wsgi")),
        Server(
            "gunicorn-gthread",
            "wsgi",
            ("gunicorn",),
            (*GUNICORN, "--worker-class", "gthread", "--threads", "4", "served_wsgi"),
            workers=4,
        ),
        Server(
            "gunicorn-asgi",
            "asgi",
            ("gunicorn", "uvicorn", "uvicorn-worker"),
            (*GUNICORN, "--worker-class", "uvicorn_worker.UvicornWorker", "served_asgi"),
        ),
        Server(
            "waitress", "wsgi", ("waitress",), ("waitress", "--listen={host}:{port}", "served_wsgi:application"), 4
        ),
        Server(
            "uvicorn",
            "asgi",
            ("uvicorn",),
            ("uvicorn", "--host", "{host}", "--port", "{port}", "--log-level", "critical", "served_asgi:application"),
        ),
        Server("daphne", "asgi", ("daphne",), ("daphne", "-b", "{host}", "-p", "{port}", "served_asgi:application")),
        Server(
            "hypercorn", "asgi", ("hypercorn",), ("hypercorn", "--bind", "{host}:{port}", "served_asgi:application")
        ),
    )
}

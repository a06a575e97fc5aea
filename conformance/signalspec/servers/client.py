"""A client that does to servers what clients do: it sends half of a request, reads slowly, and leaves."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from signalspec.servers.server import HOST

ANSWER_WITHIN = 20.0
"""How many seconds an answer is waited for."""


class UnansweredError(Exception):
    """The server did not answer, or not in HTTP."""


@dataclass(frozen=True)
class Noted:
    """A line of the notes."""

    request: str | None
    event: str
    thread: str


def read_notes(folder: Path) -> list[Noted]:
    """Return what has been noted so far."""
    file = folder / "notes"
    text = file.read_text("utf-8") if file.exists() else ""
    return [Noted(**json.loads(line)) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until `holds`, for some seconds at most, and tell whether it does."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


class Connection:
    """A connection to the server."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket()
        # Little is on the way, so that a client that does not read holds the server up.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.socket.settimeout(ANSWER_WITHIN)
        self.socket.connect((HOST, port))

    def send(self, text: bytes) -> None:
        """Send what is ready to be sent."""
        with suppress(OSError):  # A server may close a connection; then there is no answer either.
            self.socket.sendall(text)

    def answer(self, method: str) -> http.client.HTTPResponse:
        """Read the head of an answer; raise `UnansweredError` where there is none."""
        response = http.client.HTTPResponse(self.socket, method=method)
        try:
            response.begin()
        except (OSError, http.client.HTTPException) as error:
            raise UnansweredError(type(error).__name__) from error
        return response

    def leave(self) -> None:
        """Leave at once, whatever is still to be read."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        """Close the connection as a client does that has read its answer."""
        self.socket.close()


@dataclass
class Client:
    """A client of the server at `port`, whose requests bear the name of a scenario."""

    port: int
    folder: Path
    scenario: str
    asynchronous: bool
    requests: list[str] = field(default_factory=list)

    def head(
        self, view: str, method: str = "GET", headers: Mapping[str, str] | None = None, version: str = "1.1"
    ) -> bytes:
        """Return the head of a new request."""
        self.requests.append(f"{self.scenario}-{len(self.requests) + 1}")
        lines = [f"{method} /{view}?id={self.requests[-1]} HTTP/{version}", f"Host: {HOST}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        return "\r\n".join([*lines, "", ""]).encode()

    def connect(self) -> Connection:
        """Open a connection."""
        return Connection(self.port)

    def get(self, view: str, method: str = "GET", body: bytes = b"", version: str = "1.1") -> None:
        """Send a request on a connection of its own, and read the whole answer."""
        connection = self.connect()
        headers = {"Connection": "close", **({"Content-Length": str(len(body))} if body else {})}
        connection.send(self.head(view, method, headers, version) + body)
        self.read(connection, method)
        connection.close()

    def read(self, connection: Connection, method: str = "GET", silence: float = ANSWER_WITHIN) -> bool:
        """Read an answer until it ends, or nothing comes for some seconds; tell whether the connection is kept."""
        connection.socket.settimeout(silence)
        response = connection.answer(method)
        try:
            response.read()
        except (OSError, http.client.HTTPException):
            return False  # The body was cut.
        connection.socket.settimeout(ANSWER_WITHIN)
        return not response.will_close

    def seen(self, event: str, seconds: float = ANSWER_WITHIN) -> bool:
        """Wait until an event of the last request was noted."""
        request = self.requests[-1]
        return wait_until(
            lambda: any((each.request, each.event) == (request, event) for each in read_notes(self.folder)), seconds
        )

    def open_gate(self) -> None:
        """Let the view of the last request go on."""
        (self.folder / f"gate-{self.requests[-1]}").touch()

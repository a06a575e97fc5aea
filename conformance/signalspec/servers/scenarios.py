"""What clients do: one scenario each, and the clause that says what is to be sent then."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass

from signalspec.servers.client import Client, UnansweredError
from signalspec.servers.server import Interface

Run = Callable[[Client], None]

MAY_NOT_BE_NOTICED = 1.0
"""How many seconds a server has to notice that a client has left, before the view goes on. Some never do."""


@dataclass(frozen=True)
class Scenario:
    """What a client does, in a sentence, and what it is about."""

    name: str
    does: str
    clause: str
    run: Run
    interfaces: tuple[Interface, ...]
    starts: bool
    """Whether its requests have to be started: a server need not begin with one that is not complete."""


A_WHILE = 1.5
"""How many seconds a slow client does nothing."""

SCENARIOS: dict[str, Scenario] = {}
"""All scenarios by name, in the order in which they are run."""


def scenario(does: str, clause: str, *, only: Interface | None = None, starts: bool = True) -> Callable[[Run], Run]:
    """Register the decorated function as a scenario."""

    def register(run: Run) -> Run:
        name = run.__name__.replace("_", "-")
        interfaces: tuple[Interface, ...] = (only,) if only else ("wsgi", "asgi")
        SCENARIOS[name] = Scenario(name, does, clause, run, interfaces, starts)
        return run

    return register


@scenario("It reads the answer.", "finished.after-the-body")
def plain(client: Client) -> None:
    client.get("plain")


@scenario("It sends three requests on one connection.", "started.once")
def kept_alive(client: Client) -> None:
    connection = client.connect()
    for _ in range(3):
        connection.send(client.head("plain"))
        if not client.read(connection):
            connection.close()
            connection = client.connect()
    connection.close()


@scenario("It speaks HTTP/1.0.", "started.once")
def old(client: Client) -> None:
    client.get("plain", version="1.0")


@scenario("Four of them at once.", "finished.once")
def at_once(client: Client) -> None:
    connections = [client.connect() for _ in range(4)]
    for connection in connections:
        connection.send(client.head("stream", headers={"Connection": "close"}))
    for connection in connections:
        client.read(connection)
        connection.close()


@scenario("It asks for the head of a page.", "finished.body-unread")
def head(client: Client) -> None:
    client.get("plain", "HEAD")


@scenario("It asks for the head of a stream.", "finished.body-unread")
def head_of_a_stream(client: Client) -> None:
    client.get("stream", "HEAD")


@scenario("It asks for the head of a file.", "finished.file-wrapper")
def head_of_a_file(client: Client) -> None:
    client.get("file", "HEAD")


@scenario("It sends a body that the view reads.", "finished.once")
def body_read(client: Client) -> None:
    client.get("reading", "POST", b"x" * 100_000)


@scenario("It sends a body that nobody reads.", "finished.once")
def body_unread(client: Client) -> None:
    client.get("plain", "POST", b"x" * 100_000)


@scenario("It sends bodies that nobody reads, on one connection.", "started.once")
def bodies_unread(client: Client) -> None:
    connection = client.connect()
    for _ in range(2):
        connection.send(client.head("plain", "POST", {"Content-Length": "1000"}) + b"x" * 1000)
        if not client.read(connection):
            connection.close()
            connection = client.connect()
    connection.close()


@scenario("It sends a body in chunks, which nobody reads.", "finished.once")
def chunked_body(client: Client) -> None:
    connection = client.connect()
    head = client.head("plain", "POST", {"Transfer-Encoding": "chunked", "Connection": "close"})
    connection.send(head + b"3\r\nabc\r\n0\r\n\r\n")
    client.read(connection)
    connection.close()


@scenario("It sends two requests at once on one connection.", "started.once", starts=False)
def pipelined(client: Client) -> None:
    connection = client.connect()
    connection.send(client.head("plain") + client.head("plain", headers={"Connection": "close"}))
    if client.read(connection):
        client.read(connection)
    connection.close()


@scenario("It says that it sends no more, and reads the answer.", "finished.once", starts=False)
def half_closed(client: Client) -> None:
    connection = client.connect()
    connection.send(client.head("stream", headers={"Connection": "close"}))
    connection.socket.shutdown(socket.SHUT_WR)
    client.read(connection)
    connection.close()


@scenario("It asks for a page that does not exist.", "finished.after-handled-errors")
def missing(client: Client) -> None:
    client.get("missing")


@scenario("The view fails.", "finished.after-errors")
def broken(client: Client) -> None:
    client.get("broken")


@scenario("It reads a stream.", "finished.after-a-streaming-body")
def stream(client: Client) -> None:
    client.get("stream")


@scenario("It reads a file.", "finished.file-wrapper")
def file(client: Client) -> None:
    client.get("file")


@scenario("It begins to read a file of eight megabytes, and takes its time.", "finished.file-wrapper")
def slow_file(client: Client) -> None:
    connection = client.connect()
    connection.send(client.head("large_file", headers={"Connection": "close"}))
    response = connection.answer("GET")
    # More than fits between the two is left, so the server cannot end before somebody reads on.
    client.seen("finished", A_WHILE)
    while response.read(4096):
        pass
    connection.close()


@scenario("The body fails in its midst.", "finished.body-fails")
def broken_stream(client: Client) -> None:
    read_until_it_fails(client, "broken_stream")


def read_until_it_fails(client: Client, view: str) -> None:
    """Read what comes of a body that fails. Some servers then neither say more nor close the connection."""
    connection = client.connect()
    connection.send(client.head(view, headers={"Connection": "close"}))
    client.read(connection, silence=2.0)
    connection.close()


@scenario("The body cannot be closed.", "finished.failing-closer")
def broken_closer(client: Client) -> None:
    client.get("broken_closer")


@scenario("A receiver of request_finished fails, and the next request is as any other.", "finished.next-request")
def receiver_fails(client: Client) -> None:
    client.get("plain")
    client.get("plain")


@scenario("It reads eight megabytes, little by little.", "finished.after-the-body")
def slow(client: Client) -> None:
    connection = client.connect()
    connection.send(client.head("large", headers={"Connection": "close"}))
    response = connection.answer("GET")
    while response.read(4096):
        pass
    connection.close()


@scenario("An asynchronous view answers.", "finished.after-the-body")
def asynchronous(client: Client) -> None:
    client.get("asynchronous")


@scenario("It reads an asynchronous stream.", "finished.after-a-streaming-body")
def asynchronous_stream(client: Client) -> None:
    client.get("asynchronous_stream")


@scenario("An asynchronous body fails in its midst.", "finished.body-fails", only="asgi")
def broken_asynchronous_stream(client: Client) -> None:
    read_until_it_fails(client, "broken_asynchronous_stream")


@scenario("It leaves in the midst of the request's head.", "finished.once", starts=False)
def leaves_in_the_head(client: Client) -> None:
    connection = client.connect()
    connection.send(client.head("plain")[:-10])
    connection.leave()


@scenario("It leaves in the midst of the request's body.", "finished.once", starts=False)
def leaves_in_its_body(client: Client) -> None:
    connection = client.connect()
    connection.send(client.head("reading", "POST", {"Content-Length": "100000"}) + b"x" * 10)
    connection.leave()


@scenario("It sends a request and leaves.", "finished.once", starts=False)
def leaves_at_once(client: Client) -> None:
    connection = client.connect()
    connection.send(client.head("plain"))
    connection.leave()


@scenario("It leaves while a synchronous view is at work.", "finished.once", only="wsgi")
def leaves_in_the_view(client: Client) -> None:
    leave_in(client, "waiting")


@scenario("It leaves while a synchronous view is at work.", "disconnects.in-a-synchronous-view", only="asgi")
def leaves_in_a_synchronous_view(client: Client) -> None:
    leave_in(client, "waiting")


@scenario("It leaves while an asynchronous view is at work.", "disconnects.in-an-asynchronous-view", only="asgi")
def leaves_in_an_asynchronous_view(client: Client) -> None:
    leave_in(client, "awaiting")


def leave_in(client: Client, view: str) -> None:
    """Leave as soon as `view` is at work, and let it go on once the server knows."""
    connection = client.connect()
    connection.send(client.head(view))
    if not client.seen("view"):
        raise UnansweredError("the view is not called")
    connection.leave()
    if client.asynchronous:
        client.seen("disconnect", MAY_NOT_BE_NOTICED)
    client.open_gate()


@scenario("It leaves in the midst of a stream.", "finished.once", only="wsgi")
def leaves_in_a_stream(client: Client) -> None:
    leave_while_reading(client, "long_stream")


@scenario("It leaves in the midst of a synchronous stream.", "disconnects.in-the-body", only="asgi")
def leaves_in_a_synchronous_stream(client: Client) -> None:
    leave_while_reading(client, "long_stream")


@scenario("It leaves in the midst of an asynchronous stream.", "disconnects.in-the-body", only="asgi")
def leaves_in_an_asynchronous_stream(client: Client) -> None:
    leave_while_reading(client, "long_asynchronous_stream")


@scenario("It leaves in the midst of eight megabytes.", "finished.once", only="wsgi")
def leaves_in_a_large_body(client: Client) -> None:
    leave_while_reading(client, "large")


@scenario("It leaves in the midst of eight megabytes.", "disconnects.in-the-body", only="asgi")
def leaves_in_a_large_response(client: Client) -> None:
    leave_while_reading(client, "large")


@scenario("It leaves in the midst of a file.", "finished.file-wrapper")
def leaves_in_a_file(client: Client) -> None:
    leave_while_reading(client, "large_file")


def leave_while_reading(client: Client, view: str) -> None:
    """Read a little of the body, leave, and let the body go on."""
    connection = client.connect()
    connection.send(client.head(view))
    response = connection.answer("GET")
    response.read(1000)
    connection.leave()
    if client.asynchronous and "asynchronous" in view:
        client.seen("disconnect", MAY_NOT_BE_NOTICED)
    client.open_gate()

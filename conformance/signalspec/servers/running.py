"""Runs all scenarios on a server: starts it on a free port, and ends all that it has started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from signalspec.servers.client import Client, Noted, UnansweredError, read_notes, wait_until
from signalspec.servers.scenarios import Scenario
from signalspec.servers.server import HOST, Server

STARTS_WITHIN = 30.0
ENDS_WITHIN = 8.0
"""How many seconds the end of a request is waited for. One that has none yet by then has none."""

SOON = 0.5
"""How many seconds the next scenario waits for the end of this one."""

ATTEMPTS = 3
"""How often a server is started, since somebody else may take the port that was free."""


class ServerError(Exception):
    """The server cannot be checked; the message is one sentence."""


@dataclass(frozen=True)
class Ran:
    """A scenario that was run: its requests, what was noted of them, and why it was not answered, if it was not."""

    scenario: Scenario
    requests: tuple[str, ...]
    notes: tuple[Noted, ...]
    unanswered: str | None


def run(server: Server, wanted: Sequence[Scenario], tell: Callable[[str, int, int], None]) -> list[Ran]:
    """Run scenarios on a server, one after the other, and tell of each; raise `ServerError` if it does not start."""
    if server.missing:
        raise ServerError(f"{server.name} needs {server.missing}, which is not installed.")
    with tempfile.TemporaryDirectory() as place, serving(server, Path(place)) as port:
        clients: list[tuple[Scenario, Client, str | None]] = []
        for number, each in enumerate(wanted):
            tell("scenarios", number, len(wanted))
            client = Client(port, Path(place), each.name, server.interface == "asgi")
            unanswered = None
            try:
                each.run(client)
            except (UnansweredError, OSError) as error:
                unanswered = str(error) or type(error).__name__
            clients.append((each, client, unanswered))
            # One after the other where that is possible; what has not ended by then gets its time below.
            wait_for_ends(Path(place), client.requests, SOON)
        wait_for_ends(Path(place), [each for _, client, _ in clients for each in client.requests], ENDS_WITHIN)
        notes = read_notes(Path(place))
    return [
        Ran(
            each, tuple(client.requests), tuple(note for note in notes if note.request in client.requests), unanswered
        )
        for each, client, unanswered in clients
    ]


def wait_for_ends(folder: Path, requests: Collection[str], seconds: float) -> None:
    """Wait until each of the requests that has started has finished, for some seconds at most."""

    def ended() -> bool:
        notes = [each for each in read_notes(folder) if each.request in requests]
        started, finished = (
            {each.request for each in notes if each.event == name} for name in ("started", "finished")
        )
        return started <= finished

    wait_until(ended, seconds)


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(server: Server, folder: Path) -> Iterator[int]:
    """Serve the project as long as this lasts; give the port. Notes are taken in `folder`."""
    with as_file(files(__package__) / "project") as project, (folder / "printed").open("wb") as printed:
        for _ in range(ATTEMPTS):
            port = free_port()
            process = subprocess.Popen(
                server.command(port),
                cwd=folder,
                env=surroundings(project, folder),
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                if listens_soon(process, port):
                    yield port
                    return
            finally:
                end(process)
        said = ((folder / "printed").read_text("utf-8", "replace").strip() or "nothing").splitlines()[-1]
        raise ServerError(f"{server.name} does not start, and says: {said}.")


def surroundings(project: Path, folder: Path) -> dict[str, str]:
    """Return the environment of a server's process."""
    path = os.pathsep.join(filter(None, (str(project), os.environ.get("PYTHONPATH"))))
    return {
        **os.environ,
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "served_settings",
        "SIGNALSPEC_NOTES": str(folder),
    }


def listens_soon(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until a server listens, or is dead, and tell whether it listens."""
    wait_until(lambda: process.poll() is not None or listens(port), STARTS_WITHIN)
    return listens(port)


def listens(port: int) -> bool:
    """Tell whether somebody listens to `port`."""
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server and all processes that it has started: kindly first."""
    for kind, seconds in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 10.0)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, kind)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)

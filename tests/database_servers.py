"""Database servers from the system's packages, each in a folder of its own, on loopback and a free port.

They are ended, and their folders removed, when the block that started them is left. Debian has them in the packages
`postgresql` and `mariadb-server`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal as posix
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signalspec.runner.processes import die_with

BEGINNING = 120.0
"""Seconds that a server may take until it answers."""

ENDING = 20.0
"""Seconds that it may take to end."""


@dataclass(frozen=True)
class Server:
    """A running server: its process, its URL for an administrator, and what runs a statement on it."""

    process: subprocess.Popen[bytes]
    url: str
    client: Sequence[str]

    def end(self) -> None:
        """End it at once, and all that it has started."""
        # PostgreSQL ends its children at this signal, and MariaDB has none.
        self.process.send_signal(posix.SIGQUIT if self.url.startswith("postgresql") else posix.SIGKILL)
        try:
            self.process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def run(self, statement: str) -> str:
        """Run a statement as the administrator, and return what it prints."""
        done = subprocess.run([*self.client, statement], capture_output=True, text=True, check=True)
        return done.stdout

    def test_databases(self) -> list[str]:
        """Return the names of the databases for tests that there are."""
        question = {
            "postgresql": "SELECT datname FROM pg_database",
            "mariadb": "SHOW DATABASES",
        }[self.url.partition(":")[0]]
        return [name for name in self.run(question).split() if name.startswith("test_signalspec")]


def _program(name: str) -> str:
    """Return the path of a program of a server, which need not be on PATH."""
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", ""), "/usr/sbin"]))
    if found is None:
        raise FileNotFoundError(f"there is no {name}: install Debian's postgresql and mariadb-server")
    return found


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _somebody_else(name: str) -> str | None:
    """Return the user to run a server as: none refuses to run as somebody, but all do as root."""
    return name if os.geteuid() == 0 else None


@contextmanager
def postgresql() -> Iterator[Server]:
    """Run PostgreSQL in the block; its administrator has the password ``secret``."""
    user = _somebody_else("postgres")
    with _folder(user) as folder:
        data, password = folder / "data", folder / "password"
        password.write_text("secret\n")
        password.chmod(0o644)
        quiet = _as(user)
        command = [_program("initdb"), "-D", str(data), "-U", "admin", "-A", "scram-sha-256", f"--pwfile={password}"]
        subprocess.run([*command, "-E", "UTF8", "--no-sync"], check=True, **quiet)
        port = free_port()
        options = ["-c", "fsync=off", "-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1"]
        process = subprocess.Popen(
            [_program("postgres"), "-D", str(data), "-p", str(port), *options],
            **quiet,
        )
        url = f"postgresql://admin:secret@127.0.0.1:{port}/postgres"
        with _running(Server(process, url, [_program("psql"), "-X", "-A", "-t", url, "-c"])) as server:
            yield server


@contextmanager
def mariadb() -> Iterator[Server]:
    """Run MariaDB in the block; its administrator has the password ``secret``."""
    user = _somebody_else("mysql")
    with _folder(user) as folder:
        data, port = folder / "data", free_port()
        quiet = _as(user)
        where = ["--no-defaults", f"--datadir={data}"]
        command = [_program("mariadb-install-db"), *where, "--auth-root-authentication-method=normal"]
        subprocess.run([*command, "--skip-test-db"], check=True, **quiet)
        first = folder / "first.sql"
        first.write_text(
            "CREATE USER admin@'127.0.0.1' IDENTIFIED BY 'secret';\n"
            "GRANT ALL ON *.* TO admin@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        first.chmod(0o644)
        listening = ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder}/socket", "--skip-name-resolve"]
        files = [f"--pid-file={folder}/pid", f"--init-file={first}", "--innodb-flush-log-at-trx-commit=0"]
        process = subprocess.Popen(
            [_program("mariadbd"), *where, *listening, *files],
            **quiet,
        )
        client = [_program("mariadb"), "--no-defaults", "-h", "127.0.0.1", "-P", str(port), "-uadmin", "-psecret"]
        with _running(Server(process, f"mariadb://admin:secret@127.0.0.1:{port}", [*client, "-N", "-e"])) as server:
            yield server


SERVERS: dict[str, Callable[[], AbstractContextManager[Server]]] = {"postgresql": postgresql, "mariadb": mariadb}


def _as(user: str | None) -> dict[str, Any]:
    """Return how a server's programs are started: they say nothing, and end with this process."""
    parent = os.getpid()
    return {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
        "user": user,
        "preexec_fn": lambda: die_with(parent),
    }


@contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="signalspec-", ignore_cleanup_errors=True) as name:
        if user is not None:
            found = pwd.getpwnam(user)
            os.chown(name, found.pw_uid, found.pw_gid)
        yield Path(name)


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        deadline = time.monotonic() + BEGINNING
        while True:
            try:
                server.run("SELECT 1")
                break
            except subprocess.CalledProcessError as error:
                if server.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the server does not begin: {error.stderr}") from None
                time.sleep(0.1)
        yield server
    finally:
        server.end()

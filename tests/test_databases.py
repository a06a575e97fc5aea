"""The part models on a database server: what holds there, and that nothing is left behind.

``SIGNALSPEC_DATABASE`` names the server, which is started here; tox has an environment for each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from database_servers import SERVERS, Server, free_port
from signalspec.engines.laws import load_laws
from signalspec.targets.setup import NAME, PASSWORD, Setup, database_at
from signalspec.targets.target import load_here

KIND = os.environ.get("SIGNALSPEC_DATABASE", "").split("-")[1:2]
on_a_server = pytest.mark.skipif(not KIND, reason="SIGNALSPEC_DATABASE names no server")

PATIENCE = 900.0
SHORT = ("--only", "save.", "--depth", "2")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with SERVERS[KIND[0]]() as running:
        yield running


def command(url: str, *options: str) -> Sequence[str]:
    return [sys.executable, "-W", "ignore", "-m", "signalspec", "check", "django", "--database", url, *options]


def check(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(url, *options), capture_output=True, text=True, timeout=PATIENCE, check=False)


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is so; it is a failure where it is not within a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_one_sentence(text: str) -> bool:
    return "Traceback" not in text and len(text.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "url",
    ["here", "oracle://a:secret@b/c", "postgresql://a:secret@b:port/c", "mariadb://a:secret@b/?charset=utf8"],
)
def test_what_names_no_server_is_refused_without_its_password(url: str) -> None:
    done = check(url)
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert "secret" not in done.stdout + done.stderr


@on_a_server
def test_the_part_holds_and_nothing_is_left(server: Server) -> None:
    done = check(server.url, "--depth", os.environ.get("SIGNALSPEC_DEPTH", "3"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.test_databases() == []


@on_a_server
def test_a_server_that_is_not_there() -> None:
    done = check(f"{KIND[0]}://a:secret@127.0.0.1:{free_port()}", *SHORT)
    assert done.returncode == 2
    assert is_one_sentence(done.stderr), done.stderr
    assert "No test databases can be made" in done.stderr
    assert "secret" not in done.stderr


@on_a_server
def test_a_user_who_may_not_make_databases(server: Server) -> None:
    server.run(
        "CREATE USER guest PASSWORD 'secret'"
        if KIND == ["postgresql"]
        else "CREATE USER guest@'127.0.0.1' IDENTIFIED BY 'secret'"
    )
    done = check(f"{KIND[0]}://guest:secret@127.0.0.1:{urlsplit(server.url).port}", *SHORT)
    assert done.returncode == 2
    assert is_one_sentence(done.stderr), done.stderr
    assert "No test databases can be made" in done.stderr
    assert server.test_databases() == []


@on_a_server
def test_a_server_that_goes_away_midway() -> None:
    with SERVERS[KIND[0]]() as its_own:
        checking = subprocess.Popen(command(its_own.url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: len(its_own.test_databases()) == 2)
        its_own.end()
        printed, complaint = checking.communicate(timeout=PATIENCE)
    assert checking.returncode == 2, printed + complaint
    assert is_one_sentence(complaint), complaint
    assert not printed


@on_a_server
def test_a_check_that_is_killed_leaves_nothing(server: Server) -> None:
    checking = subprocess.Popen(command(server.url), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: len(server.test_databases()) == 2)
    checking.kill()
    checking.wait()
    wait_for(lambda: server.test_databases() == [])


@on_a_server
def test_a_script_needs_the_password_alone_and_drops_what_it_makes(server: Server, tmp_path: Path) -> None:
    database, password = database_at(server.url)
    target = replace(load_here("django"), setup=Setup(database))
    law = load_laws()["save.using"]
    script = tmp_path / "script.py"
    script.write_text(law.script(next(law.cases()), target, "The requirement."))
    assert password not in script.read_text()
    surroundings = {**os.environ, PASSWORD: password}
    surroundings.pop(NAME, None)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=surroundings, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.test_databases() == []

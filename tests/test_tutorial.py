"""The tutorial: its blocks make one project, whose sessions, servers and quotes are as the text says."""

from __future__ import annotations

import ast
import http.client
import inspect
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import django
import pytest
import signalspec_reference
from conftest import Cli
from signalspec.standard.clauses import load_clauses
from signalspec.tutorial import pages as tutorial
from signalspec.tutorial.building import build, command
from signalspec.tutorial.pages import Block, Page, PageError, load_pages, read_blocks

PAGES = load_pages()
SESSION = Path(__file__).with_name("tutorial_session.py")
SERVED = [(page, index) for page in PAGES for index, _ in enumerate(page.of("serve"))]
PORT = "8000"
"""The port that the text names."""

READ = ("Connection", "reference", "identity", "lookup_key", "Signal.connect", "Signal.disconnect", "Signal.send")
READ_TOO = ("Signal._receivers", "Signal._make_plan", "Signal._make_route", "Signal._bury", "Signal._call_robustly")
"""What of the reference the text reads line by line."""

for_django = pytest.mark.skipif(django.VERSION < (4, 2), reason="the tutorial is for Django 4.2 and newer")


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The project as it is at the end of each page."""
    project = tmp_path_factory.mktemp("tutorial") / "project"
    project.mkdir()
    made: dict[int, Path] = {}
    for page in PAGES:
        build([page], project)
        made[page.number] = project.with_name(page.name)
        shutil.copytree(project, made[page.number])
    return made


def session(project: Path, file: Path) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, str(SESSION), str(project), str(file)]
    return subprocess.run(run, capture_output=True, encoding="utf-8", check=False)


@for_django
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_session_prints_what_the_page_says(page: Page, stages: dict[int, Path], tmp_path: Path) -> None:
    file = tmp_path / page.name
    file.write_text(page.text, "utf-8")
    result = session(stages[page.number], file)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert page.of("session")


@for_django
def test_a_session_that_prints_something_else_is_noticed(stages: dict[int, Path], tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    for text in (">>> print(1)\n2\n", ">>> import logging\n>>> logging.getLogger('todos').error('unexpected')\n"):
        file.write_text(f"```pycon session\n{text}```\n", "utf-8")
        assert session(stages[1], file).returncode == 1


def free_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


@contextmanager
def serving(line: str, port: str, project: Path) -> Iterator[Path]:
    """Start the server of a shell's `line`, and end it with all its processes; give the file of what it prints."""
    printed = project / "printed"
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with printed.open("wb") as output:
        process = subprocess.Popen(
            command(line.replace(PORT, port)),
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(port, process, printed)
        yield printed
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port: str, process: subprocess.Popen[bytes], printed: Path) -> None:
    """Return as soon as somebody listens to `port`; a minute is long for that on any machine."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail(f"The server does not listen: {printed.read_text('utf-8')}")


def request(line: str, port: str) -> int:
    """Send what a line with curl sends, and return the status of the answer."""
    program, *arguments = shlex.split(line.replace(PORT, port))
    assert program == "curl"
    options = {name: arguments[arguments.index(name) + 1] for name in ("-d", "-X") if name in arguments}
    url = urlsplit(arguments[-1])
    connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if "-d" in options else {}
    method = options.get("-X", "POST" if "-d" in options else "GET")
    connection.request(method, f"{url.path}?{url.query}", options.get("-d", ""), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def around(page: Page, index: int) -> tuple[Block, Block, Block]:
    """Return a block that starts a server, and the requests and the log that follow it."""
    blocks = page.of("serve", "request", "log")
    start, requests, log = blocks[3 * index : 3 * index + 3]
    assert [start.role, requests.role, log.role] == ["serve", "request", "log"]
    return start, requests, log


@for_django
@pytest.mark.parametrize(("page", "index"), SERVED, ids=[f"{page.name}-{index}" for page, index in SERVED])
def test_a_server_prints_what_the_page_says(page: Page, index: int, stages: dict[int, Path], tmp_path: Path) -> None:
    start, requests, log = around(page, index)
    if "-m uvicorn" in start.text:
        pytest.importorskip("uvicorn")
    project, port = tmp_path / "project", free_port()
    shutil.copytree(stages[page.number], project)
    with serving(start.text, port, project) as printed:
        for line in requests.text.splitlines():
            assert request(line, port) < 400
    lines = printed.read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("todos.")] == log.text.splitlines()


def test_a_block_says_what_it_is() -> None:
    for info in ("python", "", "python file", "python file=/etc/passwd", "python file=../x", "sh file=x", "pycon x"):
        with pytest.raises(PageError):
            list(read_blocks("page", f"```{info}\npass\n```\n"))


def test_quotes_are_lines_of_the_reference() -> None:
    source = inspect.getsource(signalspec_reference)
    for page in PAGES:
        for block in page.of("quote"):
            assert f"\n{block.text}" in source, f"{page.name}, line {block.line}"


def code_of(name: str) -> list[str]:
    """Return the lines of what the reference calls `name`, without its head, docstring, comments and blank lines."""
    found: object = signalspec_reference
    for part in name.split("."):
        found = getattr(found, part)
    assert inspect.isfunction(found) or inspect.isclass(found)
    source = inspect.getsource(found)
    [tree] = ast.parse(textwrap.dedent(source)).body
    assert isinstance(tree, ast.FunctionDef | ast.ClassDef)
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    lines = source.splitlines()[body[0].lineno - 1 :]
    return [line for line in lines if line.strip() and not line.strip().startswith("#")]


def test_what_is_read_is_read_line_by_line() -> None:
    quoted = {line for page in PAGES for block in page.of("quote") for line in block.text.splitlines()}
    for name in (*READ, *READ_TOO):
        # The list that it begins with says nothing.
        left_out = [
            line for line in code_of(name) if line not in quoted and line.strip() != "responses: list[Response] = []"
        ]
        assert not left_out, name


def texts() -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in tutorial.folder().iterdir()}


def test_the_clauses_that_it_names_are_linked() -> None:
    standard = load_clauses()
    for page in PAGES:
        links = re.findall(r"\[`([a-z0-9]+\.[a-z-]+)`\]\(([^)]+)\)", page.text)
        assert len(links) == len(re.findall(r"`\]\(\.\./", page.text))
        assert links, page.name
        for slug, link in links:
            clause = standard.clause(slug)
            assert link == f"../{clause.part}/{clause.chapter}.md#{slug.replace('.', '')}", page.name


def test_links_lead_somewhere() -> None:
    here = Path(__file__).parents[1] / "spec" / "tutorial"
    for name, text in texts().items():
        for link in re.findall(r"\]\((?!https://)([^)#]+)", text):
            assert (here / link).exists(), (name, link)


@for_django
def test_the_command_writes_the_project_of_a_page(cli: Cli, folder: Path) -> None:
    result = cli("tutorial", "mine", "--page", "1")
    assert (result.exit_code, result.stdout) == (
        0,
        "The project is in mine, as it is at the end of 1-first-signal.md.\n",
    )
    assert not (folder / "mine/todos/models.py").exists()
    (folder / "file").touch()
    for call, sentence in {
        ("mine",): "mine is not empty; name a new folder.",
        ("file",): "file is not a folder.",
        ("file/within",): "file/within cannot be written: Not a directory.",
        ("other", "--page", "99"): "There is no page 99; the pages are 1 to 7.",
    }.items():
        result = cli("tutorial", *call)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"signalspec: {sentence}\n")

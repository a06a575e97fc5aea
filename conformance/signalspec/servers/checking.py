"""Checks a server, from its name to a report."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

import django

from signalspec.servers.judging import judge
from signalspec.servers.report import ServerReport, report
from signalspec.servers.running import ServerError, run
from signalspec.servers.scenarios import SCENARIOS
from signalspec.servers.server import SERVERS, Server

Tell = Callable[[str, int, int], None]


def find_server(name: str) -> Server:
    """Return the server called `name`; raise `ServerError` where there is none."""
    if name not in SERVERS:
        raise ServerError(f"There is no server {name!r}; choose from {', '.join(SERVERS)}.")
    return SERVERS[name]


def check_server(server: Server, only: tuple[str, ...] | str = "", tell: Tell = lambda *_: None) -> ServerReport:
    """Check `server` by scenarios whose clause begins with `only`; raise `ServerError` where it does not start."""
    wanted = [
        each for each in SCENARIOS.values() if server.interface in each.interfaces and each.clause.startswith(only)
    ]
    if not wanted:
        raise ServerError(f"No scenario of {server.name} shows a clause that begins so.")
    profile = f"django-{'.'.join(map(str, django.VERSION[:2]))}"
    outcomes = [outcome for ran in run(server, wanted, tell) for outcome in judge(ran, server.interface, profile)]
    return report(server, {"Django": version("Django"), **server.versions()}, outcomes)

"""Test databases on a server, which are dropped however a check ends.

Each process of a check makes them anew, by Django's machinery, which drops those that are left. A guardian, a process
of its own, waits for the end of the check, and drops the last ones.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from signalspec.models.fixtures import preamble
from signalspec.targets.setup import NAME, PASSWORD, Database, Setup

_GUARDIAN = """
import time

from django.db import connections

sys.stdin.read()
for alias in connections:
    creation = connections[alias].creation
    name = connections[alias].ops.quote_name(creation._get_test_db_name())
    for pause in (0.1, 1, 5, 0):
        try:
            with creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            break
        except Exception:
            # Those who used it may be about to end.
            if not pause:
                raise
            time.sleep(pause)
"""

PATIENCE = 60.0
"""Seconds that it may take to drop the databases."""


@contextmanager
def databases_in(database: Database, password: str) -> Iterator[None]:
    """Give the test databases of a check a name of its own in the block, and drop them behind it."""
    given = {PASSWORD: password, NAME: f"test_signalspec_{secrets.token_hex(4)}"}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    # It makes nothing itself: what comes last in a preamble is left out.
    source, _, _ = preamble((), Setup(database), with_other=True).partition("\n\n\nfrom django.test.utils")
    guardian = subprocess.Popen(
        [sys.executable, "-c", source + _GUARDIAN],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        try:
            guardian.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            guardian.kill()
            guardian.communicate()
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value

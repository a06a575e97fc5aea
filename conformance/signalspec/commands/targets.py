"""The targets of ``check``: those that are named, or Django's models on a server or of a base class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import click

from signalspec.cli import DEFAULT_TARGETS
from signalspec.runner import supervisor as supervising
from signalspec.runner.databases import databases_in
from signalspec.targets.setup import Setup, base_named, database_at
from signalspec.targets.target import Target


@contextmanager
def targets_of(names: Sequence[str], url: str | None, base: str | None) -> Iterator[list[Target]]:
    """Lend the targets that a call asks for; what was made of them elsewhere is gone after the block.

    Raise `TargetError` or `SetupError` where one cannot be used.
    """
    with ExitStack() as stack:
        if url is None and base is None:
            yield [supervising.load_target(name) for name in names]
            return
        if tuple(names) not in (("django",), DEFAULT_TARGETS):
            raise click.UsageError("--database and --base are about Django's models: name no other TARGET.")
        database = None
        if url is not None:
            database, password = database_at(url)
            stack.enter_context(databases_in(database, password))
        yield [supervising.load_models(Setup(database, base_named(base) if base else None))]

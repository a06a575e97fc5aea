"""What a process in which a target runs can be asked to do, and what it says of it; both are data."""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from signalspec.engines.observing import Failure, Waits
from signalspec.findings.causes import causes_of
from signalspec.findings.report import Counterexample
from signalspec.programs.outcomes import Raised
from signalspec.programs.program import Program
from signalspec.runner.events import Event, Place
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.runner.replay import ReplayError, replay_program
from signalspec.standard.clauses import UnknownClauseError, load_clauses
from signalspec.targets.setup import Setup
from signalspec.targets.target import Target, TargetError, load_here


@dataclass(frozen=True)
class Refused:
    """The job cannot be done; `sentence` is for whoever asked for it."""

    by: Literal["target", "program", "clause"]
    sentence: str


@dataclass(frozen=True)
class Loaded:
    """The target could be imported."""

    target: Target


@dataclass(frozen=True)
class Replayed:
    """A stored program was run."""

    failure: Failure | None


@dataclass(frozen=True)
class Explained:
    """Which violated clauses follow from which."""

    because: Mapping[str, str]


@dataclass(frozen=True)
class Ended:
    """A script has ended; `status` is its exit status."""

    status: int


@dataclass(frozen=True)
class Over:
    """The job is done: the last word."""


@dataclass(frozen=True)
class Fell:
    """An exception of the target's made an end of the job."""

    outcome: Raised


@dataclass(frozen=True)
class Broke:
    """The suite itself failed; `trace` says where."""

    trace: str


Word = Event | Loaded | Replayed | Explained | Ended | Refused | Over | Fell | Broke
Say = Callable[[Word], None]


class Notebook:
    """A file in memory in which an examination keeps where it is, for whoever sees it end."""

    SIZE = 1 << 20
    _HEAD = struct.Struct("<4i")

    def __init__(self, file: str) -> None:
        with open(file, "r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), self.SIZE)

    def write(self, place: Place, program: Program | None) -> None:
        """Note what runs next."""
        text = b"" if program is None else json.dumps(program.to_json()).encode()
        self._HEAD.pack_into(self._memory, 0, *place, len(text))
        if text:
            self._memory[self._HEAD.size : self._HEAD.size + len(text)] = text

    def read(self) -> tuple[Place, Mapping[str, Any] | None]:
        """Return what was noted last; raise `ValueError` where it makes no sense."""
        *place, length = self._HEAD.unpack_from(self._memory)
        text = self._memory[self._HEAD.size : self._HEAD.size + length]
        return Place(*place), json.loads(text) if text else None

    def sign(self) -> bytes:
        """Return what differs from program to program."""
        return self._memory[: self._HEAD.size]


@dataclass(frozen=True)
class Load:
    """Import the target that `name` stands for, and look what it has."""

    name: str

    def run(self, say: Say) -> None:
        """Say `Loaded` or `Refused`."""
        try:
            say(Loaded(load_here(self.name)))
        except TargetError as error:
            say(Refused("target", str(error)))


@dataclass(frozen=True)
class LoadModels:
    """Make databases and models of a `setup`, and look whether they can be used."""

    setup: Setup

    def run(self, say: Say) -> None:
        """Say `Loaded` or `Refused`."""
        from signalspec.models.loading import load_models

        try:
            say(Loaded(load_models(self.setup)))
        except TargetError as error:
            say(Refused("target", str(error)))


@dataclass(frozen=True)
class Replay:
    """Run a stored program on a target."""

    program: Mapping[str, Any]
    target: Target
    timeout: float

    def run(self, say: Say) -> None:
        """Say `Replayed` or `Refused`."""
        self.target.prepare()
        try:
            say(Replayed(replay_program(self.program, self.target, self.timeout)))
        except ReplayError as error:
            say(Refused("program", str(error)))
        except UnknownClauseError as error:
            say(Refused("clause", str(error)))


@dataclass(frozen=True)
class Examine:
    """Run the engines on a target, from `start` to the end of the stage `last`."""

    target: Target
    open: tuple[str, ...]
    options: Options
    start: Place
    last: int
    broken: tuple[str, ...]
    fatal: tuple[str, ...]
    waited: int
    notebook: str

    def run(self, say: Say) -> None:
        """Say each `Event`, or `Refused` where the target is not there any more."""
        from signalspec.models.world import GoneError

        self.target.prepare()
        notebook, clauses, own = Notebook(self.notebook), load_clauses(), os.getpid()

        def mark(place: Place, program: Program | None) -> None:
            if os.getpid() != own:
                # A copy that the target has made of this process is not to go on with the check.
                os._exit(0)
            notebook.write(place, program)

        examination = Examination(
            target=self.target,
            open={slug: clauses.clause(slug) for slug in self.open},
            options=self.options,
            tell=say,
            start=self.start,
            last=self.last,
            broken=set(self.broken),
            fatal=set(self.fatal),
            mark=mark,
            waits=Waits(self.waited),
        )
        try:
            examination.run()
        except GoneError as error:
            say(Refused("target", str(error)))


@dataclass(frozen=True)
class Explain:
    """Work out which of the violated clauses follow from which, by running their stories again."""

    target: Target
    stories: Mapping[str, tuple[Counterexample, ...]]
    timeout: float
    leftovers: tuple[str, ...] = ()
    habits: tuple[str, ...] = ()

    def run(self, say: Say) -> None:
        """Say `Explained`."""
        self.target.prepare()
        say(Explained(causes_of(self.stories, self.target, self.timeout, self.leftovers, self.habits)))


@dataclass(frozen=True)
class RunScript:
    """Run a script as the main program of a process."""

    script: str

    def run(self, say: Say) -> None:
        """Say `Ended`."""
        main = ModuleType("__main__")
        sys.modules["__main__"] = main
        try:
            exec(compile(self.script, "<script>", "exec"), vars(main))
        except SystemExit as end:
            say(Ended(0 if end.code in (None, 0) else 1))
        else:
            say(Ended(0))


Task = Load | LoadModels | Replay | Examine | Explain | RunScript


@dataclass(frozen=True)
class Job:
    """A task, the surroundings in which it is done, and the `password` that every word about it begins with."""

    task: Task
    path: tuple[str, ...]
    folder: str
    environment: Mapping[str, str]
    password: str


def job(task: Task, password: str) -> Job:
    """Return `task` to be done in the surroundings of this process."""
    folder = "."
    with suppress(OSError):
        folder = os.getcwd()
    return Job(task, tuple(map(str, sys.path)), folder, dict(os.environ), password)

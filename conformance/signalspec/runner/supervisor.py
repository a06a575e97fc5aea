"""Checks that outlive their target: it is used in child processes alone, and an early end of one is a finding.

Where the platform cannot make such processes, the target runs in this one.
"""

from __future__ import annotations

import json
import mmap
import struct
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from queue import SimpleQueue

from signalspec.engines import explore
from signalspec.engines.observing import Failure
from signalspec.engines.shrinking import Mismatch
from signalspec.findings.causes import causes_of
from signalspec.findings.report import Report
from signalspec.programs.outcomes import AFTER_A_HANG, Died, Late
from signalspec.programs.program import Program
from signalspec.runner import tally as checking
from signalspec.runner.examination import (
    EXPLORE,
    HYPOTHESIS,
    LAWS,
    NOWHERE,
    START,
    THREADS,
    Entered,
    Event,
    Examination,
    Failed,
    Options,
    Place,
    Tell,
    clause_of,
    counterexample_of,
    counterexample_of_law,
    last_stage,
)
from signalspec.runner.replay import Data, ReplayError, replay_program
from signalspec.runner.tally import Progress, Tally
from signalspec.runner.worker import POSSIBLE, Child, DiedError, Say
from signalspec.standard.clauses import UnknownClauseError, validate_profile
from signalspec.targets.target import Target, TargetError, load_target

MOST_HANGS = 20
"""After how many programs that had to be ended from outside a check is given up."""

EXPLAINING_PATIENCE = 120.0
"""Seconds that it may take to work out causes."""

IMPORT_PATIENCE = 60.0
"""Seconds that the import of a target may take."""


def load(name: str) -> Target:
    """Return what `load_target` returns, without the target's getting into this process; raise `TargetError`."""
    if not POSSIBLE:
        return load_target(name)

    def work(say: Say) -> None:
        try:
            say(load_target(name))
        except TargetError as error:
            say(error)

    try:
        with Child(work) as child:
            (found,) = child.words(IMPORT_PATIENCE)
    except DiedError as death:
        raise TargetError(f"Target {name!r} cannot be used: to import it and to make a signal {death}.") from None
    if isinstance(found, TargetError):
        raise found
    assert isinstance(found, Target)
    return found


def replay(program: Data, target: Target, timeout: float) -> Failure | None:
    """Run a stored program as `replay_program` does, whatever the target does to the process that it runs in."""
    if not POSSIBLE:
        return replay_program(program, target, timeout)

    def work(say: Say) -> None:
        _forget_the_parent_s_threads()
        try:
            say(replay_program(program, target, timeout))
        except (ReplayError, UnknownClauseError) as error:
            say(error)

    try:
        with Child(work) as child:
            (found,) = child.words(patience(timeout))
    except DiedError as death:
        return Failure("to return", death.outcome)
    if isinstance(found, Exception):
        raise found
    assert isinstance(found, Failure | None)
    return found


def check(
    target: Target,
    profile: str | None = None,
    options: Options | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Check as `checking.check` does, whatever the target does to the process that it runs in."""
    if not POSSIBLE:
        return checking.check(target, profile, options, progress)
    tally = Tally(target, validate_profile(profile or target.default_profile), options or Options(), progress)
    for part in target.parts:
        _Supervisor(tally, tally.take, part).run()
    tally.because = _causes(tally)
    return tally.report()


def _causes(tally: Tally) -> dict[str, str]:
    """Return what `causes_of` does; where the target does not let it end, all that is violated is a cause."""

    def work(say: Say) -> None:
        _forget_the_parent_s_threads()
        say(causes_of(tally.violations, tally.target, tally.options.timeout))

    if len(tally.violations) < 2:
        return {}
    try:
        with Child(work) as child:
            (found,) = child.words(EXPLAINING_PATIENCE)
    except DiedError:
        return {}
    return dict(found)


def patience(timeout: float) -> float:
    """Return how many seconds a process may be silent: a program that hangs is stopped from inside, if it can be.

    The machine may have much else to do, and to say so of a target that does not hang would be a false alarm.
    """
    return 5 + 5 * timeout


class _Supervisor:
    """Runs one examination after another, each from behind where the one before found its end."""

    def __init__(self, tally: Tally, tell: Tell, part: str) -> None:
        self._tally = tally
        self._part = part
        self._open = tally.open_in(part)
        self._tell = tell
        self._options = tally.options
        self._notebook = _Notebook()
        self._fatal: set[str] = set()
        self._broken: set[str] = set()
        self._hangs = 0
        self._dimension = explore.DIMENSIONS[0]

    def run(self) -> None:
        """Run all that there is for the part."""
        if not any(clause.part == self._part for clause in self._tally.clauses):
            return
        if self._part == "dispatch":
            self._run_beside_threads()
        else:
            self._run_stages(START, last_stage(self._part))

    def _run_beside_threads(self) -> None:
        """Run the laws, and then the programs, which are made meanwhile; and beside them what takes threads."""
        heard: SimpleQueue[Event | None] = SimpleQueue()
        about_threads = _Supervisor(self._tally, heard.put, self._part)
        with ThreadPoolExecutor(1) as listener, about_threads._child(Place(THREADS), THREADS) as child:
            # A pipe holds few words, and who waits for somebody to hear them does nothing else.
            listening = listener.submit(about_threads._listen, child)
            listening.add_done_callback(lambda _: heard.put(None))
            with self._child(START, LAWS) as other:
                preparing = threading.Thread(target=self._examination(START, LAWS).prepare)
                preparing.start()
                place = self._listen(other)
            preparing.join()
            self._run_stages(place, LAWS)
            self._run_stages(Place(EXPLORE), HYPOTHESIS)
            while (event := heard.get()) is not None:
                self._tell_of_threads(event)
        about_threads._tell = self._tell_of_threads
        about_threads._run_stages(listening.result(), THREADS)

    def _run_stages(self, start: Place | None, last: int) -> None:
        while start is not None and start.stage <= last and self._hangs < MOST_HANGS:
            with self._child(start, last) as child:
                start = self._listen(child)

    def _child(self, start: Place, last: int) -> Child:
        self._notebook.write(NOWHERE, None)

        def work(say: Say) -> None:
            _forget_the_parent_s_threads()
            examination = self._examination(start, last)
            examination.tell = say
            examination.run()

        return Child(work)

    def _listen(self, child: Child) -> Place | None:
        """Take in what a child says; return where to go on where it does not come to its end."""
        try:
            for event in child.words(patience(self._options.timeout), self._notebook.sign):
                self._take(event)
        except DiedError as death:
            if isinstance(death.outcome, Late):
                self._hangs += 1
                self._options = replace(self._options, timeout=min(self._options.timeout, AFTER_A_HANG))
            return self._blame(death.outcome)
        return None

    def _tell_of_threads(self, event: Event) -> None:
        # What is broken without threads would only be found again.
        if not (isinstance(event, Failed) and event.counterexample.clause in self._broken):
            self._tell(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, Entered):
            self._dimension = event.dimension
        if isinstance(event, Failed):
            self._broken.add(event.counterexample.clause)
        self._tell(event)

    def _examination(self, start: Place, last: int) -> Examination:
        return Examination(
            target=self._tally.target,
            open=self._open,
            options=self._options,
            tell=self._take,
            start=start,
            last=last,
            broken=self._broken,
            fatal=self._fatal,
            mark=self._notebook.write,
        )

    def _blame(self, how: Died | Late) -> Place | None:
        """Lay the end of a process at the door of the program that it ended in; return where to go on."""
        place, program = self._notebook.read()
        if place == NOWHERE:
            # It was no program's doing; what has not been exercised is inconclusive.
            return None
        if place.stage == EXPLORE:
            step = explore.programs_of(self._dimension, self._options.depth)[place.program]
            self._blame_program(step.program, how, "explore")
            return Place(EXPLORE, place.part + 1)
        if place.stage == HYPOTHESIS:
            assert program is not None
            self._blame_program(program, how, "hypothesis")
            return None
        if place.stage != THREADS:
            # Whose locks cannot be taken over may wait for ever for a thread that is kept from running.
            self._blame_law(place, how)
        return Place(place.stage, place.part + 1)

    def _blame_law(self, place: Place, how: Died | Late) -> None:
        tally = self._tally
        examination = self._examination(place, LAWS)
        law = examination.laws[place.part]
        case = next(islice(examination.cases(law), place.program + (place.stage == LAWS), None))
        failure = Failure("to return", how)
        found = counterexample_of_law(law, case, tally.open[law.slug], failure, tally.target)
        self._fatal.add(law.slug)
        self._take(Failed(found, case, "laws", place.program))

    def _blame_program(self, program: Program, how: Died | Late, engine: str) -> None:
        *_, expectation = program.expectations()
        mismatch = Mismatch(program, expectation, how)
        clause = clause_of(mismatch, self._tally.open)
        if clause is not None:
            self._take(Failed(counterexample_of(mismatch, clause, self._tally.target), {}, engine, 0))


def _forget_the_parent_s_threads() -> None:
    # asgiref keeps a thread for synchronous code; a child inherits the belief in it, but not the thread.
    if "asgiref.sync" in sys.modules:
        from asgiref.sync import SyncToAsync

        SyncToAsync.single_thread_executor = ThreadPoolExecutor(max_workers=1)


class _Notebook:
    """Memory that an examination shares with its supervisor, in which it keeps where it is."""

    _SIZE = 1 << 20
    _HEAD = struct.Struct("<4i")

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, self._SIZE)

    def write(self, place: Place, program: Program | None) -> None:
        """Note what runs next."""
        text = b"" if program is None else json.dumps(program.to_json()).encode()
        self._HEAD.pack_into(self._memory, 0, *place, len(text))
        if text:
            self._memory[self._HEAD.size : self._HEAD.size + len(text)] = text

    def read(self) -> tuple[Place, Program | None]:
        """Return what was noted last."""
        *place, length = self._HEAD.unpack_from(self._memory)
        text = self._memory[self._HEAD.size : self._HEAD.size + length]
        return Place(*place), Program.from_json(json.loads(text)) if text else None

    def sign(self) -> bytes:
        """Return what differs from program to program."""
        return self._memory[: self._HEAD.size]

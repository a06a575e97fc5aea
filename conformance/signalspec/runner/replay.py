"""Stored programs: finding them in a file that someone kept, and running them again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from signalspec.engines.laws import capabilities_for, load_laws
from signalspec.engines.observing import Failure, time_limit
from signalspec.engines.shrinking import first_mismatch, is_possible
from signalspec.engines.threads import schedules
from signalspec.engines.threads import small_programs as concurrency
from signalspec.engines.threads.scheduler import Director
from signalspec.programs.commands import Disconnect
from signalspec.programs.outcomes import Returned
from signalspec.programs.program import RECEIVERS, SENDERS, UIDS, MalformedProgramError, Program
from signalspec.standard.clauses import Clause, load_clauses
from signalspec.standard.names import UserError
from signalspec.targets.surroundings import debugging, quiet
from signalspec.targets.target import Target

Data = Mapping[str, Any]
Replayer = Callable[[Data, Target, float], Failure | None]


class ReplayError(UserError):
    """A stored program cannot be run; the message is one sentence for whoever stored it."""


_NAMES: Mapping[str, Sequence[str | None]] = {
    "receiver": RECEIVERS,
    "sender": (None, *SENDERS),
    "uid": (None, *UIDS),
    "party": (*RECEIVERS, *SENDERS),
}
"""What commands may call the parties."""


@dataclass(frozen=True)
class Stored:
    """A program as it was found in a file, and what the report around it says, if there is one."""

    program: Data
    target: str | None = None
    broken: str | None = None

    @property
    def clause(self) -> Clause:
        """The clause that the program is about.

        Raise `ReplayError` where it is no program, and `UnknownClauseError` where there is no such clause.
        """
        slug = self.program.get("law", self.program.get("clause", self.broken))
        if slug is None:
            slug = list(_read_commands(self.program).expectations())[-1].general
        if not isinstance(slug, str):
            raise ReplayError("The program in the file does not name its clause.")
        return load_clauses().clause(slug)


def read_programs(text: bytes) -> list[Stored]:
    """Return the programs in the JSON `text`: a program, a counterexample, a report, or a list of these.

    Raise `ReplayError` where it is none of them.
    """
    try:
        return list(_find_programs(json.loads(text)))
    except (ValueError, RecursionError) as error:
        raise ReplayError(f"The file is not JSON: {error}.") from error


def _find_programs(data: Any) -> Iterator[Stored]:
    match data:
        case {"target": str(target), "clauses": list(results)}:
            for result in results:
                match result:
                    case {"id": str(), "counterexample": None}:
                        pass
                    case {"id": str(slug), "counterexample": {"program": dict(program)}}:
                        yield Stored(program, target, slug)
                    case _:
                        raise ReplayError("A clause of the report in the file lacks its counterexample.")
        case {"script": _, "program": dict(program)} | dict(program):
            yield Stored(program)
        case [_, *_]:
            for item in data:
                yield from _find_programs(item)
        case _:
            raise ReplayError("The file holds neither a program nor a counterexample nor a report.")


def replay_program(program: Data, target: Target, timeout: float) -> Failure | None:
    """Run `program` on `target`, and return what is wrong with what it did.

    Raise `ReplayError` where it is no program, and `UnknownClauseError` where it is a program of no clause.
    """
    for form, replayer in REPLAYERS.items():
        if form in program:
            with quiet():
                return replayer(program, target, timeout)
    raise ReplayError(f"A program has one of the keys {', '.join(REPLAYERS)}; the one in the file has none.")


def _replay_law(data: Data, target: Target, timeout: float) -> Failure | None:
    clause = Stored(data).clause
    law = load_laws().get(clause.slug)
    if law is None:
        raise ReplayError(f"{clause.slug} has no law.")
    _require(target, capabilities_for(clause))
    case = data.get("case")
    concurrent = schedules.is_concurrent(law)
    needed = [*law.tables, *(["schedule"] if concurrent else [])]
    if not isinstance(case, dict) or case.keys() != set(needed):
        raise ReplayError(f"A case of {clause.slug} says what is its {', '.join(needed) or 'nothing'}.")
    for name, table in law.tables.items():
        if case[name] not in list(table.kinds):
            known = ", ".join(table.kinds)
            raise ReplayError(f"{clause.slug}: {name} cannot be {case[name]!r}; its kinds are {known}.")
    if not concurrent:
        return law.run(case, target, timeout)
    if not re.fullmatch(schedules.FORM, str(case["schedule"])):
        raise ReplayError(f"{clause.slug}: {case['schedule']!r} is no schedule; one is '1:17 2'.")
    return schedules.replay(law, case, target, timeout)


def _replay_commands(data: Data, target: Target, timeout: float) -> Failure | None:
    program = _read_commands(data)
    _require(target, sorted(program.needs))
    with debugging(program.debug):
        mismatch = first_mismatch(program, target.signal, timeout)
    return mismatch.failure if mismatch else None


def _replay_threads(data: Data, target: Target, timeout: float) -> Failure | None:
    schedule = str(data.get("schedule"))
    if not re.fullmatch(schedules.FORM, schedule):
        raise ReplayError(f"{schedule!r} is no schedule; one is '1:17 2'.")
    try:
        program = concurrency.Threads.from_json(data["threads"])
    except MalformedProgramError as error:
        raise ReplayError(f"The file cannot be replayed: {error}.") from error
    _require(target, ["threads", *sorted(program.sequential.needs)])
    with Director(target.signal, schedule) as director, time_limit(timeout):
        return concurrency.Runner(target.signal, director).run(program, {}).failure


def _replay_models(data: Data, target: Target, timeout: float) -> Failure | None:
    from signalspec.models import explore
    from signalspec.models.world import the_world

    try:
        program = explore.Program.from_json(data)
        expected = program.expected(explore.names_fields(target.default_profile))
    except (KeyError, TypeError, ValueError) as error:
        raise ReplayError(f"The file cannot be replayed: {type(error).__name__}: {error}.") from error
    if expected is None or "models" not in target.parts:
        raise ReplayError(f"Target {target.name!r} cannot run the program about models in the file.")
    actual = program.run(the_world(target.setup))
    return None if actual == expected else Failure(repr(expected), Returned(repr(actual)))


REPLAYERS: Mapping[str, Replayer] = {
    "models": _replay_models,
    "law": _replay_law,
    "program": _replay_commands,
    "threads": _replay_threads,
}
"""How to run each form of program, by the key that only this form has."""


def _require(target: Target, needs: Iterable[str]) -> None:
    missing = [need for need in needs if need not in target.capabilities]
    if missing:
        raise ReplayError(f"Target {target.name!r} has no {', '.join(missing)}, which the program needs.")


def _read_commands(data: Data) -> Program:
    """Return the program that `data` stores; raise `ReplayError` where it stores none that can be executed."""
    try:
        program = Program.from_json(data["program"])
    except MalformedProgramError as error:
        raise ReplayError(f"The file cannot be replayed: {error}.") from error
    for command in (*program.commands, *program.acts.values()):
        for role, names in _NAMES.items():
            name = getattr(command, role, names[0])
            if name not in names and not (name is None and isinstance(command, Disconnect)):
                raise ReplayError(f"No {role} of a program is called {name!r}.")
    if not program.commands or not is_possible(program):
        raise ReplayError("The program in the file has no commands, or uses a party after its death.")
    return program

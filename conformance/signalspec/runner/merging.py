"""A check in shards: what each has found, as data, and the one report that is made of all of them.

A shard tells events as any check does, each with its place. Put in the order of their places, and without what a
check that is not split would not have told, those of all shards are the events of that check. Causes are worked out
then.
"""

from __future__ import annotations

import json
import platform
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib.metadata import packages_distributions, version

from signalspec.engines.shards import WHOLE
from signalspec.engines.threads.small_programs import all_are
from signalspec.findings.report import Report
from signalspec.runner import supervisor
from signalspec.runner.events import (
    HYPOTHESIS,
    NOWHERE,
    THREADS,
    Advanced,
    Entered,
    Event,
    Failed,
    Followed,
    Place,
    Ran,
    Waited,
)
from signalspec.runner.forms import FormError, from_data, to_data
from signalspec.runner.judge import MOST_SHRUNK
from signalspec.runner.options import Options
from signalspec.runner.tally import Progress, Tally
from signalspec.standard.clauses import validate_profile
from signalspec.standard.names import UserError
from signalspec.targets.target import Target


class MergeError(UserError):
    """Files are not the shards of one check; the message is one sentence for the user."""


@dataclass(frozen=True)
class Checked:
    """What a shard found of one target: the events by the part of the standard, and the scripts that show them."""

    target: Target
    release: str
    told: Mapping[str, tuple[Event, ...]]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What a shard found of all targets of a check, and how it came to be."""

    signalspec: str
    python: str
    profile: str | None
    options: Options
    checks: tuple[Checked, ...]

    def render(self) -> str:
        """Return it as JSON, which `read_part` reads."""
        return json.dumps(to_data(self)) + "\n"


def check_shard(target: Target, profile: str | None, options: Options, progress: Progress) -> tuple[Report, Checked]:
    """Check the shard of `target` that the options name; return a report of what it has exercised, and the events.

    Raise what `signalspec.check` raises.
    """
    tally = Tally(target, validate_profile(profile or target.default_profile), options, progress)
    told: dict[str, tuple[Event, ...]] = {}
    try:
        with tempfile.TemporaryDirectory(prefix="signalspec-") as folder:
            for part in target.parts:
                events: list[Event] = []
                supervisor.run_part(tally, part, folder, note=events.append)
                told[part] = tuple(_worth_keeping(events))
            shown = supervisor.confirm(tally, folder)
        supervisor.set_inherited_apart(tally)
    except KeyboardInterrupt:
        raise supervisor.Interrupted(tally.report(partial=True)) from None
    return tally.report(), Checked(target, release_of(target), told, tuple(shown))


def _worth_keeping(events: Iterable[Event]) -> Iterator[Event]:
    engines: set[str] = set()
    for event in events:
        match event:
            case Entered() | Waited():
                continue
            case Advanced(engine):
                if engine in engines:
                    continue
                engines.add(engine)
        yield event


def part_of(profile: str | None, options: Options, checks: Sequence[Checked]) -> Part:
    """Return what a shard found, as this version found it."""
    return Part(version("signalspec"), platform.python_version(), profile, options, tuple(checks))


def release_of(target: Target) -> str:
    """Return the distributions that hold a target, with their versions, such as ``Django 6.1.3``; or nothing."""
    names = sorted({*packages_distributions().get(target.module.partition(".")[0], ())})
    return ", ".join(f"{name} {version(name)}" for name in names)


def merged(target: Target, parts: Sequence[Part], number: int) -> Report:
    """Return the report of the check number so-and-so of `parts`, which is that of `target`.

    Raise `MergeError` where it is another one.
    """
    checks = [part.checks[number] for part in parts]
    if (target, release_of(target)) != (checks[0].target, checks[0].release):
        here = _called(target, release_of(target))
        raise MergeError(f"The parts are about {_called(checks[0].target, checks[0].release)}, and here is {here}.")
    options = replace(parts[0].options, shard=WHOLE)
    tally = Tally(target, validate_profile(parts[0].profile or target.default_profile), options)
    shown = {script for each in checks for script in each.shown}
    with tempfile.TemporaryDirectory(prefix="signalspec-") as folder:
        for part in target.parts:
            events = (event for each in checks for event in each.told[part])
            for event in undivided(events, tally.open_in(part)):
                tally.take(event)
        supervisor.confirm(tally, folder, shown)
    return supervisor.judged(tally)


def undivided(events: Iterable[Event], open_: Mapping[str, object]) -> Iterator[Event]:
    """Yield what a check that is not split tells, of the events of all shards for a part of the standard."""
    followed: Counter[tuple[int, int, str]] = Counter()
    surplus: set[Place] = set()
    broken: set[str] = set()
    broken_by_threads: set[str] = set()
    end: Place | None = None
    for event in sorted(events, key=_place):
        match event:
            case Followed(clause, place):
                kind = (place.stage, 0 if place.stage == HYPOTHESIS else place.part, clause)
                followed[kind] += 1
                if followed[kind] > MOST_SHRUNK:
                    surplus.add(place)
            case Failed(counterexample, _, engine, _, place):
                clause = counterexample.clause
                own = broken_by_threads if place.stage == THREADS else broken
                found_again = clause in own if engine in ("models", "threads") else place in surplus
                if found_again or (engine == "threads" and end is not None and place > end):
                    continue
                own.add(clause)
                if place.stage == THREADS and end is None and all_are(own, open_):
                    end = place
                if not (place.stage == THREADS and clause in broken):
                    yield event
            case Ran(engine="threads", place=place) if end is not None and place > end:
                continue
            case _:
                yield event


def _place(event: Event) -> Place:
    return event.place if isinstance(event, Ran | Failed | Followed) else NOWHERE


def read_parts(texts: Mapping[str, bytes]) -> list[Part]:
    """Return the parts in files, given by their names, in the order of their numbers.

    Raise `MergeError` where they are not all the parts of one check.
    """
    parts = {name: _read(name, text) for name, text in texts.items()}
    (first, one), *others = parts.items()
    for name, other in others:
        for what, its, that in _differences(other, one):
            raise MergeError(f"{name} and {first} are of two checks: the {what} is {its}, and {that}.")
    by_number: dict[int, str] = {}
    for name, part in parts.items():
        shard = part.options.shard
        if shard.number in by_number:
            raise MergeError(f"The part {shard} is there twice: {by_number[shard.number]} and {name}.")
        by_number[shard.number] = name
    of = one.options.shard.of
    missing = [f"{number}/{of}" for number in range(1, of + 1) if number not in by_number]
    if missing:
        are = "The parts are missing:" if missing[1:] else "A part is missing:"
        raise MergeError(f"{are} {', '.join(missing)}.")
    return [parts[name] for _, name in sorted(by_number.items())]


def _read(name: str, text: bytes) -> Part:
    try:
        part: Part = from_data(Part, json.loads(text))
    except (ValueError, RecursionError, FormError):
        raise MergeError(
            f"{name} is no part of a check by this version; `signalspec check --shard I/N --json FILE` writes one."
        ) from None
    shard = part.options.shard
    if not 1 <= shard.number <= shard.of:
        raise MergeError(f"{name} is no part of a check: there is no shard {shard}.")
    return part


def _differences(one: Part, other: Part) -> Iterator[tuple[str, object, object]]:
    """Yield what tells the checks of two parts apart, in words: what it is, and what it is of each."""
    yield from _differing("number of parts", one.options.shard.of, other.options.shard.of)
    yield from _differing("version of signalspec", one.signalspec, other.signalspec)
    yield from _differing("version of Python", one.python, other.python)
    yield from _differing("target", *(_targets(part) for part in (one, other)))
    yield from _differing("profile", one.profile or "its own", other.profile or "its own")
    for option in fields(Options):
        if option.name != "shard":
            words = option.name.replace("_", "-")
            yield from _differing(f"option --{words}", *(getattr(part.options, option.name) for part in (one, other)))
    if [each.target for each in one.checks] != [each.target for each in other.checks]:
        yield "target", "another one", "what it was"


def _differing(what: str, one: object, other: object) -> Iterator[tuple[str, object, object]]:
    if one != other:
        yield what, one, other


def _targets(part: Part) -> str:
    return ", ".join(_called(each.target, each.release) for each in part.checks)


def _called(target: Target, release: str) -> str:
    return f"{target.name} ({release})" if release else target.name

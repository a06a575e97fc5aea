"""Where stories of threads go wrong: the functions that would mend it, were one of them executed alone.

A story of threads that goes wrong one thread after the other is not about threads. Any other is run again under each
schedule that stops one thread once. Where it goes wrong, a thread has been stopped in a function of the target, which
others may have called, while other threads performed operations: if any of these functions were executed alone, it
would not have been interrupted there. Those of which this is true wherever the story goes wrong are its symptom. So a
story in which `connect` is stopped follows from any other one that only goes wrong where that is, and not from one
that goes wrong where `disconnect` is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from signalspec.engines.laws import judge, load_laws
from signalspec.engines.observing import Failure, no_collections, one_core, time_limit
from signalspec.engines.threads import schedules
from signalspec.engines.threads import small_programs as concurrency
from signalspec.engines.threads.scheduler import Director, Place
from signalspec.findings.report import Counterexample
from signalspec.findings.symptoms import Symptom
from signalspec.programs.outcomes import Late, Raised
from signalspec.targets.target import Target

RACE = "a race"
"""The operation of such symptoms, which is none on a signal."""

DEADLOCK = Raised("Deadlock")


class _Stop(NamedTuple):
    """A thread was stopped within some functions of the target, the outermost first, and in the meantime `others`
    were called in other threads; or it `waits` for these in vain.
    """

    within: tuple[str, ...]
    others: frozenset[str]
    waits: bool


def races_of(counterexample: Counterexample, target: Target, timeout: float) -> list[Symptom]:
    """Return how a story of threads goes wrong: a symptom, or where no function mends all of it one for each
    operation that is stopped. There is none of a story of one thread, or where none was stopped.
    """
    story = counterexample.program
    if "threads" in story:
        caching = bool(story["threads"]["caching"])
    elif "schedule" in story.get("case", {}):
        caching = story["case"].get("caching") == "on"
    else:
        return []
    with no_collections(), one_core():
        stops = set(_stops(counterexample, target, timeout))
    groups = [stops] if _mending(stops) else [{each for each in stops if _is_of(each, some)} for some in stops]
    found = (_symptom(group, caching) for group in groups if group)
    return sorted(set(found), key=lambda each: sorted(each.uses))


def _is_of(stop: _Stop, other: _Stop) -> bool:
    return (stop.within[0], stop.waits) == (other.within[0], other.waits)


def _mending(stops: Collection[_Stop]) -> frozenset[str]:
    """Return the functions that would mend all of the stops."""
    if len({each.waits for each in stops}) != 1:
        return frozenset()
    return frozenset.intersection(*(each.others.union(each.within) for each in stops))


def _symptom(stops: Collection[_Stop], caching: bool) -> Symptom:
    mending = _mending(stops)
    stop = min(stops)
    # Of functions that call each other the innermost one is at fault.
    inner = [each for each in stop.within if each in mending][-1:]
    uses = frozenset([*inner, *(mending & stop.others), *(["caching"] if caching else [])])
    return Symptom(RACE, "waits for ever" if stop.waits else "goes wrong", uses, around=mending - uses)


def _stops(counterexample: Counterexample, target: Target, timeout: float) -> Iterator[_Stop]:
    story = counterexample.program
    own: str = story["schedule"] if "threads" in story else story["case"]["schedule"]
    with Director(target.signal, f"{own[: own.startswith('*')]}1") as director:
        run = _runner(story, target, timeout, director)
        for schedule in _each(own, director):
            director.trail = []
            failure = run()
            if failure is None:
                continue
            if isinstance(failure.outcome, Late):
                return
            waits = failure.outcome == DEADLOCK
            # A deadlock keeps a law from showing what it is about, unless that is waiting.
            if waits and counterexample.clause not in schedules.ABOUT_WAITING:
                continue
            places = [place for place in director.trail if place.line]
            number = _number_of_stop(schedule)
            if number and number <= len(places):
                yield _stop(places[number - 1], places[number:], waits)
            elif waits and director.stacks:
                yield _stop(director.stacks[0], director.stacks, waits)


def _stop(place: Place, since: Collection[Place], waits: bool) -> _Stop:
    others = (each.within[0] for each in since if each.thread != place.thread)
    within = (each.partition(".<locals>")[0] for each in place.within)
    return _Stop(tuple(within), frozenset(others), waits)


def _number_of_stop(schedule: str) -> int:
    """Return before which line of all that are executed the last stop is, or 0."""
    return sum(int(each.partition(":")[2] or 0) for each in schedule.strip("*").split())


def _each(own: str, director: Director) -> Iterator[str]:
    director.schedule = own
    yield own
    yield from schedules.every_schedule(director, 1)


def _runner(
    story: Mapping[str, Any], target: Target, timeout: float, director: Director
) -> Callable[[], Failure | None]:
    """Return what runs a story once, under the schedule that the director has by then."""
    if "law" in story:
        program = load_laws()[story["law"]].prepare(story["case"], target, schedules.controls(director))
        return lambda: judge(program, timeout)
    threads = concurrency.Threads.from_json(story["threads"])
    runner = concurrency.Runner(target.signal, director)

    def run() -> Failure | None:
        with time_limit(timeout):
            return runner.run(threads, {}).failure

    return run

"""What does each release of Django do with the programs that tell releases apart?

    python conformance/workshop/witnesses.py run FILE [--all]  run what is stale on the installed Django
    python conformance/workshop/witnesses.py choose FILE…      make witnesses.json, from one FILE a release

Each release runs in the environment that tox has for it. The witnesses of what is not stale stay as they are, unless
`--all` is run. Exit status: 0 where every difference has a witness, 1 where one lacks it.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

from beside import DATA
from signalspec.engines.laws import Case, Law, load_laws
from signalspec.engines.sends import key_of
from signalspec.engines.threads.schedules import is_concurrent
from signalspec.programs.outcomes import raised
from signalspec.releases.differences import Witness, load_witnesses, needs_a_witness, premise_of
from signalspec.standard.clauses import RELEASES, Clause, Deviation, load_clauses
from signalspec.targets.surroundings import quiet
from signalspec.targets.target import Target, load_here

WITNESSES = DATA / "witnesses.json"

Outcome = tuple[str, str] | None
"""What was demanded and what happened, or nothing where these are the same."""

Outcomes = Mapping[str, Mapping[str, Outcome]]
"""The outcomes of a release, by clause and case."""


def main(command: str, *names: str) -> int:
    """Do what the command says; return the exit status."""
    paths = [Path(name) for name in names]
    if command == "run":
        release, outcomes = run(load_here("django"), None if "--all" in names else {*stale()})
        paths[0].write_text(json.dumps({"release": release, "outcomes": outcomes}), "utf-8")
        return 0
    missing: list[str] = []
    if command == "choose":
        found = {}
        for path in paths:
            data = json.loads(path.read_text("utf-8"))
            found[data["release"]] = data["outcomes"]
        asked = {slug for outcomes in found.values() for slug in outcomes}
        kept = [each for each in load_witnesses().values() if each.clause not in asked]
        order = list(load_clauses().clauses)
        witnesses = sorted([*kept, *choose(found, asked)], key=lambda each: order.index(each.clause))
        rows = ",\n".join(f"  {json.dumps(asdict(witness))}" for witness in witnesses)
        WITNESSES.write_text(f"[\n{rows}\n]\n", "utf-8")
        load_witnesses.cache_clear()
        have = {(witness.clause, witness.deviation) for witness in witnesses}
        for clause, deviation in in_question():
            key = deviation.key if deviation else None
            rests = deviation is None and premise_of(clause)
            if (clause.slug, key) not in have and (rests, None) not in have:
                missing.append(f"{clause.slug} has no witness for {deviation.title if deviation else 'its range'}")
    print("\n".join(missing) or "Every difference has a witness.")
    return 1 if missing else 0


def in_question() -> Iterator[tuple[Clause, Deviation | None]]:
    """Yield what needs a witness, and can have one: schedules are no cases that every target has."""
    laws = load_laws()
    return ((clause, deviation) for clause, deviation in needs_a_witness() if not is_concurrent(laws[clause.slug]))


def stale() -> Iterator[str]:
    """Yield the clauses whose witnesses are missing, were seen with another law, or show nothing that is recorded."""
    witnesses = load_witnesses()
    known = {(clause.slug, deviation.key if deviation else None) for clause, deviation in in_question()}
    for clause, deviation in known:
        rests = None if deviation else premise_of(load_clauses().clause(clause))
        if (clause, deviation) not in witnesses and (rests, None) not in witnesses:
            yield clause
    laws = load_laws()
    yield from (slug for slug, deviation in witnesses if (slug, deviation) not in known)
    yield from (each.clause for each in witnesses.values() if each.law != laws[each.clause].digest)


def run(target: Target, wanted: Collection[str] | None = None) -> tuple[str, dict[str, dict[str, Outcome]]]:
    """Return the target's release, and what it does with every case of the laws in question, of all clauses or of
    those that are `wanted`.
    """
    outcomes: dict[str, dict[str, Outcome]] = {}
    # Django is set up once in a process, for one part.
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        for found in pool.imap(partial(run_part, target, wanted), load_clauses().parts):
            outcomes |= found
    return target.default_profile.removeprefix("django-"), outcomes


def run_part(target: Target, wanted: Collection[str] | None, part: str) -> dict[str, dict[str, Outcome]]:
    """Return what the target does with every case of the laws in question of a part, of those that are `wanted`."""
    laws = load_laws()
    in_part = dict.fromkeys(clause.slug for clause, _ in in_question() if clause.part == part)
    slugs = [slug for slug in in_part if wanted is None or slug in wanted]
    with quiet():
        return {
            slug: {key_of(case): outcome_of(laws[slug], case, target) for case in cases_of(laws[slug], target)}
            for slug in slugs
        }


def cases_of(law: Law, target: Target) -> Iterator[Case]:
    """Yield the cases of a law, unless it takes a newer Python."""
    has_part = load_clauses().clause(law.slug).part in target.parts
    return law.cases(0, target.capabilities) if has_part and runs_on_this_python(law.slug) else iter(())


def runs_on_this_python(slug: str) -> bool:
    """Tell whether this Python has what the law of a clause takes: eager tasks came with 3.12."""
    return "eager-tasks" not in load_clauses().clause(slug).needs or hasattr(asyncio, "eager_task_factory")


def outcome_of(law: Law, case: Case, target: Target) -> Outcome:
    """Return what comes of one case."""
    try:
        failure = law.run(case, target, 60.0)
    except Exception as error:
        # The target lacks what the case is made with.
        return "no exception", str(raised(error))
    return None if failure is None else (failure.expected, failure.actual)


def choose(found: Mapping[str, Outcomes], asked: Collection[str]) -> list[Witness]:
    """Return a witness for each difference that has one: the first case that all releases show it by."""
    witnesses = []
    for clause, deviation in in_question():
        if clause.slug not in asked:
            continue
        known = [found[each][clause.slug] for each in reversed(RELEASES) if each in found]
        keys = next((each for each in known if each), {})
        witness = next(filter(None, (witness_of(clause, deviation, key, found) for key in keys)), None)
        if witness is not None:
            witnesses.append(witness)
    return witnesses


def witness_of(
    clause: Clause, deviation: Deviation | None, key: str, found: Mapping[str, Outcomes]
) -> Witness | None:
    """Return the case as a witness, if it is one."""
    case: Case = json.loads(key)
    releases = [each for each in RELEASES if each in found and key in found[each][clause.slug]]
    known = {each: found[each][clause.slug][key] for each in releases}
    if not (
        shows_range(clause, case, known) if deviation is None else shows_deviation(clause, deviation, case, known)
    ):
        return None
    expected = [outcome[0] for outcome in known.values() if outcome is not None]
    if not expected:
        return None
    actual = {each: outcome and outcome[1] for each, outcome in known.items()}
    wanted = next((words for words in expected if words != "no exception"), expected[0])
    recorded = deviation.key if deviation else None
    return Witness(clause.slug, recorded, case, wanted, actual, load_laws()[clause.slug].digest)


def shows_range(clause: Clause, case: Case, known: Mapping[str, Outcome]) -> bool:
    """Tell whether all releases that the clause is in force for answer otherwise than all others, which break it."""
    answers: dict[bool, set[str | None]] = {True: set(), False: set()}
    for release, outcome in known.items():
        profile = f"django-{release}"
        demanded = clause.in_force.includes(profile)
        recorded = outcome and load_clauses().deviation_shown(clause.slug, case, outcome[1], profile)
        if (outcome is None or recorded) if demanded else outcome is not None:
            answers[demanded].add(outcome and outcome[1])
        else:
            return False
    return answers[True].isdisjoint(answers[False])


def shows_deviation(clause: Clause, deviation: Deviation, case: Case, known: Mapping[str, Outcome]) -> bool:
    """Tell whether, of the releases that the clause is in force for, just those with the deviation show it."""
    return all(
        (outcome is not None and deviation.covers(case, outcome[1]))
        == deviation.releases.includes(f"django-{release}")
        for release, outcome in known.items()
        if clause.in_force.includes(f"django-{release}")
    )


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("run", "choose"):
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))

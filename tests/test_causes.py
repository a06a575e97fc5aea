"""A cause is told from what follows from it, and nothing that is broken by itself hides behind another cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from faults import Fault, all_faults, planted_together
from signalspec.engines.laws import load_laws
from signalspec.engines.threads import schedules
from signalspec.findings.causes import SHARING, causes_of
from signalspec.findings.operations import uses_of
from signalspec.findings.parties import MAY_BE_FALSE
from signalspec.findings.races import RACE
from signalspec.findings.recording import Recorder
from signalspec.findings.report import Counterexample
from signalspec.findings.speakers import chapters_about, names
from signalspec.findings.symptoms import HEARD, Made, Symptom, symptom_of
from signalspec.findings.variations import Variation
from signalspec.findings.ways import CALLS_OTHERS, OTHER_ARGUMENTS
from signalspec.programs.outcomes import Raised, Returned
from signalspec.runner.events import PLAINEST
from signalspec.runner.examination import Examination
from signalspec.runner.options import Options
from signalspec.runner.tally import Tally, check_here
from signalspec.targets.target import Target, load_here

OPTIONS = Options(timeout=2.0)


def fault(title: str) -> Fault:
    return next(each for each in all_faults() if each.title == title)


def receive(**named: object) -> None:
    """Receive, and do nothing."""


USED_UP = fault("The receivers of a route are used up by the first dispatch.")
RETURNS_RECEIVER = fault("connect returns the receiver, to serve as a decorator.")


@contextmanager
def checked(*faults: Fault) -> Iterator[tuple[Target, Tally, dict[str, str]]]:
    with planted_together(faults) as target:
        tally = Tally(target, faults[0].profile, OPTIONS)
        Examination(target, tally.open_in("dispatch"), OPTIONS, tally.take, last=PLAINEST).run()
        yield target, tally, causes_of(tally.violations, target, OPTIONS.timeout)


def test_a_fault_that_breaks_many_clauses_has_few_causes_and_the_plainest_speaks() -> None:
    with checked(USED_UP) as (_, tally, because):
        causes = tally.violations.keys() - because.keys()
    assert len(tally.violations) > 25
    assert len(causes) <= 6
    assert set(because.values()) <= causes
    assert any(each.endswith(".connected-is-called") for each in causes)


def test_what_a_symptom_does_not_need_is_left_out_of_it() -> None:
    with checked(USED_UP) as (target, tally, _):
        story = tally.violations["connect.connected-is-called"][0].program
        symptom = symptom_of(story, target, 60.0)
        assert symptom is not None
        assert symptom.uses == {"a sender", "an earlier lookup"}
        general = symptom_of(story, target, 2.0, Variation(frozenset({"a sender"})), symptom.shows_in)
        alone = Variation(frozenset({"an earlier lookup"}), symptom.number)
        assert symptom_of(story, target, 2.0, alone, symptom.shows_in) is None
    assert general is not None
    assert general.uses == {"an earlier lookup"}


def test_what_is_kept_alive_explains_the_memory_that_is_kept_and_not_the_other_way_round() -> None:
    kept = Symptom("gc.collect", "keeps alive a sender", frozenset({"caching"}))
    memory = Symptom("memory", "answers True for False", frozenset({"caching", "a sender"}))
    assert memory.includes(kept)
    assert not kept.includes(memory)
    assert not memory.includes(replace(kept, uses=frozenset({"a uid"})))


@pytest.mark.parametrize(
    ("title", "clause", "way"),
    [
        ("A function that is decorated already is left alone.", "decorator.stacks", "is not called"),
        ("weak comes after dispatch_uid.", "connect.returns-none", "raises TypeError"),
    ],
)
def test_a_call_that_is_not_made_and_one_that_the_target_cannot_take_are_symptoms(
    title: str, clause: str, way: str
) -> None:
    with planted_together([fault(title)]) as target:
        found = (symptom_of({"law": clause, "case": case}, target, 60.0) for case in load_laws()[clause].cases())
        assert {(each.operation, each.way) for each in found if each} == {("connect", way)}


def test_the_chapter_that_is_about_what_is_needed_speaks() -> None:
    called = Symptom("send", "calls others than are due", frozenset())
    assert chapters_about(called)[0] == "connect"
    assert chapters_about(replace(called, uses=frozenset({"a uid", "disconnect"})))[0] == "disconnect"
    assert chapters_about(replace(called, uses=frozenset({"a uid", "a party with __bool__"})))[0] == "parties"
    assert chapters_about(replace(called, way="keeps alive a receiver"))[0] == "lifetime"


def test_what_is_noted_of_a_program_is_not_measured() -> None:
    recorder = Recorder()
    factory = recorder.record(load_here("reference").signal)
    law = load_laws()["growth.none-by-sending"]
    with recorder.watching():
        assert law.run_noting(law.plainest, Made(factory), 600.0, recorder.words()) is None
    assert recorder.operations[-1].name == "memory"


def test_what_is_raised_in_the_midst_of_a_robust_send_is_what_goes_wrong() -> None:
    with planted_together([fault("A receiver is told by its name, which partials and instances lack.")]) as target:
        law = load_laws()["during.signal-is-usable"]
        case = next(
            each for each in law.every_case() if each["send"] == "send_robust" and each["other"] == "instance"
        )
        symptom = symptom_of({"law": law.slug, "case": case}, target, 2.0)
    assert symptom is not None
    assert (symptom.operation, symptom.way) == ("connect", "raises AttributeError")


def test_a_signal_is_sent_before_an_answer_that_is_wrong_because_of_what_went_wrong_before() -> None:
    recorder = Recorder(Variation(probed=True))
    signal = recorder.record(load_here("reference").signal)()
    signal.connect(print, sender=int)
    signal.has_listeners(int)
    assert [each.name for each in recorder.operations] == ["connect", "send", "has_listeners"]


@pytest.mark.parametrize("clause", ["listeners.returns-a-bool", "send.each-connection-once", "uids.first-wins"])
def test_faults_that_have_nothing_to_do_with_each_other_are_causes_each(clause: str) -> None:
    companion = next(each for each in all_faults() if (each.base, each.clause) == (RETURNS_RECEIVER.base, clause))
    with checked(companion) as (_, tally, because):
        alone = tally.violations.keys() - because.keys()
    with checked(RETURNS_RECEIVER, companion) as (_, tally, because):
        assert alone | {RETURNS_RECEIVER.clause} <= tally.violations.keys() - because.keys()


@pytest.mark.parametrize(
    ("title", "cause"),
    [
        ("disconnect does not look at the uid.", "disconnect.by-uid"),
        ("Only the connection without a sender is removed.", "disconnect.with-sender-keeps-the-general"),
        ("The dead are counted until the next connect.", "listeners.false-after-death"),
        ("An exception leaves the garbage collector switched off.", "parties.leaves-the-process-alone"),
        ("disconnect takes its arguments by position only.", "disconnect.parameters"),
    ],
)
def test_what_wrong_connections_deaths_and_a_changed_process_bring_about_follows(title: str, cause: str) -> None:
    with checked(fault(title)) as (_, tally, because):
        assert tally.violations.keys() - because.keys() == {cause}


def test_what_another_operation_answers_by_itself_does_not_follow_from_how_a_send_goes_wrong() -> None:
    logs, counts = fault("An exception that is returned is raised."), fault("has_listeners returns their number.")
    with checked(logs, counts) as (_, tally, because):
        assert {logs.clause, counts.clause} <= tally.violations.keys() - because.keys()


def test_a_dead_connection_that_is_still_found_is_in_the_way_of_new_ones() -> None:
    with checked(fault("The death of a receiver goes unnoticed.")) as (_, _tally, because):
        followers = {slug for slug, cause in because.items() if cause == "disconnect.dead-is-gone"}
    assert {"uids.free-after-death", "lifetime.address-of-a-dead-method"} <= followers


def test_what_is_logged_hides_nothing_in_stories_that_do_not_look_at_it() -> None:
    logs, remembers = (
        fault("A text for debugging is made of each sender."),
        fault("connect does not clear the cache."),
    )
    with checked(logs, remembers) as (_, tally, because):
        assert {"send.logs-nothing", "caching.connect-is-seen"} <= tally.violations.keys() - because.keys()


def test_a_sender_that_is_false_is_unusual_wherever_it_is_passed_and_its_clause_speaks() -> None:
    for sender in (False, 0, ""):
        passed = {uses_of("connect", (receive, sender), {}) >= {MAY_BE_FALSE, "a sender"}}
        passed |= {uses_of("disconnect", (receive, sender), {}) >= {MAY_BE_FALSE, "a sender"}}
        passed |= {uses_of("send", (sender,), {}) >= {MAY_BE_FALSE}}
        assert passed == {True}
    assert uses_of("disconnect", (receive, object), {}) == {"disconnect"}
    wrong = Symptom("send", CALLS_OTHERS, frozenset({MAY_BE_FALSE, "a sender"}))
    assert names("parties.falsy-sender", wrong)
    assert not names("parties.signals-are-independent", wrong)


def test_a_sender_is_asked_where_one_that_is_false_is_taken_for_another() -> None:
    answered = Symptom("has_listeners", HEARD[1], frozenset({MAY_BE_FALSE, "a sender"}))
    raised = Raised("ArithmeticError", "asked for its truth")
    asked = Symptom("has_listeners", "raises ArithmeticError", frozenset({MAY_BE_FALSE}), raised)
    assert asked.includes(answered)
    assert not replace(asked, operation="disconnect").includes(answered)
    assert not replace(asked, raised=Raised("ArithmeticError", "compared")).includes(answered)


@pytest.mark.parametrize(
    ("title", "causes"),
    [
        (
            "connect does not clear the dead away.",
            {"uids.free-after-death", "lifetime.dead-sender-frees-the-receiver"},
        ),
        ("Receivers are told by equality.", {"parties.receiver-identity", "lifetime.weak-by-default"}),
    ],
)
def test_what_is_left_asked_for_or_returned_by_one_fault_has_one_cause(title: str, causes: set[str]) -> None:
    with checked(fault(title)) as (_, tally, because):
        assert tally.violations.keys() - because.keys() == causes


def test_what_receivers_are_given_is_seen_where_they_are_called() -> None:
    case = {"sender": "class", "earlier": "send_robust", "send": "send_robust", "caching": "off"}
    with planted_together([fault("An argument of a robust send has the value that it had first.")]) as target:
        symptom = symptom_of({"law": "send.earlier-arguments-are-gone", "case": case}, target, 2.0)
    assert symptom is not None
    assert (symptom.operation, symptom.way) == ("send_robust", OTHER_ARGUMENTS)


def test_whatever_a_send_does_follows_where_the_plainest_one_fails() -> None:
    with checked(fault("Only the first cancellation is handed on.")) as (_, tally, because):
        plain = tally.violations["asend.connected-is-called"]
        sends = {slug for slug in because if slug.startswith("cancelling.")}
    assert plain
    assert {because[slug] for slug in sends} == {"asend.connected-is-called"}


def test_what_is_not_removed_by_disconnect_does_not_follow_from_the_dead_that_are_found() -> None:
    found = Symptom("disconnect", "answers True for False", frozenset({"a death", "a uid", "disconnect"}))
    assert replace(found, uses=found.uses - {"a uid"}).includes(found)
    assert not replace(found, uses=found.uses - {"a death"}).includes(found)
    alive = replace(found, uses=found.uses - {"a death"})
    assert not replace(found, uses=frozenset({"disconnect"})).includes(alive)


def test_a_disconnect_that_removes_nothing_hides_no_order_that_is_wrong_by_itself() -> None:
    kept, reordered = (
        fault(title)
        for title in (
            "disconnect does not look at the uid.",
            "A duplicate takes the old connection out and goes to the end.",
        )
    )
    with checked(reordered) as (_, tally, because):
        alone = tally.violations.keys() - because.keys()
    with checked(kept, reordered) as (_, tally, because):
        assert alone | {"disconnect.by-uid"} <= tally.violations.keys() - because.keys()


def test_what_an_operation_does_by_others_of_its_signal_is_not_what_the_program_does() -> None:
    with checked(fault("Whoever has been called is disconnected.")) as (target, _, _):
        recorder = Recorder()
        signal = recorder.record(target.signal)()
        signal.connect(receive)
        signal.send(int)
    assert [each.name for each in recorder.operations] == ["connect", "send"]


def test_what_a_program_uses_by_then_is_part_of_its_symptom() -> None:
    with checked(USED_UP) as (target, tally, _):
        story = tally.violations["connect.connected-is-called"][0]
        symptom = symptom_of(story.program, target, 60.0)
    assert symptom is not None
    assert (symptom.operation, symptom.way) == ("send", "calls others than are due")
    assert "an earlier lookup" in symptom.uses


def test_what_fails_only_after_others_follows_where_a_new_signal_is_not_empty() -> None:
    with checked(USED_UP) as (target, tally, _):
        first = tally.violations["connect.connected-is-called"]
        violations = {SHARING: first, "connect.returns-none": tally.violations["connect.without-sender-hears-all"]}
        assert causes_of(violations, target, 2.0, ["connect.returns-none"]) == {"connect.returns-none": SHARING}


def saw(clause: str, due: list[object], seen: list[object]) -> Counterexample:
    return Counterexample(clause, "", {"law": clause, "case": {}}, repr(due), Returned(repr(seen)))


def test_what_is_missed_first_tells_causes_of_models_apart() -> None:
    missed = saw("save.pre-then-sql-then-post", ["pre", "sql", "post"], ["sql", "post"])
    violations = {
        missed.clause: [missed],
        "save.created-is-a-bool": [saw("save.created-is-a-bool", ["pre", "post", "pre"], ["post"])],
        "save.post-keys": [saw("save.post-keys", ["pre", "post"], ["pre", "post", "post"])],
        "save.instance-is-the-callers": [saw("save.instance-is-the-callers", [True], [False])],
    }
    target = load_here("reference")
    assert causes_of(violations, target, 60.0) == {"save.created-is-a-bool": missed.clause}


def sent_otherwise(clause: str, *ways: str) -> Counterexample:
    return Counterexample(clause, "", {"law": clause, "case": {}}, "1", Returned("2"), ways)


def test_what_is_sent_otherwise_tells_causes_of_models_apart() -> None:
    ways = {
        "save.pre-keys": ["misses pre_save"],
        "save.pre-then-sql-then-post": ["misses pre_save"],
        "save.on-commit": ["misses INSERT", "misses pre_save"],
        "save.pre-raises": ["misses pre_save", "adds INSERT"],
        "save.created-is-a-bool": ["post_save: created is 1", "adds pre_init"],
        "save.post-keys": ["post_save: created is 1"],
        "delete.protected": ["adds pre_delete"],
        "delete.keys": [],
    }
    violations = {slug: [sent_otherwise(slug, *differing)] for slug, differing in ways.items()}
    assert causes_of(violations, load_here("reference"), 60.0) == {
        **dict.fromkeys(["save.pre-keys", "save.on-commit", "save.pre-raises"], "save.pre-then-sql-then-post"),
        "save.created-is-a-bool": "save.post-keys",
    }


def test_what_else_goes_wrong_in_a_story_does_not_hide_what_goes_wrong_by_itself() -> None:
    cleared = ["misses pre_init", "misses m2m_changed pre_clear", "adds m2m_changed pre_remove"]
    ways = {
        "init.pre-then-post": ["misses pre_init"],
        "init.changed-arguments-count": ["misses pre_init", "adds UPDATE"],
        "m2m.clear-order": cleared,
        "m2m.clear-tells-no-keys": [*cleared, "adds pre_init"],
        "migrate.flush": ["adds UPDATE"],
    }
    violations = {slug: [sent_otherwise(slug, *differing)] for slug, differing in ways.items()}
    assert causes_of(violations, load_here("reference"), 60.0) == {
        "init.changed-arguments-count": "init.pre-then-post",
        "m2m.clear-tells-no-keys": "m2m.clear-order",
    }


def watched(clause: str, *events: tuple[object, ...]) -> Counterexample:
    due = [("post_save", "Person", 1, False, True, None)]
    program = {"clause": clause, "models": ["create Person"], "listening": ["Person"], "act": None}
    return Counterexample(clause, "", program, repr((["done"], due)), Returned(repr((["done"], [*events]))))


def test_what_a_program_of_models_watches_follows_from_a_law_that_sees_it_all() -> None:
    violations = {
        "save.post-keys": [sent_otherwise("save.post-keys", "post_save: created is int", "adds INSERT")],
        "save.pre-then-sql-then-post": [
            watched("save.pre-then-sql-then-post", ("post_save", "Person", 1, False, 1, None))
        ],
        "save.update-fields-empty": [
            watched("save.update-fields-empty", ("post_save", "Person", 2, False, True, None))
        ],
        "save.on-commit": [watched("save.on-commit", ("post_save", "Person", 1, True, True, None))],
    }
    assert causes_of(violations, load_here("reference"), 60.0) == {
        "save.pre-then-sql-then-post": "save.post-keys",
        "save.update-fields-empty": "save.post-keys",
    }


def test_a_story_that_does_not_fail_has_no_symptom() -> None:
    with checked(USED_UP) as (_, tally, _because):
        story = tally.violations["connect.connected-is-called"][0]
    assert symptom_of(story.program, load_here("reference"), 60.0) is None


COUNTS = """
import django.dispatch
from django.dispatch import receiver

class Signal(django.dispatch.Signal):
    def has_listeners(self, sender=None):
        return sum(map(len, self._live_receivers(sender)))
"""
"""A subclass of Django's signal with one defect."""


def test_a_subclass_answers_for_what_it_does_and_not_for_its_base(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("django", "5.0")
    (folder / "counting.py").write_text(COUNTS)
    monkeypatch.syspath_prepend(str(folder))
    report = check_here(load_here("counting"), options=Options(only=("listeners.", "parties.", "uids.")))
    assert report.profile == load_here("django").default_profile
    assert [each.clause.slug for each in report.causes] == ["listeners.returns-a-bool"]
    assert report.with_status("deviates")


CONNECT_TAKES_NO_LOCK = fault("connect takes no lock.")
DISCONNECT_TAKES_NO_LOCK = fault("disconnect takes no lock.")


@contextmanager
def raced(slugs: Sequence[str], *faults: Fault) -> Iterator[dict[str, str]]:
    """Yield which of some clauses of threads follow; each is broken, and shown by its first story that fails."""
    with planted_together(faults) as target:
        found: dict[str, list[Counterexample]] = {}
        for slug in slugs:
            law = load_laws()[slug]
            runs = schedules.run(law, target, 0, 2.0, schedules.Thoroughness())
            case, failure = next((case, failure) for _, case, failure in runs if failure is not None)
            story = {"law": slug, "case": case}
            found[slug] = [Counterexample(slug, "", story, failure.expected, failure.outcome)]
        yield causes_of(found, target, 2.0)


def test_what_goes_wrong_where_one_function_of_the_target_is_interrupted_has_one_cause() -> None:
    disturbed = ("threads.no-connection-is-doubled", "threads.removed-stays-removed")
    with raced(disturbed, CONNECT_TAKES_NO_LOCK) as because:
        assert because == {"threads.removed-stays-removed": "threads.no-connection-is-doubled"}


def test_what_goes_wrong_where_two_functions_are_interrupted_has_two_causes() -> None:
    clauses = ("threads.no-connection-is-doubled", "threads.one-disconnect-succeeds")
    with raced(clauses, CONNECT_TAKES_NO_LOCK, DISCONNECT_TAKES_NO_LOCK) as because:
        assert because == {}


def test_what_goes_wrong_in_several_threads_does_not_follow_from_what_does_in_one_or_from_waiting() -> None:
    race = Symptom(RACE, "goes wrong", frozenset({"Signal.send"}), around=frozenset({"Signal._live"}))
    assert race.includes(replace(race, uses=frozenset({"Signal._live"})))
    assert not race.includes(replace(race, uses=frozenset({"Signal.send", "Signal.connect"})))
    assert not race.includes(replace(race, uses=frozenset({"caching"})))
    assert not race.includes(replace(race, way="waits for ever"))
    assert not race.includes(Symptom("send", "calls others than are due", frozenset()))


@pytest.mark.parametrize(
    ("title", "clause", "operation"),
    [
        ("The death of a receiver goes unnoticed.", "threads.seen-death-is-final", "send"),
        ("connect takes no lock.", "threads.no-connection-is-doubled", None),
    ],
)
def test_threads_that_go_wrong_one_after_the_other_are_like_a_single_one(
    title: str, clause: str, operation: str | None
) -> None:
    with planted_together([fault(title)]) as target:
        symptom = symptom_of({"law": clause, "case": load_laws()[clause].plainest}, target, 2.0)
    assert (symptom and symptom.operation) == operation

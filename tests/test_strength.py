"""What is wrong all over: each fault is named, and nothing is believed that rests on another."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from faults import PLAIN, Fault, all_faults, planted, planted_together
from signalspec import Options, check_here, load_clauses, load_here
from test_faults import run_script

TEN = (
    "disconnect.removed-is-not-called: disconnect leaves the cache as it was.",
    "robust.returned-exceptions-are-responses: What is logged is whatever exception stands among the responses.",
    "during.listeners-tells-about-now: A signal that is being sent claims to have listeners.",
    "lifetime.dispatch-keeps-no-receiver: A dispatch makes a cycle, which keeps its receivers until it is collected.",
    "debug.accepts-kwargs: Only functions and methods are accepted.",
    "connect.hears-no-relative: A dispatch of a class reaches those who connected for a base of it.",
    "caching.equal-senders: The cache is a dictionary with the senders as keys.",
    "parties.class-methods-of-subclasses-differ: A class method is told by its function alone.",
    "uids.unequal-uids-differ: Uids are told by their hash.",
    "decorator.passes-errors-on: Errors are logged.",
)

NOTHING = """
class Signal:
    def __init__(self, use_caching=False): pass
    def connect(self, receiver, sender=None, weak=True, dispatch_uid=None): pass
    def disconnect(self, receiver=None, sender=None, dispatch_uid=None): return False
    def has_listeners(self, sender=None): return False
    def send(self, sender, **named): return []
    def send_robust(self, sender, **named): return []

def receiver(signal, **named):
    return lambda function: function
"""
"""Accepts everything, and does nothing."""

ANYTHING = """
class Signal:
    def __init__(self, *args, **named): pass
    def __getattr__(self, name): return lambda *args, **named: None
    connect = disconnect = has_listeners = send = send_robust = lambda *args, **named: None

def receiver(*args, **named):
    return lambda function: function
"""
"""Accepts everything, whatever it is, and says nothing."""

EAGER = """
class Signal:
    def __init__(self, use_caching=False):
        self.everybody = []
    def connect(self, receiver, sender=None, weak=True, dispatch_uid=None):
        self.everybody.append(receiver)
    def disconnect(self, receiver=None, sender=None, dispatch_uid=None):
        return True
    def has_listeners(self, sender=None):
        return True
    def send(self, sender, **named):
        return [(each, each(signal=self, sender=sender, **named)) for each in self.everybody]
    def send_robust(self, sender, **named):
        try:
            return self.send(sender, **named)
        except BaseException as error:
            return [(each, error) for each in self.everybody]

def receiver(signal, **named):
    def decorate(function):
        for each in signal if isinstance(signal, (list, tuple)) else [signal]:
            each.connect(function)
        return function
    return decorate
"""
"""Connects everybody for ever, and calls them all each time."""


WITHOUT_CACHING = """
from signalspec_reference import Signal as Reference, receiver

class Signal(Reference):
    def __init__(self):
        super().__init__()
"""

FACTORY = """
from signalspec_reference import Signal as Reference

def Signal():
    return Reference()
"""


WITHOUT_ORDER = """
from random import Random
from signalspec_reference import Signal as Reference, receiver

random = Random(0)

class Signal(Reference):
    signalspec_claims = {"order": False}
    def _receivers(self, sender):
        found = super()._receivers(sender)
        for receivers in found:
            random.shuffle(receivers)
        return found
"""

WITHOUT_UIDS = """
from signalspec_reference import Signal as Reference, receiver

class Signal(Reference):
    signalspec_claims = {"uids": False}
    def connect(self, receiver, sender=None, weak=True):
        super().connect(receiver, sender, weak)
    def disconnect(self, receiver=None, sender=None):
        return super().disconnect(receiver, sender)
"""


WRAPPING = """
from typing import Any, NamedTuple
from signalspec_reference import Signal as Reference, receiver

class Connection:
    def __init__(self, receiver):
        self.receiver = receiver

class Response(NamedTuple):
    connection: Connection
    value: Any

class Responses(list):
    pass

def wrapped(pairs):
    return Responses(Response(Connection(receiver), value) for receiver, value in pairs)

class Signal(Reference):
    signalspec_claims = {"receivers": False}
    def send(self, /, sender, **named):
        return wrapped(super().send(sender, **named))
    def send_robust(self, /, sender, **named):
        return wrapped(super().send_robust(sender, **named))
    async def asend(self, /, sender, **named):
        return wrapped(await super().asend(sender, **named))
    async def asend_robust(self, /, sender, **named):
        return wrapped(await super().asend_robust(sender, **named))
"""
"""Returns pairs, and a list, of classes of its own; and not the receivers, but what wraps them."""


@pytest.mark.parametrize(
    "source",
    [WITHOUT_CACHING, FACTORY, WITHOUT_ORDER, WITHOUT_UIDS, WRAPPING],
    ids=["without caching", "factory", "without order", "without uids", "wrapping"],
)
def test_who_claims_less_is_accused_of_nothing(folder: Path, source: str) -> None:
    (folder / "target.py").write_text(source)
    sys.path.insert(0, "")
    # Threads have targets of their own that claim less, and take longest.
    chapters = tuple(f"{each}." for each in load_clauses().parts["dispatch"].chapters if each != "threads")
    report = check_here(load_here("target"), options=Options(only=chapters, depth=2, examples=5))
    assert report.with_status("violated") == []
    assert report.verdict == "conforms"


@pytest.mark.parametrize("chapter", [each for each in load_clauses().parts["dispatch"].chapters if each != "threads"])
def test_a_chapter_alone_accuses_nobody(chapter: str) -> None:
    report = check_here(load_here("django"), options=Options(only=f"{chapter}.", depth=3, examples=5))
    assert [(each.clause.slug, each.counterexample) for each in report.with_status("violated")] == []


@pytest.mark.parametrize("source", [NOTHING, ANYTHING, EAGER], ids=["nothing", "anything", "eager"])
def test_who_does_nothing_or_everything_keeps_no_clause(folder: Path, source: str) -> None:
    (folder / "target.py").write_text(source)
    sys.path.insert(0, "")
    report = check_here(load_here("target"), options=Options(depth=2, examples=5, timeout=1.0))
    assert [result.clause.slug for result in report.with_status("holds")] == []
    assert report.verdict == "violates"


def test_where_all_signals_have_one_table_each_law_is_run_once() -> None:
    """Else each program would find what is left of all before it, and the check would not end."""
    [fault] = [each for each in all_faults() if each.title == "The list of connections belongs to the class."]
    with planted(fault) as target:
        report = check_here(target, fault.profile, Options())
    violated = {result.clause.slug for result in report.results if result.status == "violated"}
    assert {"parties.new-signal-is-empty", "parties.signals-are-independent"} <= violated
    assert all(result.exercised <= 1 for result in report.results)
    assert not any(result.status == "holds" for result in report.results)


def test_ten_faults_at_once_are_ten_findings_with_a_script_each() -> None:
    chosen = [fault for fault in all_faults() if fault.base == PLAIN and str(fault) in TEN]
    assert len(chosen) == len({fault.clause for fault in chosen}) == len(TEN)
    with planted_together(chosen) as target:
        report = check_here(target, options=Options(depth=2, examples=10))
        found = {result.clause.slug: result.counterexample for result in report.with_status("violated")}
        for fault in chosen:
            counterexample = found[fault.clause]
            assert counterexample is not None
            status, printed = run_script(counterexample.script)
            assert status, printed
            with planted(Fault("", "Nothing.", PLAIN, {})) as sound:
                status, printed = run_script(counterexample.script.replace(target.imports, sound.imports))
                assert not status, printed

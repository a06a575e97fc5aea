"""What Django sends while a story runs, and in what that differs from what this release of Django is known to send.

Two stories of one cause go wrong in one way, though their laws look at different things. So a story that went wrong
is run again, and noted is each dispatch, with what it passes, and each landmark that Django passes in between. What a
release does by itself is data (``data/sends.json``); the ways in which a story differs from it are told.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from typing import Any

from signalspec.engines.laws import Case, Law, judge
from signalspec.targets.claims import SENDS
from signalspec.targets.target import Target

LANDMARKS = (
    "django.contrib.auth:authenticate",
    "django.contrib.auth:login",
    "django.contrib.auth:logout",
    "django.core.handlers.base:BaseHandler.get_response",
    "django.core.handlers.base:BaseHandler.get_response_async",
    "django.core.handlers.exception:response_for_exception",
    "django.db.backends.base.base:BaseDatabaseWrapper.close",
    "django.db.backends.base.base:BaseDatabaseWrapper.connect",
    "django.db.models.base:Model.delete",
    "django.db.models.base:Model.save",
    "django.db.transaction:Atomic.__enter__",
    "django.db.transaction:Atomic.__exit__",
    "django.http.response:HttpResponseBase.close",
    "django.template.base:Template.render",
    "django.test.utils:override_settings.disable",
    "django.test.utils:override_settings.enable",
)
"""The functions of Django between whose calls signals are sent."""

WRITES = ("INSERT", "UPDATE", "DELETE")

BETWEEN_SIGNALS = frozenset(
    [*WRITES, *(each.partition(":")[2] for each in LANDMARKS), "pre_init", "post_init", "connection_created"]
)
"""The events that other signals are sent between: landmarks, what is written, and what reading rows brings about."""

_WRITES = re.compile(rf"({'|'.join(WRITES)})\b.*?\"?\b((?:library|auth|members)_\w+)", re.DOTALL)

Trace = Sequence[str]
"""The events of a story, in order: each a name, and after bars what else is known of it."""

Note = Callable[[str, Mapping[str, str]], None]
"""What takes the name of an event, and what else is known of it."""


@contextmanager
def noted() -> Iterator[list[str]]:
    """Note in the list what Django sends and passes in the block."""
    from django.db.backends.utils import CursorWrapper
    from django.dispatch import Signal

    trace: list[str] = []
    names = _names_of_signals()

    def note(name: str, more: Mapping[str, str]) -> None:
        trace.append(_event(name, more))

    sends = [name for name in SENDS if hasattr(Signal, name)]
    wrapped = [(Signal, name, _sending(getattr(Signal, name), names, note)) for name in sends]
    wrapped += [(owner, name, _passing(getattr(owner, name), label, note)) for owner, name, label in _landmarks()]
    wrapped += [(CursorWrapper, "_execute", _writing(CursorWrapper._execute, note))]
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in wrapped]
    try:
        for each in wrapped:
            setattr(*each)
        yield trace
    finally:
        for each in before:
            setattr(*each)


def _sending(original: Callable[..., Any], names: Mapping[int, str], note: Note) -> Callable[..., Any]:
    """Return a method that sends as the original does, and notes what is passed."""
    story = threading.get_ident()

    @functools.wraps(original)
    def send(self: Any, sender: Any = None, **named: Any) -> Any:
        name = names.get(id(self))
        if name is not None:
            note(f"{name} {named.get('action', '')}".strip(), _passed(original.__name__, sender, named, story))
        return original(self, sender, **named)

    return send


def _passing(original: Callable[..., Any], label: str, note: Note) -> Callable[..., Any]:
    """Return a function that does what a landmark does, and notes that it is passed, and what leaves it."""

    @functools.wraps(original)
    def call(*args: Any, **named: Any) -> Any:
        note(label, {})
        try:
            return original(*args, **named)
        except Exception as error:
            note(f"{label} raises {type(error).__name__}", {})
            raise

    return call


def _writing(original: Callable[..., Any], note: Note) -> Callable[..., Any]:
    """Return a method that executes as the original does, and notes what is written."""

    @functools.wraps(original)
    def execute(self: Any, sql: Any, params: Any, *args: Any, **named: Any) -> Any:
        if found := _WRITES.match(str(sql)):
            note(found[1], {"table": found[2], "values": ", ".join(map(_kind, params or ()))})
        return original(self, sql, params, *args, **named)

    return execute


def _event(name: str, more: Mapping[str, str]) -> str:
    return "|".join([name, *(f"{key}={value}" for key, value in more.items())])


def _landmarks() -> Iterator[tuple[Any, str, str]]:
    for each in LANDMARKS:
        module, _, path = each.partition(":")
        *owners, name = path.split(".")
        # An older Django has less.
        with suppress(ImportError, AttributeError):
            owner = functools.reduce(getattr, owners, importlib.import_module(module))
            if name in vars(owner):
                yield owner, name, path


def _names_of_signals() -> Mapping[int, str]:
    from django.dispatch import Signal

    modules = (
        "django.contrib.auth.signals",
        "django.core.signals",
        "django.db.backends.signals",
        "django.db.models.signals",
        "django.tasks.signals",
        "django.test.signals",
    )
    found = {}
    for module in modules:
        with suppress(ImportError):
            for name, each in vars(importlib.import_module(module)).items():
                if isinstance(each, Signal):
                    found[id(each)] = name
    return found


def _passed(operation: str, sender: Any, named: Mapping[str, Any], story: int) -> dict[str, str]:
    from django.db import connections

    found = {"by": operation, "sender": _kind(sender)}
    for name, value in sorted(named.items()):
        if name == "action":
            continue
        found[name] = _kind(value)
        if isinstance(value, set | frozenset | list | tuple):
            found[f"size of {name}"] = str(len(value))
    found["in a transaction"] = str(connections["default"].in_atomic_block)
    if threading.get_ident() != story:
        found["in another thread"] = "True"
    return found


def _kind(value: Any) -> str:
    """Return what is the same of a value in each run."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value if value.isidentifier() and len(value) < 30 else "a text"
    if isinstance(value, type):
        return value.__name__
    kind = type(value).__name__
    if isinstance(value, Mapping) and len(value) < 5:
        return f"{kind} of {', '.join(f'{name}: {_kind(each)}' for name, each in sorted(value.items()))}"
    state = getattr(value, "_state", None)
    return f"{kind}, pk {value.pk is not None}, adding {state.adding}, db {state.db}" if state else kind


@cache
def load_sends() -> Mapping[str, Any]:
    """Return what releases send: `events`, `traces` of their numbers, and the `stories`, by clause."""
    found: Mapping[str, Any] = json.loads((files("signalspec") / "data" / "sends.json").read_text("utf-8"))
    return found


def key_of(case: Case) -> str:
    """Return a case as the data name it."""
    return json.dumps(case, sort_keys=True)


def known_trace(slug: str, case: Case, release: str) -> Trace | None:
    """Return what a release of Django is known to send in a story of a law, if it always sends the same."""
    data = load_sends()
    cases = data["stories"].get(slug, {"cases": {}})["cases"]
    for releases, number in cases.get(key_of(case), {}).items():
        if release in releases.split():
            return [data["events"][event] for event in data["traces"][number]]
    return None


def differences(due: Trace, seen: Trace) -> list[str]:
    """Return the ways in which what was sent differs from what is due, in order, each once."""
    names = [[each.partition("|")[0] for each in trace] for trace in (due, seen)]
    found: dict[str, None] = {}
    for tag, start, end, other, last in SequenceMatcher(None, names[0], names[1], autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = zip(due[start:end], seen[other:last], strict=True)
            found.update(dict.fromkeys(itertools.chain.from_iterable(_otherwise(*pair) for pair in pairs)))
        found.update(dict.fromkeys(f"misses {name}" for name in names[0][start:end] if tag in ("delete", "replace")))
        found.update(dict.fromkeys(f"adds {name}" for name in names[1][other:last] if tag in ("insert", "replace")))
    return list(found)


def watched(events: Iterable[Sequence[Any]]) -> Trace:
    """Return as a trace what the word `watch` noted."""
    return [_watched(*event) for event in events]


def _watched(name: str, sender: str, rows: Any, inside: Any, *passed: Any) -> str:
    more = {"sender": sender, "rows": str(rows), "in a transaction": str(inside)}
    if name == "m2m_changed":
        name, passed = f"{name} {passed[0]}", passed[1:]
    names = {"pre_save": ("update_fields",), "post_save": ("created", "update_fields")}.get(
        name, ("reverse", "pk_set")
    )
    return _event(name, more | {key: _kind(value) for key, value in zip(names, passed, strict=False)})


def _otherwise(due: str, seen: str) -> Iterator[str]:
    """Yield what is passed otherwise with one event."""
    name, one = _parsed(due)
    _, other = _parsed(seen)
    for key in dict.fromkeys([*one, *other]):
        if one.get(key) != other.get(key):
            yield f"{name}: {key} is {other.get(key, 'not there')}"


def _parsed(event: str) -> tuple[str, dict[str, str]]:
    name, *more = event.split("|")
    return name, dict(each.partition("=")[::2] for each in more)


def sent(law: Law, case: Case, target: Target, timeout: float) -> Trace:
    """Return what Django sends while one case of a law is run again."""
    with law.lent(case, target) as program, noted() as trace:
        judge(program, timeout)
    return trace

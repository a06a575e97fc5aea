"""Uses a learner's project and writes down what it does: ``python -m signalspec.exercise.observer FOLDER FILE``.

FILE gets a line of JSON for each thing that is begun, and a last one with what was observed, or why nothing was.
"""

from __future__ import annotations

import functools
import gc
import importlib
import inspect
import json
import logging
import os
import sys
import traceback
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MethodType
from typing import Any, TextIO

from signalspec.exercise.observation import Connected, Failure, Observation, Seen, Sent
from signalspec.exercise.steps import SIGNALS, STEPS, SignalName, Step

Call = Callable[..., Any]


class RefusedError(Exception):
    """The project cannot be used; the message is one sentence for its author."""


class Missing:
    """Stands for a sender that was forgotten."""


class Records(logging.Handler):
    """Keeps the messages that are logged by the app, from INFO on."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message of `record`."""
        self.messages.append(record.getMessage())


class Observer:
    """Notes each connection and each dispatch from its making on; the project's own code is never looked at."""

    def __init__(self) -> None:
        self.signals: dict[SignalName, Any] = {}
        self.todo: Any = None
        self.connections: list[tuple[Any, str, Any, Callable[[], Any], bool]] = []
        self.sent: list[Sent] = []
        self.hidden: list[Exception] = []
        self.serving = False

    def watch(self) -> None:
        """Begin to note what is connected and sent, by any signal of Django's class."""
        from django.dispatch import Signal

        connect = Signal.connect
        parameters = inspect.signature(connect)

        @functools.wraps(connect)
        def noted(*arguments: Any, **named: Any) -> Any:
            result = connect(*arguments, **named)
            call = parameters.bind(*arguments, **named)
            call.apply_defaults()
            signal, receiver, sender, weak, _ = call.arguments.values()
            held = reference(receiver) if weak else lambda: True
            self.connections.append((signal, name_of(receiver), sender, held, self.serving))
            return result

        Signal.connect = noted
        for method in ("send", "send_robust", "asend", "asend_robust"):
            if hasattr(Signal, method):
                setattr(Signal, method, self._noting(getattr(Signal, method)))

    def _noting(self, send: Call) -> Call:
        if inspect.iscoroutinefunction(send):

            @functools.wraps(send)
            async def asend(*arguments: Any, **named: Any) -> Any:
                from asgiref.sync import sync_to_async

                await sync_to_async(self._note)(*arguments, **named)
                return self._note_failures(arguments[0], await send(*arguments, **named))

            return asend

        @functools.wraps(send)
        def noted(*arguments: Any, **named: Any) -> Any:
            self._note(*arguments, **named)
            return self._note_failures(arguments[0], send(*arguments, **named))

        return noted

    def _note_failures(self, signal: Any, responses: Any) -> Any:
        if id(signal) in self.names and self.serving:
            self.hidden += [response for _, response in responses if isinstance(response, Exception)]
        return responses

    def _note(self, signal: Any, *senders: Any, **named: Any) -> None:
        name = self.names.get(id(signal))
        if name is None or not self.serving:
            return
        sender, todo = senders[0] if senders else named.pop("sender", Missing), named.get("todo")
        pk = todo.pk if todo is not None and isinstance(todo, self.todo) else None
        self.sent.append(
            Sent(
                signal=name,
                sender="missing" if sender is Missing else printed(sender),
                right_sender=sender is self.todo,
                arguments=tuple(named),
                todo=printed(todo),
                pk=pk,
                saved=pk is None or self._done(pk) in (name == "todo_done", None),
            )
        )

    def _done(self, pk: int) -> bool | None:
        """Return what the database says of a todo, or nothing where it cannot be asked, as within an event loop."""
        try:
            done: bool = self.todo._base_manager.values_list("done", flat=True).get(pk=pk)
        except Exception:
            return None
        return done

    @property
    def names(self) -> dict[int, SignalName]:
        """The names of the signals, by their identity; where both are one signal, that has one name."""
        return {id(signal): name for name, signal in reversed(self.signals.items())}

    def connected(self) -> Iterator[Connected]:
        """Give what was connected to the two signals."""
        for signal, receiver, sender, held, serving in self.connections:
            name = self.names.get(id(signal))
            if name is not None:
                reaches = sender is None or sender is self.todo
                of = None if sender is None else printed(sender)
                yield Connected(name, receiver, of, reaches, held() is not None, serving)


def reference(receiver: Any) -> Callable[[], Any]:
    """Return a weak reference to `receiver`, as a signal keeps one."""
    return weakref.WeakMethod(receiver) if isinstance(receiver, MethodType) else weakref.ref(receiver)


def name_of(receiver: Any) -> str:
    """Return what a learner calls `receiver`."""
    name = getattr(receiver, "__qualname__", None)
    return (
        f"{getattr(receiver, '__module__', None) or '?'}.{name}"
        if name
        else f"an instance of {type(receiver).__qualname__}"
    )


def printed(thing: Any) -> str:
    """Return a short repr of `thing`."""
    try:
        text = thing.__qualname__ if isinstance(thing, type) else repr(thing)
    except Exception:
        text = f"an instance of {type(thing).__qualname__}"
    return text if len(text) <= 60 else f"{text[:59]}…"


def begin_django(observer: Observer, folder: Path) -> None:
    """Start the project as each of its processes starts."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.conf import settings

    with explained("config.settings cannot be imported", folder):
        # With DEBUG on, a receiver that cannot work would already be refused by `connect`; this check says so better.
        settings.DEBUG = False
    observer.watch()
    with explained("The project cannot be started", folder):
        django.setup()
    with explained("todos.models cannot be imported", folder):
        observer.todo = getattr(importlib.import_module("todos.models"), "Todo", None)
    fields = {field.name for field in observer.todo._meta.get_fields()} if hasattr(observer.todo, "_meta") else set()
    if not {"title", "done"} <= fields:
        raise RefusedError(
            "There is no model Todo with the fields title and done in todos.models, as there has to be."
        )
    with explained("The URLs of the project cannot be imported", folder):
        from django.urls import get_resolver

        _ = get_resolver().url_patterns
    find_signals(observer, folder)


def find_signals(observer: Observer, folder: Path) -> None:
    """Find those of the two signals that are there."""
    from django.dispatch import Signal

    with explained("todos.signals cannot be imported", folder):
        try:
            module = importlib.import_module("todos.signals")
        except ModuleNotFoundError as error:
            if error.name != "todos.signals":
                raise
            return
    for name in SIGNALS:
        signal = getattr(module, name, None)
        if isinstance(signal, Signal):
            observer.signals[name] = signal


@contextmanager
def explained(what: str, folder: Path) -> Iterator[None]:
    """Turn any exception into a sentence that begins with `what`."""
    try:
        yield
    except Exception as error:
        failure = failure_of(error, folder)
        raise RefusedError(f"{what}: {failure.error} ({failure.where})") from error


def failure_of(error: BaseException, folder: Path) -> Failure:
    """Describe `error`, and the last line of the project that it came by."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    if isinstance(error, SyntaxError):
        where = f"{Path(error.filename or '?').name}, line {error.lineno}"
    elif own:
        where = f"{Path(own[-1].filename).relative_to(folder).as_posix()}, line {own[-1].lineno}"
    else:
        where = "in no line of the project"
    dispatched = [Path(frame.filename).parts[-3:] == ("django", "dispatch", "dispatcher.py") for frame in frames]
    unknown = isinstance(error, TypeError) and any(dispatched) and " keyword argument" in str(error)
    message = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
    return Failure(f"{type(error).__name__}: {message}", where, unknown)


def use(observer: Observer, folder: Path, note: Call) -> tuple[Seen, ...]:
    """Take all steps, in a database of their own; what is left of them is not taken once one cannot be."""
    from django.db import connections
    from django.test.utils import setup_databases, setup_test_environment

    setup_test_environment()
    with explained("The database cannot be made", folder):
        for alias in connections:
            connections[alias].settings_dict["TEST"]["MIGRATE"] = False
        setup_databases(verbosity=0, interactive=False)
    records = Records()
    logging.getLogger("todos").addHandler(records)
    seen = []
    for step in STEPS:
        note(step.does)
        seen.append(take(step, observer, records, folder))
    return tuple(seen)


def take(step: Step, observer: Observer, records: Records, folder: Path) -> Seen:
    """Take one step, after the garbage was collected."""
    from django.test import Client

    before = rows(observer.todo)
    path = step.path.format(**{title: pk for pk, (title, _) in before.items()})
    client = Client(raise_request_exception=False)
    observer.sent, records.messages = [], []
    gc.collect()
    observer.serving = True
    failure, status = None, 500
    try:
        response = client.post(path, {} if step.title is None else {"title": step.title})
        status = response.status_code
        if getattr(response, "exc_info", None):
            failure = failure_of(response.exc_info[1], folder)
    except Exception as error:
        failure = failure_of(error, folder)
    finally:
        observer.serving = False
    return Seen(status, failure, before, rows(observer.todo), tuple(observer.sent), tuple(records.messages))


def rows(todo: Any) -> dict[int, tuple[str, bool]]:
    """Return what the database holds."""
    return {
        pk: (title, done) for pk, title, done in todo._base_manager.order_by("pk").values_list("pk", "title", "done")
    }


def refusing(observer: Observer, folder: Path) -> Iterator[str]:
    """Send each signal with an argument more, as a later version of the app might; give who cannot take it."""
    todo = observer.todo(title="", done=False)
    for signal in observer.signals.values():
        for receiver, response in signal.send_robust(sender=observer.todo, todo=todo, added_later=True):
            if isinstance(response, Exception) and failure_of(response, folder).calling:
                yield name_of(receiver)


def observe(folder: Path, note: Call) -> Observation:
    """Run the project in `folder` and return what it does; raise `RefusedError` where it cannot be run."""
    observer = Observer()
    note("starting")
    begin_django(observer, folder)
    seen = use(observer, folder, note) if len(observer.names) == len(SIGNALS) else ()
    note("sending the signals with an argument more")
    refused = tuple(dict.fromkeys(refusing(observer, folder)))
    hidden = tuple(dict.fromkeys(failure_of(error, folder) for error in observer.hidden))
    return Observation(tuple(observer.names.values()), tuple(observer.connected()), seen, refused, hidden)


def main(folder: Path, file: TextIO) -> None:
    """Write to `file` what the project in `folder` does."""

    def write(**line: Any) -> None:
        print(json.dumps(line), file=file, flush=True)

    sys.path.insert(0, str(folder))
    try:
        write(observed=observe(folder, lambda what: write(begun=what)).to_json())
    except RefusedError as error:
        write(refused=str(error))


if __name__ == "__main__":
    with open(sys.argv[2], "a", encoding="utf-8") as file:
        main(Path(sys.argv[1]).resolve(), file)

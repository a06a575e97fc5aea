"""Laws of the chapter tasks: task_enqueued, task_started and task_finished."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.environment_kinds import Backend, Enqueue, Exit, Outcome
from signalspec.requests.kinds import Error
from signalspec.requests.vocabulary import enqueue, listen, new_task, outcome

if TYPE_CHECKING:
    import logging
    import sys
    import threading

    from asgiref.sync import sync_to_async
    from django.tasks import task_backends
    from django.tasks.backends.dummy import DummyBackend
    from django.tasks.backends.immediate import ImmediateBackend
    from django.tasks.signals import task_enqueued, task_finished, task_started


@law("tasks.three-signals")
def three_signals(calls):
    listen(calls, enqueued=task_enqueued, started=task_started, finished=task_finished)
    enqueue(lambda: calls.append("task"))
    return calls, ["enqueued", "started", "task", "finished"]


@law("tasks.arguments")
def arguments(calls, backend: Backend, put: Enqueue, ends: Outcome):
    def receiver(signal, sender, **named):
        seen[signals[signal]] = {"sender": sender, "arguments": sorted(named), "id": named["task_result"].id}

    seen: dict = {}
    signals = {task_enqueued: "enqueued", task_started: "started", task_finished: "finished"}
    for signal in signals:
        signal.connect(receiver)
    result = put(ends, backend=backend)
    sent = signals.values() if backend is ImmediateBackend else ["enqueued"]
    return seen, {name: {"sender": backend, "arguments": ["task_result"], "id": result.id} for name in sent}


@law("tasks.status")
def status(calls):
    def receiver(task_result, **kwargs):
        calls.append(task_result.status.name)

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(receiver)
    enqueue(lambda: None)
    return calls, ["READY", "RUNNING", "SUCCESSFUL"]


@law("tasks.failed")
def failed(calls, error: Error, put: Enqueue):
    def receiver(task_result, **kwargs):
        calls.append(task_result.status.name)

    def task():
        raise error

    task_finished.connect(receiver)
    result = put(task)
    seen = {"task_finished": calls, "result": result.status.name}
    return {put.named: seen}, {put.named: {"task_finished": ["FAILED"], "result": "FAILED"}}


@law("tasks.exc-info")
def exc_info(calls, error: Error, put: Enqueue):
    def receiver(**kwargs):
        calls.append(sys.exc_info()[1])

    def task():
        raise error

    task_finished.connect(receiver)
    put(task)
    return {f"exc_info, {put.named}": calls}, {f"exc_info, {put.named}": [error]}


@law("tasks.return-value")
def return_value(calls, put: Enqueue):
    def receiver(task_result, **kwargs):
        calls.append(task_result.return_value)

    task_finished.connect(receiver)
    put(lambda: 42)
    return {put.named: calls}, {put.named: [42]}


@law("tasks.dummy")
def dummy(calls, put: Enqueue):
    def receiver(sender, **kwargs):
        calls.append(sender)

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(receiver)
    put(lambda: calls.append("task"), backend="django.tasks.backends.dummy.DummyBackend")
    return {put.named: calls}, {put.named: [DummyBackend]}


@law("tasks.failing-receivers", uses=["disconnect"])
def failing_receivers(calls, error: Error, put: Enqueue):
    def fails(**kwargs):
        raise error

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(fails)
        calls.append(outcome(lambda: put(lambda: calls.append("task"))))
        signal.disconnect(fails)
    raised = f"raises {type(error).__name__}"
    return {put.named: calls}, {put.named: [raised, raised, "task", raised]}


@law("tasks.started-is-followed")
def started_is_followed(calls, error: Error):
    def fails(**kwargs):
        raise error

    listen(calls, started=task_started, finished=task_finished)
    task_started.connect(fails)
    outcome(lambda: enqueue(lambda: calls.append("task")))
    return calls, ["started", "finished"]


@law("tasks.asynchronous", uses=["coroutines"])
def asynchronous(calls, put: Enqueue):
    async def asynchronous():
        calls.append("task")

    listen(calls, enqueued=task_enqueued, started=task_started, finished=task_finished)
    for function in (lambda: calls.append("task"), asynchronous):
        put(function)
    return calls, ["enqueued", "started", "task", "finished"] * 2


@law("tasks.exits")
def exits(calls, error: Exit, put: Enqueue):
    def receiver(task_result, **kwargs):
        calls.append(task_result.status.name)

    def task():
        raise error

    task_finished.connect(receiver)
    returned = outcome(lambda: put(task).status.name)
    told = f"{type(error).__name__}, {put.named}"
    return {told: {"task_finished": calls, "returned": returned}}, {
        told: {"task_finished": ["FAILED"], "returned": "FAILED"}
    }


@law("tasks.sender-of-a-subclass")
def sender_of_a_subclass(calls, backend: Backend):
    class Subclass(backend):
        pass

    def receiver(**kwargs):
        calls.append("for the subclass")

    def other(**kwargs):
        calls.append("for its parent")

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(receiver, sender=Subclass)
        signal.connect(other, sender=backend)
    for each in (Subclass, backend):
        enqueue(lambda: None, backend=each)
    times = 3 if backend is ImmediateBackend else 1
    return calls, ["for the subclass"] * times + ["for its parent"] * times


@law("tasks.times")
def times(calls, backend: Backend, ends: Outcome):
    def receiver(signal, task_result, **kwargs):
        names = ("enqueued_at", "started_at", "last_attempted_at", "finished_at")
        seen[signals[signal]] = [name for name in names if getattr(task_result, name) is not None]

    seen: dict = {}
    signals = {task_enqueued: "task_enqueued", task_started: "task_started", task_finished: "task_finished"}
    for signal in signals:
        signal.connect(receiver)
    enqueue(ends, backend=backend)
    demanded = {
        "task_enqueued": ["enqueued_at"],
        "task_started": ["enqueued_at", "started_at", "last_attempted_at"],
        "task_finished": ["enqueued_at", "started_at", "last_attempted_at", "finished_at"],
    }
    return seen, {name: demanded[name] for name in demanded if name in seen or backend is ImmediateBackend}


@law("tasks.stored")
def stored(calls, put: Enqueue):
    def receiver(task_result, **kwargs):
        backend = task_backends["default"]
        calls.append(outcome(lambda: backend.get_result(task_result.id).status.name))
        calls.append([each.id == task_result.id for each in backend.results])

    task_enqueued.connect(receiver)
    put(lambda: None, backend=DummyBackend)
    return {"get_result()": calls[0], "results": calls[1]}, {"get_result()": "READY", "results": [True]}


@law("tasks.what-was-enqueued")
def what_was_enqueued(calls, backend: Backend):
    def receiver(task_result, **kwargs):
        told = task_result
        calls.append((told.task is work, list(told.args), dict(told.kwargs), told.backend))

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(receiver)
    work = new_task(lambda number, name: None, backend)
    work.enqueue(1, name="ann")
    times = 3 if backend is ImmediateBackend else 1
    return calls, [(True, [1], {"name": "ann"}, "default")] * times


@law("tasks.worker")
def worker(calls, ends: Outcome):
    def receiver(task_result, **kwargs):
        calls.append(task_result.worker_ids[:])

    task_started.connect(receiver)
    task_finished.connect(receiver)
    enqueue(ends)
    workers = [len(each) for each in calls]
    return {"workers": workers, "same": calls[0] == calls[-1]}, {"workers": [1, 1], "same": True}


@law("tasks.errors")
def errors(calls, error: Error):
    def receiver(task_result, **kwargs):
        calls.append([each.exception_class_path.rpartition(".")[2] for each in task_result.errors])

    def task():
        raise error

    task_finished.connect(receiver)
    enqueue(task)
    enqueue(lambda: None)
    return calls, [[type(error).__name__], []]


@law("tasks.thread-of-aenqueue")
def thread_of_aenqueue(calls, backend: Backend, ends: Outcome):
    def receiver(signal, **kwargs):
        idents[signals[signal]] = threading.get_ident()

    def work():
        idents["task"] = threading.get_ident()
        return ends()

    async def main():
        idents["sync_to_async"] = await sync_to_async(threading.get_ident)()
        await task.aenqueue()

    idents: dict = {}
    signals = {task_enqueued: "enqueued", task_started: "started", task_finished: "finished"}
    for signal in signals:
        signal.connect(receiver)
    task = new_task(work, backend)
    asyncio.run(main())
    own = {name: "the same" if each == idents["sync_to_async"] else "another" for name, each in idents.items()}
    steps = ["enqueued", "started", "task", "finished"] if backend is ImmediateBackend else ["enqueued"]
    return own, dict.fromkeys(["sync_to_async", *steps], "the same")


@law("tasks.logs")
def logs(calls, ends: Outcome, put: Enqueue):
    class Handler(logging.Handler):
        def emit(self, record):
            told = record.exc_info and (record.exc_info[0] or "no exception")
            calls.append((record.levelname, getattr(told, "__name__", told)))

    logger, handler = logging.getLogger("django.tasks"), Handler()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel("DEBUG")
    try:
        succeeded = put(ends).status.name == "SUCCESSFUL"
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    finished = ("INFO", None) if succeeded else ("ERROR", "ValueError")
    return {put.named: calls}, {put.named: [("DEBUG", None), ("INFO", None), finished]}

"""Laws of the chapter tasks: task_enqueued, task_started and task_finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Backend, Enqueue, Error, Exit, Outcome
from signalspec.requests.vocabulary import enqueue, listen, new_task, outcome

if TYPE_CHECKING:
    import sys

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
def arguments(calls):
    def receiver(signal, sender, **named):
        calls.append((sender, sorted(named), named["task_result"]))

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(receiver)
    result = enqueue(lambda: None)
    return [(*each[:2], each[2].id == result.id) for each in calls], [(ImmediateBackend, ["task_result"], True)] * 3


@law("tasks.status")
def status(calls):
    def receiver(task_result, **kwargs):
        calls.append(task_result.status.name)

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(receiver)
    enqueue(lambda: None)
    return calls, ["READY", "RUNNING", "SUCCESSFUL"]


@law("tasks.failed")
def failed(calls, error: Error):
    def receiver(task_result, **kwargs):
        calls.append(task_result.status.name)

    def task():
        raise error

    task_finished.connect(receiver)
    result = enqueue(task)
    return (calls, result.status.name), (["FAILED"], "FAILED")


@law("tasks.exc-info")
def exc_info(calls, error: Error):
    def receiver(**kwargs):
        calls.append(sys.exc_info()[1] is error)

    def task():
        raise error

    task_finished.connect(receiver)
    enqueue(task)
    return calls, [True]


@law("tasks.return-value")
def return_value(calls):
    def receiver(task_result, **kwargs):
        calls.append(task_result.return_value)

    task_finished.connect(receiver)
    enqueue(lambda: 42)
    return calls, [42]


@law("tasks.dummy")
def dummy(calls):
    def receiver(sender, **kwargs):
        calls.append(sender)

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(receiver)
    enqueue(lambda: calls.append("task"), backend="django.tasks.backends.dummy.DummyBackend")
    return calls, [DummyBackend]


@law("tasks.failing-receivers", uses=["disconnect"])
def failing_receivers(calls, error: Error):
    def fails(**kwargs):
        raise error

    for signal in (task_enqueued, task_started, task_finished):
        signal.connect(fails)
        calls.append(outcome(lambda: enqueue(lambda: calls.append("task"))))
        signal.disconnect(fails)
    raised = f"raises {type(error).__name__}"
    return calls, [raised, raised, "task", raised]


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
def exits(calls, error: Exit):
    def receiver(task_result, **kwargs):
        calls.append(task_result.status.name)

    def task():
        raise error

    task_finished.connect(receiver)
    calls.append(outcome(lambda: enqueue(task).status.name))
    return {type(error).__name__: calls}, {type(error).__name__: ["FAILED", "FAILED"]}


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
def stored(calls):
    def receiver(task_result, **kwargs):
        backend = task_backends["default"]
        calls.append(outcome(lambda: backend.get_result(task_result.id).status.name))
        calls.append([each.id == task_result.id for each in backend.results])

    task_enqueued.connect(receiver)
    enqueue(lambda: None, backend=DummyBackend)
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

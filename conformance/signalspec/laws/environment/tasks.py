"""Laws of the chapter tasks: task_enqueued, task_started and task_finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error
from signalspec.requests.vocabulary import enqueue, listen, outcome

if TYPE_CHECKING:
    import sys

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

"""Faults of the chapter tasks: the tasks' signals."""

from __future__ import annotations

from planting import DjangoFault

IMMEDIATE = "django.tasks.backends.immediate"
DUMMY = "django.tasks.backends.dummy"

NEW = ("6.1",)

_ENQUEUED = "        task_enqueued.send(type(self), task_result=task_result)\n"
_STARTED = "        task_started.send(sender=type(self), task_result=task_result)\n"
_FINISHED = "            task_finished.send(type(self), task_result=task_result)\n"
_FAILED = f'            object.__setattr__(task_result, "status", TaskResultStatus.FAILED)\n{_FINISHED}'
_RUNS = '        object.__setattr__(task_result, "status", TaskResultStatus.RUNNING)\n'
_DUMMY = "        task_enqueued.send(type(self), task_result=result)\n"

FAULTS = [
    DjangoFault("tasks.three-signals", "A task does not start.", IMMEDIATE, {_STARTED: ""}, NEW),
    DjangoFault(
        "tasks.three-signals",
        "It is enqueued when it has started.",
        IMMEDIATE,
        {_ENQUEUED: "", _STARTED: _STARTED + _ENQUEUED},
        NEW,
    ),
    DjangoFault(
        "tasks.arguments", "The sender is None.", IMMEDIATE, {_ENQUEUED: _ENQUEUED.replace("type(self)", "None")}, NEW
    ),
    DjangoFault("tasks.status", "A task that runs is still ready.", IMMEDIATE, {_RUNS: ""}, NEW),
    DjangoFault(
        "tasks.failed",
        "A task that failed is not finished.",
        IMMEDIATE,
        {_FAILED: _FAILED.replace(_FINISHED, "")},
        NEW,
    ),
    DjangoFault(
        "tasks.exc-info",
        "It is sent in another thread.",
        IMMEDIATE,
        {
            _FAILED: _FAILED.replace(
                _FINISHED,
                "            from threading import Thread\n"
                "            thread = Thread(target=lambda: task_finished.send(type(self), task_result=task_result))\n"
                "            thread.start()\n"
                "            thread.join()\n",
            )
        },
        NEW,
    ),
    DjangoFault(
        "tasks.return-value",
        "The value is lost.",
        IMMEDIATE,
        {"                normalize_json(raw_return_value),\n": "                None,\n"},
        NEW,
    ),
    DjangoFault(
        "tasks.dummy",
        "The dummy backend starts tasks.",
        DUMMY,
        {
            "import task_enqueued\n": "import task_enqueued, task_started\n",
            _DUMMY: f"{_DUMMY}        task_started.send(type(self), task_result=result)\n",
        },
        NEW,
    ),
    DjangoFault(
        "tasks.failing-receivers",
        "Failures are ignored.",
        IMMEDIATE,
        {_STARTED: _STARTED.replace("send(", "send_robust(")},
        NEW,
    ),
    DjangoFault(
        "tasks.started-is-followed",
        "A task that could not start has failed.",
        IMMEDIATE,
        {_STARTED: f"        try:\n    {_STARTED}        except BaseException:\n{_FAILED}            raise\n"},
        NEW,
        repair=True,
    ),
]

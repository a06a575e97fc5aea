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
_QUEUES = f'        object.__setattr__(task_result, "enqueued_at", timezone.now())\n{_ENQUEUED}'
_ENDS = '            object.__setattr__(task_result, "finished_at", timezone.now())\n'
_SUCCEEDS = f'{_ENDS}            object.__setattr__(task_result, "status", TaskResultStatus.SUCCESSFUL)\n{_FINISHED}'
_WORKER = "        task_result.worker_ids.append(self.worker_id)\n"
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
    DjangoFault(
        "tasks.asynchronous",
        "A coroutine function is not awaited.",
        "django.tasks.base",
        {
            "            return async_to_sync(self.func)(*args, **kwargs)\n": "            return self.func(*args, **kwargs).close()\n"
        },
        NEW,
    ),
    DjangoFault(
        "tasks.exits",
        "SystemExit leaves enqueue().",
        IMMEDIATE,
        {"        except BaseException as e:\n": "        except Exception as e:\n"},
        NEW,
    ),
    DjangoFault(
        "tasks.exits",
        "SystemExit is let through, as KeyboardInterrupt is.",
        IMMEDIATE,
        {"        except KeyboardInterrupt:\n": "        except (KeyboardInterrupt, SystemExit):\n"},
        NEW,
    ),
    DjangoFault(
        "tasks.sender-of-a-subclass",
        "Every task is started by ImmediateBackend.",
        IMMEDIATE,
        {_STARTED: _STARTED.replace("type(self)", "ImmediateBackend")},
        NEW,
    ),
    DjangoFault(
        "tasks.sender-of-a-subclass",
        "Every task is enqueued by DummyBackend.",
        DUMMY,
        {_DUMMY: _DUMMY.replace("type(self)", "DummyBackend")},
        NEW,
    ),
    DjangoFault(
        "tasks.times",
        "A task is told to be enqueued before it has the time.",
        IMMEDIATE,
        {_QUEUES: "".join(reversed(_QUEUES.splitlines(keepends=True)))},
        NEW,
    ),
    DjangoFault(
        "tasks.times",
        "A task that succeeded gets its time last.",
        IMMEDIATE,
        {_SUCCEEDS: _SUCCEEDS.removeprefix(_ENDS) + _ENDS},
        NEW,
    ),
    DjangoFault(
        "tasks.times",
        "The dummy backend stores no time.",
        DUMMY,
        {'        object.__setattr__(result, "enqueued_at", timezone.now())\n': ""},
        NEW,
    ),
    DjangoFault(
        "tasks.what-was-enqueued",
        "A receiver is told of a task without its arguments.",
        IMMEDIATE,
        {
            _STARTED: "        import dataclasses\n        told = dataclasses.replace(task_result, args=[], kwargs={})\n"
            + _STARTED.replace("task_result=task_result", "task_result=told")
        },
        NEW,
    ),
    DjangoFault(
        "tasks.worker", "The worker signs when all know.", IMMEDIATE, {_WORKER + _STARTED: _STARTED + _WORKER}, NEW
    ),
    DjangoFault(
        "tasks.worker",
        "A worker leaves when it is done.",
        IMMEDIATE,
        {_SUCCEEDS: f"            task_result.worker_ids.clear()\n{_SUCCEEDS}"},
        NEW,
    ),
    DjangoFault(
        "tasks.errors",
        "Every error is an Exception.",
        IMMEDIATE,
        {"            exception_type = type(e)\n": "            exception_type = Exception\n"},
        NEW,
    ),
    DjangoFault(
        "tasks.stored",
        "The dummy backend stores a result when all know.",
        DUMMY,
        {"        self.results.append(result)\n" + _DUMMY: _DUMMY + "        self.results.append(result)\n"},
        NEW,
    ),
    DjangoFault(
        "tasks.thread-of-aenqueue",
        "aenqueue() uses any thread.",
        "django.tasks.backends.base",
        {
            "sync_to_async(self.enqueue, thread_sensitive=True)": "sync_to_async(self.enqueue, thread_sensitive=False)",
        },
        NEW,
    ),
    DjangoFault(
        "tasks.logs",
        "It logs an exception that there was not.",
        "django.tasks.signals",
        {"        exc_info=exc_info if exc_info[0] else None,\n": "        exc_info=exc_info,\n"},
        NEW,
    ),
]

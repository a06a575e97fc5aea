"""Faults of the chapter context: context variables in asynchronous dispatches."""

from __future__ import annotations

from faults import GATHERING, REFERENCE, Fault

_SHARES = "create_task(respond(receiver), context=shared)"
_KEEPS = "        if before.get(variable, UNSET) is not value:\n"
_SETS = "            variable.set(value)\n"
_CALLS = "await sync_to_async(self._call)(direct, sender, named)"
_IN_A_TASK = {_CALLS: f"await asyncio.ensure_future({_CALLS.removeprefix('await ')})"}
_GATHERS = "await asyncio.gather(*map(respond, receivers)), strict=True))\n\n    async def _await_robustly"
_TOGETHER = (
    "await signalspec_reference.run_together(respond, receivers), strict=True))\n\n    async def _await_robustly"
)

FAULTS = [
    Fault(
        "context.receivers-see-it",
        "Asynchronous receivers run in an empty context.",
        REFERENCE,
        {"before = contextvars.copy_context()": "before = contextvars.Context()"},
    ),
    Fault(
        "context.receivers-see-it",
        "Asynchronous receivers run in the context of the first dispatch.",
        REFERENCE,
        {
            "UNSET = object()\n": "UNSET = object()\nCONTEXTS: list[contextvars.Context] = []\n",
            "before = contextvars.copy_context()\n": (
                "CONTEXTS.append(contextvars.copy_context())\n    before = CONTEXTS[0]\n"
            ),
        },
    ),
    Fault(
        "context.receivers-see-it",
        "Receivers run in the context in which the last one was connected.",
        REFERENCE,
        {
            "        connection = Connection(": """\
        self._context = contextvars.copy_context()
        connection = Connection(""",
            "            return await receiver(signal=self, sender=sender, **named)\n\n": """\
            return await asyncio.get_running_loop().create_task(
                receiver(signal=self, sender=sender, **named), context=self._context.copy()
            )

""",
        },
    ),
    Fault(
        "context.direct-sets-are-lost",
        "The receivers in a thread share the caller's context.",
        GATHERING,
        {f"await asyncio.ensure_future({_CALLS.removeprefix('await ')})": _CALLS},
    ),
    Fault(
        "context.direct-sets-are-kept",
        "The receivers in a thread have a task of their own.",
        REFERENCE,
        _IN_A_TASK,
    ),
    Fault(
        "context.direct-sets-are-kept",
        "Where there is anybody to await, the receivers in a thread have a task of their own.",
        REFERENCE,
        {
            _CALLS: f"""\
await (
            asyncio.ensure_future({_CALLS.removeprefix("await ")})
            if awaited
            else {_CALLS.removeprefix("await ")}
        )"""
        },
    ),
    Fault(
        "context.direct-sets-are-seen",
        "The receivers in a thread have a task of their own.",
        REFERENCE,
        _IN_A_TASK,
    ),
    Fault(
        "context.sets-are-lost",
        "The context of asynchronous receivers is carried back.",
        GATHERING,
        {_GATHERS: _TOGETHER},
    ),
    Fault(
        "context.sets-are-kept",
        "The context of asynchronous receivers is dropped.",
        REFERENCE,
        {_SETS: "            continue\n"},
    ),
    Fault(
        "context.sets-are-kept",
        "What is set to None is taken for nothing.",
        REFERENCE,
        {_KEEPS: "        if value is not None and before.get(variable, UNSET) is not value:\n"},
    ),
    Fault(
        "context.sets-are-kept",
        "The context is carried back from a single receiver only.",
        REFERENCE,
        {
            "    for variable, value in shared.items():\n": (
                "    for variable, value in shared.items() if len(tasks) == 1 else ():\n"
            )
        },
    ),
    Fault(
        "context.all-sets-are-kept",
        "Only some variables are carried back.",
        REFERENCE,
        {"    for variable, value in shared.items():\n": "    for variable, value in list(shared.items())[:16]:\n"},
    ),
    Fault(
        "context.send-loses-sets",
        "The context of asynchronous receivers is carried back.",
        GATHERING,
        {_GATHERS: _TOGETHER},
    ),
    Fault(
        "context.send-keeps-sets",
        "The context of asynchronous receivers is dropped.",
        REFERENCE,
        {_SETS: "            continue\n"},
    ),
    Fault(
        "context.is-not-shared",
        "Asynchronous receivers share a context.",
        GATHERING,
        {_GATHERS: _TOGETHER},
    ),
    Fault(
        "context.is-shared",
        "Each asynchronous receiver has a copy of the context.",
        REFERENCE,
        {_SHARES: "create_task(respond(receiver), context=shared.copy())"},
    ),
    Fault(
        "context.kept-where-one-fails",
        "The context is carried back where all went well.",
        REFERENCE,
        {
            "    for variable, value in shared.items():\n": """\
    well = not any(task.cancelled() or task.exception() for task in tasks)
    for variable, value in shared.items() if well else ():
"""
        },
    ),
    Fault(
        "context.kept-where-one-fails",
        "The context is carried back where no group has to be raised.",
        REFERENCE,
        {
            "    for variable, value in shared.items():\n": (
                "    for variable, value in shared.items() if len(failed) < 2 else ():\n"
            )
        },
    ),
    Fault(
        "context.kept-where-one-fails",
        "The context of receivers in a thread is carried back where none of them failed.",
        REFERENCE,
        {
            f"        responses = {_CALLS} if direct else []\n": f"""\
        apart = contextvars.copy_context()
        responses = {_CALLS.replace("(self._call)(", "(apart.run)(self._call, ")} if direct else []
        for variable, value in apart.items():
            variable.set(value)
"""
        },
    ),
    Fault(
        "context.kept-where-cancelled",
        "The context is carried back where nobody was cancelled.",
        REFERENCE,
        {
            "    for variable, value in shared.items():\n": (
                "    for variable, value in shared.items() if cancelled is None else ():\n"
            )
        },
    ),
    Fault(
        "context.kept-where-cancelled",
        "What is set while cleaning up is left behind.",
        REFERENCE,
        {
            "            cancelled, over = error, loop.create_future()\n": (
                "            cancelled, over = error, loop.create_future()\n            by_then = shared.copy()\n"
            ),
            "    for variable, value in shared.items():\n": (
                "    for variable, value in (shared if cancelled is None else by_then).items():\n"
            ),
        },
    ),
    Fault(
        "context.values-are-not-compared",
        "What has changed is told by equality.",
        REFERENCE,
        {_KEEPS: "        if before.get(variable, UNSET) != value:\n"},
    ),
    Fault(
        "context.values-are-not-compared",
        "Values that are not the same are compared.",
        REFERENCE,
        {
            _KEEPS: """\
        old = before.get(variable, UNSET)
        if old is not value and (old != value or old is UNSET or True):
"""
        },
    ),
    Fault(
        "context.equal-values-are-kept",
        "What has changed is told by equality.",
        REFERENCE,
        {_KEEPS: "        if before.get(variable, UNSET) != value:\n"},
    ),
    Fault(
        "context.nested-dispatches-undo-nothing",
        "All of the context is carried back, changed or not.",
        REFERENCE,
        {_KEEPS: "        if variable.get(UNSET) is not value:\n"},
    ),
]

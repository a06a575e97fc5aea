"""Faults of the chapter concurrent: how asynchronous receivers run."""

from __future__ import annotations

from faults import REFERENCE, Fault

_RESPONDS = "            return await receiver(signal=self, sender=sender, **named)\n\n"
_SENDS = "responses += async_to_sync(self._await)(awaited, sender, named)"
_CALLS = "        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []\n"
_AWAITS = "            responses += await self._await(awaited, sender, named)\n        return responses\n"
_RUNS = "await run_together(respond, receivers), strict=True))\n\n    async def _await_robustly"
_ZIP = "zip(receivers, await run_together(respond, receivers), strict=True))\n\n    async def _await_robustly"
_PLAN = "        self._plan: Plan | None = None\n"

_AWAITS_ONE = "-> Any:\n            return await receiver(signal=self, sender=sender, **named)\n"
_RESPONDS_ROBUSTLY = "            try:\n                return await receiver(signal=self, sender=sender, **named)\n"
_LOOKS_UP = "        if self._deaths:\n            self._bury()\n        routes, shared"
_WAITS_FOR_ALL = "    while left:\n        try:\n            await over\n"

FAULTS = [
    Fault(
        "concurrent.started-in-order",
        "The last is started first.",
        REFERENCE,
        {"shared) for receiver in receivers]": "shared) for receiver in reversed(receivers)][::-1]"},
    ),
    Fault(
        "concurrent.together",
        "Receivers are awaited one after another.",
        REFERENCE,
        {_RUNS: "[await respond(each) for each in receivers], strict=True))\n\n    async def _await_robustly"},
    ),
    Fault(
        "concurrent.any-number",
        "No more than 32 receivers run at the same time.",
        REFERENCE,
        {
            "    tasks = [loop.create_task(respond(receiver), context=shared) for receiver in receivers]\n": """\
    places = asyncio.Semaphore(32)

    async def wait_and_respond(receiver: Receiver) -> Any:
        async with places:
            return await respond(receiver)

    tasks = [loop.create_task(wait_and_respond(receiver), context=shared) for receiver in receivers]
"""
        },
    ),
    Fault(
        "concurrent.run-to-their-end",
        "A send returns when the first receiver has ended.",
        REFERENCE,
        {
            "        if not left and not over.done():\n": "        if not over.done():\n",
            "    while left:\n": "    while not over.done():\n",
            "return [task.result() for task in tasks]": (
                "return [task.result() if task.done() else None for task in tasks]"
            ),
        },
    ),
    Fault(
        "concurrent.responses-in-order",
        "Responses are listed as they come in.",
        REFERENCE,
        {
            "    tasks = [loop": "    ended: list[asyncio.Task[Any]] = []\n    tasks = [loop",
            "        left -= 1\n": "        left -= 1\n        ended.append(done)\n",
            "return [task.result() for task in tasks]": "return [task.result() for task in ended]",
        },
    ),
    Fault(
        "concurrent.called-after-the-others",
        "asend awaits the asynchronous receivers first.",
        REFERENCE,
        {
            _CALLS: "        later = await self._await(awaited, sender, named) if awaited else []\n" + _CALLS,
            "        if awaited:\n" + _AWAITS: "        return responses + later\n",
        },
    ),
    Fault(
        "concurrent.listed-after-the-others",
        "send lists asynchronous receivers first.",
        REFERENCE,
        {_SENDS: "responses = async_to_sync(self._await)(awaited, sender, named) + responses"},
    ),
    Fault(
        "concurrent.nothing-unawaited",
        "Receivers are called to see whether they can be awaited.",
        REFERENCE,
        {
            _RESPONDS: """\
            if not inspect.isawaitable(receiver(signal=self, sender=sender, **named)):
                return None
"""
            + _RESPONDS
        },
    ),
    Fault(
        "concurrent.nothing-unawaited",
        "send calls asynchronous receivers before it looks for a way to await them.",
        REFERENCE,
        {
            _SENDS: """\
coroutines = [each(signal=self, sender=sender, **named) for each in awaited]

            async def gather() -> Any:
                return await asyncio.gather(*coroutines)

            responses += zip(awaited, async_to_sync(gather)(), strict=True)"""
        },
    ),
    Fault(
        "concurrent.send-needs-no-running-loop",
        "send runs asynchronous receivers in a thread, and the loop stands still meanwhile.",
        REFERENCE,
        {
            "import asyncio\n": "import asyncio\nimport concurrent.futures\n",
            _SENDS: """\
awaiting = self._await(awaited, sender, named)
            responses += concurrent.futures.ThreadPoolExecutor().submit(asyncio.run, awaiting).result()""",
        },
    ),
    Fault(
        "concurrent.send-within-a-loop",
        "send looks for a way to await even where there is nothing to await.",
        REFERENCE,
        {"        if awaited:\n            " + _SENDS: "        " + _SENDS},
    ),
    Fault(
        "concurrent.send-returns-to-the-loop",
        "send always makes an event loop of its own.",
        REFERENCE,
        {_SENDS: _SENDS.replace("self._await)", "self._await, force_new_loop=True)")},
    ),
    Fault(
        "concurrent.each-response-its-own",
        "Responses are kept by receiver.",
        REFERENCE,
        {
            "        return list(" + _ZIP: """\
        answers = await run_together(respond, receivers)
        known = dict(zip(map(id, receivers), answers, strict=True))
        return [(each, known[id(each)]) for each in receivers]

    async def _await_robustly"""
        },
    ),
    Fault(
        "concurrent.in-several-threads",
        "The lock is held while asynchronous receivers run.",
        REFERENCE,
        {
            _AWAITS: """\
            with self._lock:
                responses += await self._await(awaited, sender, named)
        return responses
"""
        },
        hangs=True,
    ),
    Fault(
        "concurrent.in-several-threads",
        "A signal that is being sent in one event loop cannot be sent in another.",
        REFERENCE,
        {
            _PLAN: _PLAN + "        self._loop: Any = None\n",
            "    async def _await(self,": """\
    async def _await(self, receivers: list[Receiver], sender: Any, named: Named) -> list[Response]:
        loop = asyncio.get_running_loop()
        if self._loop not in (None, loop):
            raise RuntimeError("The signal is bound to another event loop.")
        self._loop = loop
        try:
            return await self._await_here(receivers, sender, named)
        finally:
            self._loop = None

    async def _await_here(self,""",
        },
    ),
    Fault(
        "concurrent.arguments-stay-the-same",
        "A look-up notes its sender, and who is called gets what was noted last.",
        REFERENCE,
        {
            _LOOKS_UP: "        self._sender = sender\n" + _LOOKS_UP,
            _AWAITS_ONE: _AWAITS_ONE.replace("sender=sender", "sender=self._sender"),
        },
    ),
    Fault(
        "concurrent.arguments-stay-the-same",
        "A look-up notes its sender, and who is called by a robust send gets what was noted last.",
        REFERENCE,
        {
            _LOOKS_UP: "        self._sender = sender\n" + _LOOKS_UP,
            _RESPONDS_ROBUSTLY: _RESPONDS_ROBUSTLY.replace("sender=sender", "sender=self._sender"),
        },
    ),
    Fault(
        "concurrent.arguments-stay-the-same",
        "asend notes its arguments, and asynchronous receivers get what was noted last.",
        REFERENCE,
        {
            "        responses = await sync_to_async(self._call)(direct": (
                "        self._named = named\n        responses = await sync_to_async(self._call)(direct"
            ),
            _AWAITS_ONE: _AWAITS_ONE.replace("**named", '**getattr(self, "_named", named)'),
        },
    ),
    Fault(
        "concurrent.take-their-time",
        "A receiver has half a minute.",
        REFERENCE,
        {
            _AWAITS_ONE: (
                "-> Any:\n            "
                "return await asyncio.wait_for(receiver(signal=self, sender=sender, **named), 30)\n"
            )
        },
    ),
    Fault(
        "concurrent.take-their-time",
        "A receiver of a robust send has an hour.",
        REFERENCE,
        {
            _RESPONDS_ROBUSTLY: """\
            try:
                async with asyncio.timeout(3600):
                    return await receiver(signal=self, sender=sender, **named)
"""
        },
    ),
    Fault(
        "concurrent.take-their-time",
        "All receivers together have an hour.",
        REFERENCE,
        {
            _WAITS_FOR_ALL: """\
    loop.call_later(3600, lambda: [task.cancel() for task in tasks])
"""
            + _WAITS_FOR_ALL
        },
    ),
    Fault(
        "concurrent.take-their-time",
        "After ten minutes a dispatch ends with what it has, and None for the others.",
        REFERENCE,
        {
            _WAITS_FOR_ALL: """\
    done, _ = await asyncio.wait(tasks, timeout=600)
    if len(done) < len(tasks):
        return [task.result() if task in done else None for task in tasks]
"""
            + _WAITS_FOR_ALL
        },
    ),
]

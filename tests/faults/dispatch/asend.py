"""Faults of the chapter asend: asend and asend_robust."""

from __future__ import annotations

from faults import REFERENCE, Fault

_SETTLES = "        direct, awaited = self._receivers(sender)\n"
_CALLS = "        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []\n"
_AWAITS = "            responses += await self._await(awaited, sender, named)\n        return responses\n"
_CALL = "[(receiver, receiver(signal=self, sender=sender, **named)) for receiver in receivers]"
_PLAN = "        self._plan: Plan | None = None\n"
_SENDING = _PLAN + "        self._sending = False\n"
_IN_THREADS = "import asyncio\nimport concurrent.futures\n"
_SETTLES_AGAIN = {_CALLS: _CALLS + _SETTLES}
_BEGINS = '(asend.*)."""\n'

_BEGINS_TO_SETTLE = _SETTLES + "        responses = await sync_to_async(self._call)("
_BEGINS_TO_SETTLE_ROBUSTLY = _SETTLES + "        responses = await sync_to_async(self._call_robustly)("
_RESPONDS = "-> Any:\n            return await receiver(signal=self, sender=sender, **named)\n"
_RESPONDS_ROBUSTLY = "            try:\n                return await receiver(signal=self, sender=sender, **named)\n"
_LOOKS_AT_NO_SENDER = (
    "        return [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in receivers]\n"
)
_SENDS_AWAITED = "responses += await self._await(awaited, sender, named)"
_CREATES = "    tasks = [loop.create_task(respond(receiver), context=shared) for receiver in receivers]\n"
_CARRIES = "    for variable, value in shared.items():\n"

FAULTS = [
    Fault(
        "asend.connected-is-called",
        "A single receiver is passed over.",
        REFERENCE,
        {"(self._call)(direct, sender, named) if direct": "(self._call)(direct, sender, named) if direct[1:]"},
    ),
    Fault(
        "asend.returns-a-list-of-pairs",
        "asend returns a tuple.",
        REFERENCE,
        {_AWAITS: _AWAITS.replace("return responses", "return tuple(responses)")},
    ),
    Fault(
        "asend.nobody-listens",
        "asend returns None when nobody listens.",
        REFERENCE,
        {_AWAITS: _AWAITS.replace("return responses", "return responses or None")},
    ),
    Fault(
        "asend.begins-when-awaited",
        "A send settles whom it calls when it is made.",
        REFERENCE,
        {
            "    async def asend(self, /, sender: Any, **named: Any) -> list[Response]:\n": """\
    def asend(self, /, sender: Any, **named: Any) -> Any:
        return self._asend(self._receivers(sender), sender, named)

    async def _asend(self, found: Any, sender: Any, named: Named) -> list[Response]:
""",
            "self._receivers(sender)\n        responses = await sync_to_async(self._call)(": (
                "found\n        responses = await sync_to_async(self._call)("
            ),
        },
    ),
    Fault(
        "asend.begins-when-awaited",
        "A send is a task that runs by itself.",
        REFERENCE,
        {
            "    async def asend(self, /, sender: Any, **named: Any) -> list[Response]:\n": """\
    def asend(self, /, sender: Any, **named: Any) -> Any:
        return asyncio.ensure_future(self._asend(sender, named))

    async def _asend(self, sender: Any, named: Named) -> list[Response]:
"""
        },
    ),
    Fault(
        "asend.new-list-each-time",
        "The empty list is always the same.",
        REFERENCE,
        {
            "UNSET = object()\n": "UNSET = object()\nNOBODY: list[Any] = []\n",
            "(self._call)(direct, sender, named) if direct else []": (
                "(self._call)(direct, sender, named) if direct else NOBODY"
            ),
        },
    ),
    Fault(
        "asend.response-as-is",
        "A false response becomes None.",
        REFERENCE,
        {_CALL: _CALL.replace("**named))", "**named) or None)")},
    ),
    Fault(
        "asend.order",
        "The last is called first.",
        REFERENCE,
        {_CALL: _CALL.replace("in receivers", "in reversed(receivers)")},
    ),
    Fault(
        "asend.each-connection-once",
        "A receiver with two connections is called once.",
        REFERENCE,
        {_CALL: _CALL.replace("in receivers", "in dict.fromkeys(receivers)")},
    ),
    Fault(
        "asend.hears-only-its-sender",
        "asend asks for the receivers of all senders.",
        REFERENCE,
        {_SETTLES + _CALLS: _SETTLES.replace("(sender)", "(None)") + _CALLS},
    ),
    Fault(
        "asend.disconnected-is-not-called",
        "asend has a memory of its own, which only a new connection empties.",
        REFERENCE,
        {
            _PLAN: _PLAN + "        self._memory: dict[Any, Any] = {}\n",
            "                self._connections[key] = connection\n": (
                "                self._connections[key] = connection\n                self._memory.clear()\n"
            ),
            _SETTLES + _CALLS: (
                "        direct, awaited = self._memory.setdefault(id(sender), self._receivers(sender))\n" + _CALLS
            ),
        },
    ),
    Fault(
        "asend.dead-is-not-called",
        "Receivers are kept alive, lest they die while a dispatch waits.",
        REFERENCE,
        {"held = reference(receiver, on_death) if weak else lambda": "held = lambda"},
    ),
    Fault(
        "asend.address-of-a-dead-sender",
        "asend looks the receivers up by itself, and does not ask whether the sender lives.",
        REFERENCE,
        {
            '(asend.*)."""\n' + _SETTLES: """\
(asend.*).\"\"\"
        rows = [row for (_, of), row in self._connections.items() if of in (ANY_SENDER, identity(sender))]
        direct = [each for row in rows if not row.asynchronous and (each := row.receiver()) is not None]
        awaited = [each for row in rows if row.asynchronous and (each := row.receiver()) is not None]
"""
        },
    ),
    Fault(
        "asend.passes-arguments",
        "Receivers in threads are told the sender's class.",
        REFERENCE,
        {_CALL: _CALL.replace("sender=sender", "sender=type(sender)")},
    ),
    Fault(
        "asend.any-argument-name",
        "asend has an option that says where receivers run.",
        REFERENCE,
        {
            "async def asend(self, /, sender: Any, ": (
                "async def asend(self, /, sender: Any, thread_sensitive: bool = True, "
            )
        },
    ),
    Fault(
        "asend.any-argument-name",
        "Named arguments are passed on as those of the adaption.",
        REFERENCE,
        {
            _CALLS: _CALLS.replace("(direct, sender, named)", "(direct, sender, **named)"),
            "def _call(self, receivers: list[Receiver], sender: Any, named: Named)": (
                "def _call(self, receivers: list[Receiver], sender: Any, **named: Any)"
            ),
        },
    ),
    Fault(
        "asend.sender-parameter",
        "The sender can be left out.",
        REFERENCE,
        {"async def asend(self, /, sender: Any, ": "async def asend(self, /, sender: Any = None, "},
    ),
    Fault(
        "asend.changes-nothing",
        "Whoever listens to everybody is gone after one dispatch.",
        REFERENCE,
        {
            _AWAITS: _AWAITS.replace(
                "        return responses\n",
                """\
        self._connections = {key: row for key, row in self._connections.items() if row.sender is not None}
        self._plan = None
        return responses
""",
            )
        },
    ),
    Fault(
        "asend.runs-in-the-loop",
        "Asynchronous receivers run in a loop of their own.",
        REFERENCE,
        {
            _AWAITS: _AWAITS.replace(
                "await self._await(awaited, sender, named)",
                "await asyncio.to_thread(asyncio.run, self._await(awaited, sender, named))",
            )
        },
    ),
    Fault(
        "asend.lets-the-loop-run",
        "The loop stands still until another one has run the receivers.",
        REFERENCE,
        {
            "import asyncio\n": _IN_THREADS,
            _AWAITS: _AWAITS.replace(
                "responses += await self._await(awaited, sender, named)",
                """\
pool = concurrent.futures.ThreadPoolExecutor()
            responses += pool.submit(asyncio.run, self._await(awaited, sender, named)).result()""",
            ),
        },
    ),
    Fault(
        "asend.leaves-the-loop",
        "Receivers that are not asynchronous are called in the loop's thread.",
        REFERENCE,
        {_CALLS: "        responses = self._call(direct, sender, named)\n"},
    ),
    Fault(
        "asend.leaves-the-loop",
        "Where there is anybody to await, all are called in the loop's thread.",
        REFERENCE,
        {
            _CALLS: f"""\
        responses = self._call(direct, sender, named) if awaited else []
        if not awaited:
    {_CALLS}"""
        },
    ),
    Fault(
        "asend.thread-sensitive",
        "Where there is anybody to await, the others run in any thread.",
        REFERENCE,
        {_CALLS: _CALLS.replace("(self._call)", "(self._call, thread_sensitive=not awaited)")},
    ),
    Fault(
        "asend.thread-sensitive",
        "Receivers run in any thread.",
        REFERENCE,
        {_CALLS: _CALLS.replace("(self._call)", "(self._call, thread_sensitive=False)")},
    ),
    Fault(
        "asend.thread-sensitive",
        "Receivers run in a thread of the loop's own.",
        REFERENCE,
        {_CALLS: _CALLS.replace("sync_to_async(self._call)(direct,", "asyncio.to_thread(self._call, direct,")},
    ),
    Fault(
        "asend.connect-waits",
        "asend settles whom to await after the others have been called.",
        REFERENCE,
        _SETTLES_AGAIN,
    ),
    Fault(
        "asend.connect-waits",
        "asend lets the event loop turn before it looks for its receivers.",
        REFERENCE,
        {_BEGINS + _SETTLES: _BEGINS + "        await asyncio.sleep(0)\n" + _SETTLES},
    ),
    Fault(
        "asend.disconnect-waits",
        "asend settles whom to await after the others have been called.",
        REFERENCE,
        _SETTLES_AGAIN,
    ),
    Fault(
        "asend.disconnect-waits",
        "Whoever has no connection any more is passed over when its turn comes.",
        REFERENCE,
        {
            _CALL: _CALL.replace(
                "in receivers]",
                "in receivers if any(row.receiver() == receiver for row in self._connections.values())]",
            )
        },
    ),
    Fault(
        "asend.death-waits",
        "Whom to await is not held while the others are called.",
        REFERENCE,
        {_CALLS: "        del awaited\n" + _CALLS + _SETTLES},
    ),
    Fault(
        "asend.signal-is-usable",
        "A signal that is being sent cannot be changed.",
        REFERENCE,
        {
            _PLAN: _SENDING,
            _SETTLES + _CALLS: _SETTLES + "        self._sending = True\n" + _CALLS,
            _AWAITS: _AWAITS.replace("        return", "        self._sending = False\n        return"),
            "        check_receiver(receiver)\n": (
                "        if self._sending:\n"
                '            raise RuntimeError("The signal is being sent.")\n'
                "        check_receiver(receiver)\n"
            ),
        },
    ),
    Fault(
        "asend.nested-dispatches-are-whole",
        "A signal that is being sent is not sent again.",
        REFERENCE,
        {
            _PLAN: _SENDING,
            _SETTLES + _CALLS: (
                "        if self._sending:\n            return []\n        self._sending = True\n" + _SETTLES + _CALLS
            ),
            _AWAITS: _AWAITS.replace("        return", "        self._sending = False\n        return"),
        },
    ),
    Fault(
        "asend.side-by-side",
        "The arguments of a dispatch are the signal's.",
        REFERENCE,
        {
            _PLAN: _PLAN + "        self._named: Named = {}\n",
            _SETTLES + _CALLS: _SETTLES + "        self._named = named\n" + _CALLS,
            "            return await receiver(signal=self, sender=sender, **named)\n\n": (
                "            return await receiver(signal=self, sender=sender, **self._named)\n\n"
            ),
        },
    ),
    Fault(
        "asend.side-by-side",
        "The responses of receivers that are not asynchronous are the signal's.",
        REFERENCE,
        {
            _PLAN: _PLAN + "        self._responses: list[Response] = []\n",
            _CALLS: _CALLS.replace("responses =", "self._responses ="),
            _AWAITS: """\
            later = await self._await(awaited, sender, named)
            return self._responses + later
        return self._responses
""",
        },
    ),
    Fault(
        "asend.keeps-nothing-alive",
        "What has been awaited is kept, lest it is collected too early.",
        REFERENCE,
        {
            "UNSET = object()\n": "UNSET = object()\nKEPT: list[Any] = []\n",
            "    while left:\n": "    KEPT.append(respond)\n    while left:\n",
        },
    ),
    Fault(
        "asend.keeps-nothing-alive",
        "Whom a signal was last sent about is remembered.",
        REFERENCE,
        {
            _PLAN: _PLAN + "        self._last: Any = None\n",
            _SETTLES + _CALLS: _SETTLES + "        self._last = sender\n" + _CALLS,
        },
    ),
    Fault(
        "asend.keeps-nothing-alive",
        "A task that watches over the receivers is left alone when they are done.",
        REFERENCE,
        {"    while left:\n": "    watcher = loop.create_task(asyncio.sleep(60))\n    while left and watcher:\n"},
    ),
    Fault(
        "asend.eager-tasks",
        "Each task looks itself up among all when it begins.",
        REFERENCE,
        {
            "    tasks = [loop.create_task(respond(receiver), context=shared)": """\
    async def answer(receiver: Receiver) -> Any:
        assert asyncio.current_task() in tasks
        return await respond(receiver)

    tasks = [loop.create_task(answer(receiver), context=shared)"""
        },
    ),
    Fault(
        "asend.arguments-stay-the-same",
        "The sender of a dispatch is an attribute of the signal.",
        REFERENCE,
        {
            _BEGINS_TO_SETTLE: "        self._sender = sender\n" + _BEGINS_TO_SETTLE,
            _RESPONDS: _RESPONDS.replace("sender=sender", "sender=self._sender"),
        },
    ),
    Fault(
        "asend.arguments-stay-the-same",
        "The named arguments of a robust dispatch are an attribute of the signal.",
        REFERENCE,
        {
            _BEGINS_TO_SETTLE_ROBUSTLY: "        self._named = named\n" + _BEGINS_TO_SETTLE_ROBUSTLY,
            _RESPONDS_ROBUSTLY: _RESPONDS_ROBUSTLY.replace("**named", "**self._named"),
        },
    ),
    Fault(
        "asend.arguments-stay-the-same",
        "What the receivers in the thread get is an attribute of the signal.",
        REFERENCE,
        {
            _BEGINS_TO_SETTLE: "        self._named = named\n" + _BEGINS_TO_SETTLE,
            _LOOKS_AT_NO_SENDER: _LOOKS_AT_NO_SENDER.replace("**named", '**getattr(self, "_named", named)'),
        },
    ),
    Fault(
        "asend.however-soon-again",
        "A dispatch that is like one that runs waits for that one's responses.",
        REFERENCE,
        {
            "    async def asend(self, /, sender: Any, **named: Any) -> list[Response]:\n": """\
    async def asend(self, /, sender: Any, **named: Any) -> list[Response]:
        running = vars(self).setdefault("_running", {})
        if id(sender) not in running:
            running[id(sender)] = asyncio.ensure_future(self._asend(sender, **named))
            running[id(sender)].add_done_callback(lambda _: running.pop(id(sender), None))
        return list(await running[id(sender)])

    async def _asend(self, /, sender: Any, **named: Any) -> list[Response]:
"""
        },
    ),
    Fault(
        "asend.however-soon-again",
        "A dispatch for a sender that another one is about has nobody to call.",
        REFERENCE,
        {
            "    async def asend_robust(self, /, sender: Any, **named: Any) -> list[Response]:\n": """\
    async def asend_robust(self, /, sender: Any, **named: Any) -> list[Response]:
        running = vars(self).setdefault("_running", set())
        if id(sender) in running:
            return []
        running.add(id(sender))
        try:
            return await self._asend_robust(sender, **named)
        finally:
            running.discard(id(sender))

    async def _asend_robust(self, /, sender: Any, **named: Any) -> list[Response]:
"""
        },
    ),
    Fault(
        "asend.however-soon-again",
        "What was sent within the last second is not sent again.",
        REFERENCE,
        {
            "import threading\n": "import threading\nimport time\n",
            _BEGINS_TO_SETTLE: """\
        last, self._last = getattr(self, "_last", None), (id(sender), named, time.monotonic())
        if last is not None and last[:2] == self._last[:2] and self._last[2] - last[2] < 1:
            return []
"""
            + _BEGINS_TO_SETTLE,
        },
    ),
    Fault(
        "asend.direct-receivers-take-their-time",
        "The receivers in the thread have half a minute.",
        REFERENCE,
        {
            "        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []\n": (
                "        calling = sync_to_async(self._call)(direct, sender, named) if direct else None\n"
                "        responses = await asyncio.wait_for(calling, 30) if calling is not None else []\n"
            )
        },
    ),
    Fault(
        "asend.direct-receivers-take-their-time",
        "A robust dispatch has ten minutes.",
        REFERENCE,
        {
            _CALLS.replace("_call)", "_call_robustly)"): (
                "        async with asyncio.timeout(600):\n"
                "            responses = "
                "await sync_to_async(self._call_robustly)(direct, sender, named) if direct else []\n"
            )
        },
    ),
    Fault(
        "asend.direct-receivers-take-their-time",
        "What the receivers in the thread have not returned after an hour is left out.",
        REFERENCE,
        {
            "        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []\n": """\
        responses = []
        if direct:
            calling = asyncio.ensure_future(sync_to_async(self._call)(direct, sender, named))
            await asyncio.wait([calling], timeout=3600)
            responses = calling.result() if calling.done() else []
"""
        },
    ),
    Fault(
        "asend.leaves-the-loop-alone",
        "The loop has another task factory while receivers run, and none afterwards.",
        REFERENCE,
        {
            _CREATES: "    loop.set_task_factory(lambda loop, *what, **how: asyncio.Task(*what, loop=loop, **how))\n"
            + _CREATES,
            _CARRIES: "    loop.set_task_factory(None)\n" + _CARRIES,
        },
    ),
    Fault(
        "asend.leaves-the-loop-alone",
        "The loop's exception handler is put away while receivers run.",
        REFERENCE,
        {
            _CREATES: "    handler = loop.get_exception_handler()\n    loop.set_exception_handler(None)\n" + _CREATES,
            _CARRIES: "    loop.set_exception_handler(handler)\n" + _CARRIES,
        },
    ),
    Fault(
        "asend.leaves-the-loop-alone",
        "The loop's debug mode is switched off for speed.",
        REFERENCE,
        {_CREATES: "    loop.set_debug(False)\n" + _CREATES},
    ),
    Fault(
        "asend.leaves-the-loop-alone",
        "The garbage collector is off while tasks are made, and on afterwards.",
        REFERENCE,
        {
            "import functools\n": "import functools\nimport gc\n",
            _CREATES: "    gc.disable()\n" + _CREATES + "    gc.enable()\n",
        },
    ),
    Fault(
        "asend.earlier-arguments-are-gone",
        "What asynchronous receivers are given is collected in one dictionary.",
        REFERENCE,
        {
            _PLAN: _PLAN + "        self._given: Named = {}\n",
            _RESPONDS: _RESPONDS.replace(
                "            return", "            self._given.update(named)\n            return"
            ).replace("**named", "**self._given"),
        },
    ),
    Fault(
        "asend.earlier-arguments-are-gone",
        "What a robust dispatch was given first stays where a later one says nothing of it.",
        REFERENCE,
        {
            _RESPONDS_ROBUSTLY: _RESPONDS_ROBUSTLY.replace(
                "**named", '**(vars(self).setdefault("_given", named) | named)'
            )
        },
    ),
    Fault(
        "asend.earlier-arguments-are-gone",
        "What the thread was given last is kept for the receivers that it calls next.",
        REFERENCE,
        {
            "UNSET = object()\n": "UNSET = object()\nIN_THREAD: dict[str, Any] = {}\n",
            _LOOKS_AT_NO_SENDER: "        IN_THREAD.update(named)\n"
            + _LOOKS_AT_NO_SENDER.replace("**named", "**IN_THREAD"),
        },
    ),
    Fault(
        "asend.earlier-arguments-are-gone",
        "A signal remembers whom it was first sent about.",
        REFERENCE,
        {_RESPONDS: _RESPONDS.replace("sender=sender", 'sender=vars(self).setdefault("_sender", (sender,))[0]')},
    ),
]

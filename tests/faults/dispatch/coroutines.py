"""Faults of the chapter coroutines: asynchronous receivers, whoever sends."""

from __future__ import annotations

from faults import OLDER, REFERENCE, Fault

_JUDGES = "return iscoroutinefunction(receiver) or (instance and iscoroutinefunction(type(receiver).__call__))"
_OLDER_CONNECTS = "        super().connect(receiver, sender, weak, dispatch_uid)\n"
_UNWRAPS = """\
    while isinstance(receiver, functools.partial):
        receiver = receiver.func
"""
_HAS_CODE = 'return bool(getattr(getattr(receiver, "__code__", None), "co_flags", 0) & inspect.CO_COROUTINE)'
_RESPONDS = "            return await receiver(signal=self, sender=sender, **named)\n\n"
_DEFINES = "        async def respond(receiver: Receiver"
_ROUTES = "return direct, tuple([row.receiver for row in rows if row.asynchronous])"
_SENDS = "responses += async_to_sync(self._await)(awaited, sender, named)"
_HOLDS = "held = reference(receiver, on_death) if weak else"
_CALLS = "        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []\n"
_RUNS = "await run_together(respond, receivers), strict=True))\n\n    async def _await_robustly"
_ZIP = "zip(receivers, await run_together(respond, receivers), strict=True))\n\n    async def _await_robustly"

FAULTS = [
    Fault(
        "coroutines.function",
        "No receiver is taken for asynchronous.",
        REFERENCE,
        {_JUDGES: "return False"},
    ),
    Fault(
        "coroutines.function",
        "send returns coroutines as responses.",
        REFERENCE,
        {_SENDS: "responses += [(each, each(signal=self, sender=sender, **named)) for each in awaited]"},
    ),
    Fault(
        "coroutines.function",
        "send passes asynchronous receivers over.",
        REFERENCE,
        {_SENDS: "pass"},
    ),
    Fault(
        "coroutines.method",
        "Only functions are taken for asynchronous.",
        REFERENCE,
        {_JUDGES: "return inspect.isfunction(receiver) and iscoroutinefunction(receiver)"},
    ),
    Fault(
        "coroutines.function",
        "A coroutine function that wraps another is taken for that.",
        REFERENCE,
        {
            _JUDGES: """\
if inspect.isfunction(receiver):
        return iscoroutinefunction(receiver) and iscoroutinefunction(inspect.unwrap(receiver))
    """
            + _JUDGES
        },
    ),
    Fault(
        "coroutines.partial",
        "Only the outermost of several partials is taken off.",
        REFERENCE,
        {
            _UNWRAPS: _UNWRAPS.replace("while", "if"),
            _JUDGES: _HAS_CODE,
        },
    ),
    Fault(
        "coroutines.partial",
        "What has no code of its own is not taken for asynchronous.",
        REFERENCE,
        {_UNWRAPS: "", _JUDGES: _HAS_CODE},
    ),
    Fault(
        "coroutines.partial",
        "A partial is looked through, but not one within it.",
        REFERENCE,
        {_UNWRAPS: _UNWRAPS.replace("while", "if"), _JUDGES: _HAS_CODE},
    ),
    Fault(
        "coroutines.marked",
        "Whether a receiver is asynchronous is read from its code.",
        REFERENCE,
        {_JUDGES: _HAS_CODE},
    ),
    Fault(
        "coroutines.instance",
        "An instance is never taken for asynchronous.",
        REFERENCE,
        {_JUDGES: "return iscoroutinefunction(receiver)"},
    ),
    Fault(
        "coroutines.instance",
        "A partial of an instance is not taken apart.",
        REFERENCE,
        {_UNWRAPS: ""},
    ),
    Fault(
        "coroutines.class-of-instances",
        "A class is judged by what its instances do.",
        REFERENCE,
        {_JUDGES: 'return iscoroutinefunction(receiver) or iscoroutinefunction(getattr(receiver, "__call__", None))'},
    ),
    Fault(
        "coroutines.generator",
        "Asynchronous generators are taken for asynchronous receivers.",
        REFERENCE,
        {_JUDGES: "return inspect.isasyncgenfunction(receiver) or iscoroutinefunction(receiver)"},
    ),
    Fault(
        "coroutines.awaitable-is-a-response",
        "asend awaits whatever can be awaited.",
        REFERENCE,
        {
            _CALLS: _CALLS
            + """\
        responses = [(each, await it if inspect.isawaitable(it) else it) for each, it in responses]
"""
        },
    ),
    Fault(
        "coroutines.awaitable-is-a-response",
        "A wrapper is taken for what it wraps.",
        REFERENCE,
        {_JUDGES: "receiver = inspect.unwrap(receiver)\n    " + _JUDGES},
    ),
    Fault(
        "coroutines.awaitable-is-a-response",
        "Where there is anybody to await, asend awaits whatever can be awaited.",
        REFERENCE,
        {
            _CALLS: _CALLS
            + """\
        if awaited:
            responses = [(each, await it if inspect.isawaitable(it) else it) for each, it in responses]
"""
        },
    ),
    Fault(
        "coroutines.response-as-is",
        "A false response becomes None.",
        REFERENCE,
        {_RESPONDS: "            return await receiver(signal=self, sender=sender, **named) or None\n\n"},
    ),
    Fault(
        "coroutines.response-as-is",
        "Responses are awaited until there is nothing left to await.",
        REFERENCE,
        {
            _RESPONDS: """\
            response = receiver(signal=self, sender=sender, **named)
            while inspect.isawaitable(response):
                response = await response
            return response

"""
        },
    ),
    Fault(
        "coroutines.pairs-name-the-receiver",
        "A bound method is named by its function.",
        REFERENCE,
        {"receivers, " + _RUNS: ('[getattr(each, "__func__", each) for each in receivers], ' + _RUNS)},
    ),
    Fault(
        "coroutines.pairs-name-the-receiver",
        "Receivers are named in the opposite order.",
        REFERENCE,
        {_ZIP: _ZIP.replace("zip(receivers,", "zip(receivers[::-1],")},
    ),
    Fault(
        "coroutines.passes-the-signal-and-the-sender",
        "A false sender is passed as None.",
        REFERENCE,
        {_RESPONDS: "            return await receiver(signal=self, sender=sender or None, **named)\n\n"},
    ),
    Fault(
        "coroutines.passes-named-arguments",
        "Receivers are told of themselves.",
        REFERENCE,
        {_RESPONDS: "            return await receiver(signal=self, sender=sender, receiver=receiver, **named)\n\n"},
    ),
    Fault(
        "coroutines.passes-named-arguments",
        "What runs a receiver takes the arguments beside it, so that one of them cannot be called like a receiver.",
        REFERENCE,
        {
            f"awaited.\n{_DEFINES})": f"awaited.\n{_DEFINES}, **named: Any)",
            _RESPONDS: f"{_RESPONDS}        respond = functools.partial(respond, **named)\n",
        },
    ),
    Fault(
        "coroutines.own-keywords",
        "The arguments are let go once the first receiver is done.",
        REFERENCE,
        {
            _RESPONDS: """\
            response = await receiver(signal=self, sender=sender, **named)
            named.clear()  # type: ignore[attr-defined]
            return response

"""
        },
    ),
    Fault(
        "coroutines.each-connection-once",
        "A route has no receiver twice.",
        REFERENCE,
        {_ROUTES: "return direct, tuple(dict.fromkeys([row.receiver for row in rows if row.asynchronous]))"},
    ),
    Fault(
        "coroutines.hear-only-their-sender",
        "An asynchronous receiver hears everybody.",
        REFERENCE,
        {
            "rows if of == ANY_SENDER])": "rows if of == ANY_SENDER or row.asynchronous])",
            "rows if of in (ANY_SENDER, who)])": "rows if of in (ANY_SENDER, who) or row.asynchronous])",
        },
    ),
    Fault(
        "coroutines.connect-once",
        "An asynchronous receiver takes a place that is taken.",
        REFERENCE,
        {"if key not in self._connections:": "if key not in self._connections or connection.asynchronous:"},
    ),
    Fault(
        "coroutines.disconnect",
        "The plan stays as it is when an asynchronous receiver goes.",
        REFERENCE,
        {
            "            if removed is not None:\n": (
                "            if removed is not None and not removed.asynchronous:\n"
            )
        },
    ),
    Fault(
        "coroutines.disconnect",
        "The plan stays as it is when an asynchronous receiver goes that listened to all.",
        REFERENCE,
        {
            "            if removed is not None:\n": (
                "            if removed is not None and not (removed.asynchronous and removed.sender is None):\n"
            )
        },
    ),
    Fault(
        "coroutines.die",
        "With a cache, asynchronous receivers are held.",
        REFERENCE,
        {
            "        self._plan: Plan | None = None\n": (
                "        self._plan: Plan | None = None\n        self._caches = use_caching\n"
            ),
            _HOLDS: "weak = weak and not (self._caches and is_asynchronous(receiver))\n        " + _HOLDS,
        },
    ),
    Fault(
        "coroutines.die",
        "Asynchronous receivers are kept alive, lest they die while they wait.",
        REFERENCE,
        {_HOLDS: "held = reference(receiver, on_death) if weak and not is_asynchronous(receiver) else"},
    ),
    Fault(
        "coroutines.strong",
        "Asynchronous receivers are never kept alive.",
        REFERENCE,
        {_HOLDS: "held = reference(receiver, on_death) if weak or is_asynchronous(receiver) else"},
    ),
    Fault(
        "coroutines.listen",
        "has_listeners asks for receivers that are not asynchronous.",
        REFERENCE,
        {"return any(self._receivers(sender))": "return bool(self._receivers(sender)[0])"},
    ),
    Fault(
        "coroutines.judged-at-connection",
        "Whether a receiver is asynchronous is remembered by its uid.",
        REFERENCE,
        {
            "        self._plan: Plan | None = None\n": (
                "        self._plan: Plan | None = None\n        self._kinds: dict[Any, bool] = {}\n"
            ),
            "Connection(held, is_asynchronous(receiver), of)": (
                "Connection(held, self._kinds.setdefault(dispatch_uid, is_asynchronous(receiver)), of)"
            ),
        },
    ),
    Fault(
        "coroutines.caching",
        "The plan stays as it is when an asynchronous receiver comes.",
        REFERENCE,
        {
            "                self._connections[key] = connection\n                self._change()\n": """\
                self._connections[key] = connection
                if not connection.asynchronous:
                    self._change()
"""
        },
    ),
    Fault(
        "coroutines.decorator",
        "The decorator makes coroutine functions synchronous.",
        REFERENCE,
        {
            "        return function\n\n    return connect": (
                "        return async_to_sync(function) if is_asynchronous(function) else function\n\n"
                "    return connect"
            )
        },
    ),
    Fault(
        "coroutines.debug",
        "The parameters of coroutine functions are not looked at.",
        REFERENCE,
        {
            "if not accepts_any_keyword(function):": (
                "if not (is_asynchronous(function) or accepts_any_keyword(function)):"
            )
        },
    ),
    Fault(
        "coroutines.debug",
        "The parameters of asynchronous methods are not looked at.",
        REFERENCE,
        {
            "if not accepts_any_keyword(function):": (
                "if not (inspect.ismethod(function) and is_asynchronous(function) or accepts_any_keyword(function)):"
            )
        },
    ),
    Fault(
        "coroutines.called-like-any-other",
        "Coroutines are awaited.",
        OLDER,
        {
            _OLDER_CONNECTS: _OLDER_CONNECTS
            + """
    def send(self, /, sender: Any, **named: Any) -> list[tuple[Any, Any]]:
        import asyncio

        responses = super().send(sender, **named)
        return [(each, asyncio.run(what) if asyncio.iscoroutine(what) else what) for each, what in responses]
"""
        },
    ),
    Fault(
        "coroutines.called-like-any-other",
        "Coroutine functions come last.",
        OLDER,
        {
            _OLDER_CONNECTS: _OLDER_CONNECTS
            + """        import asyncio

        self.rows.sort(key=lambda row: asyncio.iscoroutinefunction(row.receiver()))
"""
        },
    ),
    Fault(
        "coroutines.death-frees-their-place",
        "Of asynchronous receivers no death is noted.",
        REFERENCE,
        {"                if not row.live and": "                if not row.asynchronous and not row.live and"},
    ),
    Fault(
        "coroutines.death-frees-their-place",
        "Asynchronous receivers keep their sender.",
        REFERENCE,
        {
            "        connection = Connection(": (
                "        if is_asynchronous(receiver) and of is not None:\n"
                "            of = lambda: sender\n"
                "        connection = Connection("
            )
        },
    ),
]

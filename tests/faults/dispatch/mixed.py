"""Faults of the chapter mixed: receivers of both kinds."""

from __future__ import annotations

from faults import REFERENCE, Fault

_CALLS = "        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []\n"
_CALL = "        return [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in receivers]\n"
_SEND = """\
        direct, awaited = self._receivers(sender)
        responses = [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]
"""
_SENDS = "responses += async_to_sync(self._await)(awaited, sender, named)"
_PLAN = "        self._plan: Plan | None = None\n"
_DEAF = {
    "        check_receiver(receiver)\n": """\
        if self._sending:
            raise RuntimeError("The signal is being sent.")
        check_receiver(receiver)
""",
    _PLAN: _PLAN + "        self._sending = False\n",
}
_ALL_IN_THE_LOOP = {
    _SENDS: "responses += async_to_sync(self._await_all)(direct, awaited, sender, named)",
    "    async def _await(self,": """\
    async def _await_all(self, direct: Any, awaited: Any, sender: Any, named: Named) -> list[Response]:
        return self._call(direct, sender, named) + await self._await(awaited, sender, named)

    async def _await(self,""",
}

FAULTS = [
    Fault(
        "mixed.settled-first",
        "send settles whom to await after the others have been called.",
        REFERENCE,
        {_SENDS: _SENDS.replace("awaited,", "self._receivers(sender)[1],")},
    ),
    Fault(
        "mixed.death-waits",
        "send holds the asynchronous receivers weakly while it calls the others.",
        REFERENCE,
        {
            _SEND: """\
        direct, awaited = self._receivers(sender)
        waiting = [reference(each, bool) for each in awaited]
        awaited.clear()
        responses = [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]
        awaited = [each for held in waiting if (each := held()) is not None]
"""
        },
    ),
    Fault(
        "mixed.send-calls-the-others-itself",
        "Where there is anybody to await, all are called in the event loop.",
        REFERENCE,
        {
            _SEND: _SEND.replace("in direct]", "in direct if not awaited]"),
            **_ALL_IN_THE_LOOP,
        },
    ),
    Fault(
        "mixed.send-calls-the-others-itself",
        "Where there is anybody to await, only the first of the others is called before.",
        REFERENCE,
        {
            _SEND: _SEND.replace(
                "in direct]",
                "in (direct[:1] if awaited else direct)]\n        direct = direct[1:] if awaited else []",
            ),
            **_ALL_IN_THE_LOOP,
        },
    ),
    Fault(
        "mixed.signal-is-usable",
        "A signal that is being sent cannot be changed.",
        REFERENCE,
        {
            **_DEAF,
            _SENDS: f"""\
self._sending = True
            {_SENDS}
            self._sending = False""",
        },
    ),
    Fault(
        "mixed.others-go-on-meanwhile",
        "The signal is locked while receivers run in a thread.",
        REFERENCE,
        {_CALL: "        with self._lock:\n    " + _CALL},
        hangs=True,
    ),
    Fault(
        "mixed.one-adaption",
        "Each receiver is called by an adaption of its own.",
        REFERENCE,
        {
            _CALLS: """\
        responses = []
        for each in direct:
            responses += await sync_to_async(self._call)([each], sender, named)
"""
        },
    ),
]

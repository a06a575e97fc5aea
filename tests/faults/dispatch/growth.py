"""Faults of the chapter growth: what is done again and again."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

_LOCKS = "        self.lock = threading.RLock()\n"
_HOLDS = "        held = refer(receiver, self._note_death) if weak else lambda: receiver\n"
_REFERENCE_LIVE = "self.receiver() is not None and (self.sender is None or self.sender() is not None)"
_FINALIZERS = {
    _HOLDS: _HOLDS + '        weakref.finalize(getattr(receiver, "__self__", receiver), self._note_death, None)\n'
}
"""In PLAIN, each connect leaves a finalizer with the receiver, for as long as that lives."""
_SENDER_DEATHS = {"return refer(sender, self._note_death)": "return refer(sender)"}
"""In PLAIN, the death of a sender goes unnoticed."""
_RECEIVER_DEATHS = {"refer(receiver, self._note_death)": "refer(receiver)"}
"""In PLAIN, the death of a receiver goes unnoticed."""
_SENDS = """\
        responses = []
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=sender, **named)
"""

_CREATES = "    tasks = [loop.create_task(respond(receiver), context=shared) for receiver in receivers]\n"

FAULTS = [
    Fault(
        "growth.none-by-duplicates",
        "Each connect leaves a finalizer.",
        PLAIN,
        _FINALIZERS,
    ),
    Fault(
        "growth.none-by-duplicates",
        "A sender's references are collected, one for each connect.",
        REFERENCE,
        {
            "        key = lookup_key(receiver, sender, dispatch_uid)\n        with": """\
        key = lookup_key(receiver, sender, dispatch_uid)
        self._references = [*getattr(self, "_references", []), connection.sender]
        with"""
        },
    ),
    Fault(
        "growth.none-by-duplicates",
        "Who connects with a uid that is taken is noted.",
        PLAIN,
        {
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.ignored: list[Any] = []"),
            "self.rows.append(row)": (
                "self.rows.append(row)\n"
                "            elif dispatch_uid is not None:\n"
                "                self.ignored.append([dispatch_uid])"
            ),
        },
    ),
    Fault(
        "growth.none-by-reconnecting",
        "Each connect leaves a finalizer.",
        PLAIN,
        _FINALIZERS,
    ),
    Fault(
        "growth.none-by-reconnecting",
        "What is disconnected is collected.",
        PLAIN,
        {
            _LOCKS: _LOCKS + "        self.removed: list[Row] = []\n",
            "                    del self.rows[index]\n": (
                "                    self.removed.append(self.rows[index])\n"
                "                    del self.rows[index]\n"
            ),
        },
    ),
    Fault(
        "growth.none-by-reconnecting",
        "A uid has a lock of its own, which stays.",
        PLAIN,
        {
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.locks: dict[Any, Any] = {}"),
            "self.rows.append(row)": (
                "self.rows.append(row)\n                self.locks[dispatch_uid] = threading.Lock()"
            ),
        },
    ),
    Fault(
        "growth.none-by-reconnecting",
        "A sender has a list of its own, which stays.",
        PLAIN,
        {
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.lists: dict[int, list[Any]] = {}"),
            "self.rows.append(row)": ("self.rows.append(row)\n                self.lists[id(sender)] = []"),
        },
    ),
    Fault(
        "growth.none-by-reconnecting",
        "A connection that is removed leaves its place behind.",
        PLAIN,
        {
            _LOCKS: _LOCKS + "        self.places = []\n",
            "                    del self.rows[index]\n": """\
                    del self.rows[index]
                    self.places.append(None)
""",
        },
    ),
    Fault(
        "growth.none-by-deaths",
        "The list of deaths is never emptied.",
        REFERENCE,
        {"            self._deaths.clear()\n": ""},
    ),
    Fault(
        "growth.none-by-deaths",
        "The death of a receiver goes unnoticed.",
        PLAIN,
        _RECEIVER_DEATHS,
    ),
    Fault(
        "growth.none-by-deaths",
        "The dead are removed by disconnect only.",
        PLAIN,
        {
            """\
            self._remove_dead_rows()
            if not any""": """\
            if not any""",
            """\
            self._remove_dead_rows()
            rows""": """\
            rows""",
        },
    ),
    Fault(
        "growth.none-by-sending",
        "Failures are collected.",
        PLAIN,
        {
            _LOCKS: _LOCKS + "        self.failures: list[Exception] = []\n",
            "                response = error\n": (
                "                response = error\n                self.failures.append(error)\n"
            ),
        },
    ),
    Fault(
        "growth.none-by-sending",
        "Dispatches are recorded.",
        REFERENCE,
        {
            "        if not self._connections:\n": (
                '        self.history = getattr(self, "history", [])\n'
                "        self.history.append(dict(named, sender=sender))\n        if not self._connections:\n"
            )
        },
    ),
    Fault(
        "growth.none-by-sending",
        "A list tells how many were called each time.",
        PLAIN,
        {
            _LOCKS: _LOCKS + "        self.called = []\n",
            _SENDS: "        self.called.append(len(self._live_receivers(sender)))\n" + _SENDS,
        },
    ),
    Fault(
        "growth.passing-senders-leave-nothing",
        "How many listen to a sender is counted, and the count kept.",
        PLAIN,
        {
            _LOCKS: _LOCKS + "        self.counts: dict[Any, int] = {}\n",
            "        return bool(self._live_receivers(sender))": (
                "        self.counts[make_id(sender)] = len(self._live_receivers(sender))\n"
                "        return self.counts[make_id(sender)] > 0"
            ),
        },
    ),
    Fault(
        "growth.passing-senders-leave-nothing",
        "What was disconnected is noted, even if it was not connected.",
        REFERENCE,
        {
            "        return removed is not None\n": (
                '        self._gone = getattr(self, "_gone", set()) | {identity(sender)}\n'
                "        return removed is not None\n"
            )
        },
    ),
    Fault(
        "growth.none-by-senders",
        "A connection whose sender is dead passes for a live one.",
        REFERENCE,
        {_REFERENCE_LIVE: "self.receiver() is not None"},
    ),
    Fault(
        "growth.none-by-senders",
        "The death of a sender goes unnoticed.",
        PLAIN,
        _SENDER_DEATHS,
    ),
    Fault(
        "growth.none-by-asynchronous-dispatches",
        "The context of each dispatch is kept.",
        REFERENCE,
        {
            "UNSET = object()\n": "UNSET = object()\nKEPT: list[Any] = []\n",
            _CREATES: _CREATES + "    KEPT.append(shared)\n",
        },
    ),
    Fault(
        "growth.none-by-asynchronous-dispatches",
        "Tasks are kept, lest they be collected too soon.",
        REFERENCE,
        {
            "UNSET = object()\n": "UNSET = object()\nTASKS: set[Any] = set()\n",
            _CREATES: _CREATES + "    TASKS.update(tasks)\n",
        },
    ),
    Fault(
        "growth.none-by-asynchronous-dispatches",
        "The number of responses of each asend is noted.",
        REFERENCE,
        {
            "            responses += await self._await(awaited, sender, named)\n": (
                "            responses += await self._await(awaited, sender, named)\n"
                '        vars(self).setdefault("_numbers", []).append(len(responses))\n'
            )
        },
    ),
]

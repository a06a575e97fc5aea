"""Faults of the chapter during: during a dispatch."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

_SENDS = """\
        responses = []
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=sender, **named)
"""
_RETURNS = """\
        return responses

    def send_robust"""
_REFERENCE_CALLS = "[(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]"
_ROBUST_CALLS = "        for receiver in receivers:\n"
_LOCKS = "        self.lock = threading.RLock()\n"
_LIVE = {
    _SENDS: """\
        responses = []
        for row in self.rows:
            receiver = row.receiver()
            if receiver is None or row.key[1] not in (make_id(None), make_id(sender)):
                continue
            response = receiver(signal=self, sender=sender, **named)
"""
}
_SENDING = {
    _LOCKS: _LOCKS + "        self.sending = False\n",
    _SENDS: "        self.sending = True\n" + _SENDS,
    _RETURNS: "        self.sending = False\n" + _RETURNS,
}
_RESTORED = {
    "        responses: list[Response] = []\n": """\
        responses: list[Response] = []
        plan = self._plan
""",
    "            responses.append((receiver, response))\n": """\
            responses.append((receiver, response))
        self._plan = plan
""",
}
_COUNTS = {
    '        """Call the receivers, and take their errors for responses."""\n        responses = []\n': """\
        _running.append(self)
        try:
            return self._send_robust(sender, named)
        finally:
            _running.pop()

    def _send_robust(self, sender: Any, named: dict[str, Any]) -> list[tuple[Any, Any]]:
        responses = []
""",
    'logger = logging.getLogger("django.dispatch")\n': """\
logger = logging.getLogger("django.dispatch")
_running: list[Any] = []
""",
}
"""Count how many robust dispatches run."""

_STARTS_ROBUSTLY = """\
        responses = []
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
"""
_SENDS_DIRECTLY = (
    "        responses = [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]\n"
)
SENDER_OF_THE_SIGNAL = {
    _SENDS: """\
        responses = []
        self.sender = sender
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=self.sender, **named)
"""
}
"""In PLAIN, the sender of a send is an attribute of the signal."""
NAMED_OF_THE_SIGNAL = {
    _STARTS_ROBUSTLY: """\
        responses = []
        self.named = named
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **self.named)
"""
}
"""In PLAIN, the named arguments of a send are an attribute of the signal."""
SENDER_IS_CLEARED = {
    _SENDS_DIRECTLY: """\
        self._sender = sender
        responses = [(receiver, receiver(signal=self, sender=self._sender, **named)) for receiver in direct]
        self._sender = None
"""
}
"""In REFERENCE, the sender is an attribute of the signal until the send has ended."""
SHARED_ARGUMENTS = {
    _SENDS_DIRECTLY: """\
        self._arguments = vars(self).get("_arguments", {})
        self._arguments.update(named, signal=self, sender=sender)
        responses = [(receiver, receiver(**self._arguments)) for receiver in direct]
        self._arguments.clear() if not responses else None
"""
}
"""In REFERENCE, one dictionary of the signal takes the arguments of all its sends."""

FAULTS = [
    Fault(
        "during.signal-is-usable",
        "The lock is held while a receiver runs.",
        PLAIN,
        {
            _LOCKS: _LOCKS.replace("RLock", "Lock"),
            _SENDS: """\
        responses = []
        for receiver in self._live_receivers(sender):
            with self.lock:
                response = receiver(signal=self, sender=sender, **named)
""",
        },
        hangs=True,
    ),
    Fault(
        "during.signal-is-usable",
        "A signal must not be sent while it is being sent.",
        PLAIN,
        {
            **_SENDING,
            _SENDS: """\
        if self.sending:
            raise RuntimeError("sent already")
        self.sending = True
"""
            + _SENDS,
        },
    ),
    Fault(
        "during.connect-waits",
        "A dispatch goes through the rows themselves.",
        PLAIN,
        _LIVE,
    ),
    Fault(
        "during.connect-waits",
        "A dispatch goes through the table, which must not grow meanwhile.",
        REFERENCE,
        {
            _REFERENCE_CALLS: """\
[
            (receiver, receiver(signal=self, sender=sender, **named))
            for (_, of), row in self._connections.items()
            if of in (ANY_SENDER, identity(sender)) and (receiver := row.receiver()) is not None
        ]"""
        },
    ),
    Fault(
        "during.connect-waits",
        "Whoever was connected meanwhile is called at the end.",
        REFERENCE,
        {
            "        responses = " + _REFERENCE_CALLS + "\n": """\
        done: list[Response] = []
        while len(rest := self._receivers(sender)[0]) > len(done):
            done += [(each, each(signal=self, sender=sender, **named)) for each in rest[len(done) :]]
        return done
"""
        },
    ),
    Fault(
        "during.connect-is-heard-next",
        "What is connected while a signal is sent is ignored.",
        PLAIN,
        {
            **_SENDING,
            "        key = make_key(receiver, sender, dispatch_uid)\n        held": """\
        if self.sending:
            return
        key = make_key(receiver, sender, dispatch_uid)
        held""",
        },
    ),
    Fault(
        "during.connect-is-heard-next",
        "The plan that a dispatch used is stored when it ends.",
        REFERENCE,
        _RESTORED,
    ),
    Fault(
        "during.connect-is-heard-next",
        "What is connected in a dispatch that raises is forgotten.",
        PLAIN,
        {
            "self.rows: list[Row] = []": (
                "self.rows: list[Row] = []\n        self.depth = 0\n        self.waiting: list[Row] = []"
            ),
            "self.rows.append(row)": "(self.waiting if self.depth else self.rows).append(row)",
            ("        responses = []\n        for receiver in self._live_receivers(sender):\n            response"): (
                "        self.depth, self.waiting = 1, []\n"
                "        responses = []\n"
                "        for receiver in self._live_receivers(sender):\n"
                "            response"
            ),
            ("            response = receiver(signal=self, sender=sender, **named)\n            responses"): (
                "            try:\n"
                "                response = receiver(signal=self, sender=sender, **named)\n"
                "            except BaseException:\n"
                "                self.depth = 0\n"
                "                raise\n"
                "            responses"
            ),
            ("            responses.append((receiver, response))\n        return responses\n\n    def send_robust"): (
                "            responses.append((receiver, response))\n"
                "        self.depth = 0\n"
                "        self.rows += self.waiting\n"
                "        return responses\n"
                "\n"
                "    def send_robust"
            ),
        },
    ),
    Fault(
        "during.disconnect-waits",
        "A dispatch goes through the rows themselves.",
        PLAIN,
        _LIVE,
    ),
    Fault(
        "during.disconnect-waits",
        "Whether a receiver is connected still is asked before it is called.",
        REFERENCE,
        {
            _ROBUST_CALLS: """\
        for receiver in receivers:
            if receiver not in self._receivers(sender)[0]:
                continue
"""
        },
    ),
    Fault(
        "during.disconnect-waits",
        "Who was connected for all senders is asked again before the call.",
        PLAIN,
        {
            "self.rows.append(row)": ("self.rows.append(row)\n                self.met.append(row)"),
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.met: list[Row] = []"),
            ("            response = receiver(signal=self, sender=sender, **named)\n            responses"): (
                "            general = [row for row in self.met if row.sender is None and row.receiver() == "
                "receiver]\n"
                "            if general and general[-1] not in self.rows:\n"
                "                continue\n"
                "            response = receiver(signal=self, sender=sender, **named)\n"
                "            responses"
            ),
        },
    ),
    Fault(
        "during.disconnect-is-heard-next",
        "The plan that a dispatch used is stored when it ends.",
        REFERENCE,
        _RESTORED,
    ),
    Fault(
        "during.disconnect-is-heard-next",
        "The rows are as before when a dispatch ends.",
        PLAIN,
        {
            _SENDS: "        rows = list(self.rows)\n" + _SENDS,
            _RETURNS: "        self.rows = rows\n" + _RETURNS,
        },
    ),
    Fault(
        "during.others-keep-their-turn",
        "A dispatch goes through the rows themselves.",
        PLAIN,
        _LIVE,
    ),
    Fault(
        "during.others-keep-their-turn",
        "The receivers of each turn are counted anew.",
        REFERENCE,
        {
            _ROBUST_CALLS: """\
        for turn in range(len(self._receivers(sender)[0])):
            receivers = self._receivers(sender)[0]
            if turn >= len(receivers):
                break
            receiver = receivers[turn]
"""
        },
    ),
    Fault(
        "during.others-keep-their-turn",
        "Only who disconnects itself is allowed for.",
        PLAIN,
        {
            (
                "        responses = []\n"
                "        for receiver in self._live_receivers(sender):\n"
                "            response = receiver(signal=self, sender=sender, **named)\n"
                "            responses.append((receiver, response))\n"
            ): (
                "        responses, turn = [], 0\n"
                "        while turn < len(receivers := self._live_receivers(sender)):\n"
                "            receiver = receivers[turn]\n"
                "            response = receiver(signal=self, sender=sender, **named)\n"
                "            responses.append((receiver, response))\n"
                "            turn += receiver in self._live_receivers(sender)\n"
            ),
        },
    ),
    Fault(
        "during.death-waits",
        "A weak reference is resolved when it is the receiver's turn.",
        PLAIN,
        {
            "        receivers = [row.receiver() for row in rows]\n": (
                "        receivers = (row.receiver() for row in rows)\n"
            ),
            "        return [receiver for receiver in receivers if receiver is not None]\n": (
                "        return (receiver for receiver in receivers if receiver is not None)\n"
            ),
            "bool(self._live_receivers(sender))": "any(True for _ in self._live_receivers(sender))",
        },
    ),
    Fault(
        "during.death-waits",
        "A dispatch goes through the references of its route.",
        REFERENCE,
        {
            "receivers = [receiver for held in direct if (receiver := held()) is not None]": (
                "receivers = filter(lambda receiver: receiver is not None, (held() for held in direct))"
            ),
            "any(self._receivers(sender))": "any(map(list, self._receivers(sender)))",
        },
    ),
    Fault(
        "during.nested-sends-are-whole",
        "A signal that is being sent is not sent again.",
        PLAIN,
        {
            **_SENDING,
            _SENDS: "        if self.sending:\n            return []\n        self.sending = True\n" + _SENDS,
        },
    ),
    Fault(
        "during.nested-sends-are-whole",
        "Nested dispatches share a list of responses.",
        PLAIN,
        {
            _LOCKS: _LOCKS + "        self.responses: list[tuple[Any, Any]] = []\n",
            _SENDS: _SENDS.replace("= []", "= self.responses\n        responses.clear()"),
            _RETURNS: _RETURNS.replace("return responses", "return list(responses)"),
        },
    ),
    Fault(
        "during.any-depth",
        "A send within a send within a send is taken for a mistake.",
        REFERENCE,
        {
            "        if not self._connections:\n            return []\n": """\
        if not self._connections or sys._getframe(12).f_code is sys._getframe().f_code:
            return []
"""
        },
    ),
    Fault(
        "during.listeners-tells-about-now",
        "A signal that is being sent claims to have listeners.",
        PLAIN,
        {
            **_SENDING,
            "return bool(self._live_receivers(sender))": "return self.sending or bool(self._live_receivers(sender))",
        },
    ),
    Fault(
        "during.listeners-tells-about-now",
        "Disconnecting does not outdate the plan.",
        REFERENCE,
        {
            """\
            if removed is not None:
                self._change()
""": ""
        },
    ),
    Fault(
        "during.nested-robust-sends-are-robust",
        "Only the outermost dispatch catches.",
        PLAIN,
        {
            "            except Exception as error:\n                self._log": (
                "            except Exception as error:\n"
                "                if len(_running) > 1:\n"
                "                    raise\n"
                "                self._log"
            ),
            **_COUNTS,
        },
    ),
    Fault(
        "during.nested-robust-sends-are-robust",
        "Only the outermost dispatch logs.",
        PLAIN,
        {
            "                self._log_failure(receiver, error)\n": (
                "                if len(_running) == 1:\n                    self._log_failure(receiver, error)\n"
            ),
            **_COUNTS,
        },
    ),
    Fault(
        "during.arguments-stay-the-same",
        "The sender of a send is an attribute of the signal.",
        PLAIN,
        SENDER_OF_THE_SIGNAL,
    ),
    Fault(
        "during.arguments-stay-the-same",
        "The named arguments of a robust send are an attribute of the signal.",
        PLAIN,
        NAMED_OF_THE_SIGNAL,
    ),
    Fault(
        "during.arguments-stay-the-same",
        "The sender is an attribute of the signal until the send has ended.",
        REFERENCE,
        SENDER_IS_CLEARED,
    ),
    Fault(
        "during.arguments-stay-the-same",
        "One dictionary takes the arguments of all sends of a signal.",
        REFERENCE,
        SHARED_ARGUMENTS,
    ),
]

"""Faults of the chapter subclassing: subclassing."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

_REFERENCE_INIT = "    def __init__(self, use_caching: bool = False) -> None:\n"
_REFERENCE_CALLS = (
    "        responses = [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]\n"
)
_SETTLES = "        direct, awaited = self._receivers(sender)\n"
_LOCKS = "        self.lock = threading.RLock()\n"
_KEEPS = "        self.use_caching = use_caching\n"
_FINDS = """\
        key = make_key(receiver, sender, dispatch_uid)
        with self.lock:
            self._remove_dead_rows()
            for"""

FAULTS = [
    Fault(
        "subclassing.subclass-is-a-signal",
        "A signal's class is final.",
        REFERENCE,
        {
            _REFERENCE_INIT: """\
    def __init_subclass__(cls) -> None:
        raise TypeError("Signal is final.")

"""
            + _REFERENCE_INIT
        },
    ),
    Fault(
        "subclassing.subclass-is-a-signal",
        "A signal of a subclass passes for another object.",
        PLAIN,
        {
            "            response = receiver(signal=self, sender=sender, **named)\n            responses": """\
            response = receiver(signal=super(type(self), self), sender=sender, **named)
            responses"""
        },
    ),
    Fault(
        "subclassing.subclass-is-a-signal",
        "The state is made for instances of the class itself only.",
        PLAIN,
        {
            "        self.use_caching = use_caching\n": (
                "        if type(self) is not Signal:\n            return\n        self.use_caching = use_caching\n"
            )
        },
    ),
    Fault(
        "subclassing.own-initializer",
        "Instances are made by a __new__ with fixed parameters.",
        REFERENCE,
        {
            _REFERENCE_INIT: """\
    def __new__(cls, use_caching: bool = False) -> Signal:
        return super().__new__(cls)

"""
            + _REFERENCE_INIT
        },
    ),
    Fault(
        "subclassing.own-initializer",
        "A signal has a name already, which cannot be set.",
        PLAIN,
        {
            "    def _note_death(": """\
    @property
    def name(self) -> str:
        return type(self).__name__

    def _note_death("""
        },
    ),
    Fault(
        "subclassing.own-initializer",
        "A signal begins with no attributes but its own.",
        PLAIN,
        {_KEEPS: "        vars(self).clear()\n" + _KEEPS},
    ),
    Fault(
        "subclassing.connect-can-be-extended",
        "connect is bound once, and overridden by nobody.",
        PLAIN,
        {_LOCKS: _LOCKS + "        self.connect = MethodType(Signal.connect, self)\n"},
    ),
    Fault(
        "subclassing.connect-can-be-extended",
        "disconnect takes its arguments by position only.",
        PLAIN,
        {"dispatch_uid: Any = None) -> bool:": "/, dispatch_uid: Any = None) -> bool:"},
    ),
    Fault(
        "subclassing.send-can-be-extended",
        "send uses the send_robust that overrides its own.",
        REFERENCE,
        {
            _REFERENCE_CALLS: """\
        responses = self.send_robust(sender, **named)
        for _, response in responses:
            if isinstance(response, Exception):
                raise response
        return responses
"""
        },
    ),
    Fault(
        "subclassing.send-can-be-extended",
        "send is bound once, and overridden by nobody.",
        PLAIN,
        {_LOCKS: _LOCKS + "        self.send = MethodType(Signal.send, self)\n"},
    ),
    Fault(
        "subclassing.asend-can-be-extended",
        "The asynchronous sends are bound once, and overridden by nobody.",
        REFERENCE,
        {
            "        self._plan: Plan | None = None\n": """\
        self._plan: Plan | None = None
        self.asend = MethodType(Signal.asend, self)  # type: ignore[method-assign]
        self.asend_robust = MethodType(Signal.asend_robust, self)  # type: ignore[method-assign]
"""
        },
    ),
    Fault(
        "subclassing.sends-are-independent",
        "asend is send in a thread where there is nobody to await.",
        REFERENCE,
        {
            _SETTLES + "        responses = await sync_to_async(self._call)(": f"""\
{_SETTLES}        if direct and not awaited:
            return await sync_to_async(self.send)(sender, **named)
        responses = await sync_to_async(self._call)("""
        },
    ),
    Fault(
        "subclassing.sends-are-independent",
        "asend asks has_listeners whether to begin.",
        REFERENCE,
        {
            _SETTLES + "        responses = await sync_to_async(self._call)(": f"""\
        if not self.has_listeners(sender):
            return []
{_SETTLES}        responses = await sync_to_async(self._call)("""
        },
    ),
    Fault(
        "subclassing.sends-are-independent",
        "asend is send in a thread where several are called, and nobody is to be awaited.",
        REFERENCE,
        {
            _SETTLES + "        responses = await sync_to_async(self._call)(": f"""\
{_SETTLES}        if len(direct) > 1 and not awaited:
            return await sync_to_async(self.send)(sender, **named)
        responses = await sync_to_async(self._call)("""
        },
    ),
    Fault(
        "subclassing.sends-are-independent",
        "send leaves it to asend where there are receivers of both kinds.",
        REFERENCE,
        {
            _REFERENCE_CALLS: """\
        if direct and awaited:
            return async_to_sync(self.asend)(sender, **named)
"""
            + _REFERENCE_CALLS
        },
    ),
    Fault(
        "subclassing.listeners-can-be-overridden",
        "send asks has_listeners whether to begin.",
        REFERENCE,
        {"        if not self._connections:\n": "        if not self.has_listeners(sender):\n"},
    ),
    Fault(
        "subclassing.listeners-can-be-overridden",
        "send_robust asks has_listeners whether to begin.",
        PLAIN,
        {
            "        responses = []\n        for receiver in self._live_receivers(sender):\n            try": """\
        responses = []
        if not self.has_listeners(sender):
            return responses
        for receiver in self._live_receivers(sender):
            try"""
        },
    ),
    Fault(
        "subclassing.listeners-can-be-overridden",
        "disconnect asks has_listeners whether to look.",
        PLAIN,
        {_FINDS: "        if not self.has_listeners(sender):\n            return False\n" + _FINDS},
    ),
    Fault(
        "subclassing.listeners-can-be-overridden",
        "With a cache, send_robust asks has_listeners whether to begin.",
        PLAIN,
        {
            "        responses = []\n        for receiver in self._live_receivers(sender):\n            try": """\
        responses = []
        if self.use_caching and not self.has_listeners(sender):
            return responses
        for receiver in self._live_receivers(sender):
            try"""
        },
    ),
    Fault(
        "subclassing.methods-are-independent",
        "connect disconnects what it is going to connect.",
        PLAIN,
        {
            "            if not any(other.key == key for other in self.rows):\n": """\
            if not any(other.key == key for other in self.rows):
                self.disconnect(receiver, sender, dispatch_uid)
"""
        },
    ),
    Fault(
        "subclassing.methods-are-independent",
        "send_robust goes through send as long as nobody fails.",
        REFERENCE,
        {
            "        responses = self._call_robustly(direct, sender, named)\n        if awaited:": """\
        if len(direct) == 1 and not awaited:
            try:
                return self.send(sender, **named)
            except Exception as error:
                log_failure(direct[0], error)
                return [(direct[0], error)]
        responses = self._call_robustly(direct, sender, named)
        if awaited:"""
        },
    ),
    Fault(
        "subclassing.asend-does-what-send-does",
        "A subclass says who sends, in an argument of its own, and only where send is called.",
        REFERENCE,
        {
            "class Signal:\n": "class Sound:\n",
            "def receiver(": """\
class Signal(Sound):
    def send(self, sender: object, **named: object) -> Responses:
        return super().send(sender, origin=type(self).__name__, **named)


def receiver(""",
        },
    ),
    Fault(
        "subclassing.asend-does-what-send-does",
        "A subclass tells receivers that send_robust is robust, and not that asend_robust is.",
        REFERENCE,
        {
            "class Signal:\n": "class Sound:\n",
            "def receiver(": """\
class Signal(Sound):
    def send_robust(self, sender: object, **named: object) -> Responses:
        return super().send_robust(sender, robust=True, **named)


def receiver(""",
        },
    ),
    Fault(
        "subclassing.asend-does-what-send-does",
        "A subclass does not send what tells nothing, and only where send is called.",
        REFERENCE,
        {
            "class Signal:\n": "class Sound:\n",
            "def receiver(": """\
class Signal(Sound):
    def send(self, sender: object, **named: object) -> Responses:
        return super().send(sender, **named) if named else []


def receiver(""",
        },
    ),
    Fault(
        "subclassing.asend-does-what-send-does",
        "A subclass lists the last response first, and only where asend is awaited.",
        REFERENCE,
        {
            "class Signal:\n": "class Sound:\n",
            "def receiver(": """\
class Signal(Sound):
    async def asend(self, sender: object, **named: object) -> Responses:
        return (await super().asend(sender, **named))[::-1]


def receiver(""",
        },
    ),
]

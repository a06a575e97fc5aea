"""Faults of the chapter lifetime: lifetime."""

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
_LOCKS = "        self.lock = threading.RLock()\n"
_BURIES = "            self.rows = [row for row in self.rows if row.is_live()]\n"
_HOLDS = "        held = refer(receiver, self._note_death) if weak else lambda: receiver\n"
_REFERENCE_LIVE = "self.receiver() is not None and (self.sender is None or self.sender() is not None)"
_REFERENCE_REFERS = "    return (weakref.WeakMethod if type(party) is MethodType else weakref.ref)(party, on_death)\n"
_REFERENCE_RETURNS = """\
            responses.append((receiver, response))
        return responses
"""
_METHODS = {
    "        return weakref.WeakMethod(party, on_death)\n    return weakref.ref": """\
        if on_death is not None:
            weakref.finalize(party.__self__, on_death, None)
        return weakref.WeakMethod(party)
    return weakref.ref"""
}
"""In PLAIN, only the death of a bound method's instance is noticed."""
_REFERENCE_METHODS = {
    _REFERENCE_REFERS: """\
    if type(party) is MethodType:
        weakref.finalize(party.__self__, on_death, None)
        return weakref.WeakMethod(party)
    return weakref.ref(party, on_death)
"""
}
_FINALIZERS = {
    _HOLDS: _HOLDS + '        weakref.finalize(getattr(receiver, "__self__", receiver), self._note_death, None)\n'
}
"""In PLAIN, each connect leaves a finalizer with the receiver, for as long as that lives."""
_SENDER_DEATHS = {"return refer(sender, self._note_death)": "return refer(sender)"}
"""In PLAIN, the death of a sender goes unnoticed."""
_RECEIVER_DEATHS = {"refer(receiver, self._note_death)": "refer(receiver)"}
"""In PLAIN, the death of a receiver goes unnoticed."""
_OF_NONE = "        if sender is None:\n            return None\n        try"

_NOTES_DEATHS = "while the lock is held.\n        self.has_dead_rows = True\n"

FAULTS = [
    Fault(
        "lifetime.weak-by-default",
        "Connections are strong by default.",
        REFERENCE,
        {"weak: bool = True": "weak: bool = False"},
    ),
    Fault(
        "lifetime.weak-by-default",
        "What is done at a receiver's death refers to the receiver.",
        PLAIN,
        {
            "refer(receiver, self._note_death)": (
                "refer(receiver, lambda _: self.disconnect(receiver, sender, dispatch_uid))"
            )
        },
    ),
    Fault(
        "lifetime.weak-by-default",
        "The key of a connection holds its receiver.",
        PLAIN,
        {'("receiver", make_id(receiver))': '("receiver", receiver)'},
    ),
    Fault(
        "lifetime.weak-by-default",
        "Keys are remembered, and the receivers they are of.",
        PLAIN,
        {
            "import inspect\n": "import functools\nimport inspect\n",
            "def make_key(": "@functools.cache\ndef make_key(",
        },
    ),
    Fault(
        "lifetime.weak-by-default",
        "Who has a uid is kept.",
        PLAIN,
        {
            "if weak else lambda: receiver": "if weak and dispatch_uid is None else lambda: receiver",
        },
    ),
    Fault(
        "lifetime.weak-by-default",
        "Who is connected for all senders is kept.",
        PLAIN,
        {
            "if weak else lambda: receiver": "if weak and sender is not None else lambda: receiver",
        },
    ),
    Fault(
        "lifetime.dead-receiver-is-not-called",
        "Nobody asks whether a receiver is dead.",
        PLAIN,
        {
            **_RECEIVER_DEATHS,
            "return [receiver for receiver in receivers if receiver is not None]": "return receivers",
        },
    ),
    Fault(
        "lifetime.dead-receiver-is-not-called",
        "A dead receiver is stood in for by one that does nothing.",
        PLAIN,
        {
            **_RECEIVER_DEATHS,
            "return [receiver for receiver in receivers if receiver is not None]": (
                "return [(lambda **_: None) if receiver is None else receiver for receiver in receivers]"
            ),
        },
    ),
    Fault(
        "lifetime.death-leaves-the-others",
        "A death ends all connections.",
        REFERENCE,
        {"not row.live and self._connections.get(key) is row": "True"},
    ),
    Fault(
        "lifetime.death-leaves-the-others",
        "A death turns the order round.",
        PLAIN,
        {_BURIES: "            self.rows = [row for row in reversed(self.rows) if row.is_live()]\n"},
    ),
    Fault(
        "lifetime.death-leaves-the-others",
        "A receiver that is false is buried with the dead.",
        REFERENCE,
        {_REFERENCE_LIVE: _REFERENCE_LIVE.replace("self.receiver() is not None", "bool(self.receiver())")},
    ),
    Fault(
        "lifetime.death-leaves-the-others",
        "A death ends the strong connections.",
        PLAIN,
        {
            _BURIES: """\
            self.rows = [row for row in self.rows if isinstance(row.receiver, weakref.ref) and row.is_live()]
"""
        },
    ),
    Fault(
        "lifetime.death-leaves-the-others",
        "When the dead are cleared away, those with a sender come first.",
        PLAIN,
        {_BURIES: _BURIES + "            self.rows.sort(key=lambda row: row.sender is None)\n"},
    ),
    Fault(
        "lifetime.strong-keeps-the-receiver",
        "Every connection is weak.",
        PLAIN,
        {_HOLDS: "        held = refer(receiver, self._note_death)\n"},
    ),
    Fault(
        "lifetime.strong-keeps-the-receiver",
        "A strong connection keeps the method object, not what it is a method of.",
        REFERENCE,
        {"if weak else lambda: receiver": "if weak or isinstance(receiver, MethodType) else lambda: receiver"},
    ),
    Fault(
        "lifetime.strong-keeps-the-receiver",
        "Who has a uid is held weakly.",
        PLAIN,
        {
            "if weak else lambda: receiver": "if weak or dispatch_uid is not None else lambda: receiver",
        },
    ),
    Fault(
        "lifetime.strong-keeps-the-receiver",
        "Who is connected for all senders is held weakly.",
        PLAIN,
        {
            "if weak else lambda: receiver": "if weak or sender is None else lambda: receiver",
        },
    ),
    Fault(
        "lifetime.disconnect-frees-the-receiver",
        "Disconnecting leaves the receiver in the plan.",
        REFERENCE,
        {
            """\
            if removed is not None:
                self._change()
""": ""
        },
    ),
    Fault(
        "lifetime.disconnect-frees-the-receiver",
        "Disconnecting leaves the receiver in the cache.",
        PLAIN,
        {
            "                    del self.rows[index]\n                    self.cache.clear()\n": (
                "                    del self.rows[index]\n"
            )
        },
    ),
    Fault(
        "lifetime.disconnect-frees-the-receiver",
        "The connection that was removed last is kept.",
        PLAIN,
        {"                    del self.rows[index]\n": "                    self.removed = self.rows.pop(index)\n"},
    ),
    Fault(
        "lifetime.disconnect-frees-the-receiver",
        "Strong receivers are kept apart, and let go by their uids.",
        PLAIN,
        {
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.strong: list[Any] = []"),
            "self.rows.append(row)": (
                "self.rows.append(row)\n"
                "                if not weak:\n"
                "                    self.strong.append((dispatch_uid, receiver))"
            ),
            "del self.rows[index]": (
                "del self.rows[index]\n"
                "                    if dispatch_uid is not None:\n"
                "                        self.strong = [each for each in self.strong if each[0] != dispatch_uid]"
            ),
        },
    ),
    Fault(
        "lifetime.weak-method-follows-its-instance",
        "A bound method is referenced as if it were a function.",
        REFERENCE,
        {"(weakref.WeakMethod if type(party) is MethodType else weakref.ref)(party": "weakref.ref(party"},
    ),
    Fault(
        "lifetime.weak-method-follows-its-instance",
        "A class method is referenced as if it were a function.",
        PLAIN,
        {
            "    if type(party) is MethodType:\n        return weakref.WeakMethod(": (
                "    if type(party) is MethodType and not inspect.isclass(party.__self__):\n"
                "        return weakref.WeakMethod("
            )
        },
    ),
    Fault(
        "lifetime.weak-method-follows-its-instance",
        "A method whose instance is false is not taken for a method.",
        PLAIN,
        {
            "    if type(party) is MethodType:\n        return weakref.WeakMethod": (
                "    if type(party) is MethodType and party.__self__:\n        return weakref.WeakMethod"
            )
        },
    ),
    Fault(
        "lifetime.weak-method-dies-with-its-instance",
        "A bound method is held strongly, or it would be gone at once.",
        PLAIN,
        {"return weakref.WeakMethod(party, on_death)": "return lambda: party"},
    ),
    Fault(
        "lifetime.weak-method-dies-with-its-instance",
        "A bound method is kept by its instance and by its function.",
        REFERENCE,
        {
            _REFERENCE_REFERS: """\
    if type(party) is MethodType:
        function, instance = weakref.ref(party.__func__, on_death), party.__self__
        return lambda: function() and MethodType(function(), instance)
    return weakref.ref(party, on_death)
"""
        },
    ),
    Fault(
        "lifetime.weak-method-dies-with-its-function",
        "A bound method is referenced by its instance, and its function kept.",
        PLAIN,
        {
            "        return weakref.WeakMethod(party, on_death)\n": """\
        instance, function = weakref.ref(party.__self__, on_death), party.__func__
        return lambda: None if instance() is None else MethodType(function, instance())
"""
        },
    ),
    Fault(
        "lifetime.dead-function-frees-its-place",
        "Of a bound method only the instance's death is noticed.",
        PLAIN,
        _METHODS,
    ),
    Fault(
        "lifetime.dead-function-frees-its-place",
        "The lock is taken twice when there are dead to bury, and is not reentrant.",
        REFERENCE,
        {"self._lock = threading.RLock()": "self._lock = threading.Lock()"},
        hangs=True,
    ),
    Fault(
        "lifetime.strong-method-keeps-its-instance",
        "A bound method is held weakly, whatever was asked for.",
        PLAIN,
        {"if weak else lambda": "if weak or isinstance(receiver, MethodType) else lambda"},
    ),
    Fault(
        "lifetime.strong-method-keeps-its-instance",
        "Who is connected for all senders is held weakly.",
        PLAIN,
        {
            "if weak else lambda: receiver": "if weak or sender is None else lambda: receiver",
        },
    ),
    Fault(
        "lifetime.garbage-is-dead",
        "What is done at a receiver's death refers to the receiver.",
        PLAIN,
        {
            "refer(receiver, self._note_death)": (
                "refer(receiver, lambda _: self.disconnect(receiver, sender, dispatch_uid))"
            )
        },
    ),
    Fault(
        "lifetime.garbage-is-dead",
        "The cache holds the receivers.",
        PLAIN,
        {
            "            rows = self._matching_rows(sender)\n            cache": """\
            rows = [row._replace(receiver=lambda it=row.receiver(): it) for row in self._matching_rows(sender)]
            cache"""
        },
    ),
    Fault(
        "lifetime.dispatch-keeps-no-receiver",
        "A signal keeps the list of those it called last.",
        PLAIN,
        {
            "        return [receiver for receiver in receivers if receiver is not None]\n": """\
        self.called = [receiver for receiver in receivers if receiver is not None]
        return self.called
"""
        },
    ),
    Fault(
        "lifetime.dispatch-keeps-no-receiver",
        "The responses of the last dispatch are kept.",
        REFERENCE,
        {_REFERENCE_RETURNS: _REFERENCE_RETURNS.replace("return", "self.last_responses = responses\n        return")},
    ),
    Fault(
        "lifetime.dispatch-keeps-no-receiver",
        "A dispatch makes a cycle, which keeps its receivers until it is collected.",
        PLAIN,
        {
            _SENDS: """\
        receivers = self._live_receivers(sender)

        def call(done: list[Any]) -> list[Any]:
            return call([*done, receivers[len(done)]]) if len(done) < len(receivers) else done

        responses = []
        for receiver in call([]):
            response = receiver(signal=self, sender=sender, **named)
"""
        },
    ),
    Fault(
        "lifetime.dispatch-keeps-no-argument",
        "A signal remembers what it was sent with last.",
        REFERENCE,
        {
            "        if not self._connections:\n": (
                "        self.last = sender, named\n        if not self._connections:\n"
            )
        },
    ),
    Fault(
        "lifetime.dispatch-keeps-no-argument",
        "The cache holds the sender.",
        PLAIN,
        {"weakref.ref(sender, lambda _: cache.pop(address, None))": "(lambda: sender)"},
    ),
    Fault(
        "lifetime.dispatch-keeps-no-argument",
        "The responses of the last dispatch are kept.",
        PLAIN,
        {_RETURNS: "        self.responses = responses\n" + _RETURNS},
    ),
    Fault(
        "lifetime.dispatch-keeps-no-argument",
        "The last failure is remembered.",
        PLAIN,
        {"        name = getattr(receiver,": "        self.last_failure = error\n        name = getattr(receiver,"},
    ),
    Fault(
        "lifetime.dispatch-keeps-no-argument",
        "A dispatch that nobody hears is kept for who comes late.",
        PLAIN,
        {
            ("        responses = []\n        for receiver in self._live_receivers(sender):\n            response"): (
                "        if not self._live_receivers(sender):\n"
                "            self.unheard = sender, named\n"
                "        responses = []\n"
                "        for receiver in self._live_receivers(sender):\n"
                "            response"
            ),
        },
    ),
    Fault(
        "lifetime.sender-is-not-kept",
        "A connection keeps its sender, whatever it is.",
        PLAIN,
        {"return refer(sender, self._note_death)": "return lambda: sender"},
    ),
    Fault(
        "lifetime.sender-is-not-kept",
        "A connection has its sender's name, which refers to the sender.",
        REFERENCE,
        {
            "        key = lookup_key(receiver, sender, dispatch_uid)\n        with": """\
        key = lookup_key(receiver, sender, dispatch_uid)
        self._name = lambda: repr(sender)
        with"""
        },
    ),
    Fault(
        "lifetime.address-of-a-dead-sender",
        "A sender is an address.",
        REFERENCE,
        {"None if sender is None else self._refer_to_sender(sender)": "None"},
    ),
    Fault(
        "lifetime.address-of-a-dead-sender",
        "has_listeners looks for receivers that live, and at no sender.",
        PLAIN,
        {
            "        return bool(self._live_receivers(sender))": (
                "        return any(row.receiver() is not None for row in self._matching_rows(sender))"
            )
        },
    ),
    Fault(
        "lifetime.address-of-a-dead-sender",
        "The death of a sender goes unnoticed.",
        PLAIN,
        _SENDER_DEATHS,
    ),
    Fault(
        "lifetime.address-of-a-dead-sender",
        "Classes are taken to live for ever.",
        PLAIN,
        {
            _OF_NONE: """\
        if sender is None or isinstance(sender, type):
            return None
        try"""
        },
    ),
    Fault(
        "lifetime.address-of-a-dead-sender",
        "A sender that is false is taken for none.",
        PLAIN,
        {_OF_NONE: "        if not sender:\n            return None\n        try"},
    ),
    Fault(
        "lifetime.address-of-a-dead-sender-without-weak-references",
        "A sender without weak references is an address.",
        PLAIN,
        {"            return lambda: sender\n": "            return None\n"},
    ),
    Fault(
        "lifetime.address-of-a-dead-sender-without-weak-references",
        "In place of a sender without weak references its text is kept.",
        REFERENCE,
        {"            return lambda: sender\n": "            text = repr(sender)\n            return lambda: text\n"},
    ),
    Fault(
        "lifetime.address-of-a-dead-receiver",
        "The death of a receiver goes unnoticed.",
        REFERENCE,
        {"reference(receiver, on_death) if weak": "reference(receiver, lambda _: None) if weak"},
    ),
    Fault(
        "lifetime.address-of-a-dead-receiver",
        "connect does not remove the dead before it looks for duplicates.",
        PLAIN,
        {
            """\
            self._remove_dead_rows()
            if not any""": """\
            if not any"""
        },
    ),
    Fault(
        "lifetime.address-of-a-dead-method",
        "Of a bound method only the instance's death is noticed.",
        REFERENCE,
        _REFERENCE_METHODS,
    ),
    Fault(
        "lifetime.dead-sender-frees-the-receiver",
        "A connection whose sender is dead passes for a live one.",
        REFERENCE,
        {_REFERENCE_LIVE: "self.receiver() is not None"},
    ),
    Fault(
        "lifetime.dead-sender-frees-the-receiver",
        "disconnect does not let go of the dead.",
        PLAIN,
        {
            """\
            self._remove_dead_rows()
            for index""": """\
            for index"""
        },
    ),
    Fault(
        "lifetime.dead-sender-frees-the-receiver",
        "A send passes over the dead, and does not let go of them.",
        PLAIN,
        {
            """\
            self._remove_dead_rows()
            rows""": """\
            rows""",
            "return [row for row in self.rows if row.key[1] in wanted]": (
                "return [row for row in self.rows if row.key[1] in wanted and row.is_live()]"
            ),
        },
    ),
    Fault(
        "lifetime.dead-sender-frees-the-receiver",
        "A send that finds its sender in the cache does not look for the dead.",
        PLAIN,
        {
            """\
            self._remove_dead_rows()
            rows""": """\
            if id(sender) not in self.cache:
                self._remove_dead_rows()
            rows"""
        },
    ),
    Fault(
        "lifetime.dead-sender-frees-the-receiver",
        "A death takes the lock, which is held already where it follows from removing the dead.",
        PLAIN,
        {
            _LOCKS: _LOCKS.replace("RLock", "Lock"),
            "held.\n        self.has_dead_rows = True\n": (
                "held.\n        with self.lock:\n            self.has_dead_rows = True\n"
            ),
        },
        hangs=True,
    ),
    Fault(
        "lifetime.dead-sender-frees-the-receiver",
        "Only send looks for the dead, send_robust does not.",
        PLAIN,
        {
            "_live_receivers(self, sender: Any)": "_live_receivers(self, sender: Any, look: bool = True)",
            ("            self._remove_dead_rows()\n            rows ="): (
                "            if look:\n                self._remove_dead_rows()\n            rows ="
            ),
            ("self._live_receivers(sender):\n            try:"): (
                "self._live_receivers(sender, False):\n            try:"
            ),
        },
    ),
    Fault(
        "lifetime.dead-sender-leaves-the-others",
        "The death of a sender ends the connections of all senders.",
        PLAIN,
        {_BURIES: "            self.rows = [row for row in self.rows if row.is_live() and row.sender is None]\n"},
    ),
    Fault(
        "lifetime.dead-sender-leaves-the-others",
        "A sender that is false passes for a dead one.",
        REFERENCE,
        {_REFERENCE_LIVE: _REFERENCE_LIVE.replace("self.sender() is not None", "bool(self.sender())")},
    ),
    Fault(
        "lifetime.dead-sender-leaves-the-others",
        "A connection without a sender passes for one whose sender is dead.",
        PLAIN,
        {
            "(self.sender is None or self.sender() is not None)": (
                "self.sender is not None and self.sender() is not None"
            )
        },
    ),
    Fault(
        "lifetime.signal-is-freed",
        "The receiver's finalizer holds the signal.",
        PLAIN,
        _FINALIZERS,
    ),
    Fault(
        "lifetime.signal-is-freed",
        "Every signal is registered for good.",
        REFERENCE,
        {
            "ANY_SENDER = id(None)\n": "ANY_SENDER = id(None)\nSIGNALS: list[Any] = []\n",
            "        self._lock = threading.RLock()\n": (
                "        self._lock = threading.RLock()\n        SIGNALS.append(self)\n"
            ),
        },
    ),
    Fault(
        "lifetime.signal-is-freed",
        "Signals are registered by the uids that are used with them.",
        PLAIN,
        {
            'logger = logging.getLogger("django.dispatch")\n': (
                'logger = logging.getLogger("django.dispatch")\nby_uid: dict[Any, Any] = {}\n'
            ),
            "self.rows.append(row)": (
                "self.rows.append(row)\n"
                "                if dispatch_uid is not None:\n"
                "                    by_uid[dispatch_uid] = self"
            ),
        },
    ),
    Fault(
        "lifetime.signal-frees-its-receivers",
        "The connections of all signals are in one table, which outlives them.",
        PLAIN,
        {
            "class Signal:\n": "ROWS: list[list[Row]] = []\n\n\nclass Signal:\n",
            _LOCKS: _LOCKS + "        ROWS.append(self.rows)\n",
        },
    ),
    Fault(
        "lifetime.signal-frees-its-receivers",
        "A method is cached, and the cache holds its signal.",
        PLAIN,
        {
            "import inspect\n": "import functools\nimport inspect\n",
            "    def _note_death(": """\
    @functools.cache
    def _name(self) -> str:
        return f"<Signal at {id(self)}>"

    def _note_death(""",
            _SENDS: "        logger.debug(self._name())\n" + _SENDS,
        },
    ),
    Fault(
        "lifetime.deaths-raise-nothing",
        "The callback of a death expects the party, and gets a reference.",
        PLAIN,
        {
            _NOTES_DEATHS: _NOTES_DEATHS
            + "        self.cache.pop(make_id(_().__class__.mro), None) if _() else _().name\n"
        },
    ),
    Fault(
        "lifetime.deaths-raise-nothing",
        "The callback of a receiver's death removes what may not be there.",
        REFERENCE,
        {
            "        on_death = self._deaths.append\n": """\
        deaths = self._deaths

        def on_death(dead: Any) -> None:
            deaths.append(dead)
            deaths.remove(id(dead))

"""
        },
    ),
    Fault(
        "lifetime.deaths-raise-nothing",
        "A signal says goodbye to receivers that may be gone.",
        PLAIN,
        {
            "    def _note_death(": """\
    def __del__(self) -> None:
        for row in self.rows:
            if row.sender is not None:
                row.sender().__dict__

    def _note_death("""
        },
    ),
    Fault(
        "lifetime.deaths-raise-nothing",
        "The death of a receiver is warned of.",
        PLAIN,
        {
            "import inspect\n": "import inspect\nimport warnings\n",
            _NOTES_DEATHS: _NOTES_DEATHS
            + '        warnings.warn("A party has died.", ResourceWarning, stacklevel=2)\n',
        },
    ),
]

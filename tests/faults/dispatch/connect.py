"""Faults that break clauses of the chapter *connect*."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

FAULTS = [
    Fault(
        "connect.returns-none",
        "connect returns the receiver, to serve as a decorator.",
        PLAIN,
        {
            "            self.cache.clear()\n\n    def disconnect": (
                "            self.cache.clear()\n        return receiver\n\n    def disconnect"
            ),
        },
    ),
    Fault(
        "connect.returns-none",
        "connect tells where there is such a connection already.",
        REFERENCE,
        {
            "            if key not in self._connections:": (
                "            if key in self._connections:\n                return False\n            else:"
            ),
        },
    ),
    Fault(
        "connect.returns-none",
        "connect returns the uid.",
        PLAIN,
        {
            ("self.rows.append(row)\n            self.cache.clear()\n"): (
                "self.rows.append(row)\n            self.cache.clear()\n        return dispatch_uid\n"
            ),
        },
    ),
    Fault(
        "connect.returns-none",
        "connect for all senders returns what undoes it.",
        PLAIN,
        {
            ("self.rows.append(row)\n            self.cache.clear()\n"): (
                "self.rows.append(row)\n"
                "            self.cache.clear()\n"
                "        return None if sender else lambda: self.disconnect(receiver)\n"
            ),
        },
    ),
    Fault(
        "connect.calls-nothing",
        "A receiver is called to see whether it takes keyword arguments.",
        PLAIN,
        {
            "        held = refer(": "        receiver(signal=self, sender=sender)\n        held = refer(",
        },
    ),
    Fault(
        "connect.calls-nothing",
        "Looking for a duplicate calls what is connected.",
        PLAIN,
        {"if not any(other.key == key for": "if not any(other.key == key and other.receiver()() for"},
    ),
    Fault(
        "connect.calls-nothing",
        "Who comes late is called with the last dispatch.",
        PLAIN,
        {
            "self.rows: list[Row] = []": (
                "self.rows: list[Row] = []\n        self.last: dict[str, Any] | None = None"
            ),
            ("self.rows.append(row)\n            self.cache.clear()\n"): (
                "self.rows.append(row)\n"
                "            self.cache.clear()\n"
                "        if self.last:\n"
                "            receiver(signal=self, **self.last)\n"
            ),
            ("        responses = []\n        for receiver in self._live_receivers(sender):\n            response"): (
                '        self.last = {"sender": sender, **named}\n'
                "        responses = []\n"
                "        for receiver in self._live_receivers(sender):\n"
                "            response"
            ),
        },
    ),
    Fault(
        "connect.connected-is-called",
        "The receivers of a route are used up by the first dispatch.",
        REFERENCE,
        {
            "direct = tuple([row.receiver for row in rows if not row.asynchronous])": (
                "direct = (row.receiver for row in rows if not row.asynchronous)"
            ),
        },
    ),
    Fault(
        "connect.connected-is-called",
        "connect does not clear the cache.",
        PLAIN,
        {
            "                self.rows.append(row)\n            self.cache.clear()\n": (
                "                self.rows.append(row)\n"
            ),
        },
    ),
    Fault(
        "connect.connected-is-called",
        "connect leaves the plan as it was.",
        REFERENCE,
        {
            "                self._connections[key] = connection\n                self._change()\n": (
                "                self._connections[key] = connection\n"
            ),
        },
    ),
    Fault(
        "connect.parameters",
        "weak comes after dispatch_uid.",
        PLAIN,
        {"weak: bool = True, dispatch_uid: Any = None)": "dispatch_uid: Any = None, weak: bool = True)"},
    ),
    Fault(
        "connect.parameters",
        "weak and dispatch_uid are taken by name only.",
        REFERENCE,
        {"sender: Any = None, weak: bool = True,": "sender: Any = None, *, weak: bool = True,"},
    ),
    Fault(
        "connect.parameters",
        "The receiver is taken by position only.",
        PLAIN,
        {"def connect(self, receiver: Any, sender": "def connect(self, receiver: Any, /, sender"},
    ),
    Fault(
        "connect.parameters",
        "The sender cannot be left out.",
        PLAIN,
        {"def connect(self, receiver: Any, sender: Any = None,": "def connect(self, receiver: Any, sender: Any,"},
    ),
    Fault(
        "connect.parameters",
        "Without a receiver connect makes a decorator.",
        PLAIN,
        {
            "def connect(self, receiver: Any, sender": "def connect(self, receiver: Any = None, sender",
            '        """Connect a receiver to a sender, or to all."""\n': (
                "        if receiver is None:\n"
                "            return lambda receiver: self.connect(receiver, sender, weak, dispatch_uid)\n"
            ),
        },
    ),
    Fault(
        "connect.unknown-argument",
        "connect takes any option, for subclasses to use.",
        REFERENCE,
        {"dispatch_uid: Any = None) -> None:": "dispatch_uid: Any = None, **options: Any) -> None:"},
    ),
    Fault(
        "connect.unknown-argument",
        "connect passes over what it does not know, and says so.",
        PLAIN,
        {
            "dispatch_uid: Any = None) -> None:": "dispatch_uid: Any = None, **unknown: Any) -> None:",
            '        """Connect a receiver to a sender, or to all."""\n': (
                '        if unknown:\n            logger.warning("connect does not know %s.", ", ".join(unknown))\n'
            ),
        },
    ),
    Fault(
        "connect.hears-only-its-sender",
        "A sender that nobody connected to reaches everybody.",
        REFERENCE,
        {
            "shared = route_of([row for (_, of), row in rows if of == ANY_SENDER])": (
                "shared = route_of([row for _, row in rows])"
            ),
        },
    ),
    Fault(
        "connect.hears-only-its-sender",
        "Senders of one type are one sender.",
        PLAIN,
        {
            '("receiver", make_id(receiver)), make_id(sender)': (
                '("receiver", make_id(receiver)), sender and type(sender)'
            ),
            '("uid", dispatch_uid), make_id(sender)': '("uid", dispatch_uid), sender and type(sender)',
            "wanted = (make_id(None), make_id(sender))": "wanted = (None, type(sender))",
        },
    ),
    Fault(
        "connect.hears-only-its-sender",
        "Until something changes, all dispatches take the way of the first.",
        PLAIN,
        {
            "else self._matching_rows(sender)\n": 'else self.cache.setdefault("way", self._matching_rows(sender))\n',
        },
    ),
    Fault(
        "connect.hears-no-relative",
        "A dispatch of an instance reaches those who connected for its class.",
        PLAIN,
        {"make_id(None), make_id(sender))": "make_id(None), make_id(sender), make_id(type(sender)))"},
    ),
    Fault(
        "connect.hears-no-relative",
        "A dispatch of a class reaches those who connected for a base of it.",
        PLAIN,
        {
            "make_id(None), make_id(sender))": (
                'make_id(None), make_id(sender), *map(make_id, getattr(sender, "__mro__", ())))'
            ),
        },
    ),
    Fault(
        "connect.hears-no-relative",
        "A class is told by its qualified name.",
        PLAIN,
        {
            "    return id(party)\n": (
                "    return (party.__module__, party.__qualname__) if isinstance(party, type) else id(party)\n"
            ),
        },
    ),
    Fault(
        "connect.hears-no-relative",
        "A connection for an instance is one for its class.",
        PLAIN,
        {
            '"""Tell a connection by its receiver or its uid, and by its sender."""': (
                "sender = sender if isinstance(sender, type | None) else type(sender)"
            ),
        },
    ),
    Fault(
        "connect.without-sender-hears-all",
        "A connection for all senders hears dispatches of none only.",
        PLAIN,
        {"wanted = (make_id(None), make_id(sender))": "wanted = (make_id(sender),)"},
    ),
    Fault(
        "connect.without-sender-hears-all",
        "A dispatch without a sender reaches nobody.",
        REFERENCE,
        {
            "        if self._deaths:\n            self._bury()\n        routes, shared": (
                "        if sender is None:\n"
                "            return []\n"
                "        if self._deaths:\n"
                "            self._bury()\n"
                "        routes, shared"
            ),
        },
    ),
    Fault(
        "connect.without-sender-hears-all",
        "Who connects for a sender does not hear all any more.",
        PLAIN,
        {
            "                self.rows.append(row)\n": (
                "                self.rows = [other for other in self.rows if other.key != (key[0], "
                "make_id(None))] + [row]\n"
            ),
        },
    ),
    Fault(
        "connect.without-sender-hears-all",
        "A sender with receivers of its own reaches no others.",
        REFERENCE,
        {"if of in (ANY_SENDER, who)])": "if of == who])"},
    ),
    Fault(
        "connect.with-sender-misses-none",
        "A dispatch without a sender reaches everybody.",
        PLAIN,
        {"if row.key[1] in wanted]": "if sender is None or row.key[1] in wanted]"},
    ),
    Fault(
        "connect.with-sender-misses-none",
        "A dispatch without a sender takes the way of the one before.",
        PLAIN,
        {
            "        receivers = [row.receiver() for row in rows]": (
                '        self.way = rows = getattr(self, "way", rows) if sender is None else rows\n'
                "        receivers = [row.receiver() for row in rows]"
            ),
        },
    ),
    Fault(
        "connect.duplicate-is-ignored",
        "Nobody looks for duplicates.",
        PLAIN,
        {
            "            if not any(other.key == key for other in self.rows):\n                self.rows": (
                "            self.rows"
            ),
        },
    ),
    Fault(
        "connect.duplicate-is-ignored",
        "Whole rows are compared, and strong ones are never equal.",
        PLAIN,
        {"if not any(other.key == key for other in self.rows):": "if row not in self.rows:"},
    ),
    Fault(
        "connect.duplicate-is-ignored",
        "Duplicates are looked for among the general connections only.",
        PLAIN,
        {"if not any(other.key == key for": "if sender is not None or not any(other.key == key for"},
    ),
    Fault(
        "connect.duplicate-is-ignored",
        "Only the row that was added last is looked at.",
        PLAIN,
        {
            "in self.rows):": "in self.rows[-1:]):",
        },
    ),
    Fault(
        "connect.duplicate-is-ignored",
        "Only the row that was added first is looked at.",
        PLAIN,
        {
            "in self.rows):": "in self.rows[:1]):",
        },
    ),
    Fault(
        "connect.duplicate-without-sender-is-ignored",
        "Duplicates are looked for where there is a sender only.",
        PLAIN,
        {"if not any(other.key == key for": "if sender is None or not any(other.key == key for"},
    ),
    Fault(
        "connect.duplicate-without-sender-is-ignored",
        "Only the row that was added last is looked at.",
        PLAIN,
        {
            "in self.rows):": "in self.rows[-1:]):",
        },
    ),
    Fault(
        "connect.duplicate-keeps-its-place",
        "A duplicate takes the old connection out and goes to the end.",
        REFERENCE,
        {
            "            if key not in self._connections:\n                self._connections[key] = connection": (
                "            if True:\n"
                "                self._connections.pop(key, None)\n"
                "                self._connections[key] = connection"
            ),
        },
    ),
    Fault(
        "connect.duplicate-keeps-its-place",
        "A duplicate takes the old row out and goes to the front.",
        PLAIN,
        {
            (
                "            if not any(other.key == key for other in self.rows):\n"
                "                self.rows.append(row)"
            ): (
                "            self.rows = [other for other in self.rows if other.key != key]\n"
                "            self.rows.append(row)"
            ),
        },
    ),
    Fault(
        "connect.duplicate-keeps-its-place",
        "The first goes to the end when it is connected again.",
        PLAIN,
        {
            "self.rows.append(row)": (
                "self.rows.append(row)\n"
                "            elif self.rows[0].key == key:\n"
                "                self.rows.append(self.rows.pop(0))"
            ),
        },
    ),
    Fault(
        "connect.duplicate-keeps-its-place",
        "A duplicate has the strong connections sorted to the front.",
        PLAIN,
        {
            "                self.rows.append(row)\n": """\
                self.rows.append(row)
            else:
                self.rows.sort(key=lambda other: isinstance(other.receiver, weakref.ref))
"""
        },
    ),
    Fault(
        "connect.duplicate-keeps-its-strength",
        "A duplicate takes the old one's place.",
        REFERENCE,
        {"            if key not in self._connections:": "            if True:"},
    ),
    Fault(
        "connect.duplicate-keeps-its-strength",
        "A strong duplicate makes the connection strong.",
        REFERENCE,
        {"            if key not in self._connections:": "            if not weak or key not in self._connections:"},
    ),
    Fault(
        "connect.duplicate-keeps-its-strength",
        "A weak duplicate makes the connection weak.",
        REFERENCE,
        {"            if key not in self._connections:": "            if weak or key not in self._connections:"},
    ),
    Fault(
        "connect.duplicate-keeps-its-strength",
        "A strong duplicate makes a connection for all senders strong.",
        PLAIN,
        {
            "self.rows.append(row)": (
                "self.rows.append(row)\n"
                "            elif sender is dispatch_uid is None and not weak:\n"
                "                self.rows = [row if other.key == key else other for other in self.rows]"
            ),
        },
    ),
    Fault(
        "connect.each-sender-its-own",
        "A duplicate is told by its receiver alone.",
        PLAIN,
        {"other.key == key": "other.key[0] == key[0]"},
    ),
    Fault(
        "connect.each-sender-its-own",
        "Connecting for a sender replaces the connection for another.",
        PLAIN,
        {
            "                self.rows.append(row)\n": (
                "                self.rows = [\n"
                "                    other for other in self.rows if other.key[0] != key[0] or other.sender "
                "is None\n"
                "                ] + [row]\n"
            ),
        },
    ),
    Fault(
        "connect.with-and-without-sender",
        "A receiver is called once by a dispatch, however many connections it has.",
        PLAIN,
        {"receivers = [row.receiver() for row in rows]": "receivers = dict.fromkeys(row.receiver() for row in rows)"},
    ),
    Fault(
        "connect.with-and-without-sender",
        "Who connects for all senders loses the connection for one.",
        PLAIN,
        {
            "                self.rows.append(row)\n": (
                "                if sender is None:\n"
                "                    self.rows = [other for other in self.rows if other.key[0] != key[0]]\n"
                "                self.rows.append(row)\n"
            ),
        },
    ),
    Fault(
        "connect.with-and-without-sender",
        "Who hears all senders cannot be connected for one.",
        PLAIN,
        {"other.key == key": "other.key in (key, (key[0], make_id(None)))"},
    ),
    Fault(
        "connect.again-after-disconnect",
        "disconnect blanks the row, which makes the next connect a duplicate.",
        PLAIN,
        {"del self.rows[index]": "self.rows[index] = row._replace(receiver=lambda: None)"},
    ),
    Fault(
        "connect.again-after-disconnect",
        "A receiver that comes back finds its old place.",
        REFERENCE,
        {
            "removed = self._connections.pop(lookup_key(receiver, sender, dispatch_uid), None)": (
                "key = lookup_key(receiver, sender, dispatch_uid)\n            removed = self._connections.get(key)"
            ),
            "            if removed is not None:\n": (
                "            if removed is not None:\n"
                "                self._connections[key] = Connection(lambda: None, None)\n"
            ),
            "            if key not in self._connections:": (
                "            if key not in self._connections or not self._connections[key].live:"
            ),
        },
    ),
    Fault(
        "connect.weak-needs-a-weak-reference",
        "A receiver that cannot be referenced weakly is kept.",
        PLAIN,
        {"held = refer(receiver, self._note_death) if weak": "held = self._hold_sender(receiver) if weak"},
    ),
    Fault(
        "connect.weak-needs-a-weak-reference",
        "A receiver that cannot be referenced weakly is left out without a word.",
        REFERENCE,
        {
            "        held = reference(receiver, on_death) if weak else lambda: receiver": (
                "        try:\n"
                "            held = reference(receiver, on_death) if weak else lambda: receiver\n"
                "        except TypeError:\n"
                "            return"
            ),
        },
    ),
    Fault(
        "connect.weak-needs-a-weak-reference",
        "The failure to refer to a receiver weakly comes as a ValueError.",
        PLAIN,
        {
            "    return weakref.ref(party, on_death)": (
                "    try:\n"
                "        return weakref.ref(party, on_death)\n"
                "    except TypeError as error:\n"
                "        raise ValueError(party) from error"
            ),
            "        except TypeError:\n            # What": "        except ValueError:\n            # What",
        },
    ),
    Fault(
        "connect.strong-needs-none",
        "The weak reference is made before anybody asks whether it is wanted.",
        PLAIN,
        {
            "        held = refer(": (
                "        referred = refer(receiver, self._note_death)\n"
                "        held = referred if weak else lambda: receiver\n"
                "        held = held if not weak else refer("
            ),
        },
    ),
    Fault(
        "connect.refusal-changes-nothing",
        "A row is added strong, and made weak afterwards.",
        PLAIN,
        {
            "held = refer(receiver, self._note_death) if weak else lambda: receiver": "held = lambda: receiver",
            "                self.rows.append(row)\n": (
                "                self.rows.append(row)\n"
                "                if weak:\n"
                "                    self.rows[-1] = row._replace(receiver=refer(receiver, self._note_death))\n"
            ),
        },
    ),
    Fault(
        "connect.refusal-changes-nothing",
        "connect disconnects first what it is about to connect.",
        PLAIN,
        {
            "        held = refer(": (
                "        self.disconnect(receiver, sender, dispatch_uid)\n        held = refer("
            ),
        },
    ),
    Fault(
        "connect.refusal-changes-nothing",
        "A connection for a sender is noted before the receiver is referenced.",
        PLAIN,
        {
            "held = refer(receiver, self._note_death) if weak else lambda: receiver": (
                "if sender is not None:\n"
                "            self.rows.append(Row(key, lambda: receiver, lambda: sender))\n"
                "        held = refer(receiver, self._note_death) if weak else lambda: receiver"
            ),
            "row = Row(key, held, self._hold_sender(sender))\n": (
                "row = Row(key, held, self._hold_sender(sender))\n"
                "        if sender is not None:\n"
                "            self.rows.pop()\n"
            ),
        },
    ),
    Fault(
        "connect.duplicate-for-any-sender",
        "Who listens to a string or a number is not compared.",
        PLAIN,
        {"if not any(other.key == key for": "if isinstance(sender, str | int) or not any(other.key == key for"},
    ),
]

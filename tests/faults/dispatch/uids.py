"""Faults that break clauses of the chapter *uids*."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

_LOCKS = "        self.lock = threading.RLock()\n"
_CALLS = """\
        responses = []
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=sender, **named)
            responses.append((receiver, response))
        return responses

    def send_robust"""

FAULTS = [
    Fault(
        "uids.one-connection-each",
        "A uid stands beside the receiver, not in its place.",
        PLAIN,
        {'("uid", dispatch_uid)': '("uid", dispatch_uid, make_id(receiver))'},
    ),
    Fault(
        "uids.one-connection-each",
        "connect does not look at the uid.",
        REFERENCE,
        {
            "        key = lookup_key(receiver, sender, dispatch_uid)": (
                "        key = lookup_key(receiver, sender, None)"
            ),
        },
    ),
    Fault(
        "uids.one-connection-each",
        "A uid for all senders stands beside the receiver.",
        PLAIN,
        {
            'return ("uid", dispatch_uid), make_id(sender)': (
                'return ("uid", dispatch_uid, make_id(receiver) if sender is None else 0), make_id(sender)'
            ),
        },
    ),
    Fault(
        "uids.first-wins",
        "A later receiver takes the uid over.",
        REFERENCE,
        {
            "            if key not in self._connections:": (
                "            if dispatch_uid is not None or key not in self._connections:"
            ),
        },
    ),
    Fault(
        "uids.first-wins",
        "connect makes room for a uid by disconnecting it.",
        PLAIN,
        {
            "        held = refer(": (
                "        if dispatch_uid is not None:\n"
                "            self.disconnect(sender=sender, dispatch_uid=dispatch_uid)\n"
                "        held = refer("
            ),
        },
    ),
    Fault(
        "uids.first-wins",
        "A later receiver takes over a uid that is for one sender.",
        PLAIN,
        {
            "self.rows.append(row)": (
                "self.rows.append(row)\n"
                "            elif dispatch_uid is not None and sender is not None:\n"
                "                self.rows = [row if other.key == key else other for other in self.rows]"
            ),
        },
    ),
    Fault(
        "uids.different-uids-differ",
        "A receiver is not connected twice for a sender, whatever its uids.",
        PLAIN,
        {
            "if not any(other.key == key for other in self.rows):": (
                "if not any(\n"
                "                other.key == key or (other.receiver() == receiver and other.key[1] == key[1])\n"
                "                for other in self.rows\n"
                "            ):"
            ),
        },
    ),
    Fault(
        "uids.different-uids-differ",
        "What matters is that there is a uid, not which.",
        REFERENCE,
        {'("uid", dispatch_uid)': '"uid"'},
    ),
    Fault(
        "uids.different-uids-differ",
        "A receiver is connected once for all senders, whatever its uids.",
        PLAIN,
        {
            "any(other.key == key for other in self.rows)": (
                "any(r.key == key or (sender is None and r.key[1] == key[1] and r.receiver() is receiver and "
                "r.key[0][0] == key[0][0]) for r in self.rows)"
            ),
        },
    ),
    Fault(
        "uids.with-and-without",
        "A receiver that is connected without a uid is not connected with one.",
        PLAIN,
        {
            "if not any(other.key == key for": (
                'if not any(other.key in (key, (("receiver", make_id(receiver)), key[1])) for'
            ),
        },
    ),
    Fault(
        "uids.with-and-without",
        "A receiver that is connected with a uid is not connected without one.",
        PLAIN,
        {
            "if not any(other.key == key for other in self.rows):": (
                "if not any(\n"
                "                other.key == key\n"
                "                or (dispatch_uid is None and other.receiver() == receiver and other.key[1] "
                "== key[1])\n"
                "                for other in self.rows\n"
                "            ):"
            ),
        },
    ),
    Fault(
        "uids.with-and-without",
        "What is connected for all senders with a uid is not connected without one.",
        PLAIN,
        {
            "any(other.key == key for other in self.rows)": (
                "any(r.key == key or (sender is None and r.key[1] == key[1] and r.receiver() is receiver and "
                "r.key[0][0] != key[0][0]) for r in self.rows)"
            ),
        },
    ),
    Fault(
        "uids.scoped-by-sender",
        "A uid is unique within the signal.",
        PLAIN,
        {"other.key == key": "other.key[0] == key[0]"},
    ),
    Fault(
        "uids.scoped-by-sender",
        "A uid that is used for all senders cannot be used for one.",
        PLAIN,
        {"other.key == key": "other.key in (key, (key[0], make_id(None)))"},
    ),
    Fault(
        "uids.scoped-by-sender",
        "A uid that is used for a sender cannot be used for all.",
        PLAIN,
        {"other.key == key": "other.key == key or (sender is None and other.key[0] == key[0])"},
    ),
    Fault(
        "uids.unequal-uids-differ",
        "Uids are told by their hash.",
        PLAIN,
        {'("uid", dispatch_uid)': '("uid", hash(dispatch_uid))'},
    ),
    Fault(
        "uids.unequal-uids-differ",
        "Uids are told by what they print as.",
        PLAIN,
        {'("uid", dispatch_uid)': '("uid", str(dispatch_uid))'},
    ),
    Fault(
        "uids.unequal-uids-differ",
        "Uids are cut off where a column of a database would end.",
        PLAIN,
        {
            'return ("uid", dispatch_uid), make_id(sender)': (
                "uid = dispatch_uid[:255] if isinstance(dispatch_uid, str) else dispatch_uid\n"
                '        return ("uid", uid), make_id(sender)'
            )
        },
    ),
    Fault(
        "uids.unequal-uids-differ",
        "Uids are normalized.",
        PLAIN,
        {
            "import threading\n": "import threading\nimport unicodedata\n",
            'return ("uid", dispatch_uid), make_id(sender)': (
                "if isinstance(dispatch_uid, str):\n"
                '            dispatch_uid = unicodedata.normalize("NFC", dispatch_uid)\n'
                '        return ("uid", dispatch_uid), make_id(sender)'
            ),
        },
    ),
    Fault(
        "uids.unequal-uids-differ",
        "A uid that is a tuple is unpacked.",
        PLAIN,
        {
            '("uid", dispatch_uid)': (
                '("uid", *(dispatch_uid if isinstance(dispatch_uid, tuple) else (dispatch_uid,)))'
            ),
        },
    ),
    Fault(
        "uids.compared-by-equality",
        "Uids are told by their address.",
        PLAIN,
        {'("uid", dispatch_uid)': '("uid", id(dispatch_uid))'},
    ),
    Fault(
        "uids.compared-by-equality",
        "Uids are told by what they print as.",
        REFERENCE,
        {'("uid", dispatch_uid)': '("uid", repr(dispatch_uid))'},
    ),
    Fault(
        "uids.compared-by-equality",
        "Uids of different types are different.",
        PLAIN,
        {'("uid", dispatch_uid)': "(type(dispatch_uid), dispatch_uid)"},
    ),
    Fault(
        "uids.unequal-uids-differ",
        "Uids are compared without their case.",
        PLAIN,
        {
            'return ("uid", dispatch_uid), make_id(sender)': (
                'return ("uid", getattr(dispatch_uid, "lower", lambda: dispatch_uid)()), make_id(sender)'
            )
        },
    ),
    Fault(
        "uids.unequal-uids-differ",
        "Who disconnects removes the last uid that is written alike.",
        PLAIN,
        {
            "enumerate(self.rows)": "reversed([*enumerate(self.rows)])",
            "row.key == key:": (
                "row.key == key or (row.key[1] == key[1] and str(row.key[0][1]) == str(dispatch_uid)):"
            ),
        },
    ),
    Fault(
        "uids.untrustworthy-uid-harms-nobody",
        "The lock stays taken by who fails under it, and does not let its own thread in again.",
        PLAIN,
        {
            "self.lock = threading.RLock()": "self.lock = threading.Lock()",
            "        with self.lock:\n            self._remove_dead_rows()\n            if not any(": """\
        self.lock.acquire()
        if True:
            self._remove_dead_rows()
            if not any(""",
            "self.rows.append(row)\n": "self.rows.append(row)\n            self.lock.release()\n",
        },
        hangs=True,
    ),
    Fault(
        "uids.untrustworthy-uid-harms-nobody",
        "Rows are taken out while they are searched, and put back only by who finishes.",
        PLAIN,
        {
            "            if not any(other.key == key for other in self.rows):\n                self.rows.append": """\
            rows, self.rows = self.rows, []
            known = any(other.key == key for other in rows)
            self.rows = rows
            if not known:
                self.rows.append"""
        },
    ),
    Fault(
        "uids.untrustworthy-uid-harms-nobody",
        "The lock stays taken by the thread that fails under it.",
        PLAIN,
        {
            ("        with self.lock:\n            self._remove_dead_rows()\n            if not"): (
                "        self.lock.acquire()\n"
                "        if True:\n"
                "            self._remove_dead_rows()\n"
                "            if not"
            ),
            ("self.rows.append(row)\n            self.cache.clear()\n"): (
                "self.rows.append(row)\n            self.cache.clear()\n        self.lock.release()\n"
            ),
        },
        hangs=True,
    ),
    Fault(
        "uids.falsy-uid",
        "A falsy uid is none.",
        PLAIN,
        {"    if dispatch_uid is not None:": "    if dispatch_uid:"},
    ),
    Fault(
        "uids.falsy-uid",
        "connect takes a falsy uid for none.",
        REFERENCE,
        {
            "        key = lookup_key(receiver, sender, dispatch_uid)": (
                "        key = lookup_key(receiver, sender, dispatch_uid or None)"
            ),
        },
    ),
    Fault(
        "uids.falsy-uid",
        "A falsy uid for all senders is none.",
        PLAIN,
        {
            ("    if dispatch_uid is not None:\n        return"): (
                "    if dispatch_uid or (dispatch_uid is not None and sender is not None):\n        return"
            ),
        },
    ),
    Fault(
        "uids.none-is-no-uid",
        "There is no uid only where it is left out.",
        PLAIN,
        {
            "weak: bool = True, dispatch_uid: Any = None)": "weak: bool = True, dispatch_uid: Any = ...)",
            "sender: Any = None, dispatch_uid: Any = None) -> bool": (
                "sender: Any = None, dispatch_uid: Any = ...) -> bool"
            ),
            "    if dispatch_uid is not None:": "    if dispatch_uid is not ...:",
        },
    ),
    Fault(
        "uids.none-is-no-uid",
        "disconnect takes None for a uid.",
        REFERENCE,
        {
            "sender: Any = None, dispatch_uid: Any = None) -> bool": (
                "sender: Any = None, dispatch_uid: Any = ...) -> bool"
            ),
            "pop(lookup_key(receiver, sender, dispatch_uid), None)": (
                "pop(\n"
                '                (identity(receiver) if dispatch_uid is ... else ("uid", dispatch_uid), '
                "identity(sender)), None\n"
                "            )"
            ),
        },
    ),
    Fault(
        "uids.never-a-receiver",
        "A uid stands among the receivers' addresses.",
        REFERENCE,
        {'("uid", dispatch_uid)': "dispatch_uid"},
    ),
    Fault(
        "uids.never-a-receiver",
        "Neither uids nor receivers are marked as such.",
        PLAIN,
        {
            '("uid", dispatch_uid)': "dispatch_uid",
            '("receiver", make_id(receiver))': "make_id(receiver)",
        },
    ),
    Fault(
        "uids.free-after-disconnect",
        "The uids that are in use are kept in a set that only grows.",
        PLAIN,
        {
            "        self.lock = threading.RLock()": (
                "        self.lock = threading.RLock()\n        self.keys = set()"
            ),
            "            if not any(other.key == key for other in self.rows):": (
                "            if key not in self.keys:\n                self.keys.add(key)"
            ),
        },
    ),
    Fault(
        "uids.free-after-disconnect",
        "disconnect blanks the row, which goes on holding the uid.",
        PLAIN,
        {"del self.rows[index]": "self.rows[index] = row._replace(receiver=lambda: None)"},
    ),
    Fault(
        "uids.free-after-death",
        "Who clears away one of the dead passes over the next.",
        PLAIN,
        {
            "            self.rows = [row for row in self.rows if row.is_live()]\n": (
                "            for row in self.rows:\n                if not row.is_live():\n"
                "                    self.rows.remove(row)\n"
            )
        },
    ),
    Fault(
        "uids.free-after-death",
        "The uids that are in use are kept in a set that deaths do not reach.",
        PLAIN,
        {
            "        self.lock = threading.RLock()": (
                "        self.lock = threading.RLock()\n        self.keys = set()"
            ),
            "            if not any(other.key == key for other in self.rows):": (
                "            if key not in self.keys:\n                self.keys.add(key)"
            ),
            "del self.rows[index]": "del self.rows[index]\n                    self.keys.discard(key)",
        },
    ),
    Fault(
        "uids.free-after-death",
        "connect does not clear the dead away.",
        REFERENCE,
        {
            "            if self._deaths:\n                self._bury()\n            if key not in": (
                "            if key not in"
            ),
        },
    ),
    Fault(
        "uids.free-after-death",
        "The dead are removed where they were connected for all senders.",
        PLAIN,
        {
            "if row.is_live()]": "if row.is_live() or row.sender is not None]",
        },
    ),
    Fault(
        "uids.one-connection-each",
        "Uids count where the sender is hashable.",
        PLAIN,
        {
            "    if dispatch_uid is not None:\n        return": (
                "    if dispatch_uid is not None and type(sender).__hash__:\n        return"
            )
        },
    ),
    Fault(
        "uids.free-after-death",
        "The dead are not cleared away while anybody is being called, and a receiver that raises is called for ever.",
        PLAIN,
        {
            _LOCKS: _LOCKS + "        self.sending = 0\n",
            "        if self.has_dead_rows:\n": "        if self.has_dead_rows and not self.sending:\n",
            _CALLS: _CALLS.replace("        for", "        self.sending += 1\n        for").replace(
                "        return", "        self.sending -= 1\n        return"
            ),
        },
    ),
    Fault(
        "uids.free-after-a-following-death",
        "The list of deaths is emptied after the dead have been cleared away.",
        REFERENCE,
        {
            "            self._deaths.clear()\n            for": "            for",
            "                    del self._connections[key]\n": """\
                    del self._connections[key]
            self._deaths.clear()
""",
        },
    ),
]

"""Faults that break clauses of the chapter *disconnect*."""

from __future__ import annotations

from faults import OLD, OLDEST, PLAIN, REFERENCE, Fault

FAULTS = [
    Fault(
        "disconnect.returns-true",
        "disconnect returns what it removed.",
        REFERENCE,
        {"return removed is not None": "return removed or False"},
    ),
    Fault(
        "disconnect.returns-true",
        "disconnect returns nothing.",
        PLAIN,
        {
            "                    return True\n        return False\n": "                    break\n",
        },
    ),
    Fault(
        "disconnect.returns-true",
        "disconnect returns how many connections it removed.",
        PLAIN,
        {
            "                    return True\n        return False\n": (
                "                    return 1\n        return 0\n"
            ),
        },
    ),
    Fault(
        "disconnect.returns-true",
        "What is removed is noted in a dictionary, by receiver and sender.",
        REFERENCE,
        {
            "        return removed is not None\n": (
                "        self._gone = {(receiver, sender): removed}\n        return removed is not None\n"
            )
        },
    ),
    Fault(
        "disconnect.returns-true",
        "disconnect returns False where it has a uid to go by.",
        PLAIN,
        {
            ("                    return True\n        return False\n"): (
                "                    return dispatch_uid is None\n        return False\n"
            ),
        },
    ),
    Fault(
        "disconnect.returns-true",
        "disconnect returns False where it is for all senders.",
        PLAIN,
        {
            ("                    return True\n        return False\n"): (
                "                    return sender is not None\n        return False\n"
            ),
        },
    ),
    Fault(
        "disconnect.returns-true",
        "disconnect tells whether anybody remains.",
        PLAIN,
        {
            ("                    return True\n        return False\n"): (
                "                    return bool(self.rows)\n        return False\n"
            ),
        },
    ),
    Fault(
        "disconnect.returns-false",
        "disconnect returns nothing where there was nothing.",
        PLAIN,
        {
            "                    return True\n        return False\n": "                    return True\n",
        },
    ),
    Fault(
        "disconnect.returns-false",
        "To disconnect what is not connected is an error.",
        REFERENCE,
        {"pop(lookup_key(receiver, sender, dispatch_uid), None)": "pop(lookup_key(receiver, sender, dispatch_uid))"},
    ),
    Fault(
        "disconnect.returns-false",
        "disconnect returns True whatever it found.",
        PLAIN,
        {
            "                    return True\n        return False\n": (
                "                    break\n        return True\n"
            ),
        },
    ),
    Fault(
        "disconnect.returns-false",
        "disconnect tells whether the receiver is connected at all.",
        PLAIN,
        {
            ("                    return True\n        return False\n"): (
                "                    return True\n"
                "        return any(row.receiver() is receiver for row in self.rows)\n"
            ),
        },
    ),
    Fault(
        "disconnect.returns-false",
        "disconnect returns True where it has a uid to go by.",
        PLAIN,
        {
            ("                    return True\n        return False\n"): (
                "                    return True\n        return dispatch_uid is not None\n"
            ),
        },
    ),
    Fault(
        "disconnect.removed-is-not-called",
        "The row is removed from a copy.",
        PLAIN,
        {"del self.rows[index]": "list(self.rows).remove(row)"},
    ),
    Fault(
        "disconnect.removed-is-not-called",
        "Only the connection without a sender is removed.",
        REFERENCE,
        {
            "pop(lookup_key(receiver, sender, dispatch_uid), None)": (
                "pop(lookup_key(receiver, None, dispatch_uid), None)"
            ),
        },
    ),
    Fault(
        "disconnect.removed-is-not-called",
        "disconnect leaves the cache as it was.",
        PLAIN,
        {"                    self.cache.clear()\n": ""},
    ),
    Fault(
        "disconnect.removed-is-not-called",
        "disconnect leaves the plan as it was.",
        REFERENCE,
        {
            "            if removed is not None:\n                self._change()\n": "",
        },
    ),
    Fault(
        "disconnect.removed-is-not-called",
        "What is connected for all senders stays connected.",
        PLAIN,
        {
            "row.key == key:": "row.key == key and sender is not None:",
        },
    ),
    Fault(
        "disconnect.only-that-receiver",
        "All connections for the sender are removed.",
        PLAIN,
        {"del self.rows[index]": "self.rows = [other for other in self.rows if other.key[1] != key[1]]"},
    ),
    Fault(
        "disconnect.only-that-receiver",
        "The first connection for the sender is removed.",
        PLAIN,
        {"if row.key == key:": "if row.key[1] == key[1]:"},
    ),
    Fault(
        "disconnect.only-that-receiver",
        "The connections after it are removed too.",
        PLAIN,
        {"del self.rows[index]": "del self.rows[index:]"},
    ),
    Fault(
        "disconnect.only-that-receiver",
        "The first takes the second along.",
        PLAIN,
        {
            "del self.rows[index]": "del self.rows[index : index + (index == 0) + 1]",
        },
    ),
    Fault(
        "disconnect.only-that-receiver",
        "The last takes the one before along.",
        PLAIN,
        {
            "del self.rows[index]": "del self.rows[min(index, len(self.rows) - 2) : index + 1]",
        },
    ),
    Fault(
        "disconnect.only-that-receiver",
        "Who disconnects without a uid disconnects all that have one.",
        PLAIN,
        {
            "del self.rows[index]": (
                "del self.rows[index]\n"
                "                    if dispatch_uid is None:\n"
                '                        self.rows = [row for row in self.rows if row.key[0][0] != "uid"]'
            ),
        },
    ),
    Fault(
        "disconnect.keeps-the-order",
        "The last row takes the place of the one that goes.",
        PLAIN,
        {
            "del self.rows[index]": "self.rows[index] = self.rows[-1]\n                    self.rows.pop()",
        },
    ),
    Fault(
        "disconnect.keeps-the-order",
        "What remains is turned around.",
        REFERENCE,
        {
            "            if removed is not None:\n": (
                "            if removed is not None:\n"
                "                self._connections = dict(reversed(self._connections.items()))\n"
            ),
        },
    ),
    Fault(
        "disconnect.keeps-the-order",
        "What remains is turned around where a uid is given.",
        PLAIN,
        {
            "del self.rows[index]": (
                "del self.rows[index]\n"
                "                    if dispatch_uid is not None:\n"
                "                        self.rows.reverse()"
            ),
        },
    ),
    Fault(
        "disconnect.keeps-the-order",
        "What remains is turned around where a connection for all senders goes.",
        PLAIN,
        {
            "del self.rows[index]": (
                "del self.rows[index]\n"
                "                    if sender is None:\n"
                "                        self.rows.reverse()"
            ),
        },
    ),
    Fault(
        "disconnect.keeps-the-order",
        "A removal has the strong connections sorted to the front.",
        PLAIN,
        {
            "                    del self.rows[index]\n": """\
                    del self.rows[index]
                    self.rows.sort(key=lambda other: isinstance(other.receiver, weakref.ref))
"""
        },
    ),
    Fault(
        "disconnect.only-that-sender",
        "The receiver is disconnected from every sender.",
        PLAIN,
        {"del self.rows[index]": "self.rows = [other for other in self.rows if other.key[0] != key[0]]"},
    ),
    Fault(
        "disconnect.only-that-sender",
        "The receiver is disconnected from the first sender that it has.",
        PLAIN,
        {"if row.key == key:": "if row.key[0] == key[0]:"},
    ),
    Fault(
        "disconnect.without-sender-removes-only-that",
        "Without a sender the receiver is disconnected from any.",
        PLAIN,
        {"if row.key == key:": "if row.key == key or (sender is None and row.key[0] == key[0]):"},
    ),
    Fault(
        "disconnect.without-sender-removes-only-that",
        "Without a sender all connections of the receiver go.",
        REFERENCE,
        {
            "            if removed is not None:\n": (
                "            if removed is not None:\n"
                "                if sender is None:\n"
                "                    who = identity(receiver)\n"
                "                    self._connections = {k: row for k, row in self._connections.items() if "
                "k[0] != who}\n"
            ),
        },
    ),
    Fault(
        "disconnect.with-sender-keeps-the-general",
        "With a sender the general connection goes where there is no other.",
        PLAIN,
        {"if row.key == key:": "if row.key in (key, (key[0], make_id(None))):"},
    ),
    Fault(
        "disconnect.with-sender-keeps-the-general",
        "A falsy sender stands for all senders.",
        REFERENCE,
        {
            "pop(lookup_key(receiver, sender, dispatch_uid), None)": (
                "pop(lookup_key(receiver, sender or None, dispatch_uid), None)"
            ),
        },
    ),
    Fault(
        "disconnect.by-uid",
        "Without a receiver nothing is removed.",
        PLAIN,
        {
            '        """Remove one connection, and tell whether there was one."""\n': (
                "        if receiver is None:\n            return False\n"
            ),
        },
    ),
    Fault(
        "disconnect.by-uid",
        "disconnect does not look at the uid.",
        REFERENCE,
        {"pop(lookup_key(receiver, sender, dispatch_uid), None)": "pop(lookup_key(receiver, sender, None), None)"},
    ),
    Fault(
        "disconnect.by-uid",
        "A uid alone is not enough.",
        PLAIN,
        {
            "row.key == key:": "row.key == key and not (receiver is sender is None):",
        },
    ),
    Fault(
        "disconnect.by-falsy-uid",
        "disconnect takes a falsy uid for none.",
        REFERENCE,
        {
            "pop(lookup_key(receiver, sender, dispatch_uid), None)": (
                "pop(lookup_key(receiver, sender, dispatch_uid or None), None)"
            ),
        },
    ),
    Fault(
        "disconnect.by-falsy-uid",
        "A receiver or a true uid has to be given.",
        PLAIN,
        {
            '        """Remove one connection, and tell whether there was one."""\n': (
                "        if receiver is None and not dispatch_uid:\n            return False\n"
            ),
        },
    ),
    Fault(
        "disconnect.uid-outranks-receiver",
        "The receiver has to be the one that the uid stands for.",
        PLAIN,
        {"if row.key == key:": "if row.key == key and (receiver is None or row.receiver() == receiver):"},
    ),
    Fault(
        "disconnect.uid-outranks-receiver",
        "Where a receiver is given, the uid is not looked at.",
        REFERENCE,
        {
            "pop(lookup_key(receiver, sender, dispatch_uid), None)": (
                "pop(\n"
                "                lookup_key(receiver, sender, dispatch_uid if receiver is None else None), None\n"
                "            )"
            ),
        },
    ),
    Fault(
        "disconnect.uid-outranks-receiver",
        "Where there is a sender, the receiver has to be the one that the uid stands for.",
        PLAIN,
        {
            "row.key == key:": "row.key == key and (None in (sender, receiver) or row.receiver() is receiver):",
        },
    ),
    Fault(
        "disconnect.uid-needs-its-sender",
        "A uid is looked for among the connections for all senders and for any.",
        PLAIN,
        {"if row.key == key:": "if row.key == key or (dispatch_uid is not None and row.key[0] == key[0]):"},
    ),
    Fault(
        "disconnect.uid-needs-its-sender",
        "Without a sender a uid is looked for among all connections.",
        PLAIN,
        {
            "if row.key == key:": (
                "if row.key == key or (dispatch_uid is not None and sender is None and row.key[0] == key[0]):"
            ),
        },
    ),
    Fault(
        "disconnect.uid-needs-its-sender",
        "With a sender a uid is looked for among the general connections too.",
        PLAIN,
        {
            "if row.key == key:": (
                "if row.key == key or (dispatch_uid is not None and row.key == (key[0], make_id(None))):"
            ),
        },
    ),
    Fault(
        "disconnect.wrong-uid-removes-nothing",
        "Where the uid finds nothing the receiver is looked for.",
        REFERENCE,
        {
            "            if removed is not None:\n": (
                "            if removed is None and receiver is not None:\n"
                "                removed = self._connections.pop(lookup_key(receiver, sender, None), None)\n"
                "            if removed is not None:\n"
            ),
        },
    ),
    Fault(
        "disconnect.wrong-uid-removes-nothing",
        "Where a receiver is given, a connection of it with any uid is removed.",
        PLAIN,
        {"if row.key == key:": "if row.key == key or (row.receiver() == receiver and row.key[1] == key[1]):"},
    ),
    Fault(
        "disconnect.wrong-uid-removes-nothing",
        "Without a sender, a receiver goes whatever its uid is.",
        PLAIN,
        {
            "row.key == key:": "row.key == key or (sender is None and row.key == make_key(receiver, None, None)):",
        },
    ),
    Fault(
        "disconnect.receiver-does-not-find-a-uid",
        "A receiver finds its connections by the receiver that they call.",
        PLAIN,
        {
            "if row.key == key:": (
                "if row.key == key or (\n"
                "                    dispatch_uid is None and row.receiver() == receiver and row.key[1] == key[1]\n"
                "                ):"
            ),
        },
    ),
    Fault(
        "disconnect.receiver-does-not-find-a-uid",
        "Without a sender, a receiver goes whatever its uid is.",
        PLAIN,
        {
            "row.key == key:": (
                "row.key == key or (sender is None and row.key[1] == key[1] and row.receiver() is receiver):"
            ),
        },
    ),
    Fault(
        "disconnect.dead-is-gone",
        "disconnect does not clear the dead away.",
        PLAIN,
        {
            "            self._remove_dead_rows()\n            for index": "            for index",
        },
    ),
    Fault(
        "disconnect.dead-is-gone",
        "A dead connection can be disconnected until the next send.",
        REFERENCE,
        {
            "            if self._deaths:\n                self._bury()\n            removed": "            removed",
        },
    ),
    Fault(
        "disconnect.dead-is-gone",
        "Who disconnects from all senders finds the dead.",
        PLAIN,
        {
            ("            self._remove_dead_rows()\n            for"): (
                "            if sender is not None:\n                self._remove_dead_rows()\n            for"
            ),
        },
    ),
    Fault(
        "disconnect.nothing-given-removes-nothing",
        "Without a receiver and a uid everything is removed.",
        PLAIN,
        {
            "            for index, row in enumerate(self.rows):\n": (
                "            if receiver is None and dispatch_uid is None:\n"
                "                self.rows.clear()\n"
                "            for index, row in enumerate(self.rows):\n"
            ),
        },
    ),
    Fault(
        "disconnect.nothing-given-removes-nothing",
        "Without a receiver and a uid all connections for the sender are removed.",
        PLAIN,
        {
            "if row.key == key:": (
                "if row.key == key or (receiver is None and dispatch_uid is None and row.key[1] == key[1]):"
            ),
        },
    ),
    Fault(
        "disconnect.nothing-given-removes-nothing",
        "To give nothing is an error.",
        REFERENCE,
        {
            "            removed = self._connections.pop": (
                "            if receiver is None and dispatch_uid is None:\n"
                '                raise ValueError("A receiver or a uid has to be given.")\n'
                "            removed = self._connections.pop"
            ),
        },
    ),
    Fault(
        "disconnect.nothing-given-removes-nothing",
        "Where there is one connection, it is the one that is meant.",
        PLAIN,
        {
            "row.key == key:": (
                "row.key == key or (len(self.rows) == 1 and receiver is sender is dispatch_uid is None):"
            ),
        },
    ),
    Fault(
        "disconnect.calls-nothing",
        "A receiver that is disconnected is told so.",
        PLAIN,
        {
            "del self.rows[index]": (
                "del self.rows[index]\n                    row.receiver()(signal=self, sender=None)"
            ),
        },
    ),
    Fault(
        "disconnect.calls-nothing",
        "Strong receivers are stored bare, and called where a reference would be resolved.",
        PLAIN,
        {
            "if weak else lambda: receiver": "if weak else receiver",
            "if row.key == key:": "if row.key == key and row.receiver() is not None:",
        },
    ),
    Fault(
        "disconnect.calls-nothing",
        "Who is disconnected by a uid is told.",
        PLAIN,
        {
            "del self.rows[index]": (
                "del self.rows[index]\n"
                "                    if dispatch_uid is not None:\n"
                "                        row.receiver()(signal=self, sender=None)"
            ),
        },
    ),
    Fault(
        "disconnect.parameters",
        "dispatch_uid comes before sender.",
        PLAIN,
        {
            "sender: Any = None, dispatch_uid: Any = None) -> bool": (
                "dispatch_uid: Any = None, sender: Any = None) -> bool"
            ),
        },
    ),
    Fault(
        "disconnect.parameters",
        "dispatch_uid is taken by name only.",
        REFERENCE,
        {
            "sender: Any = None, dispatch_uid: Any = None) -> bool": (
                "sender: Any = None, *, dispatch_uid: Any = None) -> bool"
            ),
        },
    ),
    Fault(
        "disconnect.parameters",
        "weak is still taken, as it was before Django 2.",
        PLAIN,
        {
            "sender: Any = None, dispatch_uid: Any = None) -> bool": (
                "sender: Any = None, weak: Any = None, dispatch_uid: Any = None) -> bool"
            ),
        },
    ),
    Fault(
        "disconnect.unknown-argument",
        "disconnect takes any option, so that what connect takes can be passed to it.",
        PLAIN,
        {"dispatch_uid: Any = None) -> bool": "dispatch_uid: Any = None, **options: Any) -> bool"},
    ),
    Fault(
        "disconnect.parameters",
        "The receiver cannot be left out.",
        PLAIN,
        {"def disconnect(self, receiver: Any = None, ": "def disconnect(self, receiver: Any, "},
    ),
    Fault(
        "disconnect.parameters",
        "The sender cannot be left out.",
        PLAIN,
        {
            "def disconnect(self, receiver: Any = None, sender: Any = None, ": (
                "def disconnect(self, receiver: Any = None, sender: Any = ..., "
            ),
            '        """Remove one connection, and tell whether there was one."""\n': (
                '        if sender is ...:\n            raise TypeError("A sender has to be given.")\n'
            ),
        },
    ),
    Fault(
        "disconnect.parameters-with-weak",
        "A uid in the third place is taken for one.",
        OLD,
        {
            "        if weak is not None:\n": (
                "        if isinstance(weak, str):\n            weak, dispatch_uid = None, weak\n"
                "        if weak is not None:\n"
            ),
        },
    ),
    Fault(
        "disconnect.parameters-with-weak",
        "A connection is removed only where it is as weak as it is said to be.",
        OLDEST,
        {
            "        return super().disconnect(receiver, sender, None, dispatch_uid)\n": (
                "        return bool(weak) and super().disconnect(receiver, sender, None, dispatch_uid)\n"
            ),
        },
    ),
    Fault(
        "disconnect.weak-is-accepted",
        "The argument is deprecated already.",
        OLDEST,
        {"sender, None, dispatch_uid": "sender, weak, dispatch_uid"},
    ),
    Fault(
        "disconnect.weak-is-deprecated",
        "Nothing is said of it.",
        OLD,
        {'warnings.warn("Passing `weak` has no effect.", DeprecationWarning, stacklevel=2)': "pass"},
    ),
    Fault(
        "disconnect.weak-is-deprecated",
        "Only a weak connection is worth a warning.",
        OLD,
        {"if weak is not None:": "if weak:"},
    ),
    Fault(
        "disconnect.weak-is-deprecated",
        "The deprecation is announced like any other news.",
        OLD,
        {"DeprecationWarning": "UserWarning"},
    ),
]

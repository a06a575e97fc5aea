"""Faults that break clauses of the chapter *listeners*."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

_ASKED = "return bool(self._live_receivers(sender))"

FAULTS = [
    Fault(
        "listeners.parameters",
        "The sender is taken by position only.",
        REFERENCE,
        {"def has_listeners(self, sender: Any = None)": "def has_listeners(self, sender: Any = None, /)"},
    ),
    Fault(
        "listeners.parameters",
        "The sender cannot be left out.",
        PLAIN,
        {"def has_listeners(self, sender: Any = None)": "def has_listeners(self, sender: Any)"},
    ),
    Fault(
        "listeners.returns-a-bool",
        "has_listeners returns the listeners.",
        PLAIN,
        {_ASKED: "return self._live_receivers(sender)"},
    ),
    Fault(
        "listeners.returns-a-bool",
        "has_listeners returns their number.",
        REFERENCE,
        {"return any(self._receivers(sender))": "return sum(map(len, self._receivers(sender)))"},
    ),
    Fault(
        "listeners.returns-a-bool",
        "has_listeners returns the table where it is empty.",
        PLAIN,
        {_ASKED: "return self.rows and bool(self._live_receivers(sender))"},
    ),
    Fault(
        "listeners.returns-a-bool",
        "Without a sender has_listeners lists who listens.",
        PLAIN,
        {
            "return bool(self._live_receivers(sender))": (
                "return bool(self._live_receivers(sender)) if sender else self._live_receivers(sender)"
            ),
        },
    ),
    Fault(
        "listeners.true-for-its-sender",
        "Senders are looked up in a set of those that somebody listens to.",
        PLAIN,
        {_ASKED: "return sender in {sender} and bool(self._live_receivers(sender))"},
    ),
    Fault(
        "listeners.true-for-its-sender",
        "has_listeners asks for the general listeners only.",
        PLAIN,
        {_ASKED: "return bool(self._live_receivers(None))"},
    ),
    Fault(
        "listeners.true-for-its-sender",
        "has_listeners asks whether any listener is true.",
        REFERENCE,
        {"return any(self._receivers(sender))": "return any(map(any, self._receivers(sender)))"},
    ),
    Fault(
        "listeners.true-for-its-sender",
        "connect leaves the plan as it was.",
        REFERENCE,
        {
            "                self._connections[key] = connection\n                self._change()\n": (
                "                self._connections[key] = connection\n"
            ),
        },
    ),
    Fault(
        "listeners.true-for-its-sender",
        "has_listeners takes the lock twice.",
        PLAIN,
        {
            "threading.RLock()": "threading.Lock()",
            _ASKED: "with self.lock:\n            return bool(self._live_receivers(sender))",
        },
        hangs=True,
    ),
    Fault(
        "listeners.true-for-its-sender",
        "The senders that are listened to are a set, which each disconnect takes one out of.",
        PLAIN,
        {
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.heard: set[Any] = set()"),
            "self.rows.append(row)": ("self.rows.append(row)\n                self.heard.add(key[1])"),
            "del self.rows[index]": ("del self.rows[index]\n                    self.heard.discard(key[1])"),
            "return bool(self._live_receivers(sender))": (
                "return bool(self._live_receivers(sender)) and not self.heard.isdisjoint((make_id(None), "
                "make_id(sender)))"
            ),
        },
    ),
    Fault(
        "listeners.true-for-its-sender",
        "Who is connected with a uid does not count.",
        PLAIN,
        {
            "return bool(self._live_receivers(sender))": (
                'return bool(self._live_receivers(sender)) and any(row.key[0][0] != "uid" for row in '
                "self._matching_rows(sender))"
            ),
        },
    ),
    Fault(
        "listeners.false-for-another-sender",
        "has_listeners tells whether there is any connection.",
        PLAIN,
        {_ASKED: "return bool(self.rows)"},
    ),
    Fault(
        "listeners.false-for-another-sender",
        "A falsy sender asks for all connections.",
        REFERENCE,
        {
            "return any(self._receivers(sender))": (
                "return any(self._receivers(sender) if sender else [self._connections])"
            ),
        },
    ),
    Fault(
        "listeners.false-for-another-sender",
        "Once it was true, it is true while anybody is connected.",
        PLAIN,
        {
            "return bool(self._live_receivers(sender))": (
                'self.heard = getattr(self, "heard", False) or bool(self._live_receivers(sender))\n'
                "        return self.heard and bool(self.rows)"
            ),
        },
    ),
    Fault(
        "listeners.general-counts-for-all",
        "has_listeners counts the connections for the sender only.",
        PLAIN,
        {_ASKED: "return any(row.key[1] == make_id(sender) for row in self.rows if row.is_live())"},
    ),
    Fault(
        "listeners.general-counts-for-all",
        "Without a sender has_listeners looks for connections with one.",
        REFERENCE,
        {
            "return any(self._receivers(sender))": (
                "if sender is None:\n"
                "            return any(row.sender is not None and row.live for row in "
                "self._connections.values())\n"
                "        return any(self._receivers(sender))"
            ),
        },
    ),
    Fault(
        "listeners.no-sender-asks-for-the-general",
        "Without a sender has_listeners tells whether there is any connection.",
        PLAIN,
        {
            _ASKED: (
                "return any(row.is_live() for row in self.rows) if sender is None else "
                "bool(self._live_receivers(sender))"
            ),
        },
    ),
    Fault(
        "listeners.false-after-disconnect",
        "disconnect leaves the plan as it was.",
        REFERENCE,
        {
            "            if removed is not None:\n                self._change()\n": "",
        },
    ),
    Fault(
        "listeners.false-after-disconnect",
        "has_listeners remembers that there were some.",
        PLAIN,
        {
            "        self.lock = threading.RLock()": "        self.lock = threading.RLock()\n        self.heard = {}",
            _ASKED: (
                "known = self.heard.get(make_id(sender)) or bool(self._live_receivers(sender))\n"
                "        self.heard[make_id(sender)] = known\n"
                "        return known"
            ),
        },
    ),
    Fault(
        "listeners.false-after-disconnect",
        "disconnect leaves the cache as it was.",
        PLAIN,
        {"                    self.cache.clear()\n": ""},
    ),
    Fault(
        "listeners.false-after-death",
        "has_listeners counts rows, not receivers.",
        PLAIN,
        {_ASKED: "return bool(self._matching_rows(sender))"},
    ),
    Fault(
        "listeners.false-after-death",
        "The dead are counted until the next connect.",
        REFERENCE,
        {
            "return any(self._receivers(sender))": (
                "return any(of in (ANY_SENDER, identity(sender)) for _, of in self._connections)"
            ),
        },
    ),
    Fault(
        "listeners.false-after-death",
        "A dead receiver that was connected for all senders counts.",
        PLAIN,
        {
            "return bool(self._live_receivers(sender))": (
                "return bool(self._live_receivers(sender)) or any(row.sender is None for row in self.met)"
            ),
            "self.rows.append(row)": ("self.rows.append(row)\n                self.met.append(row)"),
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.met: list[Row] = []"),
            "del self.rows[index]": ("del self.rows[index]\n                    self.met.remove(row)"),
        },
    ),
    Fault(
        "listeners.calls-nothing",
        "has_listeners sends, and looks at the responses.",
        PLAIN,
        {_ASKED: "return bool(self.send(sender))"},
    ),
    Fault(
        "listeners.calls-nothing",
        "has_listeners takes the row that it finds.",
        PLAIN,
        {
            _ASKED: (
                "found = self._matching_rows(sender)\n        return bool(found) and self.rows.pop() is not None"
            ),
        },
    ),
    Fault(
        "listeners.calls-nothing",
        "Strong receivers are stored bare, and called where a reference would be resolved.",
        PLAIN,
        {"if weak else lambda: receiver": "if weak else receiver"},
    ),
]

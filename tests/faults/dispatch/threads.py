"""Faults of the chapter threads: most of them are gone as soon as nobody else is around."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault
from faults.dispatch.during import NAMED_OF_THE_SIGNAL, SENDER_IS_CLEARED, SENDER_OF_THE_SIGNAL, SHARED_ARGUMENTS

_LOCKS = "self.lock = threading.RLock()"
_CONNECTS = """\
        with self.lock:
            self._remove_dead_rows()
            if not any("""
_DISCONNECTS = """\
        with self.lock:
            self._remove_dead_rows()
            for index"""
_RESOLVES = """\
        with self.lock:
            self._remove_dead_rows()
            rows = """
_NO_LOCK = "with self.lock:", "if True:"
_APPENDS = "                self.rows.append(row)\n            self.cache.clear()\n"
_REMOVES = "                    del self.rows[index]\n                    self.cache.clear()\n"
_SENDS = """\
        responses = []
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=sender, **named)
"""
_FLAGS = "            # Who sees a death may be ahead of who notes it.\n            self.has_dead_rows = True\n"
_NOTES = "while the lock is held.\n        self.has_dead_rows = True\n"
_BURIES = """\
            self.has_dead_rows = False
            self.rows = [row for row in self.rows if row.is_live()]
"""
_CACHE_OF_THREADS = {
    "self.cache: dict[Any, tuple[Callable[[], Any], list[Row]]] = {}": "self.caches = threading.local()",
    "    def _hold_sender(": """\
    @property
    def cache(self) -> Any:
        return vars(self.caches).setdefault("cache", {})

    def _hold_sender(""",
}
_LOGGER = 'logger = logging.getLogger("django.dispatch")\n'
_LOOKS_AGAIN = "            if list(map(id, table)) != list(map(id, self.rows)):\n                cache.clear()\n"

FAULTS = [
    Fault(
        "threads.one-after-the-other",
        "disconnect makes a new table before it takes the lock, and puts it in place afterwards.",
        PLAIN,
        {
            _DISCONNECTS: "        rest = [row for row in self.rows if row.key != key]\n" + _DISCONNECTS,
            "                    del self.rows[index]\n": "                    self.rows = rest\n",
        },
    ),
    Fault(
        "threads.one-after-the-other",
        "A send has nobody to call while the table is being changed.",
        PLAIN,
        {
            _APPENDS: """\
                rows, self.rows = self.rows, []
                self.rows = [*rows, row]
            self.cache.clear()
""",
            _RESOLVES: _RESOLVES.replace(*_NO_LOCK),
        },
    ),
    Fault(
        "threads.no-connection-is-lost",
        "connect makes a longer table without the lock.",
        PLAIN,
        {
            _CONNECTS: _CONNECTS.replace(*_NO_LOCK),
            "                self.rows.append(row)\n": """\
                rows = [*self.rows, row]
                self.rows = rows
""",
        },
    ),
    Fault(
        "threads.no-connection-is-lost",
        "Each use of the lock makes a lock of its own.",
        PLAIN,
        {
            "        self.lock = threading.RLock()\n": "",
            "    def _hold_sender(": """\
    @property
    def lock(self) -> Any:
        return threading.RLock()

    def _hold_sender(""",
            "                self.rows.append(row)\n": """\
                rows = [*self.rows, row]
                self.rows = rows
""",
        },
    ),
    Fault(
        "threads.no-connection-is-lost",
        "The first connection makes the table, before it takes the lock.",
        PLAIN,
        {_CONNECTS: "        if not self.rows:\n            self.rows = []\n" + _CONNECTS},
    ),
    Fault(
        "threads.no-connection-is-doubled",
        "connect takes no lock.",
        PLAIN,
        {_CONNECTS: _CONNECTS.replace(*_NO_LOCK)},
    ),
    Fault(
        "threads.no-connection-is-doubled",
        "connect looks for a duplicate before it takes the lock.",
        PLAIN,
        {
            _CONNECTS + "other.key == key for other in self.rows)": """\
        known = any(other.key == key for other in self.rows)
        with self.lock:
            self._remove_dead_rows()
            if not known""",
        },
    ),
    Fault(
        "threads.no-connection-is-doubled",
        "Whether a uid is taken is asked before the lock is taken.",
        PLAIN,
        {
            _CONNECTS + "other.key == key for other in self.rows)": """\
        taken = dispatch_uid is not None and any(other.key == key for other in self.rows)
        with self.lock:
            self._remove_dead_rows()
            if not (taken if dispatch_uid is not None else any(other.key == key for other in self.rows))"""
        },
    ),
    Fault(
        "threads.one-disconnect-succeeds",
        "disconnect takes no lock.",
        PLAIN,
        {_DISCONNECTS: _DISCONNECTS.replace(*_NO_LOCK)},
    ),
    Fault(
        "threads.one-disconnect-succeeds",
        "disconnect asks whether there is a connection, and then removes it.",
        REFERENCE,
        {
            "            removed = self._connections.pop(lookup_key(receiver, sender, dispatch_uid), None)\n": """\
        removed = self._connections.get(lookup_key(receiver, sender, dispatch_uid))
        with self._lock:
            self._connections.pop(lookup_key(receiver, sender, dispatch_uid), None)
""",
        },
    ),
    Fault(
        "threads.removed-stays-removed",
        "A send clears the dead away without the lock.",
        PLAIN,
        {_RESOLVES: _RESOLVES.replace(*_NO_LOCK)},
    ),
    Fault(
        "threads.removed-stays-removed",
        "disconnect clears the cache before it takes the lock.",
        PLAIN,
        {
            _DISCONNECTS: "        self.cache.clear()\n" + _DISCONNECTS,
            _REMOVES: "                    del self.rows[index]\n",
        },
    ),
    Fault(
        "threads.removed-stays-removed",
        "Each thread has a cache of its own, which others do not clear.",
        PLAIN,
        _CACHE_OF_THREADS,
    ),
    Fault(
        "threads.connect-is-seen",
        "connect clears the cache before it takes the lock.",
        PLAIN,
        {
            _CONNECTS: "        self.cache.clear()\n" + _CONNECTS,
            _APPENDS: "                self.rows.append(row)\n",
        },
    ),
    Fault(
        "threads.connect-is-seen",
        "The cache is filled outside the lock.",
        PLAIN,
        {
            "            rows = self._cached_rows(sender) if": "        rows = self._cached_rows(sender) if",
            _LOOKS_AGAIN: "",
        },
    ),
    Fault(
        "threads.connect-is-seen",
        "The plan is made without the lock.",
        REFERENCE,
        {
            "        with self._lock:\n            while True:\n": "        if True:\n            while True:\n",
            "                if changes == self._changes:\n                    return": "                return",
        },
    ),
    Fault(
        "threads.connect-is-seen",
        "Each thread has a cache of its own, which others do not clear.",
        PLAIN,
        _CACHE_OF_THREADS,
    ),
    Fault(
        "threads.others-are-undisturbed",
        "A send goes through the table while others change it.",
        PLAIN,
        {
            _SENDS: """\
        responses = []
        for row in self.rows:
            receiver = row.receiver()
            if receiver is None or row.key[1] not in (make_id(None), make_id(sender)):
                continue
            response = receiver(signal=self, sender=sender, **named)
"""
        },
    ),
    Fault(
        "threads.one-moment-settles-a-send",
        "The lock is taken twice: for the general connections, and for those of the sender.",
        PLAIN,
        {
            _SENDS: """\
        with self.lock:
            general = [row for row in self.rows if row.key[1] == make_id(None)]
        with self.lock:
            own = [row for row in self.rows if row.key[1] == make_id(sender) != make_id(None)]
        responses = []
        for receiver in filter(None, [row.receiver() for row in general + own]):
            response = receiver(signal=self, sender=sender, **named)
"""
        },
    ),
    Fault(
        "threads.nothing-is-raised",
        "The table is read without the lock.",
        REFERENCE,
        {
            "        with self._lock:\n            while True:\n": "        if True:\n            while True:\n",
            "changes = self._changes\n                rows = self._connections.copy().items()\n": (
                "changes = self._changes\n                rows = self._connections.items()\n"
            ),
        },
    ),
    Fault(
        "threads.nothing-is-raised",
        "disconnect looks for the place of a connection without the lock.",
        PLAIN,
        {
            _DISCONNECTS: _DISCONNECTS.replace(*_NO_LOCK),
            "                    del self.rows[index]\n": """\
                    with self.lock:
                        self.rows.remove(row)
""",
        },
    ),
    Fault(
        "threads.death-is-noticed",
        "The flag for the dead is reset after they were looked for.",
        PLAIN,
        {_BURIES: "".join(reversed(_BURIES.splitlines(keepends=True)))},
    ),
    Fault(
        "threads.death-is-noticed",
        "The notes of the dead are thrown away after they were looked for.",
        REFERENCE,
        {
            "            self._deaths.clear()\n": "",
            "                    del self._connections[key]\n": (
                "                    del self._connections[key]\n            self._deaths.clear()\n"
            ),
        },
    ),
    Fault(
        "threads.seen-death-is-final",
        "A send may see a death before it is noted.",
        PLAIN,
        {_FLAGS: "            pass\n"},
    ),
    Fault(
        "threads.receivers-run-without-a-lock",
        "A send holds the lock while its receivers run.",
        PLAIN,
        {
            _SENDS: """\
        responses = []
        for receiver in self._live_receivers(sender):
            with self.lock:
                response = receiver(signal=self, sender=sender, **named)
"""
        },
    ),
    Fault(
        "threads.logs-without-a-lock",
        "A failure is logged under the lock.",
        PLAIN,
        {
            "                self._log_failure(receiver, error)\n": """\
                with self.lock:
                    self._log_failure(receiver, error)
"""
        },
    ),
    Fault(
        "threads.no-deadlock",
        "connect takes two locks in one order, a send in the other.",
        PLAIN,
        {
            _LOCKS: f"{_LOCKS}\n        self.cache_lock = threading.RLock()",
            "            self.cache.clear()\n\n    def disconnect": """\
            with self.cache_lock:
                self.cache.clear()

    def disconnect""",
            _RESOLVES: """\
        with self.cache_lock, self.lock:
            self._remove_dead_rows()
            rows = """,
        },
    ),
    Fault(
        "threads.no-deadlock",
        "disconnect keeps the lock where there is nothing to remove.",
        PLAIN,
        {
            _DISCONNECTS: """\
        self.lock.acquire()
        if True:
            self._remove_dead_rows()
            for index""",
            _REMOVES: _REMOVES + "                    self.lock.release()\n",
        },
    ),
    Fault(
        "threads.death-may-come-at-any-point",
        "A death takes the lock, which does not let its own thread in again.",
        PLAIN,
        {
            _LOCKS: "self.lock = threading.Lock()",
            _NOTES: """\
while the lock is held.
        with self.lock:
            self.has_dead_rows = True
""",
        },
    ),
    Fault(
        "threads.finalizer-may-use-the-signal",
        "The lock does not let its own thread in again.",
        PLAIN,
        {_LOCKS: "self.lock = threading.Lock()"},
    ),
    Fault(
        "threads.finalizer-may-use-the-signal",
        "The table is not copied before it is gone through.",
        REFERENCE,
        {
            "changes = self._changes\n                rows = self._connections.copy().items()\n": (
                "changes = self._changes\n                rows = self._connections.items()\n"
            ),
        },
    ),
    Fault(
        "threads.signals-are-independent",
        "All signals share a lock, which does not let its own thread in again.",
        PLAIN,
        {_LOCKS: "self.lock = ONE_LOCK", _LOGGER: _LOGGER + "ONE_LOCK = threading.Lock()\n"},
    ),
    Fault(
        "threads.finalizers-change-lasts",
        "A plan is kept, though a finalizer has changed the table since it was begun.",
        REFERENCE,
        {"if changes == self._changes:": "if plan:"},
    ),
    Fault(
        "threads.finalizers-change-lasts",
        "What is cached may be what was true before a finalizer ran.",
        PLAIN,
        {_LOOKS_AGAIN: ""},
    ),
    Fault(
        "threads.arguments-stay-the-same",
        "The sender of a send is an attribute of the signal.",
        PLAIN,
        SENDER_OF_THE_SIGNAL,
    ),
    Fault(
        "threads.arguments-stay-the-same",
        "The named arguments of a robust send are an attribute of the signal.",
        PLAIN,
        NAMED_OF_THE_SIGNAL,
    ),
    Fault(
        "threads.arguments-stay-the-same",
        "The sender is an attribute of the signal until the send has ended.",
        REFERENCE,
        SENDER_IS_CLEARED,
    ),
    Fault(
        "threads.arguments-stay-the-same",
        "One dictionary takes the arguments of all sends of a signal.",
        REFERENCE,
        SHARED_ARGUMENTS,
    ),
    Fault(
        "threads.removed-receiver-may-use-the-signal",
        "A plain lock is held while the last reference to a receiver goes.",
        PLAIN,
        {
            _LOCKS: "self.lock = threading.Lock()",
            "                    del self.rows[index]\n": "                    del row, self.rows[index]\n",
        },
    ),
    Fault(
        "threads.removed-receiver-may-use-the-signal",
        "disconnect makes a new table under a plain lock.",
        PLAIN,
        {
            _LOCKS: "self.lock = threading.Lock()",
            """\
            for index, row in enumerate(self.rows):
                if row.key == key:
                    del self.rows[index]
                    self.cache.clear()
                    return True
""": """\
            before = len(self.rows)
            self.rows = [row for row in self.rows if row.key != key]
            self.cache.clear()
            return len(self.rows) < before
""",
        },
    ),
    Fault(
        "threads.removed-receiver-may-use-the-signal",
        "Whoever uses the signal while a connection is being removed is refused.",
        PLAIN,
        {
            "self.rows: list[Row] = []": "self.rows: list[Row] = []\n        self.is_removing = False",
            """\
            for index, row in enumerate(self.rows):
                if row.key == key:
                    del self.rows[index]
                    self.cache.clear()
                    return True
""": """\
            before, self.is_removing = len(self.rows), True
            self.rows = [row for row in self.rows if row.key != key]
            self.is_removing = False
            self.cache.clear()
            return len(self.rows) < before
""",
            _CONNECTS: """\
        with self.lock:
            if self.is_removing:
                raise RuntimeError("A connection is being removed.")
            self._remove_dead_rows()
            if not any(""",
        },
    ),
    Fault(
        "threads.freed-receiver-may-use-the-signal",
        "A plain lock is held while the dead are removed.",
        PLAIN,
        {_LOCKS: "self.lock = threading.Lock()"},
    ),
    Fault(
        "threads.freed-receiver-may-use-the-signal",
        "Whoever connects while the dead are being removed is refused.",
        PLAIN,
        {
            "self.rows: list[Row] = []": "self.rows: list[Row] = []\n        self.is_removing = False",
            _BURIES: """\
            if self.is_removing:
                raise RuntimeError("The dead are being removed.")
            self.has_dead_rows, self.is_removing = True, True
            self.rows = [row for row in self.rows if row.is_live()]
            self.has_dead_rows, self.is_removing = False, False
""",
        },
    ),
    Fault(
        "threads.freed-receiver-may-use-the-signal",
        "Whoever uses a signal that is at work is refused.",
        PLAIN,
        {
            "self.rows: list[Row] = []": "self.rows: list[Row] = []\n        self.busy = 0",
            _BURIES: """\
            self.has_dead_rows = False
            self.busy += 1
            self.rows = [row for row in self.rows if row.is_live()]
            self.busy -= 1
""",
            _RESOLVES: """\
        if self.busy:
            raise RuntimeError("The signal is at work.")
"""
            + _RESOLVES,
        },
    ),
]

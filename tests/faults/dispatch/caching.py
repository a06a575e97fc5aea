"""Faults of the chapter caching: caching."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

_REMOVES = "                    del self.rows[index]\n                    self.cache.clear()\n"
_APPENDS = "                self.rows.append(row)\n            self.cache.clear()\n"
_STORES = "cache[address] = weakref.ref(sender, lambda _: cache.pop(address, None)), rows"
_CATCHES = "            except TypeError:\n                pass\n"
_WEAK_KEYS = {
    "self.cache: dict[Any, tuple[Callable[[], Any], list[Row]]] = {}": (
        "self.cache: Any = weakref.WeakKeyDictionary()"
    ),
    "self.cache.get(id(sender), (None, []))": "self.cache.get(sender, (None, []))",
    "if guard is None or guard() is not sender:": "if guard is None:",
    _STORES: "self.cache[sender] = True, rows",
}
"""The cache is a `WeakKeyDictionary`, as Django's is."""
_LOCK = "        self.lock = threading.RLock()\n"
_LAST = "        return rows\n\n\ndef receiver("
_PROMOTES = """\
        else:
            rows[:] = [row._replace(receiver=lambda it=row.receiver(): it) for row in rows]
"""
_GETS = "        guard, rows = self.cache.get(id(sender), (None, []))\n"
_FOR_GOOD = {
    _LOCK: _LOCK + "        self.kept: dict[int, Any] = {}\n",
    _CATCHES: """\
            except TypeError:
                return self.kept.setdefault(address, (sender, rows))[1]
""",
}
_EQUAL_KEYS = {
    "self.cache.get(id(sender), (None, []))": "self.cache.get(sender, (None, []))",
    "if guard is None or guard() is not sender:": "if guard is None:",
    "cache, address = self.cache, id(sender)": "cache, address = self.cache, sender",
    _STORES: "cache[sender] = True, rows",
}
"""The cache is a dictionary with the senders as keys."""

FAULTS = [
    Fault(
        "caching.connect-is-seen",
        "connect does not clear the cache.",
        PLAIN,
        {_APPENDS: "                self.rows.append(row)\n"},
    ),
    Fault(
        "caching.connect-is-seen",
        "connect does not outdate the plan.",
        REFERENCE,
        {
            "                self._connections[key] = connection\n                self._change()\n": (
                "                self._connections[key] = connection\n"
            )
        },
    ),
    Fault(
        "caching.connect-is-seen",
        "Only connecting for all senders clears the cache.",
        PLAIN,
        {
            _APPENDS: """\
                self.rows.append(row)
            if sender is None:
                self.cache.clear()
"""
        },
    ),
    Fault(
        "caching.connect-is-seen",
        "Only the first connection of a sender clears the cache.",
        PLAIN,
        {
            _APPENDS: """\
                self.rows.append(row)
                if dispatch_uid is not None or not any(other.key[1] == key[1] for other in self.rows[:-1]):
                    self.cache.clear()
"""
        },
    ),
    Fault(
        "caching.connect-is-seen",
        "That the cache is outdated is noticed after it has been used once more.",
        PLAIN,
        {
            _LOCK: _LOCK + "        self.is_outdated = False\n",
            _APPENDS: "                self.rows.append(row)\n                self.is_outdated = True\n",
            _LAST: """\
        if self.is_outdated:
            self.cache.clear()
            self.is_outdated = False
"""
            + _LAST,
        },
    ),
    Fault(
        "caching.connect-is-seen-after-silence",
        "That nobody listens is remembered for good.",
        PLAIN,
        {
            _APPENDS: """\
                self.rows.append(row)
            for address in [address for address, (_, rows) in self.cache.items() if rows]:
                del self.cache[address]
"""
        },
    ),
    Fault(
        "caching.connect-is-seen-after-silence",
        "connect outdates the plan only where there are connections of the sender.",
        REFERENCE,
        {
            "                self._connections[key] = connection\n                self._change()\n": """\
                if any(of == key[1] for _, of in self._connections):
                    self._plan = None
                self._connections[key] = connection
"""
        },
    ),
    Fault(
        "caching.connect-is-seen-after-silence",
        "An empty signal has nothing that connect would have to clear.",
        PLAIN,
        {
            _APPENDS: """\
                if self.rows:
                    self.cache.clear()
                self.rows.append(row)
"""
        },
    ),
    Fault(
        "caching.general-connect-is-seen",
        "connect clears the cache of its own sender only.",
        PLAIN,
        {_APPENDS: "                self.rows.append(row)\n            self.cache.pop(id(sender), None)\n"},
    ),
    Fault(
        "caching.general-connect-is-seen",
        "Only the first general connection clears the cache of all senders.",
        PLAIN,
        {
            _APPENDS: """\
                if sender is not None or all(other.sender for other in self.rows):
                    self.cache.clear()
                self.rows.append(row)
"""
        },
    ),
    Fault(
        "caching.disconnect-is-seen",
        "disconnect does not clear the cache.",
        PLAIN,
        {_REMOVES: "                    del self.rows[index]\n"},
    ),
    Fault(
        "caching.disconnect-is-seen",
        "disconnect clears the cache of its own sender only.",
        PLAIN,
        {
            _REMOVES: """\
                    del self.rows[index]
                    self.cache.pop(id(sender), None)
"""
        },
    ),
    Fault(
        "caching.disconnect-is-seen",
        "Disconnecting by uid does not outdate the plan.",
        REFERENCE,
        {"            if removed is not None:\n": "            if removed is not None and dispatch_uid is None:\n"},
    ),
    Fault(
        "caching.disconnect-is-seen",
        "Only disconnecting by uid clears the cache.",
        PLAIN,
        {
            _REMOVES: """\
                    del self.rows[index]
                    if dispatch_uid is not None:
                        self.cache.clear()
"""
        },
    ),
    Fault(
        "caching.disconnect-is-seen",
        "Only disconnecting from all senders clears the cache.",
        PLAIN,
        {
            _REMOVES: """\
                    del self.rows[index]
                    if sender is None:
                        self.cache.clear()
"""
        },
    ),
    Fault(
        "caching.disconnect-is-seen",
        "An empty signal has no use for its cache, nor for clearing it.",
        PLAIN,
        {
            _REMOVES: """\
                    del self.rows[index]
                    if self.rows:
                        self.cache.clear()
"""
        },
    ),
    Fault(
        "caching.death-is-seen",
        "The cache holds the receivers.",
        PLAIN,
        {
            "            rows = self._matching_rows(sender)\n            cache": """\
            rows = [row._replace(receiver=lambda it=row.receiver(): it) for row in self._matching_rows(sender)]
            cache"""
        },
    ),
    Fault(
        "caching.death-is-seen",
        "has_listeners trusts the cache, and a death does not clear it.",
        PLAIN,
        {
            "bool(self._live_receivers(sender))": (
                "bool(self._cached_rows(sender) if self.use_caching else self._live_receivers(sender))"
            ),
            "if row.is_live()]\n            self.cache.clear()\n": "if row.is_live()]\n",
        },
    ),
    Fault(
        "caching.death-is-seen",
        "has_listeners trusts the cache.",
        PLAIN,
        {
            "bool(self._live_receivers(sender))": (
                "bool(self._cached_rows(sender) if self.use_caching else self._live_receivers(sender))"
            ),
        },
    ),
    Fault(
        "caching.death-is-seen",
        "What is used again is remembered as receivers, not as references.",
        PLAIN,
        {_LAST: _PROMOTES + _LAST},
    ),
    Fault(
        "caching.death-is-seen",
        "has_listeners trusts the cache where a sender has connections of its own.",
        PLAIN,
        {
            "bool(self._live_receivers(sender))": """\
bool(
            (self.use_caching and any(row.sender for row in self._cached_rows(sender)))
            or self._live_receivers(sender)
        )"""
        },
    ),
    Fault(
        "caching.sender-is-freed",
        "The cache holds its senders.",
        PLAIN,
        {"weakref.ref(sender, lambda _: cache.pop(address, None))": "(lambda: sender)"},
    ),
    Fault(
        "caching.sender-is-freed",
        "The cache is a dictionary with the senders as keys.",
        PLAIN,
        _EQUAL_KEYS,
    ),
    Fault(
        "caching.sender-is-freed",
        "The cache holds the senders that have connections of their own.",
        PLAIN,
        {
            _STORES: """\
cache[address] = (lambda: sender) if any(row.sender for row in rows) else weakref.ref(sender), rows"""
        },
    ),
    Fault(
        "caching.sender-is-freed",
        "A signal without connections holds the senders that it was sent about.",
        PLAIN,
        {_STORES: "cache[address] = (weakref.ref(sender) if self.rows else lambda: sender), rows"},
    ),
    Fault(
        "caching.receiver-is-freed",
        "The cache holds the receivers.",
        PLAIN,
        {
            "            rows = self._matching_rows(sender)\n            cache": """\
            rows = [row._replace(receiver=lambda it=row.receiver(): it) for row in self._matching_rows(sender)]
            cache"""
        },
    ),
    Fault(
        "caching.receiver-is-freed",
        "A route holds its receivers.",
        REFERENCE,
        {
            "direct = tuple([row.receiver for": "direct = tuple([(lambda it=row.receiver(): it) for",
        },
    ),
    Fault(
        "caching.receiver-is-freed",
        "What is used again is remembered as receivers, not as references.",
        PLAIN,
        {_LAST: _PROMOTES + _LAST},
    ),
    Fault(
        "caching.receiver-is-freed",
        "The receivers that listen to one sender only are held.",
        PLAIN,
        {
            "            rows = self._matching_rows(sender)\n            cache": """\
            rows = [
                row._replace(receiver=lambda it=row.receiver(): it) if row.sender else row
                for row in self._matching_rows(sender)
            ]
            cache"""
        },
    ),
    Fault(
        "caching.each-sender-its-own",
        "What is remembered is remembered for the sender's class.",
        PLAIN,
        {
            "self.cache.get(id(sender), (None, []))": "self.cache.get(type(sender), (None, []))",
            "if guard is None or guard() is not sender:": "if guard is None:",
            "cache, address = self.cache, id(sender)": "cache, address = self.cache, type(sender)",
        },
    ),
    Fault(
        "caching.each-sender-its-own",
        "What is remembered of a class is remembered by its name.",
        PLAIN,
        {
            "self.cache.get(id(sender), (None, []))": (
                'self.cache.get(getattr(sender, "__qualname__", id(sender)), (None, []))'
            ),
            "if guard is None or guard() is not sender:": "if guard is None:",
            "cache, address = self.cache, id(sender)": (
                'cache, address = self.cache, getattr(sender, "__qualname__", id(sender))'
            ),
        },
    ),
    Fault(
        "caching.each-sender-its-own",
        "An instance is served with what is remembered of its class.",
        PLAIN,
        {
            _GETS: """\
        guard, rows = self.cache.get(id(type(sender)), (None, []))
        if guard is not None and not isinstance(sender, type):
            return rows
"""
            + _GETS
        },
    ),
    Fault(
        "caching.each-sender-its-own",
        "The senders with connections share the first one's route.",
        REFERENCE,
        {
            "            routes[who] = route = ": "            routes.update(dict.fromkeys(routes, route := ",
            "if of in (ANY_SENDER, who)])": "if of in (ANY_SENDER, who)])))",
        },
    ),
    Fault(
        "caching.equal-senders",
        "The cache is a WeakKeyDictionary, and tells senders by equality.",
        PLAIN,
        _WEAK_KEYS,
    ),
    Fault(
        "caching.equal-senders",
        "The cache is a dictionary with the senders as keys.",
        PLAIN,
        _EQUAL_KEYS,
    ),
    Fault(
        "caching.equal-senders",
        "Senders without weak references are the keys of a dictionary.",
        PLAIN,
        {
            _LOCK: _LOCK + "        self.others: dict[Any, list[Row]] = {}\n",
            _CATCHES: "            except TypeError:\n                return self.others.setdefault(sender, rows)\n",
        },
    ),
    Fault(
        "caching.none-as-sender",
        "The cache does without senders that have no weak references.",
        PLAIN,
        {_CATCHES: "            finally:\n                pass\n"},
    ),
    Fault(
        "caching.none-as-sender",
        "None is taken for no sender at all, and nobody is remembered for it.",
        PLAIN,
        {
            "            rows = self._matching_rows(sender)\n            cache": (
                "            rows = [] if sender is None else self._matching_rows(sender)\n            cache"
            )
        },
    ),
    Fault(
        "caching.none-as-sender",
        "has_listeners takes nobody for a listener to None.",
        PLAIN,
        {
            "bool(self._live_receivers(sender))": (
                "not (self.use_caching and sender is None) and bool(self._live_receivers(sender))"
            )
        },
    ),
    Fault(
        "caching.none-as-sender",
        "Who listens to None is remembered apart, and for good.",
        PLAIN,
        {
            _LOCK: _LOCK + "        self.cached_for_none: list[Row] | None = None\n",
            _GETS: """\
        if sender is None:
            self.cached_for_none = self.cached_for_none or self._matching_rows(sender)
            return self.cached_for_none
"""
            + _GETS,
        },
    ),
    Fault(
        "caching.listeners-without-sender",
        "The cache is a WeakKeyDictionary, and cannot be asked about None.",
        PLAIN,
        _WEAK_KEYS,
    ),
    Fault(
        "caching.listeners-without-sender",
        "has_listeners looks in a cache that has not been made yet.",
        PLAIN,
        {
            "bool(self._live_receivers(sender))": (
                "bool(self.cache[id(sender)][1] if self.use_caching else self._live_receivers(sender))"
            )
        },
    ),
    Fault(
        "caching.listeners-without-sender",
        "Somebody may listen as long as nobody asks about a sender.",
        PLAIN,
        {
            "bool(self._live_receivers(sender))": (
                "(self.use_caching and sender is None) or bool(self._live_receivers(sender))"
            )
        },
    ),
    Fault(
        "caching.any-sender",
        "The cache is a WeakKeyDictionary, and takes senders with weak references only.",
        PLAIN,
        _WEAK_KEYS | {"if self.use_caching else": "if self.use_caching and sender is not None else"},
    ),
    Fault(
        "caching.any-sender",
        "What is remembered of a sender without weak references is None.",
        PLAIN,
        {_CATCHES: "            except TypeError:\n                return []\n"},
    ),
    Fault(
        "caching.any-sender",
        "What is remembered of a sender without weak references is remembered for good.",
        PLAIN,
        _FOR_GOOD,
    ),
    Fault(
        "caching.unhashable-sender",
        "The cache is a dictionary with the senders as keys.",
        PLAIN,
        _EQUAL_KEYS,
    ),
    Fault(
        "caching.unhashable-sender",
        "A WeakKeyDictionary hashes the senders.",
        PLAIN,
        _WEAK_KEYS,
    ),
    Fault(
        "caching.unhashable-sender",
        "What is remembered of a sender without weak references is remembered for good.",
        PLAIN,
        _FOR_GOOD,
    ),
    Fault(
        "caching.passing-senders-leave-nothing",
        "The cache keeps what it remembered of senders that are dead.",
        PLAIN,
        {"weakref.ref(sender, lambda _: cache.pop(address, None))": "weakref.ref(sender)"},
    ),
    Fault(
        "caching.passing-senders-leave-nothing",
        "Each sender that is sent gets a route of its own, for good.",
        REFERENCE,
        {"route = routes.get(who, shared)": "route = routes.setdefault(who, shared)"},
    ),
    Fault(
        "caching.passing-senders-leave-nothing",
        "The cache holds its senders.",
        PLAIN,
        {"weakref.ref(sender, lambda _: cache.pop(address, None))": "(lambda: sender)"},
    ),
    Fault(
        "caching.passing-senders-leave-nothing",
        "That nobody listened to a sender is remembered for good.",
        PLAIN,
        {
            "weakref.ref(sender, lambda _: cache.pop(address, None))": (
                "weakref.ref(sender, (lambda _: cache.pop(address, None)) if rows else None)"
            )
        },
    ),
    Fault(
        "caching.passing-senders-leave-nothing",
        "What several listened to is remembered for good.",
        PLAIN,
        {
            "weakref.ref(sender, lambda _: cache.pop(address, None))": (
                "weakref.ref(sender, (lambda _: cache.pop(address, None)) if len(rows) < 2 else None)"
            )
        },
    ),
    Fault(
        "caching.changes-nothing-else",
        "What is sent to remembered receivers has no arguments.",
        PLAIN,
        {
            "    def send(self, /, sender: Any, **named: Any) -> list[tuple[Any, Any]]:\n": (
                "    def send(self, /, sender: Any, **named: Any) -> list[tuple[Any, Any]]:\n"
                "        named = {} if self.use_caching and make_id(sender) in self.cache else named\n"
            )
        },
    ),
    Fault(
        "caching.changes-nothing-else",
        "Failures of remembered receivers are not logged.",
        PLAIN,
        {
            "                self._log_failure(receiver, error)\n": (
                "                if not self.use_caching:\n                    self._log_failure(receiver, error)\n"
            )
        },
    ),
]

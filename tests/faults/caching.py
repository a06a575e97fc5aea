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
        "caching.general-connect-is-seen",
        "connect clears the cache of its own sender only.",
        PLAIN,
        {_APPENDS: "                self.rows.append(row)\n            self.cache.pop(id(sender), None)\n"},
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
            "direct = tuple(row.receiver for": "direct = tuple((lambda it=row.receiver(): it) for",
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
]

"""Faults that break clauses of the chapter *parties*."""

from __future__ import annotations

from faults import OLD, OLDER, PLAIN, REFERENCE, Fault


def _removes_the_last_of_its(part: str) -> dict[str, str]:
    """Return the edits by which a bound method's disconnect finds the last that has the same `part`."""
    return {
        "enumerate(self.rows)": "reversed([*enumerate(self.rows)])",
        "row.key == key:": (
            f'row.key == key or (row.key[1] == key[1] and getattr(row.receiver(), "{part}", 0) is '
            f'getattr(receiver, "{part}", 1)):'
        ),
    }


_STARTS_SENDING = """\
        responses = []
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=sender, **named)
            responses.append((receiver, response))
        return responses
"""
_TRIES = """\
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception as error:
                self._log_failure(receiver, error)
"""
_FINDS = "        key = make_key(receiver, sender, dispatch_uid)\n        held"
_APPENDS = "                self.rows.append(row)\n"
_SENDS_DIRECTLY = (
    "        responses = [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]\n"
)
_COLLECTING = {"import inspect\n": "import gc\nimport inspect\nimport sys\n"}

FAULTS = [
    Fault(
        "parties.new-signal-is-empty",
        "The list of connections belongs to the class.",
        PLAIN,
        {
            '    """A signal."""\n': '    """A signal."""\n\n    rows: list[Row] = []\n',
            "        self.rows: list[Row] = []\n": "",
        },
    ),
    Fault(
        "parties.new-signal-is-empty",
        "The table of connections is a default argument.",
        REFERENCE,
        {
            "use_caching: bool = False) -> None:": "use_caching: bool = False, connections: Any = {}) -> None:",
            "self._connections: dict[tuple[Any, Identity], Connection] = {}": "self._connections = connections",
        },
    ),
    Fault(
        "parties.new-signal-is-empty",
        "The tables of all signals are kept by the signals' addresses.",
        PLAIN,
        {
            'logger = logging.getLogger("django.dispatch")\n': (
                'logger = logging.getLogger("django.dispatch")\ntables: dict[int, list[Any]] = {}\n'
            ),
            "self.rows: list[Row] = []": "self.rows = tables.setdefault(id(self), [])",
        },
    ),
    Fault(
        "parties.signals-are-independent",
        "The cache belongs to the class.",
        PLAIN,
        {
            '    """A signal."""\n': '    """A signal."""\n\n    cache: dict[Any, Any] = {}\n',
            "        self.cache: dict[Any, tuple[Callable[[], Any], list[Row]]] = {}\n": "",
        },
    ),
    Fault(
        "parties.signals-are-independent",
        "Disconnecting from one signal disconnects from each.",
        PLAIN,
        {
            '    """A signal."""\n': '    """A signal."""\n\n    rows: list[Row] = []\n',
            "        self.rows: list[Row] = []\n": "",
        },
    ),
    Fault(
        "parties.signals-are-independent",
        "What is connected to a signal is connected to all that there are.",
        PLAIN,
        {
            'logger = logging.getLogger("django.dispatch")\n': (
                'logger = logging.getLogger("django.dispatch")\nsignals: Any = weakref.WeakSet()\n'
            ),
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        signals.add(self)"),
            "self.rows.append(row)": ("for each in signals:\n                    each.rows.append(row)"),
        },
    ),
    Fault(
        "parties.signals-are-independent",
        "What is connected to any signal is a duplicate.",
        PLAIN,
        {
            'logger = logging.getLogger("django.dispatch")\n': (
                'logger = logging.getLogger("django.dispatch")\nsignals: Any = weakref.WeakSet()\n'
            ),
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        signals.add(self)"),
            "any(other.key == key for other in self.rows)": (
                "any(other.key == key for signal in signals for other in signal.rows)"
            ),
        },
    ),
    Fault(
        "parties.signals-are-independent",
        "All signals share a cache.",
        PLAIN,
        {
            "self.cache: dict[Any, tuple[Callable[[], Any], list[Row]]] = {}": "self.cache = CACHE",
            'logger = logging.getLogger("': 'CACHE: Any = {}\nlogger = logging.getLogger("',
        },
    ),
    Fault(
        "parties.signal-compares-by-identity",
        "Signals with the same connections are equal, and none can be hashed.",
        PLAIN,
        {
            "    def has_listeners(": (
                "    def __eq__(self, other):\n"
                "        return isinstance(other, Signal) and self.rows == other.rows\n"
                "\n"
                "    def has_listeners("
            ),
        },
    ),
    Fault(
        "parties.signal-compares-by-identity",
        "Signals with the same connections are equal.",
        REFERENCE,
        {
            "    def has_listeners(": (
                "    def __eq__(self, other):\n"
                "        return isinstance(other, Signal) and self._connections == other._connections\n"
                "\n"
                "    __hash__ = object.__hash__\n"
                "\n"
                "    def has_listeners("
            ),
        },
    ),
    Fault(
        "parties.signal-compares-by-identity",
        "The hash of a signal is that of its connections.",
        PLAIN,
        {
            "    def connect(self,": (
                "    def __hash__(self) -> int:\n        return hash(tuple(self.rows))\n\n    def connect(self,"
            ),
        },
    ),
    Fault(
        "parties.signal-is-true",
        "A signal is as long as the list of its connections.",
        PLAIN,
        {"    def has_listeners(": "    def __len__(self):\n        return len(self.rows)\n\n    def has_listeners("},
    ),
    Fault(
        "parties.signal-is-true",
        "A signal has no truth.",
        REFERENCE,
        {"    def has_listeners(": "    __bool__ = None\n\n    def has_listeners("},
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "The garbage collector is switched off while a receiver is connected, and not on again.",
        PLAIN,
        {
            "import inspect\n": "import gc\nimport inspect\n",
            "self.rows.append(row)": "gc.disable(); self.rows.append(row)",
        },
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "Warnings become errors.",
        PLAIN,
        {
            "import inspect\n": "import inspect\nimport warnings\n",
            "self.rows.append(row)": "warnings.simplefilter('error'); self.rows.append(row)",
        },
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "The dispatch is noted in a context variable that is not reset.",
        PLAIN,
        {
            "import inspect\n": "import inspect\nfrom contextvars import ContextVar\nlast = ContextVar('last')\n",
            "self.rows.append(row)": "last.set(row); self.rows.append(row)",
        },
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "A thread waits beside each of the first connections until the signal dies.",
        PLAIN,
        {
            "self.rows.append(row)": (
                "if threading.active_count() < 400:\n                    attend(self)\n"
                "                self.rows.append(row)"
            ),
            "def make_id(": """\
def attend(signal: Any) -> None:
    died = threading.Event()
    thread = threading.Thread(target=died.wait, daemon=True)
    thread.start()
    weakref.finalize(signal, lambda: (died.set(), thread.join()))


def make_id(""",
        },
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "An exception leaves the garbage collector switched off.",
        PLAIN,
        {
            "import inspect\n": ("import gc\nimport inspect\n"),
            ("        responses = []\n        for receiver in self._live_receivers(sender):\n            response"): (
                "        gc.disable()\n"
                "        responses = []\n"
                "        for receiver in self._live_receivers(sender):\n"
                "            response"
            ),
            ("        return responses\n\n    def send_robust"): (
                "        gc.enable()\n        return responses\n\n    def send_robust"
            ),
        },
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "The first failure makes the root of the loggers talkative.",
        PLAIN,
        {
            "        name = getattr(receiver": (
                "        logging.root.setLevel(logging.DEBUG)\n        name = getattr(receiver"
            ),
        },
    ),
    Fault(
        "parties.attribute-of-a-class",
        "Each instance gets a signal of its own.",
        PLAIN,
        {
            "    def connect(self,": """\
    def __get__(self, instance: Any, _: Any) -> Signal:
        if instance is None:
            return self
        return vars(instance).setdefault(f"signal {id(self)}", type(self)(self.use_caching))

    def connect(self,"""
        },
    ),
    Fault(
        "parties.prints-nothing",
        "Each connection is announced.",
        PLAIN,
        {"self.rows.append(row)": "print(row); self.rows.append(row)"},
    ),
    Fault(
        "parties.prints-nothing",
        "Who connects a lambda weakly is warned.",
        PLAIN,
        {
            "import threading\n": "import threading\nimport warnings\n",
            "        key = make_key(receiver, sender, dispatch_uid)\n        held": """\
        if weak and getattr(receiver, "__name__", "") == "<lambda>":
            warnings.warn("The lambda may be gone at once.", stacklevel=2)
        key = make_key(receiver, sender, dispatch_uid)
        held""",
        },
    ),
    Fault(
        "parties.prints-nothing",
        "Who connects what is connected already is warned.",
        REFERENCE,
        {
            "import threading\n": "import threading\nimport warnings\n",
            "            if key not in self._connections:\n": """\
            if key in self._connections:
                warnings.warn("It is connected already.", stacklevel=2)
            else:
""",
        },
    ),
    Fault(
        "parties.prints-nothing",
        "Who connects with a uid that is taken is warned.",
        PLAIN,
        {
            "import weakref\n": ("import warnings\nimport weakref\n"),
            "self.rows.append(row)": (
                "self.rows.append(row)\n"
                "            elif dispatch_uid is not None:\n"
                '                warnings.warn("This uid is taken.", stacklevel=2)'
            ),
        },
    ),
    Fault(
        "parties.prints-nothing",
        "A failure is printed.",
        PLAIN,
        {
            "import threading\n": ("import threading\nimport traceback\n"),
            "        name = getattr(receiver": (
                "        traceback.print_exception(error)\n        name = getattr(receiver"
            ),
        },
    ),
    Fault(
        "parties.prints-nothing",
        "Who connects for a sender that has to be kept is warned.",
        PLAIN,
        {
            "import weakref\n": ("import warnings\nimport weakref\n"),
            "return lambda: sender": (
                'warnings.warn("This sender is kept.", stacklevel=3)\n            return lambda: sender'
            ),
        },
    ),
    Fault(
        "parties.prints-nothing",
        "Who died is missed aloud.",
        PLAIN,
        {
            ("        self.has_dead_rows = True\n\n"): (
                '        self.has_dead_rows = True\n        print("A receiver or a sender has died.")\n\n'
            ),
        },
    ),
    Fault(
        "parties.any-callable-receives",
        "A receiver that is false passes for a dead one.",
        PLAIN,
        {
            "return [receiver for receiver in receivers if receiver is not None]": (
                "return list(filter(None, receivers))"
            ),
        },
    ),
    Fault(
        "parties.any-callable-receives",
        "A receiver is told by its name, which partials and instances lack.",
        PLAIN,
        {'("receiver", make_id(receiver))': '("receiver", receiver.__qualname__)'},
    ),
    Fault(
        "parties.any-callable-receives",
        "A dead receiver is told from a live one by comparing it with None.",
        REFERENCE,
        {"if (receiver := held()) is not None]": "if (receiver := held()) != None]"},
    ),
    Fault(
        "parties.built-in-receives",
        "Whatever has a __self__ is referenced as a bound method.",
        REFERENCE,
        {
            "(weakref.WeakMethod if type(party) is MethodType else weakref.ref)": (
                '(weakref.WeakMethod if hasattr(party, "__self__") else weakref.ref)'
            )
        },
    ),
    Fault(
        "parties.built-in-receives",
        "What has a __self__ is disconnected as a bound method.",
        PLAIN,
        {
            ('there was one."""\n        key = make_key(receiver, sender, dispatch_uid)\n'): (
                'there was one."""\n'
                "        key = make_key(receiver, sender, dispatch_uid)\n"
                '        if hasattr(receiver, "__self__"):\n'
                '            key = ("receiver", (id(receiver.__self__), id(receiver.__func__))), key[1]\n'
            ),
        },
    ),
    Fault(
        "parties.receiver-identity",
        "Receivers are told by equality.",
        PLAIN,
        {'("receiver", make_id(receiver))': '("receiver", receiver)'},
    ),
    Fault(
        "parties.receiver-identity",
        "Receivers are told by their hash.",
        REFERENCE,
        {"identity(receiver) if dispatch_uid is None": "hash(receiver) if dispatch_uid is None"},
    ),
    Fault(
        "parties.receiver-identity",
        "A partial is told by its function.",
        PLAIN,
        {"    return id(party)\n": '    return id(getattr(party, "func", party))\n'},
    ),
    Fault(
        "parties.receiver-identity",
        "A wrapper is told by what it wraps.",
        REFERENCE,
        {"    return id(party)\n": '    return id(getattr(party, "__wrapped__", party))\n'},
    ),
    Fault(
        "parties.receiver-identity",
        "A bound method is told by its instance and its name.",
        PLAIN,
        {"id(party.__self__), id(party.__func__)": "id(party.__self__), party.__func__.__name__"},
    ),
    Fault(
        "parties.receiver-identity",
        "A function is told by its code.",
        REFERENCE,
        {"    return id(party)\n": '    return id(getattr(party, "__code__", party))\n'},
    ),
    Fault(
        "parties.receiver-identity",
        "Who disconnects removes the last that is equal.",
        PLAIN,
        {
            "enumerate(self.rows)": "reversed([*enumerate(self.rows)])",
            "row.key == key:": "row.key == key or (row.key[1] == key[1] and row.receiver() == receiver):",
        },
    ),
    Fault(
        "parties.bound-method-identity",
        "A bound method is told by the method object, which is made anew at each access.",
        PLAIN,
        {
            "    if type(party) is MethodType:\n        return id(party.__self__), id(party.__func__)\n": "",
        },
    ),
    Fault(
        "parties.bound-method-identity",
        "Everything is told by its address, bound methods too.",
        REFERENCE,
        {
            "    if type(party) is MethodType:\n        return (id(party.__self__), id(party.__func__))\n": "",
        },
    ),
    Fault(
        "parties.bound-method-identity",
        "A bound method is referred to by the method object, which dies at once.",
        PLAIN,
        {
            "    if type(party) is MethodType:\n        return weakref.WeakMethod(party, on_death)\n": "",
        },
    ),
    Fault(
        "parties.bound-method-identity",
        "A method whose instance is false is not taken for a method.",
        PLAIN,
        {
            "    if type(party) is MethodType:\n        return id(party.__self__)": (
                '    if getattr(party, "__self__", None):\n        return id(party.__self__)'
            )
        },
    ),
    Fault(
        "parties.methods-of-equal-instances-differ",
        "The instance of a bound method is told by equality.",
        PLAIN,
        {"return id(party.__self__), id(party.__func__)": "return party.__self__, id(party.__func__)"},
    ),
    Fault(
        "parties.methods-of-equal-instances-differ",
        "A bound method is told by its function alone.",
        REFERENCE,
        {"return (id(party.__self__), id(party.__func__))": "return id(party.__func__)"},
    ),
    Fault(
        "parties.methods-of-equal-instances-differ",
        "Who disconnects a method removes the last of its function.",
        PLAIN,
        _removes_the_last_of_its("__func__"),
    ),
    Fault(
        "parties.methods-of-one-instance-differ",
        "A bound method is told by its instance alone.",
        PLAIN,
        {"return id(party.__self__), id(party.__func__)": "return id(party.__self__)"},
    ),
    Fault(
        "parties.methods-of-one-instance-differ",
        "Who disconnects a method removes the last of its instance.",
        PLAIN,
        _removes_the_last_of_its("__self__"),
    ),
    Fault(
        "parties.class-methods-of-subclasses-differ",
        "A class method is told by its function alone.",
        PLAIN,
        {
            "    if type(party) is MethodType:\n        return id(": (
                "    if type(party) is MethodType:\n"
                "        if isinstance(party.__self__, type):\n"
                "            return id(party.__func__)\n"
                "        return id("
            ),
        },
    ),
    Fault(
        "parties.class-methods-of-subclasses-differ",
        "A bound method is told by its qualified name and its instance, which is not asked for where it is a class.",
        REFERENCE,
        {
            "(id(party.__self__), id(party.__func__))": (
                "(party.__qualname__, id(None if isinstance(party.__self__, type) else party.__self__))"
            ),
        },
    ),
    Fault(
        "parties.class-methods-of-subclasses-differ",
        "Who disconnects a method removes the last of its function.",
        PLAIN,
        _removes_the_last_of_its("__func__"),
    ),
    Fault(
        "parties.static-method-object",
        "Whatever has a function passes for a bound method.",
        PLAIN,
        {
            "    if type(party) is MethodType:\n        return id(": (
                '    if hasattr(party, "__func__"):\n        return id('
            ),
        },
    ),
    Fault(
        "parties.static-method-object",
        "What has a __func__ is disconnected as a bound method.",
        PLAIN,
        {
            ('there was one."""\n        key = make_key(receiver, sender, dispatch_uid)\n'): (
                'there was one."""\n'
                "        key = make_key(receiver, sender, dispatch_uid)\n"
                '        if hasattr(receiver, "__func__"):\n'
                '            key = ("receiver", (id(receiver.__self__), id(receiver.__func__))), key[1]\n'
            ),
        },
    ),
    Fault(
        "parties.reference-object-is-a-receiver",
        "A strong receiver is stored as it is, and every weak reference is resolved.",
        PLAIN,
        {
            "if weak else lambda: receiver": "if weak else receiver",
            "return self.receiver() is not None and": "return resolve(self.receiver) is not None and",
            "receivers = [row.receiver() for row in rows]": "receivers = [resolve(row.receiver) for row in rows]",
            "class Row(NamedTuple):": (
                "def resolve(held):\n"
                "    return held() if isinstance(held, weakref.ref) else held\n"
                "\n"
                "\n"
                "class Row(NamedTuple):"
            ),
        },
    ),
    Fault(
        "parties.any-sender",
        "A sender that cannot be referenced weakly is refused.",
        REFERENCE,
        {
            "            return reference(sender, self._deaths.append)\n        except TypeError:\n": (
                "            return reference(sender, self._deaths.append)\n        except ReferenceError:\n"
            ),
        },
    ),
    Fault(
        "parties.any-sender",
        "A sender must be a class.",
        PLAIN,
        {
            "        if sender is None:\n": (
                "        if not isinstance(sender, type | None):\n"
                '            raise TypeError("A sender must be a class.")\n'
                "        if sender is None:\n"
            ),
        },
    ),
    Fault(
        "parties.any-sender",
        "What has a module is taken for a class or a function.",
        PLAIN,
        {
            "    if type(party) is MethodType:\n        return id(": (
                '    if hasattr(party, "__module__"):\n'
                "        return party.__module__, party.__qualname__\n"
                "    if type(party) is MethodType:\n"
                "        return id("
            ),
        },
    ),
    Fault(
        "parties.unhashable-sender",
        "The table is keyed by the sender itself.",
        REFERENCE,
        {
            '("uid", dispatch_uid), identity(sender))': '("uid", dispatch_uid), sender)',
            "ANY_SENDER = id(None)": "ANY_SENDER = None",
            "who = identity(sender) if type(sender) is MethodType else id(sender)": "who = sender",
        },
    ),
    Fault(
        "parties.unhashable-sender",
        "A sender is told by its hash.",
        PLAIN,
        {
            '("receiver", make_id(receiver)), make_id(sender)': '("receiver", make_id(receiver)), hash(sender)',
            '("uid", dispatch_uid), make_id(sender)': '("uid", dispatch_uid), hash(sender)',
            "wanted = (make_id(None), make_id(sender))": "wanted = (hash(None), hash(sender))",
        },
    ),
    Fault(
        "parties.sender-identity",
        "Senders are told by equality.",
        PLAIN,
        {
            '("receiver", make_id(receiver)), make_id(sender)': '("receiver", make_id(receiver)), sender',
            '("uid", dispatch_uid), make_id(sender)': '("uid", dispatch_uid), sender',
            "wanted = (make_id(None), make_id(sender))": "wanted = (None, sender)",
        },
    ),
    Fault(
        "parties.sender-identity",
        "A dispatch looks for its sender by equality where it does not find it by identity.",
        PLAIN,
        {
            "return [row for row in self.rows if row.key[1] in wanted]": (
                "return [\n"
                "            row\n"
                "            for row in self.rows\n"
                "            if row.key[1] in wanted or (row.sender is not None and row.sender() == sender)\n"
                "        ]"
            ),
        },
    ),
    Fault(
        "parties.sender-identity",
        "A connection for an equal sender is a duplicate.",
        PLAIN,
        {
            "any(other.key == key for other in self.rows)": (
                "any(r.key == key or (r.key[0] == key[0] and r.sender and r.sender() == sender) for r in self.rows)"
            ),
        },
    ),
    Fault(
        "parties.sender-identity",
        "Who disconnects from a sender disconnects from the first that is equal.",
        PLAIN,
        {
            "row.key == key:": "row.key == key or (row.key[0] == key[0] and row.sender and row.sender() == sender):",
        },
    ),
    Fault(
        "parties.falsy-sender",
        "A connection for a falsy sender is one for all senders.",
        PLAIN,
        {
            "    if dispatch_uid is not None:\n": "    sender = sender or None\n    if dispatch_uid is not None:\n",
        },
    ),
    Fault(
        "parties.falsy-sender",
        "A dispatch of a falsy sender is one of none.",
        PLAIN,
        {"wanted = (make_id(None), make_id(sender))": "wanted = (make_id(None), make_id(sender or None))"},
    ),
    Fault(
        "parties.falsy-sender",
        "has_listeners takes a falsy sender for none.",
        REFERENCE,
        {"return any(self._receivers(sender))": "return any(self._receivers(sender or None))"},
    ),
    Fault(
        "parties.sender-is-not-asked",
        "Whether there is a sender is asked of the sender.",
        REFERENCE,
        {
            "None if sender is None else self._refer_to_sender(sender)": (
                "self._refer_to_sender(sender) if sender else None"
            ),
        },
    ),
    Fault(
        "parties.sender-is-not-asked",
        "The sender is compared with None.",
        PLAIN,
        {"        if sender is None:\n": "        if sender == None:\n"},
    ),
    Fault(
        "parties.sender-is-not-asked",
        "The cache compares the sender with the one that it knows.",
        PLAIN,
        {"if guard is None or guard() is not sender:": "if guard is None or guard() != sender:"},
    ),
    Fault(
        "parties.sender-is-not-asked",
        "Who connects has the sender compared with the others.",
        PLAIN,
        {
            "any(other.key == key for other in self.rows)": (
                "any(r.sender and r.sender() == sender and r.key == key for r in self.rows)"
            ),
        },
    ),
    Fault(
        "parties.receiver-is-not-asked",
        "disconnect makes sure of the receiver by comparing.",
        PLAIN,
        {"if row.key == key:": "if row.key == key and (receiver is None or row.receiver() == receiver):"},
    ),
    Fault(
        "parties.receiver-is-not-asked",
        "The dead are told from the living by comparing.",
        PLAIN,
        {"in receivers if receiver is not None]": "in receivers if receiver != None]"},
    ),
    Fault(
        "parties.bound-method-sender",
        "A dispatch tells every sender by its address.",
        REFERENCE,
        {"who = identity(sender) if type(sender) is MethodType else id(sender)": "who = id(sender)"},
    ),
    Fault(
        "parties.bound-method-sender",
        "A bound method as sender stands for its instance.",
        PLAIN,
        {
            "return id(party.__self__), id(party.__func__)": "return id(party.__self__)",
            '("receiver", make_id(receiver))': '("receiver", receiver)',
        },
    ),
    Fault(
        "parties.bound-method-sender",
        "Who disconnects tells every sender by its address.",
        PLAIN,
        {
            ('there was one."""\n        key = make_key(receiver, sender, dispatch_uid)\n'): (
                'there was one."""\n'
                "        key = make_key(receiver, sender, dispatch_uid)\n"
                "        key = key[0], id(sender)\n"
            ),
        },
    ),
    Fault(
        "parties.bound-method-sender",
        "Nobody looks for duplicates where the sender is a method.",
        PLAIN,
        {
            "not any(other": "isinstance(sender, MethodType) or not any(other",
        },
    ),
    Fault(
        "parties.method-like-sender",
        "Whatever has a function passes for a bound method.",
        REFERENCE,
        {
            "    if type(party) is MethodType:\n        return (id(": (
                '    if hasattr(party, "__func__"):\n        return (id('
            ),
        },
    ),
    Fault(
        "parties.method-like-sender",
        "A class method object passes for a bound method.",
        PLAIN,
        {
            ("type(party) is MethodType:\n        return id"): (
                "isinstance(party, MethodType | classmethod):\n        return id"
            ),
        },
    ),
    Fault(
        "parties.method-like-sender",
        "Whatever has a __self__ passes for a bound method.",
        PLAIN,
        {
            ("type(party) is MethodType:\n        return id"): ('hasattr(party, "__self__"):\n        return id'),
        },
    ),
    Fault(
        "parties.providing-args-are-documentation",
        "Sends are held to the arguments that were announced.",
        OLD,
        {
            "    def _log_failure(": """\
    def send(self, /, sender: Any, **named: Any) -> list[tuple[Any, Any]]:
        assert self.providing_args.issuperset(named)
        return super().send(sender, **named)

    def _log_failure("""
        },
    ),
    Fault(
        "parties.providing-args-are-documentation",
        "The argument is deprecated already.",
        OLD,
        {
            "        self.providing_args =": """\
        warnings.warn("Who needs this?", DeprecationWarning, stacklevel=2)
        self.providing_args ="""
        },
    ),
    Fault(
        "parties.providing-args-accepted",
        "Nothing is said about the deprecation.",
        OLDER,
        {
            '            warnings.warn("providing_args is deprecated.", DeprecationWarning, stacklevel=2)': (
                "            pass"
            ),
        },
    ),
    Fault(
        "parties.providing-args-accepted",
        "The deprecation is announced like any other news.",
        OLDER,
        {"DeprecationWarning": "UserWarning"},
    ),
    Fault(
        "parties.providing-args-accepted",
        "The deprecation comes as an error.",
        OLDER,
        {
            'warnings.warn("providing_args is deprecated.", DeprecationWarning, stacklevel=2)': (
                'raise TypeError("providing_args is deprecated.")'
            ),
        },
    ),
    Fault(
        "parties.method-like-receiver",
        "Whatever has the attributes of a bound method is referenced by them.",
        REFERENCE,
        {
            "weakref.WeakMethod if type(party) is MethodType else": (
                'weakref.WeakMethod if hasattr(party, "__func__") and hasattr(party, "__self__") else'
            )
        },
    ),
    Fault(
        "parties.providing-args-attribute",
        "The names are kept as a list.",
        OLD,
        {"self.providing_args = set(providing_args or ())": "self.providing_args = list(providing_args or ())"},
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "connect switches the garbage collector off while it holds the lock, and on afterwards.",
        PLAIN,
        {**_COLLECTING, _APPENDS: "                gc.disable()\n" + _APPENDS + "                gc.enable()\n"},
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "A failure is logged whatever has been disabled, and what has been disabled is forgotten.",
        PLAIN,
        {
            "        info = (type(error), error, error.__traceback__)\n": (
                "        logging.disable(logging.NOTSET)\n        info = (type(error), error, error.__traceback__)\n"
            )
        },
    ),
    Fault(
        "parties.leaves-the-process-alone",
        "A send makes room for deep recursion, and then sets the limit that is usual.",
        PLAIN,
        {
            **_COLLECTING,
            _STARTS_SENDING: _STARTS_SENDING.replace(
                "        return responses\n", "        sys.setrecursionlimit(1000)\n        return responses\n"
            ),
        },
    ),
    Fault(
        "parties.receivers-find-the-process-unchanged",
        "The garbage collector is off while receivers run.",
        PLAIN,
        {
            **_COLLECTING,
            _STARTS_SENDING: """\
        responses, collects = [], gc.isenabled()
        gc.disable()
        try:
            for receiver in self._live_receivers(sender):
                responses.append((receiver, receiver(signal=self, sender=sender, **named)))
        finally:
            if collects:
                gc.enable()
        return responses
""",
        },
    ),
    Fault(
        "parties.receivers-find-the-process-unchanged",
        "What receivers of robust sends warn of is ignored.",
        PLAIN,
        {
            "import inspect\n": "import inspect\nimport warnings\n",
            _TRIES: """\
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    response = receiver(signal=self, sender=sender, **named)
            except Exception as error:
                self._log_failure(receiver, error)
""",
        },
    ),
    Fault(
        "parties.receivers-find-the-process-unchanged",
        "What receivers print is kept from the terminal.",
        REFERENCE,
        {
            "import contextvars\n": "import contextlib\nimport contextvars\nimport io\n",
            _SENDS_DIRECTLY: ("        with contextlib.redirect_stdout(io.StringIO()):\n    " + _SENDS_DIRECTLY),
        },
    ),
    Fault(
        "parties.receivers-find-the-process-unchanged",
        "A variable of the context tells receivers which signal is being sent.",
        REFERENCE,
        {
            "UNSET = object()\n": 'UNSET = object()\nCURRENT = contextvars.ContextVar[Any]("current")\n',
            _SENDS_DIRECTLY: (
                "        token = CURRENT.set(self)\n"
                "        try:\n    " + _SENDS_DIRECTLY + "        finally:\n            CURRENT.reset(token)\n"
            ),
        },
    ),
    Fault(
        "parties.senders-are-asked-for-nothing",
        "A text for debugging is made of each sender.",
        PLAIN,
        {_STARTS_SENDING: '        logger.debug(f"sending for {sender!r}")\n' + _STARTS_SENDING},
    ),
    Fault(
        "parties.senders-are-asked-for-nothing",
        "An empty sender is nobody to connect to.",
        PLAIN,
        {
            _FINDS: """\
        if not isinstance(sender, type) and hasattr(sender, "__len__") and len(sender) == 0:
            return
"""
            + _FINDS
        },
    ),
    Fault(
        "parties.senders-are-asked-for-nothing",
        "A sender may be several, each of which is connected to.",
        REFERENCE,
        {
            "        check_receiver(receiver)\n": """\
        check_receiver(receiver)
        if not isinstance(sender, type | str | frozenset | tuple) and hasattr(sender, "__iter__"):
            for each in sender:
                self.connect(receiver, each, weak, dispatch_uid)
            return
"""
        },
    ),
    Fault(
        "parties.senders-are-asked-for-nothing",
        "A sender is told which signals know it.",
        PLAIN,
        {
            "import inspect\n": "import contextlib\nimport inspect\n",
            _FINDS: """\
        with contextlib.suppress(AttributeError, TypeError):
            sender._signals = self
"""
            + _FINDS,
        },
    ),
    Fault(
        "parties.receivers-are-asked-for-nothing",
        "connect makes a text of each receiver, for debugging.",
        PLAIN,
        {_FINDS: '        logger.debug(f"connecting {receiver}")\n' + _FINDS},
    ),
    Fault(
        "parties.receivers-are-asked-for-nothing",
        "A receiver is told what it is connected to.",
        PLAIN,
        {
            "import inspect\n": "import contextlib\nimport inspect\n",
            _FINDS: """\
        with contextlib.suppress(AttributeError, TypeError):
            receiver._signal_uid = dispatch_uid
"""
            + _FINDS,
        },
    ),
    Fault(
        "parties.receivers-are-asked-for-nothing",
        "What has no items is taken for no receiver, and what cannot be asked for one.",
        REFERENCE,
        {
            "        check_receiver(receiver)\n": """\
        check_receiver(receiver)
        if not isinstance(receiver, type) and hasattr(type(receiver), "__iter__"):
            for each in receiver or ():
                self.connect(each, sender, weak, dispatch_uid)
"""
        },
    ),
]

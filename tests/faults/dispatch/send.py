"""Faults of the chapter send: send."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

_REFERENCE_CALLS = (
    "        responses = [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]\n"
)
_PLAIN_CALLS = """\
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=sender, **named)
"""
_PLAIN_BEGINS = """\
        responses = []
        for receiver in self._live_receivers(sender):
            response"""
_PLAIN_RESPONDS = """\
            response = receiver(signal=self, sender=sender, **named)
            responses"""
_PLAIN_ENDS = """\
            responses.append((receiver, response))
        return responses

    def send_robust"""
_PLAIN_TRIES = """\
            try:
                response = receiver(signal=self, sender=sender, **named)
"""
_PLAIN_RETURNS = """\
        return responses

    def send_robust"""
_NOTHING = "        responses = []\n"
_KNOWS = "        if self.use_caching and not self.cache.get(id(sender), (None, [None]))[1]:\n"

_CLOCKED = {"import threading\n": "import threading\nimport time\n"}
_STARTS_SENDING = """\
        responses = []
        for receiver in self._live_receivers(sender):
            response = receiver(signal=self, sender=sender, **named)
"""
_CALLS_ROBUSTLY = """\
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception as error:
                self._log_failure(receiver, error)
                response = error
"""
_DIRECTLY = "        responses = [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in direct]\n"
_REFERENCE_TRIES = "                response = receiver(signal=self, sender=sender, **named)\n            except"

FAULTS = [
    Fault(
        "send.each-connection-once",
        "A sender with connections of its own misses those for all senders.",
        REFERENCE,
        {"if of in (ANY_SENDER, who)])": "if of == who])"},
    ),
    Fault(
        "send.each-connection-once",
        "Only the first of the receivers is called.",
        REFERENCE,
        {"            responses.append((receiver, response))\n": "            return [(receiver, response)]\n"},
    ),
    Fault(
        "send.each-connection-once",
        "A receiver with two connections is called once.",
        PLAIN,
        {
            "        return [receiver for receiver in receivers if receiver is not None]\n": (
                "        return list({id(each): each for each in receivers if each is not None}.values())\n"
            )
        },
    ),
    Fault(
        "send.any-number",
        "The table is full after 255 connections.",
        PLAIN,
        {"if not any(other.key == key for": "if len(self.rows) < 255 and not any(other.key == key for"},
    ),
    Fault(
        "send.any-number",
        "Where there are many, those for all senders come first.",
        PLAIN,
        {
            "if row.key[1] in wanted]": (
                "if row.key[1] in wanted and len(self.rows) < 64] or [\n"
                "            row for each in wanted for row in self.rows if row.key[1] == each\n        ]"
            )
        },
    ),
    Fault(
        "send.any-number",
        "A send calls 256 receivers at the most.",
        REFERENCE,
        {_REFERENCE_CALLS: _REFERENCE_CALLS.replace("in direct", "in direct[:256]")},
    ),
    Fault(
        "send.order",
        "The last to connect is called first.",
        PLAIN,
        {"self.rows.append(row)": "self.rows.insert(0, row)"},
    ),
    Fault(
        "send.order",
        "The receivers of the sender are called before those of all senders.",
        PLAIN,
        {
            "        return [row for row in self.rows if row.key[1] in wanted]\n": (
                "        return [row for one in reversed(wanted) for row in self.rows if row.key[1] == one]\n"
            )
        },
    ),
    Fault(
        "send.order",
        "Connections with a uid come after those without.",
        PLAIN,
        {
            "[row for row in self.rows if row.key[1] in wanted]": (
                "sorted((row for row in self.rows if row.key[1] in wanted), key=lambda row: row.key[0][0])"
            )
        },
    ),
    Fault(
        "send.returns-a-list-of-pairs",
        "A failure is paired in a list.",
        PLAIN,
        {
            "                response = error\n": (
                "                responses.append([receiver, error])\n                continue\n"
            )
        },
    ),
    Fault(
        "send.returns-a-list-of-pairs",
        "send is a generator of pairs.",
        REFERENCE,
        {
            _REFERENCE_CALLS: (
                "        return ((each, each(signal=self, sender=sender, **named)) for each in direct)\n"
            )
        },
    ),
    Fault(
        "send.returns-a-list-of-pairs",
        "send_robust returns a tuple.",
        PLAIN,
        {
            "return responses\n\n    def _log_failure": "return tuple(responses)\n\n    def _log_failure",
        },
    ),
    Fault(
        "send.returns-a-list-of-pairs",
        "send_robust returns lists of two.",
        REFERENCE,
        {"responses.append((receiver, response))": "responses.append([receiver, response])"},
    ),
    Fault(
        "send.returns-a-list-of-pairs",
        "send returns a dictionary's items.",
        PLAIN,
        {_PLAIN_RETURNS: "        return dict(responses).items()\n\n    def send_robust"},
    ),
    Fault(
        "send.pairs-name-the-receiver",
        "A bound method is named by its function.",
        REFERENCE,
        {"responses = [(receiver,": 'responses = [(getattr(receiver, "__func__", receiver),'},
    ),
    Fault(
        "send.pairs-name-the-receiver",
        "A receiver is named by its name.",
        REFERENCE,
        {"responses.append((receiver, response))": "responses.append((repr(receiver), response))"},
    ),
    Fault(
        "send.pairs-name-the-receiver",
        "The last receiver names all pairs.",
        PLAIN,
        {
            _PLAIN_ENDS: (
                "            responses.append((receiver, response))\n"
                "        return [(receiver, response) for _, response in responses]\n"
                "\n"
                "    def send_robust"
            ),
        },
    ),
    Fault(
        "send.pairs-name-the-receiver",
        "The first receiver names all pairs.",
        PLAIN,
        {
            _PLAIN_ENDS: (
                "            responses.append((responses[0][0] if responses else receiver, response))\n"
                "        return responses\n"
                "\n"
                "    def send_robust"
            ),
        },
    ),
    Fault(
        "send.pairs-name-the-receiver",
        "What failed is identified by its name.",
        REFERENCE,
        {
            "                response = error\n": """\
                responses.append((getattr(receiver, "__qualname__", ""), error))  # type: ignore[arg-type]
                continue
"""
        },
    ),
    Fault(
        "send.pairs-carry-the-response",
        "A false response becomes None.",
        REFERENCE,
        {"**named)) for receiver in direct": "**named) or None) for receiver in direct"},
    ),
    Fault(
        "send.pairs-carry-the-response",
        "Receivers that return None are left out.",
        REFERENCE,
        {
            "            responses.append((receiver, response))\n": (
                "            if response is not None:\n                responses.append((receiver, response))\n"
            )
        },
    ),
    Fault(
        "send.pairs-carry-the-response",
        "An awaitable response is awaited.",
        PLAIN,
        {
            _PLAIN_CALLS: _PLAIN_CALLS
            + """\
            if inspect.isawaitable(response):
                response = next(response.__await__())
"""
        },
    ),
    Fault(
        "send.pairs-carry-the-response",
        "An exception class that is returned is instantiated.",
        PLAIN,
        {
            _PLAIN_TRIES: _PLAIN_TRIES
            + """\
                if isinstance(response, type) and issubclass(response, Exception):
                    response = response()
"""
        },
    ),
    Fault(
        "send.nobody-listens",
        "A send to nobody returns None.",
        REFERENCE,
        {"            return []\n": "            return None\n"},
    ),
    Fault(
        "send.nobody-listens",
        "A send to nobody returns an empty tuple.",
        PLAIN,
        {_PLAIN_RETURNS: "        return responses or ()\n\n    def send_robust"},
    ),
    Fault(
        "send.nobody-listens",
        "Where it is known that nobody listens, an empty tuple will do.",
        PLAIN,
        {_NOTHING + _PLAIN_CALLS: _KNOWS + "            return ()\n" + _NOTHING + _PLAIN_CALLS},
    ),
    Fault(
        "send.new-list-each-time",
        "All sends to nobody return one empty list.",
        REFERENCE,
        {
            "ANY_SENDER = id(None)\n": "ANY_SENDER = id(None)\nNO_RESPONSES: list[Any] = []\n",
            "            return []\n": "            return NO_RESPONSES\n",
        },
    ),
    Fault(
        "send.new-list-each-time",
        "The list of responses is used again.",
        PLAIN,
        {
            "        self.lock = threading.RLock()\n": (
                "        self.lock = threading.RLock()\n        self.responses: list[tuple[Any, Any]] = []\n"
            ),
            "        responses = []\n" + _PLAIN_CALLS: (
                "        responses = self.responses\n        responses.clear()\n" + _PLAIN_CALLS
            ),
        },
    ),
    Fault(
        "send.new-list-each-time",
        "Where it is known that nobody listens, there is one list for all.",
        PLAIN,
        {
            _NOTHING + _PLAIN_CALLS: _KNOWS + "            return NOBODY\n" + _NOTHING + _PLAIN_CALLS,
            'logger = logging.getLogger("': 'NOBODY: Any = []\nlogger = logging.getLogger("',
        },
    ),
    Fault(
        "send.passes-the-signal",
        "Receivers are not told the signal.",
        REFERENCE,
        {_REFERENCE_CALLS: _REFERENCE_CALLS.replace("signal=self, ", "")},
    ),
    Fault(
        "send.passes-the-signal",
        "Receivers get a proxy of the signal.",
        PLAIN,
        {_PLAIN_TRIES: _PLAIN_TRIES.replace("signal=self", "signal=weakref.proxy(self)")},
    ),
    Fault(
        "send.passes-the-signal",
        "Receivers get the signal's class.",
        PLAIN,
        {_PLAIN_CALLS: _PLAIN_CALLS.replace("signal=self", "signal=type(self)")},
    ),
    Fault(
        "send.passes-the-signal",
        "A receiver is remembered with the first signal that calls it.",
        PLAIN,
        {
            'logger = logging.getLogger("django.dispatch")\n': (
                'logger = logging.getLogger("django.dispatch")\nfirst_signals: Any = weakref.WeakKeyDictionary()\n'
            ),
            _PLAIN_RESPONDS: (
                "            response = receiver(signal=first_signals.setdefault(receiver, self), "
                "sender=sender, **named)\n"
                "            responses"
            ),
        },
    ),
    Fault(
        "send.passes-the-sender",
        "A false sender is passed as None.",
        REFERENCE,
        {_REFERENCE_CALLS: _REFERENCE_CALLS.replace("sender=sender,", "sender=sender or None,")},
    ),
    Fault(
        "send.passes-the-sender",
        "An instance is passed as its class.",
        PLAIN,
        {
            _PLAIN_TRIES: _PLAIN_TRIES.replace(
                "sender=sender", "sender=sender if inspect.isclass(sender) else type(sender)"
            )
        },
    ),
    Fault(
        "send.passes-named-arguments",
        "Arguments that are None are left out.",
        PLAIN,
        {
            _PLAIN_CALLS: "        named = {name: value for name, value in named.items() if value is not None}\n"
            + _PLAIN_CALLS
        },
    ),
    Fault(
        "send.passes-named-arguments",
        "Receivers get copies of the arguments.",
        REFERENCE,
        {
            "import inspect\n": "import copy\nimport inspect\n",
            "response = receiver(signal=self, sender=sender, **named)": (
                "response = receiver(signal=self, sender=sender, **copy.deepcopy(named))"
            ),
        },
    ),
    Fault(
        "send.passes-named-arguments",
        "Arguments of the same names are taken for the same arguments.",
        PLAIN,
        {
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.named: dict[Any, Any] = {}"),
            _PLAIN_RESPONDS: (
                "            response = receiver(signal=self, sender=sender, "
                "**self.named.setdefault(tuple(named), named))\n"
                "            responses"
            ),
        },
    ),
    Fault(
        "send.passes-nothing-else",
        "The sender is passed by position.",
        PLAIN,
        {_PLAIN_CALLS: _PLAIN_CALLS.replace("signal=self, sender=sender", "sender, signal=self")},
    ),
    Fault(
        "send.passes-nothing-else",
        "send_robust tells receivers that it is robust.",
        REFERENCE,
        {
            "response = receiver(signal=self, sender=sender, **named)": (
                "response = receiver(signal=self, sender=sender, robust=True, **named)"
            )
        },
    ),
    Fault(
        "send.passes-nothing-else",
        "Who has a uid gets it.",
        PLAIN,
        {
            _PLAIN_RESPONDS: (
                "            uids = [row.key[0][1] for row in self.rows if row.receiver() == receiver and "
                'row.key[0][0] == "uid"]\n'
                '            response = receiver(signal=self, sender=sender, **named, **({"uid": uids[0]} if '
                "uids else {}))\n"
                "            responses"
            ),
        },
    ),
    Fault(
        "send.passes-nothing-else",
        "Who hears all senders is told so.",
        PLAIN,
        {
            _PLAIN_RESPONDS: (
                "            general = any(row.receiver() == receiver and row.sender is None for row in "
                "self.rows)\n"
                '            response = receiver(signal=self, sender=sender, **named, **({"general": True} if '
                "general else {}))\n"
                "            responses"
            ),
        },
    ),
    Fault(
        "send.arguments-are-not-chosen",
        "A receiver gets those of the arguments that it has parameters for.",
        PLAIN,
        {
            _PLAIN_CALLS: """\
        for receiver in self._live_receivers(sender):
            every = dict(named, signal=self, sender=sender)
            if not accepts_kwargs(receiver):
                every = {name: every[name] for name in inspect.signature(receiver).parameters}
            response = receiver(**every)
"""
        },
    ),
    Fault(
        "send.arguments-are-not-chosen",
        "A receiver that does not take the arguments is called without.",
        REFERENCE,
        {
            "            except Exception as error:\n": """\
            except TypeError:
                response = receiver(signal=self, sender=sender)
            except Exception as error:
"""
        },
    ),
    Fault(
        "send.any-argument-name",
        "A helper calls the receivers and has parameters of its own.",
        PLAIN,
        {
            _PLAIN_CALLS: _PLAIN_CALLS.replace("receiver(signal=self, ", "self._call(receiver, "),
            "    def _log_failure": (
                "    def _call(self, receiver: Any, **named: Any) -> Any:\n"
                "        return receiver(signal=self, **named)\n\n"
                "    def _log_failure"
            ),
        },
    ),
    Fault(
        "send.any-argument-name",
        "A helper calls the receivers and has a parameter called callback.",
        PLAIN,
        {
            _PLAIN_CALLS: _PLAIN_CALLS.replace("receiver(signal=self, ", "self._call(receiver, "),
            "    def _log_failure": (
                "    def _call(self, callback: Any, **named: Any) -> Any:\n"
                "        return callback(signal=self, **named)\n\n"
                "    def _log_failure"
            ),
        },
    ),
    Fault(
        "send.any-argument-name",
        "Names with an underscore in front are kept from the receivers.",
        PLAIN,
        {
            _PLAIN_CALLS: _PLAIN_CALLS.replace(
                "**named", '**{name: value for name, value in named.items() if name[0] != "_"}'
            )
        },
    ),
    Fault(
        "send.any-argument-name",
        "send has an option for send_robust to use.",
        REFERENCE,
        {
            "def send(self, /, sender: Any, **named": "def send(self, /, sender: Any, robust: bool = False, **named",
            "            return []\n": (
                "            return []\n        if robust:\n            return self.send_robust(sender, **named)\n"
            ),
        },
    ),
    Fault(
        "send.own-keywords",
        "The arguments are let go once the first receiver has had them.",
        PLAIN,
        {_PLAIN_CALLS: _PLAIN_CALLS + "            named.clear()\n"},
    ),
    Fault(
        "send.own-keywords",
        "Each receiver gets what the earlier ones left of a shared dictionary.",
        REFERENCE,
        {
            "        responses: list[Response] = []\n": (
                "        responses: list[Response] = []\n"
                "        shared = named | {'signal': self, 'sender': sender}\n"
            ),
            "response = receiver(signal=self, sender=sender, **named)": (
                "response = receiver(**{name: shared.pop(name) for name in list(shared)})"
            ),
        },
    ),
    Fault(
        "send.sender-parameter",
        "The sender can be left out.",
        REFERENCE,
        {"def send(self, /, sender: Any, ": "def send(self, /, sender: Any = None, "},
    ),
    Fault(
        "send.sender-parameter",
        "The sender can be passed by position only.",
        PLAIN,
        {"def send_robust(self, /, sender: Any, ": "def send_robust(self, sender: Any, /, "},
    ),
    Fault(
        "send.sender-parameter",
        "What else is passed by position is lost.",
        PLAIN,
        {"def send(self, /, sender: Any, ": "def send(self, /, sender: Any, *_: Any, "},
    ),
    Fault(
        "send.sender-parameter",
        "The sender can be passed by name only.",
        PLAIN,
        {"def send(self, /, sender: Any, ": "def send(self, /, *, sender: Any, "},
    ),
    Fault(
        "send.raises-what-a-receiver-raises",
        "send swallows errors.",
        PLAIN,
        {
            _PLAIN_CALLS: """\
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception:
                continue
"""
        },
    ),
    Fault(
        "send.raises-what-a-receiver-raises",
        "send wraps what it raises.",
        PLAIN,
        {
            _PLAIN_CALLS: """\
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception as error:
                raise RuntimeError(f"{receiver!r} failed") from error
"""
        },
    ),
    Fault(
        "send.raises-what-a-receiver-raises",
        "Receivers are called by a generator, which changes StopIteration.",
        REFERENCE,
        {
            _REFERENCE_CALLS: (
                "        return list((each, each(signal=self, sender=sender, **named)) for each in direct)\n"
            )
        },
    ),
    Fault(
        "send.raises-what-a-receiver-raises",
        "The exception is raised anew, from nothing.",
        PLAIN,
        {
            "            response = receiver(signal=self, sender=sender, **named)\n            responses": (
                "            try:\n                response = receiver(signal=self, sender=sender, **named)\n"
                "            except Exception as error:\n                raise error from None\n            responses"
            )
        },
    ),
    Fault(
        "send.raises-what-a-receiver-raises",
        "The exception is raised after it has been handled, and made to forget what it was raised in the midst of.",
        PLAIN,
        {
            "            response = receiver(signal=self, sender=sender, **named)\n            responses": (
                "            try:\n                response = receiver(signal=self, sender=sender, **named)\n"
                "            except Exception as error:\n                error.__context__ = None\n"
                "                raise\n            responses"
            )
        },
    ),
    Fault(
        "send.raises-what-a-receiver-raises",
        "The notes are taken off an exception.",
        PLAIN,
        {
            _PLAIN_RESPONDS: (
                "            try:\n"
                "                response = receiver(signal=self, sender=sender, **named)\n"
                "            except Exception as error:\n"
                '                vars(error).pop("__notes__", None)\n'
                "                raise\n"
                "            responses"
            ),
        },
    ),
    Fault(
        "send.error-has-its-traceback",
        "The exception is raised anew, without its traceback.",
        PLAIN,
        {
            "            response = receiver(signal=self, sender=sender, **named)\n            responses": (
                "            try:\n                response = receiver(signal=self, sender=sender, **named)\n"
                "            except BaseException as error:\n                raised = error.with_traceback(None)\n"
                "            else:\n                raised = None\n"
                "            if raised is not None:\n                raise raised\n            responses"
            )
        },
    ),
    Fault(
        "send.raises-fatal-exceptions",
        "An interrupt ends the dispatch in silence.",
        PLAIN,
        {
            _PLAIN_CALLS: """\
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except KeyboardInterrupt:
                break
"""
        },
    ),
    Fault(
        "send.raises-fatal-exceptions",
        "send raises a fatal exception as a RuntimeError.",
        PLAIN,
        {
            _PLAIN_CALLS: """\
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except (SystemExit, GeneratorExit) as error:
                raise RuntimeError("A receiver must not exit.") from error
"""
        },
    ),
    Fault(
        "send.stops-at-an-exception",
        "send calls everybody and then raises the first error.",
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
        "send.exception-changes-nothing",
        "A receiver that raises is disconnected.",
        PLAIN,
        {
            _PLAIN_CALLS: """\
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception:
                self.disconnect(receiver)
                raise
"""
        },
    ),
    Fault(
        "send.exception-changes-nothing",
        "A receiver that raises is disconnected from the sender.",
        PLAIN,
        {
            _PLAIN_CALLS: """\
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception:
                self.disconnect(receiver, sender)
                raise
"""
        },
    ),
    Fault(
        "send.exception-changes-nothing",
        "An exception leaves the lock acquired.",
        PLAIN,
        {
            "        responses = []\n" + _PLAIN_CALLS: (
                "        responses = []\n        running = self.running\n        running.acquire()\n" + _PLAIN_CALLS
            ),
            _PLAIN_RETURNS: "        running.release()\n" + _PLAIN_RETURNS,
            "        self.lock = threading.RLock()\n": (
                "        self.lock = threading.RLock()\n        self.running = threading.Lock()\n"
            ),
        },
        hangs=True,
    ),
    Fault(
        "send.exception-changes-nothing",
        "After an exception a signal takes itself to be sending still.",
        PLAIN,
        {
            "        self.lock = threading.RLock()\n": (
                "        self.lock = threading.RLock()\n        self.sending = False\n"
            ),
            "        responses = []\n" + _PLAIN_CALLS: (
                "        responses = []\n"
                "        if self.sending:\n"
                '            raise RuntimeError("A signal must not be sent by its own receivers.")\n'
                "        self.sending = True\n" + _PLAIN_CALLS
            ),
            _PLAIN_RETURNS: "        self.sending = False\n" + _PLAIN_RETURNS,
        },
    ),
    Fault(
        "send.exception-changes-nothing",
        "What is connected waits for the end of a dispatch, which an exception never reaches.",
        PLAIN,
        {
            "self.rows: list[Row] = []": (
                "self.rows: list[Row] = []\n        self.depth = 0\n        self.waiting: list[Row] = []"
            ),
            "self.rows.append(row)": "(self.waiting if self.depth else self.rows).append(row)",
            _PLAIN_BEGINS: (
                "        self.depth += 1\n"
                "        responses = []\n"
                "        for receiver in self._live_receivers(sender):\n"
                "            response"
            ),
            _PLAIN_ENDS: (
                "            responses.append((receiver, response))\n"
                "        self.depth -= 1\n"
                "        self.rows += self.waiting\n"
                "        self.waiting = []\n"
                "        return responses\n"
                "\n"
                "    def send_robust"
            ),
        },
    ),
    Fault(
        "send.logs-nothing",
        "send logs what it raises.",
        PLAIN,
        {
            _PLAIN_CALLS: """\
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except Exception:
                logger.exception("%r failed", receiver)
                raise
"""
        },
    ),
    Fault(
        "send.logs-nothing",
        "send is send_robust that raises the error afterwards.",
        REFERENCE,
        {
            _REFERENCE_CALLS: """\
        responses = []
        for receiver, response in self.send_robust(sender, **named):
            if isinstance(response, Exception):
                raise response
            responses.append((receiver, response))
        return responses
"""
        },
    ),
    Fault(
        "send.same-thread",
        "Receivers run in a pool of threads.",
        REFERENCE,
        {
            "import inspect\n": "import concurrent.futures\nimport inspect\n",
            _REFERENCE_CALLS: """\
        with concurrent.futures.ThreadPoolExecutor() as pool:
            called = [
                (each, pool.submit(each, signal=self, sender=sender, **named)) for each in direct
            ]
        return [(receiver, future.result()) for receiver, future in called]
""",
        },
    ),
    Fault(
        "send.same-thread",
        "send_robust calls each receiver in a thread, to survive it.",
        PLAIN,
        {
            "import inspect\n": "import concurrent.futures\nimport inspect\n",
            _PLAIN_TRIES: """\
            try:
                with concurrent.futures.ThreadPoolExecutor(1) as pool:
                    response = pool.submit(receiver, signal=self, sender=sender, **named).result()
""",
        },
    ),
    Fault(
        "send.same-context",
        "Receivers run in a copy of the context.",
        REFERENCE,
        {
            "import inspect\n": "import contextvars\nimport inspect\n",
            "response = receiver(signal=self, sender=sender, **named)": (
                "response = contextvars.copy_context().run(receiver, signal=self, sender=sender, **named)"
            ),
        },
    ),
    Fault(
        "send.same-context",
        "Receivers run in a context of the signal.",
        PLAIN,
        {
            "import inspect\n": "import contextvars\nimport inspect\n",
            "        self.lock = threading.RLock()\n": (
                "        self.lock = threading.RLock()\n        self.context = contextvars.copy_context()\n"
            ),
            _PLAIN_CALLS: _PLAIN_CALLS.replace("receiver(signal", "self.context.run(receiver, signal"),
        },
    ),
    Fault(
        "send.same-context",
        "Each receiver gets a copy of the context, and the last one's is kept.",
        PLAIN,
        {
            "import inspect\n": ("import contextvars\nimport inspect\n"),
            _PLAIN_BEGINS: (
                "        responses, before = [], contextvars.copy_context()\n"
                "        context = before\n"
                "        for receiver in self._live_receivers(sender):\n"
                "            response"
            ),
            _PLAIN_RESPONDS: (
                "            context = before.copy()\n"
                "            response = context.run(receiver, signal=self, sender=sender, **named)\n"
                "            responses"
            ),
            _PLAIN_ENDS: (
                "            responses.append((receiver, response))\n"
                "        for variable, value in context.items():\n"
                "            variable.set(value)\n"
                "        return responses\n"
                "\n"
                "    def send_robust"
            ),
        },
    ),
    Fault(
        "send.changes-nothing",
        "A route is a generator, which the first send exhausts.",
        REFERENCE,
        {
            "direct = tuple([row.receiver for row in rows if not row.asynchronous])": (
                "direct = (row.receiver for row in rows if not row.asynchronous)"
            ),
        },
    ),
    Fault(
        "send.changes-nothing",
        "Whoever has been called is disconnected.",
        PLAIN,
        {_PLAIN_CALLS: _PLAIN_CALLS + "            self.disconnect(receiver, sender)\n"},
    ),
    Fault(
        "send.take-their-time",
        "A send gives up after a minute.",
        PLAIN,
        {
            **_CLOCKED,
            _STARTS_SENDING: """\
        responses, begun = [], time.monotonic()
        for receiver in self._live_receivers(sender):
            if time.monotonic() - begun > 60:
                break
            response = receiver(signal=self, sender=sender, **named)
""",
        },
    ),
    Fault(
        "send.take-their-time",
        "A receiver that took more than half a minute is not called by robust sends any more.",
        PLAIN,
        {
            **_CLOCKED,
            "self.rows: list[Row] = []": "self.rows: list[Row] = []\n        self.slow: set[Any] = set()",
            _CALLS_ROBUSTLY: """\
            if make_id(receiver) in self.slow:
                continue
            begun = time.monotonic()
"""
            + _CALLS_ROBUSTLY
            + """\
            if time.monotonic() - begun > 30:
                self.slow.add(make_id(receiver))
""",
        },
    ),
    Fault(
        "send.take-their-time",
        "What a send returns after an hour is nothing.",
        REFERENCE,
        {
            **_CLOCKED,
            _DIRECTLY: "        begun = time.time()\n"
            + _DIRECTLY
            + """\
        if time.time() - begun > 3600:
            return []
""",
        },
    ),
    Fault(
        "send.however-soon-again",
        "A send that is like the one before is left out for a second.",
        PLAIN,
        {
            **_CLOCKED,
            "self.rows: list[Row] = []": "self.rows: list[Row] = []\n        self.last: Any = None",
            _STARTS_SENDING: """\
        last, self.last = self.last, (id(sender), named, time.monotonic())
        if last is not None and last[:2] == self.last[:2] and self.last[2] - last[2] < 1:
            return []
"""
            + _STARTS_SENDING,
        },
    ),
    Fault(
        "send.however-soon-again",
        "No more than thirty sends a second call anybody.",
        PLAIN,
        {
            **_CLOCKED,
            "self.rows: list[Row] = []": "self.rows: list[Row] = []\n        self.sent: list[float] = []",
            _STARTS_SENDING: """\
        now = time.monotonic()
        self.sent = [when for when in self.sent if now - when < 1]
        if len(self.sent) > 30:
            return []
        self.sent.append(now)
"""
            + _STARTS_SENDING,
        },
    ),
    Fault(
        "send.however-soon-again",
        "Who has been called ten times in a row gets a rest.",
        REFERENCE,
        {
            _DIRECTLY: """\
        self._called = 0 if getattr(self, "_called", 0) > 10 else getattr(self, "_called", 0) + 1
        if self._called > 10:
            return []
"""
            + _DIRECTLY
        },
    ),
    Fault(
        "send.each-call-once",
        "A robust send tries again where a connection fails.",
        PLAIN,
        {
            _CALLS_ROBUSTLY: """\
            try:
                try:
                    response = receiver(signal=self, sender=sender, **named)
                except OSError:
                    response = receiver(signal=self, sender=sender, **named)
            except Exception as error:
                self._log_failure(receiver, error)
                response = error
"""
        },
    ),
    Fault(
        "send.each-call-once",
        "A receiver that raises TypeError is called again without the named arguments.",
        PLAIN,
        {
            _STARTS_SENDING: """\
        responses = []
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except TypeError:
                response = receiver(signal=self, sender=sender)
"""
        },
    ),
    Fault(
        "send.each-call-once",
        "A robust send tries everything twice.",
        REFERENCE,
        {
            _REFERENCE_TRIES: """\
                try:
                    response = receiver(signal=self, sender=sender, **named)
                except Exception:
                    response = receiver(signal=self, sender=sender, **named)
            except"""
        },
    ),
    Fault(
        "send.each-call-once",
        "A send waits a moment and tries again after a timeout.",
        PLAIN,
        {
            **_CLOCKED,
            _STARTS_SENDING: """\
        responses = []
        for receiver in self._live_receivers(sender):
            try:
                response = receiver(signal=self, sender=sender, **named)
            except TimeoutError:
                time.sleep(0.001)
                response = receiver(signal=self, sender=sender, **named)
""",
        },
    ),
    Fault(
        "send.tokens-of-context-variables",
        "Each receiver runs in a copy of the context, and what it sets is carried over.",
        PLAIN,
        {
            "import inspect\n": "import contextvars\nimport inspect\n",
            _STARTS_SENDING: """\
        responses = []
        for receiver in self._live_receivers(sender):
            context = contextvars.copy_context()
            response = context.run(receiver, signal=self, sender=sender, **named)
            for variable, value in context.items():
                variable.set(value)
""",
        },
    ),
    Fault(
        "send.tokens-of-context-variables",
        "Each receiver of a robust send runs in a copy of the context, and what it sets is carried over.",
        PLAIN,
        {
            "import inspect\n": "import contextvars\nimport inspect\n",
            _CALLS_ROBUSTLY: """\
            context = contextvars.copy_context()
"""
            + _CALLS_ROBUSTLY.replace("receiver(signal", "context.run(receiver, signal")
            + """\
            for variable, value in context.items():
                variable.set(value)
""",
        },
    ),
    Fault(
        "send.tokens-of-context-variables",
        "All receivers run in one copy of the context, and what they set is carried over.",
        REFERENCE,
        {
            _DIRECTLY: """\
        context = contextvars.copy_context()
        responses = [
            (receiver, context.run(receiver, signal=self, sender=sender, **named)) for receiver in direct
        ]
        for variable, value in context.items():
            variable.set(value)
"""
        },
    ),
    Fault(
        "send.earlier-arguments-are-gone",
        "Arguments whose names begin with an x and an underscore are kept for later sends.",
        PLAIN,
        {
            _STARTS_SENDING: """\
        kept = vars(self).setdefault("kept", {})
        kept.update((name, value) for name, value in named.items() if name.startswith("x_"))
        named = {**kept, **named}
"""
            + _STARTS_SENDING
        },
    ),
    Fault(
        "send.earlier-arguments-are-gone",
        "Identifiers that one robust send of any signal was given are passed on by all others.",
        PLAIN,
        {
            "class Signal:\n": "_identifiers: dict[str, Any] = {}\n\n\nclass Signal:\n",
            "        for receiver in self._live_receivers(sender):\n            try:": """\
        _identifiers.update((name, value) for name, value in named.items() if name.endswith("_id"))
        named = {**_identifiers, **named}
        for receiver in self._live_receivers(sender):
            try:""",
        },
    ),
    Fault(
        "send.earlier-arguments-are-gone",
        "What a send was given is let go at its end, which one that raises does not come to.",
        REFERENCE,
        {
            _DIRECTLY: """\
        pending = vars(self).setdefault("_pending", {})
        pending.update(named)
        responses = [(receiver, receiver(signal=self, sender=sender, **{**pending, **named})) for receiver in direct]
        pending.clear()
"""
        },
    ),
    Fault(
        "send.earlier-arguments-are-gone",
        "What the receivers for all senders are called with is prepared once.",
        REFERENCE,
        {
            _DIRECTLY: """\
        prepared = vars(self).setdefault("_prepared", {"signal": self, "sender": sender})
        responses = [(receiver, receiver(**prepared, **named)) for receiver in direct]
"""
        },
    ),
    Fault(
        "send.earlier-arguments-are-gone",
        "An argument of a robust send has the value that it had first.",
        REFERENCE,
        {
            "        responses: list[Response] = []\n": """\
        responses: list[Response] = []
        first = vars(self).setdefault("_first", {})
        named = {name: first.setdefault(name, value) for name, value in named.items()}
"""
        },
    ),
]

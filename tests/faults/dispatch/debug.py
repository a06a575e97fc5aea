"""Faults of the chapter debug: the checks under DEBUG."""

from __future__ import annotations

from faults import OLDER, PLAIN, REFERENCE, Fault

_PLAIN_CHECKS = """\
        if settings.configured and settings.DEBUG:
            if not callable(receiver):
                raise TypeError("A receiver must be callable.")
            if not accepts_kwargs(receiver):
                raise ValueError("A receiver must accept **kwargs.")
"""
_PLAIN_CALLABLE = """\
            if not callable(receiver):
                raise TypeError("A receiver must be callable.")
"""
_PLAIN_KWARGS = """\
            if not accepts_kwargs(receiver):
                raise ValueError("A receiver must accept **kwargs.")
"""
_VAR_KEYWORD = "parameter.kind is parameter.VAR_KEYWORD"
_CONFIGURED = "conf.settings.configured and conf.settings.DEBUG"
_REFUSES = """\
        raise ValueError(f"A receiver must accept any keyword argument (**kwargs): {function!r} does not.")
"""
_UNCALLABLE = """\
        if not callable(receiver):
            raise TypeError("A receiver must be callable.")
"""
_APPENDS = """\
            if not any(other.key == key for other in self.rows):
                self.rows.append(row)
"""
_NEW_ONLY = {
    _PLAIN_CHECKS: "",
    _APPENDS: """\
            if not any(other.key == key for other in self.rows):
                if settings.configured and settings.DEBUG:
                    if not callable(receiver):
                        raise TypeError("A receiver must be callable.")
                    if not accepts_kwargs(receiver):
                        raise ValueError("A receiver must accept **kwargs.")
                self.rows.append(row)
""",
}
_MAKES = "        self.use_caching = use_caching\n"
_ON = "if settings.configured and settings.DEBUG:"
_ANY_CALLABLE = {
    _PLAIN_CHECKS: _PLAIN_CHECKS.replace(_PLAIN_CALLABLE, "").replace("        if", _UNCALLABLE + "        if", 1)
}
_CACHED = {
    "import inspect\n": "import functools\nimport inspect\n",
    "def accepts_any_keyword(": "@functools.lru_cache(maxsize=512)\ndef accepts_any_keyword(",
}

FAULTS = [
    Fault(
        "debug.refuses-what-is-not-callable",
        "What is not callable is refused with AssertionError.",
        REFERENCE,
        {
            '        raise TypeError(f"A receiver must be callable: {function!r} is not.")\n': (
                '        raise AssertionError(f"A receiver must be callable: {function!r} is not.")\n'
            )
        },
    ),
    Fault(
        "debug.refuses-what-is-not-callable",
        "What is not callable is refused with ValueError.",
        PLAIN,
        {
            '                raise TypeError("A receiver must be callable.")\n': (
                '                raise ValueError("A receiver must be callable.")\n'
            )
        },
    ),
    Fault(
        "debug.refuses-what-is-not-callable",
        "Only what is callable is checked.",
        PLAIN,
        {
            _PLAIN_CALLABLE: "",
            "            if not accepts_kwargs(": "            if callable(receiver) and not accepts_kwargs(",
        },
    ),
    Fault(
        "debug.refuses-what-is-not-callable",
        "Only what is going to be connected is checked.",
        PLAIN,
        _NEW_ONLY,
    ),
    Fault(
        "debug.asserts-what-is-callable",
        "What is not callable is refused with TypeError.",
        OLDER,
        {'raise AssertionError("A receiver must be callable.")': 'raise TypeError("A receiver must be callable.")'},
    ),
    Fault(
        "debug.asserts-what-is-callable",
        "What is not callable is connected nevertheless.",
        OLDER,
        {
            '            raise AssertionError("A receiver must be callable.")\n': (
                '            warnings.warn("A receiver must be callable.", stacklevel=2)\n            return\n'
            )
        },
    ),
    Fault(
        "debug.asserts-what-is-callable",
        "None is taken for no receiver at all, and nothing is asserted of it.",
        OLDER,
        {"settings.DEBUG and not callable(": "settings.DEBUG and receiver is not None and not callable("},
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "What a receiver accepts is not checked.",
        PLAIN,
        {_PLAIN_KWARGS: ""},
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "A receiver with *args passes for one with **kwargs.",
        REFERENCE,
        {_VAR_KEYWORD: "parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)"},
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "A receiver that knows signal and sender passes.",
        REFERENCE,
        {_VAR_KEYWORD: 'parameter.name == "signal" or ' + _VAR_KEYWORD},
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "A receiver without **kwargs is refused with TypeError.",
        PLAIN,
        {'raise ValueError("A receiver must accept': 'raise TypeError("A receiver must accept'},
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "Only functions are checked.",
        PLAIN,
        {"            if not accepts_kwargs(": "            if inspect.isfunction(receiver) and not accepts_kwargs("},
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "Only what is going to be connected is checked.",
        PLAIN,
        _NEW_ONLY,
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "Any parameter called kwargs will do.",
        PLAIN,
        {_VAR_KEYWORD: 'parameter.name == "kwargs" or ' + _VAR_KEYWORD},
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "Parameters that are only named pass for **kwargs.",
        REFERENCE,
        {_VAR_KEYWORD: "parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD)"},
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "Classes are not checked.",
        PLAIN,
        {
            "            if not accepts_kwargs(": (
                "            if not inspect.isclass(receiver) and not accepts_kwargs("
            )
        },
    ),
    Fault(
        "debug.refuses-without-kwargs",
        "What bears no name is not checked.",
        PLAIN,
        {
            "            if not accepts_kwargs(": (
                '            if hasattr(receiver, "__name__") and not accepts_kwargs('
            )
        },
    ),
    Fault(
        "debug.accepts-kwargs",
        "What a receiver accepts is read from its code, which not all have.",
        PLAIN,
        {
            _PLAIN_KWARGS: _PLAIN_KWARGS.replace(
                "accepts_kwargs(receiver)", "receiver.__code__.co_flags & inspect.CO_VARKEYWORDS"
            )
        },
    ),
    Fault(
        "debug.accepts-kwargs",
        "Only what has no other parameters is accepted.",
        REFERENCE,
        {"    return any(parameter.kind is": "    return all(parameter.kind is"},
    ),
    Fault(
        "debug.accepts-kwargs",
        "The keyword arguments have to be called kwargs.",
        PLAIN,
        {_VAR_KEYWORD: 'parameter.name == "kwargs"'},
    ),
    Fault(
        "debug.accepts-kwargs",
        "Only functions and methods are accepted.",
        PLAIN,
        {"            if not callable(receiver):\n": "            if not inspect.isroutine(receiver):\n"},
    ),
    Fault(
        "debug.accepts-kwargs",
        "What is connected already is refused.",
        PLAIN,
        {
            _PLAIN_KWARGS: _PLAIN_KWARGS
            + "            if any(row.receiver() is receiver for row in self.rows):\n"
            + '                raise ValueError("It is connected already.")\n'
        },
    ),
    Fault(
        "debug.refusal-changes-nothing",
        "The check comes after the connection.",
        REFERENCE,
        {
            "        check_receiver(receiver)\n": "",
            "                self._connections[key] = connection\n                self._change()\n": """\
                self._connections[key] = connection
                self._plan = None
        check_receiver(receiver)
""",
        },
    ),
    Fault(
        "debug.refusal-changes-nothing",
        "A refusal ends all connections.",
        PLAIN,
        {
            '                raise ValueError("A receiver must accept **kwargs.")\n': """\
                self.__init__(self.use_caching)
                raise ValueError("A receiver must accept **kwargs.")
"""
        },
    ),
    Fault(
        "debug.refusal-changes-nothing",
        "What is not callable is refused after the connection.",
        PLAIN,
        {
            _PLAIN_CALLABLE: "",
            "            if not accepts_kwargs(": "            if callable(receiver) and not accepts_kwargs(",
            _APPENDS: _APPENDS
            + """\
            if settings.configured and settings.DEBUG and not callable(receiver):
                raise TypeError("A receiver must be callable.")
""",
        },
    ),
    Fault(
        "debug.refusal-changes-nothing",
        "Who is refused takes along whoever bears the same uid.",
        PLAIN,
        {
            '                raise ValueError("A receiver must accept **kwargs.")\n': """\
                if dispatch_uid is not None:
                    self.disconnect(receiver, sender, dispatch_uid)
                raise ValueError("A receiver must accept **kwargs.")
"""
        },
    ),
    Fault(
        "debug.off-checks-nothing",
        "Receivers are checked whatever DEBUG is.",
        REFERENCE,
        {_CONFIGURED: "conf.settings.configured"},
    ),
    Fault(
        "debug.off-checks-nothing",
        "DEBUG of the interpreter, not of the settings, decides.",
        PLAIN,
        {"        if settings.configured and settings.DEBUG:\n": "        if settings.configured and __debug__:\n"},
    ),
    Fault(
        "debug.off-checks-nothing",
        "That a receiver can be called is checked whatever DEBUG is.",
        PLAIN,
        _ANY_CALLABLE,
    ),
    Fault(
        "debug.unconfigured-checks-nothing",
        "The settings are read without asking whether they are configured.",
        PLAIN,
        {"if settings.configured and settings.DEBUG:": "if settings.DEBUG:"},
    ),
    Fault(
        "debug.unconfigured-checks-nothing",
        "Settings that are not configured pass for DEBUG.",
        REFERENCE,
        {
            f"conf is None or not ({_CONFIGURED})": (
                "conf is not None and conf.settings.configured and not conf.settings.DEBUG"
            )
        },
    ),
    Fault(
        "debug.unconfigured-checks-nothing",
        "Settings that are not configured are configured.",
        PLAIN,
        {_PLAIN_CHECKS: "        if not settings.configured:\n            settings.configure()\n" + _PLAIN_CHECKS},
    ),
    Fault(
        "debug.unconfigured-checks-nothing",
        "That a receiver can be called is checked without settings, too.",
        PLAIN,
        _ANY_CALLABLE,
    ),
    Fault(
        "debug.is-read-at-connect",
        "DEBUG is read when the signal is made.",
        PLAIN,
        {
            "        self.use_caching = use_caching\n": (
                "        self.use_caching = use_caching\n"
                "        self.debug = settings.configured and settings.DEBUG\n"
            ),
            "        if settings.configured and settings.DEBUG:\n": "        if self.debug:\n",
        },
    ),
    Fault(
        "debug.is-read-at-connect",
        "DEBUG is read when the module is imported.",
        PLAIN,
        {
            'logger = logging.getLogger("django.dispatch")\n': (
                'logger = logging.getLogger("django.dispatch")\nDEBUG = settings.configured and settings.DEBUG\n'
            ),
            "        if settings.configured and settings.DEBUG:\n": "        if DEBUG:\n",
        },
    ),
    Fault(
        "debug.is-read-at-connect",
        "DEBUG is remembered from the first connect.",
        PLAIN,
        {
            "        self.use_caching = use_caching\n": (
                "        self.use_caching = use_caching\n        self.debug: bool | None = None\n"
            ),
            "        if settings.configured and settings.DEBUG:\n": """\
        if self.debug is None:
            self.debug = settings.configured and settings.DEBUG
        if self.debug:
""",
        },
    ),
    Fault(
        "debug.is-read-at-connect",
        "Whether there are settings is asked when the signal is made.",
        PLAIN,
        {
            _MAKES: _MAKES + "        self.has_settings = settings.configured\n",
            _ON: "if self.has_settings and settings.DEBUG:",
        },
    ),
    Fault(
        "debug.is-a-truth-value",
        "DEBUG has to be True itself.",
        REFERENCE,
        {_CONFIGURED: "conf.settings.configured and conf.settings.DEBUG is True"},
    ),
    Fault(
        "debug.is-a-truth-value",
        "DEBUG is on unless it is False itself.",
        PLAIN,
        {"if settings.configured and settings.DEBUG:": "if settings.configured and settings.DEBUG is not False:"},
    ),
    Fault(
        "debug.changes-nothing-else",
        "Failures are raised to whoever debugs.",
        PLAIN,
        {
            "                self._log_failure(receiver, error)\n": """\
                if settings.configured and settings.DEBUG:
                    raise
                self._log_failure(receiver, error)
"""
        },
    ),
    Fault(
        "debug.changes-nothing-else",
        "Failures are logged in production only.",
        REFERENCE,
        {
            "                log_failure(receiver, error)\n": """\
                if not sys.modules["django.conf"].settings.DEBUG:
                    log_failure(receiver, error)
"""
        },
    ),
    Fault(
        "debug.changes-nothing-else",
        "Who debugs is told, in an argument, too.",
        PLAIN,
        {
            "                response = receiver(signal=self, sender=sender, **named)\n": """\
                if settings.configured and settings.DEBUG:
                    named["debug"] = True
                response = receiver(signal=self, sender=sender, **named)
"""
        },
    ),
    Fault(
        "debug.changes-nothing-else",
        "To disconnect what is not connected is a mistake.",
        PLAIN,
        {
            "        return False\n": """\
        if settings.configured and settings.DEBUG:
            raise LookupError("It is not connected.")
        return False
"""
        },
    ),
    Fault(
        "debug.changes-nothing-else",
        "To connect again is worth a warning.",
        PLAIN,
        {
            _APPENDS: _APPENDS
            + """\
            elif settings.configured and settings.DEBUG:
                logger.warning("%r is connected already", receiver)
"""
        },
    ),
    Fault(
        "debug.keeps-nothing-alive",
        "The check is cached, with the receivers as keys.",
        REFERENCE,
        _CACHED,
    ),
    Fault(
        "debug.keeps-nothing-alive",
        "The receiver that was checked last is kept.",
        PLAIN,
        {_PLAIN_KWARGS: "            self.checked = receiver\n" + _PLAIN_KWARGS},
    ),
    Fault(
        "debug.keeps-nothing-alive",
        "Those that were refused are kept, for a report.",
        PLAIN,
        {
            '                raise ValueError("A receiver must accept **kwargs.")\n': """\
                self.refused = [*getattr(self, "refused", ()), receiver]
                raise ValueError("A receiver must accept **kwargs.")
"""
        },
    ),
    Fault(
        "debug.each-by-itself",
        "A receiver that is of the class of an accepted one is not checked, unless it is a function.",
        REFERENCE,
        {
            "UNSET = object()\n": "UNSET = object()\nACCEPTED: set[type] = set()\n",
            "    if not callable(function):\n": """\
    if type(function) in ACCEPTED:
        return
    if not callable(function):
""",
            _REFUSES: _REFUSES
            + "    if type(function) not in (FunctionType, MethodType):\n        ACCEPTED.add(type(function))\n",
        },
    ),
    Fault(
        "debug.each-by-itself",
        "A method of an instance that has an accepted one is not checked.",
        PLAIN,
        {
            "        self.use_caching = use_caching\n": (
                "        self.use_caching = use_caching\n        self.accepted: Any = weakref.WeakSet()\n"
            ),
            _PLAIN_KWARGS: """\
            owner = getattr(receiver, "__self__", receiver)
            if owner not in self.accepted and not accepts_kwargs(receiver):
                raise ValueError("A receiver must accept **kwargs.")
            self.accepted.add(owner)
""",
        },
    ),
    Fault(
        "debug.each-by-itself",
        "What was refused once is connected when somebody insists.",
        PLAIN,
        {
            "        self.use_caching = use_caching\n": (
                "        self.use_caching = use_caching\n        self.refused: Any = weakref.WeakSet()\n"
            ),
            _PLAIN_KWARGS: """\
            if receiver not in self.refused and not accepts_kwargs(receiver):
                self.refused.add(receiver)
                raise ValueError("A receiver must accept **kwargs.")
""",
        },
    ),
    Fault(
        "debug.each-by-itself",
        "Who bears the name of one that was refused is refused, too.",
        PLAIN,
        {
            _MAKES: _MAKES + "        self.refused: set[Any] = set()\n",
            _PLAIN_KWARGS: """\
            name = getattr(receiver, "__qualname__", id(receiver))
            if name in self.refused or not accepts_kwargs(receiver):
                self.refused.add(name)
                raise ValueError("A receiver must accept **kwargs.")
""",
        },
    ),
    Fault(
        "debug.address-of-a-dead-receiver",
        "Accepted receivers are remembered by their addresses.",
        PLAIN,
        {
            "        self.use_caching = use_caching\n": (
                "        self.use_caching = use_caching\n        self.accepted: set[int] = set()\n"
            ),
            _PLAIN_KWARGS: """\
            if id(receiver) not in self.accepted and not accepts_kwargs(receiver):
                raise ValueError("A receiver must accept **kwargs.")
            self.accepted.add(id(receiver))
""",
        },
    ),
    Fault(
        "debug.equal-receivers",
        "The check is cached, with the receivers as keys.",
        REFERENCE,
        _CACHED,
    ),
    Fault(
        "debug.equal-receivers",
        "A receiver that is equal to an accepted one is not checked.",
        PLAIN,
        {
            "        self.use_caching = use_caching\n": (
                "        self.use_caching = use_caching\n        self.accepted: Any = weakref.WeakSet()\n"
            ),
            _PLAIN_KWARGS: """\
            if receiver not in self.accepted and not accepts_kwargs(receiver):
                raise ValueError("A receiver must accept **kwargs.")
            self.accepted.add(receiver)
""",
        },
    ),
    Fault(
        "debug.judges-anew",
        "Who was accepted is accepted for good.",
        REFERENCE,
        {
            "    if not accepts_any_keyword(function):\n": """\
    if function in check_receiver.__dict__.setdefault("accepted", weakref.WeakSet()):
        return
    if accepts_any_keyword(function):
        check_receiver.__dict__["accepted"].add(function)
    else:
"""
        },
    ),
]

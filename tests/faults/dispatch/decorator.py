"""Faults of the chapter decorator: the receiver decorator."""

from __future__ import annotations

from faults import PLAIN, REFERENCE, Fault

_SIGNALS = "        signals = signal if isinstance(signal, list | tuple) else [signal]\n"
_DECORATES = "    def decorate(function: Any) -> Any:\n" + _SIGNALS
_CONNECTS = "            each.connect(function, **options)\n"
_FOR_EACH = "        for each in signal if isinstance(signal, list | tuple) else (signal,):\n"
_RETURNS = "        return function\n"

FAULTS = [
    Fault(
        "decorator.connects",
        "A wrapper is connected, which dies at once.",
        PLAIN,
        {_CONNECTS: "            each.connect(lambda **named: function(**named), **options)\n"},
    ),
    Fault(
        "decorator.connects",
        "Only lists and tuples of signals are connected to.",
        REFERENCE,
        {"isinstance(signal, list | tuple) else (signal,)": "isinstance(signal, list | tuple) else ()"},
    ),
    Fault(
        "decorator.connects",
        "The function is connected when it is decorated, and once more to make sure.",
        PLAIN,
        {_CONNECTS: _CONNECTS + '            each.connect(function, **{"dispatch_uid": "receiver", **options})\n'},
    ),
    Fault(
        "decorator.parameters",
        "The signal is taken by position only.",
        REFERENCE,
        {"def receiver(signal: Any, **options": "def receiver(signal: Any, /, **options"},
    ),
    Fault(
        "decorator.parameters",
        "The signal is called signals, since there may be several.",
        PLAIN,
        {
            "def receiver(signal: Any": "def receiver(signals: Any",
            _SIGNALS: "",
            "        for each in signals:\n": (
                "        for each in signals if isinstance(signals, list | tuple) else [signals]:\n"
            ),
        },
    ),
    Fault(
        "decorator.iterable-signal",
        "Whatever can be iterated over is taken for several signals.",
        PLAIN,
        {"isinstance(signal, list | tuple)": 'hasattr(signal, "__iter__")'},
    ),
    Fault(
        "decorator.iterable-signal",
        "Whatever can be indexed is taken for several signals.",
        PLAIN,
        {"isinstance(signal, list | tuple)": 'hasattr(signal, "__getitem__")'},
    ),
    Fault(
        "decorator.iterable-signal",
        "A signal that is false is taken for none.",
        REFERENCE,
        {"else (signal,):\n": "else (signal,) if signal else ():\n"},
    ),
    Fault(
        "decorator.iterable-signal",
        "What is false in a list is left out.",
        PLAIN,
        {"        for each in signals:\n": "        for each in filter(None, signals):\n"},
    ),
    Fault(
        "decorator.returns-the-function",
        "The decorator returns nothing.",
        PLAIN,
        {_CONNECTS + _RETURNS: _CONNECTS},
    ),
    Fault(
        "decorator.returns-the-function",
        "The decorator returns a wrapper.",
        REFERENCE,
        {
            "import inspect\n": "import functools\nimport inspect\n",
            _CONNECTS + _RETURNS: _CONNECTS
            + "        return functools.wraps(function)(lambda *args, **named: function(*args, **named))\n",
        },
    ),
    Fault(
        "decorator.returns-the-function",
        "The decorator returns what connect returns.",
        PLAIN,
        {_CONNECTS + _RETURNS: "            return each.connect(function, **options)\n        return function\n"},
    ),
    Fault(
        "decorator.returns-the-function",
        "A function with options is returned as a wrapper that bears them.",
        PLAIN,
        {_CONNECTS + _RETURNS: _CONNECTS + "        return MethodType(function, options) if options else function\n"},
    ),
    Fault(
        "decorator.several-signals",
        "Only a list is taken for several signals.",
        PLAIN,
        {"isinstance(signal, list | tuple)": "isinstance(signal, list)"},
    ),
    Fault(
        "decorator.several-signals",
        "Only a list or a tuple itself is taken for several signals.",
        PLAIN,
        {"isinstance(signal, list | tuple)": "type(signal) in (list, tuple)"},
    ),
    Fault(
        "decorator.several-signals",
        "Only the first of the signals is connected to.",
        REFERENCE,
        {_CONNECTS + _RETURNS: _CONNECTS + "            return function\n        return function\n"},
    ),
    Fault(
        "decorator.no-signals",
        "An empty list is taken for a signal.",
        PLAIN,
        {"if isinstance(signal, list | tuple) else": "if signal and isinstance(signal, list | tuple) else"},
    ),
    Fault(
        "decorator.no-signals",
        "An empty list is refused.",
        REFERENCE,
        {
            _FOR_EACH: '        if signal in ([], ()):\n            raise ValueError("There are no signals.")\n'
            + _FOR_EACH
        },
    ),
    Fault(
        "decorator.passes-its-options",
        "Options are not passed on.",
        PLAIN,
        {_CONNECTS: "            each.connect(function)\n"},
    ),
    Fault(
        "decorator.passes-its-options",
        "Only the sender is passed on.",
        REFERENCE,
        {_CONNECTS: '            each.connect(function, sender=options.get("sender"))\n'},
    ),
    Fault(
        "decorator.passes-its-options",
        "Options that are false are not passed on.",
        PLAIN,
        {
            "    def decorate(": (
                "    options = {name: value for name, value in options.items() if value}\n\n    def decorate("
            )
        },
    ),
    Fault(
        "decorator.options-for-each-signal",
        "Options are used up by the first signal.",
        PLAIN,
        {_CONNECTS: _CONNECTS + "            options.clear()\n"},
    ),
    Fault(
        "decorator.options-for-each-signal",
        "Options are for a single signal.",
        REFERENCE,
        {_CONNECTS: "            each.connect(function, **(options if each is signal else {}))\n"},
    ),
    Fault(
        "decorator.options-for-each-signal",
        "The sender is taken out of the options.",
        PLAIN,
        {_CONNECTS: '            each.connect(function, options.pop("sender", None), **options)\n'},
    ),
    Fault(
        "decorator.used-again",
        "The sender is used up by the first function.",
        PLAIN,
        {
            "            each.connect(function, **options)\n": (
                '            each.connect(function, options.pop("sender", None), **options)\n'
            )
        },
    ),
    Fault(
        "decorator.used-again",
        "Only the first function is held, where functions are to be held.",
        PLAIN,
        {_CONNECTS: '            each.connect(function, weak=options.pop("weak", True), **options)\n'},
    ),
    Fault(
        "decorator.returns-the-function",
        "The function is told to which signal it is connected.",
        PLAIN,
        {
            "        return function\n": """\
        if hasattr(function, "__qualname__") and not isinstance(function, type):
            getattr(function, "__func__", function).signal = signal
        return function
"""
        },
    ),
    Fault(
        "decorator.uses-connect",
        "The connect of the class is used, whatever overrides it.",
        REFERENCE,
        {_CONNECTS: "            Signal.connect(each, function, **options)\n"},
    ),
    Fault(
        "decorator.uses-connect",
        "All the options are passed, also those that nobody gave.",
        PLAIN,
        {
            _CONNECTS: (
                '            each.connect(function, options.get("sender"), options.get("weak", True),'
                ' options.get("dispatch_uid"))\n'
            )
        },
    ),
    Fault(
        "decorator.uses-connect",
        "The function is passed by name.",
        PLAIN,
        {_CONNECTS: "            each.connect(receiver=function, **options)\n"},
    ),
    Fault(
        "decorator.uses-connect",
        "Options that are None are taken for none.",
        PLAIN,
        {
            "    def decorate(": """\
    options = {name: value for name, value in options.items() if value is not None}

    def decorate("""
        },
    ),
    Fault(
        "decorator.uses-connect",
        "The connect of the signal's class is used, though the signal has one of its own.",
        REFERENCE,
        {_CONNECTS: "            type(each).connect(each, function, **options)\n"},
    ),
    Fault(
        "decorator.connects-when-it-decorates",
        "The signals are used up by the first function.",
        PLAIN,
        {
            _DECORATES: (
                "    signals = iter(signal if isinstance(signal, list | tuple) else [signal])\n\n"
                "    def decorate(function: Any) -> Any:\n"
            )
        },
    ),
    Fault(
        "decorator.connects-when-it-decorates",
        "The signals are taken off the list.",
        PLAIN,
        {
            "        for each in signals:\n" + _CONNECTS: (
                "        signals = signals if isinstance(signals, list) else list(signals)\n"
                "        while signals:\n            signals.pop(0).connect(function, **options)\n"
            )
        },
    ),
    Fault(
        "decorator.connects-when-it-decorates",
        "Something is connected to hold the place of the function.",
        REFERENCE,
        {
            "    return connect\n": """\
    if isinstance(signal, Signal):
        signal.connect(connect, weak=False)
    return connect
"""
        },
    ),
    Fault(
        "decorator.stacks",
        "A function that is decorated already is left alone.",
        PLAIN,
        {
            "def receiver(": "DECORATED: Any = weakref.WeakSet()\n\n\ndef receiver(",
            _DECORATES: _DECORATES
            + "        if function in DECORATED:\n            return function\n        DECORATED.add(function)\n",
        },
    ),
    Fault(
        "decorator.stacks",
        "Decorating again replaces what the last decorator did.",
        REFERENCE,
        {
            _FOR_EACH: '        for each, sender in getattr(function, "connected", []):\n'
            "            each.disconnect(function, sender)\n" + _FOR_EACH,
            _CONNECTS + _RETURNS: _CONNECTS
            + '            vars(function)["connected"] = [(each, options.get("sender"))]\n'
            + _RETURNS,
        },
    ),
    Fault(
        "decorator.keeps-nothing-alive",
        "Connections are strong unless the decorator is told otherwise.",
        REFERENCE,
        {_CONNECTS: '            each.connect(function, **{"weak": False, **options})\n'},
    ),
    Fault(
        "decorator.keeps-nothing-alive",
        "What is decorated is registered.",
        PLAIN,
        {
            "def receiver(": "RECEIVERS: list[Any] = []\n\n\ndef receiver(",
            _DECORATES: _DECORATES + "        RECEIVERS.append(function)\n",
        },
    ),
    Fault(
        "decorator.keeps-nothing-alive",
        "The decorator remembers what it decorated.",
        PLAIN,
        {_DECORATES: _DECORATES + "        decorate.function = function\n"},
    ),
    Fault(
        "decorator.keeps-nothing-alive",
        "What is decorated for several signals is held between them.",
        PLAIN,
        {
            _CONNECTS: _CONNECTS
            + """\
            if signals is signal:
                vars(each).setdefault("several", []).append(function)
"""
        },
    ),
    Fault(
        "decorator.passes-errors-on",
        "Errors are logged.",
        PLAIN,
        {
            _CONNECTS: """\
            try:
                each.connect(function, **options)
            except Exception:
                logger.exception("%r was not connected", function)
"""
        },
    ),
    Fault(
        "decorator.passes-errors-on",
        "What has no connect is passed over, with every AttributeError.",
        REFERENCE,
        {
            _CONNECTS: """\
            try:
                each.connect(function, **options)
            except AttributeError:
                continue
"""
        },
    ),
    Fault(
        "decorator.passes-errors-on",
        "Who refuses is asked once more, without the options.",
        PLAIN,
        {
            _CONNECTS: """\
            try:
                each.connect(function, **options)
            except TypeError:
                each.connect(function)
"""
        },
    ),
    Fault(
        "decorator.passes-errors-on",
        "Where one of several signals refuses, the others will do.",
        REFERENCE,
        {
            _CONNECTS: """\
            try:
                each.connect(function, **options)
            except Exception:
                if each is signal:
                    raise
"""
        },
    ),
]

"""The casts of asynchronous laws: every kind of asynchronous receiver, send and order that they draw on.

They are tables like those of `signalspec.programs.kinds`, which includes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations, product
from typing import Any, TypeAlias

AnySend: TypeAlias = Any
Asend: TypeAlias = Any
AsyncError: TypeAlias = Any
AsyncFunction: TypeAlias = Any
AsyncInstance: TypeAlias = Any
AsyncMethod: TypeAlias = Any
AsyncPartial: TypeAlias = Any
AsyncReceiver: TypeAlias = Any
AsyncUnnamed: TypeAlias = Any
Awaitable: TypeAlias = Any
CaughtError: TypeAlias = Any
Cause: TypeAlias = Any
Changed: TypeAlias = Any
Either: TypeAlias = Any
Failing: TypeAlias = Any
Failure: TypeAlias = Any
LoggedError: TypeAlias = Any
LoopState: TypeAlias = Any
Marked: TypeAlias = Any
Order: TypeAlias = Any
Other: TypeAlias = Any
Raising: TypeAlias = Any
Robust: TypeAlias = Any
RunAsend: TypeAlias = Any
SendPair: TypeAlias = Any
Turns: TypeAlias = Any

Kinds = Mapping[str, str]

_FUNCTION = """\
async def NAME(**kwargs):
    calls.append("NAME")
    return 'NAME'"""

_METHODS: Kinds = {
    "async method": """\
class NAME_class:
    async def method(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = NAME_class().method""",
    "async class method": """\
class NAME_class:
    @classmethod
    async def method(cls, **kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = NAME_class.method
del NAME_class""",
    "async static method": """\
class NAME_class:
    @staticmethod
    async def method(**kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = NAME_class.method
del NAME_class""",
}

_PARTIALS: Kinds = {
    "async partial": """\
async def NAME_function(what, **kwargs):
    calls.append(what)
    return what
NAME = functools.partial(NAME_function, "NAME")""",
    "async partial of a partial": """\
async def NAME_function(what, **kwargs):
    calls.append(what)
    return what
NAME_inner = functools.partial(NAME_function, "NAME")
NAME_inner.note = "Without an attribute of its own it would be merged into the other."
NAME = functools.partial(NAME_inner, extra=1)""",
    "async partial of a class of its own": """\
class NAME_partial(functools.partial):
    pass
async def NAME_function(what, **kwargs):
    calls.append(what)
    return what
NAME = NAME_partial(NAME_function, "NAME")""",
    "async partial of a method": """\
class NAME_class:
    async def method(self, what, **kwargs):
        calls.append(what)
        return what
NAME = functools.partial(NAME_class().method, "NAME")""",
}

_INSTANCES: Kinds = {
    "instance": """\
class NAME_class:
    async def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = NAME_class()""",
    "falsy instance": """\
class NAME_class:
    async def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
    def __bool__(self):
        return False
NAME = NAME_class()""",
    "instance of a subclass": """\
class NAME_base:
    async def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
class NAME_class(NAME_base):
    pass
NAME = NAME_class()""",
    "unhashable instance": """\
class NAME_class:
    __hash__ = None
    async def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = NAME_class()""",
    "partial": """\
class NAME_class:
    async def __call__(self, what, **kwargs):
        calls.append(what)
        return what
NAME = functools.partial(NAME_class(), "NAME")""",
}

_SENDS: Kinds = {
    "send": "NAME = lambda signal, *args, **named: signal.send(*args, **named)",
    "send_robust": "NAME = lambda signal, *args, **named: signal.send_robust(*args, **named)",
    "asend": "NAME = lambda signal, *args, **named: run(lambda: signal.asend(*args, **named))",
    "asend_robust": "NAME = lambda signal, *args, **named: run(lambda: signal.asend_robust(*args, **named))",
}

ASYNCHRONOUS: Kinds = {"async function": _FUNCTION, **_METHODS, **_PARTIALS}
"""Receivers that every release takes for asynchronous."""

TABLES: Mapping[str, Kinds] = {
    "AsyncReceiver": ASYNCHRONOUS,
    "AsyncFunction": {
        "async function": _FUNCTION,
        "async wrapper": """\
@functools.wraps(lambda **kwargs: None)
async def NAME(**kwargs):
    calls.append("NAME")
    return 'NAME'""",
    },
    "AsyncMethod": _METHODS,
    "AsyncPartial": _PARTIALS,
    "AsyncInstance": _INSTANCES,
    "Marked": {
        "marked function": """\
async def NAME_function(**kwargs):
    calls.append("NAME")
    return 'NAME'
@asgiref.sync.markcoroutinefunction
def NAME(**kwargs):
    return NAME_function(**kwargs)""",
        "marked instance": """\
class NAME_class:
    async def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = asgiref.sync.markcoroutinefunction(NAME_class())""",
        "method that is marked": """\
async def NAME_function(**kwargs):
    calls.append("NAME")
    return 'NAME'
class NAME_class:
    @asgiref.sync.markcoroutinefunction
    def method(self, **kwargs):
        return NAME_function(**kwargs)
NAME_instance = NAME_class()
NAME = NAME_instance.method""",
        "async mock": """\
NAME = unittest.mock.AsyncMock(side_effect=lambda **kwargs: calls.append("NAME") or "NAME")""",
    },
    "Failure": {
        "async function": """\
async def NAME(**kwargs):
    calls.append("NAME")
    raise error""",
        "function": """\
def NAME(**kwargs):
    calls.append("NAME")
    raise error""",
    },
    "Cause": {"another error": 'NAME = KeyError("NAME")', "none": "NAME = None"},
    "Changed": {
        "another": "NAME = ('before', 'after')",
        "equal lists": "NAME = ([], [])",
        "equal numbers": "NAME = (1, True)",
    },
    "Turns": {str(turns): f"NAME = {turns}" for turns in range(5)},
    "Either": {
        "async function": _FUNCTION,
        "function": """\
def NAME(**kwargs):
    calls.append("NAME")
    return 'NAME'""",
    },
    "Awaitable": {
        "coroutine": """\
async def NAME_function():
    calls.append("awaited")
NAME = NAME_function()""",
        "instance": """\
class NAME_class:
    def __await__(self):
        calls.append("awaited")
        yield
NAME = NAME_class()""",
    },
    "AnySend": _SENDS,
    "Raising": {kind: _SENDS[kind] for kind in ("send", "asend")},
    "SendPair": {
        f"{kind} and a{kind}": _SENDS[kind].replace("NAME = ", "NAME_own = ")
        + "\n"
        + _SENDS[f"a{kind}"].replace("NAME = ", "NAME = NAME_own, ")
        for kind in ("send", "send_robust")
    },
    "RunAsend": {kind: _SENDS[kind] for kind in ("asend", "asend_robust")},
    "Robust": {kind: _SENDS[kind] for kind in ("send_robust", "asend_robust")},
    "Asend": {
        "asend": "NAME = lambda signal, *args, **named: signal.asend(*args, **named)",
        "asend_robust": "NAME = lambda signal, *args, **named: signal.asend_robust(*args, **named)",
    },
    "Order": {" ".join(map(str, order)): f"NAME = {order!r}" for order in permutations(range(3))},
    "Other": {
        "lookup error": 'NAME = LookupError("NAME")',
        "base exception": 'NAME = BaseException("NAME")',
    },
    "Failing": {
        " ".join(str(i) for i in range(3) if fails[i]) or "none": f"NAME = {tuple(i for i in range(3) if fails[i])!r}"
        for fails in product((False, True), repeat=3)
    },
    "AsyncUnnamed": {
        "partial": """\
async def NAME_function(**kwargs):
    raise ValueError("planted")
NAME = functools.partial(NAME_function)""",
        "mock": 'NAME = unittest.mock.AsyncMock(side_effect=ValueError("planted"))',
    },
}
"""The tables, by the name that a law's annotation uses."""

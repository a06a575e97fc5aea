"""The casts: every kind of receiver, sender, uid, response and error that laws and programs draw on.

A kind is a few lines of source that make one object called ``NAME``. It is source, not an object, because the same
text is executed here and printed into the scripts that users run. The first kind of a table is the plainest: a
counterexample is the first case that fails, so it comes with the plainest cast that fails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from signalspec.programs import async_kinds, party_kinds, surrounding_kinds
from signalspec.programs.party_kinds import FALSY_UIDS, OTHER_SENDERS, RECEIVERS, SENDERS, UIDS, Kinds

# A law's annotations name the tables; to a type checker every drawn object is dynamic.
Accepted: TypeAlias = Any
Action: TypeAlias = Any
AlikePair: TypeAlias = Any
AnyFatal: TypeAlias = Any
AnySender: TypeAlias = Any
Caching: TypeAlias = Any
Callback: TypeAlias = Any
Change: TypeAlias = Any
Container: TypeAlias = Any
EqualPair: TypeAlias = Any
Error: TypeAlias = Any
FalsyUid: TypeAlias = Any
Fatal: TypeAlias = Any
Function: TypeAlias = Any
GoodAndBad: TypeAlias = Any
Logging: TypeAlias = Any
MaybeUid: TypeAlias = Any
Method: TypeAlias = Any
Naming: TypeAlias = Any
Operation: TypeAlias = Any
ProgramSender: TypeAlias = Any
ProgramUid: TypeAlias = Any
Receiver: TypeAlias = Any
ProcessState: TypeAlias = Any
Raised: TypeAlias = Any
Refused: TypeAlias = Any
Relatives: TypeAlias = Any
Response: TypeAlias = Any
Scope: TypeAlias = Any
Send: TypeAlias = Any
Sender: TypeAlias = Any
Truth: TypeAlias = Any
Uid: TypeAlias = Any
UnequalPair: TypeAlias = Any
Value: TypeAlias = Any
UnhashableSender: TypeAlias = Any
Unnamed: TypeAlias = Any
Unreferenceable: TypeAlias = Any
UntrustworthySender: TypeAlias = Any
Weak: TypeAlias = Any

ERRORS: Kinds = {
    "value error": 'NAME = ValueError("planted")',
    "assertion": 'NAME = AssertionError("planted")',
    "stop iteration": "NAME = StopIteration()",
    "stop async iteration": "NAME = StopAsyncIteration()",
    "type error": 'NAME = TypeError("planted")',
    "attribute error": 'NAME = AttributeError("planted")',
    "key error": 'NAME = KeyError("planted")',
    "os error": 'NAME = OSError(5, "planted")',
    "timeout error": 'NAME = TimeoutError("planted")',
    "reference error": 'NAME = ReferenceError("planted")',
    "connection error": 'NAME = ConnectionResetError("planted")',
    "not implemented error": 'NAME = NotImplementedError("planted")',
    "warning": 'NAME = UserWarning("planted")',
    "memory error": 'NAME = MemoryError("planted")',
    "recursion error": 'NAME = RecursionError("planted")',
    "exception": 'NAME = Exception("planted")',
    "group": 'NAME = ExceptionGroup("planted", [ValueError()])',
    "falsy": """\
class NAME_class(Exception):
    def __bool__(self):
        return False
NAME = NAME_class()""",
    "unprintable": """\
class NAME_class(Exception):
    def __str__(self):
        raise ArithmeticError("printed")
    __repr__ = __str__
NAME = NAME_class()""",
}

_NOT_HANDED_ON = ("stop iteration", "unprintable", "falsy")
"""Errors that Python and asyncio do not let through: they change it, print it, or ask for its truth."""

FATAL_ERRORS: Kinds = {
    "keyboard interrupt": 'NAME = KeyboardInterrupt("planted")',
    "system exit": 'NAME = SystemExit("planted")',
    "system exit without a code": "NAME = SystemExit()",
    "generator exit": 'NAME = GeneratorExit("planted")',
    "base exception": 'NAME = BaseException("planted")',
    "own": """\
class NAME_class(BaseException):
    pass
NAME = NAME_class()""",
}

TABLES: Mapping[str, Kinds] = {
    "Receiver": RECEIVERS,
    "Function": {"function": RECEIVERS["function"]},
    "Action": {
        "connect": "NAME = lambda signal, other: signal.connect(other, str)",
        "disconnect": "NAME = lambda signal, other: signal.disconnect(other)",
        "send": "NAME = lambda signal, other: signal.send(int)",
        "send_robust": "NAME = lambda signal, other: signal.send_robust(int)",
    },
    "Method": {"bound method": RECEIVERS["bound method"]},
    "Callback": {kind: RECEIVERS[kind] for kind in ("function", "bound method", "instance")},
    "Sender": SENDERS,
    "ProgramReceiver": {**RECEIVERS, **async_kinds.ASYNCHRONOUS},
    "ProgramSender": {**SENDERS, **OTHER_SENDERS},
    "ProgramUid": {**UIDS, **FALSY_UIDS},
    "AnySender": {**SENDERS, **OTHER_SENDERS},
    "Uid": UIDS,
    "FalsyUid": FALSY_UIDS,
    "Response": {
        "string": 'NAME = "response"',
        "none": "NAME = None",
        "zero": "NAME = 0",
        "false": "NAME = False",
        "true": "NAME = True",
        "empty list": "NAME = []",
        "tuple": "NAME = (1, 2)",
        "exception": 'NAME = ValueError("returned")',
        "exception class": "NAME = ValueError",
        "not implemented": "NAME = NotImplemented",
        "generator": "NAME = (n for n in [])",
        "function": "NAME = lambda: 1",
        "awaitable": """\
class NAME_class:
    def __await__(self):
        calls.append("awaited")
        yield
NAME = NAME_class()""",
        "uncomparable": """\
class NAME_class:
    def __eq__(self, other):
        raise ArithmeticError("compared")
    def __bool__(self):
        raise ArithmeticError("asked for its truth")
NAME = NAME_class()""",
    },
    "Error": ERRORS,
    "Fatal": FATAL_ERRORS,
    "AnyFatal": {
        **FATAL_ERRORS,
        "cancellation": 'NAME = asyncio.CancelledError("planted")',
        "group": 'NAME = BaseExceptionGroup("planted", [KeyboardInterrupt()])',
    },
    "Raised": {**ERRORS, **FATAL_ERRORS},
    "Refused": {
        "no parameters": """\
def NAME():
    calls.append("NAME")""",
        "named parameters only": """\
def NAME(signal, sender, value=None):
    calls.append("NAME")""",
        "positional parameters": """\
def NAME(signal=None, sender=None, *args):
    calls.append("NAME")""",
        "parameters that are only named": """\
def NAME(*, signal, sender):
    calls.append("NAME")""",
        "parameter called kwargs": """\
def NAME(signal, sender, kwargs=None):
    calls.append("NAME")""",
        "method": """\
class NAME_class:
    def method(self, signal, sender):
        calls.append("NAME")
NAME = NAME_class().method""",
        "instance": """\
class NAME_class:
    def __call__(self, signal, sender):
        calls.append("NAME")
NAME = NAME_class()""",
        "class": """\
class NAME:
    def __init__(self, signal, sender):
        calls.append("NAME")""",
        "partial": 'NAME = functools.partial(lambda what, signal, sender: calls.append(what), "NAME")',
    },
    "GoodAndBad": {
        "functions": """\
def NAME_good(**kwargs):
    pass
def NAME_bad(signal, sender):
    pass
NAME_bad.__name__, NAME_bad.__qualname__ = NAME_good.__name__, NAME_good.__qualname__
NAME = (NAME_good, NAME_bad)""",
        "partials": """\
NAME = (
    functools.partial(lambda **kwargs: None),
    functools.partial(lambda signal, sender: None),
)""",
        "methods of one instance": """\
class NAME_class:
    def good(self, **kwargs):
        pass
    def bad(self, signal, sender):
        pass
NAME_instance = NAME_class()
NAME = (NAME_instance.good, NAME_instance.bad)""",
        "instances of classes of one name": """\
NAME = (
    type("Party", (), {"__call__": lambda self, **kwargs: None})(),
    type("Party", (), {"__call__": lambda self, signal, sender: None})(),
)""",
    },
    "Unnamed": {
        "instance": """\
class NAME_class:
    def __call__(self, **kwargs):
        raise ValueError("planted")
NAME = NAME_class()""",
        "partial": """\
def NAME_function(**kwargs):
    raise ValueError("planted")
NAME = functools.partial(NAME_function)""",
        "mock": 'NAME = unittest.mock.Mock(side_effect=ValueError("planted"))',
    },
    "Accepted": {
        **{kind: source for kind, source in RECEIVERS.items() if kind != "uncomparable instance"},
        "another name": """\
def NAME(**anything):
    calls.append("NAME")""",
        "wrapper": """\
@functools.wraps(lambda **kwargs: None)
def NAME(*args, **kwargs):
    calls.append("NAME")""",
        "named and keyword parameters": """\
def NAME(signal, sender=None, *args, value, **kwargs):
    calls.append("NAME")""",
    },
    "Unreferenceable": {
        "slots": """\
class NAME_class:
    __slots__ = ()
    def __call__(self, **kwargs):
        calls.append("NAME")
NAME = NAME_class()""",
        "method of slots": """\
class NAME_class:
    __slots__ = ()
    def method(self, **kwargs):
        calls.append("NAME")
NAME = NAME_class().method""",
    },
    "Change": {
        "connect": "NAME = lambda signal, receiver, other, sender: signal.connect(other, sender)",
        "disconnect": "NAME = lambda signal, receiver, other, sender: signal.disconnect(receiver, sender)",
    },
    "Operation": {
        "connect": "NAME = lambda signal, receiver, other, sender: signal.connect(other, sender)",
        "disconnect": "NAME = lambda signal, receiver, other, sender: signal.disconnect(receiver, sender)",
        "has_listeners": "NAME = lambda signal, receiver, other, sender: signal.has_listeners(sender)",
        "send": "NAME = lambda signal, receiver, other, sender: len(signal.send(sender))",
    },
    "Scope": {"all senders": "NAME = None", "one sender": "NAME = str"},
    "Truth": {"true": "NAME = True", "false": "NAME = False"},
    "Value": {
        "string": "NAME = 'after'",
        "none": "NAME = None",
        "zero": "NAME = 0",
        "empty list": "NAME = []",
    },
    "Caching": {"off": "NAME = {}", "on": "NAME = {'use_caching': True}"},
    "Send": {
        "send": "NAME = lambda signal, *args, **named: signal.send(*args, **named)",
        "send_robust": "NAME = lambda signal, *args, **named: signal.send_robust(*args, **named)",
    },
    "Naming": {"by uid": "NAME = lambda uid: {'dispatch_uid': uid}", "not at all": "NAME = lambda uid: {}"},
    "MaybeUid": {"without a uid": "NAME = {}", "with a uid": "NAME = {'dispatch_uid': 'uid'}"},
    "Weak": {"weak": "NAME = True", "strong": "NAME = False"},
    "Container": {
        "list": "NAME = list",
        "tuple": "NAME = tuple",
        "subclass of list": "NAME = type('NAME', (list,), {})",
        "subclass of tuple": "NAME = type('NAME', (tuple,), {})",
    },
    "CaughtError": {kind: source for kind, source in ERRORS.items() if kind not in _NOT_HANDED_ON},
    # On the way from a thread asyncio makes a timeout anew.
    "AsyncError": {kind: source for kind, source in ERRORS.items() if kind not in (*_NOT_HANDED_ON, "timeout error")},
    "LoggedError": {kind: source for kind, source in ERRORS.items() if kind != "stop iteration"},
    **party_kinds.TABLES,
    **async_kinds.TABLES,
    **surrounding_kinds.TABLES,
}
"""The tables, by the name that a law's annotation uses."""


NEEDS: Mapping[tuple[str, str], str] = {
    ("Action", "send_robust"): "robust",
    ("Caching", "on"): "caching",
    ("Naming", "by uid"): "uids",
    ("MaybeUid", "with a uid"): "uids",
    ("Operation", "has_listeners"): "listeners",
    ("Send", "send_robust"): "robust",
    ("SendPair", "send_robust and asend_robust"): "robust",
    ("Weak", "weak"): "weak",
    **{("UnhashableSender", kind): "identity" for kind in ("list", "dictionary", "instance")},
    **{(table, kind): "robust" for table in ("AnySend", "Robust") for kind in ("send_robust", "asend_robust")},
    **{(table, "asend_robust"): "robust" for table in ("Asend", "RunAsend")},
}
"""The capabilities that kinds of a table need."""

STAND_INS: Mapping[tuple[str, str], str] = {
    ("Naming", "not at all"): "uids",
    ("UnhashableSender", "class"): "identity",
}
"""The kinds that are only drawn where a capability is not claimed."""


def kinds_of(table: str, capabilities: Collection[str] | None = None) -> list[str]:
    """Return the kinds of a table, plainest first: all, or those that suit a target with `capabilities`."""
    return [kind for kind in TABLES[table] if capabilities is None or _suits(table, kind, capabilities)]


def _suits(table: str, kind: str, capabilities: Collection[str]) -> bool:
    need = NEEDS.get((table, kind))
    return (need is None or need in capabilities) and STAND_INS.get((table, kind)) not in capabilities


def source_of(table: str, kind: str, name: str) -> str:
    """Return the source that makes one object of `kind` and calls it `name`."""
    return TABLES[table][kind].replace("NAME", name)

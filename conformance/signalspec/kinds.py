"""The casts: every kind of receiver, sender, uid, response and error that laws and programs draw on.

A kind is a few lines of source that make one object called ``NAME``. It is source, not an object, because the same
text is executed here and printed into the scripts that users run. The first kind of a table is the plainest: a
counterexample is the first case that fails, so it comes with the plainest cast that fails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from signalspec import async_kinds

# A law's annotations name the tables; to a type checker every drawn object is dynamic.
Accepted: TypeAlias = Any
Action: TypeAlias = Any
AlikePair: TypeAlias = Any
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
Uid: TypeAlias = Any
UnequalPair: TypeAlias = Any
Value: TypeAlias = Any
UnhashableSender: TypeAlias = Any
Unnamed: TypeAlias = Any
Unreferenceable: TypeAlias = Any
UntrustworthySender: TypeAlias = Any
Weak: TypeAlias = Any


Kinds = Mapping[str, str]

_METHODS = """\
class NAME_class:
    def method(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
"""

RECEIVERS: Kinds = {
    "function": """\
def NAME(**kwargs):
    calls.append("NAME")
    return 'NAME'""",
    "lambda": 'NAME = lambda **kwargs: calls.append("NAME") or "NAME"',
    "bound method": _METHODS + "NAME = NAME_class().method",
    "class method": """\
class NAME_class:
    @classmethod
    def method(cls, **kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = NAME_class.method
del NAME_class""",
    "static method": """\
class NAME_class:
    @staticmethod
    def method(**kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = NAME_class.method
del NAME_class""",
    "instance": """\
class NAME_class:
    def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
NAME = NAME_class()""",
    "falsy instance": """\
class NAME_class:
    def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
    def __bool__(self):
        return False
NAME = NAME_class()""",
    "empty instance": """\
class NAME_class:
    def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
    def __len__(self):
        return 0
NAME = NAME_class()""",
    "uncomparable instance": """\
class NAME_class:
    def __call__(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
    def __eq__(self, other):
        raise ArithmeticError("compared")
    def __hash__(self):
        return 1
NAME = NAME_class()""",
    "partial": 'NAME = functools.partial(lambda what, **kwargs: calls.append(what) or what, "NAME")',
    "class": """\
class NAME:
    def __new__(cls, **kwargs):
        calls.append("NAME")
        return 'NAME'""",
    "mock": 'NAME = unittest.mock.Mock(side_effect=lambda **kwargs: calls.append("NAME") or "NAME")',
    "method of an equal instance": """\
class NAME_class:
    def method(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1
NAME = NAME_class().method""",
}

SENDERS: Kinds = {
    "class": """\
class NAME:
    pass""",
    "instance": """\
class NAME_class:
    pass
NAME = NAME_class()""",
    "falsy instance": """\
class NAME_class:
    def __bool__(self):
        return False
NAME = NAME_class()""",
    "function": """\
def NAME():
    pass""",
    "module": 'NAME = types.ModuleType("NAME")',
}

OTHER_SENDERS: Kinds = {
    "string": 'NAME = "".join(["NA", "ME"])',
    "empty string": 'NAME = ""',
    "number": "NAME = int.from_bytes(b'NAME', 'big') + 10**6",
    "zero": "NAME = 0",
    "false": "NAME = False",
    "tuple": "NAME = (1, 'NAME')",
    "empty tuple": "NAME = ()",
    "object": "NAME = object()",
    "frozen set": "NAME = frozenset(['NAME'])",
    "slots": """\
class NAME_class:
    __slots__ = ()
NAME = NAME_class()""",
}

UIDS: Kinds = {
    "string": 'NAME = "".join(["uid ", "NAME"])',
    "number": "NAME = int.from_bytes(b'NAME', 'big') + 10**6",
    "tuple": "NAME = tuple(['NAME', 1])",
    "object": "NAME = object()",
    "class": """\
class NAME:
    pass""",
    "frozen set": "NAME = frozenset(['NAME'])",
}

FALSY_UIDS: Kinds = {
    "zero": "NAME = 0",
    "empty string": 'NAME = ""',
    "false": "NAME = False",
    "empty tuple": "NAME = ()",
}

ERRORS: Kinds = {
    "value error": 'NAME = ValueError("planted")',
    "assertion": 'NAME = AssertionError("planted")',
    "stop iteration": "NAME = StopIteration()",
    "stop async iteration": "NAME = StopAsyncIteration()",
    "type error": 'NAME = TypeError("planted")',
    "attribute error": 'NAME = AttributeError("planted")',
    "key error": 'NAME = KeyError("planted")',
    "os error": 'NAME = OSError(5, "planted")',
    "reference error": 'NAME = ReferenceError("planted")',
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

FATAL_ERRORS: Kinds = {
    "keyboard interrupt": 'NAME = KeyboardInterrupt("planted")',
    "system exit": 'NAME = SystemExit("planted")',
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
    "Callback": {kind: RECEIVERS[kind] for kind in ("function", "bound method", "instance")},
    "Sender": SENDERS,
    "ProgramReceiver": {**RECEIVERS, **async_kinds.ASYNCHRONOUS},
    "ProgramSender": {**SENDERS, **OTHER_SENDERS},
    "ProgramUid": {**UIDS, **FALSY_UIDS},
    "ProcessState": {
        "collector": "NAME = lambda: (gc.isenabled(), gc.get_threshold(), gc.get_debug())",
        "recursion limit": "NAME = sys.getrecursionlimit",
        "filters of warnings": "NAME = lambda: list(warnings.filters)",
        "loggers": "NAME = lambda: (logging.root.manager.disable, logging.root.level, list(logging.root.handlers))",
        "trace functions": "NAME = lambda: (sys.gettrace(), sys.getprofile())",
        "context": "NAME = lambda: dict(contextvars.copy_context())",
        "environment": "NAME = lambda: (dict(os.environ), os.getcwd())",
        "threads": "NAME = threading.active_count",
    },
    "AnySender": {**SENDERS, **OTHER_SENDERS},
    "UnhashableSender": {
        "list": "NAME = ['NAME']",
        "dictionary": "NAME = {'NAME': 1}",
        "instance": """\
class NAME_class:
    __hash__ = None
NAME = NAME_class()""",
    },
    "EqualPair": {
        "instances": """\
class NAME_class:
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1
NAME = (NAME_class(), NAME_class())""",
        "strings": "NAME = (''.join(['a', 'b']), ''.join(['a', 'b']))",
        "numbers": "NAME = (int('1000003'), int('1000003'))",
        "tuples": "NAME = (tuple([1, 2]), tuple([1, 2]))",
        "number and boolean": "NAME = (1, True)",
    },
    "UnequalPair": {
        "number and text": "NAME = (1, '1')",
        "same hash": "NAME = (-1, -2)",
        "tuple and text": """NAME = (("a",), "('a',)")""",
        "one within the other": "NAME = ('uid', ('uid',))",
        "objects of a class": "NAME = (object(), object())",
        "another case": "NAME = ('uid', 'UID')",
        "a blank more": "NAME = ('uid', 'uid ')",
        "one begins the other": "NAME = ('uid', 'uid.2')",
        "text and bytes": "NAME = ('uid', b'uid')",
    },
    "AlikePair": {
        "equal instances": """\
class NAME_class:
    def __init__(self, name):
        self.name = name
    def __call__(self, **kwargs):
        calls.append(self.name)
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1
NAME = (NAME_class("one"), NAME_class("two"))""",
        "partials of one function": """\
def NAME_function(name, **kwargs):
    calls.append(name)
NAME = (functools.partial(NAME_function, "one"), functools.partial(NAME_function, "two"))""",
        "functions of one source": """\
def NAME_make(name):
    def receiver(**kwargs):
        calls.append(name)
    return receiver
NAME = (NAME_make("one"), NAME_make("two"))""",
        "wrappers of one function": """\
def NAME_wrap(name):
    def receiver(**kwargs):
        calls.append(name)
    return functools.update_wrapper(receiver, NAME_wrap)
NAME = (NAME_wrap("one"), NAME_wrap("two"))""",
        "a function and its wrapper": """\
def NAME_function(**kwargs):
    calls.append("one")
def NAME_wrapper(**kwargs):
    calls.append("two")
NAME = (NAME_function, functools.update_wrapper(NAME_wrapper, NAME_function))""",
        "methods of one name": """\
def NAME_make(name):
    def method(self, **kwargs):
        calls.append(name)
    return method
class NAME_class:
    one, two = NAME_make("one"), NAME_make("two")
NAME_instance = NAME_class()
NAME = (NAME_instance.one, NAME_instance.two)""",
    },
    "Relatives": {
        "class and subclass": """\
class NAME_class:
    pass
NAME = (NAME_class, type("Derived", (NAME_class,), {}))""",
        "class and instance": """\
class NAME_class:
    pass
NAME = (NAME_class, NAME_class())""",
        "instances": """\
class NAME_class:
    pass
NAME = (NAME_class(), NAME_class())""",
        "classes of one name": "NAME = (type('Party', (), {}), type('Party', (), {}))",
    },
    "UntrustworthySender": {
        "equal to everything": """\
class NAME_class:
    def __eq__(self, other):
        return True
    def __hash__(self):
        return hash(None)
NAME = NAME_class()""",
        "uncomparable": """\
class NAME_class:
    def __eq__(self, other):
        raise ArithmeticError("compared")
    def __hash__(self):
        return 1
NAME = NAME_class()""",
        "neither true nor false": """\
class NAME_class:
    def __bool__(self):
        raise ArithmeticError("asked for its truth")
NAME = NAME_class()""",
    },
    "Uid": UIDS,
    "FalsyUid": FALSY_UIDS,
    "Response": {
        "string": 'NAME = "response"',
        "none": "NAME = None",
        "zero": "NAME = 0",
        "false": "NAME = False",
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
    "Weak": {"weak": "NAME = True", "strong": "NAME = False"},
    "Container": {"list": "NAME = list", "tuple": "NAME = tuple"},
    # Python and asyncio do not let these through: they change it, print it, or ask for its truth.
    "AsyncError": {
        kind: source for kind, source in ERRORS.items() if kind not in ("stop iteration", "unprintable", "falsy")
    },
    **async_kinds.TABLES,
}
"""The tables, by the name that a law's annotation uses."""


NEEDS: Mapping[tuple[str, str], str] = {("Caching", "on"): "caching"}
"""The capabilities that kinds of a table need."""


def kinds_of(table: str, capabilities: Collection[str] | None = None) -> list[str]:
    """Return the kinds of a table, plainest first: all, or those for which `capabilities` are enough."""
    return [
        kind
        for kind in TABLES[table]
        if capabilities is None or (table, kind) not in NEEDS or NEEDS[table, kind] in capabilities
    ]


def source_of(table: str, kind: str, name: str) -> str:
    """Return the source that makes one object of `kind` and calls it `name`."""
    return TABLES[table][kind].replace("NAME", name)

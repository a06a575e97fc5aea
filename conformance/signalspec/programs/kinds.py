"""The tables of what is returned and raised, of ways to use a signal, and of callables that may be connected."""

from __future__ import annotations

from signalspec.programs.party_kinds import Receiver
from signalspec.programs.tables import Table

_NOT_HANDED_ON = ("stop iteration", "unprintable", "falsy")
"""Errors that Python and asyncio do not let through: they change it, print it, or ask for its truth."""


class Action(Table):
    """What changes or uses a signal; `other` is a receiver."""

    kinds = {
        "connect": "NAME = lambda signal, other: signal.connect(other, str)",
        "disconnect": "NAME = lambda signal, other: signal.disconnect(other)",
        "send": "NAME = lambda signal, other: signal.send(int)",
        "send_robust": "NAME = lambda signal, other: signal.send_robust(int)",
    }
    needs = {"send_robust": "robust"}


class Response(Table):
    """What a receiver returns."""

    kinds = {
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
    }


class Error(Table):
    """An exception that `send_robust` catches."""

    kinds = {
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


class Fatal(Table):
    """An exception that is no `Exception`."""

    kinds = {
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


class AnyFatal(Table):
    """The same, with what asyncio raises."""

    kinds = {
        **Fatal.kinds,
        "cancellation": 'NAME = asyncio.CancelledError("planted")',
        "group": 'NAME = BaseExceptionGroup("planted", [KeyboardInterrupt()])',
    }


class Raised(Table):
    """Any exception."""

    kinds = {**Error.kinds, **Fatal.kinds}


class Refused(Table):
    """A callable that does not take what a signal may send."""

    kinds = {
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
    }


class GoodAndBad(Table):
    """A receiver, and a callable that is none, which have one name."""

    kinds = {
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
    }


class Unnamed(Table):
    """A receiver without a name, which raises."""

    kinds = {
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
    }


class Accepted(Table):
    """A callable that takes what a signal may send."""

    kinds = {
        **{kind: source for kind, source in Receiver.kinds.items() if kind != "uncomparable instance"},
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
    }


class Unreferenceable(Table):
    """A receiver that cannot be referred to weakly."""

    kinds = {
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
    }


class Change(Table):
    """What makes or removes a connection."""

    kinds = {
        "connect": "NAME = lambda signal, receiver, other, sender: signal.connect(other, sender)",
        "disconnect": "NAME = lambda signal, receiver, other, sender: signal.disconnect(receiver, sender)",
    }


class Operation(Table):
    """What changes or uses a signal."""

    kinds = {
        "connect": "NAME = lambda signal, receiver, other, sender: signal.connect(other, sender)",
        "disconnect": "NAME = lambda signal, receiver, other, sender: signal.disconnect(receiver, sender)",
        "has_listeners": "NAME = lambda signal, receiver, other, sender: signal.has_listeners(sender)",
        "send": "NAME = lambda signal, receiver, other, sender: len(signal.send(sender))",
    }
    needs = {"has_listeners": "listeners"}


class Scope(Table):
    """The sender of a connection."""

    kinds = {"all senders": "NAME = None", "one sender": "NAME = str"}


class Truth(Table):
    """True or false."""

    kinds = {"true": "NAME = True", "false": "NAME = False"}


class Value(Table):
    """A value that replaces another one."""

    kinds = {
        "string": "NAME = 'after'",
        "none": "NAME = None",
        "zero": "NAME = 0",
        "empty list": "NAME = []",
    }


class Caching(Table):
    """The arguments of a signal, with caching and without."""

    kinds = {"off": "NAME = {}", "on": "NAME = {'use_caching': True}"}
    needs = {"on": "caching"}
    uses = "use_caching"


class Send(Table):
    """A synchronous send."""

    kinds = {
        "send": "NAME = lambda signal, *args, **named: signal.send(*args, **named)",
        "send_robust": "NAME = lambda signal, *args, **named: signal.send_robust(*args, **named)",
    }
    needs = {"send_robust": "robust"}
    uses = "send_robust"


class Naming(Table):
    """How a connection is made again: by its uid, or not."""

    kinds = {"by uid": "NAME = lambda uid: {'dispatch_uid': uid}", "not at all": "NAME = lambda uid: {}"}
    needs = {"by uid": "uids"}
    instead_of = {"not at all": "uids"}


class MaybeUid(Table):
    """The arguments of `connect`, with a uid and without."""

    kinds = {"without a uid": "NAME = {}", "with a uid": "NAME = {'dispatch_uid': 'uid'}"}
    needs = {"with a uid": "uids"}


class Weak(Table):
    """How a receiver is connected."""

    kinds = {"weak": "NAME = True", "strong": "NAME = False"}
    needs = {"weak": "weak"}


class Container(Table):
    """A kind of a sequence."""

    kinds = {
        "list": "NAME = list",
        "tuple": "NAME = tuple",
        "subclass of list": "NAME = type('NAME', (list,), {})",
        "subclass of tuple": "NAME = type('NAME', (tuple,), {})",
    }


class CaughtError(Table):
    """An exception that Python and asyncio hand on as it is."""

    kinds = {kind: source for kind, source in Error.kinds.items() if kind not in _NOT_HANDED_ON}


class AsyncError(Table):
    """The same, from a thread, too."""

    kinds = {kind: source for kind, source in Error.kinds.items() if kind not in (*_NOT_HANDED_ON, "timeout error")}
    uses = "coroutines"


class LoggedError(Table):
    """An exception that can be logged."""

    kinds = {kind: source for kind, source in Error.kinds.items() if kind != "stop iteration"}

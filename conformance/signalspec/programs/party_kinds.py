"""The tables of parties: receivers, senders and uids, and pairs that might be taken for one another."""

from __future__ import annotations

from signalspec.programs.async_kinds import AsyncReceiver
from signalspec.programs.tables import Kinds, Table

_METHODS = """\
class NAME_class:
    def method(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
"""


class Receiver(Table):
    """A receiver of any kind."""

    kinds = {
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
        "overridden method": """\
class NAME_base:
    def method(self, **kwargs):
        calls.append("NAME")
        return 'NAME'
class NAME_class(NAME_base):
    def method(self, **kwargs):
        calls.append("another method")
NAME = super(NAME_class, NAME_class()).method""",
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


class Function(Table):
    """A function."""

    kinds = {"function": Receiver.kinds["function"]}


class Method(Table):
    """A bound method."""

    kinds = {"bound method": Receiver.kinds["bound method"]}


class Callback(Table):
    """A receiver of one of the three kinds that are referred to in different ways."""

    kinds = {kind: Receiver.kinds[kind] for kind in ("function", "bound method", "instance")}


class Sender(Table):
    """A sender that can be referred to weakly."""

    kinds = {
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


_OTHER_SENDERS: Kinds = {
    "string": 'NAME = "text NAME"',
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


class AnySender(Table):
    """A sender of any kind."""

    kinds = {**Sender.kinds, **_OTHER_SENDERS}


class Uid(Table):
    """A uid that is true."""

    kinds = {
        "string": 'NAME = "uid NAME"',
        "number": "NAME = int.from_bytes(b'NAME', 'big') + 10**6",
        "tuple": "NAME = tuple(['NAME', 1])",
        "object": "NAME = object()",
        "class": """\
class NAME:
    pass""",
        "frozen set": "NAME = frozenset(['NAME'])",
    }


class FalsyUid(Table):
    """A uid that is not true."""

    kinds = {
        "zero": "NAME = 0",
        "empty string": 'NAME = ""',
        "false": "NAME = False",
        "empty tuple": "NAME = ()",
        "neither true nor false": """\
class NAME_class:
    def __bool__(self):
        raise ArithmeticError("asked for its truth")
NAME = NAME_class()""",
    }


class ProgramReceiver(Table):
    """A receiver of a program."""

    kinds = {**Receiver.kinds, **AsyncReceiver.kinds}


class ProgramSender(Table):
    """A sender of a program."""

    kinds = {**Sender.kinds, **_OTHER_SENDERS}


class ProgramUid(Table):
    """A uid of a program."""

    kinds = {**Uid.kinds, **FalsyUid.kinds}


class UnhashableSender(Table):
    """A sender without a hash."""

    kinds = {
        "list": "NAME = ['NAME']",
        "dictionary": "NAME = {'NAME': 1}",
        "instance": """\
class NAME_class:
    __hash__ = None
NAME = NAME_class()""",
        "class": Sender.kinds["class"],
    }
    needs = {"list": "identity", "dictionary": "identity", "instance": "identity"}
    instead_of = {"class": "identity"}


class EqualPair(Table):
    """Two equal uids."""

    kinds = {
        "instances": """\
class NAME_class:
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1
NAME = (NAME_class(), NAME_class())""",
        "strings": 'NAME = ("ab", str(b"ab", "ascii"))',
        "numbers": "NAME = (int('1000003'), int('1000003'))",
        "tuples": "NAME = (tuple([1, 2]), tuple([1, 2]))",
        "number and boolean": "NAME = (1, True)",
    }


class UnequalPair(Table):
    """Two uids that might be taken for one another."""

    kinds = {
        "number and text": "NAME = (1, '1')",
        "same hash": "NAME = (-1, -2)",
        "tuple and text": """NAME = (("a",), "('a',)")""",
        "one within the other": "NAME = ('uid', ('uid',))",
        "objects of a class": "NAME = (object(), object())",
        "another case": "NAME = ('uid', 'UID')",
        "a blank more": "NAME = ('uid', 'uid ')",
        "one begins the other": "NAME = ('uid', 'uid.2')",
        "text and bytes": "NAME = ('uid', b'uid')",
        "long texts": "NAME = ('uid' * 1000 + '1', 'uid' * 1000 + '2')",
        "a letter in one piece and in two": r"NAME = ('\u00fcid', 'u\u0308id')",
    }


class AlikePair(Table):
    """Two receivers that might be taken for one another."""

    kinds = {
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
    }


class Relatives(Table):
    """Two senders that have something to do with one another."""

    kinds = {
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
    }


class UntrustworthySender(Table):
    """A sender whose methods say what is not true, or raise."""

    kinds = {
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
    }

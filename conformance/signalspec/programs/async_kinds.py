"""The tables of asynchronous laws: receivers, sends and orders."""

from __future__ import annotations

from itertools import permutations, product

from signalspec.programs.tables import Kinds, Table

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


class AsyncReceiver(Table):
    """A receiver that every release takes for asynchronous."""

    kinds = {"async function": _FUNCTION, **_METHODS, **_PARTIALS}
    uses = "coroutines"


class AsyncFunction(Table):
    """An asynchronous function."""

    kinds = {
        "async function": _FUNCTION,
        "async wrapper": """\
@functools.wraps(lambda **kwargs: None)
async def NAME(**kwargs):
    calls.append("NAME")
    return 'NAME'""",
    }
    uses = "coroutines"


class AsyncMethod(Table):
    """An asynchronous method."""

    kinds = _METHODS
    uses = "coroutines"


class AsyncPartial(Table):
    """A partial of something asynchronous."""

    kinds = _PARTIALS
    uses = "coroutines"


class AsyncInstance(Table):
    """An instance with an asynchronous `__call__`."""

    kinds = _INSTANCES
    uses = "coroutines"


class Marked(Table):
    """A receiver that is marked as asynchronous."""

    kinds = {
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
    }


class Failure(Table):
    """A receiver that raises `error`."""

    kinds = {
        "async function": """\
async def NAME(**kwargs):
    calls.append("NAME")
    raise error""",
        "function": """\
def NAME(**kwargs):
    calls.append("NAME")
    raise error""",
    }


class Cause(Table):
    """What an exception was raised from."""

    kinds = {"another error": 'NAME = KeyError("NAME")', "none": "NAME = None"}


class Changed(Table):
    """Two values of a context variable."""

    kinds = {
        "another": "NAME = ('before', 'after')",
        "equal lists": "NAME = ([], [])",
        "equal numbers": "NAME = (1, True)",
    }


class Turns(Table):
    """How many turns of the event loop a receiver takes."""

    kinds = {str(turns): f"NAME = {turns}" for turns in range(5)}


class Either(Table):
    """A receiver, asynchronous or not."""

    kinds = {
        "async function": _FUNCTION,
        "function": """\
def NAME(**kwargs):
    calls.append("NAME")
    return 'NAME'""",
    }


class Awaitable(Table):
    """An awaitable that a receiver returns."""

    kinds = {
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
    }


class AnySend(Table):
    """Any of the four sends."""

    kinds = _SENDS
    needs = {"send_robust": "robust", "asend_robust": "robust"}
    uses = "asend"


class Raising(Table):
    """A send that raises what receivers raise."""

    kinds = {kind: _SENDS[kind] for kind in ("send", "asend")}
    uses = "asend"


class SendPair(Table):
    """A send, and the asynchronous one like it."""

    kinds = {
        f"{kind} and a{kind}": _SENDS[kind].replace("NAME = ", "NAME_own = ")
        + "\n"
        + _SENDS[f"a{kind}"].replace("NAME = ", "NAME = NAME_own, ")
        for kind in ("send", "send_robust")
    }
    needs = {"send_robust and asend_robust": "robust"}
    uses = "asend"


class RunAsend(Table):
    """An asynchronous send, run in an event loop."""

    kinds = {kind: _SENDS[kind] for kind in ("asend", "asend_robust")}
    needs = {"asend_robust": "robust"}
    uses = "asend"


class Robust(Table):
    """A send that catches what receivers raise."""

    kinds = {kind: _SENDS[kind] for kind in ("send_robust", "asend_robust")}
    needs = {"send_robust": "robust", "asend_robust": "robust"}
    uses = "asend"


class Asend(Table):
    """An asynchronous send."""

    kinds = {
        "asend": "NAME = lambda signal, *args, **named: signal.asend(*args, **named)",
        "asend_robust": "NAME = lambda signal, *args, **named: signal.asend_robust(*args, **named)",
    }
    needs = {"asend_robust": "robust"}
    uses = "asend"


class Order(Table):
    """The order in which three receivers end."""

    kinds = {" ".join(map(str, order)): f"NAME = {order!r}" for order in permutations(range(3))}


class Other(Table):
    """An exception beside another one."""

    kinds = {
        "lookup error": 'NAME = LookupError("NAME")',
        "base exception": 'NAME = BaseException("NAME")',
    }


class Failing(Table):
    """Which of three receivers raise."""

    kinds = {
        " ".join(str(i) for i in range(3) if fails[i]) or "none": f"NAME = {tuple(i for i in range(3) if fails[i])!r}"
        for fails in product((False, True), repeat=3)
    }


class AsyncUnnamed(Table):
    """An asynchronous receiver without a name, which raises."""

    kinds = {
        "partial": """\
async def NAME_function(**kwargs):
    raise ValueError("planted")
NAME = functools.partial(NAME_function)""",
        "mock": 'NAME = unittest.mock.AsyncMock(side_effect=ValueError("planted"))',
    }
    uses = "coroutines"

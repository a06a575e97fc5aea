"""The few words that laws share; a script gets the source of those that its law uses."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import functools
import gc
import sys
import time
import unittest.mock
import warnings


def heard(calls, send, *args):
    """Return the names of the receivers that `send(*args)` calls, each once, in alphabetical order."""
    calls.clear()
    send(*args)
    return sorted(set(calls))


def outcome(action):
    """Return what `action()` returns, or the name of what it raises."""
    try:
        return action()
    except BaseException as error:
        return f"raises {type(error).__name__}"


def argument_names():
    """Return names of every look that a named argument may have."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    looks = ("{0}", "{0}_", "_{0}", "{0}_id", "is_{0}", "{0}1", "__{0}__", "{0} {0}")
    lower = [look.format(each) for look in looks for each in letters]
    return [*lower, *(name.upper() for name in lower), "", "_", "1", "value", "instance", "created", "update_fields"]


def told_apart(Signal, calls, one, two, **options):
    """Return which of the receivers "one" and "two" are called, and whether one stays when the other is removed.

    What is demanded is returned, too.
    """
    found: list = []
    for sender in (None, int):
        for gone, other in ((one, "two"), (two, "one")):
            signal = Signal()
            signal.connect(one, sender, **options)
            signal.connect(two, sender, **options)
            calls.clear()
            signal.send(sender)
            called = sorted(set(calls))
            signal.disconnect(gone, sender)
            calls.clear()
            signal.send(sender)
            found.append({"called": called, "the other stays": other in calls})
    return found, [{"called": ["one", "two"], "the other stays": True}] * 4


def way_of(error):
    """Return the names of the functions in the traceback of `error`; the last one raised it."""
    traceback, names = error.__traceback__, []
    while traceback is not None:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    return names


def run(action):
    """Return the result of awaiting `action()`, in an event loop of its own."""

    async def main():
        return await action()

    return asyncio.run(main())


async def until(condition):
    """Let the event loop run until `condition()` is true, but for a hundred turns at most."""
    for _ in range(100):
        if condition():
            return
        await asyncio.sleep(0)


async def a_while():
    """Let the event loop run for ten turns."""
    for _ in range(10):
        await asyncio.sleep(0)


@contextlib.contextmanager
def turning_clock():
    """Give a function that turns the clocks of the process ahead by so many seconds, until the block ends."""
    ahead: list = [0]
    with contextlib.ExitStack() as changed:
        for name in ("time", "monotonic", "perf_counter"):
            clock = getattr(time, name)
            turned = functools.partial(lambda clock: clock() + sum(ahead), clock)
            changed.enter_context(unittest.mock.patch(f"time.{name}", turned))
        changed.enter_context(unittest.mock.patch("time.sleep", ahead.append))
        yield ahead.append


def unawaited(action):
    """Return the warnings about coroutines that `action()` made and never awaited."""
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        action()
        if "asgiref.sync" in sys.modules:
            # A thread may still hold the exception that it raised, until it is given something else to do.
            asyncio.run(sys.modules["asgiref.sync"].sync_to_async(int)())
        gc.collect()
    return [str(each.message) for each in caught if "never awaited" in str(each.message)]


def at_address(address, make):
    """Return an object of `make()` at the memory address `address`, or ``None`` after many attempts."""
    kept = []
    for _ in range(2000):
        kept.append(make())
        if id(kept[-1]) == address:
            return kept[-1]
    return None


def memory():
    """Return the number of allocated blocks of memory, plus the places in lists, dictionaries and sets.

    The places count, since a list is one block however long it is.
    """
    gc.collect()
    containers = [each for each in gc.get_objects() if type(each) in (list, dict, set)]
    return sys.getallocatedblocks() + sum(sys.getsizeof(each) for each in containers) // 8


def growth(action):
    """Return how much memory each call of `action()` keeps, rounded down."""
    for _ in range(300):
        action()
    before = memory()
    for _ in range(300):
        action()
    return max(0, memory() - before + 50) // 300


def objects(signal):
    """Return how many objects the collector knows, and members of containers, those of the module included."""
    gc.collect()
    shared = [*vars(type(signal)).values(), *vars(sys.modules[type(signal).__module__]).values()]
    known = [*gc.get_objects(), *shared]
    return len(known) + sum(len(each) for each in known if type(each) in (list, dict, set, collections.deque))


def more_objects(signal, action, times):
    """Return how many objects `action()`, which uses `signal`, leaves behind at each call."""
    action()
    before = objects(signal)
    for _ in range(times):
        action()
    return round(max(0, objects(signal) - before) / times)


def leftover(use, make):
    """Return how much memory `use()` keeps for each of many objects of `make()` that are live at the same time.

    Python itself may keep some memory for code that runs for the first times, so the amount is rounded.
    """
    for _ in range(300):
        use(make())
    before = memory()
    objects = [make() for _ in range(300)]
    while objects:
        use(objects.pop())
    return max(0, memory() - before + 50) // 300

"""The few words that laws share; a script gets the source of those that its law uses."""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings


def heard(calls, send, *args):
    """Return who is called by `send(*args)`: their names, each once, in alphabetical order."""
    calls.clear()
    send(*args)
    return sorted(set(calls))


def outcome(action):
    """Return what `action()` returns, or the name of what it raises."""
    try:
        return action()
    except BaseException as error:
        return f"raises {type(error).__name__}"


def told_apart(Signal, calls, one, two, **options):
    """Return who is called of the receivers "one" and "two", and whether each stays when the other goes."""
    found: list = []
    for sender in (None, int):
        for gone, other in ((one, "two"), (two, "one")):
            signal = Signal()
            signal.connect(one, sender, **options)
            signal.connect(two, sender, **options)
            calls.clear()
            signal.send(sender)
            found.append(sorted(set(calls)))
            signal.disconnect(gone, sender)
            calls.clear()
            signal.send(sender)
            found.append(other in calls)
    return found


def way_of(error):
    """Return the functions that `error` has passed, by name: from that which caught it to that which raised it."""
    traceback, names = error.__traceback__, []
    while traceback is not None:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    return names


def run(action):
    """Return what awaiting `action()` comes to, in an event loop of its own."""

    async def main():
        return await action()

    return asyncio.run(main())


async def until(condition):
    """Let the event loop turn until `condition()` holds, but not for ever."""
    for _ in range(100):
        if condition():
            return
        await asyncio.sleep(0)


async def a_while():
    """Let the event loop turn some times."""
    for _ in range(10):
        await asyncio.sleep(0)


def unawaited(action):
    """Return the warnings that there are of coroutines that `action()` made and nobody awaited."""
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
    """Return an object of `make()` that lies at `address`, or ``None`` where the allocator offers none."""
    kept = []
    for _ in range(2000):
        kept.append(make())
        if id(kept[-1]) == address:
            return kept[-1]
    return None


def memory():
    """Return how many blocks of memory are taken, and places in lists, dictionaries and sets.

    A long list is one block, whatever is appended to it.
    """
    gc.collect()
    containers = [each for each in gc.get_objects() if type(each) in (list, dict, set)]
    return sys.getallocatedblocks() + sum(sys.getsizeof(each) for each in containers) // 8


def growth(action):
    """Return how much memory `action()` keeps at each call, rounded down."""
    for _ in range(300):
        action()
    before = memory()
    for _ in range(300):
        action()
    return max(0, memory() - before + 50) // 300


def leftover(use, make):
    """Return how much memory `use()` leaves of each of many objects of `make()` that live side by side.

    Python itself may keep more than half as many once, of code that runs for the first times.
    """
    for _ in range(300):
        use(make())
    before = memory()
    objects = [make() for _ in range(300)]
    while objects:
        use(objects.pop())
    return max(0, memory() - before + 50) // 300

"""The locks of a target: where they may be, and what stands in for them while its threads run one at a time.

The scripts of findings contain this module as it is, which is why it uses the standard library alone.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any, Protocol


class Turns(Protocol):
    """Whose turn it is: what a lock asks instead of waiting."""

    abandoned: bool

    def wait(self, free: Callable[[], bool], patient: bool = True) -> bool:
        """Let others run until `free()`; tell whether that came about."""


class ControlledLock:
    """Stands in for a lock of `threading` in the target, and lets another thread run instead of waiting."""

    def __init__(self, director: Turns, reentrant: bool) -> None:
        self._director, self._reentrant = director, reentrant
        self._owner: int | None = None
        self._depth = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        me = threading.get_ident()
        taken = self._depth and not (self._reentrant and self._owner == me)
        if taken and not (blocking and self._director.wait(lambda: not self._depth, timeout < 0)):
            return False
        self._owner = me
        self._depth += 1
        return True

    __enter__ = acquire

    def release(self) -> None:
        if self._director.abandoned:
            return
        if not self._depth or (self._reentrant and self._owner != threading.get_ident()):
            raise RuntimeError("release unlocked lock")
        self._depth -= 1

    def __exit__(self, *_: object) -> None:
        self.release()

    def locked(self) -> bool:
        return self._depth > 0

    def forget(self) -> None:
        """Be free, whoever held it."""
        self._depth = 0

    _at_fork_reinit = forget

    # What `threading.Condition` asks of a lock that can be acquired again.

    def _is_owned(self) -> bool:
        return self._depth > 0 and self._owner == threading.get_ident()

    def _release_save(self) -> int:
        depth, self._depth = self._depth, 0
        return depth

    def _acquire_restore(self, depth: int) -> None:
        self.acquire()
        self._depth = depth


def use(signal: Any) -> None:
    """Do to a signal all that can be done: then what it imports late has been imported, and has locks of its own."""

    def receiver(**kwargs: Any) -> None:
        pass

    with suppress(Exception):
        signal.connect(receiver, use)
        signal.has_listeners(use)
        signal.send(use)
        signal.send_robust(use)
        signal.disconnect(receiver, use)


def owners_in(modules: list[ModuleType]) -> Iterator[Any]:
    """Yield what may hold a lock: the modules, their classes, and the objects of these that the modules hold."""
    for module in modules:
        yield module
        values = list(vars(module).values())
        classes = [each for each in values if issubclass(type(each), type) and each.__module__ == module.__name__]
        yield from classes
        yield from (each for each in values if type(each) in classes and hasattr(each, "__dict__"))


def modules_of(factory: Callable[..., Any]) -> Iterator[ModuleType]:
    """Yield the modules of the target: those that its signals' classes are from, and those beside them."""
    names = {getattr(factory, "__module__", None), *(each.__module__ for each in type(factory()).__mro__)}
    own = [sys.modules[name] for name in names if name in sys.modules]
    # What adapts a target, which is part of a script, is not the target.
    others = {*sys.stdlib_module_names, "__main__", "signalspec"}
    own = [module for module in own if module.__name__.partition(".")[0] not in others]
    packages = {module.__package__ for module in own if module.__package__}
    for module in list(sys.modules.values()):
        if isinstance(module, ModuleType) and (module in own or module.__package__ in packages):
            yield module

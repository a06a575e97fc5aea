"""What is saved before a story and put back after it: of the process, of its loggers, and of Django's settings.

A target may change what it likes, and a law may set up what it needs; the next story begins as if neither had. What a
copy of a process forgets of its parent is here, too.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what a target logs, warns of, and raises in finalizers off the terminal, and leave all as it was."""
    # CPython's WeakMethod fails in its own callback when it dies together with its method.
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        # An event loop tells of exceptions that nobody asked its tasks for; and what a target logs elsewhere reaches
        # the root, where pytest, say, formats what cannot be printed.
        with restored(), _unheard(""), _unheard("django.dispatch"), _unheard("asyncio"):
            with warnings.catch_warnings(action="ignore"):
                yield
    finally:
        sys.unraisablehook = hook


@contextmanager
def _unheard(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = (list(logger.handlers), logger.propagate, logger.level, logger.disabled)
    logger.handlers, logger.propagate, logger.disabled = [logging.NullHandler()], False, False
    logger.setLevel(logging.NOTSET)
    try:
        yield
    finally:
        logger.handlers, logger.propagate, level, logger.disabled = before
        logger.setLevel(level)


@contextmanager
def restored() -> Iterator[None]:
    """Put back what a target changes in the process although it should not (parties.leaves-the-process-alone)."""
    collects, thresholds, flags = gc.isenabled(), gc.get_threshold(), gc.get_debug()
    limit, interval, tracer, profiler = (
        sys.getrecursionlimit(),
        sys.getswitchinterval(),
        sys.gettrace(),
        sys.getprofile(),
    )
    environment, folder, path = dict(os.environ), os.getcwd(), list(sys.path)
    hooks = [(owner, name, getattr(owner, name)) for owner, name in _HOOKS]
    try:
        with warnings.catch_warnings(), _restored_loggers():
            yield
    finally:
        sys.setrecursionlimit(limit)
        sys.setswitchinterval(interval)
        sys.settrace(tracer)
        sys.setprofile(profiler)
        for hook in hooks:
            setattr(*hook)
        gc.set_debug(flags)
        gc.set_threshold(*thresholds)
        (gc.enable if collects else gc.disable)()
        sys.path[:] = path
        os.chdir(folder)
        if os.environ != environment:
            os.environ.clear()
            os.environ.update(environment)


_HOOKS: tuple[tuple[Any, str], ...] = (
    *((sys, name) for name in ("excepthook", "unraisablehook", "displayhook", "stdin", "stdout", "stderr")),
    (threading, "excepthook"),
    (logging, "raiseExceptions"),
)


@contextmanager
def _restored_loggers() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("", "django", "django.dispatch")]
    before = [
        (each, each.level, each.handlers[:], each.filters[:], each.propagate, each.disabled) for each in loggers
    ]
    disabled = logging.root.manager.disable
    try:
        yield
    finally:
        logging.disable(disabled)
        for each, level, handlers, filters, propagate, is_disabled in before:
            each.handlers, each.filters, each.propagate, each.disabled = handlers, filters, propagate, is_disabled
            each.setLevel(level)


@contextmanager
def unconfigured_settings() -> Iterator[Any]:
    """Lend Django's settings as a new process has them, and put the old ones back."""
    from django.conf import settings
    from django.utils.functional import empty

    before = (settings._wrapped, dict(settings.__dict__))
    settings.__dict__.clear()
    settings._wrapped = empty
    try:
        yield settings
    finally:
        settings.__dict__.clear()
        settings.__dict__.update(before[1])
        settings._wrapped = before[0]


@contextmanager
def debugging(on: bool) -> Iterator[None]:
    """Configure Django's settings with DEBUG on, where asked to, and put the old ones back."""
    if not on:
        yield
        return
    with unconfigured_settings() as settings:
        settings.configure(DEBUG=True)
        yield


def forget_the_parent(environment: Mapping[str, str], path: Sequence[str], folder: str) -> None:
    """Have in this copy of a process no stream of its parent's, and the surroundings that it was asked to have."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = path
    os.chdir(folder)
    importlib.invalidate_caches()


def leave_waiting_threads() -> None:
    """Give asgiref a new thread for what has to share one: that which it has may wait for ever."""
    from asgiref.sync import SyncToAsync

    SyncToAsync.single_thread_executor = ThreadPoolExecutor(max_workers=1)

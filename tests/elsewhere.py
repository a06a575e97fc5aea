"""What a test does in a process of its own, whose Django is configured nowhere else."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import TypeVar

from signalspec.targets.surroundings import leave_waiting_threads, quiet

T = TypeVar("T")


def elsewhere(work: Callable[[], T], patience: float = 120.0) -> T:
    """Return what `work()` returns in a copy of this process.

    Raise `TimeoutError` where that takes longer than `patience` seconds, and `EOFError` where it returns nothing.
    """
    forking = multiprocessing.get_context("fork")
    receiving, sending = forking.Pipe(duplex=False)

    def send() -> None:
        # asgiref keeps a thread; a copy inherits the belief in it, but not the thread.
        leave_waiting_threads()
        with quiet():
            sending.send(work())

    process = forking.Process(target=send)
    process.start()
    sending.close()
    try:
        if not receiving.poll(patience):
            raise TimeoutError(f"nothing is returned within {patience:g} seconds")
        found: T = receiving.recv()
    finally:
        process.kill()
        process.join()
    return found

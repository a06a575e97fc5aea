"""A stress run: threads that use one signal as fast as they can, for targets whose lines cannot be followed.

It finds what happens often. That it finds nothing proves little, and the report says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from signalspec.programs.outcomes import raised

THREADS, ROUNDS = 4, 250

OPERATIONS = THREADS * ROUNDS * 4
"""How many operations a run has."""


def run(factory: Callable[..., Any], timeout: float) -> str:
    """Let threads connect, send and disconnect for at most `timeout` seconds; return what went wrong, or nothing."""
    signal = factory()
    trouble: list[str] = []
    called: set[int] = set()
    start = threading.Barrier(THREADS)

    def receiver_of(number: int) -> Callable[..., None]:
        def receiver(**kwargs: Any) -> None:
            called.add(number)

        return receiver

    lasting = [receiver_of(number) for number in range(THREADS)]

    def use(number: int) -> None:
        passing = receiver_of(THREADS + number)
        start.wait()
        try:
            for _ in range(ROUNDS):
                signal.connect(passing)
                signal.connect(lasting[number])
                signal.send(None)
                if not signal.disconnect(passing):
                    trouble.append("a connection is lost")
        except BaseException as error:
            trouble.append(str(raised(error)))

    threads = [threading.Thread(target=use, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout / THREADS)
    if any(thread.is_alive() for thread in threads):
        return "threads wait for ever"
    called.clear()
    try:
        signal.send(None)
    except BaseException as error:
        return str(raised(error))
    if called != set(range(THREADS)):
        trouble.append("connections are lost, or were not removed")
    return trouble[0] if trouble else ""

"""How fast is the reference, beside the installed Django and beside a loop that does nothing but call the receivers?

    python conformance/workshop/benchmark.py

The sides of a row take turns, and the least time of each counts, so that a busy machine slows all alike. Exit status:
1 where the reference is slower than Django in any row.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, product
from time import perf_counter
from timeit import Timer
from typing import Any

import django
from django.dispatch import Signal as DjangoSignal
from rich.console import Console
from rich.table import Table
from signalspec import Options, check_here, load_here
from signalspec.engines import explore
from signalspec.engines.observing import cheap_collections
from signalspec.targets.surroundings import quiet
from signalspec_reference import Signal as ReferenceSignal

ROUNDS = 15
"""How many turns each side of a row takes; a row that the reference seems to lose gets as many again, twice."""

SAMPLE = 0.003
"""How many seconds a turn lasts, roughly."""

DEPTH = Options().depth
"""How many commands a program of *explore* has at the most."""

TIMEOUT = 60.0
"""How many seconds its programs may take, 512 at a time."""

Run = Callable[[int], float]
"""Does something so many times and returns how many seconds that took."""

LOOP = "[(f, f(signal=signal, sender=sender, **named)) for f in functions]"


class Sender:
    """The one sender of the benchmark."""


@dataclass
class Row:
    """One operation, to be done by each side."""

    operation: str
    receivers: int
    sides: dict[str, Run]
    seconds: dict[str, float] = field(default_factory=dict)

    def measure(self) -> None:
        """Let the sides take turns; keep the least seconds that one operation took."""
        times = {side: calibrate(run) for side, run in self.sides.items()}
        for turn in range(3 * ROUNDS):
            if turn in (ROUNDS, 2 * ROUNDS) and not self.lost:
                break
            for side, run in self.sides.items():
                once = run(times[side]) / times[side]
                self.seconds[side] = min(once, self.seconds.get(side, once))

    def ratio(self, side: str, other: str) -> float | None:
        """Return how many times as long as `other` the `side` takes."""
        return self.seconds[side] / self.seconds[other] if {side, other} <= set(self.seconds) else None

    @property
    def lost(self) -> bool:
        """Whether the reference is slower than Django."""
        return (self.ratio("reference", "Django") or 0) > 1


def calibrate(run: Run) -> int:
    """Return how many operations fill a turn."""
    times = 1
    while (seconds := run(times)) < SAMPLE / 4:
        times *= 2
    return max(1, round(times * SAMPLE / seconds))


def rows() -> Iterator[Row]:
    """Yield every row; each is measured before the next is made."""
    for send, sizes in (("send", (0, 1, 10, 100)), ("send_robust", (1, 10, 100))):
        for caching in (False, True):
            for sender, whose in ((None, "all"), (Sender, "one")):
                for size in sizes:
                    yield row_of_sends(f"{send}, {whose}{', caching' * caching}", size, send, caching, sender)
    for send, kind, size in product(("asend", "asend_robust"), ("direct", "awaited", "mixed"), (1, 10, 100)):
        yield row_of_asynchronous_sends(send, kind, size)
    for size in (1, 10, 100):
        yield row_of_changes(size)
    for weak, how in ((True, "weak"), (False, "strong")):
        for size in (10, 1_000, 10_000):
            functions = make_functions(size)
            signals = {"reference": ReferenceSignal(), "Django": DjangoSignal()}
            for signal in signals.values():
                for function in functions:
                    signal.connect(function, weak=weak)
            for operation, run in (
                ("connect", run_connect),
                ("disconnect newest", run_disconnect_newest),
                ("disconnect oldest", run_disconnect_oldest),
            ):
                sides = {side: run(signal, functions, weak) for side, signal in signals.items()}
                yield Row(f"{operation}, {how}", size, sides)


def make_functions(size: int) -> list[Callable[..., None]]:
    """Return so many receivers."""

    def make() -> Callable[..., None]:
        def function(sender: object, **named: object) -> None:
            pass

        return function

    return [make() for _ in range(size)]


def row_of_sends(operation: str, size: int, send: str, caching: bool, sender: type | None) -> Row:
    """Return a row that sends to `size` receivers, which `sender` is the only one to have, unless it is ``None``."""
    functions = make_functions(size)
    names: dict[str, Any] = {"functions": functions, "sender": Sender, "named": {"instance": Sender()}}
    sides: dict[str, Run] = {}
    for side, factory in {"reference": ReferenceSignal, "Django": DjangoSignal}.items():
        signal = factory(use_caching=caching)
        for function in functions:
            signal.connect(function, sender)
        sides[side] = Timer(f"signal.{send}(sender=sender, **named)", globals=names | {"signal": signal}).timeit
    sides["loop"] = Timer(LOOP, globals=names | {"signal": signal}).timeit
    return Row(operation, size, sides)


def row_of_asynchronous_sends(send: str, kind: str, size: int) -> Row:
    """Return a row that sends asynchronously to receivers of which all, none or every other one is awaited."""

    def make() -> Callable[..., Any]:
        async def function(sender: object, **named: object) -> None:
            pass

        return function

    functions = make_functions(size)
    if kind != "direct":
        functions[:: 2 if kind == "mixed" else 1] = [make() for _ in functions[:: 2 if kind == "mixed" else 1]]
    sides: dict[str, Run] = {}
    for side, factory in {"reference": ReferenceSignal, "Django": DjangoSignal}.items():
        signal = factory()
        for function in functions:
            signal.connect(function, weak=False)
        sides[side] = run_asynchronously(getattr(signal, send))
    return Row(f"{send}, {kind}", size, sides)


def run_asynchronously(send: Callable[..., Any]) -> Run:
    """Send from one event loop."""

    async def repeat(times: int) -> float:
        start = perf_counter()
        for _ in range(times):
            await send(Sender)
        return perf_counter() - start

    return lambda times: asyncio.run(repeat(times))


def row_of_changes(size: int) -> Row:
    """Return a row that also pays for whatever a side keeps from one send to the next."""
    functions = make_functions(size + 1)
    sides: dict[str, Run] = {}
    for side, factory in {"reference": ReferenceSignal, "Django": DjangoSignal}.items():
        signal = factory()
        for function in functions[1:]:
            signal.connect(function)
        # The names also keep the functions alive.
        names = {"signal": signal, "functions": functions, "function": functions[0], "sender": Sender}
        send = "signal.send(sender=sender)"
        sides[side] = Timer(
            f"signal.connect(function); {send}; signal.disconnect(function); {send}", globals=names
        ).timeit
    return Row("2 changes, 2 sends", size, sides)


def run_connect(signal: Any, functions: list[Callable[..., None]], weak: bool) -> Run:
    """Connect one receiver after all others, and take it away untimed."""
    last = functions[-1]

    def run(times: int) -> float:
        seconds = 0.0
        for _ in range(times):
            signal.disconnect(last)
            start = perf_counter()
            signal.connect(last, weak=weak)
            seconds += perf_counter() - start
        return seconds

    return run


def run_disconnect_newest(signal: Any, functions: list[Callable[..., None]], weak: bool) -> Run:
    """Disconnect the receiver that was connected last, and put it back untimed."""
    return run_disconnect(signal, cycle(functions[-1:]), weak)


def run_disconnect_oldest(signal: Any, functions: list[Callable[..., None]], weak: bool) -> Run:
    """Disconnect the receiver that was connected first, and put it back, as the newest, untimed."""
    return run_disconnect(signal, cycle(functions), weak)


def run_disconnect(signal: Any, functions: Iterator[Callable[..., None]], weak: bool) -> Run:
    """Disconnect each of the functions in turn, and put it back untimed."""

    def run(times: int) -> float:
        seconds = 0.0
        for _, function in zip(range(times), functions, strict=False):
            start = perf_counter()
            signal.disconnect(function)
            seconds += perf_counter() - start
            signal.connect(function, weak=weak)
        return seconds

    return run


def throughput() -> str:
    """Return how many programs a second *explore* runs on Django, and how long a check takes."""
    start = perf_counter()
    report = check_here(load_here("django"), options=Options())
    seconds = perf_counter() - start
    rates = [f"{kind} {explored(flag):,.0f}" for kind, flag in (("synchronous", False), ("asynchronous", True))]
    took = f"A check of django takes {seconds:.1f} s ({report.verdict})."
    return f"{took} Programs of explore a second: {', '.join(rates)}."


def explored(asynchronous: bool) -> float:
    """Return how many programs a second *explore* runs on Django, of the dimensions with `asynchronous` sends or of
    the others, but for the one with DEBUG on.
    """
    dimensions = [each for each in explore.DIMENSIONS if each.asynchronous is asynchronous and not each.debug]
    for each in dimensions:
        explore.programs_of(each, DEPTH)
    with quiet(), cheap_collections():
        start = perf_counter()
        programs = sum(1 for each in dimensions for _ in explore.run(each, DEPTH, DjangoSignal, TIMEOUT))
        seconds = perf_counter() - start
    return programs / seconds


def show(ratio: float) -> str:
    """Return a ratio with as many digits as say something."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"


def main() -> int:
    """Measure and print; return the exit status."""
    console = Console()
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("operation", no_wrap=True)
    headings = (
        "recei-\nvers",
        "reference\nµs",
        "Django\nµs",
        "reference\n/ Django",
        "reference\n/ loop",
        "Django\n/ loop",
    )
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    lost = 0
    gc.collect()
    gc.disable()
    for row in rows():
        row.measure()
        lost += row.lost
        times = [f"{1e6 * row.seconds[side]:,.2f}" for side in ("reference", "Django")]
        pairs = (("reference", "Django"), ("reference", "loop"), ("Django", "loop"))
        ratios = ["-" if (ratio := row.ratio(*pair)) is None else show(ratio) for pair in pairs]
        if row.lost:
            ratios[0] = f"[bold red]slow {ratios[0]}[/]"
        table.add_row(row.operation, f"{row.receivers:,}", *times, *ratios)
    gc.enable()
    console.print(f"Least time of one operation, reference and Django {django.get_version()}.")
    console.print("Receivers are connected for all senders or for one; the loop just calls them.\n")
    console.print(table)
    console.print(f"\n{throughput()}", soft_wrap=True)
    if lost:
        console.print(f"The reference is slower than Django in {lost} rows.", style="bold red")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())

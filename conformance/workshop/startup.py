"""How many processor seconds do the commands take that only read the standard, beside a Python that does nothing?

    python conformance/workshop/startup.py [--rounds N]

The commands take turns, and the least time of each counts, so that a busy machine slows all alike. Exit status: 1
where a command takes longer than `AIM`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage

AIM = 0.3
"""How many processor seconds a command may take, so that it answers at once."""

SIGNALSPEC = (sys.executable, "-m", "signalspec")

COMMANDS = {
    "python -c pass": (sys.executable, "-c", "pass"),
    "--help": (*SIGNALSPEC, "--help"),
    "explain send.order": (*SIGNALSPEC, "explain", "send.order"),
    "search lambda": (*SIGNALSPEC, "search", "lambda"),
    "search reciever": (*SIGNALSPEC, "search", "reciever"),
    "clauses": (*SIGNALSPEC, "clauses"),
}
"""What is measured, by what it is called; the first is Python alone."""


def seconds_of(command: tuple[str, ...]) -> float:
    """Run a command; return the processor seconds that it took."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure each command and print a line for it; return the exit status."""
    parser = argparse.ArgumentParser(description="Measure the processor seconds of the commands that only read.")
    parser.add_argument("--rounds", type=int, default=5, help="How many turns each command takes.")
    rounds = parser.parse_args().rounds
    least = dict.fromkeys(COMMANDS, float("inf"))
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            least[name] = min(least[name], seconds_of(command))
    for name, seconds in least.items():
        print(f"{name:<20} {seconds:5.2f} s{'' if seconds <= AIM else '  too slow'}")
    print(f"{'aim':<20} {AIM:5.2f} s, processor time, the best of {rounds}")
    return int(max(least.values()) > AIM)


if __name__ == "__main__":
    sys.exit(main())

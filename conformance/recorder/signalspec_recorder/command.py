"""The command line: ``signalspec-record -o TRACE -- COMMAND ...``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from .session import Session, UnusableTraceError

CANNOT = 2
NOT_FOUND = 127


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status, which is that of COMMAND."""
    parser = argparse.ArgumentParser(
        prog="signalspec-record",
        description="Run COMMAND, and record which Django signals its Python processes dispatch.",
        epilog="The exit status is COMMAND's; 2 if the trace cannot be written, 127 if there is no such command.",
    )
    parser.add_argument("-o", "--output", metavar="TRACE", required=True, help="the file to write, compressed")
    parser.add_argument("command", metavar="COMMAND", nargs=argparse.REMAINDER, help="for example: -- pytest -q")
    parsed = parser.parse_args(arguments)
    command = parsed.command[1:] if parsed.command[:1] == ["--"] else parsed.command
    if not command:
        parser.error("there is no COMMAND to record; for example: -o trace.gz -- pytest")
    return record(parsed.output, command)


def record(trace: str, command: Sequence[str]) -> int:
    """Run `command` and write what its Python processes dispatch to `trace`; return the command's exit status."""
    try:
        with Session(trace) as session:
            status = _run(command, session.environment(dict(os.environ)))
    except UnusableTraceError as error:
        return _refuse(str(error), CANNOT)
    except FileNotFoundError:
        return _refuse(f"there is no command {command[0]!r}.", NOT_FOUND)
    except OSError as error:
        return _refuse(f"{command[0]!r} cannot be run: {error.strerror}.", NOT_FOUND - 1)
    print(f"signalspec-record: {trace}: {session.recorded}.", file=sys.stderr)
    return status


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, env=environment) as process:
        while True:
            try:
                status = process.wait()
            except KeyboardInterrupt:
                continue  # The terminal tells COMMAND, too, which has the say.
            return status if status >= 0 else 128 - status


def _refuse(message: str, status: int) -> int:
    print(f"signalspec-record: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())

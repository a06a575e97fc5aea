"""Runs the observer on a learner's project, in a process of its own that is ended in any case."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from signalspec.exercise.observation import Observation


class ProjectError(Exception):
    """The project cannot be checked; the message is one sentence for its author."""


def run(folder: Path, timeout: float) -> Observation:
    """Return what the project in `folder` does; raise `ProjectError` where that takes more than `timeout` seconds, or
    where it cannot be imported, or ends the process.
    """
    if not folder.is_dir():
        raise ProjectError(f"There is no folder {folder}.")
    if not (folder / "manage.py").is_file() or not (folder / "todos").is_dir():
        raise ProjectError(f"{folder} is not the project of the exercise: it has no manage.py, or no folder todos.")
    with tempfile.TemporaryDirectory() as place:
        lines = Path(place) / "observed"
        command = [sys.executable, "-P", "-m", "signalspec.exercise.observer", str(folder.resolve()), str(lines)]
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise ProjectError(
                f"The project did not come to an end in {timeout:g} s while {_begun(lines)}."
            ) from None
        finally:
            _end(process)
        return _read(lines, process.returncode)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and what the project has started in it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def _begun(file: Path) -> str:
    begun = [line["begun"] for line in _lines(file) if "begun" in line]
    return begun[-1] if begun else "starting"


def _read(file: Path, status: int) -> Observation:
    last = (_lines(file) or [{}])[-1]
    if "observed" in last:
        return Observation.from_json(last["observed"])
    if "refused" in last:
        raise ProjectError(last["refused"])
    raise ProjectError(f"The project ended its own process, with status {status}, while {_begun(file)}.")

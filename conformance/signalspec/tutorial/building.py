"""Makes the tutorial's project in a folder, as a reader would: writes its files, and runs its commands."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from signalspec.tutorial.pages import Page


class BuildError(Exception):
    """A command of the tutorial failed; the message is one sentence."""


def build(pages: Iterable[Page], folder: Path) -> None:
    """Do in `folder` what the pages say, one after the other; raise `BuildError` where a command fails."""
    for page in pages:
        for block in page.of("file", "add", "setup"):
            if block.role == "setup":
                for line in block.text.splitlines():
                    run(line, folder)
                continue
            file = folder / block.path
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w" if block.role == "file" else "a", encoding="utf-8") as opened:
                opened.write(block.text)


def command(line: str) -> list[str]:
    """Return the command of a shell's `line` that begins with ``python``, which is this Python."""
    program, *arguments = shlex.split(line)
    if program != "python":
        raise BuildError(f"The tutorial runs {program}, and not python.")
    return [sys.executable, *arguments]


def run(line: str, folder: Path) -> None:
    """Run a shell's `line` in `folder`."""
    done = subprocess.run(command(line), cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
        raise BuildError(f"`{line}` fails in {folder} and says: {last}")

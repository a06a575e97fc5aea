"""Runs the session of one page in a project of the tutorial: ``python tutorial_session.py PROJECT FILE``.

It is typed into one namespace, with Django set up, as in `python manage.py shell`; the databases are empty ones, in
memory. Where something else comes out than the page says, that is printed, and the exit status is 1.
"""

from __future__ import annotations

import doctest
import os
import sys
from pathlib import Path
from typing import Any


class Terminal:
    """A terminal shows what is written to stderr, such as a log, among the rest."""

    def write(self, text: str) -> int:
        """Write to whatever stdout is now."""
        return sys.stdout.write(text)

    def flush(self) -> None:
        """Flush that."""
        sys.stdout.flush()


def main(project: str, file: Path) -> int:
    """Return how many examples of the page in `file` fail in `project`."""
    sys.path.insert(0, project)
    os.chdir(project)
    os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    stderr: Any = Terminal()
    errors, sys.stderr = sys.stderr, stderr
    import django

    django.setup()
    from django.test.utils import setup_databases
    from signalspec.tutorial.pages import read_blocks

    setup_databases(verbosity=0, interactive=False)
    names: dict[str, Any] = {"__name__": "__main__"}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    for block in read_blocks(file.name, file.read_text("utf-8")):
        if block.role != "session":
            continue
        test = doctest.DocTestParser().get_doctest(block.text, names, file.name, file.name, block.line)
        test.globs = names
        runner.run(test, clear_globs=False)
    sys.stderr = errors
    return runner.failures


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1], Path(sys.argv[2]).resolve())))

"""The recorder of this process, and the file that it writes to; imported when Django's signals are."""

from __future__ import annotations

import atexit
import functools
import os
import sys

# Bound here, since a test may put something else in their place for a while.
from json import dumps
from os import getpid
from os.path import join
from time import time_ns
from typing import Any

from . import FORMAT, definitions, names, recording, wrapping
from .part import Part
from .places import Project
from .recording import Recorder


def start(dispatcher: Any, parts: str, folder: str) -> Recorder:
    """Record what the signals of the module `dispatcher` do from now on; return what does so.

    The file is made in the folder `parts`; the project that is recorded lies in `folder`.
    """
    inner = [module.__file__ for module in (recording, wrapping, definitions, names, dispatcher, functools)]
    django = os.path.dirname(os.path.dirname(dispatcher.__file__))
    inner += [os.path.join(django, *path) for path in (("db", "models", "signals.py"), ("apps", "registry.py"))]
    recorder = Recorder(Project(folder), dispatcher.Signal, [str(file) for file in inner], lambda: _make_part(parts))
    wrapping.wrap_signal(dispatcher.Signal, recorder)
    atexit.register(recorder.close)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=recorder.forked)
    return recorder


def _make_part(parts: str) -> Part:
    part = Part(join(parts, f"{time_ns()}-{getpid()}.jsonl"))
    part.write(dumps({"header": _header()}, separators=(",", ":")).encode("ascii") + b"\n")
    return part


def _header() -> dict[str, Any]:
    django = sys.modules.get("django")
    return {
        "format": FORMAT,
        "django": getattr(django, "__version__", None),
        "python": sys.version.split()[0],
        "hash_seed": os.environ.get("PYTHONHASHSEED", "random"),
        "distributions": _distributions(),
    }


def _distributions() -> dict[str, str]:
    # The folders' names say it, without what reading the metadata would import.
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            entries = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in entries:
            name, extension = os.path.splitext(entry)
            if extension == ".dist-info" and "-" in name:
                distribution, version = name.split("-")[:2]
                found.setdefault(distribution, version)
    return dict(sorted(found.items()))

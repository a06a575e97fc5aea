"""What the name of the tox environment says in which the tests run; outside of tox, it says nothing."""

from __future__ import annotations

import os
import re

_NAME = os.environ.get("TOX_ENV_NAME", "")


def named(prefix: str) -> str:
    """Return what stands behind `prefix` in the name, or nothing where it begins otherwise."""
    return _NAME.removeprefix(prefix) if _NAME.startswith(prefix) else ""


def django(*digits: str) -> str | None:
    """Return the version of Django that is to be installed, whose parts have these patterns, or ``None``."""
    found = re.fullmatch(rf"py\d+-django{''.join(f'({each})' for each in digits)}", _NAME)
    return ".".join(found.groups()) if found else None

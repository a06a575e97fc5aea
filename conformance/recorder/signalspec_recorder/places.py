"""Where code is: files as they can be shown to anybody, which is relative to the project's folder or not at all."""

from __future__ import annotations

import sys

# Bound here, since a test may put something else in their place for a while.
from os import sep
from os.path import islink, join, realpath, relpath, split
from types import CodeType
from typing import Optional, Tuple

Place = Optional[Tuple[str, int]]
"""A file of the project, relative to its folder and with slashes, and a line in it."""


class Project:
    """The folder of what is recorded. What is installed in an environment inside it does not belong to it."""

    def __init__(self, folder: str) -> None:
        self.folder = realpath(folder)
        self._environment = realpath(sys.prefix)
        self._folders: dict[str, str] = {}
        self._files: dict[str, str | None] = {}

    def file(self, name: str) -> str | None:
        """Return the file relative to the project's folder, or ``None`` where it lies elsewhere."""
        if name not in self._files:
            self._files[name] = self._relative(name)
        return self._files[name]

    def place(self, code: CodeType) -> Place:
        """Return where a function begins."""
        file = self.file(code.co_filename)
        return None if file is None else (file, code.co_firstlineno)

    def _relative(self, name: str) -> str | None:
        full, environment = self._real(name), self._environment
        if not full.startswith(self.folder + sep) or "site-packages" in full or "dist-packages" in full:
            return None
        if environment != self.folder and full.startswith(environment + sep):
            return None
        return relpath(full, self.folder).replace(sep, "/")

    def _real(self, name: str) -> str:
        # To resolve a path asks for each of its folders; most files share theirs with others.
        folder, base = split(name)
        if folder not in self._folders:
            self._folders[folder] = realpath(folder)
        full = join(self._folders[folder], base)
        return realpath(full) if islink(full) else full

"""Where code is: files as they can be shown to anybody, which is relative to the project's folder or not at all."""

from __future__ import annotations

import os
import sys
from types import CodeType
from typing import Optional, Tuple

Place = Optional[Tuple[str, int]]
"""A file of the project, relative to its folder and with slashes, and a line in it."""


class Project:
    """The folder of what is recorded. What is installed in an environment inside it does not belong to it."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.realpath(folder)
        self._environment = os.path.realpath(sys.prefix)
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
        if not full.startswith(self.folder + os.sep) or "site-packages" in full or "dist-packages" in full:
            return None
        if environment != self.folder and full.startswith(environment + os.sep):
            return None
        return os.path.relpath(full, self.folder).replace(os.sep, "/")

    def _real(self, name: str) -> str:
        # To resolve a path asks for each of its folders; most files share theirs with others.
        folder, base = os.path.split(name)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        full = os.path.join(self._folders[folder], base)
        return os.path.realpath(full) if os.path.islink(full) else full

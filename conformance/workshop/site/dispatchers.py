"""What the browser runs: its Python, and the dispatcher of each release out of Django's own packages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from signalspec.standard.clauses import RELEASES

ROOT = Path(__file__).resolve().parents[3]

PYODIDE = "pyodide@314.0.7"
"""The package of the npm registry that is Python for the browser."""

AXE = "axe-core@4.14.1"
"""The package with which the tests look for what keeps people out."""

OFFERED = RELEASES[RELEASES.index("2.0") :]
"""The releases that the browser's Python can import; those before use a module `six` that it cannot."""

TAKEN = re.compile(
    r"(django/(__init__|dispatch/\w+|utils/\w+|conf/__init__|conf/global_settings|core/__init__|core/exceptions)"
    r"|asgiref/\w+|signalspec_reference/__init__)\.py"
)
"""The files that a dispatcher, its decorator, its settings and its loggers need."""

RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")


def gather(target: Path, cache: Path) -> None:
    """Put all that the browser needs into `target`; packages are kept in `cache`.

    Raise `subprocess.CalledProcessError` where a package cannot be had.
    """
    target.mkdir(parents=True, exist_ok=True)
    cache.mkdir(parents=True, exist_ok=True)
    for name in RUNTIME:
        shutil.copy(packed_by_npm(PYODIDE, cache) / name, target / name)
    packed_by_npm(AXE, cache)
    for release in OFFERED:
        wheel = _wheel(f"Django~={release}.0", re.compile(rf"[Dd]jango-{re.escape(release)}(\.\d+)?-"), cache)
        _packed(target / f"django-{release}.zip", wheel)
    _packed(target / "asgiref.zip", _wheel("asgiref>=3.9,<4", re.compile(r"asgiref-"), cache))
    with zipfile.ZipFile(target / "reference.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(ROOT / "reference/signalspec_reference/__init__.py", "signalspec_reference/__init__.py")
    names = ["reference", *(f"django-{release}" for release in OFFERED)]
    (target / "releases.json").write_text(json.dumps(names), "utf-8")


def _wheel(requirement: str, name: re.Pattern[str], cache: Path) -> Path:
    def found() -> Iterator[Path]:
        return (file for file in sorted(cache.glob("*.whl")) if name.match(file.name))

    if not any(found()):
        options = [
            "--no-deps",
            "--only-binary=:all:",
            "--ignore-requires-python",
            "--quiet",
            "--disable-pip-version-check",
            "--dest",
            str(cache),
        ]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, requirement], check=True)
    return next(found())


def _packed(target: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            if TAKEN.fullmatch(name):
                archive.writestr(name, source.read(name))


def packed_by_npm(package: str, cache: Path) -> Path:
    """Return the folder with the files of a package of the npm registry, such as ``name@1.0.0``."""
    folder = cache / package.replace("/", "-")
    if not folder.is_dir():
        with tempfile.TemporaryDirectory() as packed:
            command = ["npm", "pack", "--silent", "--pack-destination", packed, package]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            shutil.unpack_archive(next(Path(packed).iterdir()), folder)
    return folder / "package"

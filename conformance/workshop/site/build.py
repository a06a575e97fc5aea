"""Make the site: python conformance/workshop/site/build.py OUT [--cache DIR]

OUT gets the pages. What is downloaded for the examples, Django's packages and the browser's Python, is kept in DIR.
Any warning of Sphinx ends it with status 1.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from comparisons import comparisons
from dispatchers import gather
from signalspec.standard.clauses import load_clauses
from sources import sources
from sphinx.cmd.build import build_main

HERE = Path(__file__).resolve().parent


def main(out: Path, cache: Path) -> int:
    """Write the sources, have Sphinx make pages of them, and put beside them what the examples run on."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        shutil.copy(HERE / "conf.py", source)
        shutil.copytree(HERE / "static", source / "static")
        for name, text in {**sources(), **dict(comparisons(load_clauses()))}.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text + "\n", "utf-8")
        try:
            gather(source / "static/run", cache)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"What the examples run on cannot be had: {error}", file=sys.stderr)
            return 1
        arguments = ["-b", "html", "-W", "--keep-going", "-q", "-j", "auto", "-d", str(source / ".doctrees")]
        return int(build_main([*arguments, str(source), str(out)]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("build/site-cache"))
    given = parser.parse_args()
    raise SystemExit(main(given.out, given.cache))

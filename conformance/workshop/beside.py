"""What the workshop has beside it: the repository, and the tests, whose planted faults its commands use.

A command that uses them imports this module first; it alone puts the tests on the path.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "conformance/results"
DATA = ROOT / "conformance/signalspec/data"

if str(ROOT / "tests") not in sys.path:
    sys.path.append(str(ROOT / "tests"))

"""``python -m signalspec_recorder`` is ``signalspec-record``."""

import sys

from .command import main

sys.exit(main())

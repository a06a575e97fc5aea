"""``python -m signalspec`` is ``signalspec``."""

import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line, which a user may interrupt while it is still being imported."""
    try:
        from signalspec.cli import main
    except KeyboardInterrupt:
        print("signalspec: interrupted.", file=sys.stderr)
        sys.exit(130)
    sys.exit(main(prog_name="signalspec"))


if __name__ == "__main__":
    run()

"""``python -m signalspec`` is ``signalspec``."""

from signalspec.cli import main

if __name__ == "__main__":
    main(prog_name="signalspec")

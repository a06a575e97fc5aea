"""signalspec: what Django-style signals guarantee, and whether an implementation keeps it.

`check`, `load_target` and `replay` run a target in processes of its own; what runs it in this one says `here`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signalspec.findings.report import Report
    from signalspec.programs.defects import SuiteError
    from signalspec.runner.options import Options
    from signalspec.runner.supervisor import Interrupted, check, load_target, replay
    from signalspec.runner.tally import check_here
    from signalspec.standard.clauses import Clause, load_clauses
    from signalspec.targets.target import Target, TargetError, load_here

    __version__: str
else:
    _HOMES = {
        "programs.defects": ("SuiteError",),
        "runner.supervisor": ("Interrupted", "check", "load_target", "replay"),
        "runner.tally": ("check_here",),
        "standard.clauses": ("Clause", "load_clauses"),
        "runner.examination": ("Options",),
        "findings.report": ("Report",),
        "targets.target": ("Target", "TargetError", "load_here"),
    }

    def __getattr__(name):
        # pytest imports this package wherever it is installed, to find the plugin; the rest can wait.
        for module, names in _HOMES.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{module}"), name)
        if name == "__version__":
            from importlib.metadata import version

            return version("signalspec")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Clause",
    "Interrupted",
    "Options",
    "Report",
    "SuiteError",
    "Target",
    "TargetError",
    "check",
    "check_here",
    "load_clauses",
    "load_here",
    "load_target",
    "replay",
]

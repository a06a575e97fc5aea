"""Records which signals a Django project dispatches, and changes nothing of what it does.

``command`` runs a command in an environment that makes each Python process record itself (``startup``); ``wrapping``
puts a wrapper around each method of Django's ``Signal``; ``recording`` makes rows of what passes through, with stable
``names``; ``part`` keeps the rows of one process, and ``session`` joins the parts of all processes to a trace.
"""

__version__ = "0.1.0"

FORMAT = 1
"""The version of the trace's format; see ``trace.schema.json`` of signalspec."""

PARTS = "SIGNALSPEC_RECORD_PARTS"
"""The environment variable that names the folder of the parts, and so tells a process to record itself."""

PROJECT = "SIGNALSPEC_RECORD_PROJECT"
"""The environment variable that names the folder of the project that is recorded."""

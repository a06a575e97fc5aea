# Python imports this when it starts, since the folder is the first in PYTHONPATH. It makes the process record itself,
# takes its own folder off the path, and lets the sitecustomize that it stands before do what it does.
import os
import sys


def _find(name, folder):
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _record():
    parts = os.environ.get("SIGNALSPEC_RECORD_PARTS")
    if parts is None or not os.path.isdir(parts) or sys.version_info < (3, 8):
        return
    if "signalspec_recorder" not in sys.modules:
        _find("signalspec_recorder", os.path.dirname(_here))
    from signalspec_recorder.installing import install

    install(parts, os.environ.get("SIGNALSPEC_RECORD_PROJECT", os.getcwd()))


def _go_on():
    own = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if getattr(error, "name", None) != "sitecustomize":
            raise
    finally:
        if own is not None:
            sys.modules.setdefault("sitecustomize", own)


_here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != _here]
try:
    _record()
except Exception as error:
    sys.stderr.write("signalspec-record: this process is not recorded: {!r}\n".format(error))
_go_on()

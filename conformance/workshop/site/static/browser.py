"""Python in the browser: runs an example on a release, in an event loop and with executors that need no threads."""

import asyncio
import concurrent.futures
import concurrent.futures.thread
import contextlib
import gc
import importlib
import io
import json
import linecache
import logging
import selectors
import sys
import time
import traceback
import types
import warnings

NAME = "example.py"


class Inline(concurrent.futures.Executor):
    """An executor that calls at once: the browser has no threads."""

    def __init__(self, *arguments, **options):
        pass

    def submit(self, function, /, *arguments, **named):
        future = concurrent.futures.Future()
        try:
            future.set_result(function(*arguments, **named))
        except BaseException as error:
            future.set_exception(error)
        return future


class Sleeping(selectors._BaseSelectorImpl):
    """A selector of no files: it waits for time alone."""

    def select(self, timeout=None):
        time.sleep(timeout or 0)
        return []


class Loop(asyncio.SelectorEventLoop):
    """An event loop of its own, which runs to its end where it is asked to, also within the browser's."""

    def __init__(self):
        super().__init__(Sleeping())

    def _make_self_pipe(self):
        self._ssock = self._csock = None

    def _close_self_pipe(self):
        pass

    def _write_to_self(self):
        pass


class Policy(asyncio.events._BaseDefaultEventLoopPolicy):
    _loop_factory = Loop


class LooseVersion:
    """What Django's older releases take from distutils, which Python has no more."""

    def __init__(self, text):
        self.version = [int(part) if part.isdigit() else part for part in text.split(".")]


def prepare():
    concurrent.futures.ThreadPoolExecutor = concurrent.futures.thread.ThreadPoolExecutor = Inline
    asyncio.events._set_running_loop(None)
    asyncio.events._event_loop_policy = Policy()
    asyncio.new_event_loop = asyncio.events.new_event_loop = Loop
    distutils, version = types.ModuleType("distutils"), types.ModuleType("distutils.version")
    version.LooseVersion, distutils.version = LooseVersion, version
    sys.modules.update({"distutils": distutils, "distutils.version": version})


def run(code, release):
    """Run `code` on `release`; return JSON with a verdict (passes, fails) and what was printed or raised."""
    if release == "reference" and "django.conf" in code:
        return json.dumps(
            {"verdict": "unknown", "text": "It needs Django's settings, which the reference does without."}
        )
    if release == "reference":
        code = code.replace("from django.dispatch import", "from signalspec_reference import")
    forget()
    paths = [f"/releases/{release}.zip", "/releases/asgiref.zip"]
    sys.path[:0] = paths
    importlib.invalidate_caches()
    linecache.cache[NAME] = (len(code), None, code.splitlines(True), NAME)
    printed = io.StringIO()
    verdict = "passes"
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(code, NAME, "exec"), {"__name__": "__main__"})
    except SystemExit as error:
        verdict = "fails" if error.code else "passes"
    except BaseException as error:
        verdict = "fails"
        printed.write(told(error))
    finally:
        for path in paths:
            sys.path.remove(path)
        forget()
        gc.collect()
    return json.dumps({"verdict": verdict, "text": printed.getvalue().rstrip()})


def told(error):
    """Return what was raised, and at which line of the example."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == NAME]
    what = "".join(traceback.format_exception_only(error)).rstrip()
    source = linecache.getline(NAME, lines[-1]).strip() if lines else ""
    return f"line {lines[-1]}: {source}\n{what}" if lines else what


def forget():
    """Forget the release before: its modules, its handlers."""
    for name in [
        name for name in sys.modules if name.partition(".")[0] in ("django", "asgiref", "signalspec_reference")
    ]:
        del sys.modules[name]
    logging.getLogger("django.dispatch").handlers.clear()
    asyncio.events._set_running_loop(None)


prepare()

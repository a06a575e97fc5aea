"""The tables of surroundings: what a caller has set up in the process, in its event loop and in logging."""

from __future__ import annotations

from signalspec.programs.tables import Table

_COLLECTOR = "NAME = lambda: (gc.isenabled(), gc.get_threshold(), gc.get_debug())"
_LIMIT = "NAME = sys.getrecursionlimit"
_WARNINGS = "NAME = lambda: list(warnings.filters)"
_TRACERS = "NAME = lambda: (sys.gettrace(), sys.getprofile())"
_CONTEXT = "NAME = lambda: dict(contextvars.copy_context())"
_ENVIRONMENT = "NAME = lambda: (dict(os.environ), os.getcwd(), list(sys.path))"
_HOOKS = "NAME = lambda: (sys.excepthook, sys.unraisablehook, sys.displayhook, threading.excepthook)"
_LOGGERS = """\
def NAME():
    loggers = [logging.root, logging.getLogger("django"), logging.getLogger("django.dispatch")]
    set_up = [(each.level, each.handlers[:], each.filters[:], each.propagate, each.disabled) for each in loggers]
    return logging.root.manager.disable, logging.raiseExceptions, set_up"""

_TASKS = "lambda loop: loop.get_task_factory()"
_HANDLER = "lambda loop: loop.get_exception_handler()"


class SetUp(Table):
    """What is set up before a case, and put back after it."""

    @classmethod
    def plain_kind(cls, kind: str) -> str:
        """Return the kind that looks at the same as this one, and sets nothing up: the others begin with its name."""
        return next(each for each in cls.kinds if kind.startswith(each))


class ProcessState(SetUp):
    """What is set up in the process, or left as it is, and a function that looks at it."""

    kinds = {
        "collector": _COLLECTOR,
        "collector that is off": f"gc.disable()\n{_COLLECTOR}",
        "collector with thresholds": f"gc.set_threshold(5_000, 50, 500)\n{_COLLECTOR}",
        "recursion limit": _LIMIT,
        "recursion limit that is higher": f"sys.setrecursionlimit(sys.getrecursionlimit() + 500)\n{_LIMIT}",
        "switch interval": "sys.setswitchinterval(0.004)\nNAME = sys.getswitchinterval",
        "filters of warnings": _WARNINGS,
        "filters of warnings that were added": f'warnings.filterwarnings("ignore", "planted")\n{_WARNINGS}',
        "loggers": _LOGGERS,
        "loggers with levels": f"""\
logging.getLogger("django.dispatch").setLevel(logging.ERROR)
logging.root.setLevel(logging.INFO)
{_LOGGERS}""",
        "loggers that are disabled": f"""\
logging.disable(logging.CRITICAL)
logging.getLogger("django.dispatch").disabled = True
{_LOGGERS}""",
        "trace functions": _TRACERS,
        "trace functions that are set": f"sys.setprofile(lambda *_: None)\n{_TRACERS}",
        "context": _CONTEXT,
        "context with a variable": f'contextvars.ContextVar("NAME").set("before")\n{_CONTEXT}',
        "environment": _ENVIRONMENT,
        "hooks": _HOOKS,
        "hooks that are set": f"sys.unraisablehook, sys.excepthook = print, print\n{_HOOKS}",
        "standard streams": "NAME = lambda: (sys.stdin, sys.stdout, sys.stderr)",
        "threads": "NAME = threading.active_count",
    }


class LoopState(SetUp):
    """A function that sets up a running event loop, and one that looks at it."""

    kinds = {
        "task factory": f"NAME = lambda loop: None, {_TASKS}",
        "task factory that is set": f"""\
def NAME_make(loop, coroutine, **options):
    return asyncio.Task(coroutine, loop=loop, **options)
NAME = lambda loop: loop.set_task_factory(NAME_make), {_TASKS}""",
        "exception handler": f"NAME = lambda loop: None, {_HANDLER}",
        "exception handler that is set": f"""\
NAME = lambda loop: loop.set_exception_handler(lambda *_: None), {_HANDLER}""",
        "debug mode": "NAME = lambda loop: None, lambda loop: (loop.get_debug(), loop.slow_callback_duration)",
        "debug mode that is on": """\
def NAME_set(loop):
    loop.slow_callback_duration = 9.0
    loop.set_debug(True)
NAME = NAME_set, lambda loop: (loop.get_debug(), loop.slow_callback_duration)""",
        "collector that is on": "NAME = lambda loop: gc.enable(), lambda loop: gc.isenabled()",
        "collector that is off": "NAME = lambda loop: gc.disable(), lambda loop: gc.isenabled()",
        "hooks of generators": "NAME = lambda loop: None, lambda loop: tuple(sys.get_asyncgen_hooks())",
        "recursion limit": """\
NAME = lambda loop: sys.setrecursionlimit(sys.getrecursionlimit() + 500), lambda loop: sys.getrecursionlimit()""",
    }


class Logging(SetUp):
    """A function that sets up a logger, so that it still takes errors."""

    kinds = {
        "as it is": "NAME = lambda logger: None",
        "level of errors": "NAME = lambda logger: logger.setLevel(logging.ERROR)",
        "level of warnings": "NAME = lambda logger: logger.setLevel(logging.WARNING)",
        "everything below errors disabled": "NAME = lambda logger: logging.disable(logging.WARNING)",
        "level of the root": """\
def NAME(logger):
    logger.setLevel(logging.NOTSET)
    logging.root.setLevel(logging.WARNING)""",
        "handler of the root": """\
def NAME(logger):
    logging.root.handlers, logger.handlers, logger.propagate = logger.handlers, [], True
    logging.root.setLevel(logging.WARNING)""",
        "handler of the parent": """\
def NAME(logger):
    logger.parent.handlers, logger.handlers, logger.propagate = logger.handlers, [], True""",
        "handler for errors": """\
def NAME(logger):
    logger.handlers[0].setLevel(logging.ERROR)""",
        "filter": "NAME = lambda logger: logger.addFilter(lambda record: True)",
        "filter of the handler": "NAME = lambda logger: logger.handlers[0].addFilter(lambda record: True)",
        "second handler": "NAME = lambda logger: logger.addHandler(logging.NullHandler())",
    }

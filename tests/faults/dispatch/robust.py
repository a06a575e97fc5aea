"""Faults of the chapter robust: send_robust."""

from __future__ import annotations

from faults import OLD, PLAIN, REFERENCE, Fault

_CATCHES = "            except Exception as error:\n"
_TAKES = "                response = error\n"
_LOGS = "                self._log_failure(receiver, error)\n"
_STARTS = "        responses: list[Response] = []\n"
_STARTS_ROBUST = """\
        responses = []
        for receiver in self._live_receivers(sender):
            try:
"""
_CALLS_LAST = "                response = receiver(signal=self, sender=sender, **named)\n" + _CATCHES
_LEAVES = "        return responses\n\n    def _log_failure"
_RETURNS = "            responses.append((receiver, response))\n        return responses\n"

_ERRORS = '    logger.error("Error calling %s in Signal.send_robust() (%s)", name, error, exc_info=info)\n'

FAULTS = [
    Fault(
        "robust.error-is-the-response",
        "The response is the error's text.",
        PLAIN,
        {_TAKES: "                response = str(error)\n"},
    ),
    Fault(
        "robust.error-is-the-response",
        "The response is what sys.exc_info returns.",
        REFERENCE,
        {_TAKES: "                response = sys.exc_info()\n"},
    ),
    Fault(
        "robust.error-is-the-response",
        "The response is a copy of the error.",
        PLAIN,
        {_TAKES: "                response = type(error)(*error.args).with_traceback(error.__traceback__)\n"},
    ),
    Fault(
        "robust.error-is-the-response",
        "A receiver that fails is left out of the responses.",
        PLAIN,
        {_TAKES: "                continue\n"},
    ),
    Fault(
        "robust.error-is-the-response",
        "The error is made to forget its cause.",
        PLAIN,
        {_TAKES: "                response = error\n                error.__cause__ = None\n"},
    ),
    Fault(
        "robust.error-is-the-response",
        "The error is made to forget what it was raised in the midst of.",
        REFERENCE,
        {_TAKES: "                response = error\n                error.__context__ = None\n"},
    ),
    Fault(
        "robust.error-is-the-response",
        "The rest is called in the midst of handling the failure.",
        PLAIN,
        {
            _STARTS_ROBUST: """\
        responses: list[tuple[Any, Any]] = []
        self._call_rest(self._live_receivers(sender), responses, dict(named, signal=self, sender=sender))
        return responses

    def _call_rest(self, receivers: list[Any], responses: list[tuple[Any, Any]], named: dict[str, Any]) -> Any:
        while receivers:
            receiver = receivers.pop(0)
            try:
""",
            _CALLS_LAST: "                response = receiver(**named)\n" + _CATCHES,
            _TAKES: """\
                responses.append((receiver, error))
                return self._call_rest(receivers, responses, named)
""",
        },
    ),
    Fault(
        "robust.error-is-the-response",
        "The error has an attribute to find the receiver by.",
        PLAIN,
        {
            _TAKES: """\
                response = error
                error.receiver = receiver  # type: ignore[attr-defined]
"""
        },
    ),
    Fault(
        "robust.error-is-the-response",
        "The error is made to tell who failed.",
        REFERENCE,
        {_TAKES: '                response = error\n                error.add_note(f"{receiver} failed.")\n'},
    ),
    Fault(
        "robust.error-is-the-response",
        "What the interpreter raises when it runs out of something is let through.",
        PLAIN,
        {_CATCHES: "            except (MemoryError, RecursionError):\n                raise\n" + _CATCHES},
    ),
    Fault(
        "robust.error-is-the-response",
        "The notes are taken off an exception.",
        PLAIN,
        {
            "                self._log_failure(receiver, error)\n": (
                "                self._log_failure(receiver, error)\n"
                '                vars(error).pop("__notes__", None)\n'
            ),
        },
    ),
    Fault(
        "robust.calls-the-rest",
        "The first failure ends the dispatch.",
        REFERENCE,
        {
            _TAKES: """\
                response = error
                responses.append((receiver, response))
                break
"""
        },
    ),
    Fault(
        "robust.calls-the-rest",
        "Only the errors that somebody thought of count as failures.",
        PLAIN,
        {
            _CATCHES: (
                "            except (AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)"
                " as error:\n"
            )
        },
    ),
    Fault(
        "robust.calls-the-rest",
        "An error that cannot be printed escapes from the logging.",
        REFERENCE,
        {
            'logger.error("Error calling %s in Signal.send_robust() (%s)", name, error, exc_info=info)': (
                'logger.error(f"Error calling {name} in Signal.send_robust() ({error})", exc_info=info)'
            )
        },
    ),
    Fault(
        "robust.calls-the-rest",
        "The second failure is one too many.",
        PLAIN,
        {
            "                self._log_failure(receiver, error)\n": (
                "                self._log_failure(receiver, error)\n"
                "                if any(isinstance(found, Exception) for _, found in responses):\n"
                "                    responses.append((receiver, error))\n"
                "                    break\n"
            ),
        },
    ),
    Fault(
        "robust.keeps-the-order",
        "Failures are listed after the responses.",
        REFERENCE,
        {
            _RETURNS: _RETURNS.replace(
                "return responses", "return sorted(responses, key=lambda pair: isinstance(pair[1], Exception))"
            )
        },
    ),
    Fault(
        "robust.keeps-the-order",
        "Failures are listed first.",
        PLAIN,
        {
            _TAKES: """\
                responses.insert(0, (receiver, error))
                continue
"""
        },
    ),
    Fault(
        "robust.error-has-its-traceback",
        "The traceback is dropped, lest it keeps frames alive.",
        PLAIN,
        {_TAKES: "                response = error.with_traceback(None)\n"},
    ),
    Fault(
        "robust.error-has-its-traceback",
        "The traceback ends where the error was caught.",
        REFERENCE,
        {
            _TAKES: """\
                response = error
                error.__traceback__.tb_next = None
"""
        },
    ),
    Fault(
        "robust.error-has-its-traceback",
        "The dispatcher takes itself out of the traceback, and leaves none of a call that failed.",
        PLAIN,
        {
            _TAKES: """\
                assert error.__traceback__ is not None
                response = error.with_traceback(error.__traceback__.tb_next)
"""
        },
    ),
    Fault(
        "robust.raises-fatal-exceptions",
        "BaseException is caught.",
        REFERENCE,
        {_CATCHES: "            except BaseException as error:\n"},
    ),
    Fault(
        "robust.raises-fatal-exceptions",
        "A receiver that exits is taken for a failure.",
        PLAIN,
        {_CATCHES: "            except (Exception, SystemExit) as error:\n"},
    ),
    Fault(
        "robust.raises-fatal-exceptions",
        "A cancellation is taken for a failure.",
        REFERENCE,
        {_CATCHES: "            except (Exception, asyncio.CancelledError) as error:\n"},
    ),
    Fault(
        "robust.raises-fatal-exceptions",
        "Any group of exceptions is taken for a failure.",
        PLAIN,
        {_CATCHES: "            except (Exception, BaseExceptionGroup) as error:\n"},
    ),
    Fault(
        "robust.raises-fatal-exceptions",
        "Who has caught one exception catches all that follow.",
        PLAIN,
        {
            "            except Exception as error:": (
                "            except BaseException if any(isinstance(found, Exception) for _, found in "
                "responses) else Exception as error:"
            ),
        },
    ),
    Fault(
        "robust.fatal-exceptions-end-it",
        "A fatal exception is raised after the rest has been called.",
        REFERENCE,
        {
            _STARTS: _STARTS + "        fatal = None\n",
            _CATCHES: """\
            except (KeyboardInterrupt, SystemExit) as interrupt:
                fatal = response = interrupt
"""
            + _CATCHES,
            _RETURNS: """\
            responses.append((receiver, response))
        if fatal is not None:
            raise fatal
        return responses
""",
        },
    ),
    Fault(
        "robust.fatal-exceptions-end-it",
        "BaseException is caught.",
        PLAIN,
        {_CATCHES: "            except BaseException as error:\n"},
    ),
    Fault(
        "robust.fatal-exceptions-end-it",
        "Who has caught one exception catches all that follow.",
        PLAIN,
        {
            "            except Exception as error:": (
                "            except BaseException if any(isinstance(found, Exception) for _, found in "
                "responses) else Exception as error:"
            ),
        },
    ),
    Fault(
        "robust.returned-exceptions-are-responses",
        "An exception that is returned is raised.",
        REFERENCE,
        {
            _CATCHES: """\
                if isinstance(response, Exception):
                    raise response
"""
            + _CATCHES
        },
    ),
    Fault(
        "robust.returned-exceptions-are-responses",
        "What is logged is whatever exception stands among the responses.",
        PLAIN,
        {
            _LOGS: "",
            _LEAVES: """\
        for receiver, response in responses:
            if isinstance(response, Exception):
                self._log_failure(receiver, response)
"""
            + _LEAVES,
        },
    ),
    Fault(
        "robust.failures-change-nothing",
        "A receiver that fails is disconnected.",
        PLAIN,
        {_TAKES: _TAKES + "                self.disconnect(receiver)\n"},
    ),
    Fault(
        "robust.failures-change-nothing",
        "A receiver that fails is disconnected from the sender.",
        REFERENCE,
        {_TAKES: _TAKES + "                self.disconnect(receiver, sender)\n"},
    ),
    Fault(
        "robust.failures-change-nothing",
        "A receiver that fails again and again is disconnected.",
        PLAIN,
        {
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.failures = 0"),
            "                self._log_failure(receiver, error)\n": (
                "                self._log_failure(receiver, error)\n"
                "                self.failures += 1\n"
                "                if self.failures > 10:\n"
                "                    self.rows = [row for row in self.rows if row.receiver() is not receiver]\n"
            ),
        },
    ),
    Fault(
        "robust.logs-each-failure",
        "Failures are not logged.",
        PLAIN,
        {_LOGS: ""},
    ),
    Fault(
        "robust.logs-each-failure",
        "A failure is logged twice.",
        PLAIN,
        {_LOGS: '                logger.exception("A receiver failed")\n' + _LOGS},
    ),
    Fault(
        "robust.logs-each-failure",
        "Failures are logged to the module's own logger.",
        REFERENCE,
        {'logging.getLogger("django.dispatch")': "logging.getLogger(__name__)"},
    ),
    Fault(
        "robust.logs-each-failure",
        "Failures are logged to the parent of the logger.",
        PLAIN,
        {'logging.getLogger("django.dispatch")': 'logging.getLogger("django")'},
    ),
    Fault(
        "robust.logs-each-failure",
        "Only the first failure of a dispatch is logged.",
        PLAIN,
        {
            _LOGS: """\
                if not any(isinstance(earlier, Exception) for _, earlier in responses):
                    self._log_failure(receiver, error)
"""
        },
    ),
    Fault(
        "robust.logs-each-failure",
        "What was logged at the last dispatch is not logged again.",
        PLAIN,
        {
            "self.rows: list[Row] = []": ("self.rows: list[Row] = []\n        self.logged: set[Any] = set()"),
            "                self._log_failure(receiver, error)\n": (
                "                if responses or receiver not in self.logged:\n"
                "                    self._log_failure(receiver, error)\n"
                "                self.logged.add(receiver)\n"
            ),
        },
    ),
    Fault(
        "robust.logs-before-the-next",
        "Failures are logged when all receivers have been called.",
        PLAIN,
        {
            _LOGS: "                failures.append((receiver, error))\n",
            _STARTS_ROBUST: _STARTS_ROBUST.replace("responses = []", "responses, failures = [], []"),
            _LEAVES: """\
        for failure in failures:
            self._log_failure(*failure)
"""
            + _LEAVES,
        },
    ),
    Fault(
        "robust.logs-before-the-next",
        "The responses are gone through for failures when there are all.",
        REFERENCE,
        {
            "                log_failure(receiver, error)\n                response = error\n": (
                "                response = error\n                failed.add(id(error))\n"
            ),
            _STARTS: _STARTS + "        failed: set[int] = set()\n",
            _RETURNS: """\
            responses.append((receiver, response))
        for receiver, response in responses:
            if id(response) in failed:
                log_failure(receiver, response)
        return responses
""",
        },
    ),
    Fault(
        "robust.logs-as-errors",
        "Failures are logged as warnings.",
        REFERENCE,
        {"    logger.error(": "    logger.warning("},
    ),
    Fault(
        "robust.logs-as-errors",
        "Failures are logged as critical.",
        PLAIN,
        {"        logger.error(": "        logger.critical("},
    ),
    Fault(
        "robust.logs-the-exception",
        "The record carries no exception.",
        PLAIN,
        {"error, exc_info=info)": "error)"},
    ),
    Fault(
        "robust.logs-the-exception",
        "An exception that is false is not taken for one.",
        REFERENCE,
        {"exc_info=info)": "exc_info=error)"},
    ),
    Fault(
        "robust.logs-the-exception",
        "Failures are logged after the exception has been handled.",
        PLAIN,
        {
            _LOGS: "",
            "                response = error\n            responses.append((receiver, response))\n": """\
                response = error
            if isinstance(response, Exception):
                self._log_failure(receiver, response)
            responses.append((receiver, response))
""",
            "exc_info=info)": "exc_info=True)",
        },
    ),
    Fault(
        "robust.log-names-receiver-and-error",
        "The message has the receiver's short name.",
        REFERENCE,
        {'getattr(receiver, "__qualname__", None)': 'getattr(receiver, "__name__", None)'},
    ),
    Fault(
        "robust.log-names-receiver-and-error",
        "The message does not tell the error.",
        PLAIN,
        {
            'logger.error("%s failed in send_robust: %s", name, error, exc_info=info)': (
                'logger.error("%s failed in send_robust", name, exc_info=info)'
            )
        },
    ),
    Fault(
        "robust.log-names-receiver-and-error",
        "The message has the error's class only.",
        PLAIN,
        {"name, error, exc_info": "name, type(error).__name__, exc_info"},
    ),
    Fault(
        "robust.log-names-receiver-and-error",
        "The error's text is taken for part of the format.",
        PLAIN,
        {'"%s failed in send_robust: %s", name, error, ': 'f"%s failed in send_robust: {error}", name, '},
    ),
    Fault(
        "robust.log-names-receiver-and-error",
        "The message names the receiver's class.",
        REFERENCE,
        {'getattr(receiver, "__qualname__", None) or type(receiver)': "type(receiver)"},
    ),
    Fault(
        "robust.log-names-receiver-and-error",
        "A bound method is named by the class of its instance.",
        PLAIN,
        {
            'name = getattr(receiver, "__qualname__", None)': (
                'owner = getattr(receiver, "__self__", None)\n'
                '        name = type(owner).__name__ if owner else getattr(receiver, "__qualname__", None)'
            )
        },
    ),
    Fault(
        "robust.log-names-receiver-and-error",
        "Names are remembered by address.",
        PLAIN,
        {
            "        self.has_dead_rows = False\n        self.lock": (
                "        self.has_dead_rows = False\n        self.names: dict[int, str] = {}\n        self.lock"
            ),
            "        info = (type(error)": (
                "        name = self.names.setdefault(id(receiver), name)\n        info = (type(error)"
            ),
        },
    ),
    Fault(
        "robust.failures-log-nothing",
        "Failures are logged as they are since 3.2.",
        OLD,
        {"        pass\n": "        super()._log_failure(receiver, error)\n"},
    ),
    Fault(
        "robust.failures-log-nothing",
        "Failures are logged for who debugs.",
        OLD,
        {"        pass\n": '        plain.logger.debug("%s failed.", receiver, exc_info=error)\n'},
    ),
    Fault(
        "robust.successes-log-nothing",
        "Each call is logged, as debugging.",
        PLAIN,
        {_CATCHES: '                logger.debug("Called %r", receiver)\n' + _CATCHES},
    ),
    Fault(
        "robust.successes-log-nothing",
        "What ends a dispatch is logged on its way.",
        PLAIN,
        {
            _CATCHES: """\
            except BaseException as error:
                if not isinstance(error, Exception):
                    self._log_failure(receiver, error)
                    raise
"""
        },
    ),
    Fault(
        "robust.successes-log-nothing",
        "A send to nobody is logged as a warning.",
        REFERENCE,
        {
            _RETURNS: """\
            responses.append((receiver, response))
        if not responses:
            logger.warning("Nobody listens to %r", self)
        return responses
"""
        },
    ),
    Fault(
        "robust.successes-log-nothing",
        "Each dispatch is logged, as information.",
        REFERENCE,
        {_STARTS: _STARTS + '        logger.info("Sending to %r", sender)\n'},
    ),
    Fault(
        "robust.unnamed-receiver",
        "Every receiver is taken to have a qualified name.",
        REFERENCE,
        {'getattr(receiver, "__qualname__", None) or type(receiver).__qualname__': "receiver.__qualname__"},
    ),
    Fault(
        "robust.unnamed-receiver",
        "Every receiver is taken to have a name.",
        PLAIN,
        {'getattr(receiver, "__qualname__", None) or type(receiver).__qualname__': "receiver.__name__"},
    ),
    Fault(
        "robust.log-is-configurable",
        "What has no handler of its own is not logged to.",
        REFERENCE,
        {"    logger.error(": "    if logger.handlers:\n        logger.error("},
    ),
    Fault(
        "robust.log-is-configurable",
        "Handlers are served, whatever the level.",
        REFERENCE,
        {
            "    logger.error(": "    logger.callHandlers(logger.makeRecord(logger.name, logging.ERROR, '', 0, ",
            ", name, error, exc_info=info)": ", (name, error), info))",
        },
    ),
    Fault(
        "robust.log-is-configurable",
        "Failures that are not logged are no responses.",
        PLAIN,
        {
            "                response = error\n": (
                "                response = error if logger.isEnabledFor(logging.ERROR) else None\n"
            )
        },
    ),
    Fault(
        "robust.log-is-complete",
        "The exception is logged where the level is DEBUG.",
        REFERENCE,
        {_ERRORS: _ERRORS.replace("exc_info=info", "exc_info=info if logger.isEnabledFor(logging.DEBUG) else None")},
    ),
    Fault(
        "robust.log-is-complete",
        "A failure is logged where the logger takes what is less than an error.",
        REFERENCE,
        {_ERRORS: "    if logger.isEnabledFor(logging.WARNING):\n    " + _ERRORS},
    ),
    Fault(
        "robust.log-is-complete",
        "A failure is logged where the logger itself has a handler.",
        REFERENCE,
        {_ERRORS: "    if logger.handlers:\n    " + _ERRORS},
    ),
    Fault(
        "robust.log-is-complete",
        "Where everything below errors is disabled, a failure is critical.",
        REFERENCE,
        {
            _ERRORS: _ERRORS.replace(
                "logger.error(", "(logger.critical if logger.manager.disable >= logging.WARNING else logger.error)("
            )
        },
    ),
]

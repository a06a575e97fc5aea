"""Faults of the chapter arobust: robust sends with asynchronous receivers."""

from __future__ import annotations

from faults import REFERENCE, Fault

_CALLS = "        responses = await sync_to_async(self._call_robustly)(direct, sender, named) if direct else []\n"
_TAKES = "                return failure\n"
_LOGS = "                log_failure(receiver, failure)\n"
_RESPONDS = "                return await receiver(signal=self, sender=sender, **named)\n"
_ROBUSTLY = "                return failure\n\n        return list(zip(receivers, "
_NAMES = 'name = getattr(receiver, "__qualname__", None) or type(receiver).__qualname__'

_ERRORS = '    logger.error("Error calling %s in Signal.send_robust() (%s)", name, error, exc_info=info)\n'

FAULTS = [
    Fault(
        "arobust.error-is-the-response",
        "The response is the error's text.",
        REFERENCE,
        {_TAKES: "                return str(failure)\n"},
    ),
    Fault(
        "arobust.error-is-the-response",
        "An error that was logged is lost.",
        REFERENCE,
        {_TAKES: "                return None\n"},
    ),
    Fault(
        "arobust.error-is-the-response",
        "What an asynchronous receiver raises is logged, and raised.",
        REFERENCE,
        {_TAKES: "                raise\n"},
    ),
    Fault(
        "arobust.error-is-the-response",
        "What an error came out of is dropped, lest it keeps that alive.",
        REFERENCE,
        {_TAKES: "                failure.__context__ = None\n" + _TAKES},
    ),
    Fault(
        "arobust.error-is-the-response",
        "An error is told who failed.",
        REFERENCE,
        {_TAKES: '                failure.add_note(f"in {receiver!r}")\n' + _TAKES},
    ),
    Fault(
        "arobust.error-is-the-response",
        "Who ran out of time is not caught.",
        REFERENCE,
        {
            "            except Exception as failure:\n": (
                "            except TimeoutError:\n                raise\n            except Exception as failure:\n"
            )
        },
    ),
    Fault(
        "arobust.calls-the-rest",
        "The first failure ends the dispatch of those that are not asynchronous.",
        REFERENCE,
        {
            "                response = error\n": """\
                response = error
                responses.append((receiver, response))
                break
"""
        },
    ),
    Fault(
        "arobust.others-go-on",
        "A failure that was caught cancels the others all the same.",
        REFERENCE,
        {
            "        if done.cancelled() or done.exception() is not None:\n": (
                "        if done.cancelled() or isinstance(done.exception() or done.result(), BaseException):\n"
            )
        },
    ),
    Fault(
        "arobust.keeps-the-order",
        "Failures are listed after the responses.",
        REFERENCE,
        {
            "            responses += await self._await_robustly(awaited, sender, named)\n": """\
            responses += await self._await_robustly(awaited, sender, named)
            responses.sort(key=lambda pair: isinstance(pair[1], Exception))
"""
        },
    ),
    Fault(
        "arobust.error-has-its-traceback",
        "The traceback is dropped, lest it keeps frames alive.",
        REFERENCE,
        {_TAKES: "                return failure.with_traceback(None)\n"},
    ),
    Fault(
        "arobust.returned-exceptions-are-responses",
        "An exception that is returned counts as a failure.",
        REFERENCE,
        {
            _RESPONDS: """\
                response = await receiver(signal=self, sender=sender, **named)
                if isinstance(response, Exception):
                    raise response
                return response
"""
        },
    ),
    Fault(
        "arobust.failures-change-nothing",
        "A receiver that fails is disconnected.",
        REFERENCE,
        {_TAKES: "                self.disconnect(receiver, sender)\n" + _TAKES},
    ),
    Fault(
        "arobust.failures-change-nothing",
        "Whoever is awaited together with one that fails is disconnected.",
        REFERENCE,
        {
            _TAKES: """\
                for each in receivers:
                    if each is not receiver:
                        self.disconnect(each, sender)
"""
            + _TAKES
        },
    ),
    Fault(
        "arobust.fatal-exceptions-end-it",
        "A fatal exception is raised after the asynchronous receivers have run.",
        REFERENCE,
        {
            _CALLS: f"""\
        try:
            {_CALLS.strip()}
        except BaseException:
            await self._await_robustly(awaited, sender, named)
            raise
"""
        },
    ),
    Fault(
        "arobust.fatal-exceptions-cancel-the-others",
        "Who is robust cancels nobody.",
        REFERENCE,
        {
            _ROBUSTLY + "await run_together(respond, receivers)": (
                _ROBUSTLY + "await asyncio.gather(*map(respond, receivers))"
            )
        },
    ),
    Fault(
        "arobust.call-that-fails",
        "Receivers are called before anybody is ready for a failure.",
        REFERENCE,
        {
            "            try:\n" + _RESPONDS: """\
            coroutine = receiver(signal=self, sender=sender, **named)
            try:
                return await coroutine
"""
        },
    ),
    Fault(
        "arobust.unnamed-receiver",
        "The log takes for granted that receivers have names.",
        REFERENCE,
        {_NAMES: "name = receiver.__qualname__"},
    ),
    Fault(
        "arobust.unnamed-direct-receiver",
        "The log takes for granted that receivers have names.",
        REFERENCE,
        {_NAMES: "name = receiver.__qualname__"},
    ),
    Fault(
        "arobust.logs-each-failure",
        "The failures of asynchronous receivers are not logged.",
        REFERENCE,
        {_LOGS: ""},
    ),
    Fault(
        "arobust.logs-each-failure",
        "Failures are logged when all receivers have run.",
        REFERENCE,
        {
            "                log_failure(receiver, error)\n": "",
            "            responses.append((receiver, response))\n        return responses\n": """\
            responses.append((receiver, response))
        for receiver, response in responses:
            if isinstance(response, Exception):
                log_failure(receiver, response)
        return responses
""",
        },
    ),
    Fault(
        "arobust.logs-as-errors",
        "The failures of asynchronous receivers are logged as warnings.",
        REFERENCE,
        {_LOGS: '                logger.warning("%s failed: %s", receiver, failure, exc_info=failure)\n'},
    ),
    Fault(
        "arobust.logs-the-exception",
        "The failures of asynchronous receivers are logged without them.",
        REFERENCE,
        {_LOGS: '                logger.error("%s failed: %s", receiver, failure)\n'},
    ),
    Fault(
        "arobust.log-names-receiver-and-error",
        "The log does not say who failed.",
        REFERENCE,
        {_LOGS: '                logger.error("A receiver failed: %s", failure, exc_info=failure)\n'},
    ),
    Fault(
        "arobust.logs-without-a-lock",
        "The failure of an asynchronous receiver is logged under the lock.",
        REFERENCE,
        {_LOGS: "                with self._lock:\n                    log_failure(receiver, failure)\n"},
        hangs=True,
    ),
    Fault(
        "arobust.successes-log-nothing",
        "Who is awaited is logged.",
        REFERENCE,
        {
            "            try:\n" + _RESPONDS: '            try:\n                logger.debug("%s", receiver)\n'
            + _RESPONDS
        },
    ),
    Fault(
        "arobust.log-is-complete",
        "The exception is logged where the level is DEBUG.",
        REFERENCE,
        {_ERRORS: _ERRORS.replace("exc_info=info", "exc_info=info if logger.isEnabledFor(logging.DEBUG) else None")},
    ),
    Fault(
        "arobust.log-is-complete",
        "A failure is logged where the logger takes what is less than an error.",
        REFERENCE,
        {_ERRORS: "    if logger.isEnabledFor(logging.WARNING):\n    " + _ERRORS},
    ),
    Fault(
        "arobust.log-is-complete",
        "A failure is logged where the logger itself has a handler.",
        REFERENCE,
        {_ERRORS: "    if logger.handlers:\n    " + _ERRORS},
    ),
    Fault(
        "arobust.log-is-complete",
        "Where everything below errors is disabled, a failure is critical.",
        REFERENCE,
        {
            _ERRORS: _ERRORS.replace(
                "logger.error(", "(logger.critical if logger.manager.disable >= logging.WARNING else logger.error)("
            )
        },
    ),
]

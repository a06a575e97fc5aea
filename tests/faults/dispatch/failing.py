"""Faults of the chapter failing: asynchronous dispatches that fail or are cancelled."""

from __future__ import annotations

from faults import GATHERING, REFERENCE, Fault

_CALLS = "        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []\n"
_AWAITS = "            responses += await self._await(awaited, sender, named)\n"
_CALL = "[(receiver, receiver(signal=self, sender=sender, **named)) for receiver in receivers]"
_RESPONDS = "            return await receiver(signal=self, sender=sender, **named)\n\n"
_RUNS = "await run_together(respond, receivers), strict=True))\n\n    async def _await_robustly"
_FAILED = "        if done.cancelled() or done.exception() is not None:\n"
_ANSWER = """\
        async def respond(receiver: Receiver) -> Any:
            return await receiver(signal=self, sender=sender, **named)

        return list(zip(receivers, await run_together(respond, receivers), strict=True))
"""
_COROUTINES = """\
        async def respond(coroutine: Any) -> Any:
            return await coroutine

        coroutines: list[Any] = [receiver(signal=self, sender=sender, **named) for receiver in receivers]
        return list(zip(receivers, await run_together(respond, coroutines), strict=True))
"""
_GATHERS = "await asyncio.gather(*map(respond, receivers)), strict=True))\n\n    async def _await_robustly"

_AWAITS_ONE = "-> Any:\n            return await receiver(signal=self, sender=sender, **named)\n"
_RESPONDS_ROBUSTLY = "            try:\n                return await receiver(signal=self, sender=sender, **named)\n"
_CALLS_DIRECTLY = (
    "        return [(receiver, receiver(signal=self, sender=sender, **named)) for receiver in receivers]\n"
)

FAULTS = [
    Fault(
        "failing.raises-what-a-receiver-raises",
        "Exceptions always come in groups.",
        REFERENCE,
        {"    if len(errors) > 1:\n": "    if errors:\n"},
    ),
    Fault(
        "failing.raises-what-a-receiver-raises",
        "asend takes exceptions for responses.",
        REFERENCE,
        {_AWAITS: _AWAITS.replace("self._await(", "self._await_robustly(")},
    ),
    Fault(
        "failing.raises-what-a-receiver-raises",
        "What caused an exception is left out.",
        REFERENCE,
        {"        raise errors[0]\n": "        raise errors[0] from None\n"},
    ),
    Fault(
        "failing.raises-what-a-receiver-raises",
        "The group that an exception was taken from is said to be its cause.",
        REFERENCE,
        {"        raise errors[0]\n": '        raise errors[0] from BaseExceptionGroup("One failed.", errors)\n'},
    ),
    Fault(
        "failing.raises-what-a-receiver-raises",
        "What caused the exception of a receiver in a thread is left out.",
        REFERENCE,
        {
            f"        return {_CALL}\n": f"""\
        try:
            return {_CALL}
        except Exception as error:
            raise error from None
"""
        },
    ),
    Fault(
        "failing.raises-fatal-exceptions",
        "BaseException is caught.",
        REFERENCE,
        {
            "            except Exception as failure:\n": "            except BaseException as failure:\n",
            "def log_failure(receiver: Receiver, error: Exception)": (
                "def log_failure(receiver: Receiver, error: BaseException)"
            ),
        },
    ),
    Fault(
        "failing.error-has-its-traceback",
        "The traceback begins where it is raised for the second time.",
        REFERENCE,
        {"        raise errors[0]\n": "        raise errors[0].with_traceback(None)\n"},
    ),
    Fault(
        "failing.ends-at-the-first-group",
        "Asynchronous receivers run while the others do.",
        REFERENCE,
        {
            _CALLS: "        later = asyncio.ensure_future(self._await(awaited, sender, named))\n" + _CALLS,
            _AWAITS: "            responses += await later\n",
        },
    ),
    Fault(
        "failing.first-failure",
        "All receivers have to end before any failure counts.",
        REFERENCE,
        {_FAILED: "        if done.cancelled():\n"},
    ),
    Fault(
        "failing.others-go-on",
        "What has failed cancels the others.",
        GATHERING,
        {
            _GATHERS: (
                "await signalspec_reference.run_together(respond, receivers), strict=True))\n\n"
                "    async def _await_robustly"
            )
        },
    ),
    Fault(
        "failing.others-are-cancelled",
        "The others go on when a receiver fails.",
        REFERENCE,
        {_RUNS: "await asyncio.gather(*map(respond, receivers)), strict=True))\n\n    async def _await_robustly"},
    ),
    Fault(
        "failing.waits-for-the-cancelled",
        "Whenever one of the cancelled ends, the others are cancelled again.",
        REFERENCE,
        {"            if not failed and cancelled is None:": "            if True:"},
    ),
    Fault(
        "failing.waits-for-the-cancelled",
        "Whoever is cancelled is not waited for.",
        REFERENCE,
        {
            "        if not left and not over.done():\n": "        if (failed or not left) and not over.done():\n",
            "    while left:\n": "    while not over.done():\n",
        },
    ),
    Fault(
        "failing.first-of-several",
        "The last of several exceptions is raised.",
        GATHERING,
        {
            "return list(zip(receivers, " + _GATHERS: """\
results = await asyncio.gather(*map(respond, receivers), return_exceptions=True)
        for result in reversed(results):
            if isinstance(result, BaseException):
                raise result
        return list(zip(receivers, results, strict=True))

    async def _await_robustly"""
        },
    ),
    Fault(
        "failing.several-are-grouped",
        "The first of several exceptions hides the others.",
        REFERENCE,
        {"    if len(errors) > 1:\n": "    if len(errors) > len(tasks):\n"},
    ),
    Fault(
        "failing.several-are-grouped",
        "The group has no room for what is not an Exception.",
        REFERENCE,
        {"raise BaseExceptionGroup(": "raise ExceptionGroup("},
    ),
    Fault(
        "failing.several-are-grouped",
        "Two that fail are one.",
        REFERENCE,
        {"    if len(errors) > 1:\n": "    if len(errors) > 2:\n"},
    ),
    Fault(
        "failing.cancelled-by-itself",
        "A receiver that was cancelled has answered None.",
        REFERENCE,
        {
            _FAILED: "        if not done.cancelled() and done.exception() is not None:\n",
            "return [task.result() for task in tasks]": (
                "return [None if task.cancelled() else task.result() for task in tasks]"
            ),
        },
    ),
    Fault(
        "failing.cancelled-by-itself",
        "A receiver in a thread that was cancelled has failed.",
        REFERENCE,
        {
            "            except Exception as error:\n": (
                "            except (Exception, asyncio.CancelledError) as error:\n"
            ),
            "def log_failure(receiver: Receiver, error: Exception)": (
                "def log_failure(receiver: Receiver, error: BaseException)"
            ),
        },
    ),
    Fault(
        "failing.cancelling-reaches-receivers",
        "A dispatch that is cancelled leaves its receivers running.",
        REFERENCE,
        {
            """\
            cancelled, over = error, loop.create_future()
            for task in tasks:
                task.cancel()
""": """\
            cancelled = error
            raise
"""
        },
    ),
    Fault(
        "failing.cancelled-at-once",
        "Receivers are called before their tasks begin, and gathered.",
        REFERENCE,
        {
            _ANSWER: _COROUTINES.replace(
                "run_together(respond, coroutines)", "asyncio.gather(*map(respond, coroutines))"
            )
        },
    ),
    Fault(
        "failing.calls-that-fail",
        "All receivers are called before any is awaited.",
        REFERENCE,
        {_ANSWER: _COROUTINES},
    ),
    Fault(
        "failing.leaves-nothing-unawaited",
        "Asynchronous receivers are called before the others, and awaited after them.",
        REFERENCE,
        {
            _CALLS: "        coroutines = [each(signal=self, sender=sender, **named) for each in awaited]\n" + _CALLS,
            _AWAITS: "            responses += zip(awaited, await asyncio.gather(*coroutines), strict=True)\n",
        },
    ),
    Fault(
        "failing.leaves-nothing-unretrieved",
        "Whoever fails after the first is not looked at.",
        REFERENCE,
        {
            "return list(zip(receivers, " + _RUNS: """\
tasks = [asyncio.ensure_future(respond(each)) for each in receivers]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            task.cancel()
        return [(receiver, await task) for receiver, task in zip(receivers, tasks, strict=True)]

    async def _await_robustly"""
        },
    ),
    Fault(
        "failing.eager-tasks",
        "Tasks are made in a group that may be over before the last one is.",
        REFERENCE,
        {
            "return list(zip(receivers, " + _RUNS: """\
try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(respond(receiver)) for receiver in receivers]
        except BaseExceptionGroup as errors:
            if len(errors.exceptions) == 1:
                raise errors.exceptions[0]  # noqa: B904
            raise
        return [(receiver, task.result()) for receiver, task in zip(receivers, tasks, strict=True)]

    async def _await_robustly"""
        },
    ),
    Fault(
        "failing.changes-nothing",
        "A receiver that fails is disconnected.",
        REFERENCE,
        {
            _RESPONDS: """\
            try:
                return await receiver(signal=self, sender=sender, **named)
            except BaseException:
                self.disconnect(receiver, sender)
                raise

"""
        },
    ),
    Fault(
        "failing.changes-nothing",
        "Those who are not called because of a failure are disconnected.",
        REFERENCE,
        {
            f"        return {_CALL}\n": f"""\
        try:
            return {_CALL}
        except BaseException:
            for receiver in receivers[1:]:
                self.disconnect(receiver, sender)
            raise
"""
        },
    ),
    Fault(
        "failing.logs-nothing",
        "asend logs what it raises.",
        REFERENCE,
        {
            _RESPONDS: """\
            try:
                return await receiver(signal=self, sender=sender, **named)
            except Exception as raised:
                log_failure(receiver, raised)
                raise

"""
        },
    ),
    Fault(
        "failing.logs-nothing",
        "What goes into a group is logged.",
        REFERENCE,
        {
            "    if len(errors) > 1:\n": """\
    if len(errors) > 1:
        for error in errors:
            logger.error("Among others: %s", error)
"""
        },
    ),
    Fault(
        "failing.calls-come-after-the-others",
        "asend makes the coroutines first.",
        REFERENCE,
        {
            _CALLS: """\
        waiting = [receiver(signal=self, sender=sender, **named) for receiver in awaited]
        responses = await sync_to_async(self._call)(direct, sender, named) if direct else []
        for coroutine in waiting:
            coroutine.close()
"""
        },
    ),
    Fault(
        "failing.send-leaves-nothing-running",
        "send runs receivers in an event loop that it neither ends nor goes on with.",
        GATHERING,
        {
            "    async def asend(self,": """\
    def send(self, /, sender: Any, **named: Any) -> list[Response]:
        \"\"\"Send.\"\"\"
        direct, awaited = self._receivers(sender)
        responses = self._call(direct, sender, named)
        return responses + asyncio.new_event_loop().run_until_complete(self._await(awaited, sender, named))

    async def asend(self,"""
        },
    ),
    Fault(
        "failing.each-call-once",
        "An asynchronous receiver that fails is awaited once more.",
        REFERENCE,
        {
            _AWAITS_ONE: """\
-> Any:
            try:
                return await receiver(signal=self, sender=sender, **named)
            except Exception:
                return await receiver(signal=self, sender=sender, **named)
"""
        },
    ),
    Fault(
        "failing.each-call-once",
        "An asynchronous receiver of a robust send is tried again, a moment later, where a connection fails.",
        REFERENCE,
        {
            _RESPONDS_ROBUSTLY: """\
            try:
                try:
                    return await receiver(signal=self, sender=sender, **named)
                except OSError:
                    await asyncio.sleep(0.001)
                    return await receiver(signal=self, sender=sender, **named)
"""
        },
    ),
    Fault(
        "failing.each-call-once",
        "What fails in the thread is called again.",
        REFERENCE,
        {
            _CALLS_DIRECTLY: """\
        def call(receiver: Receiver) -> Any:
            try:
                return receiver(signal=self, sender=sender, **named)
            except Exception:
                return receiver(signal=self, sender=sender, **named)

        return [(receiver, call(receiver)) for receiver in receivers]
"""
        },
    ),
]

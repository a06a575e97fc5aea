"""Laws of the chapter context: context variables in asynchronous dispatches."""

from __future__ import annotations

import asyncio
import contextvars

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome, run, until
from signalspec.programs.async_kinds import AnySend, Asend, Changed, Failing
from signalspec.programs.kinds import Send, Truth, Value
from signalspec.programs.party_kinds import Sender


@law("context.receivers-see-it", uses=["coroutines"])
def receivers_see_it(Signal, calls, sender: Sender, send: AnySend):
    async def awaited(**kwargs):
        calls.append(variable.get("unset"))
        await asyncio.sleep(0)
        calls.append(variable.get("unset"))

    def direct(**kwargs):
        calls.append(variable.get("unset"))

    variable = contextvars.ContextVar("variable")
    variable.set("before")
    signal = Signal()
    signal.connect(awaited, sender)
    signal.connect(direct)
    for value in ("first", "second"):
        variable.set(value)
        send(signal, sender)
    return calls, ["first"] * 3 + ["second"] * 3


@law("context.direct-sets-are-kept", uses=["coroutines"])
def direct_sets_are_kept(Signal, calls, value: Value, send: Asend):
    def direct(**kwargs):
        new.set(value)

    def another(**kwargs):
        old.set(value)

    async def awaited(**kwargs):
        pass

    async def main(signal):
        await send(signal, int)
        return {"set anew": new.get("unset") is value, "changed": old.get("unset") is value}

    signal, mixed = Signal(), Signal()
    kept = []
    for each, receivers in ((signal, (direct, another)), (mixed, (direct, another, awaited))):
        new, old = contextvars.ContextVar("new"), contextvars.ContextVar("old")
        old.set("before")
        for receiver in receivers:
            each.connect(receiver)
        kept.append(run(lambda: main(each)))
    return kept, [{"set anew": True, "changed": True}] * 2


@law("context.direct-sets-are-lost")
def direct_sets_are_lost(Signal, calls, send: Asend):
    def direct(**kwargs):
        new.set("after")
        old.set("after")

    async def main():
        await send(signal, int)
        return new.get("unset"), old.get()

    new, old = contextvars.ContextVar("new"), contextvars.ContextVar("old")
    old.set("before")
    signal = Signal()
    signal.connect(direct)
    return run(main), ("unset", "before")


@law("context.direct-sets-are-seen", uses=["coroutines"])
def direct_sets_are_seen(Signal, calls, send: AnySend):
    async def awaited(**kwargs):
        calls.append(variable.get("unset"))

    def direct(**kwargs):
        variable.set("set")

    variable = contextvars.ContextVar("variable")
    signal = Signal()
    signal.connect(awaited)
    signal.connect(direct)
    send(signal, int)
    return calls, ["set"]


@law("context.sets-are-kept", uses=["coroutines"])
def sets_are_kept(Signal, calls, value: Value, send: Asend):
    async def awaited(**kwargs):
        new.set(value)
        await asyncio.sleep(0)
        old.set(value)

    async def another(**kwargs):
        other.set(value)

    async def main():
        await send(signal, int)
        kept = {"set anew": new, "changed after a turn": old, "set by another": other}
        return [name for name, variable in kept.items() if variable.get("unset") is value]

    new, old, other = (contextvars.ContextVar(name) for name in ("new", "old", "other"))
    old.set("before")
    signal = Signal()
    signal.connect(awaited)
    alone = run(main)
    signal.connect(another)
    own = ["set anew", "changed after a turn"]
    return {"alone": alone, "both": run(main)}, {"alone": own, "both": [*own, "set by another"]}


@law("context.sets-are-lost", uses=["coroutines"])
def sets_are_lost(Signal, calls, send: Asend):
    async def awaited(**kwargs):
        new.set("after")
        await asyncio.sleep(0)
        old.set("after")

    async def main():
        await send(signal, int)
        return new.get("unset"), old.get()

    new, old = contextvars.ContextVar("new"), contextvars.ContextVar("old")
    old.set("before")
    signal = Signal()
    signal.connect(awaited)
    return run(main), ("unset", "before")


@law("context.all-sets-are-kept", uses=["coroutines"])
def all_sets_are_kept(Signal, calls, send: Asend):
    async def awaited(**kwargs):
        for variable in variables:
            variable.set("after")

    async def main():
        await send(signal, int)
        return [variable.get("unset") for variable in variables]

    variables = [contextvars.ContextVar(f"variable {number}") for number in range(40)]
    signal = Signal()
    signal.connect(awaited)
    return run(main), ["after"] * 40


@law("context.send-keeps-sets", uses=["coroutines"])
def send_keeps_sets(Signal, calls, changed: Changed, fails: Truth, send: Send):
    async def awaited(**kwargs):
        new.set("after")
        old.set(changed[1])

    new, old = contextvars.ContextVar("new"), contextvars.ContextVar("old")
    old.set(changed[0])

    async def another(**kwargs):
        other.set("after")
        if fails:
            raise KeyError("planted")

    other, signal = contextvars.ContextVar("other"), Signal()
    signal.connect(awaited)
    signal.connect(another)
    outcome(lambda: send(signal, int))
    kept = {"set anew": new.get("unset"), "set by another": other.get("unset"), "changed": old.get() is changed[1]}
    return kept, {"set anew": "after", "set by another": "after", "changed": True}


@law("context.send-loses-sets", uses=["coroutines"])
def send_loses_sets(Signal, calls, send: Send):
    async def awaited(**kwargs):
        variable.set("after")
        calls.append(variable.get())

    variable = contextvars.ContextVar("variable")
    signal = Signal()
    signal.connect(awaited)
    outcome(lambda: send(signal, int))
    return (calls, variable.get("unset")), (["after"], "unset")


@law("context.is-shared", uses=["coroutines"])
def is_shared(Signal, calls, send: AnySend):
    async def sets(**kwargs):
        variable.set("set")
        calls.append("sets")

    async def sees(**kwargs):
        await until(lambda: "sets" in calls)
        calls.append(variable.get("unset"))

    variable = contextvars.ContextVar("variable")
    signal = Signal()
    signal.connect(sees)
    signal.connect(sets)
    send(signal, int)
    return calls, ["sets", "set"]


@law("context.is-not-shared", uses=["coroutines"])
def is_not_shared(Signal, calls, send: AnySend):
    async def sets(**kwargs):
        variable.set("set")
        calls.append("sets")

    async def sees(**kwargs):
        await until(lambda: "sets" in calls)
        calls.append(variable.get("unset"))

    variable = contextvars.ContextVar("variable")
    signal = Signal()
    signal.connect(sees)
    signal.connect(sets)
    send(signal, int)
    return calls, ["sets", "unset"]


@law("context.kept-where-one-fails", uses=["coroutines"])
def kept_where_one_fails(Signal, calls, fails: Failing, send: Asend):
    def make(number):
        async def receiver(**kwargs):
            variables[number].set("after")
            calls.append(number)
            if number in fails:
                raise KeyError("planted")

        return receiver

    def direct(**kwargs):
        variables[3].set("after")
        calls.append(3)
        raise KeyError("planted")

    async def main():
        for sender in (int, str):
            sending = send(signal, sender)
            try:
                await sending
            except Exception:
                pass
        return [variable.get("unset") for variable in variables]

    variables = [contextvars.ContextVar(str(number)) for number in range(4)]
    receivers, signal = [make(number) for number in range(3)], Signal()
    for each in receivers:
        signal.connect(each, int)
    signal.connect(direct, str)
    kept = run(main)
    # Who was cancelled before it began has set nothing.
    return kept, ["after" if number in calls else "unset" for number in range(4)]


@law("context.kept-where-cancelled", uses=["coroutines"])
def kept_where_cancelled(Signal, calls, send: Asend):
    async def receiver(**kwargs):
        variable.set("after")
        calls.append("set")
        try:
            await until(lambda: False)
        finally:
            await asyncio.sleep(0)
            last.set("after")

    async def sends():
        try:
            await send(signal, int)
        except asyncio.CancelledError:
            pass
        return variable.get("unset"), last.get("unset")

    async def main():
        task = asyncio.ensure_future(sends())
        await until(lambda: calls)
        task.cancel()
        return await task

    variable, last = contextvars.ContextVar("variable"), contextvars.ContextVar("last")
    signal = Signal()
    signal.connect(receiver)
    return run(main), ("after", "after")


@law("context.values-are-not-compared", uses=["coroutines"])
def values_are_not_compared(Signal, calls, send: AnySend):
    class Value:
        def __eq__(self, other):
            raise ArithmeticError("compared")

        __ne__ = __eq__

    async def awaited(**kwargs):
        variable.set(Value())
        return "awaited"

    variable = contextvars.ContextVar("variable")
    variable.set(Value())
    signal = Signal()
    signal.connect(awaited)
    return [response for _, response in send(signal, int)], ["awaited"]


@law("context.equal-values-are-kept", uses=["coroutines"])
def equal_values_are_kept(Signal, calls, changed: Changed, send: Asend):
    async def awaited(**kwargs):
        variable.set(changed[1])

    async def main():
        variable.set(changed[0])
        await send(signal, int)
        return variable.get() is changed[1]

    variable = contextvars.ContextVar("variable")
    signal = Signal()
    signal.connect(awaited)
    return {"the new value is kept": run(main)}, {"the new value is kept": True}


@law("context.nested-dispatches-undo-nothing", uses=["coroutines"])
def nested_dispatches_undo_nothing(Signal, calls, send: Asend):
    async def nests(**kwargs):
        calls.append("nested dispatch begins")
        await send(inner, int)
        calls.append(variable.get())

    async def waits(**kwargs):
        await until(lambda: len(calls) == 3)

    async def sets(**kwargs):
        await until(lambda: calls)
        variable.set("set meanwhile")
        calls.append("set")

    async def sees(**kwargs):
        await until(lambda: "set" in calls)
        calls.append(variable.get())

    variable = contextvars.ContextVar("variable")
    variable.set("before")
    signal, inner = Signal(), Signal()
    inner.connect(waits)
    signal.connect(nests)
    signal.connect(sets)
    signal.connect(sees)
    run(lambda: send(signal, int))
    return calls, ["nested dispatch begins", "set", "set meanwhile", "set meanwhile"]

"""What there is to learn from the exercise: one lesson each, judged by what was seen of the learner's project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signalspec.exercise.observation import Connected, Observation, Seen, Sent
from signalspec.exercise.steps import SIGNALS, Step

Judge = Callable[[Observation], Iterator[str]]


@dataclass(frozen=True)
class Lesson:
    """Something that a right project does, what explains it, and how to see that it does not yet."""

    name: str
    right: str
    clauses: tuple[str, ...]
    after: tuple[str, ...]
    """The lessons without which this one cannot be judged."""
    judge: Judge
    """Gives sentences that say what is not right yet."""


LESSONS: dict[str, Lesson] = {}
"""All lessons by name, in the order in which they are best learnt."""


def lesson(right: str, *clauses: str, after: str = "") -> Callable[[Judge], Judge]:
    """Register the decorated function as the judge of the lesson that is called like it."""

    def register(judge: Judge) -> Judge:
        name = judge.__name__
        LESSONS[name] = Lesson(name, right, clauses, tuple(after.split()), judge)
        return judge

    return register


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one lesson: right where there is nothing wrong; not judged where it was too early."""

    lesson: Lesson
    judged: bool
    wrong: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether nothing is left to do."""
        return self.judged and not self.wrong


def judge(observation: Observation) -> list[Verdict]:
    """Return a verdict for each lesson, in order."""
    verdicts: dict[str, Verdict] = {}
    for each in LESSONS.values():
        ready = all(verdicts[name].right for name in each.after)
        wrong = tuple(dict.fromkeys(each.judge(observation))) if ready else ()
        verdicts[each.name] = Verdict(each, ready, wrong)
    return list(verdicts.values())


def changes(seen: Seen) -> dict[int, str]:
    """Return the todos that a step changed, and which signal each change has."""
    return {
        pk: "todo_done" if done else "todo_undone"
        for pk, (_, done) in seen.after.items()
        if done is not seen.before.get(pk, ("", False))[1]
    }


def dispatches(observation: Observation) -> Iterator[tuple[Step, Seen, Sent]]:
    """Give each dispatch with its step."""
    for step, seen in observation.steps:
        for sent in seen.sent:
            yield step, seen, sent


@lesson("There are two signals, todo_done and todo_undone.", "parties.signals-are-independent")
def signals(observation: Observation) -> Iterator[str]:
    for name in SIGNALS:
        if name not in observation.signals:
            yield f"todos/signals.py has no signal {name} of its own: make one with `{name} = Signal()`."


@lesson(
    "Each receiver takes whatever arguments are sent, also those that are added one day.",
    "send.arguments-are-not-chosen",
    "debug.refuses-without-kwargs",
    after="signals",
)
def arguments_taken(observation: Observation) -> Iterator[str]:
    for receiver in observation.refusing:
        yield (
            f"{receiver} raises TypeError as soon as the signal has one more argument: a receiver ends its "
            "parameters with `**kwargs`."
        )


@lesson("The todo comes along as the argument `todo`.", "send.passes-named-arguments", after="signals")
def todo_argument(observation: Observation) -> Iterator[str]:
    for _, seen, each in dispatches(observation):
        if "todo" not in each.arguments:
            given = ", ".join(each.arguments) or "no argument"
            yield f"{each.signal} is sent with {given}; the todo is to be the argument `todo`."
        elif each.pk is None:
            yield f"The argument `todo` of {each.signal} is {each.todo}; it is to be the todo itself."
        elif changes(seen) and each.pk not in changes(seen):
            yield f"The argument `todo` of {each.signal} is {each.todo}, which is not the todo that changed."
        else:
            continue
        return


@lesson("The sender is the class Todo.", "send.passes-the-sender", "connect.hears-no-relative", after="signals")
def sender(observation: Observation) -> Iterator[str]:
    for _, _, each in dispatches(observation):
        if not each.right_sender:
            yield (
                f"The sender of {each.signal} is {each.sender}; it is to be the class Todo, since a receiver "
                "that was connected for Todo hears nothing else."
            )
            return


def connections(observation: Observation, name: str) -> list[Connected]:
    """Return what was connected to the signal called `name`."""
    return [each for each in observation.connected if each.signal == name]


@lesson(
    "A receiver is connected to each signal.", "connect.connected-is-called", "decorator.connects", after="signals"
)
def connected(observation: Observation) -> Iterator[str]:
    for name in SIGNALS:
        if not connections(observation, name):
            yield (
                f"Nothing is connected to {name}: connect a receiver in the `ready` of the app's config, or import "
                "the module with the decorated receiver there."
            )


@lesson(
    "The receivers are alive.", "lifetime.weak-by-default", "lifetime.dead-receiver-is-not-called", after="connected"
)
def alive(observation: Observation) -> Iterator[str]:
    for name in SIGNALS:
        there = connections(observation, name)
        if not any(each.alive for each in there):
            dead = there[0].receiver
            yield (
                f"{dead} was connected to {name}, and is gone: a signal does not keep its receivers alive. Use a "
                "function of a module, or connect with `weak=False`."
            )


@lesson("The receivers are connected for the right sender.", "connect.hears-only-its-sender", after="alive")
def right_connection(observation: Observation) -> Iterator[str]:
    for name in SIGNALS:
        there = [each for each in connections(observation, name) if each.alive]
        if not any(each.reaches for each in there):
            yield (
                f"{there[0].receiver} is connected to {name} for the sender {there[0].sender}, so what Todo sends "
                "does not reach it: connect it with `sender=Todo`, or without a sender."
            )


@lesson(
    "Receivers are connected at the start of the process, not by requests.",
    "connect.duplicate-is-ignored",
    after="connected",
)
def at_the_start(observation: Observation) -> Iterator[str]:
    for each in observation.connected:
        if each.while_serving:
            yield (
                f"{each.receiver} is connected to {each.signal} while a request is answered: before the first it "
                "hears nothing, and each may add a connection. Connect it in `ready`."
            )
            return


@lesson(
    "The app still does what it did, at the same URLs.",
    "send.raises-what-a-receiver-raises",
    after="signals arguments_taken todo_argument sender at_the_start",
)
def working(observation: Observation) -> Iterator[str]:
    for step, seen in observation.steps:
        if seen.failure:
            yield f"{step.does.capitalize()} failed with {seen.failure.error} ({seen.failure.where})."
            return
        if seen.status not in step.answers:
            yield f"{step.does.capitalize()} is answered with status {seen.status}; it was {step.answers.start}."
        expected = {title: name == "todo_done" for title, name in step.sends.items()}
        before = dict(seen.before.values())
        if step.title is not None:
            before.setdefault(step.title, False)
        if dict(seen.after.values()) != {**before, **expected}:
            yield f"{step.does.capitalize()} does not leave in the database what it is to leave there."
            return


@lesson(
    "A signal is sent for each change, however it comes about.",
    "connect.connected-is-called",
    "save.update-is-silent",
    after="working",
)
def sent(observation: Observation) -> Iterator[str]:
    for step, seen in observation.steps:
        missing = [name for pk, name in changes(seen).items() if not seen.sent]
        if missing:
            yield f"{step.does.capitalize()} sends nothing; it is to send {missing[0]}."
        elif len(changes(seen)) > len(seen.sent):
            yield (
                f"{step.does.capitalize()} changes {len(changes(seen))} todos and sends {len(seen.sent)} signal: "
                "each todo is to be told of."
            )
    silent = {step.path for step, seen in observation.steps if changes(seen) and not seen.sent}
    if silent == {"/todos/done/"}:
        yield "`QuerySet.update` calls no `save` and sends no signals of models: save each todo, or send for each."


@lesson(
    "A signal is sent only when something changed.",
    "connect.connected-is-called",
    after="working",
)
def only_changes(observation: Observation) -> Iterator[str]:
    for step, seen in observation.steps:
        if seen.sent and not changes(seen):
            names = " and ".join(dict.fromkeys(each.signal for each in seen.sent))
            yield f"{step.does.capitalize()} changes no todo, but sends {names}: send where `done` changes."


@lesson("Each change sends the signal that tells it.", "parties.signals-are-independent", after="sent only_changes")
def right_signal(observation: Observation) -> Iterator[str]:
    for step, seen in observation.steps:
        wrong = [each.signal for each in seen.sent if each.signal not in changes(seen).values()]
        if wrong:
            right = next(iter(changes(seen).values()))
            yield f"{step.does.capitalize()} sends {wrong[0]}; it is to send {right}, and only that."


@lesson("Each change sends it once.", "send.each-connection-once", after="sent only_changes right_signal")
def once(observation: Observation) -> Iterator[str]:
    for step, seen in observation.steps:
        if len(seen.sent) > len(changes(seen)):
            count, changed = len(seen.sent), len(changes(seen))
            yield f"{step.does.capitalize()} sends {count} signals for {changed} change{'s' * (changed > 1)}."


@lesson(
    "It is sent after the change was saved.",
    "send.same-thread",
    "save.database-at-each-moment",
    after="sent only_changes right_signal",
)
def after_saving(observation: Observation) -> Iterator[str]:
    for step, _, each in dispatches(observation):
        if not each.saved:
            yield (
                f"When {each.signal} is sent by {step.does}, the database does not have the change yet, and a "
                "receiver would see the old state: save first, then send."
            )
            return


def records(seen: Seen, pk: int) -> int:
    """Return how many records name the todo with the id `pk`."""
    return sum(seen.after[pk][0] in message for message in seen.logged)


@lesson("No receiver fails.", "robust.error-is-the-response", after="working")
def succeeding(observation: Observation) -> Iterator[str]:
    for failure in observation.hidden:
        yield f"A receiver fails with {failure.error} ({failure.where}), which a robust send hides."


@lesson(
    "Each change is logged.",
    "send.each-connection-once",
    after="sent alive right_connection succeeding",
)
def logged(observation: Observation) -> Iterator[str]:
    for step, seen in observation.steps:
        if any(not records(seen, pk) for pk in changes(seen)):
            if seen.logged:
                yield f"{step.does.capitalize()} logs {seen.logged[0]!r}, which does not name the todo by its title."
            else:
                yield (
                    f"{step.does.capitalize()} logs nothing to a logger in todos, at level INFO or above: use "
                    "`logging.getLogger(__name__).info(...)` in a module of the app."
                )
            return


@lesson(
    "Each change is logged once: each receiver is connected once.",
    "connect.duplicate-is-ignored",
    "parties.receiver-identity",
    "uids.one-connection-each",
    after="logged only_changes right_signal once",
)
def logged_once(observation: Observation) -> Iterator[str]:
    for step, seen in observation.steps:
        twice = [name for pk, name in changes(seen).items() if records(seen, pk) > 1]
        if twice:
            names = ", ".join(each.receiver for each in connections(observation, twice[0]) if each.alive)
            yield (
                f"{step.does.capitalize()} is logged more than once. Connected to {twice[0]}: {names}. Two receivers "
                "that are alike are two; connect one, once, or give both the same dispatch_uid."
            )
            return
        if seen.logged and not changes(seen):
            yield f"{step.does.capitalize()} changes no todo, but logs {seen.logged[0]!r}."
            return

"""The engine *hypothesis*: long programs over exotic parties, which enumeration cannot cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from signalspec.engines.observing import cheap_collections, time_limit
from signalspec.engines.shards import WHOLE, Shard
from signalspec.engines.shrinking import OF_ARGUMENTS, Mismatch, is_possible
from signalspec.programs.attribution import Expectation, Situation
from signalspec.programs.commands import Command, Connect, Disconnect, Drop, HasListeners, Send
from signalspec.programs.interpreter import World
from signalspec.programs.outcomes import Late, Raised, TimedOut, raised
from signalspec.programs.party_kinds import FalsyUid, ProgramSender, Receiver, Sender, Uid
from signalspec.programs.program import NAMES, RECEIVERS, SENDERS, UIDS, Program

STEPS = 50
"""How many commands a program has at the most."""

INTERNED = ("empty string", "zero", "false", "empty tuple")
"""Kinds of which Python has a single object, so that only one party of a program can be of them."""

BLOCK = 10
"""How many programs are drawn from one seed: a shard has whole blocks."""

MOST_COMMANDS = 10_000
"""More commands than a block has."""

Seen = Callable[[int, Expectation, Mismatch | None], None]
"""Told the number of a command that was executed, what it was expected to do, and its mismatch if there is one."""

Mark = Callable[[Program], None]


@dataclass(frozen=True)
class Vocabulary:
    """What long programs may use.

    `casts` gives the kinds that a party may have, by its name; `only_cached` those that replace them with caching. No
    program needs more than the `capabilities`. With `arguments`, receivers note what they are given.
    """

    casts: Mapping[str, Sequence[str]]
    capabilities: frozenset[str]
    only_cached: Mapping[str, Sequence[str]] = field(default_factory=dict)
    none_when_cached: bool = True
    arguments: bool = True


OF_NOBODY_WHEN_CACHED = frozenset({"caching.none-as-sender", "caching.listeners-without-sender"})
"""The clauses about a lookup without a sender on a signal with caching."""

DECISIVE = frozenset(
    {
        "uids.falsy-uid",
        "disconnect.by-falsy-uid",
        "caching.any-sender",
        *OF_NOBODY_WHEN_CACHED,
    }
)
"""The clauses of which the laws decide what the vocabulary is."""


def vocabulary_without(broken: frozenset[str], capabilities: frozenset[str]) -> Vocabulary:
    """Return the whole vocabulary, less what the laws have shown to be broken: it would only be found again."""
    senders = list(ProgramSender.kinds)
    falsy_uids = () if broken & {"uids.falsy-uid", "disconnect.by-falsy-uid"} else FalsyUid.kinds
    casts: dict[str, Sequence[str]] = {name: list(Receiver.kinds) for name in RECEIVERS}
    casts.update({name: [kind for kind in senders if kind not in INTERNED] for name in SENDERS})
    casts.update({name: list(Uid.kinds) for name in UIDS})
    casts[SENDERS[0]] = senders
    casts[UIDS[0]] = [*Uid.kinds, *falsy_uids]
    return Vocabulary(
        casts=casts,
        capabilities=capabilities,
        only_cached={name: list(Sender.kinds) for name in SENDERS} if "caching.any-sender" in broken else {},
        none_when_cached=not broken & OF_NOBODY_WHEN_CACHED,
        arguments=not broken & OF_ARGUMENTS,
    )


def run(
    vocabulary: Vocabulary,
    factory: Callable[..., Any],
    examples: int,
    seed_: int,
    timeout: float,
    seen: Seen,
    mark: Mark = lambda _: None,
    shard: Shard = WHOLE,
) -> None:
    """Generate `examples` long programs and execute those in `shard` on the target; tell `mark` of every command
    before it is executed, and `seen` afterwards.
    """
    with cheap_collections() as settle:
        for block, seeded, size in blocks(examples, seed_):
            if not shard.has(block):
                continue
            numbers = count(block * MOST_COMMANDS)

            def note(expectation: Expectation, mismatch: Mismatch | None, numbers: Iterator[int] = numbers) -> None:
                seen(next(numbers), expectation, mismatch)

            run_machine(_machine(vocabulary, factory, timeout, note, mark, settle), size, STEPS, seeded)


def blocks(examples: int, seed_: int) -> Iterator[tuple[int, int | str, int]]:
    """Yield the blocks of so many programs: the number, the seed and the size of each."""
    for block, begin in enumerate(range(0, examples, BLOCK)):
        yield block, f"{seed_} {block}" if block else seed_, min(BLOCK, examples - begin)


def run_machine(machine: type[RuleBasedStateMachine], examples: int, steps: int, seed_: int | str) -> None:
    """Run a state machine `examples` times, with `steps` rules each at the most, chosen by the seed."""
    with TemporaryDirectory() as home:
        # What Hypothesis would keep for later runs has no place in a user's folder.
        set_hypothesis_home_dir(home)
        try:
            run_state_machine_as_test(
                seed(seed_)(machine),
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    # Programs are shortened by the suite itself, and nothing is remembered between runs.
                    phases=(Phase.generate,),
                    database=None,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            set_hypothesis_home_dir(None)


def _machine(
    vocabulary: Vocabulary,
    factory: Callable[..., Any],
    timeout: float,
    seen: Callable[[Expectation, Mismatch | None], None],
    mark: Mark,
    settle: Callable[[], None],
) -> type[RuleBasedStateMachine]:
    receivers, senders, uids = map(st.sampled_from, (RECEIVERS, (None, *SENDERS), (None, *UIDS)))

    class Machine(RuleBasedStateMachine):
        """Executes each command at once, on the target and on the model; after a mismatch it only idles."""

        def __init__(self) -> None:
            super().__init__()
            self.program = Program(())
            self.situation = Situation.of_new_signal()
            self.world: World | None = None
            self.unmade: Raised | None = None

        @initialize(caching=st.booleans(), data=st.data())
        def begin(self, caching: bool, data: st.DataObject) -> None:
            caching = caching and "caching" in vocabulary.capabilities
            tables = {**vocabulary.casts, **(vocabulary.only_cached if caching else {})}
            cast = {name: data.draw(st.sampled_from(table), label=name) for name, table in tables.items()}
            self.program = Program((), cast=cast, caching=caching, arguments=vocabulary.arguments)
            self.situation = Situation.of_new_signal(caching)
            settle()
            try:
                self.world = World(self.program, factory, NAMES)
            except BaseException as error:
                self.unmade = raised(error)

        @rule(receiver=receivers, sender=senders, weak=st.booleans(), uid=uids)
        def connect(self, receiver: str, sender: str | None, weak: bool, uid: str | None) -> None:
            self._do(Connect(receiver, sender, weak, uid))

        @rule(receiver=receivers, sender=senders)
        def disconnect(self, receiver: str, sender: str | None) -> None:
            self._do(Disconnect(receiver, sender))

        @rule(sender=senders, uid=st.sampled_from(UIDS))
        def disconnect_uid(self, sender: str | None, uid: str) -> None:
            self._do(Disconnect(None, sender, uid))

        @rule(sender=senders)
        def has_listeners(self, sender: str | None) -> None:
            self._do(HasListeners(sender))

        @rule(sender=senders, robust=st.booleans())
        def send(self, sender: str | None, robust: bool) -> None:
            self._do(Send(sender, robust))

        @rule(party=st.sampled_from((*RECEIVERS, *SENDERS)))
        def drop(self, party: str) -> None:
            self._do(Drop(party))

        def _do(self, command: Command) -> None:
            program = replace(self.program, commands=(*self.program.commands, command))
            if (self.world or self.unmade) is None or not is_possible(program) or self._leaves_it_open(command):
                return
            asks = isinstance(command, Send | HasListeners) and command.sender is None
            if asks and program.caching and not vocabulary.none_when_cached:
                return
            if not program.needs <= vocabulary.capabilities:
                return
            self.program = program
            mark(program)
            self.situation, expectation = self.situation.after(command, {})
            observed: object
            try:
                with time_limit(timeout):
                    observed = self.world.perform(command) if self.world else self.unmade
            except TimedOut:
                observed = Late(timeout)
            except BaseException as error:
                observed = raised(error)
            if observed == expectation.value:
                seen(expectation, None)
            else:
                self.world = self.unmade = None
                seen(expectation, Mismatch(program, expectation, observed))

        def _leaves_it_open(self, command: Command) -> bool:
            # When a strong connection for a dead sender lets go of its receiver depends on the release, and whether a
            # sender without weak references dies at all is not specified (lifetime.sender-without-weak-references).
            if not isinstance(command, Drop) or command.party in RECEIVERS:
                return False
            party = command.party
            strong = any(c.sender == party and not c.weak for c in self.situation.state.connections)
            return strong or self.program.cast[party] not in Sender.kinds

    return Machine

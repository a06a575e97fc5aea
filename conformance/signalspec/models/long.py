"""The engine *hypothesis* for models: programs longer than can be enumerated, against what the model says is sent."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from signalspec.engines.hypothesis import blocks, run_machine
from signalspec.engines.shards import WHOLE, Shard
from signalspec.models.commands import DIMENSIONS, Command
from signalspec.models.explore import SETUP, Program, Run, acts_of, judged, listeners_of, names_fields
from signalspec.models.model import RaisedError, State
from signalspec.models.world import World

STEPS = 20
"""How many commands a program has at the most, beside those that make what the others need."""


MOST_PROGRAMS = 1_000
"""More programs than a block has."""


def run(
    world: World,
    profile: str,
    examples: int,
    seed_: int,
    seen: Callable[[Sequence[Run]], None],
    shard: Shard = WHOLE,
) -> None:
    """Make `examples` programs of each dimension, execute those in `shard` in the world, and tell `seen` what came of
    it.
    """
    for block, seeded, size in blocks(examples, seed_):
        for number, dimension in enumerate(DIMENSIONS, block * len(DIMENSIONS)):
            if shard.has(number):
                numbers = count(number * MOST_PROGRAMS)
                run_machine(_machine(world, dimension, names_fields(profile), seen, numbers), size, STEPS, seeded)


def _machine(
    world: World, dimension: str, fields: bool, seen: Callable[[Sequence[Run]], None], numbers: Iterator[int]
) -> type[RuleBasedStateMachine]:
    vocabulary = DIMENSIONS[dimension]
    acts = st.sampled_from(acts_of(dimension))

    class Machine(RuleBasedStateMachine):
        """Follows the model command by command, leaves out those that it cannot tell of, and executes the rest."""

        def __init__(self) -> None:
            super().__init__()
            self.program = Program((), ())
            self.state = State(frozenset())

        @initialize(listening=st.sampled_from(listeners_of(dimension)), act=acts)
        def begin(self, listening: tuple[str, ...], act: tuple[str, str, str] | None) -> None:
            # A receiver that acts is one that listens.
            listening = listening if act is None else listeners_of(dimension)[0]
            self.program = Program((), listening, act)
            self.state = State(frozenset(listening), act, fields)
            for command in vocabulary[: SETUP[dimension]]:
                self._go_on(command)

        @rule(command=st.sampled_from(vocabulary))
        def step(self, command: Command) -> None:
            self._go_on(command)

        def _go_on(self, command: Command) -> None:
            state = copy.deepcopy(self.state)
            try:
                command.effect(state)
            except RaisedError as error:
                if str(error) == "impossible":
                    return
            except KeyError:
                return
            self.state = state
            self.program = Program((*self.program.commands, command), self.program.listening, self.program.act)

        def teardown(self) -> None:
            whole = self.program
            while whole.commands and whole.expected(fields) is None:
                # A transaction that was not ended says nothing.
                whole = Program(whole.commands[:-1], whole.listening, whole.act)
            if whole.commands:
                seen([judged(next(numbers), whole, world, fields)])

    return Machine

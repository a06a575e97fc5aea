"""The engine *explore* for models: every program of a few commands, against what the model says is sent.

A program is commands of one dimension, whose models are listened to or not, and an act of a receiver. It is executed
as the source that its script prints.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from signalspec.engines.shards import WHOLE, Shard
from signalspec.laws.islands import ISLAND_OF
from signalspec.models.commands import DIMENSIONS, Command
from signalspec.models.fixtures import NAMES, preamble
from signalspec.models.model import RaisedError, State
from signalspec.models.stories import WORDS, words_of
from signalspec.models.world import World
from signalspec.standard.clauses import load_clauses
from signalspec.targets.setup import PLAIN, Setup

MODELS = {
    "plain": ("Person",),
    "child": ("Place", "Restaurant"),
    "proxy": ("Person", "Friend"),
    "family": ("Author", "Book", "Page", "Review"),
    "relation": ("Article", "Tag", "Article_tags"),
}
"""The models that receivers of a dimension listen for."""

ACTS = {
    "plain": [("pre_save", "Person"), ("post_save", "Person"), ("pre_delete", "Person"), ("post_delete", "Person")],
    "child": [("post_save", "Restaurant"), ("post_delete", "Restaurant")],
    "proxy": [("pre_save", "Friend")],
    "family": [("pre_delete", "Author"), ("post_delete", "Book")],
    "relation": [("m2m_changed", "Article_tags")],
}
"""The dispatches at which a receiver raises, once; at those of a ``pre_save`` it also changes a field, once."""

DEEDS = {
    "plain": [
        ("pre_save", "Person", "query"),
        ("pre_save", "Person", "save"),
        ("post_save", "Person", "save"),
        ("post_save", "Person", "delete"),
        ("post_delete", "Person", "save"),
    ],
    "child": [("post_save", "Restaurant", "save"), ("post_save", "Restaurant", "delete")],
    "family": [("post_delete", "Review", "query"), ("post_save", "Book", "delete")],
}
"""What else a receiver does, once. A delete within a delete is none of it: Django has a recorded deviation there."""

_SCRIPT = """\
# {title}

{preamble}

{helpers}

def program():
    held, trace = {{}}, []
    watch(trace, {listening}, {act})
    did = []
{steps}
    return did, trace


actual = program()
expected = {expected}
print("expected:", expected)
print("actual:  ", actual)
sys.exit(actual != expected)
"""


SETUP = {"plain": 1, "child": 1, "proxy": 1, "family": 4, "relation": 2}
"""How many commands of a dimension come before all others, uncounted: they make what the others need."""


@dataclass(frozen=True)
class Program:
    """Commands, who listens meanwhile, and what a receiver does once."""

    commands: tuple[Command, ...]
    listening: tuple[str, ...]
    act: tuple[str, str, str] | None = None

    @property
    def source(self) -> str:
        """The body that is executed: it fills `did`, while receivers fill `trace`."""
        steps = []
        for number, command in enumerate(self.commands):
            steps.append(f"def step_{number}():\n{textwrap.indent(command.source, '    ')}")
            steps.append(f"did.append(result(step_{number}))")
        return "\n".join(steps)

    def expected(self, names_fields: bool) -> tuple[list[str], list[Any]] | None:
        """Return what each step comes to, and what is sent; nothing where the program makes no sense."""
        state = State(frozenset(self.listening), self.act, names_fields)
        did: list[str] = []
        for command in self.commands:
            try:
                command.effect(state)
                did.append("done")
            except RaisedError as error:
                if str(error) == "impossible":
                    return None
                did.append(str(error))
            except KeyError:
                # An instance that the program does not have.
                return None
        if state.saved is not None:
            return None
        return did, [(*event[:4], *map(_plain, event[4:])) for event in state.events]

    def run(self, world: World) -> tuple[list[str], list[Any]]:
        """Execute it in the world, and return what came of it."""
        with world.story() as names:
            held: dict[str, Any] = {}
            did: list[str] = []
            trace: list[Any] = []
            given = {**names, **WORDS, "held": held, "did": did, "trace": trace}
            WORDS["watch"](trace, self.listening, self.act)
            exec(compile(self.source, "<program>", "exec"), given)
            return did, trace

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        names = [command.name for command in self.commands]
        return {"models": names, "listening": list(self.listening), "act": self.act and list(self.act)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Program:
        """Return the program that `data` stores; raise `KeyError` or `TypeError` where it stores none."""
        known = {command.name: command for commands in DIMENSIONS.values() for command in commands}
        act = data["act"] and tuple(data["act"])
        return cls(tuple(known[name] for name in data["models"]), tuple(data["listening"]), act)

    def script(self, title: str, expected: str, setup: Setup = PLAIN) -> str:
        """Return it as a script that runs with nothing but Django installed."""
        asked = {each for each in NAMES if re.search(rf"\b{each}\b", self.source)}
        asked |= {each for each in self.listening if each in ISLAND_OF}
        return _SCRIPT.format(
            title=title,
            preamble=preamble(asked, setup),
            helpers="\n\n".join(words_of(self.source + "watch(")),
            listening=self.listening,
            act=self.act,
            steps=textwrap.indent(self.source, "    "),
            expected=expected,
        )


def _plain(value: Any) -> Any:
    return tuple(sorted(value)) if isinstance(value, (set, frozenset, tuple)) else value


def listeners_of(dimension: str) -> list[tuple[str, ...]]:
    """Return which models may be listened to: all first, then each alone."""
    models = MODELS[dimension]
    return [models, *((model,) for model in models if len(models) > 1)]


def acts_of(dimension: str) -> list[tuple[str, str, str] | None]:
    """Return what a receiver may do once: nothing first."""
    acts: list[tuple[str, str, str] | None] = [None, *((*where, "raise") for where in ACTS[dimension])]
    acts += [(*where, "change") for where in ACTS[dimension] if where[0] == "pre_save"]
    return acts + list(DEEDS.get(dimension, ()))


def programs(dimension: str, depth: int) -> Iterator[Program]:
    """Yield every program of up to `depth` commands that makes sense, the short ones first."""
    hearing, acts = listeners_of(dimension), acts_of(dimension)
    vocabulary = DIMENSIONS[dimension]
    setup = tuple(vocabulary[: SETUP[dimension]])
    for length in range(depth + 1):
        for commands in itertools.product(vocabulary, repeat=length):
            for act in acts:
                for listening in hearing if act is None else hearing[:1]:
                    yield Program((*setup, *commands), listening, act)


OF_KEYS = {
    "add": "m2m.add-tells-what-is-new",
    "remove": "m2m.remove-tells-what-was-passed",
    "clear": "m2m.clear-tells-no-keys",
}
"""The clauses that say what the keys of ``m2m_changed`` are, by action."""


def clause_of(program: Program, expected: tuple[Sequence[str], Sequence[Any]], actual: tuple[Any, Any]) -> str:
    """Return the clause that says best what went wrong: by the first event that differs, or by the last command."""
    command = program.commands[-1]
    about = command.refused if expected[0][-1:] == ["refused"] and command.refused else command.about
    for wanted, got in itertools.zip_longest(expected[1], actual[1]):
        if wanted == got:
            continue
        if wanted is None or got is None or wanted[:2] != got[:2]:
            break
        return _of_event(wanted, got) or about
    return about


def _of_event(wanted: Sequence[Any], got: Sequence[Any]) -> str | None:
    """Return the clause about that in which an event differs from the one that is due, if there is one."""
    signal = wanted[0].partition("_")[2]
    chapter = signal if signal in ("save", "delete") else "m2m"
    if wanted[2] != got[2]:
        return f"{chapter}.database-at-each-moment"
    if wanted[3] != got[3]:
        return "save.no-transaction" if chapter == "save" else f"{chapter}.one-transaction"
    if signal == "save":
        created = wanted[0] == "post_save" and wanted[4] != got[4]
        return "save.created-says-whether-a-row-came" if created else "save.update-fields-are-a-frozenset"
    if signal != "changed" or wanted[4] != got[4]:
        return None
    return "m2m.reverse" if wanted[5] != got[5] else OF_KEYS[wanted[4].partition("_")[2]]


def _first_wrong(program: Program, world: World, fields: bool) -> Program:
    """Return the first commands of a program that go wrong, without what a receiver does if they do so without it."""
    for act in dict.fromkeys((None, program.act)):
        for length in range(1, len(program.commands) + 1):
            first = replace(program, commands=program.commands[:length], act=act)
            expected = first.expected(fields)
            if expected is not None and first.run(world) != expected:
                return first
    return program


def shortest(program: Program, world: World, names_fields: bool) -> Program:
    """Return a program that goes wrong in the same way with as few commands as that takes."""
    found = program
    for number in reversed(range(len(program.commands) - 1)):
        shorter = replace(found, commands=found.commands[:number] + found.commands[number + 1 :])
        expected = shorter.expected(names_fields)
        if expected is None:
            continue
        actual = shorter.run(world)
        if actual != expected and clause_of(shorter, expected, actual) == clause_of(
            found, found.expected(names_fields) or ([], []), found.run(world)
        ):
            found = shorter
    return found


def names_fields(profile: str) -> bool:
    """Tell whether `update_or_create()` of a release passes the names of its defaults as `update_fields`."""
    return load_clauses().clause("save.update-or-create-names-fields").in_force.includes(profile)


@dataclass(frozen=True)
class Run:
    """One executed program, by its number: the clauses that it is about, and the one that it breaks, with what shows
    that.
    """

    number: int
    exercised: frozenset[str]
    broken: str = ""
    program: Program | None = None
    expected: str = ""
    actual: str = ""


def run(
    world: World, profile: str, dimension: str, depth: int, concerns: Collection[str], shard: Shard = WHOLE
) -> Iterator[Run]:
    """Execute every program of up to `depth` commands, of those in `shard`, with one about a clause it `concerns`."""
    fields = names_fields(profile)
    for number, program in enumerate(programs(dimension, depth)):
        if not shard.has(number):
            continue
        if world.is_on_a_server and program.act in DEEDS.get(dimension, ()):
            # What receivers do there has been seen to agree on sqlite alone.
            continue
        about = frozenset(command.about for command in program.commands)
        expected = program.expected(fields)
        if expected is None or about.isdisjoint(concerns):
            continue
        yield judged(number, program, world, fields)


def judged(number: int, program: Program, world: World, fields: bool) -> Run:
    """Execute a program that makes sense, and return what it breaks, if anything, as shortly as that shows."""
    about = frozenset(command.about for command in program.commands)
    if program.run(world) == program.expected(fields):
        return Run(number, about)
    small = shortest(_first_wrong(program, world, fields), world, fields)
    wanted, got = small.expected(fields) or ([], []), small.run(world)
    return Run(number, about, clause_of(small, wanted, got), small, repr(wanted), repr(got))

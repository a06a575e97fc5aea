"""The engine *laws*: runs every law for every combination of the kinds it asks for."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib
import inspect
import itertools
import operator
import re
import textwrap
import types
import typing
import unittest.mock
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random
from typing import Any, assert_never

import asgiref.sync

from signalspec import laws
from signalspec.engines.observing import Failure, no_collections, time_limit
from signalspec.laws import LAWS, vocabulary
from signalspec.laws.fixtures import OF_SIGNALS, Fixture, Imported, Made, Modelled, OfScheduler, OfTarget
from signalspec.laws.uses import USES, used_by
from signalspec.programs.folding import fold
from signalspec.programs.outcomes import Late, Returned, TimedOut, raised, shown
from signalspec.programs.surrounding_kinds import SetUp
from signalspec.programs.tables import Table
from signalspec.standard.clauses import Clause, load_clauses
from signalspec.targets.surroundings import restored, unconfigured_settings
from signalspec.targets.target import Maker, Target

MOST_CASES = 60
"""How many combinations of kinds one law runs at the most, unless it takes more to have every kind once."""

MODULES = (
    "asgiref.sync",
    "asyncio",
    "collections",
    "contextlib",
    "contextvars",
    "functools",
    "gc",
    "io",
    "logging",
    "os",
    "sys",
    "threading",
    "time",
    "types",
    "unittest.mock",
    "warnings",
    "weakref",
)
"""What a law and a kind may use of the standard library, and of asgiref where the target uses it."""

_SCRIPT = """\
# {slug}: {requirement}
{imports}
{target}

{helpers}def program():
{body}

{surroundings}try:
    actual, expected = {call}
except BaseException as error:
    actual, expected = error, "no exception"
print("expected:", expected)
print("actual:  ", actual)
raise SystemExit(actual != expected)
"""

Case = Mapping[str, str]
LawProgram = Callable[[], tuple[Any, Any]]


FORMS: Mapping[str, str] = {
    "models": "signalspec.models.stories:ModelLaw",
    **dict.fromkeys(("requests", "auth", "environment"), "signalspec.requests.laws:ProjectLaw"),
}
"""What makes a program and a script of a law, by the part that it belongs to, where it takes more than a signal."""


@functools.cache
def foundations() -> frozenset[str]:
    """Return the clauses that laws of others rest on."""
    return frozenset(premise for law in load_laws().values() for premise in law.premises)


@functools.cache
def load_laws() -> Mapping[str, Law]:
    """Import the laws of every chapter; return them by clause, in the standard's order."""
    standard = load_clauses()
    for part in standard.parts.values():
        for chapter in part.chapters:
            for module in laws.modules_of(part.name, chapter):
                importlib.import_module(module)
    forms = {part: _form_of(part) for part in standard.parts}
    return {
        slug: forms[clause.part](slug, LAWS[slug].function, frozenset(LAWS[slug].uses))
        for slug, clause in standard.clauses.items()
        if slug in LAWS
    }


def _form_of(part: str) -> type[Law]:
    if part not in FORMS:
        return Law
    module, _, name = FORMS[part].partition(":")
    form: type[Law] = getattr(importlib.import_module(module), name)
    return form


def capabilities_for(clause: Clause) -> list[str]:
    """Return the capabilities that it takes to be asked about `clause`: what it needs, and what its law uses."""
    law = load_laws().get(clause.slug)
    return list(dict.fromkeys([*clause.needs, *(sorted(law.needs) if law else ())]))


@dataclass(frozen=True)
class Law:
    """A law, what it declares to use, and the source that its cases are made of."""

    slug: str
    function: Callable[..., Any]
    declared: frozenset[str]

    @cached_property
    def source(self) -> str:
        """The law's own source, as a reader sees it."""
        return textwrap.dedent(inspect.getsource(self.function))

    @property
    def statement(self) -> str:
        """Its source but for what it declares, which changes nothing that is run."""
        return f'@law("{self.slug}")\n{self.source[self.source.index("def ") :]}'

    @cached_property
    def digest(self) -> str:
        """What changes when the law does; data that were seen with another one are stale."""
        return hashlib.sha256(self.statement.encode()).hexdigest()[:12]

    @cached_property
    def _definition(self) -> ast.FunctionDef:
        definition = ast.parse(self.source).body[0]
        assert isinstance(definition, ast.FunctionDef)
        return definition

    @cached_property
    def tables(self) -> Mapping[str, type[Table]]:
        """The table that each drawn parameter ranges over."""
        return {name: hint for name, hint in typing.get_type_hints(self.function).items() if name != "return"}

    @cached_property
    def uses(self) -> frozenset[str]:
        """What it uses: what it declares, and what its parameters say."""
        return self.declared.union(used_by(self.asks_for, self.tables.values()))

    @cached_property
    def premises(self) -> tuple[str, ...]:
        """The clauses that it rests on, the most fundamental first."""
        premises = (premise for word, use in USES.items() if word in self.uses for premise in use.premises)
        return tuple(dict.fromkeys(premises))

    @cached_property
    def needs(self) -> frozenset[str]:
        """The capabilities that its program uses, whatever its clause is about."""
        used = {capability for word in self.declared if (capability := USES[word].capability)}
        for table in self.tables.values():
            used.update(table.needs.values() if table.needs.keys() == table.kinds.keys() else ())
        return frozenset(used)

    @cached_property
    def asks_for(self) -> frozenset[str]:
        """The parameters that are not drawn."""
        return frozenset(a.arg for a in self._definition.args.args if a.annotation is None)

    def cases(self, seed: int = 0, capabilities: Collection[str] | None = None) -> Iterator[Case]:
        """Yield combinations of kinds, plainest first: all where they are few; else every kind once beside the
        plainest of the others, then a sample chosen by `seed`. Kinds that need more than `capabilities` are left out.
        """
        rows = self._rows(capabilities)
        if len(rows) > MOST_CASES:
            plainest = rows[0]
            must = [row for row in rows if sum(map(operator.ne, row, plainest)) <= 1]
            room = max(0, MOST_CASES - len(must))
            others = [row for row in rows if sum(map(operator.ne, row, plainest)) > 1]
            rows = must + Random(f"{seed} {self.slug}").sample(others, room)
        for row in rows:
            yield dict(zip(self.tables, row, strict=True))

    @cached_property
    def plainest(self) -> Case:
        """The case that has the plainest kind of everything."""
        return next(self.cases())

    def every_case(self, capabilities: Collection[str] | None = None) -> Iterator[Case]:
        """Yield all combinations of kinds, so also whatever a seed would choose of them."""
        for row in self._rows(capabilities):
            yield dict(zip(self.tables, row, strict=True))

    def _rows(self, capabilities: Collection[str] | None) -> list[tuple[str, ...]]:
        return list(itertools.product(*(table.suitable(capabilities) for table in self.tables.values())))

    def body(self, case: Case) -> str:
        """Return the source of one case: the cast is made, then the law is followed."""
        return self._surrounded("\n".join([*self._cast(case).values(), self._followed]))

    def _cast(self, case: Case) -> Mapping[str, str]:
        return {name: table.source_of(case[name], name) for name, table in self.tables.items()}

    def _surrounded(self, followed: str) -> str:
        lines = (_lines_of(each) for name, each in OF_SIGNALS.items() if name in self.asks_for | {"calls"})
        text = "\n".join([*filter(None, lines), followed])
        return text if "calls" in text.replace("calls = []", "", 1) else text.replace("calls = []\n", "", 1)

    @cached_property
    def _followed(self) -> str:
        """The law's statements."""
        statements = self._definition.body
        if isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant):
            statements = statements[1:]
        first, last = statements[0].lineno, statements[-1].end_lineno
        return textwrap.dedent("\n".join(self.source.splitlines()[first - 1 : last]))

    def script(
        self, case: Case, target: Target, requirement: str, surroundings: str = "", call: str = "program()"
    ) -> str:
        """Return a script that runs one case with nothing but the target installed.

        It gets what it is to be compared from `call`, for which it has made the `surroundings`.
        """
        # Python 3.11 loses its way in a source where a finalizer that fails reads another one meanwhile.
        with no_collections():
            body = text = self._surrounded(fold(self._cast(case), self._followed))
        helpers: list[str] = []
        # A word may be explained by those before it.
        for name, helper in reversed(vars(vocabulary).items()):
            if isinstance(helper, types.FunctionType) and re.search(rf"\b{name}\b", text):
                helpers.insert(0, _source_of(helper))
                text = helpers[0] + text
        imports = [module for module in MODULES if re.search(rf"\b{re.escape(module)}\.", text)]
        return _SCRIPT.format(
            slug=self.slug,
            requirement=requirement,
            imports=f"import {', '.join(imports)}" if imports else "",
            target=target.imports,
            helpers="\n\n".join([*helpers, ""]) if helpers else "",
            body=textwrap.indent(body, "    "),
            surroundings=surroundings,
            call=call,
        )

    def prepare(self, case: Case, target: Target, given: Mapping[str, Any] | None = None) -> LawProgram:
        """Return one case, ready to be run on the target any number of times; `given` are more names for the law."""
        return _compile(self.body(case), target, given or {})

    def run(self, case: Case, target: Target, timeout: float) -> Failure | None:
        """Run one case on the target, and say what is wrong with what it did."""
        with self.lent(case, target) as program:
            return judge(program, timeout)

    @contextmanager
    def lent(self, case: Case, target: Target) -> Iterator[LawProgram]:
        """Lend one case, ready to be run once, in its surroundings."""
        with self._surroundings():
            yield self.prepare(case, target)

    def run_noting(self, case: Case, target: Maker, timeout: float, words: Mapping[str, Any]) -> Failure | None:
        """Run one case as `run` does, with `words` for what has these names: modules, shared words, and `calls`, the
        list in which receivers note that they are called.
        """
        body = self.body(case).replace("calls = []\n", "calls = noted_calls\n", 1)
        with self._surroundings():
            return judge(_compile(body, target, {**words, "noted_calls": words["calls"]}), timeout)

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        with ExitStack() as surroundings:
            if any(issubclass(table, SetUp) for table in self.tables.values()):
                # What the case before has changed cannot be seen to change again.
                surroundings.enter_context(restored())
            if "settings" in self.asks_for:
                surroundings.enter_context(unconfigured_settings())
            yield


def _lines_of(fixture: Fixture) -> str:
    """Return the lines with which a program makes a fixture; most are there before it begins."""
    match fixture:
        case Made(source):
            return source
        case OfTarget() | OfScheduler() | Imported() | Modelled():
            return ""
        case _:
            assert_never(fixture)


@cache
def _source_of(helper: Callable[..., Any]) -> str:
    return inspect.getsource(helper)


def judge(program: LawProgram, timeout: float) -> Failure | None:
    """Run a prepared case, and say what is wrong with what the target did."""
    try:
        with time_limit(timeout):
            actual, expected = copy_context().run(program)
            if actual == expected:
                return None
            return Failure(expected=shown(expected), outcome=Returned(shown(actual)))
    except TimedOut:
        return Failure(expected="to return", outcome=Late(timeout))
    except BaseException as error:
        return Failure(expected="no exception", outcome=raised(error))


def _compile(body: str, target: Maker, given: Mapping[str, Any]) -> LawProgram:
    # The name is that of a script, so that classes are made as they are there.
    names: dict[str, Any] = {"__name__": "__main__", "Signal": target.signal, "receiver": target.decorator}
    names.update(asgiref=asgiref, unittest=unittest)
    names.update({module: importlib.import_module(module) for module in MODULES if "." not in module})
    names.update({name: value for name, value in vars(vocabulary).items() if callable(value)})
    names.update(given)
    exec(_compiled(body), names)
    program: LawProgram = names["program"]
    return program


@functools.lru_cache(maxsize=20_000)
def _compiled(body: str) -> types.CodeType:
    return compile("def program():\n" + textwrap.indent(body, "    "), "<law>", "exec")

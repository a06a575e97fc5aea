"""The laws of these parts as text: a law, the words and imports that it uses, and the casts that it draws.

What a law, a word or a kind imports stands at the head of its module, for readers and checkers. A script gets those
lines whose names it uses.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
import types
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from typing import Any

from signalspec.engines.laws import Case, Law, LawProgram
from signalspec.engines.observing import Failure
from signalspec.programs.tables import Table
from signalspec.requests import environment_kinds, kinds, login_kinds, login_vocabulary, vocabulary, world
from signalspec.requests.login_kinds import Users
from signalspec.standard.clauses import load_clauses
from signalspec.targets.target import Target

_SCRIPT = """\
# {slug}: {requirement}

{project}
{program}


{surroundings}try:
    actual, expected = {call}
except BaseException as error:
    actual, expected = error, "no exception"
print("expected:", expected)
print("actual:  ", actual)
raise SystemExit(actual != expected)
"""

TEXTS = (vocabulary, login_vocabulary, kinds, login_kinds, environment_kinds)
"""The modules whose text is that of scripts."""

EXHAUSTIVE = ("order.of-a-request",)
"""The laws that explore every combination of what they draw, however many there are."""

PROCESS_TIMEOUT = 25.0
"""Seconds that a law has which starts another Python: that imports Django, and the machine may be busy."""

USERS = "users"
"""What the cases of the part `auth` say beside the rest: which user model the project has."""


class ProjectLaw(Law):
    """A law that runs in a Django project: this process's, or that of its script."""

    @cached_property
    def tables(self) -> Mapping[str, type[Table]]:
        """The table that each drawn parameter ranges over."""
        users = {USERS: Users} if load_clauses().clause(self.slug).part == "auth" else {}
        return {**super().tables, **users}

    def cases(self, seed: int = 0, capabilities: Collection[str] | None = None) -> Iterator[Case]:
        """Yield combinations of kinds as other laws do; of what explores the whole, all there are."""
        return self.every_case(capabilities) if self.slug in EXHAUSTIVE else super().cases(seed, capabilities)

    def body(self, case: Case) -> str:
        """Return the source of one case: the cast is made, then the law is followed."""
        lines = list(self._cast(case).values())
        statements = self._definition.body
        first, last = statements[0].lineno, statements[-1].end_lineno
        lines.append(textwrap.dedent("\n".join(self.source.splitlines()[first - 1 : last])))
        text = "\n".join(filter(None, lines))
        return f"calls = []\n{text}" if re.search(r"\bcalls\b", text) else text

    def script(
        self, case: Case, target: Target, requirement: str, surroundings: str = "", call: str = "program()"
    ) -> str:
        """Return a script that runs one case with nothing but Django installed."""
        body = "def program():\n" + textwrap.indent(self.body(case), "    ")
        words = words_of(body)
        text = "\n".join([*words, body])
        imports = [statement for name, statement in self._imports.items() if _names_in(text, name)]
        return _SCRIPT.format(
            slug=self.slug,
            requirement=requirement,
            project=world.project(case.get(USERS, "plain")),
            program="\n\n\n".join(["\n".join(sorted(set(imports))), *words, body]).strip(),
            surroundings=surroundings,
            call=call,
        )

    def prepare(self, case: Case, target: Target, given: Mapping[str, Any] | None = None) -> LawProgram:
        """Return one case, ready to be run in the project of this process."""
        names = {**_names(), **_imported(self.function.__module__)}
        exec(compile("def program():\n" + textwrap.indent(self.body(case), "    "), "<law>", "exec"), names)
        program: LawProgram = names["program"]
        return program

    def run(self, case: Case, target: Target, timeout: float) -> Failure | None:
        """Run one case in the project of this process, and say what is wrong with what Django did."""
        return super().run(case, target, max(timeout, PROCESS_TIMEOUT) if "python" in self.declared else timeout)

    @contextmanager
    def lent(self, case: Case, target: Target) -> Iterator[LawProgram]:
        """Lend one case, ready to be run once in the project of this process."""
        with world.restored(case.get(USERS, "plain")):
            yield self.prepare(case, target)

    @property
    def _imports(self) -> Mapping[str, str]:
        modules = (*TEXTS, sys.modules[self.function.__module__])
        return {name: statement for module in modules for name, statement in imports_of(module).items()}


@cache
def imports_of(module: types.ModuleType) -> Mapping[str, str]:
    """Return what a module imports for its texts: for each name the statement, in one line."""
    found = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import):
            found.update({each.asname or each.name: f"import {each.name}" for each in node.names})
        if isinstance(node, ast.ImportFrom) and not str(node.module).startswith(("signalspec", "__future__")):
            for each in node.names:
                alias = f" as {each.asname}" if each.asname else ""
                found[each.asname or each.name] = f"from {node.module} import {each.name}{alias}"
    return {name: found[name] for name in found if "." not in name or found[name].startswith("import")}


def _names_in(text: str, name: str) -> bool:
    """Tell whether a text uses a name, and not as an attribute of something else."""
    return re.search(rf"(?<![.\w]){name}\b", text) is not None


@cache
def words() -> Mapping[str, str]:
    """Return the sources of the words that laws share."""
    return {
        name: inspect.getsource(word)
        for module in (vocabulary, login_vocabulary)
        for name, word in vars(module).items()
        if getattr(word, "__module__", "") == module.__name__
    }


def words_of(text: str) -> list[str]:
    """Return the sources of the words that a text uses, and of those that these use."""
    used: set[str] = set()
    while more := {name for name in words() if name not in used and _names_in(text, name)}:
        used |= more
        text = "\n".join([text, *(words()[name] for name in more)])
    return [source for name, source in words().items() if name in used]


@cache
def _names() -> Mapping[str, Any]:
    """Return the words as they are in the project of this process, and what they and the kinds import."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for module in TEXTS:
        names.update(_imported(module.__name__))
    exec(compile("\n\n".join(words().values()), "<vocabulary>", "exec"), names)
    return names


@cache
def _imported(module: str) -> Mapping[str, Any]:
    names: dict[str, Any] = {}
    for statement in dict.fromkeys(imports_of(sys.modules[module]).values()):
        # An older Django has less.
        with suppress(ImportError):
            exec(statement, names)
    del names["__builtins__"]
    return names

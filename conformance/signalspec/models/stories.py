"""A law about models as a program that runs in the world, and as a script that needs Django alone."""

from __future__ import annotations

import functools
import inspect
import re
import textwrap
import types
from collections.abc import Iterator
from contextlib import contextmanager

from signalspec.engines.laws import Case, Law, LawProgram
from signalspec.laws import vocabulary as general
from signalspec.models import vocabulary
from signalspec.models.fixtures import preamble
from signalspec.models.world import the_world
from signalspec.targets.target import Target

MODULES = (
    "asyncio",
    "contextlib",
    "contextvars",
    "copy",
    "gc",
    "io",
    "json",
    "os",
    "pickle",
    "re",
    "sys",
    "tempfile",
    "threading",
    "types",
    "unittest.mock",
    "warnings",
    "weakref",
)
"""What a law may use of the standard library."""

_SCRIPT = """\
# {slug}: {requirement}

{imports}{preamble}

{helpers}def program():
{body}


{surroundings}try:
    actual, expected = {call}
except Exception as error:
    actual, expected = error, "no exception"
print("expected:", expected)
print("actual:  ", actual)
sys.exit(actual != expected)
"""

WORDS = {
    name: word
    for module in (general, vocabulary)
    for name, word in vars(module).items()
    if isinstance(word, types.FunctionType)
}
"""The words that laws share."""


def words_of(text: str) -> list[str]:
    """Return the sources of the words that `text` uses; a word may use those before it."""
    found: list[str] = []
    for name, word in reversed(WORDS.items()):
        if re.search(rf"\b{name}\b" if name in vars(vocabulary) else rf"\b{name}\(", text):
            found.insert(0, inspect.getsource(word))
            text = found[0] + text
    return found


class ModelLaw(Law):
    """A law whose program runs in the world of this process, and whose script makes what it asks for."""

    def script(
        self, case: Case, target: Target, requirement: str, surroundings: str = "", call: str = "program()"
    ) -> str:
        """Return a script that runs one case with nothing but Django installed."""
        body = self.body(case)
        words = "\n\n".join(words_of(body))
        text = words + body
        imports = [module for module in MODULES if re.search(rf"\b{module}\.", text) and module != "sys"]
        return _SCRIPT.format(
            slug=self.slug,
            requirement=requirement,
            imports="".join(f"import {module}\n" for module in imports),
            preamble=preamble(self.asks_for, target.setup, with_other='"other"' in body),
            helpers=f"\n{words}\n\n" if words else "\n",
            body=textwrap.indent(body, "    "),
            surroundings=surroundings,
            call=call,
        )

    @contextmanager
    def lent(self, case: Case, target: Target) -> Iterator[LawProgram]:
        """Lend one case, ready to be run once in the world."""
        with the_world(target.setup).story() as names:
            given = {**names, **WORDS, **{module.partition(".")[0]: __import__(module) for module in MODULES}}
            exec(_compiled(self.body(case)), given)
            yield given["program"]


@functools.lru_cache(maxsize=2_000)
def _compiled(body: str) -> types.CodeType:
    return compile("def program():\n" + textwrap.indent(body, "    "), "<law>", "exec")

"""The laws: one property a clause, in a module named as the clause's chapter, or as that and a topic: `send_raising`.

A law is a function that drives a fresh signal and returns what it saw and what the clause demands. Its unannotated
parameters are what every law can ask for; each annotated one names a table of `signalspec.programs.kinds`, and the
law is run for every combination of their kinds. The body is executed as the body of a function of its own, with the
drawn objects as local variables, so `del receiver` drops the last reference. The same text is printed as the script
of a finding, which is why a law uses nothing but the standard library and ``vocabulary``.

What a law can ask for, by parameters without an annotation, is in ``laws.fixtures``.

What its statements use besides, such as an argument or a method that not every target has, a law declares in words
of ``laws.uses``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from signalspec.laws.uses import Word

LawFunction = Callable[..., tuple[Any, Any]]
Function = TypeVar("Function", bound=LawFunction)


@dataclass(frozen=True)
class Written:
    """A law as it is written, and what it declares to use."""

    function: LawFunction
    uses: Sequence[Word]


LAWS: dict[str, Written] = {}
"""Every law, by the slug of its clause."""


def law(slug: str, uses: Sequence[Word] = ()) -> Callable[[Function], Function]:
    """Return a decorator that makes a function the law of the clause called `slug`, which uses `uses`."""

    def register(function: Function) -> Function:
        if slug in LAWS:
            raise ValueError(f"{slug} has two laws.")
        LAWS[slug] = Written(function, uses)
        return function

    return register


def modules_of(part: str, chapter: str) -> Iterator[str]:
    """Yield the modules with the laws of a chapter: its own, and one for each topic, CHAPTER_topic."""
    package = import_module(f"{__name__}.{part}")
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        if name.partition("_")[0] == chapter:
            yield f"{package.__name__}.{name}"

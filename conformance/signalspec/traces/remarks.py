"""What the rules of the audit are, what they look at, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources.abc import Traversable

from signalspec.standard.clauses import SpecError, spec_folder
from signalspec.traces.history import History, history_of
from signalspec.traces.source import Source
from signalspec.traces.trace import Place, Trace


@dataclass(frozen=True)
class Rule:
    """A rule as its page in ``spec/audit`` has it: why it is, which clause it rests on, and what to do."""

    id: str
    title: str
    clause: str
    mend: str


@dataclass(frozen=True)
class Remark:
    """Something that a project does, and should not rely on. Without a place it is about what the text names.

    `more` is how many others a rule has of the same line, such as of a loop over signals.
    """

    rule: str
    place: Place | None
    what: str
    test: str | None = None
    more: int = 0

    def __str__(self) -> str:
        return f"{self.place or '-'}: {self.what} [{self.rule}]"


@dataclass(frozen=True)
class Evidence:
    """What rules look at: a trace, what became of its connections, and the project's source."""

    trace: Trace
    source: Source

    @cached_property
    def histories(self) -> Sequence[History]:
        """What became of the connections, process by process."""
        return [history_of(part) for part in self.trace.parts]


Check = Callable[[Evidence], Iterable[Remark]]


@cache
def load_rules() -> dict[str, Rule]:
    """Return the rules, each by its id."""
    pages = sorted(spec_folder().joinpath("audit").iterdir(), key=lambda page: page.name)
    return {page.name.removesuffix(".md"): _read_rule(page) for page in pages if page.name != "README.md"}


def _read_rule(page: Traversable) -> Rule:
    text = page.read_text("utf-8")
    title = re.match(r"# (.+)\n", text)
    clause = re.search(r"^\*Clause:\* `([a-z.-]+)`$", text, re.MULTILINE)
    mend = re.search(r"^\*Instead:\* (.+?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    if title is None or clause is None or mend is None:
        raise SpecError(f"audit/{page.name}: it lacks its title, *Clause:* or *Instead:*.")
    return Rule(page.name.removesuffix(".md"), title[1], clause[1], " ".join(mend[1].split()))

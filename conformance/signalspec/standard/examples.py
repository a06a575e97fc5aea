"""Examples that run as pasted: a clause's own lines behind what they need of the lines that its part begins with."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence, Set

from signalspec.standard.clauses import RELEASES, Clause, Deviation, load_clauses

_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

DJANGO = "from django.dispatch import Signal, receiver\n"

MOST_UNMARKED = 8
"""How many lines may come before an example without saying where it begins."""

BEGINS = "\n# --- The example begins here ---\n"


def as_pasted(clause: Clause, imports: str = DJANGO) -> str | None:
    """Return the example of `clause` as a whole script, or ``None`` where it has none.

    `imports` are the lines that bind ``Signal`` and ``receiver``.
    """
    if clause.example is None:
        return None
    prelude = load_clauses().parts[clause.part].prelude
    return behind(imports + prelude, clause.example)


def behind(prelude: str, example: str) -> str:
    """Return `example` behind what it needs of `prelude`; where that is long, a line says where it begins."""
    before = needed(prelude, example)
    return f"{before}{BEGINS if len(before.splitlines()) > MOST_UNMARKED else ''}{example}"


def example_heading(clause: Clause) -> str:
    """Return what to write above the example of `clause`: where the newest Django does not do what it shows, says so.

    For example ``Example (fails on Django since 6.1):`` or ``Example (holds up to 4.1):``.
    """
    covers, span = load_clauses().parts[clause.part].covers, clause.in_force
    if span.until:
        since = span.since if span.since != covers.since else None
        return f"Example (holds from {since} to {span.until}):" if since else f"Example (holds up to {span.until}):"
    # Of several deviations, the first is the one that lasts longest.
    for deviation in breaking_example(clause):
        if deviation.releases.includes(f"django-{RELEASES[-1]}"):
            since = deviation.releases.since
            on = f"Django since {since}" if since and since != covers.since else "every Django"
            return f"Example (fails on {on}):"
    return "Example:"


def breaking_example(clause: Clause) -> Sequence[Deviation]:
    """Return the deviations with which the example of `clause` fails."""
    found = load_clauses().deviations
    return [each for each in found if each.clause == clause.slug and not each.spares_example]


def needed(prelude: str, example: str) -> str:
    """Return the statements of `prelude` that bind a name which `example`, or one of these statements, uses.

    Where it sets something up, all of its statements count but for imports and definitions. Of classes that refer to
    each other, such as models, there are all or none.
    """
    statements = ast.parse(prelude).body
    sets_up = any(isinstance(each, ast.Expr) for each in statements)
    # What the example defines itself would only hide what is imported by the same name.
    defined = _defined(ast.parse(example))
    used = (_names(ast.parse(example)) - defined) | _related(statements, _words(ast.parse(example)))
    kept: list[str] = []
    for statement in reversed(statements):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            statement.names = [alias for alias in statement.names if _bound_by(alias) in used]
            text = ast.unparse(statement) if statement.names else ""
        else:
            is_needed = not used.isdisjoint(_bound(statement)) or (
                sets_up and not isinstance(statement, _DEFINITIONS)
            )
            text = ast.get_source_segment(prelude, statement) or "" if is_needed else ""
        if text:
            used |= _words(statement) if sets_up else _names(statement)
            kept.insert(0, text)
    return "".join(f"{text}\n" for text in kept)


def _bound(statement: ast.stmt) -> set[str]:
    name = getattr(statement, "name", None)
    return _names(statement, ast.Store) if name is None else {name}


def _defined(tree: ast.Module) -> set[str]:
    """Return the names that a program defines, and that it does not use as decorators before."""
    definitions = [each for each in tree.body if isinstance(each, _DEFINITIONS)]
    decorators = {name for each in definitions for decorator in each.decorator_list for name in _names(decorator)}
    return {each.name for each in definitions} - decorators


def _related(statements: Sequence[ast.stmt], words: Set[str]) -> set[str]:
    """Return the classes that these words name, and those that are connected with one of them in either direction."""
    classes = {each.name: _words(each) for each in statements if isinstance(each, ast.ClassDef)}
    found: set[str] = set()
    due = [*(classes.keys() & words)]
    while due:
        name = due.pop()
        found.add(name)
        due += [each for each in classes if each not in found and (each in classes[name] or name in classes[each])]
    return found


def _words(tree: ast.AST) -> set[str]:
    """Return the names, and the words of the strings, which may name a model."""
    constants = (
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return _names(tree) | {word for text in constants if isinstance(text, str) for word in re.findall(r"\w+", text)}


def _bound_by(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _names(tree: ast.AST, context: type[ast.expr_context] | None = None) -> set[str]:
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {node.id for node in names if context is None or isinstance(node.ctx, context)}

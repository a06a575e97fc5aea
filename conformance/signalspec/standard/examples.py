"""Examples that run as pasted: a clause's own lines behind what they need of the lines that its part begins with."""

from __future__ import annotations

import ast

from signalspec.standard.clauses import Clause, load_clauses

DJANGO = "from django.dispatch import Signal, receiver\n"


def as_pasted(clause: Clause, imports: str = DJANGO) -> str | None:
    """Return the example of `clause` as a whole script, or ``None`` where it has none.

    `imports` are the lines that bind ``Signal`` and ``receiver``.
    """
    if clause.example is None:
        return None
    prelude = load_clauses().parts[clause.part].prelude
    if not any(isinstance(statement, ast.Expr) for statement in ast.parse(prelude).body):
        return needed(imports + prelude, clause.example) + clause.example
    # What sets up a project does more than bind names.
    return needed(imports, prelude + clause.example) + prelude + clause.example


def needed(prelude: str, example: str) -> str:
    """Return the statements of `prelude` that bind a name which `example`, or one of these statements, uses."""
    used = _names(ast.parse(example))
    kept: list[str] = []
    for statement in reversed(ast.parse(prelude).body):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            statement.names = [alias for alias in statement.names if _bound_by(alias) in used]
            text = ast.unparse(statement) if statement.names else ""
        else:
            bound = _names(statement, ast.Store) | {getattr(statement, "name", "")}
            text = ast.get_source_segment(prelude, statement) or "" if bound & used or not any(bound) else ""
        if text:
            used |= _names(statement)
            kept.insert(0, text)
    return "".join(f"{text}\n" for text in kept)


def _bound_by(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _names(tree: ast.AST, context: type[ast.expr_context] | None = None) -> set[str]:
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {node.id for node in names if context is None or isinstance(node.ctx, context)}

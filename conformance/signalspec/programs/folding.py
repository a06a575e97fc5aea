"""Scripts as a person writes them: what a case has drawn is folded into the text where it is used.

The text of a law is written for every case: `send(signal, sender)`, `Signal(**caching)`. That of one case says
`signal.send(sender)` and `Signal(use_caching=True)`. Each step replaces a piece of text by what it amounts to, and
leaves the rest as it stands; what cannot be folded keeps its definition.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

MOST_STEPS = 200
"""How many pieces are replaced at the most: each step makes the text simpler, so this is not reached."""

_METHOD = re.compile(r"lambda signal, \*args, \*\*named: signal\.(\w+)\(\*args, \*\*named\)")
_RUN_METHOD = re.compile(r"lambda signal, \*args, \*\*named: run\(lambda: signal\.(\w+)\(\*args, \*\*named\)\)")


class _Edit(NamedTuple):
    """A piece of a text, given by its nodes' places, and what is to stand there."""

    start: int
    end: int
    text: str


def fold(definitions: Mapping[str, str], body: str) -> str:
    """Return the `definitions`, sources by the name that each makes, and the `body` that uses them, as one text."""
    settled = _settled(body)
    known = {
        name: expression
        for name, source in definitions.items()
        if name not in settled and (expression := _expression(name, source)) is not None
    }
    for _ in range(MOST_STEPS):
        edit = next(_edits(body, known), None)
        if edit is None:
            break
        body = (body.encode()[: edit.start] + edit.text.encode() + body.encode()[edit.end :]).decode()
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    kept = {name: source for name, source in definitions.items() if name not in known or name in used}
    return "\n".join([*(_defined(name, source, known.get(name)) for name, source in kept.items()), body])


def _defined(name: str, source: str, made: ast.expr | None) -> str:
    """Return the definition of what could not be folded everywhere."""
    if not isinstance(made, ast.Lambda):
        return source
    return f"def {name}({ast.unparse(made.args)}):\n    return {ast.unparse(made.body)}"


def _expression(name: str, source: str) -> ast.expr | None:
    """Return what `source` gives to `name` in a single assignment, if it is one that can be folded."""
    match ast.parse(source).body:
        case [ast.Assign(targets=[ast.Name(id=target)], value=value)] if target == name:
            simple = isinstance(value, ast.Constant | ast.Lambda)
            return value if simple or (isinstance(value, ast.Dict) and _is_plain(value)) else None
    return None


def _is_plain(display: ast.Dict) -> bool:
    return all(isinstance(key, ast.Constant) and str(key.value).isidentifier() for key in display.keys)


def _settled(body: str) -> set[str]:
    """Return the names that must stay: the text gives them another meaning somewhere, or asks for their identity."""
    nodes = list(ast.walk(ast.parse(body)))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    compared = (
        {node.left, *node.comparators}
        for node in nodes
        if isinstance(node, ast.Compare) and any(isinstance(each, ast.Is | ast.IsNot) for each in node.ops)
    )
    names |= {each.id for sides in compared for each in sides if isinstance(each, ast.Name)}
    return names | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _edits(body: str, known: Mapping[str, ast.expr]) -> Iterator[_Edit]:
    """Yield what can be simplified."""
    lines = [0]
    for line in body.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))

    def start(node: ast.expr | ast.keyword) -> int:
        return lines[node.lineno - 1] + node.col_offset

    def end(node: ast.expr | ast.keyword) -> int:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return lines[node.end_lineno - 1] + node.end_col_offset

    def text(node: ast.expr | ast.keyword) -> str:
        return body.encode()[start(node) : end(node)].decode()

    for node in ast.walk(ast.parse(body)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if method := _method(known.get(name)):
                call = f"{text(first)}.{method[0]}({_rest(node, text)})"
                yield _Edit(start(node), end(node), f"run(lambda: {call})" if method[1] else call)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if (
                isinstance(made := known.get(name), ast.Lambda)
                and len(made.args.args) == len(arguments)
                and not (made.args.vararg or made.args.kwarg or made.args.kwonlyargs)
            ):
                given = {each.arg: text(value) for each, value in zip(made.args.args, arguments, strict=True)}
                yield _Edit(start(node), end(node), _substituted(made.body, given))
            case ast.Call(func=func, args=arguments, keywords=keywords):
                for each, following in itertools.pairwise(arguments):
                    method = _method(known.get(each.id)) if isinstance(each, ast.Name) else None
                    if method and not method[1] and text(func) in ("heard", "functools.partial"):
                        yield _Edit(start(each), end(following), f"{text(following)}.{method[0]}")
                    elif method and method[1] and text(func) == "heard":
                        rest = ", ".join(map(text, arguments[arguments.index(following) + 1 :]))
                        call = f"lambda: run(lambda: {text(following)}.{method[0]}({rest}))"
                        yield _Edit(start(each), end(arguments[-1]), call)
                for keyword in keywords:
                    value = keyword.value
                    display = known.get(value.id) if isinstance(value, ast.Name) else value
                    if keyword.arg is None and isinstance(display, ast.Dict) and _is_plain(display):
                        yield _flattened(body, start(keyword), end(keyword), display)
            case ast.Name(id=name, ctx=ast.Load()) if isinstance(made := known.get(name), ast.Constant):
                yield _Edit(start(node), end(node), ast.unparse(made))


def _method(made: ast.expr | None) -> tuple[str, bool] | None:
    """Return the method that a send calls, and whether it has to be run in an event loop; ``None`` for all else."""
    source = ast.unparse(made) if isinstance(made, ast.Lambda) else ""
    for pattern, runs in ((_METHOD, False), (_RUN_METHOD, True)):
        if found := pattern.fullmatch(source):
            return found[1], runs
    return None


def _rest(call: ast.Call, text: object) -> str:
    assert callable(text)
    return ", ".join(map(text, [*call.args[1:], *call.keywords]))


def _substituted(body: ast.expr, given: Mapping[str, str]) -> str:
    class Substitute(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.parse(given[node.id], mode="eval").body if node.id in given else node

    return ast.unparse(Substitute().visit(ast.parse(ast.unparse(body), mode="eval").body)).replace("'", '"')


def _flattened(body: str, start: int, end: int, display: ast.Dict) -> _Edit:
    """Return the edit that writes a dictionary of keywords as such; an empty one goes with its comma."""
    pairs = zip(display.keys, display.values, strict=True)
    named = ", ".join(
        f"{key.value}={ast.unparse(value)}"
        for key, value in pairs
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ).replace("'", '"')
    if not named:
        before = re.search(rb",\s*$", body.encode()[:start])
        after = re.match(rb"\s*,\s*", body.encode()[end:])
        if before:
            start = before.start()
        elif after:
            end += after.end()
    return _Edit(start, end, named)

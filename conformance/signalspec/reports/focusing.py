"""Two long values, told by where they differ: what is alike in both is left out."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from difflib import SequenceMatcher

ALIKE = "…"
"""What stands for what is alike."""

_BEFORE = 40
"""How many characters of what is alike are kept before the first that differs, in values that are no literals."""

SHORT = 90
"""Of how many characters a value is at the most that is told in full."""


def focused(one: str, other: str) -> tuple[str, str]:
    """Return two values' texts without what they have in common, so that a reader sees in what they differ."""
    try:
        trees = [ast.parse(each, mode="eval").body for each in (one, other)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _by_characters(one, other)
    return _differing(*trees)


def _by_characters(one: str, other: str) -> tuple[str, str]:
    alike = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    begin = one.rfind(" ", 0, max(0, alike - _BEFORE)) + 1
    return (f"{ALIKE} {one[begin:]}", f"{ALIKE} {other[begin:]}") if begin else (one, other)


def _differing(one: ast.expr, other: ast.expr) -> tuple[str, str]:
    texts = ast.unparse(one), ast.unparse(other)
    if max(map(len, texts)) <= SHORT:
        return texts
    if isinstance(one, ast.Dict) and isinstance(other, ast.Dict):
        return _of_dictionaries(one, other)
    if isinstance(one, ast.List) and isinstance(other, ast.List):
        first, second = _of_sequences(one.elts, other.elts)
        return f"[{first}]", f"[{second}]"
    if isinstance(one, ast.Tuple) and isinstance(other, ast.Tuple):
        first, second = _of_sequences(one.elts, other.elts)
        return f"({first})", f"({second})"
    return texts


def _of_sequences(one: Sequence[ast.expr], other: Sequence[ast.expr]) -> tuple[str, str]:
    keys = [[ast.dump(each) for each in of] for of in (one, other)]
    first: list[str] = []
    second: list[str] = []
    for what, a, b, c, d in SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes():
        if what == "equal":
            first.append(ALIKE)
            second.append(ALIKE)
        elif b - a == d - c:
            pairs = [_differing(*pair) for pair in zip(one[a:b], other[c:d], strict=True)]
            first += [pair[0] for pair in pairs]
            second += [pair[1] for pair in pairs]
        else:
            first += map(ast.unparse, one[a:b])
            second += map(ast.unparse, other[c:d])
    return _joined(first), _joined(second)


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(part for i, part in enumerate(parts) if part != ALIKE or parts[i - 1 : i] != [ALIKE])


def _of_dictionaries(one: ast.Dict, other: ast.Dict) -> tuple[str, str]:
    first, second = (
        {ast.unparse(key): value for key, value in zip(each.keys, each.values, strict=True) if key}
        for each in (one, other)
    )
    alike = {key for key in first.keys() & second.keys() if ast.dump(first[key]) == ast.dump(second[key])}
    pairs = {key: _differing(first[key], second[key]) for key in (first.keys() & second.keys()) - alike}

    def told(values: dict[str, ast.expr], side: int) -> str:
        said = [
            f"{key}: {pairs[key][side] if key in pairs else ast.unparse(values[key])}"
            for key in values
            if key not in alike
        ]
        return f"{{{', '.join([*said, *([ALIKE] if alike else [])])}}}"

    return told(first, 0), told(second, 1)

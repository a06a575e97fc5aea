"""What the source alone shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from signalspec.traces.remarks import Evidence, Remark
from signalspec.traces.source import name_of, names_in
from signalspec.traces.trace import Place, Signal

PRIVATE_NAMES = {"_make_id", "NO_RECEIVERS", "NONE_ID", "_run_parallel", "_restore_context"}
PRIVATE_METHODS = {
    *("_live_receivers", "_clear_dead_receivers", "_remove_receiver", "_flag_dead_receivers", "_dead_receivers"),
    *("sender_receivers_cache", "_log_robust_failure"),
}
PRIVATE_ATTRIBUTES = {"receivers", "lock"}
LIKELY = ("signal", "sig")
"""What code calls a signal that it is given."""

LISTS = (ast.List, ast.Tuple, ast.Set, ast.ListComp)


def providing_args(evidence: Evidence) -> Iterator[Remark]:
    """Yield each signal that is made with a list of arguments, which is now taken for `use_caching`."""
    for file, tree in evidence.source.trees.items():
        if not _imports_signal(tree):
            continue
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and name_of(call.func) in ("Signal", "ModelSignal"):
                if call.args and isinstance(call.args[0], LISTS):
                    what = "from Django 4.0 on this list turns caching on: it is taken for `use_caching`"
                    yield Remark("providing-args", Place(file, call.lineno), what)
                elif any(keyword.arg == "providing_args" for keyword in call.keywords):
                    what = "from Django 4.0 on `Signal` refuses `providing_args`"
                    yield Remark("providing-args", Place(file, call.lineno), what)


def order_of_a_set(evidence: Evidence) -> Iterator[Remark]:
    """Yield each loop over a set that connects several receivers."""
    for file, tree in evidence.source.trees.items():
        sets = _names_of_sets(tree)
        for loop in ast.walk(tree):
            if isinstance(loop, ast.For) and (_is_set(loop.iter) or name_of(loop.iter) in sets):
                variables = names_in(loop.target)
                for call in ast.walk(loop):
                    if _connects(call) and variables & names_in(_receiver(call)):
                        what = "the order of these receivers is that of a set, which changes from process to process"
                        yield Remark("order-of-a-set", Place(file, loop.lineno), what)
                        break


def private_interface(evidence: Evidence) -> Iterator[Remark]:
    """Yield each function, class or line of a module that uses what is private to Django's dispatcher."""
    known = {signal.name for signal in _signals(evidence)}
    for file, tree in evidence.source.trees.items():
        signals = _imported(tree, known) | _made(tree)
        for statement in tree.body:
            uses = [
                (line, what)
                for line, what in sorted(_private_uses(statement, signals))
                if not evidence.source.ignores(Place(file, line), "private-interface")
            ]
            if uses:
                *firsts, last = dict.fromkeys(f"`{what}`" for _, what in uses)
                what = f"this uses {', '.join(firsts)}{' and ' if firsts else ''}{last}, private to the dispatcher"
                yield Remark("private-interface", Place(file, uses[0][0]), what)


def _private_uses(statement: ast.stmt, signals: set[str]) -> Iterator[tuple[int, str]]:
    nodes = list(ast.walk(statement))
    is_sure = any(isinstance(node, ast.Attribute) and node.attr in PRIVATE_METHODS for node in nodes)
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "django.dispatch.dispatcher":
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in PRIVATE_NAMES)
        elif isinstance(node, ast.Attribute):
            of = name_of(node.value)
            is_signal = of in signals or _is_of_signals(node.value) or (is_sure and of in LIKELY)
            is_receivers = node.attr == "receivers" and of in LIKELY
            if node.attr in PRIVATE_METHODS or is_receivers or (node.attr in PRIVATE_ATTRIBUTES and is_signal):
                yield node.lineno, node.attr


def _is_of_signals(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and name_of(node.value) == "signals"


def _imported(tree: ast.Module, known: set[str]) -> set[str]:
    """Return the names by which a module imports signals of these names."""
    last = {name.rpartition(".")[2] for name in known}
    found: set[str] = set()
    for node in (each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)):
        for alias in node.names:
            if alias.name == "*":
                found.update(name.rpartition(".")[2] for name in known if name.rpartition(".")[0] == node.module)
            elif alias.name in last:
                found.add(alias.asname or alias.name)
    return found


def _made(tree: ast.Module) -> set[str]:
    """Return the names of the module that are bound to a new signal."""
    return {
        name_of(target)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if name_of(node.value.func) in ("Signal", "ModelSignal")
        for target in node.targets
    } - {""}


def _signals(evidence: Evidence) -> set[Signal]:
    return {sent.shape.signal for sent in evidence.trace.dispatches} | {
        connect.signal for history in evidence.histories for connect in history.connects
    }


def _imports_signal(tree: ast.Module) -> bool:
    return any(
        (
            isinstance(node, ast.ImportFrom)
            and node.module in ("django.dispatch", "django.dispatch.dispatcher", "django.db.models.signals")
        )
        or (isinstance(node, ast.Import) and any(alias.name.startswith("django.dispatch") for alias in node.names))
        for node in ast.walk(tree)
    )


def _is_set(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return name_of(node.func) in ("set", "frozenset")
    return isinstance(node, ast.Set | ast.SetComp)


def _names_of_sets(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    others: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                (found if _is_set(node.value) else others).add(name_of(target))
    return found - others - {""}


def _connects(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect"


def _receiver(call: ast.AST) -> ast.AST:
    assert isinstance(call, ast.Call)
    named = [keyword.value for keyword in call.keywords if keyword.arg == "receiver"]
    return next(iter([*call.args, *named]), call.func)

"""What a target claims to have: what can be seen of it, and what it says about itself.

A target that says nothing is held to all that is seen, and to what every signal has unless its author declines it. It
says so in an attribute of what makes its signals, a class or a factory, for which it has to import nothing:

    class Signal:
        signalspec_claims = {"order": False, "async": True}
"""

from __future__ import annotations

import ast
import asyncio
import importlib.util
import inspect
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from signalspec.standard.clauses import Capability, load_clauses

ATTRIBUTE = "signalspec_claims"
"""The attribute in which what makes signals says what it claims."""

METHODS = ("connect", "disconnect", "has_listeners", "send", "send_robust")

ASYNCHRONOUS_METHODS = ("asend", "asend_robust")

SENDS = ("send", "send_robust", *ASYNCHRONOUS_METHODS)

CAPABILITY_OF: Mapping[str, str] = {"has_listeners": "listeners", "send_robust": "robust", "asend_robust": "robust"}
"""The capabilities that are methods."""

SETTINGS = frozenset({"django.conf", "django.conf.settings", "django.conf.*"})
"""The names by which Django's settings are imported."""

LOGGER = "the logger django.dispatch"


class ClaimError(Exception):
    """What a target says about itself makes no sense; the message is the end of a sentence for its author."""


def declared_by(factory: Any) -> Mapping[str, bool]:
    """Return what the maker of signals says about itself; raise `ClaimError` where that makes no sense."""
    declared = getattr(factory, ATTRIBUTE, {})
    if not isinstance(declared, Mapping) or not all(isinstance(claimed, bool) for claimed in declared.values()):
        raise ClaimError(f"{ATTRIBUTE} maps the names of capabilities to True or False, and {declared!r} does not")
    known = load_clauses().capabilities
    for name, claimed in declared.items():
        if name not in known:
            raise ClaimError(f"{ATTRIBUTE} names {name!r}, and the capabilities are {', '.join(known)}")
        if claimed and known[name].claimed == "by Python":
            raise ClaimError(f"{ATTRIBUTE} claims {name!r}, which is up to Python")
        for other in known[name].implies if claimed else ():
            if declared.get(other) is False:
                raise ClaimError(f"{ATTRIBUTE} claims {name!r}, which implies {other!r}, and declines that")
    return dict(declared)


def settle(declared: Mapping[str, bool], found: Collection[str]) -> frozenset[str]:
    """Return the capabilities that a target is held to: who claims what it has not is not believed, but checked."""
    known = load_clauses().capabilities
    claimed = {name for name, says in declared.items() if says}
    claimed |= {implied for name in claimed for implied in known[name].implies}
    claimed |= {name for name, each in known.items() if each.claimed == "unless declined"}
    claimed |= set(found)
    claimed -= {name for name, says in declared.items() if not says}
    return frozenset(name for name in claimed if _is_whole(known[name], claimed))


def _is_whole(capability: Capability, claimed: Collection[str]) -> bool:
    return all(implied in claimed for implied in capability.implies)


def undeclared(methods: Iterable[str], declared: Mapping[str, bool]) -> list[str]:
    """Return those of `methods` without which it is no signal: all of which the target does not say itself whether it
    has them.
    """
    return [method for method in methods if CAPABILITY_OF.get(method) not in declared]


def found_in(
    module: ModuleType, signal: Any, decorator: Any, made: Any, declared: Mapping[str, bool]
) -> Iterator[str]:
    """Yield the capabilities that a target is seen to have, whose `module` has `signal`, which `made` a signal."""
    if all(callable(getattr(made, method, None)) for method in undeclared(ASYNCHRONOUS_METHODS, declared)):
        yield "async"
    if hasattr(asyncio, "eager_task_factory"):
        yield "eager-tasks"
    if isinstance(signal, type):
        yield "subclassing"
    if len({_owner(type(made), method) for method in SENDS}) > 1:
        yield "overriding"
    if callable(decorator):
        yield "decorator"
    if all(hasattr(getattr(made, method), "__code__") for method in undeclared(METHODS, declared)):
        yield "threads"
    parameters = _parameters(signal)
    if any(p.name == "providing_args" for p in parameters):
        yield "providing-args"
    if any(p.name == "use_caching" or p.kind is p.VAR_KEYWORD for p in parameters):
        yield "caching"
    if any(p.name == "weak" for p in _parameters(made.disconnect)):
        yield "disconnect-weak"
    # Whoever takes Django's settings or logger into use has made them part of what users see, and is held to it
    # without having to say so.
    modules = {module, *(sys.modules.get(base.__module__) for base in type(made).__mro__)}
    uses = {use for part in modules if part is not None for use in _used_by(part)}
    reads_settings = not uses.isdisjoint(SETTINGS) or any(use.startswith("django.utils.inspect") for use in uses)
    if reads_settings or LOGGER in uses:
        yield "logging"
    if any(use.startswith("asgiref.") for use in uses):
        yield "asgiref"
    if reads_settings and importlib.util.find_spec("django"):
        yield "debug"


def _used_by(module: ModuleType) -> Iterator[str]:
    """Yield what a module imports anywhere in it, or looks up among the modules, and `LOGGER` where it gets that."""
    for node in ast.walk(_tree(module)):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(origin), names=names):
                yield from (f"{origin}.{each.name}" for each in names)
            case ast.Subscript(slice=ast.Constant(value=str(text))):
                yield text
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(text))]):
                yield LOGGER if (name, text) == ("getLogger", "django.dispatch") else text


def _owner(class_: type, method: str) -> type | None:
    return next((each for each in class_.__mro__ if method in vars(each)), None)


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def _tree(module: ModuleType) -> ast.Module:
    try:
        return ast.parse(inspect.getsource(module))
    except (OSError, TypeError, SyntaxError):
        # It is not written in Python, or came without its source.
        return ast.Module([], [])

"""What processes tell one another: values of declared types, written as JSON and read back with every part checked.

What comes from a process in which a target runs may be anything. It is read as the form that is expected, which names
dataclasses, named tuples and plain data, and what does not have it is refused; nothing in it is ever executed.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


class FormError(Exception):
    """What was read does not have the form that is expected."""


def to_data(value: Any) -> Any:
    """Return `value` as JSON-ready data: a dataclass or named tuple as an object that begins with its name."""
    kind = type(value)
    if (names := _fields(kind)) is not None:
        return {"is": kind.__name__, **{name: to_data(getattr(value, name)) for name in names}}
    if isinstance(value, Mapping):
        return {key: to_data(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(to_data, value))
    if isinstance(value, tuple | list):
        return [to_data(each) for each in value]
    return value


def from_data(form: Any, data: Any) -> Any:
    """Return the value of the type `form` that `data` stands for; raise `FormError` where it stands for none."""
    origin, arguments = get_origin(form), get_args(form)
    if form is Any:
        return data
    if origin is Literal:
        return _demand(data in arguments and isinstance(data, str), data, form)
    if origin in (Union, types.UnionType):
        return _one_of(arguments, data)
    if (names := _fields(form)) is not None:
        _demand(isinstance(data, dict) and data.keys() == {"is", *names} and data["is"] == form.__name__, data, form)
        return form(**{name: from_data(part, data[name]) for name, part in _hints(form).items() if name in names})
    if origin is not None and issubclass(origin, Mapping):
        _demand(isinstance(data, dict), data, form)
        return {key: from_data(arguments[1], each) for key, each in data.items()}
    if origin is not None and issubclass(origin, Sequence | set | frozenset):
        return _several(origin, arguments, data, form)
    if form is float:
        return float(_demand(type(data) in (int, float), data, form))
    return _demand(type(data) is form, data, form)


def _several(origin: Any, arguments: tuple[Any, ...], data: Any, form: Any) -> Any:
    _demand(isinstance(data, list), data, form)
    made = origin if origin in (set, frozenset, list) else tuple
    if origin is tuple and arguments[1:] != (...,):
        _demand(len(data) == len(arguments), data, form)
        return tuple(from_data(part, each) for part, each in zip(arguments, data, strict=True))
    return made(from_data(arguments[0], each) for each in data)


def _one_of(forms: tuple[Any, ...], data: Any) -> Any:
    for form in forms:
        try:
            return from_data(form, data)
        except FormError:
            continue
    raise FormError(f"{str(data)[:200]!r} has none of the forms that are expected")


def _demand(holds: bool, data: Any, form: Any) -> Any:
    if not holds:
        raise FormError(f"{str(data)[:200]!r} is no {getattr(form, '__name__', form)}")
    return data


def _fields(kind: Any) -> tuple[str, ...] | None:
    if isinstance(kind, type) and is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return getattr(kind, "_fields", None)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)

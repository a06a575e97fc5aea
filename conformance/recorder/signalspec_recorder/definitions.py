"""Numbers for the names that a part uses; each is defined by a row before a row uses it."""

from __future__ import annotations

import sys
from itertools import count
from types import CodeType, FrameType, MethodType, TracebackType
from typing import Any, Callable, Mapping, Sequence

from . import names
from .identities import ByIdentity
from .places import Project

MOST_SHAPES = 20_000
LONGEST_LIST = 50
NOBODY = -1
TOLD = frozenset({"action", "using", "update_fields", "pk_set"})
"""The arguments of which more is told than their type."""
CO_COROUTINE = 0x80
METHODS = ("connect", "disconnect", "send", "send_robust", "asend", "asend_robust")

Write = Callable[[Mapping[str, Any]], None]


class Definitions:
    """Defines names in one part, through `write`.

    `parent` has those of the process that this one was forked from, whose receivers are connected here, too.
    """

    def __init__(
        self, write: Write, project: Project, signal_names: names.SignalNames, parent: Definitions | None = None
    ) -> None:
        self._write = write
        self._project = project
        self._signal_names = signal_names
        self._numbers: dict[object, int] = {}
        self._signals: ByIdentity[int] = ByIdentity()
        self._senders: ByIdentity[int] = ByIdentity()
        self._functions: ByIdentity[int] = ByIdentity()
        self._methods: ByIdentity[ByIdentity[int]] = ByIdentity()
        self._types: ByIdentity[str] = ByIdentity()
        self._receivers: dict[object, Mapping[str, Any]] = parent._receivers if parent else {}
        self._by_code: dict[tuple[str, int, str], set[object]] = parent._by_code if parent else {}
        self._shapes: dict[object, bytes] = {}
        self._shape_numbers = count()

    def signal(self, signal: object, frame: Callable[[], FrameType | None]) -> int:
        """Return the number of a signal, which is named after `frame()` if no module holds it."""
        number = self._signals.values.get(id(signal))
        if number is None:
            kind = type(signal)
            name = self._signal_names.name(signal, frame())
            row: dict[str, Any] = {"name": name, "class": names.type_name(kind), **self._own(name)}
            caching = getattr(signal, "use_caching", False)
            if caching is not False:
                row["caching"] = names.type_name(type(caching))
            overrides = [method for method in METHODS if _defines_anew(kind, method)]
            if overrides:
                row["overrides"] = overrides
            number = self._define("signal", object(), row)
            self._signals.set(signal, number)
        return number

    def receiver(self, receiver: object) -> int:
        """Return the number of a receiver's name, which other objects may share."""
        if type(receiver) is MethodType:
            return self._method(receiver)
        known = self._functions.values.get(id(receiver))
        if known is None:
            known = self._define_receiver(receiver)
            self._functions.set(receiver, known)
        return known

    def _method(self, method: MethodType) -> int:
        # A method is made anew each time; its function and the class of what it is bound to are all that names it.
        owner = method.__self__
        kind = owner if names.is_class(owner) else type(owner)
        of_function = self._methods.get(method.__func__)
        if of_function is None:
            of_function = ByIdentity()
            self._methods.set(method.__func__, of_function)
        known = of_function.get(kind)
        if known is None:
            known = self._define_receiver(method)
            of_function.set(kind, known)
        return known

    def _define_receiver(self, receiver: object) -> int:
        code = names.code_of(names.unwrapped(receiver))
        place = self._project.place(code) if code else None
        name, kind = names.receiver_name(receiver), names.receiver_kind(receiver)
        own = {"at": place, "own": True} if place else self._own(name)
        row = {"name": name, "kind": kind, **own}
        called = names.code_of(receiver)
        if called is not None and called.co_flags & CO_COROUTINE:
            row["async"] = True
        key = (name, kind, place)
        self._receivers[key] = row
        for each in (code, called):
            if each is not None:
                self._by_code.setdefault(_key(each), set()).add(key)
        return self._define("receiver", key, row)

    def sender(self, sender: object) -> int:
        """Return the number of a sender's name; that of `None` is -1."""
        if sender is None:
            return NOBODY
        known = self._senders.values.get(id(sender))
        if known is not None:
            return known
        name = names.sender_name(sender)
        if not names.is_class(sender):
            return self._define("sender", name, {"name": name, **self._own(name)})
        # A migration makes classes all the time, which are alike: only the first of them is defined.
        model = _model(sender)
        key = (name, repr(model))
        number = self._numbers.get(("sender", key))
        if number is None:
            number = self._define("sender", key, {"name": name, **model, **self._own(name)})
        self._senders.set(sender, number)
        return number

    def sender_classes(self) -> list[tuple[type, int]]:
        """Return the senders that are classes and live, with their numbers."""
        return self._senders.living()

    def sent(
        self,
        how: str,
        signal: object,
        frame: Callable[[], FrameType | None],
        sender: object,
        named: Mapping[str, object],
        pairs: Sequence[tuple[object, object]],
        raised: tuple[str, int | None] | None,
        atomic: bool | None,
        equal: bool,
    ) -> bytes:
        """Return the beginning of the row of a dispatch, which has the number of its shape."""
        known = self._types.values.get
        # What is known is looked up here and not by the methods: this is done for each dispatch.
        kinds = tuple(
            [
                "None"
                if value is None
                else (None if name in TOLD else known(id(type(value)))) or self.argument(name, value)
                for name, value in named.items()
            ]
        )
        receivers = tuple([(self.receiver(receiver), self.kind(value)) for receiver, value in pairs]) if pairs else ()
        what = self._signals.values.get(id(signal))
        if what is None:
            what = self.signal(signal, frame)
        whose = self._senders.values.get(id(sender))
        if whose is None:
            whose = self.sender(sender)
        key = (how, what, whose, tuple(named), kinds, receivers, raised, atomic, equal)
        row = self._shapes.get(key)
        if row is not None:
            return row
        if len(self._shapes) >= MOST_SHAPES:
            self._shapes.clear()
        number = next(self._shape_numbers)
        shape: dict[str, Any] = {"signal": what, "sender": whose, "arguments": dict(zip(named, kinds))}
        if how != "send":
            shape["how"] = how
        if atomic is not None:
            shape["atomic"] = atomic
        optional = {"receivers": receivers, "raised": raised, "equal": equal}
        self._write({"shape": number, **shape, **{name: value for name, value in optional.items() if value}})
        row = self._shapes[key] = b'{"sent":%d' % number
        return row

    def kind(self, value: object) -> str:
        """Return the type of a value, or the value where that is one of `None`, `True` and `False`."""
        if value is None:
            return "None"
        kind = type(value)
        if kind is bool:
            return "True" if value else "False"
        name = self._types.values.get(id(kind))
        if name is None:
            name = names.type_name(kind)
            self._types.set(kind, name)
        return name

    def argument(self, name: str, value: object) -> str:
        """Return what is said of an argument: see the schema."""
        if name not in TOLD:
            return self.kind(value)
        if type(value) is str and name in ("action", "using"):
            return repr(value[: names.LONGEST])
        if type(value) in (frozenset, set, list, tuple) and name == "update_fields":
            fields = [field if type(field) is str else self.kind(field) for field in value]  # type: ignore[attr-defined]
            return f"{type(value).__name__} {sorted(fields)[:LONGEST_LIST]}"
        if type(value) in (frozenset, set, list, tuple) and name == "pk_set":
            return f"{type(value).__name__} of {len(value)}"  # type: ignore[arg-type]
        return self.kind(value)

    def raiser(self, traceback: TracebackType | None, dispatcher: str) -> int | None:
        """Return the receiver that an exception comes from: the first behind the file `dispatcher`, if known."""
        codes: list[CodeType] = []
        has_passed = False
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename == dispatcher:
                has_passed = True
            elif has_passed:
                codes.append(code)
            traceback = traceback.tb_next
        return self._receiver_among(codes)

    def running(self, frame: FrameType | None, dispatcher: str) -> int | None:
        """Return the receiver that led to `frame`: the last that the file `dispatcher` called, if known."""
        codes: list[CodeType] = []
        while frame is not None and frame.f_code.co_filename == dispatcher:
            frame = frame.f_back
        while frame is not None and frame.f_code.co_filename != dispatcher:
            codes.append(frame.f_code)
            frame = frame.f_back
        return self._receiver_among(codes[::-1])

    def _receiver_among(self, codes: list[CodeType]) -> int | None:
        # What one decorator made runs the same code: then what it calls tells which receiver it is, or nobody can.
        candidates: set[object] = set()
        for code in codes:
            known = self._by_code.get(_key(code))
            if known:
                candidates = (candidates & known) or candidates or known
                if len(candidates) == 1:
                    [key] = candidates
                    return self._define("receiver", key, self._receivers[key])
        return None

    def _own(self, name: str) -> dict[str, bool]:
        # The longest part of the name that is a module tells whose it is.
        module = name
        while module and module not in sys.modules:
            module = module.rpartition(".")[0]
        file = getattr(sys.modules.get(module), "__file__", None)
        return {"own": True} if isinstance(file, str) and self._project.file(file) else {}

    def _define(self, what: str, key: object, row: Mapping[str, Any]) -> int:
        known = self._numbers.get((what, key))
        if known is None:
            known = self._numbers[what, key] = len(self._numbers)
            self._write({what: known, **row})
        return known


def _key(code: CodeType) -> tuple[str, int, str]:
    return code.co_filename, code.co_firstlineno, code.co_name


def _defines_anew(kind: type, method: str) -> bool:
    first = next((base for base in kind.__mro__ if method in base.__dict__), None)
    return first is not None and not first.__module__.startswith("django.")


def _model(kind: object) -> dict[str, Any]:
    meta = names.contents_of_class(kind).get("_meta")
    if getattr(meta, "model", None) is not kind or not hasattr(meta, "label_lower"):
        return {}
    model: dict[str, Any] = {"label": meta.label_lower}
    model.update({name: True for name in ("abstract", "proxy", "auto_created", "swapped") if getattr(meta, name)})
    if meta.proxy and meta.concrete_model is not None:
        model["concrete"] = names.sender_name(meta.concrete_model)
    parents = [names.sender_name(parent) for parent in meta.parents if parent is not None]
    if parents:
        model["parents"] = parents
    return {"model": model}


def through_models(senders: list[tuple[type, int]]) -> list[int]:
    """Return the numbers of the `senders` that are models between two others, once all models are loaded."""
    apps = getattr(sys.modules.get("django.apps"), "apps", None)
    if apps is None or not apps.ready:
        return []
    through = {id(field.remote_field.through) for model in apps.get_models() for field in model._meta.many_to_many}
    return sorted(number for model, number in senders if id(model) in through)

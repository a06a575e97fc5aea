"""Tables: what a parameter of a law ranges over.

A kind is a few lines of source that make one object called ``NAME``. It is source, not an object, because the same
text is executed here and printed into the scripts that users run. The first kind of a table is the plainest: a
counterexample is the first case that fails, so it comes with the plainest cast that fails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

Kinds: TypeAlias = Mapping[str, str]

if TYPE_CHECKING:
    # A law's annotations name the tables; to a type checker every drawn object is dynamic, and may be called.
    class Drawn(Any):  # type: ignore[misc]
        def __call__(self, *args: Any, **named: Any) -> Any: ...
else:
    Drawn = object


class Table(Drawn):
    """The kinds that a parameter ranges over, by name, with the source of each.

    `needs` names the capability that a kind needs, `instead_of` the one without which alone it is drawn, and `since`
    the first release of Django that has what it is made with. `uses` is what a law uses that draws from the table,
    a word of `laws.uses`.
    """

    kinds: ClassVar[Kinds]
    needs: ClassVar[Mapping[str, str]] = {}
    instead_of: ClassVar[Mapping[str, str]] = {}
    since: ClassVar[Mapping[str, tuple[int, int]]] = {}
    uses: ClassVar[str | None] = None

    @classmethod
    def suitable(cls, capabilities: Collection[str] | None = None) -> list[str]:
        """Return the kinds that the installed Django has, plainest first: all, or those that suit a target with
        `capabilities`.
        """
        return [kind for kind in cls.kinds if cls._is_there(kind) and cls._suits(kind, capabilities)]

    @classmethod
    def source_of(cls, kind: str, name: str) -> str:
        """Return the source that makes one object of `kind` and calls it `name`."""
        return cls.kinds[kind].replace("NAME", name)

    @classmethod
    def _is_there(cls, kind: str) -> bool:
        if kind not in cls.since:
            return True
        import django

        return bool(django.VERSION[:2] >= cls.since[kind])

    @classmethod
    def _suits(cls, kind: str, capabilities: Collection[str] | None) -> bool:
        if capabilities is None:
            return True
        return cls.needs.get(kind) in (None, *capabilities) and cls.instead_of.get(kind) not in capabilities

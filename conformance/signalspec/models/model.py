"""The standard as a program: what is sent, with what, and which rows there are then.

A `State` is a small database in memory and the instances that a program holds. Its methods do to these what Django
does, and note what the receivers of a program are to notice.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

Event = tuple[Any, ...]
"""A signal, its sender, how many rows of the sender there are, whether in a transaction, and what else is passed."""

PARENT = {"Restaurant": "Place"}
TABLE = {"Friend": "Person"}
REFERS = {
    "Book": ("author", "Author", "cascade"),
    "Page": ("book", "Book", "cascade"),
    "Review": ("book", "Book", "null"),
}


class RaisedError(Exception):
    """A command raises; the message is the name of the exception's class."""


@dataclass
class Held:
    """An instance that the program holds: its key, its fields as it knows them, and whether it was deleted."""

    model: str
    key: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False


@dataclass
class State:
    """What a program has come to; `listening` are the models whose signals are noticed, `act` what a receiver does.

    `act` is a signal, a model, and one of ``raise``, ``change``, ``query``, ``save``, ``delete``; it is done once.
    """

    listening: frozenset[str]
    act: tuple[str, str, str] | None = None
    names_fields: bool = True
    rows: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    links: set[tuple[int, int]] = field(default_factory=set)
    held: dict[str, Held] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)
    depth: int = 0
    broken: bool = False
    saved: Any = None

    def table(self, model: str) -> dict[int, dict[str, Any]]:
        """Return the rows of a model's own table, by key."""
        return self.rows.setdefault(TABLE.get(model, model), {})

    def send(self, signal: str, model: str, instance: Held | None, *more: Any) -> None:
        """Note a dispatch, if somebody listens, and do what the receiver does."""
        if model not in self.listening:
            return
        # In a spoilt transaction nobody can look.
        count = self.broken or len(self.links if model == "Article_tags" else self.table(model))
        self.events.append((signal, model, count, self.depth > 0, *more))
        if self.act and self.act[:2] == (signal, model):
            (_, _, act), self.act = self.act, None
            self._act(act, instance)

    def _act(self, act: str, instance: Held | None) -> None:
        if act == "raise":
            raise RaisedError("ArithmeticError")
        if act == "query":
            self._usable()
            return
        assert instance is not None
        if act == "change":
            instance.fields["name"] = "changed"
        elif act == "save":
            self._save(instance)
        else:
            self._delete_one(instance)

    # Transactions

    def begin(self) -> None:
        """Enter a transaction."""
        if self.saved is not None:
            raise RaisedError("impossible")
        self.saved = self._snapshot()
        self.depth += 1

    def end(self) -> None:
        """Leave it, which undoes all where an exception has passed a block inside."""
        if self.saved is None:
            raise RaisedError("impossible")
        self.depth -= 1
        if self.broken:
            self._restore(self.saved)
        self.saved, self.broken = None, False

    def _snapshot(self) -> Any:
        return copy.deepcopy((self.rows, self.links, self.sequences))

    def _restore(self, saved: Any) -> None:
        self.rows, self.links, self.sequences = copy.deepcopy(saved)

    def _usable(self) -> None:
        if self.broken:
            raise RaisedError("TransactionManagementError")

    def atomically(self, work: Any, savepoint: bool = False) -> None:
        """Do `work` in a block of its own; where it raises, undo it, and spoil the outer one without a savepoint."""
        self._usable()
        saved = self._snapshot()
        self.depth += 1
        try:
            work()
        except RaisedError:
            self.depth -= 1
            if self.depth == 0 or savepoint:
                self._restore(saved)
                self.broken = False
            else:
                self.broken = True
            raise
        self.depth -= 1

    # Saving

    def create(self, model: str, fields: dict[str, Held] | None = None) -> None:
        """Make an instance and save it."""
        given: dict[str, Any] = {"name": ""}
        for name, other in (fields or {}).items():
            if other.key is None:
                raise RaisedError("refused")
            if other.key not in self.table(other.model):
                # When the database refuses it is up to the database.
                raise RaisedError("impossible")
            given[name] = other.key
        instance = Held(model, None, given)
        # Django forces the insertion, which tells where a receiver has saved the instance already.
        self._save(instance, forced=True)
        self.held[model] = instance

    def save(self, model: str, update_fields: tuple[str, ...] | None = None, forced: bool = False) -> None:
        """Save the instance that is held."""
        self._save(self.held[model], update_fields, forced)

    def _save(self, instance: Held, update_fields: tuple[str, ...] | None = None, forced: bool = False) -> None:
        model = instance.model
        if instance.deleted and model in PARENT:
            # Django 2.2 refuses it, since the parent that the child refers to has no key.
            raise RaisedError("impossible")
        if update_fields == ():
            return
        self.send("pre_save", model, instance, update_fields)
        if update_fields and instance.key is None:
            # Django refuses this before it asks the database, unless a child still knows the key of its parent.
            self.broken = self.broken or self.depth > 0
            raise RaisedError("impossible" if model in PARENT else "refused")
        self._usable()
        there = instance.key is not None and instance.key in self.table(model)
        if forced and there:
            # A child's block is spoilt by its own exception; for one query the connection says so.
            self.broken = self.depth > 0
            raise RaisedError("IntegrityError")
        if update_fields and not there:
            self.broken = self.depth > 0
            raise RaisedError("miss")
        if instance.key is None:
            instance.key = self._next(PARENT.get(model, TABLE.get(model, model)))
        self.table(model)[instance.key] = dict(instance.fields)
        if model in PARENT:
            self.table(PARENT[model]).setdefault(instance.key, {})
        self.send("post_save", model, instance, not there, update_fields)

    def _next(self, table: str) -> int:
        self.sequences[table] = self.sequences.get(table, 0) + 1
        return self.sequences[table]

    def update(self, model: str) -> None:
        """Give all rows another name."""
        self._usable()
        for row in self.table(model).values():
            row["name"] = "u"

    def bulk_create(self, model: str) -> None:
        """Insert one row silently."""
        self._usable()
        self.table(model)[self._next(TABLE.get(model, model))] = {"name": ""}

    def get_or_create(self, model: str) -> None:
        """Find the row called g, or create it in a block of its own."""
        self._usable()
        found = [key for key, row in self.table(model).items() if row.get("name") == "g"]
        if len(found) > 1:
            raise RaisedError("MultipleObjectsReturned")
        if not found:
            self.atomically(lambda: self._save(Held(model, None, {"name": "g"}), forced=True), savepoint=True)

    def update_or_create(self, model: str) -> None:
        """Find the row called g and call it h, or create it so, in a block of its own."""

        def work() -> None:
            found = [key for key, row in self.table(model).items() if row.get("name") == "g"]
            if len(found) > 1:
                raise RaisedError("MultipleObjectsReturned")
            if not found:
                self.atomically(lambda: self._save(Held(model, None, {"name": "h"}), forced=True), savepoint=True)
                return
            self._save(Held(model, found[0], {"name": "h"}), ("name",) if self.names_fields else None)

        self.atomically(work, savepoint=True)

    # Deleting

    def delete(self, model: str) -> None:
        """Delete the instance that is held."""
        self._delete_one(self.held[model])

    def _delete_one(self, instance: Held) -> None:
        if instance.key is None:
            raise RaisedError("refused")
        self._delete(instance.model, [instance])
        instance.key, instance.deleted = None, True

    def delete_all(self, model: str) -> None:
        """Delete all rows of a model."""
        self._usable()
        found = [Held(model, key, dict(row)) for key, row in sorted(self.table(model).items())]
        if found:
            self._delete(model, found)

    def _delete(self, model: str, instances: list[Held]) -> None:
        if self.broken:
            # What is sent before the database refuses depends on what Django has to ask it first.
            raise RaisedError("impossible")
        plan = self._collect(model, instances)

        def work() -> None:
            for each, some in plan:
                for instance in some:
                    self.send("pre_delete", each, instance)
            for each, (name, target, how) in REFERS.items():
                gone = {i.key for m, some in plan if m == target for i in some}
                for row in self.table(each).values():
                    if how == "null" and row.get(name) in gone:
                        row[name] = None
            for each, some in plan:
                for instance in some:
                    assert instance.key is not None
                    self.table(each).pop(instance.key, None)
                    side = {"Article": 0, "Tag": 1}.get(each)
                    self.links = {link for link in self.links if side is None or link[side] != instance.key}
                for instance in reversed(some):
                    self.send("post_delete", each, instance)

        self.atomically(work)

    def _collect(self, model: str, instances: list[Held]) -> list[tuple[str, list[Held]]]:
        """Return what a delete takes along, those that refer first."""
        plan = [(model, instances)]
        keys = [instance.key for instance in instances]
        for parent, child in ((parent, child) for child, parent in PARENT.items()):
            if model == child:
                plan.append((parent, [Held(parent, key) for key in keys]))
            if model == parent:
                rows = [key for key in keys if key in self.table(child)]
                plan.insert(0, (child, [Held(child, key) for key in rows]))
        for each, (name, target, how) in REFERS.items():
            if target == model and how == "cascade":
                rows = [key for key, row in sorted(self.table(each).items()) if row.get(name) in keys]
                if rows:
                    plan = self._collect(each, [Held(each, key) for key in rows]) + plan
        return plan

    # Many-to-many

    def _keys(self, end: str) -> tuple[int, int]:
        article, tag = self.held["Article"].key, self.held["Tag"].key
        if self.held[end].key is None:
            raise RaisedError("refused")
        if self.held[end].key not in self.table(end):
            raise RaisedError("impossible")
        return article or 0, tag or 0

    def _change(self, end: str, action: str, keys: tuple[int, ...] | None, links: set[tuple[int, int]]) -> None:
        def work() -> None:
            self.send("m2m_changed", "Article_tags", None, f"pre_{action}", end == "Tag", keys)
            self.links = links
            self.send("m2m_changed", "Article_tags", None, f"post_{action}", end == "Tag", keys)

        self.atomically(work)

    def add(self, end: str) -> None:
        """Link the two that are held, from one end."""
        link = self._keys(end)
        other = link[end == "Article"]
        if not other:
            raise RaisedError("refused")
        self._usable()
        if other not in self.table("Tag" if end == "Article" else "Article"):
            raise RaisedError("impossible")
        new = () if link in self.links else (other,)
        self._change(end, "add", new, self.links | {link})

    def remove(self, end: str) -> None:
        """Unlink them."""
        link = self._keys(end)
        other = link[end == "Article"]
        if not other:
            raise RaisedError("impossible")
        self._change(end, "remove", (other,), self.links - {link})

    def clear(self, end: str) -> None:
        """Unlink all from one end."""
        own = self._keys(end)[end == "Tag"]
        self._change(end, "clear", None, {link for link in self.links if link[end == "Tag"] != own})

    def set(self, end: str, empty: bool = False) -> None:
        """Link just the one that is held, or none."""
        article, tag = self._keys(end)
        if not tag and not empty:
            raise RaisedError("impossible")

        def work() -> None:
            wanted = set() if empty else {tag}
            there = {each for own, each in self.links if own == article}
            if gone := there - wanted:
                kept = {link for link in self.links if link[0] != article or link[1] not in gone}
                self._change(end, "remove", tuple(sorted(gone)), kept)
            if wanted - there:
                if tag not in self.table("Tag"):
                    raise RaisedError("impossible")
                self._change(end, "add", (tag,), self.links | {(article, tag)})

        self.atomically(work)

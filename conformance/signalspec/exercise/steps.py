"""What the check does with a learner's project: requests, one after the other, and what each is to change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SignalName = Literal["todo_done", "todo_undone"]

SIGNALS: tuple[SignalName, SignalName] = ("todo_done", "todo_undone")
MILK, PLANTS, TAXES = "Buy milk", "Water the plants", "File the taxes"
NOBODY = 987_654
"""The id of no todo."""


@dataclass(frozen=True)
class Step:
    """A POST to `path`, in which a title in braces stands for the id of that todo."""

    does: str
    path: str
    title: str | None = None
    sends: dict[str, SignalName] = field(default_factory=dict)
    """The titles of the todos that it is to change, and the signal of each."""
    answers: range = range(200, 400)


STEPS = (
    Step("adding a todo", "/todos/", MILK),
    Step("adding another todo", "/todos/", PLANTS),
    Step("completing a todo", f"/todos/{{{MILK}}}/done/", sends={MILK: "todo_done"}),
    Step("completing a completed todo again", f"/todos/{{{MILK}}}/done/"),
    Step("opening a todo again", f"/todos/{{{MILK}}}/undone/", sends={MILK: "todo_undone"}),
    Step("opening an open todo again", f"/todos/{{{MILK}}}/undone/"),
    Step("renaming an open todo", f"/todos/{{{PLANTS}}}/rename/", PLANTS),
    Step("completing another todo", f"/todos/{{{PLANTS}}}/done/", sends={PLANTS: "todo_done"}),
    Step("renaming a completed todo", f"/todos/{{{PLANTS}}}/rename/", PLANTS),
    Step("adding a third todo", "/todos/", TAXES),
    Step("completing all todos at once", "/todos/done/", sends={MILK: "todo_done", TAXES: "todo_done"}),
    Step("completing all where none is open", "/todos/done/"),
    Step("opening a third todo again", f"/todos/{{{TAXES}}}/undone/", sends={TAXES: "todo_undone"}),
    Step("completing a todo that does not exist", f"/todos/{NOBODY}/done/", answers=range(404, 405)),
)

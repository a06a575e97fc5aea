"""The commands that programs about models are made of: each is a few lines of source, and what they do to a `State`.

The source is what is executed, and what a script prints. It keeps its instances in `held`, by the name of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from signalspec.models.model import State

Effect = Callable[[State], None]


@dataclass(frozen=True)
class Command:
    """One step of a program. `about` is the clause that it breaks where it sends what it should not; `refused` is the
    one that says that it is refused, where it is.
    """

    name: str
    source: str
    effect: Effect
    about: str
    refused: str = ""


def _create(model: str, **fields: str) -> Command:
    given = ", ".join(f'{name}=held["{other}"]' for name, other in fields.items())

    def effect(state: State) -> None:
        state.create(model, {name: state.held[other] for name, other in fields.items()})

    return Command(
        f"create {model}",
        f'held["{model}"] = {model}.objects.create({given})',
        effect,
        "save.pre-then-sql-then-post",
        "save.unsaved-related",
    )


def _call(model: str, call: str, effect: Effect, about: str) -> Command:
    return Command(f"{model} {call}", f'held["{model}"].{call}', effect, about)


def _query(model: str, call: str, effect: Effect, about: str) -> Command:
    return Command(f"{model}.objects.{call}", f"{model}.objects.{call}", effect, about)


def _of(model: str) -> list[Command]:
    """Return what can be done with any model that has a field called `name`."""
    return [
        _create(model),
        _call(model, "save()", lambda state: state.save(model), "save.pre-then-sql-then-post"),
        _call(
            model,
            'save(update_fields=["name"])',
            lambda state: state.save(model, update_fields=("name",)),
            "save.update-fields-are-a-frozenset",
        ),
        _call(
            model,
            "save(update_fields=[])",
            lambda state: state.save(model, update_fields=()),
            "save.update-fields-empty",
        ),
        _call(
            model, "save(force_insert=True)", lambda state: state.save(model, forced=True), "save.database-refuses"
        ),
        _call(model, "delete()", lambda state: state.delete(model), "delete.pre-then-sql-then-post"),
        _query(model, "all().delete()", lambda state: state.delete_all(model), "delete.all-before-any"),
        _query(model, 'update(name="u")', lambda state: state.update(model), "save.update-is-silent"),
        _query(
            model, f"bulk_create([{model}()])", lambda state: state.bulk_create(model), "save.bulk-create-is-silent"
        ),
        _query(model, 'get_or_create(name="g")', lambda state: state.get_or_create(model), "save.get-or-create"),
        _query(
            model,
            'update_or_create(name="g", defaults={"name": "h"})',
            lambda state: state.update_or_create(model),
            "save.update-or-create",
        ),
    ]


BEGIN = Command(
    "begin",
    "held['block'] = transaction.atomic()\nheld['block'].__enter__()",
    State.begin,
    "save.within-the-callers-transaction",
)
END = Command("end", "held.pop('block').__exit__(None, None, None)", State.end, "save.within-the-callers-transaction")

PLAIN = [*_of("Person"), BEGIN, END]
CHILD = [each for each in _of("Restaurant") if "bulk_create" not in each.name] + [
    _query("Place", "all().delete()", lambda state: state.delete_all("Place"), "delete.children-too"),
]
PROXY = [*_of("Friend"), _query("Person", "all().delete()", lambda state: state.delete_all("Person"), "delete.proxy")]
FAMILY = [
    _create("Author"),
    _create("Book", author="Author"),
    _create("Page", book="Book"),
    _create("Review", book="Book"),
    _call("Author", "delete()", lambda state: state.delete("Author"), "delete.children-first"),
    _call("Book", "delete()", lambda state: state.delete("Book"), "delete.children-first"),
    _query("Author", "all().delete()", lambda state: state.delete_all("Author"), "delete.children-first"),
    _query("Review", "all().delete()", lambda state: state.delete_all("Review"), "delete.all-before-any"),
]


def _relation(call: str, effect: Effect, about: str, end: str = "Article", field: str = "tags") -> Command:
    source = f'held["{end}"].{field}.{call}'
    # Only tags are deleted, and so have no key.
    refused = "m2m.unsaved-is-refused" if end == "Tag" else "m2m.wrong-objects-are-refused"
    return Command(f"{end} {field}.{call}", source, effect, about, refused)


RELATION = [
    _create("Article"),
    _create("Tag"),
    _relation('add(held["Tag"])', lambda state: state.add("Article"), "m2m.add-order"),
    _relation('remove(held["Tag"])', lambda state: state.remove("Article"), "m2m.remove-order"),
    _relation("clear()", lambda state: state.clear("Article"), "m2m.clear-order"),
    _relation('set([held["Tag"]])', lambda state: state.set("Article"), "m2m.set-sends-the-difference"),
    _relation("set([])", lambda state: state.set("Article", empty=True), "m2m.set-sends-the-difference"),
    _relation('add(held["Article"])', lambda state: state.add("Tag"), "m2m.reverse", "Tag", "articles"),
    _relation("clear()", lambda state: state.clear("Tag"), "m2m.reverse", "Tag", "articles"),
    _call("Tag", "delete()", lambda state: state.delete("Tag"), "delete.many-to-many-is-silent"),
]

DIMENSIONS: Mapping[str, list[Command]] = {
    "plain": PLAIN,
    "child": CHILD,
    "proxy": PROXY,
    "family": FAMILY,
    "relation": RELATION,
}
"""What programs are made of, each about some models."""

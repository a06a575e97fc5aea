"""Laws of the chapter save: raw saves."""

from __future__ import annotations

import json
import os
import tempfile

from signalspec.laws import law
from signalspec.models.vocabulary import hear, listen


@law("save.raw-is-false")
def raw_is_false(Note, pre_save, post_save):
    heard = [hear(signal, lambda raw, **_: raw, Note) for signal in (pre_save, post_save)]
    Note.objects.create().save()
    return heard, [[False, False]] * 2


@law("save.raw-from-fixtures")
def raw_from_fixtures(Note, serializers, pre_save, post_save):
    text = serializers.serialize("json", [Note(pk=7, title="a")])
    before = hear(pre_save, lambda raw, instance, **_: (raw, instance.title), Note)
    after = hear(post_save, lambda raw, created, **_: (raw, created), Note)
    for _ in range(2):
        for each in serializers.deserialize("json", text):
            each.save()
    return (before, after), ([(True, "a")] * 2, [(True, True), (True, False)])


@law("save.raw-saves-no-parents")
def raw_saves_no_parents(Place, Restaurant, serializers, pre_save, post_save):
    restaurant = Restaurant(pk=7, name="a", stars=3)
    text = serializers.serialize("json", [Place(pk=7, name="a"), restaurant])
    trace = listen(pre_save, post_save)
    heard = hear(post_save, lambda sender, instance, **_: (sender.__name__, instance.pk))
    for each in serializers.deserialize("json", text):
        each.save()
    return (trace, heard, Restaurant.objects.get().name), (
        ["pre_save Place", "post_save Place", "pre_save Restaurant", "post_save Restaurant"],
        [("Place", 7), ("Restaurant", 7)],
        "a",
    )


@law("save.raw-skips-the-method")
def raw_skips_the_method(Note, serializers, post_save):
    called = []
    heard = hear(post_save, lambda **_: 1, Note)
    text = serializers.serialize("json", [Note(pk=7)])
    Note.save = lambda self, **_: called.append(1)
    try:
        for each in serializers.deserialize("json", text):
            each.save()
    finally:
        del Note.save
    return (called, heard), ([], [1])


@law("save.loaddata")
def loaddata(Note, call_command, connection, serializers, pre_save, post_save):
    text = serializers.serialize("json", [Note(pk=8, title="b"), Note(pk=7, title="a")])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "notes.json")
        with open(path, "w") as file:
            file.write(text)
        heard = hear(post_save, lambda raw, instance, **_: (raw, instance.title, connection.in_atomic_block), Note)
        call_command("loaddata", path, verbosity=0)
    return heard, [(True, "b", True), (True, "a", True)]


@law("save.loaddata-database")
def loaddata_database(Article, Tag, call_command, serializers, pre_save, post_save, m2m_changed):
    article = Article.objects.create()
    article.tags.add(Tag.objects.create())
    text = serializers.serialize("json", [*Tag.objects.all(), article])
    heard = [hear(signal, lambda using, **_: using) for signal in (pre_save, post_save, m2m_changed)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "articles.json")
        with open(path, "w") as file:
            file.write(text)
        call_command("loaddata", path, database="other", verbosity=0)
    return (heard, Article.tags.through.objects.using("other").count()), ([["other"] * 2] * 3, 1)


@law("save.raw-with-forward-references")
def raw_with_forward_references(Author, Book, Review, Article, Tag, Manager, call_command, pre_save, post_save):
    rows = [
        {"model": "library.review", "pk": 7, "fields": {"book": ["b"]}},
        {"model": "library.author", "pk": 7, "fields": {}},
        {"model": "library.book", "pk": 7, "fields": {"title": "b", "author": 7}},
        {"model": "library.article", "pk": 7, "fields": {"tags": [["t"]]}},
        {"model": "library.tag", "pk": 7, "fields": {"name": "t"}},
    ]

    def found_by_name(self, name):
        return self.get(title=name) if self.model is Book else self.get(name=name)

    fields = [hear(signal, lambda update_fields, **_: update_fields) for signal in (pre_save, post_save)]
    before = hear(pre_save, lambda sender, raw, using, **_: (sender.__name__, raw, using))
    after = hear(post_save, lambda sender, raw, created, **_: (sender.__name__, raw, created))
    Manager.get_by_natural_key = found_by_name
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rows.json")
            with open(path, "w") as file:
                json.dump(rows, file)
            for database in ("default", "other"):
                call_command("loaddata", path, database=database, verbosity=0)
    finally:
        del Manager.get_by_natural_key
    new, again = ["Review", "Author", "Book", "Article", "Tag"], ["Review", "Article"]
    return (before, after, fields, Review.objects.get().book_id, Article.objects.get().tags.count()), (
        [(name, True, database) for database in ("default", "other") for name in new + again],
        ([(name, True, True) for name in new] + [(name, True, False) for name in again]) * 2,
        *([[None] * 14] * 2, 7, 1),
    )

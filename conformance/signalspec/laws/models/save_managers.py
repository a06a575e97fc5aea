"""Laws of the chapter save: what managers pass on to the saves that they make."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear, listen


@law("save.related-one-by-one-arguments")
def related_one_by_one_arguments(Author, Book, Review, pre_save, post_save):
    book = Book.objects.create(author=Author.objects.create())

    def receiver(instance, update_fields, created=None, **_):
        fields = update_fields and sorted(update_fields)
        heard.setdefault(instance.text, []).append((created, fields))

    def sent(name, *arguments, **options):
        Review.objects.all().delete()
        made = {"mine": Review.objects.create(text="mine", book=book), "other": Review.objects.create(text="other")}
        made["new"] = Review(text="new")
        heard.clear()
        arguments = [[*map(made.get, each)] if isinstance(each, list) else made[each] for each in arguments]
        getattr(book.reviews, name)(*arguments, bulk=False, **options)
        return {text: [*each] for text, each in heard.items()}

    heard = {}
    pre_save.connect(receiver, sender=Review), post_save.connect(receiver, sender=Review)
    found = [sent("add", "new"), sent("add", "other"), sent("add", "mine"), sent("remove", "mine"), sent("clear")]
    found += [sent("set", ["other"]), sent("set", ["mine"]), sent("set", ["mine"], clear=True)]
    added, removed = [(None, None), (False, None)], [(None, ["book"]), (False, ["book"])]
    return found, [
        *({"new": [(None, None), (True, None)]}, {"other": added}, {"mine": added}, {"mine": removed}),
        *({"mine": removed}, {"mine": removed, "other": added}, {}, {"mine": removed + added}),
    ]


@law("save.update-or-create-of-nothing")
def update_or_create_of_nothing(Note, Author, Book, Article, Tag, pre_save, post_save, m2m_changed):
    note, author, article = Note.objects.create(), Author.objects.create(), Article.objects.create()
    book, tag = author.books.create(), article.tags.create()
    trace, made = listen(pre_save, post_save, m2m_changed), []
    for manager, key in ((Note.objects, note.pk), (author.books, book.pk), (article.tags, tag.pk)):
        for options in ({}, {"defaults": {}}):
            made.append(manager.update_or_create(pk=key, **options)[1])
    return (made, trace), ([False] * 6, [])


@law("save.update-or-create-saves-always")
def update_or_create_saves_always(Note, pre_save, post_save):
    note = Note.objects.create()
    trace = listen(pre_save, post_save)
    Note.objects.update_or_create(pk=note.pk), Note.objects.update_or_create(pk=note.pk, defaults={})
    return trace, ["pre_save Note", "post_save Note"] * 2


@law("save.caught-exceptions-in-get-or-create")
def caught_exceptions_in_get_or_create(Note, Author, Article, connection, transaction, pre_save, post_save):
    author, article = Author.objects.create(name="old"), Article.objects.create()
    note, book, tag = (
        Note.objects.create(title="old"),
        author.books.create(title="old"),
        article.tags.create(name="old"),
    )
    managers = [(Note.objects, note, "title"), (author.books, book, "title"), (article.tags, tag, "name")]
    found = []
    for manager, old, name in managers:
        for signal in (pre_save, post_save):
            hear(signal, lambda instance, name=name, **_: getattr(instance, name, "") == "new" and fail(), type(old))
        calls = [
            lambda: manager.get_or_create(**{name: "new"}),
            lambda: manager.update_or_create(**{name: "new"}),
            lambda: manager.update_or_create(pk=old.pk, defaults={name: "new"}),
        ]
        for call in calls:
            with transaction.atomic():
                raised = outcome(call)
                spoiled = connection.needs_rollback
            found.append((raised, spoiled, [getattr(each, name) for each in manager.all()]))
    return found, [("raises ArithmeticError", False, ["old"])] * 9


@law("save.related-one-by-one-forgets-what-was-prefetched")
def related_one_by_one_forgets_what_was_prefetched(
    Author, Book, Review, prefetch_related_objects, pre_save, post_save
):
    book = Book.objects.create(author=Author.objects.create())
    one, manager, found = Review.objects.create(), book.reviews, []
    heard = [hear(signal, lambda **_: len(book.reviews.all()), Review) for signal in (pre_save, post_save)]
    for call in (
        lambda: manager.add(one, bulk=False),
        lambda: manager.remove(one, bulk=False),
        lambda: manager.set([one], bulk=False),
        lambda: manager.clear(bulk=False),
    ):
        prefetch_related_objects([book], "reviews")
        heard[0].clear(), heard[1].clear(), call()
        found.append([[*each] for each in heard])
    return found, [[[0], [1]], [[1], [0]]] * 2

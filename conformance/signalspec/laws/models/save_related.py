"""Laws of the chapter save: what an instance refers to, and what refers to it."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import hear, listen


@law("save.unsaved-related")
def unsaved_related(Author, Book, pre_save):
    book = Book.objects.create(author=Author.objects.create())
    book.author = Author()
    trace = listen(pre_save)
    refused = [
        outcome(call)
        for call in (
            lambda: Book(author=Author()).save(),
            lambda: Book(author=Author()).save(force_insert=True),
            lambda: Book.objects.create(author=Author()),
            lambda: Book.objects.get_or_create(title="a", defaults={"author": Author()}),
            lambda: Book.objects.update_or_create(title="a", defaults={"author": Author()}),
            book.save,
            lambda: book.save(update_fields=["author"]),
        )
    ]
    return (refused, trace), (["raises ValueError"] * 7, [])


@law("save.related-saved-meanwhile")
def related_saved_meanwhile(Author, Book, pre_save, post_save):
    heard = [hear(signal, lambda instance, **_: instance.author_id, Book) for signal in (pre_save, post_save)]
    author = Author()
    book = Book(author=author)
    author.save(), book.save()
    return heard, [[author.pk]] * 2


@law("save.managers-of-new-instances")
def managers_of_new_instances(Author, pre_save, post_init, post_save):
    signals = (post_init, pre_save, post_save)
    heard = [hear(signal, lambda instance, **_: outcome(instance.books.count), Author) for signal in signals]
    Author.objects.create()
    return heard, [["raises ValueError"], ["raises ValueError"], [0]]


@law("save.filters-by-new-instances")
def filters_by_new_instances(Author, Book, pre_save, post_init, post_save):
    def look(instance, **_):
        return outcome(lambda: Book.objects.filter(author=instance).count())

    heard = [hear(signal, look, Author) for signal in (post_init, pre_save, post_save)]
    Author.objects.create()
    return heard, [["raises ValueError"], ["raises ValueError"], [0]]


@law("save.prefetched-is-forgotten")
def prefetched_is_forgotten(Author, Book, prefetch_related_objects, post_save):
    author = Author.objects.create()
    prefetch_related_objects([author], "books")
    heard = hear(post_save, lambda instance, **_: len(instance.author.books.all()), Book)
    author.books.create()
    return heard, [1]

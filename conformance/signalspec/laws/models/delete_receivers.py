"""Laws of the chapter delete: receivers that raise, change the instance, save or delete."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear, listen, when


@law("delete.pre-raises")
def pre_raises(Author, Book, pre_delete, post_delete):
    author = Author.objects.create()
    Book.objects.create(author=author)
    pre_delete.connect(fail, sender=Author)
    trace = listen(post_delete)
    raised = outcome(author.delete)
    return (raised, trace, Author.objects.count(), Book.objects.count(), author.pk is None), (
        *("raises ArithmeticError", [], 1, 1, False),
    )


@law("delete.post-raises")
def post_raises(Author, Book, post_delete):
    author = Author.objects.create()
    Book.objects.create(author=author)
    post_delete.connect(fail, sender=Book)
    raised = outcome(author.delete)
    return (raised, Author.objects.count(), Book.objects.count(), author.pk is None), (
        *("raises ArithmeticError", 1, 1, False),
    )


@law("delete.saving-again")
def saving_again(Note, post_delete):
    def receiver(instance, **_):
        instance.save()

    post_delete.connect(receiver, sender=Note)
    note = Note.objects.create(title="a")
    note.delete()
    return (note.pk, Note.objects.get().title), (None, "a")


@law("delete.deleting-others")
def deleting_others(Note, Item, pre_delete):
    Item.objects.create()
    when(pre_delete, lambda **_: Item.objects.all().delete(), Note)
    trace = listen(pre_delete)
    Note.objects.create().delete()
    return (trace, Item.objects.count()), (["pre_delete Item", "pre_delete Note"], 0)


@law("delete.connected-meanwhile")
def connected_meanwhile(Note, pre_delete, post_delete):
    heard = []

    def later(**_):
        heard.append("later")

    when(pre_delete, lambda **_: post_delete.connect(later, sender=Note), Note)
    Note.objects.create().delete()
    return heard, ["later"]


@law("delete.change-before-is-seen-after")
def change_before_is_seen_after(Note, pre_delete, post_delete):
    def receiver(instance, **_):
        instance.extra = True

    pre_delete.connect(receiver, sender=Note)
    heard = hear(post_delete, lambda instance, **_: instance.extra, Note)
    Note.objects.create(), Note.objects.all().delete()
    return heard, [True]


@law("delete.deleting-itself")
def deleting_itself(Note, pre_delete):
    note = Note.objects.create()
    when(pre_delete, lambda instance, **_: instance.delete(), Note)
    return (outcome(lambda: note.delete()[0]), Note.objects.count()), (0, 0)


@law("delete.caught-exceptions-spoil-the-transaction")
def caught_exceptions_spoil_the_transaction(Note, connection, transaction, post_delete):
    note = Note.objects.create()
    post_delete.connect(fail, sender=Note)
    with transaction.atomic():
        raised = outcome(note.delete)
        spoiled = connection.needs_rollback
    return (raised, spoiled, Note.objects.count()), ("raises ArithmeticError", True, 1)


@law("delete.moved-is-not-set-to-null")
def moved_is_not_set_to_null(Author, Book, Review, pre_delete):
    author = Author.objects.create()
    one, two = Book.objects.create(author=author), Book.objects.create(author=author, title="two")
    Review.objects.create(book=one)
    pre_delete.connect(lambda instance, **_: instance.reviews.update(book=two), sender=Book, weak=False)
    one.delete()
    return [each.book and each.book.title for each in Review.objects.all()], ["two"]


@law("delete.moved-is-set-to-null")
def moved_is_set_to_null(Author, Book, Review, pre_delete):
    author = Author.objects.create()
    one, two = Book.objects.create(author=author), Book.objects.create(author=author, title="two")
    Review.objects.create(book=one)
    pre_delete.connect(lambda instance, **_: instance.reviews.update(book=two), sender=Book, weak=False)
    one.delete()
    return [each.book and each.book.title for each in Review.objects.all()], [None]

"""Laws of the chapter save: what saving many at once sends."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear, listen, tables


@law("save.bulk-create-is-silent")
def bulk_create_is_silent(Note, pre_save, post_save):
    trace = listen(pre_save, post_save)
    Note.objects.bulk_create([Note(title="a"), Note(title="b")])
    return (trace, Note.objects.count()), ([], 2)


@law("save.bulk-update-is-silent")
def bulk_update_is_silent(Note, pre_save, post_save):
    note = Note.objects.create(title="a")
    trace = listen(pre_save, post_save)
    note.title = "b"
    Note.objects.bulk_update([note], ["title"])
    return (trace, Note.objects.get().title), ([], "b")


@law("save.update-is-silent")
def update_is_silent(Note, pre_save, post_save):
    Note.objects.create(title="a")
    trace = listen(pre_save, post_save)
    Note.objects.update(title="b")
    return (trace, Note.objects.get().title), ([], "b")


@law("save.related-bulk-is-silent")
def related_bulk_is_silent(Author, Book, Review, pre_save, post_save):
    book = Book.objects.create(author=Author.objects.create())
    one, two = Review.objects.create(), Review.objects.create()
    trace = listen(pre_save, post_save)
    book.reviews.add(one, two)
    book.reviews.remove(one)
    book.reviews.set([one])
    book.reviews.clear()
    return trace, []


@law("save.related-one-by-one")
def related_one_by_one(Author, Book, Review, post_save):
    book = Book.objects.create(author=Author.objects.create())
    one, two = Review.objects.create(text="a"), Review.objects.create(text="b")
    heard = hear(post_save, lambda instance, **_: (instance.text, instance.book_id), Review)
    book.reviews.add(one, two, bulk=False)
    book.reviews.remove(one, bulk=False)
    book.reviews.clear(bulk=False)
    return heard, [("a", book.pk), ("b", book.pk), ("a", None), ("b", None)]


@law("save.related-one-by-one-in-a-transaction")
def related_one_by_one_in_a_transaction(Author, Book, Review, connection, pre_save, post_save):
    book = Book.objects.create(author=Author.objects.create())
    old = book.reviews.create()
    heard = [hear(signal, lambda **_: connection.in_atomic_block, Review) for signal in (pre_save, post_save)]
    book.reviews.add(Review(), bulk=False), book.reviews.remove(old, bulk=False)
    book.reviews.set([old], bulk=False), book.reviews.clear(bulk=False)
    return heard, [[True] * 5] * 2


@law("save.related-one-by-one-rolls-back")
def related_one_by_one_rolls_back(Author, Book, Review, post_save):
    def receiver(instance, **_):
        if instance.text == "b":
            fail()

    one, two = [Book.objects.create(author=Author.objects.create()) for _ in range(2)]
    two.reviews.create(text="a"), two.reviews.create(text="b")
    post_save.connect(receiver, sender=Review)
    raised = [
        outcome(lambda: one.reviews.add(Review(text="a"), Review(text="b"), bulk=False)),
        outcome(lambda: two.reviews.clear(bulk=False)),
        outcome(lambda: two.reviews.set([], bulk=False)),
        outcome(lambda: two.reviews.remove(*two.reviews.all(), bulk=False)),
    ]
    return (raised, one.reviews.count(), two.reviews.count()), (["raises ArithmeticError"] * 4, 0, 2)


@law("save.related-creates")
def related_creates(Author, Book, pre_save, post_save):
    author = Author.objects.create()
    trace = listen(pre_save, post_save)
    heard = hear(pre_save, lambda instance, **_: instance.author is author, Book)
    author.books.create(), author.books.get_or_create(title="a")
    return (trace, heard), (["pre_save Book", "post_save Book"] * 2, [True, True])


@law("save.no-transaction")
def no_transaction(Note, Restaurant, connection, pre_save, post_save):
    heard = [hear(signal, lambda **_: connection.in_atomic_block) for signal in (pre_save, post_save)]
    Note().save(), Note.objects.create(), Restaurant().save()
    return heard, [[False] * 3] * 2


@law("save.within-the-callers-transaction")
def within_the_callers_transaction(Note, connection, transaction, pre_save, post_save):
    heard = [hear(signal, lambda **_: connection.in_atomic_block) for signal in (pre_save, post_save)]
    with transaction.atomic():
        Note().save()
        transaction.set_rollback(True)
    return (heard, Note.objects.count()), ([[True]] * 2, 0)


@law("save.get-or-create")
def get_or_create(Note, connection, pre_save, post_save):
    trace = listen(pre_save, post_save)
    heard = hear(post_save, lambda created, **_: (created, connection.in_atomic_block), Note)
    made = Note.objects.get_or_create(title="a")[1], Note.objects.get_or_create(title="a")[1]
    return (made, trace, heard), ((True, False), ["pre_save Note", "post_save Note"], [(True, True)])


@law("save.update-or-create")
def update_or_create(Note, connection, pre_save, post_save):
    trace = listen(pre_save, post_save)
    heard = hear(post_save, lambda created, **_: (created, connection.in_atomic_block), Note)
    for text in "ab":
        Note.objects.update_or_create(title="a", defaults={"text": text})
    return (trace, heard), (["pre_save Note", "post_save Note"] * 2, [(True, True), (False, True)])


@law("save.update-or-create-names-fields")
def update_or_create_names_fields(models, post_save):
    class Visit(models.Model):
        place = models.CharField(max_length=40, default="")
        times = models.IntegerField(default=0)
        at = models.DateTimeField(auto_now=True)

        class Meta:
            app_label = "library"

        def set_twice(self, times):
            self.times = 2 * times

        twice = property(lambda self: 2 * self.times, set_twice)

    with tables(Visit):
        visit = Visit.objects.create(place="a")
        heard = hear(post_save, lambda update_fields, **_: update_fields and sorted(update_fields), Visit)
        for defaults in ({"times": 1}, {"times": 2, "place": "a"}, {"twice": 3}, {"pk": visit.pk}, {}):
            Visit.objects.update_or_create(place="a", defaults=defaults)
        names = [["at", "times"], ["at", "place", "times"], None, None, ["at"]]
        return (heard, Visit.objects.get().times), (names, 6)


@law("save.update-or-create-saves-all")
def update_or_create_saves_all(Note, pre_save, post_save):
    def receiver(instance, **_):
        instance.title = "changed"

    Note.objects.create(title="a")
    pre_save.connect(receiver, sender=Note)
    heard = hear(post_save, lambda update_fields, **_: update_fields, Note)
    Note.objects.update_or_create(title="a", defaults={"text": "b"})
    return (heard, Note.objects.get().title), ([None], "changed")

"""Laws of the chapter delete: what deleting instances sends."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import hear, listen, statements


@law("delete.keys")
def keys(Note, pre_delete, post_delete):
    heard = [hear(signal, lambda **named: sorted(named), Note) for signal in (pre_delete, post_delete)]
    Note.objects.create().delete()
    return heard, [[["instance", "sender", "signal", "using"]]] * 2


@law("delete.keys-and-origin")
def keys_and_origin(Note, pre_delete, post_delete):
    heard = [hear(signal, lambda **named: sorted(named), Note) for signal in (pre_delete, post_delete)]
    Note.objects.create().delete()
    return heard, [[["instance", "origin", "sender", "signal", "using"]]] * 2


@law("delete.pre-then-sql-then-post")
def pre_then_sql_then_post(Note, connection, pre_delete, post_delete):
    note = Note.objects.create()
    trace = listen(pre_delete, post_delete)
    with statements(connection, trace):
        note.delete()
    return trace, ["pre_delete Note", "DELETE note", "post_delete Note"]


@law("delete.database-at-each-moment")
def database_at_each_moment(Note, pre_delete, post_delete):
    note = Note.objects.create()
    heard = [hear(signal, lambda **_: Note.objects.count(), Note) for signal in (pre_delete, post_delete)]
    note.delete()
    return heard, [[1], [0]]


@law("delete.cascade-order")
def cascade_order(Author, Book, connection, pre_delete, post_delete):
    author = Author.objects.create()
    Book.objects.create(author=author)
    trace = listen(pre_delete, post_delete)
    with statements(connection, trace):
        author.delete()
    sent = [each for each in trace if each.endswith(("Author", "Book", "author", "book"))]
    return (sorted(sent[:2]), sent[2:]), (
        ["pre_delete Author", "pre_delete Book"],
        ["DELETE book", "post_delete Book", "DELETE author", "post_delete Author"],
    )


@law("delete.children-first")
def children_first(Author, Book, Page, pre_delete, post_delete):
    author = Author.objects.create()
    Page.objects.create(book=Book.objects.create(author=author))
    before, after = listen(pre_delete), listen(post_delete)
    author.delete()
    return (before, after), tuple(
        [f"{name} Page", f"{name} Book", f"{name} Author"] for name in ("pre_delete", "post_delete")
    )


@law("delete.all-before-any")
def all_before_any(Note, pre_delete, post_delete):
    for title in "ab":
        Note.objects.create(title=title)
    trace = []
    for signal, word in ((pre_delete, "before"), (post_delete, "after")):
        signal.connect(lambda instance, word=word, **_: trace.append(f"{word} {instance.title}"), weak=False)
    Note.objects.all().delete()
    return (trace[:2], sorted(trace[2:])), (["before a", "before b"], ["after a", "after b"])


@law("delete.instance-is-the-callers")
def instance_is_the_callers(Note, pre_delete, post_delete):
    note = Note.objects.create()
    heard = [hear(signal, lambda instance, **_: instance, Note) for signal in (pre_delete, post_delete)]
    note.delete()
    return [each[0] is note for each in heard], [True, True]


@law("delete.queryset-instances-are-fresh")
def queryset_instances_are_fresh(Note, pre_delete, post_delete):
    note = Note.objects.create(title="a")
    notes = Note.objects.all()
    loaded = next(iter(notes))
    heard = [hear(signal, lambda instance, **_: instance, Note) for signal in (pre_delete, post_delete)]
    notes.delete()
    (before,), (after,) = heard
    return (
        before is after,
        before in (note, loaded) and before.title,
        before is note or before is loaded,
        note.pk is None,
    ), (
        True,
        False,
        False,
        False,
    )


@law("delete.key-while-deleting")
def key_while_deleting(Note, pre_delete, post_delete):
    note = Note.objects.create()
    key = note.pk
    heard = [hear(signal, lambda instance, **_: instance.pk, Note) for signal in (pre_delete, post_delete)]
    note.delete()
    return (heard, note.pk), ([[key], [key]], None)


@law("delete.key-when-committed")
def key_when_committed(Note, transaction, post_delete):
    note = Note.objects.create()
    key, heard = note.pk, []

    def receiver(instance, **_):
        transaction.on_commit(lambda: heard.append(instance.pk))

    post_delete.connect(receiver, sender=Note)
    note.delete()
    return heard, [key]


@law("delete.cascaded-instances-have-all-fields")
def cascaded_instances_have_all_fields(Author, Book, post_delete):
    author = Author.objects.create()
    Book.objects.create(author=author, title="a")
    heard = hear(post_delete, lambda instance, **_: (instance.get_deferred_fields(), instance.title), Book)
    author.delete()
    return heard, [(set(), "a")]


@law("delete.queryset-instances-have-all-fields")
def queryset_instances_have_all_fields(Note, post_delete):
    Note.objects.create(title="a")
    heard = hear(post_delete, lambda instance, **_: (instance.get_deferred_fields(), instance.title), Note)
    Note.objects.filter(title="a").delete()
    return heard, [(set(), "a")]


@law("delete.origin-is-the-instance")
def origin_is_the_instance(Author, Book, pre_delete, post_delete):
    author = Author.objects.create()
    Book.objects.create(author=author)
    heard = [hear(signal, lambda **named: named.get("origin")) for signal in (pre_delete, post_delete)]
    author.delete()
    return [[each is author for each in some] for some in heard], [[True, True]] * 2


@law("delete.origin-is-the-queryset")
def origin_is_the_queryset(Author, Book, QuerySet, pre_delete, post_delete):
    Book.objects.create(author=Author.objects.create())
    heard = [
        hear(
            signal, lambda origin=None, **_: (isinstance(origin, QuerySet), getattr(origin, "model", Author).__name__)
        )
        for signal in (pre_delete, post_delete)
    ]
    Author.objects.all().delete()
    return heard, [[(True, "Author")] * 2] * 2


@law("delete.keeping-parents")
def keeping_parents(Place, Restaurant, pre_delete, post_delete):
    restaurant = Restaurant.objects.create()
    trace = listen(pre_delete, post_delete)
    restaurant.delete(keep_parents=True)
    return (trace, Place.objects.count()), (["pre_delete Restaurant", "post_delete Restaurant"], 1)


@law("delete.proxy")
def proxy(Friend, Person, pre_delete, post_delete):
    friend = Friend.objects.create()
    Friend.objects.create()
    trace, people = listen(pre_delete, post_delete), hear(pre_delete, lambda **_: 1, Person)
    friend.delete()
    Friend.objects.all().delete()
    return (trace, people), (["pre_delete Friend", "post_delete Friend"] * 2, [])


@law("delete.set-null-is-silent")
def set_null_is_silent(Author, Book, Review, connection, pre_save, post_save, pre_delete, post_delete):
    book = Book.objects.create(author=Author.objects.create())
    review = Review.objects.create(book=book)
    trace = listen(pre_save, post_save, pre_delete, post_delete)
    with statements(connection, trace):
        book.delete()
    review.refresh_from_db()
    wanted = [each for each in trace if "page" not in each]
    return (wanted, review.book), (["pre_delete Book", "UPDATE review", "DELETE book", "post_delete Book"], None)


@law("delete.protected")
def protected(City, Country, pre_delete, post_delete):
    country = Country.objects.create()
    City.objects.create(country=country)
    trace = listen(pre_delete, post_delete)
    refused = [outcome(country.delete), outcome(Country.objects.all().delete)]
    return (refused, trace), (["raises ProtectedError"] * 2, [])


@law("delete.unsaved-is-refused")
def unsaved_is_refused(Note, pre_delete):
    trace = listen(pre_delete)
    return (outcome(Note().delete), trace), ("raises ValueError", [])


@law("delete.unsaved-fails-an-assertion")
def unsaved_fails_an_assertion(Note, pre_delete):
    trace = listen(pre_delete)
    return (outcome(Note().delete), trace), ("raises AssertionError", [])


@law("delete.missing-row")
def missing_row(Note, pre_delete, post_delete):
    trace = listen(pre_delete, post_delete)
    deleted = Note(pk=7).delete()
    return (trace, deleted[0]), (["pre_delete Note", "post_delete Note"], 0)


@law("delete.queryset-of-nothing")
def queryset_of_nothing(Note, pre_delete, post_delete):
    trace = listen(pre_delete, post_delete)
    Note.objects.all().delete(), Note.objects.none().delete()
    return trace, []


@law("delete.slices-are-refused")
def slices_are_refused(Note, pre_delete):
    Note.objects.create()
    trace = listen(pre_delete)
    refused = outcome(lambda: Note.objects.all()[:1].delete())
    return (refused in ("raises TypeError", "raises AssertionError"), trace, Note.objects.count()), (True, [], 1)


@law("delete.raw-delete-is-silent")
def raw_delete_is_silent(Note, connection, pre_delete, post_delete):
    Note.objects.create()
    trace = listen(pre_delete, post_delete)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Note._meta.db_table}")
    return (trace, Note.objects.count()), ([], 0)


@law("delete.one-transaction")
def one_transaction(Note, connection, pre_delete, post_delete):
    heard = [hear(signal, lambda **_: connection.in_atomic_block, Note) for signal in (pre_delete, post_delete)]
    Note.objects.create().delete()
    Note.objects.create(), Note.objects.all().delete()
    return heard, [[True, True]] * 2


@law("delete.many-to-many-is-silent")
def many_to_many_is_silent(Article, Tag, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    article.tags.add(tag)
    trace = listen(m2m_changed)
    article.delete()
    return (trace, tag.articles.count()), ([], 0)


@law("delete.automatic-through-is-silent")
def automatic_through_is_silent(Article, Tag, pre_delete, post_delete):
    article, tag = Article.objects.create(), Tag.objects.create()
    article.tags.add(tag)
    trace = listen(pre_delete, post_delete)
    tag.delete()
    Article.tags.through.objects.create(article=article, tag=Tag.objects.create()).delete()
    article.tags.clear()
    return trace, ["pre_delete Tag", "post_delete Tag"]


@law("delete.explicit-through-is-a-model")
def explicit_through_is_a_model(Band, Contract, Singer, pre_delete, post_delete):
    band = Band.objects.create()
    Contract.objects.create(band=band, singer=Singer.objects.create())
    trace = listen(pre_delete, post_delete)
    band.delete()
    return trace, ["pre_delete Contract", "pre_delete Band", "post_delete Contract", "post_delete Band"]


@law("delete.related-delete")
def related_delete(Author, Book, pre_delete, post_delete):
    author = Author.objects.create()
    Book.objects.create(author=author), Book.objects.create(author=author)
    trace = listen(pre_delete, post_delete)
    author.books.all().delete()
    return trace, ["pre_delete Book"] * 2 + ["post_delete Book"] * 2


@law("delete.using")
def using(Note, pre_delete, post_delete):
    heard = [hear(signal, lambda using, **_: using, Note) for signal in (pre_delete, post_delete)]
    note = Note.objects.create()
    other = Note.objects.using("other").create(pk=note.pk)
    note.delete(), other.delete()
    Note.objects.using("other").create(), Note.objects.using("other").all().delete()
    return heard, [["default", "other", "other"]] * 2


@law("delete.one-listener-is-enough")
def one_listener_is_enough(Author, Book, Page, post_delete):
    book = Book.objects.create(author=Author.objects.create())
    Page.objects.create(book=book), Page.objects.create(book=book)
    heard = hear(post_delete, lambda instance, **_: instance.pk is not None, Page)
    book.delete()
    return heard, [True, True]


@law("delete.counts-the-same")
def counts_the_same(Author, Book, pre_delete):
    def family():
        author = Author.objects.create()
        Book.objects.create(author=author), Book.objects.create(author=author)
        return author.delete()[0]

    alone = family()
    hear(pre_delete, lambda **_: 1)
    return (alone, family()), (3, 3)


@law("delete.related-is-still-there-before")
def related_is_still_there_before(Author, Book, pre_delete):
    author = Author.objects.create()
    Book.objects.create(author=author)
    heard = hear(pre_delete, lambda instance, **_: instance.books.count(), Author)
    author.delete()
    return heard, [1]


@law("delete.related-is-gone-after")
def related_is_gone_after(Author, Book, Page, post_delete):
    book = Book.objects.create(author=Author.objects.create())
    Page.objects.create(book=book)
    heard = hear(post_delete, lambda instance, **_: Page.objects.filter(book_id=instance.pk).count(), Book)
    book.delete()
    return heard, [0]

"""Laws of the chapter delete: in which database, and when rows are written."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.models.vocabulary import hear, listen, routed, statements


@law("delete.writes-come-last")
def writes_come_last(Author, Book, Page, Review, Article, Tag, connection, pre_delete):
    found = []
    for listening in (Author, Book, Article, None):
        trace = listen(pre_delete, sender=listening)
        author = Author.objects.create()
        for _ in range(2):
            book = Book.objects.create(author=author)
            Page.objects.create(book=book), Review.objects.create(book=book)
        article = Article.objects.create()
        article.tags.add(Tag.objects.create())
        with statements(connection, trace):
            book.delete(), trace.append("and")
            author.delete(), trace.append("and")
            article.delete()
        kinds = [each if each == "and" else each.startswith("pre_delete") for each in trace]
        found.append([kind for at, kind in enumerate(kinds) if kinds[:at][-1:] != [kind]])
    sent, written = [True, False], [False]
    wanted = [(written, sent, written), (sent, sent, written), (written, written, sent), (sent, sent, sent)]
    return found, [[*one, "and", *two, "and", *three] for one, two, three in wanted]


@law("delete.origin-is-the-callers")
def origin_is_the_callers(Author, Book, pre_delete, post_delete):
    for _ in range(2):
        author = Author.objects.create()
        Book.objects.create(author=author), Book.objects.create(author=author)
    calls = [
        next(iter(author.books.all())),
        author.books.all(),
        Author.objects.filter(pk=author.pk),
        Author.objects.all(),
    ]
    found = []
    for each in calls:
        heard = [hear(signal, lambda origin=None, **_: origin) for signal in (pre_delete, post_delete)]
        each.delete()
        found.append([{origin is each for origin in origins} for origins in heard])
    return found, [[{True}] * 2] * 4


@law("delete.router-decides")
def router_decides(Author, Book, pre_delete, post_delete):
    def family(database):
        author = Author(pk=7)
        author.save(using=database)
        Book(author=author).save(using=database)

    family("default")
    author = Author.objects.get()
    heard = [
        hear(signal, lambda sender, using, **_: (sender.__name__, using)) for signal in (pre_delete, post_delete)
    ]
    found = []
    with routed("other"):
        for act in (
            author.delete,
            Author.objects.all().delete,
            lambda: Author.objects.get(pk=7).books.all().delete(),
            lambda: Author.objects.get(pk=7).delete(using="default"),
        ):
            heard[0].clear(), heard[1].clear()
            family("default"), family("other"), act()
            found.append([sorted(set(each)) for each in heard])
    both, default = [("Author", "other"), ("Book", "other")], [("Author", "default"), ("Book", "default")]
    return found, [[each] * 2 for each in (both, both, both[1:], default)]

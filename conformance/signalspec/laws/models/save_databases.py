"""Laws of the chapter save: in which database an instance is saved."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.models.vocabulary import hear, routed


@law("save.router-decides")
def router_decides(Author, Book, Place, Restaurant, pre_save, post_save):
    for database in ("default", "other"):
        Author(pk=7).save(using=database)
    author = Author.objects.get()
    heard = [hear(signal, lambda using, **_: using) for signal in (pre_save, post_save)]
    with routed("other"):
        author.save(), Restaurant().save()
        Author.objects.create(), Author.objects.get_or_create(name="a")
        for _ in range(2):
            Author.objects.update_or_create(name="b", defaults={"name": "b"})
        author.books.create(), author.books.get_or_create(title="a"), author.books.update_or_create(title="b")
        author.books.add(Book(), bulk=False)
        author.save(using="default"), Author.objects.using("default").create()
    return heard, [["other"] * 10 + ["default"] * 2] * 2

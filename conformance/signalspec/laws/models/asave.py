"""Laws of the chapter asave: models in asynchronous code, and coroutine functions that receive their signals."""

from __future__ import annotations

import asyncio
import threading

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome, run
from signalspec.models.vocabulary import fail, hear, listen


@law("asave.queryset-methods-send", uses=["coroutines"])
def queryset_methods_send(Note, pre_save, post_save):
    trace = listen(pre_save, post_save)

    async def use():
        await Note.objects.acreate(title="a")
        await Note.objects.aget_or_create(title="b")
        await Note.objects.aupdate_or_create(title="c")

    run(use)
    return trace, ["pre_save Note", "post_save Note"] * 3


@law("asave.bulk-methods-are-silent", uses=["coroutines"])
def bulk_methods_are_silent(Note, pre_save, post_save):
    trace = listen(pre_save, post_save)

    async def use():
        await Note.objects.abulk_create([Note()])
        await Note.objects.aupdate(title="a")

    run(use)
    return trace, []


@law("asave.save-and-delete", uses=["coroutines"])
def save_and_delete(Note, pre_save, post_save, pre_delete, post_delete):
    trace = listen(pre_save, post_save, pre_delete, post_delete)

    async def use():
        note = Note()
        await note.asave()
        await note.asave(update_fields=["title"])
        await note.adelete()

    run(use)
    return trace, ["pre_save Note", "post_save Note"] * 2 + ["pre_delete Note", "post_delete Note"]


@law("asave.same-arguments", uses=["coroutines"])
def same_arguments(Note, post_save):
    heard = hear(post_save, lambda created, update_fields, using, raw, **_: (created, update_fields, using, raw))

    async def use():
        note = Note()
        await note.asave(using="other")
        await note.asave(using="other", update_fields=["title"])

    run(use)
    return heard, [(True, None, "other", False), (False, frozenset({"title"}), "other", False)]


@law("asave.queryset-deletes", uses=["coroutines"])
def queryset_deletes(Note, pre_delete, post_delete):
    trace = listen(pre_delete, post_delete)

    async def use():
        await Note.objects.acreate()
        await Note.objects.all().adelete()

    run(use)
    return trace, ["pre_delete Note", "post_delete Note"]


@law("asave.many-to-many", uses=["coroutines"])
def many_to_many(Article, Tag, m2m_changed):
    trace = listen(m2m_changed)

    async def use():
        article, tag = await Article.objects.acreate(), await Tag.objects.acreate()
        await article.tags.aadd(tag)
        await article.tags.aremove(tag)
        await article.tags.aset([tag])
        await article.tags.aclear()

    run(use)
    actions = ("pre_add", "post_add", "pre_remove", "post_remove", "pre_add", "post_add", "pre_clear", "post_clear")
    return trace, [f"m2m_changed Article_tags {action}" for action in actions]


@law("asave.not-in-the-callers-thread", uses=["coroutines"])
def not_in_the_callers_thread(Note, pre_init, post_save):
    made = hear(pre_init, lambda **_: threading.get_ident(), Note)
    saved = hear(post_save, lambda **_: threading.get_ident(), Note)

    async def use():
        await Note().asave()

    run(use)
    here = threading.get_ident()
    return [each == here for each in made + saved], [True, False]


@law("asave.in-the-main-thread-of-async-to-sync", uses=["coroutines"])
def in_the_main_thread(Note, async_to_sync, post_save):
    saved = hear(post_save, lambda **_: threading.get_ident(), Note)

    async def use():
        await Note().asave()

    async_to_sync(use)()
    return [each == threading.get_ident() for each in saved], [True]


@law("asave.raising", uses=["coroutines"])
def raising(Note, post_save):
    post_save.connect(fail, sender=Note)

    async def use():
        await Note().asave()

    return outcome(lambda: run(use)), "raises ArithmeticError"


@law("asave.coroutine-receivers", uses=["coroutines"])
def coroutine_receivers(Article, Tag, pre_init, post_init, pre_save, post_save, pre_delete, post_delete, m2m_changed):
    heard = []

    async def receiver(signal, **_):
        heard.append(signal)

    signals = [pre_init, post_init, pre_save, post_save, m2m_changed, pre_delete, post_delete]
    for signal in signals:
        signal.connect(receiver, sender=Article.tags.through if signal is m2m_changed else Article)
    article = Article.objects.create()
    article.tags.add(Tag.objects.create())
    article.delete()
    return [signals.index(each) for each in heard], [0, 1, 2, 3, 4, 4, 5, 6]


@law("asave.coroutines-come-last", uses=["coroutines"])
def coroutines_come_last(Note, post_save):
    heard = []

    async def one(**_):
        heard.append("asynchronous")

    def two(**_):
        heard.append("synchronous")

    post_save.connect(one, sender=Note), post_save.connect(two, sender=Note)
    Note.objects.create()
    return heard, ["synchronous", "asynchronous"]


@law("asave.coroutines-that-raise", uses=["coroutines"])
def coroutines_that_raise(Note, post_save, post_delete):
    async def receiver(**_):
        raise ArithmeticError

    note = Note.objects.create()
    post_save.connect(receiver, sender=Note), post_delete.connect(receiver, sender=Note)
    raised = [outcome(note.save), outcome(note.delete), outcome(lambda: Note.objects.get_or_create(title="a"))]
    return (raised, Note.objects.count()), (["raises ArithmeticError"] * 3, 1)


@law("asave.coroutines-may-query", uses=["coroutines"])
def coroutines_may_query(Note, transaction, post_save):
    heard = []

    async def receiver(**_):
        heard.append([each.title async for each in Note.objects.all()])

    post_save.connect(receiver, sender=Note)
    with transaction.atomic():
        Note.objects.create(title="a")
    return heard, [["a"]]


@law("asave.coroutines-share-the-transaction", uses=["coroutines"])
def coroutines_share_the_transaction(Note, transaction, post_save):
    heard = []

    async def receiver(**_):
        heard.append(await Note.objects.acount())
        await Note.objects.filter(title="a").aupdate(title="b")

    post_save.connect(receiver, sender=Note)
    with transaction.atomic():
        Note.objects.create(title="a")
        transaction.set_rollback(True)
    return (heard, Note.objects.count()), ([1], 0)


@law("asave.coroutines-in-the-callers-loop", uses=["coroutines"])
def coroutines_in_the_callers_loop(Note, post_save):
    heard = []

    async def receiver(**_):
        heard.append(asyncio.get_running_loop())

    post_save.connect(receiver, sender=Note)

    async def use():
        await Note().asave()
        return [each is asyncio.get_running_loop() for each in heard]

    return run(use), [True]


@law("asave.new-instances-in-asynchronous-code", uses=["coroutines"])
def new_instances_in_asynchronous_code(Note, post_init):
    heard = []

    async def receiver(**_):
        heard.append(1)

    post_init.connect(receiver, sender=Note)

    async def use():
        return Note().pk

    return (outcome(lambda: run(use)), heard), (None, [1])

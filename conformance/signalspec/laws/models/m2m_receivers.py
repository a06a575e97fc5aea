"""Laws of the chapter m2m: receivers that raise, change the relation or prefetch it."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear, listen, statements, when


@law("m2m.raising-rolls-back")
def raising_rolls_back(Article, Tag, m2m_changed):
    article, tag, other = Article.objects.create(), Tag.objects.create(), Tag.objects.create()
    more = Article.objects.create()
    article.tags.add(tag)

    def receiver(action, **_):
        if action.startswith("post"):
            raise ArithmeticError

    m2m_changed.connect(receiver, sender=Article.tags.through)
    raised = []
    for manager, mine, new in ((article.tags, tag, other), (tag.articles, article, more)):
        raised += [
            outcome(lambda: manager.add(new)),
            outcome(lambda: manager.remove(mine)),
            outcome(manager.clear),
            outcome(lambda: manager.set([new])),
            outcome(lambda: manager.set([new], clear=True)),
        ]
    left = [[each.pk for each in manager.all()] for manager in (article.tags, tag.articles)]
    return (raised, left), (["raises ArithmeticError"] * 10, [[tag.pk], [article.pk]])


@law("m2m.pre-raises")
def pre_raises(Article, Tag, connection, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    m2m_changed.connect(fail, sender=Article.tags.through)
    trace = listen(m2m_changed)
    with statements(connection, trace):
        raised = [outcome(lambda: article.tags.add(tag)), outcome(article.tags.clear)]
    return (raised, trace), (["raises ArithmeticError"] * 2, [])


@law("m2m.changing-in-a-receiver")
def changing_in_a_receiver(Article, Tag, m2m_changed):
    article, one, two = Article.objects.create(), Tag.objects.create(), Tag.objects.create()

    def receiver(action, instance, pk_set, **_):
        if action == "post_add" and pk_set == {one.pk}:
            instance.tags.add(two)

    m2m_changed.connect(receiver, sender=Article.tags.through)
    heard = hear(m2m_changed, lambda action, **_: action)
    article.tags.add(one)
    return (heard, article.tags.count()), (["pre_add", "pre_add", "post_add", "post_add"], 2)


@law("m2m.prefetched-is-forgotten")
def prefetched_is_forgotten(Article, Tag, prefetch_related_objects, m2m_changed):
    def receiver(action, instance, **_):
        heard.append((action, len(getattr(instance, name).all())))

    article, tag, heard = Article.objects.create(), Tag.objects.create(), []
    m2m_changed.connect(receiver, sender=Article.tags.through)
    for one, name, other in ((article, "tags", tag), (tag, "articles", article)):
        manager = getattr(one, name)
        calls = (
            lambda: manager.add(other),
            lambda: manager.remove(other),
            lambda: manager.set([other]),
            lambda: manager.set([]),
            manager.create,
            manager.clear,
        )
        for call in calls:
            prefetch_related_objects([one], name)
            call()
    counts = [("add", 0, 1), ("remove", 1, 0), ("add", 0, 1), ("remove", 1, 0), ("add", 0, 1), ("clear", 1, 0)]
    return heard, [
        each for kind, *two in counts for each in zip((f"pre_{kind}", f"post_{kind}"), two, strict=True)
    ] * 2


@law("m2m.prefetching-before-clear")
def prefetching_before_clear(Article, Tag, prefetch_related_objects, m2m_changed):
    article = Article.objects.create()
    article.tags.add(Tag.objects.create())
    when(m2m_changed, lambda instance, **_: prefetch_related_objects([instance], "tags"))
    article.tags.clear()
    return len(article.tags.all()), 0


@law("m2m.prefetching-before-set")
def prefetching_before_set(Article, Tag, prefetch_related_objects, m2m_changed):
    article, old, new = Article.objects.create(), Tag.objects.create(name="old"), Tag.objects.create(name="new")
    article.tags.add(old)
    when(m2m_changed, lambda instance, **_: prefetch_related_objects([instance], "tags"))
    article.tags.set([new])
    return [each.name for each in article.tags.all()], ["new"]


@law("m2m.caught-exceptions-spoil-the-transaction")
def caught_exceptions_spoil_the_transaction(Article, Tag, connection, transaction, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    m2m_changed.connect(fail, sender=Article.tags.through)
    with transaction.atomic():
        raised = outcome(lambda: article.tags.remove(tag))
        spoiled = connection.needs_rollback
    return (raised, spoiled), ("raises ArithmeticError", True)

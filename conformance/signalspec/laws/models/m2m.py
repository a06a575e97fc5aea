"""Laws of the chapter m2m: what changing a many-to-many relation sends."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import hear, listen, statements


@law("m2m.keys")
def keys(Article, Tag, m2m_changed):
    heard = hear(m2m_changed, lambda **named: sorted(named))
    Article.objects.create().tags.add(Tag.objects.create())
    return heard, [["action", "instance", "model", "pk_set", "reverse", "sender", "signal", "using"]] * 2


@law("m2m.keys-and-raw")
def keys_and_raw(Article, Tag, m2m_changed):
    heard = hear(m2m_changed, lambda **named: sorted(named))
    Article.objects.create().tags.add(Tag.objects.create())
    return heard, [["action", "instance", "model", "pk_set", "raw", "reverse", "sender", "signal", "using"]] * 2


@law("m2m.sender-is-through")
def sender_is_through(Article, Band, Singer, Tag, m2m_changed):
    heard = hear(m2m_changed, lambda sender, **_: sender)
    own = hear(m2m_changed, lambda **_: 1, Article.tags.through)
    Article.objects.create().tags.add(Tag.objects.create())
    Tag.objects.create().articles.clear()
    through = Article.tags.through
    return ([each is through for each in heard], own), ([True] * 4, [1] * 4)


@law("m2m.explicit-through")
def explicit_through(Band, Contract, Singer, m2m_changed):
    band, singer = Band.objects.create(), Singer.objects.create()
    heard = hear(m2m_changed, lambda sender, action, reverse, **_: (sender.__name__, action, reverse))
    fee = {"through_defaults": {"fee": 3}}
    for manager, other in ((band.singers, singer), (singer.bands, band)):
        manager.add(other, **fee), manager.remove(other), manager.set([other], **fee), manager.set([], clear=True)
        manager.create(**fee), manager.get_or_create(pk=77, **fee), manager.clear()
    kinds = ("add", "remove", "add", "clear", "add", "add", "clear")
    actions = [f"{when}_{kind}" for kind in kinds for when in ("pre", "post")]
    return heard, [("Contract", action, reverse) for reverse in (False, True) for action in actions]


@law("m2m.explicit-through-rows-are-silent")
def explicit_through_rows_are_silent(Band, Contract, Singer, m2m_changed):
    trace = listen(m2m_changed)
    contract = Contract.objects.create(band=Band.objects.create(), singer=Singer.objects.create())
    contract.save(), contract.delete()
    return trace, []


@law("m2m.through-saves-are-silent")
def through_saves_are_silent(Band, Contract, Singer, pre_save, post_save):
    band, singer = Band.objects.create(), Singer.objects.create()
    trace = listen(pre_save, post_save)
    band.singers.add(singer)
    return (trace, Contract.objects.count()), ([], 1)


@law("m2m.add-order")
def add_order(Article, Tag, connection, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    trace = listen(m2m_changed)
    with statements(connection, trace):
        article.tags.add(tag)
    return trace, ["m2m_changed Article_tags pre_add", "INSERT article_tags", "m2m_changed Article_tags post_add"]


@law("m2m.remove-order")
def remove_order(Article, Tag, connection, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    article.tags.add(tag)
    trace = listen(m2m_changed)
    with statements(connection, trace):
        article.tags.remove(tag)
    return trace, [
        "m2m_changed Article_tags pre_remove",
        "DELETE article_tags",
        "m2m_changed Article_tags post_remove",
    ]


@law("m2m.clear-order")
def clear_order(Article, Tag, connection, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    article.tags.add(tag)
    trace = listen(m2m_changed)
    with statements(connection, trace):
        article.tags.clear()
    return trace, ["m2m_changed Article_tags pre_clear", "DELETE article_tags", "m2m_changed Article_tags post_clear"]


@law("m2m.database-at-each-moment")
def database_at_each_moment(Article, Tag, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    heard = hear(m2m_changed, lambda action, instance, **_: (action, instance.tags.count()))
    article.tags.add(tag)
    article.tags.remove(tag)
    article.tags.add(tag)
    article.tags.clear()
    return heard, [
        *(("pre_add", 0), ("post_add", 1), ("pre_remove", 1), ("post_remove", 0)),
        *(("pre_add", 0), ("post_add", 1), ("pre_clear", 1), ("post_clear", 0)),
    ]


@law("m2m.one-pair-for-a-call")
def one_pair_for_a_call(Article, Tag, m2m_changed):
    article, tags = Article.objects.create(), [Tag.objects.create() for _ in range(3)]
    heard = hear(m2m_changed, lambda action, pk_set, **_: (action, sorted(pk_set)))
    article.tags.add(*tags)
    keys = [tag.pk for tag in tags]
    return heard, [("pre_add", keys), ("post_add", keys)]


@law("m2m.add-tells-what-is-new")
def add_tells_what_is_new(Article, Tag, m2m_changed):
    article, old, new = Article.objects.create(), Tag.objects.create(), Tag.objects.create()
    article.tags.add(old)
    heard = hear(m2m_changed, lambda pk_set, **_: (type(pk_set), set(pk_set)))
    article.tags.add(old, new)
    article.tags.add(old)
    return heard, [(set, {new.pk})] * 2 + [(set, set())] * 2


@law("m2m.add-nothing")
def add_nothing(Article, m2m_changed):
    trace = listen(m2m_changed)
    Article.objects.create().tags.add()
    return trace, []


@law("m2m.remove-tells-what-was-passed")
def remove_tells_what_was_passed(Article, Tag, m2m_changed):
    article, one, two = Article.objects.create(), Tag.objects.create(), Tag.objects.create()
    article.tags.add(one)
    heard = hear(m2m_changed, lambda action, pk_set, **_: (action, set(pk_set)))
    article.tags.remove(one, two)
    article.tags.remove(two.pk)
    return heard, [
        *(("pre_remove", {one.pk, two.pk}), ("post_remove", {one.pk, two.pk})),
        *(("pre_remove", {two.pk}), ("post_remove", {two.pk})),
    ]


@law("m2m.remove-nothing")
def remove_nothing(Article, m2m_changed):
    trace = listen(m2m_changed)
    Article.objects.create().tags.remove()
    return trace, []


@law("m2m.clear-tells-no-keys")
def clear_tells_no_keys(Article, Tag, m2m_changed):
    article = Article.objects.create()
    article.tags.add(Tag.objects.create())
    heard = hear(m2m_changed, lambda action, pk_set, **_: (action, pk_set))
    article.tags.clear()
    article.tags.clear()
    return heard, [("pre_clear", None), ("post_clear", None)] * 2


@law("m2m.set-sends-the-difference")
def set_sends_the_difference(Article, Tag, m2m_changed):
    article, tags = Article.objects.create(), [Tag.objects.create() for _ in range(3)]
    article.tags.add(*tags[:2])
    heard = hear(m2m_changed, lambda action, pk_set, **_: (action, set(pk_set)))
    article.tags.set(tags[1:])
    removed, added = {tags[0].pk}, {tags[2].pk}
    return heard, [("pre_remove", removed), ("post_remove", removed), ("pre_add", added), ("post_add", added)]


@law("m2m.forms-send-the-difference")
def forms_send_the_difference(Article, Tag, m2m_changed):
    from django import forms

    article, tags = Article.objects.create(), [Tag.objects.create() for _ in range(3)]
    article.tags.add(*tags[:2])
    form = forms.modelform_factory(Article, fields=["tags"])(
        {"tags": [each.pk for each in tags[1:]]}, instance=article
    )
    heard = hear(m2m_changed, lambda action, pk_set, **_: (action, pk_set))
    form.save()
    removed, added = {tags[0].pk}, {tags[2].pk}
    return heard, [("pre_remove", removed), ("post_remove", removed), ("pre_add", added), ("post_add", added)]


@law("m2m.set-the-same")
def set_the_same(Article, Tag, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    article.tags.add(tag)
    trace = listen(m2m_changed)
    article.tags.set([tag])
    article.tags.set([tag.pk])
    return trace, []


@law("m2m.set-with-clear")
def set_with_clear(Article, Tag, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    article.tags.add(tag)
    heard = hear(m2m_changed, lambda action, pk_set, **_: (action, pk_set and set(pk_set)))
    article.tags.set([tag], clear=True)
    return heard, [("pre_clear", None), ("post_clear", None), ("pre_add", {tag.pk}), ("post_add", {tag.pk})]


@law("m2m.create-adds")
def create_adds(Article, Tag, m2m_changed, post_save):
    article, tag = Article.objects.create(title="a"), Tag.objects.create(name="a")
    trace = listen(post_save, m2m_changed)
    for manager, name in ((article.tags, "name"), (tag.articles, "title")):
        for call in (manager.create, manager.get_or_create, manager.update_or_create):
            call(**{name: call.__name__}), trace.append("and")
        for call in (manager.get_or_create, manager.update_or_create):
            call(**{name: call.__name__}, defaults={name: call.__name__}), trace.append("found")
    added = ["m2m_changed Article_tags pre_add", "m2m_changed Article_tags post_add", "and"]
    return [each for each in trace if each != "post_save Tag"], [
        *added * 3,
        *["found"] * 2,
        *["post_save Article", *added] * 3,
        *("found", "post_save Article", "found"),
    ]


@law("m2m.reverse")
def reverse(Article, Tag, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()

    def note(sender, action, reverse, instance, model, pk_set, **_):
        names = sender.__name__, type(instance).__name__, model.__name__
        return action, reverse, names, pk_set and (type(pk_set), set(pk_set))

    def calls(manager, one):
        heard.clear()
        manager.add(one), manager.add(one.pk), manager.remove(one), manager.remove(one.pk), manager.set([one])
        manager.set([], clear=True), manager.set([one], clear=True), manager.set([]), manager.clear()
        new = manager.create()
        return list(heard), new.pk

    def wanted(reverse, instance, model, one, new):
        keys = (set, {one})
        some = [("add", keys), ("add", set()), *[("remove", keys)] * 2, ("add", keys), ("clear", None)]
        some += [("clear", None), ("add", keys), ("remove", keys), ("clear", None), ("add", (set, {new}))]
        names = "Article_tags", instance, model
        return [(f"{when}_{what}", reverse, names, keys) for what, keys in some for when in ("pre", "post")]

    heard = hear(m2m_changed, note)
    (forward, new_tag), (backward, new_article) = calls(article.tags, tag), calls(tag.articles, article)
    return [forward, backward], [
        wanted(False, "Article", "Tag", tag.pk, new_tag),
        wanted(True, "Tag", "Article", article.pk, new_article),
    ]


@law("m2m.instance-is-the-callers")
def instance_is_the_callers(Article, Tag, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    heard = hear(m2m_changed, lambda instance, **_: instance)
    for manager, other in ((article.tags, tag), (tag.articles, article)):
        manager.add(other), manager.remove(other), manager.clear(), manager.set([other])
        manager.set([other], clear=True), manager.create()
    return [[each is one for each in heard] for one in (article, tag)], [
        [True] * 14 + [False] * 14,
        [False] * 14 + [True] * 14,
    ]


@law("m2m.instance-keeps-its-class")
def instance_keeps_its_class(Article, Draft, Report, Tag, m2m_changed):
    heard = hear(m2m_changed, lambda sender, instance, **_: (sender is Article.tags.through, type(instance).__name__))
    tag = Tag.objects.create()
    Report.objects.create().tags.add(tag), Draft.objects.create().tags.add(tag)
    return heard, [(True, "Report")] * 2 + [(True, "Draft")] * 2


@law("m2m.symmetrical")
def symmetrical(Town, m2m_changed):
    one, two = Town.objects.create(), Town.objects.create()
    heard = hear(m2m_changed, lambda action, instance, pk_set, **_: (action, instance.pk, set(pk_set)))
    one.neighbours.add(two)
    both = one.neighbours.count(), two.neighbours.count()
    two.neighbours.remove(one)
    return (heard, both, one.neighbours.count()), (
        [
            *(("pre_add", one.pk, {two.pk}), ("post_add", one.pk, {two.pk})),
            *(("pre_remove", two.pk, {one.pk}), ("post_remove", two.pk, {one.pk})),
        ],
        (1, 1),
        0,
    )


@law("m2m.one-transaction")
def one_transaction(Article, Tag, connection, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    heard = hear(m2m_changed, lambda **_: connection.in_atomic_block)
    for manager, other in ((article.tags, tag), (tag.articles, article)):
        manager.add(other), manager.remove(other), manager.clear(), manager.set([other])
        manager.set([]), manager.set([other], clear=True), manager.create(), manager.get_or_create(pk=77)
    return heard, [True] * 36


@law("m2m.using")
def using(Article, Tag, m2m_changed):
    heard = hear(m2m_changed, lambda using, **_: using)
    article, tag = Article.objects.using("other").create(), Tag.objects.using("other").create()
    for manager, other in ((article.tags, tag), (tag.articles, article)):
        manager.add(other), manager.remove(other), manager.clear(), manager.set([other])
        manager.set([]), manager.set([other], clear=True), manager.create(), manager.get_or_create(pk=77)
    Article.objects.create().tags.clear()
    return heard, ["other"] * 36 + ["default"] * 2


@law("m2m.raw-is-false")
def raw_is_false(Article, Tag, m2m_changed):
    heard = hear(m2m_changed, lambda raw=None, **_: raw)
    article, tag = Article.objects.create(), Tag.objects.create()
    article.tags.add(tag), article.tags.remove(tag), article.tags.clear()
    article.tags.set([tag]), article.tags.set([tag], clear=True)
    return heard, [False] * 12


@law("m2m.fixtures")
def fixtures(Article, Tag, serializers, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    article.tags.add(tag)
    text = serializers.serialize("json", [article])
    article.tags.clear()
    heard = hear(m2m_changed, lambda action, pk_set, **_: (action, set(pk_set)))
    for _ in range(2):
        for each in serializers.deserialize("json", text):
            each.save()
    return heard, [("pre_add", {tag.pk}), ("post_add", {tag.pk})]


@law("m2m.raw-from-fixtures")
def raw_from_fixtures(Article, Tag, serializers, m2m_changed):
    article, tag, other = Article.objects.create(), Tag.objects.create(), Tag.objects.create()
    article.tags.add(tag)
    text = serializers.serialize("json", [article])
    article.tags.set([other])
    heard = hear(m2m_changed, lambda action, raw=None, **_: (action, raw))
    for each in serializers.deserialize("json", text):
        each.save()
    return heard, [(action, True) for action in ("pre_remove", "post_remove", "pre_add", "post_add")]


@law("m2m.wrong-objects-are-refused")
def wrong_objects_are_refused(Article, Tag, m2m_changed):
    article = Article.objects.create()
    trace = listen(m2m_changed)
    refused = [outcome(lambda: article.tags.add(article)), outcome(lambda: article.tags.add(Tag()))]
    return (refused, trace), (["raises TypeError", "raises ValueError"], [])


@law("m2m.unsaved-is-refused")
def unsaved_is_refused(Article, Tag, m2m_changed):
    trace = listen(m2m_changed)
    tag = Tag.objects.create()
    return (outcome(lambda: Article().tags.add(tag)), trace), ("raises ValueError", [])


@law("m2m.same-rows-with-and-without-receivers")
def same_rows(Article, Tag, m2m_changed):
    tags = [Tag.objects.create() for _ in range(3)]

    def rows():
        article = Article.objects.create()
        article.tags.add(tags[0])
        article.tags.add(tags[0], tags[1], tags[1])
        article.tags.remove(tags[0])
        article.tags.set([tags[1], tags[2]])
        return [each.pk for each in article.tags.order_by("pk")]

    alone = rows()
    hear(m2m_changed, lambda **_: 1)
    return (alone, rows()), ([tags[1].pk, tags[2].pk],) * 2


@law("m2m.explicit-through-rows-are-deleted-with-signals")
def explicit_through_rows_are_deleted_with_signals(Band, Contract, Singer, pre_delete, post_delete):
    band, singer = Band.objects.create(), Singer.objects.create()
    trace = listen(pre_delete, post_delete)
    band.singers.add(singer)
    band.singers.remove(singer)
    band.singers.add(singer)
    band.singers.clear()
    return trace, ["pre_delete Contract", "post_delete Contract"] * 2

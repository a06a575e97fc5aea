"""Laws of the chapter m2m: which keys are told."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import hear


@law("m2m.add-converts-keys")
def add_converts_keys(Article, Tag, m2m_changed):
    article, tag = Article.objects.create(), Tag.objects.create()
    heard = hear(m2m_changed, lambda pk_set, **_: set(pk_set))
    article.tags.add(str(tag.pk))
    return heard, [{tag.pk}] * 2


@law("m2m.set-converts-keys")
def set_converts_keys(Article, Tag, m2m_changed):
    article, old, new = Article.objects.create(), Tag.objects.create(), Tag.objects.create()
    article.tags.add(old)
    heard = hear(m2m_changed, lambda action, pk_set, **_: (action, set(pk_set)))
    article.tags.set([str(old.pk)])
    article.tags.set([str(old.pk), str(new.pk)])
    return heard, [("pre_add", {new.pk}), ("post_add", {new.pk})]


@law("m2m.post-add-tells-of-rows")
def post_add_tells_of_rows(Article, Tag, transaction, m2m_changed):
    def look(action, instance, pk_set, **_):
        return action != "post_add" or set(pk_set) == {tag.pk for tag in Tag.objects.filter(articles=instance)}

    heard = hear(m2m_changed, look)
    Article.objects.create().tags.add(Tag.objects.create())
    for act in (lambda manager: manager.add(None), lambda manager: manager.set([None])):
        with transaction.atomic():
            outcome(lambda: act(Article.objects.create().tags))
            transaction.set_rollback(True)
    return all(heard), True


@law("m2m.keys-are-primary-keys")
def keys_are_primary_keys(Badge, Scout, m2m_changed):
    scout, badge = Scout.objects.create(), Badge.objects.create(code="swimmer")
    heard = hear(m2m_changed, lambda pk_set, **_: ["key" if each == badge.pk else each for each in pk_set])
    scout.badges.add(badge)
    return heard, [["key"], ["key"]]

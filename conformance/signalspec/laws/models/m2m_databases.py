"""Laws of the chapter m2m: in which database a relation is changed."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.models.vocabulary import hear, routed


@law("m2m.router-decides")
def router_decides(Article, Tag, m2m_changed):
    for database in ("default", "other"):
        Article(pk=7).save(using=database), Tag(pk=7).save(using=database)
    heard = hear(m2m_changed, lambda action, using, **_: using)
    with routed("other"):
        for manager, key in ((Article.objects.get().tags, 7), (Tag.objects.get().articles, 7)):
            manager.add(key), manager.remove(key), manager.set([key])
            manager.set([], clear=True), manager.clear()
            manager.create(), manager.get_or_create(pk=88), manager.update_or_create(pk=99)
    return heard, ["other"] * 32

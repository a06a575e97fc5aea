"""Laws of the chapter lazy: senders that are given by name."""

from __future__ import annotations

import gc
import weakref

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import hear


@law("lazy.by-name")
def by_name(Note, Item, post_save):
    heard = hear(post_save, lambda sender, **_: sender.__name__, "library.Note")
    Note.objects.create(), Item.objects.create()
    return heard, ["Note"]


@law("lazy.every-model-signal")
def every_model_signal(Article, Tag, pre_init, post_init, pre_save, post_save, pre_delete, post_delete, m2m_changed):
    signals = (pre_init, post_init, pre_save, post_save, pre_delete, post_delete)
    heard = [hear(signal, lambda **_: 1, "library.Article") for signal in signals]
    changed = hear(m2m_changed, lambda **_: 1, "library.Article_tags")
    article = Article.objects.create()
    article.tags.add(Tag.objects.create())
    article.delete()
    return (heard, changed), ([[1]] * 6, [1, 1])


@law("lazy.connects-when-the-class-is-there")
def connects_when_the_class_is_there(models, pre_init):
    heard = hear(pre_init, lambda sender, **_: sender.__name__, "library.Later")

    class Later(models.Model):
        class Meta:
            app_label = "library"

    Later()
    return heard, ["Later"]


@law("lazy.model-names-ignore-case")
def model_names_ignore_case(Note, post_save):
    heard = hear(post_save, lambda **_: 1, "library.nOtE")
    Note.objects.create()
    return heard, [1]


@law("lazy.labels-heed-case")
def labels_heed_case(Note, post_save):
    heard = hear(post_save, lambda **_: 1, "Library.Note")
    Note.objects.create()
    return heard, []


@law("lazy.unknown-is-silent")
def unknown_is_silent(Note, post_save):
    heard = hear(post_save, lambda **_: 1, "library.Nothing"), hear(post_save, lambda **_: 1, "nowhere.Note")
    Note.objects.create()
    return heard, ([], [])


@law("lazy.unknown-is-reported")
def unknown_is_reported(checks, post_save):
    hear(post_save, lambda **_: 1, "library.Nothing"), hear(post_save, lambda **_: 1, "nowhere.Note")
    return [each.id for each in checks.run_checks() if each.id.startswith("signals.")], ["signals.E001"] * 2


@law("lazy.malformed")
def malformed(Note, post_save):
    def receiver(**_):
        pass

    names = ("Note", "library.models.Note", "")
    return [outcome(lambda: post_save.connect(receiver, sender=name)) for name in names], ["raises ValueError"] * 3


@law("lazy.same-as-the-class")
def same_as_the_class(Note, post_save):
    heard = []

    def receiver(**_):
        heard.append(1)

    post_save.connect(receiver, sender="library.Note")
    post_save.connect(receiver, sender=Note)
    Note.objects.create()
    return heard, [1]


@law("lazy.disconnect-by-name", uses=["disconnect"])
def disconnect_by_name(Note, post_save):
    heard = []

    def receiver(**_):
        heard.append(1)

    for one, other in (("library.Note", Note), (Note, "library.Note"), ("library.Note", "library.note")):
        post_save.connect(receiver, sender=one)
        post_save.disconnect(receiver, sender=other)
        Note.objects.create()
    return heard, []


@law("lazy.disconnect-returns-none", uses=["disconnect"])
def disconnect_returns_none(Note, post_save):
    def receiver(**_):
        pass

    post_save.connect(receiver, sender=Note)
    return [post_save.disconnect(receiver, sender="library.Note") for _ in range(2)], [None, None]


@law("lazy.uids", uses=["disconnect", "dispatch_uid"])
def uids(Note, post_save):
    heard = []

    def one(**_):
        heard.append("one")

    def two(**_):
        heard.append("two")

    post_save.connect(one, sender="library.Note", dispatch_uid="uid")
    post_save.connect(two, sender=Note, dispatch_uid="uid")
    Note.objects.create()
    post_save.disconnect(sender="library.Note", dispatch_uid="uid")
    Note.objects.create()
    return heard, ["one"]


@law("lazy.decorator")
def decorator(Note, receiver, post_save):
    heard = []

    @receiver(post_save, sender="library.Note")
    def note(**_):
        heard.append(1)

    Note.objects.create()
    return heard, [1]


@law("lazy.several-receivers")
def several_receivers(models, pre_init):
    heard = []

    def one(**_):
        heard.append("one")

    def two(**_):
        heard.append("two")

    pre_init.connect(one, sender="library.Later"), pre_init.connect(two, sender="library.Later")

    class Later(models.Model):
        class Meta:
            app_label = "library"

    Later()
    return heard, ["one", "two"]


@law("lazy.proxies-by-name")
def proxies_by_name(Friend, Person, post_save):
    heard = hear(post_save, lambda sender, **_: sender.__name__, "library.Friend")
    Friend.objects.create(), Person.objects.create()
    return heard, ["Friend"]


@law("lazy.other-registries")
def other_registries(Apps, Note, models, pre_init):
    heard, registry = [], Apps()

    def receiver(sender, **_):
        heard.append(sender is not Note)

    pre_init.connect(receiver, sender="library.Note", apps=registry)
    Note()

    class Meta:
        app_label, apps = "library", registry

    other = type("Note", (models.Model,), {"__module__": Note.__module__, "Meta": Meta})
    other()
    return heard, [True]


@law("lazy.plain-signals-take-no-names")
def plain_signals_take_no_names(models, class_prepared):
    heard = hear(class_prepared, lambda **_: 1, "library.Later")

    class Later(models.Model):
        class Meta:
            app_label = "library"

    return heard, []


@law("lazy.waiting-keeps-nobody-alive")
def waiting_keeps_nobody_alive(pre_init):
    def receiver(**_):
        pass

    pre_init.connect(receiver, sender="library.Later")
    watch = weakref.ref(receiver)
    del receiver
    gc.collect()
    return watch() is None, True


@law("lazy.strong-connections-stay")
def strong_connections_stay(Note, models, pre_init):
    heard = []
    for sender in (None, Note, "library.Note", "library.Later"):
        pre_init.connect(lambda sender=sender, **_: heard.append(sender), sender=sender, weak=False)
    gc.collect()

    class Later(models.Model):
        class Meta:
            app_label = "library"

    Note(), Later()
    return [each.__name__ for each in heard], ["Note", "Note", "Note", "Later", "Later"]


@law("lazy.weak-connections-end")
def weak_connections_end(Note, pre_init):
    heard = []

    def connect(sender, **options):
        def receiver(sender, **_):
            heard.append(sender)

        pre_init.connect(receiver, sender=sender, **options)

    for sender in (None, Note, "library.Note"):
        connect(sender), connect(sender, weak=True)
    gc.collect()
    Note()
    return heard, []


@law("lazy.disconnect-answers", uses=["disconnect", "dispatch_uid"])
def disconnect_answers(Note, pre_init, post_init, pre_save, post_save, pre_delete, post_delete, m2m_changed):
    def receiver(**_):
        pass

    found = []
    for signal in (pre_init, post_init, pre_save, post_save, pre_delete, post_delete, m2m_changed):
        for sender in (Note, None):
            signal.connect(receiver, sender=sender), signal.connect(receiver, sender=sender, dispatch_uid="uid")
            found += [signal.disconnect(receiver, sender=sender) for _ in range(2)]
            found += [signal.disconnect(sender=sender, dispatch_uid="uid") for _ in range(2)]
    return found, [True, False] * 28


@law("lazy.has-listeners", uses=["disconnect", "has_listeners"])
def has_listeners(Item, Note, models, pre_init):
    def receiver(**_):
        pass

    def listened():
        return [pre_init.has_listeners(each) for each in (Note, Item)]

    found = [listened()]
    for connected in ("library.Note", Note):
        for gone in (Note, "library.Note"):
            pre_init.connect(receiver, sender=connected)
            found.append(listened())
            pre_init.disconnect(receiver, sender=gone)
            found.append(listened())
    pre_init.connect(receiver, sender="library.Later")
    found.append(listened())

    class Later(models.Model):
        class Meta:
            app_label = "library"

    found.append([pre_init.has_listeners(Later), *listened()])
    neither = [False, False]
    return found, [neither, *([True, False], neither) * 4, neither, [True, False, False]]


@law("lazy.disconnect-before-the-class", uses=["disconnect", "dispatch_uid"])
def disconnect_before_the_class(models, pre_init):
    heard = []

    def one(**_):
        heard.append("one")

    def two(**_):
        heard.append("two")

    def three(**_):
        heard.append("three")

    pre_init.connect(one, sender="library.Later"), pre_init.connect(three, sender="library.Later")
    pre_init.connect(two, sender="library.Later", dispatch_uid="uid")
    pre_init.disconnect(one, sender="library.Later")
    pre_init.disconnect(sender="library.Later", dispatch_uid="uid")

    class Later(models.Model):
        class Meta:
            app_label = "library"

    Later()
    return heard, ["three"]

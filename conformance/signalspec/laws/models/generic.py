"""Laws of the chapter generic: what generic relations send."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import comments, fail, hear, listen, routed, tables


@law("generic.add-in-bulk-is-silent")
def add_in_bulk_is_silent(pre_save, post_save):
    with comments() as (Photo, Comment):
        photo, other = Photo.objects.create(), Photo.objects.create()
        one, two = other.comments.create(), other.comments.create()
        heard = [hear(signal, lambda **_: 1, Comment) for signal in (pre_save, post_save)]
        photo.comments.add(one, two)
        return (heard, photo.comments.count()), ([[], []], 2)


@law("generic.add-one-by-one")
def add_one_by_one(pre_save, post_save):
    with comments() as (Photo, Comment):
        photo = Photo.objects.create()
        heard = [
            hear(signal, lambda instance, **_: (instance.text, instance.about == photo), Comment)
            for signal in (pre_save, post_save)
        ]
        photo.comments.add(Comment(text="a"), Comment(text="b"), bulk=False)
        return heard, [[("a", True), ("b", True)]] * 2


@law("generic.creates")
def creates(pre_save, post_save):
    with comments() as (Photo, Comment):
        photo = Photo.objects.create()
        heard = [
            hear(signal, lambda instance, **_: (instance.text, instance.about == photo), Comment)
            for signal in (pre_save, post_save)
        ]
        photo.comments.create(text="a")
        photo.comments.get_or_create(text="a"), photo.comments.get_or_create(text="b")
        photo.comments.update_or_create(text="c", defaults={"text": "d"})
        return heard, [[("a", True), ("b", True), ("d", True)]] * 2


@law("generic.removing-deletes")
def removing_deletes(pre_delete, post_delete):
    with comments() as (Photo, Comment):
        photo = Photo.objects.create()
        heard = [hear(signal, lambda instance, **_: instance.text, Comment) for signal in (pre_delete, post_delete)]
        found, calls = [], [("remove", {}), ("set", {}), ("set", {"clear": True}), ("clear", {})]
        for name, more in calls:
            for options in (more, {**more, "bulk": False}):
                Comment.objects.all().delete()
                one, two = photo.comments.create(text="one"), photo.comments.create(text="two")
                heard[0].clear(), heard[1].clear()
                getattr(photo.comments, name)(*{"remove": [one], "set": [[two]], "clear": []}[name], **options)
                found.append([sorted(each) for each in heard])
        both = ["one", "two"]
        return found, [[["one"]] * 2] * 4 + [[both] * 2] * 4


@law("generic.one-transaction")
def one_transaction(connection, pre_save, post_save, pre_delete, post_delete):
    with comments() as (Photo, Comment):
        photo = Photo.objects.create()
        one, two = Comment(), Comment()
        signals = (pre_save, post_save, pre_delete, post_delete)
        heard = [hear(signal, lambda **_: connection.in_atomic_block, Comment) for signal in signals]
        photo.comments.add(one, two, bulk=False)
        photo.comments.remove(one)
        photo.comments.set([])
        photo.comments.add(Comment(), bulk=False)
        photo.comments.clear(bulk=False)
        return heard, [[True] * 3] * 4


@law("generic.raising-rolls-back")
def raising_rolls_back(post_save, post_delete):
    with comments() as (Photo, Comment):
        photo, other = Photo.objects.create(), Photo.objects.create()
        other.comments.create(text="a"), other.comments.create(text="b")
        hear(post_save, lambda instance, **_: instance.text == "b" and fail(), Comment)
        hear(post_delete, lambda instance, **_: instance.text == "b" and fail(), Comment)
        raised = [
            outcome(lambda: photo.comments.add(Comment(text="a"), Comment(text="b"), bulk=False)),
            outcome(lambda: other.comments.clear()),
            outcome(lambda: other.comments.clear(bulk=False)),
            outcome(lambda: other.comments.set([], bulk=False)),
        ]
        return (raised, photo.comments.count(), other.comments.count()), (["raises ArithmeticError"] * 4, 0, 2)


@law("generic.cascade")
def cascade(pre_delete, post_delete):
    with comments() as (Photo, Comment):
        for _ in range(2):
            photo = Photo.objects.create()
            photo.comments.create(), photo.comments.create()
        trace = listen(pre_delete, post_delete)
        heard = hear(pre_delete, lambda **_: Comment.objects.count())
        photo.delete()
        Photo.objects.all().delete()
        found = [sorted(trace[first : first + 3]) for first in range(0, len(trace), 3)]
        sent = [[f"{name} Comment"] * 2 + [f"{name} Photo"] for name in ("pre_delete", "post_delete")]
        return (found, heard, Comment.objects.count()), (sent * 2, [4] * 3 + [2] * 3, 0)


@law("generic.database")
def database(pre_save, post_save, pre_delete, post_delete):
    with comments() as (Photo, Comment):
        signals = (pre_save, post_save, pre_delete, post_delete)
        heard = [hear(signal, lambda using, **_: using, Comment) for signal in signals]
        for database in ("default", "other"):
            photo = Photo.objects.using(database).create()
            photo.comments.create(), photo.comments.add(Comment(), bulk=False)
            photo.comments.remove(photo.comments.first())
            photo.delete()
            Photo(pk=7).save(using=database)
            Photo.objects.using(database).get().comments.create()
            Photo(pk=7).delete(using=database)
        left = [Comment.objects.using(database).count() for database in ("default", "other")]
        return (heard, left), ([["default"] * 3 + ["other"] * 3] * 4, [0, 0])


@law("generic.router-decides")
def router_decides(pre_save, post_save, pre_delete, post_delete):
    with comments() as (Photo, Comment):
        for database in ("default", "other"):
            Photo(pk=7).save(using=database)
            Photo.objects.using(database).get().comments.count()
        photo = Photo.objects.get()
        signals = (pre_save, post_save, pre_delete, post_delete)
        heard = [hear(signal, lambda using, **_: using, Comment) for signal in signals]
        with routed("other"):
            comment = photo.comments.create()
            photo.comments.add(Comment(), bulk=False)
            photo.comments.get_or_create(text="a"), photo.comments.update_or_create(text="b")
            photo.comments.remove(comment), photo.comments.clear(bulk=False)
        return heard, [["other"] * 4] * 4


@law("generic.cascade-from-children")
def cascade_from_children(pre_delete, post_delete):
    with comments() as (Photo, Comment):

        class Portrait(Photo):
            class Meta:
                app_label = "library"

        class Selfie(Portrait):
            class Meta:
                app_label = "library"

        class Print(Photo):
            class Meta:
                app_label = "library"
                proxy = True

        with tables(Portrait, Selfie):
            heard, found = [hear(signal, lambda **_: 1, Comment) for signal in (pre_delete, post_delete)], []
            for model in (Portrait, Selfie, Print):
                for act in (lambda photo: photo.delete(), lambda photo: type(photo).objects.all().delete()):
                    photo = model.objects.create()
                    photo.comments.create(), photo.comments.create()
                    heard[0].clear(), heard[1].clear(), act(photo)
                    found.append(([len(each) for each in heard], Comment.objects.count()))
            return found, [([2, 2], 0)] * 6


@law("generic.cascade-finds-hidden-rows")
def cascade_finds_hidden_rows(Manager, pre_delete, post_delete):
    class Visible(Manager):
        def get_queryset(self):
            return super().get_queryset().exclude(text="hidden")

    with comments(Visible()) as (Photo, Comment):
        signals, found = (pre_delete, post_delete), []
        heard = [hear(signal, lambda instance, **_: instance.text, Comment) for signal in signals]
        for act in (lambda photo: photo.delete(), lambda photo: Photo.objects.all().delete()):
            photo = Photo.objects.create()
            Comment.objects.create(about=photo, text="hidden")
            heard[0].clear(), heard[1].clear(), act(photo)
            found.append(([[*each] for each in heard], Comment._base_manager.count()))
        return found, [([["hidden"]] * 2, 0)] * 2


@law("generic.unsaved-is-refused")
def unsaved_is_refused(pre_save, post_save):
    with comments() as (Photo, Comment):
        heard = [hear(signal, lambda **_: 1, Comment) for signal in (pre_save, post_save)]
        calls = (lambda: Comment(about=Photo()).save(), lambda: Comment.objects.create(about=Photo()))
        refused = [outcome(each) for each in calls]
        return (refused, heard, Comment.objects.count()), (["raises ValueError"] * 2, [[], []], 0)


@law("generic.prefetched-is-forgotten")
def prefetched_is_forgotten(prefetch_related_objects, pre_save, post_save, pre_delete, post_delete):
    with comments() as (Photo, Comment):
        photo, one, found = Photo.objects.create(), Comment(), []
        signals = (pre_save, post_save, pre_delete, post_delete)
        heard = [hear(signal, lambda **_: len(photo.comments.all()), Comment) for signal in signals]
        manager = photo.comments
        for call in (
            lambda: manager.add(one, bulk=False),
            manager.create,
            lambda: manager.remove(one),
            manager.clear,
        ):
            prefetch_related_objects([photo], "comments")
            for each in heard:
                each.clear()
            call()
            found.append([each[0] for each in heard if each])
        return found, [[0, 1], [1, 2], [2, 1], [1, 0]]

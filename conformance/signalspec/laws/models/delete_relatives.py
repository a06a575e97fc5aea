"""Laws of the chapter delete: parents, proxies and what refers to them, and what the database deletes by itself."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import listen, tables, venues


@law("delete.parents-too")
def parents_too(Place, Restaurant, pre_delete, post_delete):
    restaurant = Restaurant.objects.create()
    before, after = listen(pre_delete), listen(post_delete)
    restaurant.delete()
    found = [sorted(before), list(after), Place.objects.count()]
    with venues() as (Venue, Diner, Grill, Fan, Menu, Fire, Regular):
        for act in (lambda grill: grill.delete(), lambda grill: Grill.objects.all().delete()):
            grill = Grill.objects.create()
            Fan.objects.create(of=grill), Menu.objects.create(of=grill), Fire.objects.create(of=grill)
            Regular.objects.create(of_id=grill.pk)
            before.clear(), after.clear(), act(grill)
            found += [sorted(before), [each for each in after if each.endswith(("Venue", "Diner", "Grill"))]]
        left = [model.objects.count() for model in (Venue, Diner, Grill, Fan, Menu, Fire, Regular)]
    names = ["Diner", "Fan", "Fire", "Grill", "Menu", "Regular", "Venue"]
    three = [f"pre_delete {name}" for name in names], [f"post_delete {name}" for name in ("Grill", "Diner", "Venue")]
    two = ["pre_delete Place", "pre_delete Restaurant"], ["post_delete Restaurant", "post_delete Place"]
    return (found, left), ([*two, 0, *three * 2], [0] * 7)


@law("delete.children-too")
def children_too(Place, Restaurant, pre_delete, post_delete):
    Restaurant.objects.create()
    before, after = listen(pre_delete), listen(post_delete)
    Place.objects.get().delete()
    found = [sorted(before), list(after), Restaurant.objects.count()]
    with venues() as (Venue, Diner, Grill, Fan, Menu, Fire, Regular):
        for model in (Venue, Diner):
            for act in (lambda one: one.delete(), lambda one: type(one).objects.all().delete()):
                grill = Grill.objects.create()
                Fan.objects.create(of=grill), Menu.objects.create(of=grill), Fire.objects.create(of=grill)
                Regular.objects.create(of_id=grill.pk)
                before.clear(), after.clear(), act(model.objects.get())
                found += [sorted(before), [each for each in after if each.endswith(("Venue", "Diner", "Grill"))]]
        left = [model.objects.count() for model in (Venue, Diner, Grill, Fan, Menu, Fire, Regular)]
    names = ["Diner", "Fan", "Fire", "Grill", "Menu", "Regular", "Venue"]
    three = [f"pre_delete {name}" for name in names], [f"post_delete {name}" for name in ("Grill", "Diner", "Venue")]
    two = ["pre_delete Place", "pre_delete Restaurant"], ["post_delete Restaurant", "post_delete Place"]
    return (found, left), ([*two, 0, *three * 4], [0] * 7)


@law("delete.keeping-parents-keeps-what-refers-to-them")
def keeping_parents_keeps_what_refers_to_them(pre_delete, post_delete):
    with venues() as (Venue, Diner, Grill, Fan, Menu, Fire, _):
        grill = Grill.objects.create()
        Fan.objects.create(of=grill, once=grill), Menu.objects.create(of=grill), Fire.objects.create(of=grill)
        trace = listen(pre_delete, post_delete)
        grill.delete(keep_parents=True)
        left = [model.objects.count() for model in (Venue, Diner, Grill, Fan, Menu, Fire)]
        sent = [f"{name} {model}" for name in ("pre_delete", "post_delete") for model in ("Fire", "Grill")]
        return (trace, left, Fan.objects.filter(once=None).count()), (sent, [1, 1, 0, 1, 1, 0], 0)


@law("delete.keeping-parents-keeps-what-refers-to-their-proxies")
def keeping_parents_keeps_what_refers_to_their_proxies(pre_delete, post_delete):
    with venues() as (_, Diner, *_, Regular):
        diner = Diner.objects.create()
        Regular.objects.create(of_id=diner.pk)
        trace = listen(pre_delete, post_delete)
        diner.delete(keep_parents=True)
        return (trace, Regular.objects.count()), (["pre_delete Diner", "post_delete Diner"], 1)


@law("delete.by-the-database-is-silent")
def by_the_database_is_silent(models, pre_save, post_save, pre_delete, post_delete):
    class Shelf(models.Model):
        class Meta:
            app_label = "library"

    class Box(models.Model):
        shelf = models.ForeignKey(Shelf, models.DB_CASCADE, related_name="+")

        class Meta:
            app_label = "library"

    class Label(models.Model):
        shelf = models.ForeignKey(Shelf, models.DB_SET_NULL, null=True, related_name="+")

        class Meta:
            app_label = "library"

    class Crate(models.Model):
        shelf = models.ForeignKey(Shelf, models.CASCADE, related_name="+")

        class Meta:
            app_label = "library"

    class Pin(models.Model):
        crate = models.ForeignKey(Crate, models.DB_CASCADE, related_name="+")

        class Meta:
            app_label = "library"

    with tables(Shelf, Box, Label, Crate, Pin):
        trace, found = listen(pre_save, post_save, pre_delete, post_delete), []
        for act in (lambda shelf: shelf.delete(), lambda shelf: Shelf.objects.all().delete()):
            shelf = Shelf.objects.create()
            Box.objects.create(shelf=shelf), Label.objects.create(shelf=shelf)
            Pin.objects.create(crate=Crate.objects.create(shelf=shelf))
            trace.clear(), act(shelf)
            left = [model.objects.count() for model in (Shelf, Box, Crate, Pin)]
            found.append(([*trace], left, Label.objects.filter(shelf=None).count()))
        sent = [f"{name} {model}" for name in ("pre_delete", "post_delete") for model in ("Crate", "Shelf")]
        return found, [(sent, [0] * 4, 1), (sent, [0] * 4, 2)]


@law("delete.hidden-rows-too")
def hidden_rows_too(models, Manager, pre_delete, post_delete):
    class Visible(Manager):
        def get_queryset(self):
            return super().get_queryset().filter(hidden=False)

    class Album(models.Model):
        class Meta:
            app_label = "library"

    class Track(models.Model):
        album = models.ForeignKey(Album, models.CASCADE, related_name="tracks")
        hidden = models.BooleanField(default=True)
        objects = Visible()

        class Meta:
            app_label = "library"

    with tables(Album, Track):
        trace, found = listen(pre_delete, post_delete), []
        for act in (lambda album: album.delete(), lambda album: Album.objects.all().delete()):
            album = Album.objects.create()
            Track.objects.create(album=album)
            trace.clear(), act(album)
            found.append(([*trace], Track._base_manager.count()))
        sent = [f"{name} {model}" for name in ("pre_delete", "post_delete") for model in ("Track", "Album")]
        return found, [(sent, 0)] * 2


@law("delete.distinct-is-refused")
def distinct_is_refused(Note, pre_delete):
    Note.objects.create()
    trace = listen(pre_delete)
    return (outcome(Note.objects.distinct().delete), trace, Note.objects.count()), ("raises TypeError", [], 1)


@law("delete.values-and-unions-are-refused")
def values_and_unions_are_refused(Note, pre_delete):
    Note.objects.create()
    trace = listen(pre_delete)
    notes = Note.objects.all()
    refused = [outcome(notes.values("pk").delete), outcome(notes.union(Note.objects.filter(title="a")).delete)]
    kinds = [each in ("raises TypeError", "raises NotSupportedError") for each in refused]
    return (kinds, trace, Note.objects.count()), ([True] * 2, [], 1)

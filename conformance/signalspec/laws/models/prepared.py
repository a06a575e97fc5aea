"""Laws of the chapter prepared: what making a model class sends."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear


@law("prepared.keys")
def keys(models, class_prepared):
    heard = hear(class_prepared, lambda **named: sorted(named))

    class Later(models.Model):
        class Meta:
            app_label = "library"

    return heard, [["sender", "signal"]]


@law("prepared.sender-is-the-class")
def sender_is_the_class(models, class_prepared):
    heard = hear(class_prepared, lambda sender, **_: sender)

    class Later(models.Model):
        class Meta:
            app_label = "library"

    return [each is Later for each in heard], [True]


@law("prepared.abstract-is-silent")
def abstract_is_silent(models, class_prepared):
    heard = hear(class_prepared, lambda sender, **_: sender.__name__)

    class Later(models.Model):
        class Meta:
            app_label, abstract = "library", True

    class Child(Later):
        class Meta(Later.Meta):
            abstract = False

    return heard, ["Child"]


@law("prepared.proxy")
def proxy(Note, class_prepared):
    heard = hear(class_prepared, lambda sender, **_: (sender.__name__, sender._meta.proxy))

    class Later(Note):
        class Meta:
            app_label, proxy = "library", True

    return heard, [("Later", True)]


@law("prepared.child")
def child(Place, class_prepared):
    heard = hear(class_prepared, lambda sender, **_: sender.__name__)

    class Later(Place):
        class Meta:
            app_label = "library"

    return heard, ["Later"]


@law("prepared.swapped")
def swapped(models, override_settings, class_prepared):
    heard = hear(class_prepared, lambda sender, **_: (sender.__name__, sender._meta.swapped))
    with override_settings(LIBRARY_MODEL="library.Note"):

        class Later(models.Model):
            class Meta:
                app_label, swappable = "library", "LIBRARY_MODEL"

    return heard, [("Later", "library.Note")]


@law("prepared.automatic-through-first")
def automatic_through_first(Note, models, class_prepared):
    heard = hear(class_prepared, lambda sender, **_: sender.__name__)

    class Later(models.Model):
        notes = models.ManyToManyField(Note, related_name="+")

        class Meta:
            app_label = "library"

    return sorted(heard), ["Later", "Later_notes"]


@law("prepared.registered")
def registered_by_then(apps, models, class_prepared):
    def receiver(sender, **_):
        registered.append("later" in apps.all_models["library"])

    registered = []
    class_prepared.connect(receiver)

    class Later(models.Model):
        class Meta:
            app_label = "library"

    return registered, [True]


@law("prepared.fields-are-there")
def fields_are_there(models, class_prepared):
    heard = hear(class_prepared, lambda sender, **_: [each.name for each in sender._meta.local_fields])
    managers = hear(class_prepared, lambda sender, **_: hasattr(sender, "objects"))

    class Later(models.Model):
        name = models.CharField(max_length=1)

        class Meta:
            app_label = "library"

    return (heard, managers), ([["id", "name"]], [True])


@law("prepared.raising-prevents-the-class")
def raising_prevents_the_class(apps, models, class_prepared):
    def make():
        class Later(models.Model):
            class Meta:
                app_label = "library"

    class_prepared.connect(fail)
    return (outcome(make), "later" in apps.all_models["library"]), ("raises ArithmeticError", False)


@law("prepared.once-for-each-class")
def once_for_each_class(Note, class_prepared):
    heard = hear(class_prepared, lambda **_: 1)
    Note.objects.create(), Note.objects.get(), Note.objects.only("title").get()
    return heard, []


@law("prepared.migration-states")
def migration_states(Note, class_prepared):
    from django.db.migrations.state import ModelState, ProjectState

    heard = hear(class_prepared, lambda sender, **_: (sender.__name__, sender is Note))
    state = ProjectState()
    state.add_model(ModelState.from_model(Note))
    state.apps.get_model("library", "Note")
    return heard, [("Note", False)]


@law("prepared.before-lazy-receivers", uses=["has_listeners"])
def before_lazy_receivers(models, class_prepared, post_save):
    def receiver(sender, **_):
        seen.append(post_save.has_listeners(sender))

    seen = []
    hear(post_save, lambda **_: 1, "library.Later")
    class_prepared.connect(receiver)

    class Later(models.Model):
        class Meta:
            app_label = "library"

    return (seen, post_save.has_listeners(Later)), ([False], True)

"""Laws of the chapter save: receivers that raise, change the instance, save or delete."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear, listen, statements, when


@law("save.pre-raises")
def pre_raises(Note, connection, pre_save, post_save):
    note = Note(title="a")
    pre_save.connect(fail, sender=Note)
    trace = listen(pre_save, post_save)
    with statements(connection, trace):
        raised = outcome(note.save)
    return (raised, trace, note.pk, note._state.adding), ("raises ArithmeticError", [], None, True)


@law("save.post-raises")
def post_raises(Note, Restaurant, post_save):
    post_save.connect(fail)
    later = hear(post_save, lambda **_: "later")
    raised = [outcome(Note(title="a").save), outcome(Restaurant().save)]
    counts = Note.objects.count(), Restaurant.objects.count()
    return (raised, later, counts), (["raises ArithmeticError"] * 2, [], (1, 1))


@law("save.post-raises-in-get-or-create")
def post_raises_in_get_or_create(Note, post_save):
    post_save.connect(fail, sender=Note)
    raised = outcome(lambda: Note.objects.get_or_create(title="a"))
    also = outcome(lambda: Note.objects.update_or_create(title="b"))
    return (raised, also, Note.objects.count()), ("raises ArithmeticError", "raises ArithmeticError", 0)


@law("save.caught-exceptions-spoil-nothing")
def caught_exceptions_spoil_nothing(Note, connection, transaction, post_save):
    post_save.connect(fail, sender=Note)
    with transaction.atomic():
        raised = outcome(Note(title="a").save)
        spoiled = connection.needs_rollback
    return (raised, spoiled, Note.objects.count()), ("raises ArithmeticError", False, 1)


@law("save.change-before-is-saved")
def change_before_is_saved(Note, pre_save):
    def receiver(instance, **_):
        instance.title = instance.title.upper()

    pre_save.connect(receiver, sender=Note)
    note = Note.objects.create(title="a")
    return (note.title, Note.objects.get().title), ("A", "A")


@law("save.change-after-is-not-saved")
def change_after_is_not_saved(Note, post_save):
    def receiver(instance, **_):
        instance.title = instance.title.upper()

    post_save.connect(receiver, sender=Note)
    note = Note.objects.create(title="a")
    return (note.title, Note.objects.get().title), ("A", "a")


@law("save.change-outside-update-fields")
def change_outside_update_fields(Note, pre_save):
    def receiver(instance, **_):
        instance.title, instance.text = "changed", "changed"

    note = Note.objects.create(title="a", text="b")
    pre_save.connect(receiver, sender=Note)
    note.save(update_fields=["title"])
    found = Note.objects.get()
    return (note.text, found.title, found.text), ("changed", "changed", "b")


@law("save.key-chosen-before")
def key_chosen_before(Coin, Note, pre_save, post_save):
    def receiver(instance, **_):
        instance.pk = 77

    pre_save.connect(receiver, sender=Note)
    heard = hear(post_save, lambda instance, created, **_: (instance.pk, created), Note)
    Note.objects.create()
    return (heard, list(Note.objects.values_list("pk", flat=True))), ([(77, True)], [77])


@law("save.saving-in-a-receiver")
def saving_in_a_receiver(Note, post_save):
    heard = hear(post_save, lambda created, instance, **_: (created, instance.title), Note)

    def receiver(instance, created, **_):
        if created:
            instance.title = "again"
            instance.save()

    post_save.connect(receiver, sender=Note)
    Note.objects.create(title="a")
    return (heard, Note.objects.get().title), ([(True, "a"), (False, "again")], "again")


@law("save.deleting-in-a-receiver")
def deleting_in_a_receiver(Note, post_save):
    post_save.connect(lambda instance, **_: instance.delete(), sender=Note, weak=False)
    note = Note.objects.create()
    return (note.pk, Note.objects.count()), (None, 0)


@law("save.connected-meanwhile")
def connected_meanwhile(Note, pre_save, post_save):
    heard = []

    def later(**_):
        heard.append("later")

    when(pre_save, lambda **_: post_save.connect(later, sender=Note), Note)
    Note.objects.create()
    return heard, ["later"]


@law("save.quitting-meanwhile", uses=["disconnect"])
def quitting_meanwhile(Note, pre_save, post_save):
    heard = []

    def later(**_):
        heard.append("later")

    post_save.connect(later, sender=Note)
    when(pre_save, lambda **_: post_save.disconnect(later, sender=Note), Note)
    Note.objects.create()
    return heard, []


@law("save.deferred-field-set-before")
def deferred_field_set_before(Note, pre_save):
    def receiver(instance, **_):
        instance.text = "changed"

    Note.objects.create(title="a", text="b")
    pre_save.connect(receiver, sender=Note)
    Note.objects.only("title").get().save()
    return Note.objects.get().text, "changed"

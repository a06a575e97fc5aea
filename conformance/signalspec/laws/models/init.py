"""Laws of the chapter init: what making an instance sends."""

from __future__ import annotations

import copy
import pickle

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear, listen


@law("init.pre-keys")
def pre_keys(Note, pre_init):
    heard = hear(pre_init, lambda **named: sorted(named), Note)
    Note(title="a")
    return heard, [["args", "kwargs", "sender", "signal"]]


@law("init.post-keys")
def post_keys(Note, post_init):
    heard = hear(post_init, lambda **named: sorted(named), Note)
    Note(title="a")
    return heard, [["instance", "sender", "signal"]]


@law("init.pre-then-post")
def pre_then_post(Note, pre_init, post_init):
    trace = listen(pre_init, post_init)
    Note()
    return trace, ["pre_init Note", "post_init Note"]


@law("init.once-for-each-row")
def once_for_each_row(Note, post_init):
    made = [Note.objects.create(title=title).pk for title in "abc"]
    heard = hear(post_init, lambda instance, **_: instance.pk, Note)
    loaded = [note.pk for note in Note.objects.order_by("pk")]
    return (loaded, heard), (made, made)


@law("init.instance-is-the-one-returned")
def instance_is_the_one_returned(Note, post_init):
    Note.objects.create()
    heard = hear(post_init, lambda instance, **_: instance, Note)
    note, made = Note.objects.get(), Note()
    return [heard[0] is note, heard[1] is made], [True, True]


@law("init.sender-is-the-class")
def sender_is_the_class(Friend, Person, Restaurant, Item, pre_init, post_init):
    trace = listen(pre_init, post_init)
    for model in (Person, Friend, Restaurant, Item):
        model()
    return trace, [
        f"{each} {name}" for name in ("Person", "Friend", "Restaurant", "Item") for each in ("pre_init", "post_init")
    ]


@law("init.relatives-are-silent")
def relatives_are_silent(Friend, Person, Place, Restaurant, post_init):
    parents = hear(post_init, lambda **_: "parent", Place)
    people = hear(post_init, lambda **_: "person", Person)
    Restaurant.objects.create(name="a")
    Friend.objects.create(name="a")
    list(Restaurant.objects.all()), list(Friend.objects.all())
    return (parents, people), ([], [])


@law("init.loaded-with-the-queried-class")
def loaded_with_the_queried_class(Friend, Person, post_init):
    Person.objects.create()
    heard = hear(post_init, lambda sender, **_: sender.__name__)
    Person.objects.get(), Friend.objects.get()
    return heard, ["Person", "Friend"]


@law("init.arguments-as-passed")
def arguments_as_passed(Note, pre_init):
    heard = hear(pre_init, lambda args, kwargs, **_: (list(args), dict(kwargs)), Note)
    Note(7, "a"), Note(title="b")
    return heard, [([7, "a"], {}), ([], {"title": "b"})]


@law("init.loaded-values-are-positional")
def loaded_values_are_positional(Note, pre_init):
    note = Note.objects.create(title="a", text="b")
    heard = hear(pre_init, lambda args, kwargs, **_: (list(args), dict(kwargs)), Note)
    Note.objects.get()
    return heard, [([getattr(note, field.attname) for field in Note._meta.concrete_fields], {})]


@law("init.changed-arguments-count")
def changed_arguments_count(Note, pre_init):
    def receiver(kwargs, **_):
        kwargs["title"] = kwargs.pop("text").upper()

    pre_init.connect(receiver, sender=Note)
    note = Note(text="a")
    return (note.title, note.text), ("A", "")


@law("init.callers-arguments-stay")
def callers_arguments_stay(Note, pre_init):
    def receiver(kwargs, **_):
        kwargs["title"] = "b"

    pre_init.connect(receiver, sender=Note)
    mine = {"title": "a"}
    note = Note(**mine)
    return (note.title, mine), ("b", {"title": "a"})


@law("init.fields-are-set")
def fields_are_set(Author, Book, models, post_init):
    class Visit(models.Model):
        times = models.IntegerField(default=0)

        class Meta:
            app_label = "library"

        def set_twice(self, twice):
            self.times = twice // 2

        twice = property(lambda self: 2 * self.times, set_twice)

    author = Author.objects.create()
    heard = hear(post_init, lambda instance, **_: (instance.title, instance.author_id, instance.pk is None), Book)
    visits = hear(post_init, lambda instance, **_: instance.times, Visit)
    Book.objects.create(title="a", author=author)
    Book.objects.get()
    Book(title="b", author_id=author.pk)
    Visit(twice=6), Visit(7, 3)
    return (heard, visits), ([("a", author.pk, True), ("a", author.pk, False), ("b", author.pk, True)], [3, 3])


@law("init.looks-unsaved")
def looks_unsaved(Note, post_init):
    Note.objects.create()
    heard = hear(post_init, lambda instance, **_: (instance._state.adding, instance._state.db), Note)
    note = Note.objects.get()
    return (heard, note._state.adding, note._state.db), ([(True, None)], False, "default")


@law("init.changes-stay")
def changes_stay(Note, post_init):
    def receiver(instance, **_):
        instance.title, instance.extra = instance.title.upper(), True

    Note.objects.create(title="a")
    post_init.connect(receiver, sender=Note)
    return [(each.title, each.extra) for each in (Note(title="b"), Note.objects.get())], [("B", True), ("A", True)]


@law("init.no-instance-no-signal")
def no_instance_no_signal(Note, pre_init, post_init):
    Note.objects.create(title="a")
    trace = listen(pre_init, post_init)
    notes = Note.objects.all()
    list(notes.values()), list(notes.values_list("title")), notes.count(), notes.exists()
    notes.aggregate(), notes.update(title="b"), notes.none()
    return trace, []


@law("init.copies-are-silent")
def copies_are_silent(Note, pre_init, post_init):
    note = Note.objects.create(title="a")
    trace = listen(pre_init, post_init)
    copies = [copy.copy(note), copy.deepcopy(note), pickle.loads(pickle.dumps(note))]
    return (trace, [each.title for each in copies]), ([], ["a"] * 3)


@law("init.writing-is-silent")
def writing_is_silent(Note, pre_init, post_init):
    note, notes = Note(), [Note(), Note()]
    trace = listen(pre_init, post_init)
    note.save(), note.save(), Note.objects.bulk_create(notes), note.delete()
    return trace, []


@law("init.related-instances-too")
def related_instances_too(Author, Book, post_init):
    Book.objects.create(author=Author.objects.create())
    trace = listen(post_init)
    book = Book.objects.get()
    trace.append("looks")
    book.author, book.author
    Book.objects.select_related("author").get()
    return trace, ["post_init Book", "looks", "post_init Author", "post_init Book", "post_init Author"]


@law("init.child-is-loaded-once")
def child_is_loaded_once(Place, Restaurant, post_init):
    Restaurant.objects.create(name="a")
    trace = listen(post_init)
    Restaurant.objects.get()
    trace.append("place")
    Place.objects.get()
    return trace, ["post_init Restaurant", "place", "post_init Place"]


@law("init.deferred-fields")
def deferred_fields(Note, pre_init, post_init):
    Note.objects.create(title="a")
    trace = listen(pre_init, post_init)
    heard = hear(post_init, lambda instance, **_: (type(instance) is Note, instance.get_deferred_fields()))
    Note.objects.only("text").get()
    others = {field.attname for field in Note._meta.concrete_fields if not field.primary_key} - {"text"}
    return (trace, heard), (["pre_init Note", "post_init Note"], [(True, others)])


@law("init.pre-raises")
def pre_raises(Note, pre_init, post_init):
    trace = listen(post_init)
    pre_init.connect(fail, sender=Note)
    return (outcome(lambda: Note()), trace), ("raises ArithmeticError", [])


@law("init.post-raises")
def post_raises(Note, post_init):
    Note.objects.create()
    post_init.connect(fail, sender=Note)
    later = hear(post_init, lambda **_: "later", Note)
    return [outcome(lambda: Note()), outcome(lambda: list(Note.objects.all())), later], [
        "raises ArithmeticError"
    ] * 2 + [[]]


@law("init.wrong-arguments")
def wrong_arguments(Note, pre_init, post_init):
    trace = listen(pre_init, post_init)
    return (outcome(lambda: Note(nothing=1)), trace), ("raises TypeError", ["pre_init Note"])


@law("init.abstract-is-refused")
def abstract_is_refused(Thing, pre_init):
    trace = listen(pre_init)
    return (outcome(lambda: Thing()), trace), ("raises TypeError", [])


@law("init.creating-makes-one")
def creating_makes_one(Note, post_init):
    heard = hear(post_init, lambda instance, **_: instance.title, Note)
    Note.objects.create(title="a")
    Note.objects.get_or_create(title="b")
    Note.objects.update_or_create(title="c")
    return heard, ["a", "b", "c"]


@law("init.migration-states")
def migration_states(Note, apps, post_init):
    from django.db.migrations.state import ProjectState

    old_note = ProjectState.from_apps(apps).apps.get_model("library", "Note")
    own, old = hear(post_init, lambda **_: 1, Note), hear(post_init, lambda **_: 1, old_note)
    everybody = hear(post_init, lambda sender, **_: sender is old_note)
    old_note()
    return (own, old, everybody), ([], [1], [True])


@law("init.in-its-database")
def in_its_database(Note, post_init):
    Note.objects.using("other").create(title="a")
    heard = hear(post_init, lambda instance, **_: instance.title, Note)
    found = [len(Note.objects.using("other")), len(Note.objects.all())]
    return (found, heard), ([1, 0], ["a"])


@law("init.args-are-a-list")
def args_are_a_list(Note, pre_init):
    heard = hear(pre_init, lambda args, **_: type(args).__name__, Note)
    Note(7, "a")
    return heard, ["list"]


@law("init.deferred-fields-can-be-read")
def deferred_fields_can_be_read(Note, post_init):
    Note.objects.create(title="a", text="b")
    heard = hear(post_init, lambda instance, **_: instance.title + instance.text, Note)
    read = outcome(lambda: Note.objects.only("id").get().pk is None)
    return (read, heard and heard[-1]), (False, "ab")

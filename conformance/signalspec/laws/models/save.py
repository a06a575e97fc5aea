"""Laws of the chapter save: what saving an instance sends."""

from __future__ import annotations

import os
import tempfile

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear, listen, statements, when


@law("save.pre-keys")
def pre_keys(Note, pre_save):
    heard = hear(pre_save, lambda **named: sorted(named), Note)
    Note().save()
    return heard, [["instance", "raw", "sender", "signal", "update_fields", "using"]]


@law("save.post-keys")
def post_keys(Note, post_save):
    heard = hear(post_save, lambda **named: sorted(named), Note)
    Note().save()
    return heard, [["created", "instance", "raw", "sender", "signal", "update_fields", "using"]]


@law("save.pre-then-sql-then-post")
def pre_then_sql_then_post(Note, connection, pre_save, post_save):
    trace = listen(pre_save, post_save)
    with statements(connection, trace):
        note = Note.objects.create()
        note.save()
    return trace, [
        *("pre_save Note", "INSERT note", "post_save Note"),
        *("pre_save Note", "UPDATE note", "post_save Note"),
    ]


@law("save.instance-is-the-callers")
def instance_is_the_callers(Note, pre_save, post_save):
    heard = hear(pre_save, lambda instance, **_: instance)
    later = hear(post_save, lambda instance, **_: instance)
    note = Note()
    note.save()
    return [heard[0] is note, later[0] is note], [True, True]


@law("save.database-at-each-moment")
def database_at_each_moment(Note, pre_save, post_save):
    def look(instance, **_):
        return list(Note.objects.values_list("title", flat=True))

    before, after = hear(pre_save, look, Note), hear(post_save, look, Note)
    note = Note(title="a")
    note.save()
    note.title = "b"
    note.save()
    return (before, after), ([[], ["a"]], [["a"], ["b"]])


@law("save.state-before")
def state_before(Note, pre_save):
    heard = hear(pre_save, lambda instance, **_: (instance.pk is None, instance._state.adding, instance._state.db))
    note = Note()
    note.save()
    note.save()
    return heard, [(True, True, None), (False, False, "default")]


@law("save.state-after")
def state_after(Note, post_save):
    heard = hear(post_save, lambda instance, **_: (instance.pk is None, instance._state.adding, instance._state.db))
    note = Note()
    note.save()
    note.save(using="other")
    return heard, [(False, False, "default"), (False, False, "other")]


@law("save.created-says-whether-a-row-came")
def created_says_whether_a_row_came(Note, post_save):
    heard = hear(post_save, lambda created, **_: created, Note)
    note = Note.objects.create()
    note.save()
    Note(pk=note.pk).save()
    Note(pk=note.pk + 7).save()
    note.pk = None
    note.save()
    return heard, [True, False, False, True, True]


@law("save.created-for-a-child")
def created_for_a_child(Place, Restaurant, post_save):
    heard = hear(post_save, lambda sender, created, **_: (sender.__name__, created))
    place = Place.objects.create(name="a")
    Restaurant(place_ptr=place, name="a").save()
    Restaurant.objects.get().save()
    return heard, [("Place", True), ("Restaurant", True), ("Restaurant", False)]


@law("save.created-is-a-bool")
def created_is_a_bool(Note, Coin, post_save):
    heard = hear(post_save, lambda created, **_: type(created) is bool)
    note = Note.objects.create()
    note.save(), note.save(update_fields=["title"]), note.save(force_update=True)
    Coin.objects.create(code="a").save()
    return heard, [True] * 6


@law("save.update-fields-are-not-given")
def update_fields_are_not_given(Note, pre_save, post_save):
    before, after = (hear(signal, lambda update_fields, **_: update_fields, Note) for signal in (pre_save, post_save))
    note = Note.objects.create()
    note.save()
    return (before, after), ([None, None], [None, None])


@law("save.update-fields-are-a-frozenset")
def update_fields_are_a_frozenset(Author, Book, pre_save, post_save):
    book = Book.objects.create(author=Author.objects.create())
    before, after = (hear(signal, lambda update_fields, **_: update_fields, Book) for signal in (pre_save, post_save))
    for given in (["title"], ("author",), {"author_id", "title"}):
        book.save(update_fields=given)
    return (before, after), tuple(
        [frozenset({"title"}), frozenset({"author"}), frozenset({"author_id", "title"})] for _ in range(2)
    )


@law("save.update-fields-empty")
def update_fields_empty(Note, connection, pre_save, post_save):
    note = Note.objects.create()
    trace = listen(pre_save, post_save)
    with statements(connection, trace):
        note.save(update_fields=[])
    return trace, []


@law("save.update-fields-unknown")
def update_fields_unknown(Article, pre_save):
    article = Article.objects.create()
    trace = listen(pre_save)
    refused = [outcome(lambda: article.save(update_fields=[name])) for name in ("nothing", "tags", "id")]
    return (refused, trace), (["raises ValueError"] * 3, [])


@law("save.deferred-fields-are-left-out")
def deferred_fields_are_left_out(Note, pre_save, post_save):
    Note.objects.create()
    before, after = (hear(signal, lambda update_fields, **_: update_fields, Note) for signal in (pre_save, post_save))
    Note.objects.only("title").get().save()
    return (before, after), ([frozenset({"title"})], [frozenset({"title"})])


@law("save.forced-update-misses")
def forced_update_misses(Note, DatabaseError, pre_save, post_save):
    trace = listen(pre_save, post_save)
    found = []
    for options in ({"force_update": True}, {"update_fields": ["title"]}):
        try:
            Note(pk=7).save(**options)
        except DatabaseError:
            found.append("DatabaseError")
    return (found, trace), (["DatabaseError"] * 2, ["pre_save Note"] * 2)


@law("save.not-updated")
def not_updated(Note, pre_save):
    trace = listen(pre_save)
    return (outcome(lambda: Note(pk=7).save(force_update=True)), trace), ("raises NotUpdated", ["pre_save Note"])


@law("save.database-refuses")
def database_refuses(Coin, pre_save, post_save):
    Coin.objects.create(code="a")
    trace = listen(pre_save, post_save)
    coin = Coin(code="a")
    refused = outcome(lambda: coin.save(force_insert=True))
    return (refused, trace, coin._state.adding), ("raises IntegrityError", ["pre_save Coin"], True)


@law("save.options-refused")
def options_refused(Note, pre_save):
    trace = listen(pre_save)
    note = Note()
    refused = [
        outcome(lambda: note.save(force_insert=True, force_update=True)),
        outcome(lambda: note.save(force_insert=True, update_fields=["title"])),
    ]
    return (refused, trace), (["raises ValueError"] * 2, [])


@law("save.unsaved-related")
def unsaved_related(Author, Book, pre_save):
    trace = listen(pre_save)
    return (outcome(lambda: Book(author=Author()).save()), trace), ("raises ValueError", [])


@law("save.proxy")
def proxy(Friend, Person, pre_save, post_save):
    trace, people = listen(pre_save, post_save), hear(post_save, lambda **_: 1, Person)
    friend = Friend.objects.create()
    friend.save()
    return (trace, people), (["pre_save Friend", "post_save Friend"] * 2, [])


@law("save.parents-are-silent")
def parents_are_silent(Restaurant, connection, pre_save, post_save):
    trace = listen(pre_save, post_save)
    with statements(connection, trace):
        Restaurant.objects.create()
    return trace, ["pre_save Restaurant", "INSERT place", "INSERT restaurant", "post_save Restaurant"]


@law("save.abstract-parents")
def abstract_parents(Item, Thing, pre_save, post_save):
    trace, things = listen(pre_save, post_save), hear(post_save, lambda **_: 1, Thing)
    Item.objects.create()
    return (trace, things), (["pre_save Item", "post_save Item"], [])


@law("save.automatic-through-is-silent")
def automatic_through_is_silent(Article, Tag, pre_save, post_save):
    through = Article.tags.through
    article, tag = Article.objects.create(), Tag.objects.create()
    trace = listen(pre_save, post_save)
    link = through(article=article, tag=tag)
    link.save()
    return (trace, through.objects.count()), ([], 1)


@law("save.explicit-through-is-a-model")
def explicit_through_is_a_model(Band, Contract, Singer, pre_save, post_save):
    band, singer = Band.objects.create(), Singer.objects.create()
    trace = listen(pre_save, post_save)
    Contract(band=band, singer=singer).save()
    return trace, ["pre_save Contract", "post_save Contract"]


@law("save.bulk-create-is-silent")
def bulk_create_is_silent(Note, pre_save, post_save):
    trace = listen(pre_save, post_save)
    Note.objects.bulk_create([Note(title="a"), Note(title="b")])
    return (trace, Note.objects.count()), ([], 2)


@law("save.bulk-update-is-silent")
def bulk_update_is_silent(Note, pre_save, post_save):
    note = Note.objects.create(title="a")
    trace = listen(pre_save, post_save)
    note.title = "b"
    Note.objects.bulk_update([note], ["title"])
    return (trace, Note.objects.get().title), ([], "b")


@law("save.update-is-silent")
def update_is_silent(Note, pre_save, post_save):
    Note.objects.create(title="a")
    trace = listen(pre_save, post_save)
    Note.objects.update(title="b")
    return (trace, Note.objects.get().title), ([], "b")


@law("save.related-bulk-is-silent")
def related_bulk_is_silent(Author, Book, Review, pre_save, post_save):
    book = Book.objects.create(author=Author.objects.create())
    one, two = Review.objects.create(), Review.objects.create()
    trace = listen(pre_save, post_save)
    book.reviews.add(one, two)
    book.reviews.remove(one)
    book.reviews.set([one])
    book.reviews.clear()
    return trace, []


@law("save.related-one-by-one")
def related_one_by_one(Author, Book, Review, post_save):
    book = Book.objects.create(author=Author.objects.create())
    one, two = Review.objects.create(text="a"), Review.objects.create(text="b")
    heard = hear(post_save, lambda instance, **_: (instance.text, instance.book_id), Review)
    book.reviews.add(one, two, bulk=False)
    book.reviews.remove(one, bulk=False)
    book.reviews.clear(bulk=False)
    return heard, [("a", book.pk), ("b", book.pk), ("a", None), ("b", None)]


@law("save.related-creates")
def related_creates(Author, Book, pre_save, post_save):
    author = Author.objects.create()
    trace = listen(pre_save, post_save)
    heard = hear(pre_save, lambda instance, **_: instance.author is author, Book)
    author.books.create(), author.books.get_or_create(title="a")
    return (trace, heard), (["pre_save Book", "post_save Book"] * 2, [True, True])


@law("save.no-transaction")
def no_transaction(Note, Restaurant, connection, pre_save, post_save):
    heard = [hear(signal, lambda **_: connection.in_atomic_block) for signal in (pre_save, post_save)]
    Note().save(), Note.objects.create(), Restaurant().save()
    return heard, [[False] * 3] * 2


@law("save.within-the-callers-transaction")
def within_the_callers_transaction(Note, connection, transaction, pre_save, post_save):
    heard = [hear(signal, lambda **_: connection.in_atomic_block) for signal in (pre_save, post_save)]
    with transaction.atomic():
        Note().save()
        transaction.set_rollback(True)
    return (heard, Note.objects.count()), ([[True]] * 2, 0)


@law("save.get-or-create")
def get_or_create(Note, connection, pre_save, post_save):
    trace = listen(pre_save, post_save)
    heard = hear(post_save, lambda created, **_: (created, connection.in_atomic_block), Note)
    made = Note.objects.get_or_create(title="a")[1], Note.objects.get_or_create(title="a")[1]
    return (made, trace, heard), ((True, False), ["pre_save Note", "post_save Note"], [(True, True)])


@law("save.update-or-create")
def update_or_create(Note, connection, pre_save, post_save):
    trace = listen(pre_save, post_save)
    heard = hear(post_save, lambda created, **_: (created, connection.in_atomic_block), Note)
    for text in "ab":
        Note.objects.update_or_create(title="a", defaults={"text": text})
    return (trace, heard), (["pre_save Note", "post_save Note"] * 2, [(True, True), (False, True)])


@law("save.update-or-create-names-fields")
def update_or_create_names_fields(Note, post_save):
    Note.objects.create(title="a")
    heard = hear(post_save, lambda update_fields, **_: update_fields, Note)
    Note.objects.update_or_create(title="a", defaults={"text": "b"})
    return [each and sorted(each) for each in heard], [["text"]]


@law("save.update-or-create-saves-all")
def update_or_create_saves_all(Note, pre_save, post_save):
    def receiver(instance, **_):
        instance.title = "changed"

    Note.objects.create(title="a")
    pre_save.connect(receiver, sender=Note)
    heard = hear(post_save, lambda update_fields, **_: update_fields, Note)
    Note.objects.update_or_create(title="a", defaults={"text": "b"})
    return (heard, Note.objects.get().title), ([None], "changed")


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


@law("save.default-key-is-there")
def default_key_is_there(Ticket, pre_save):
    heard = hear(pre_save, lambda instance, **_: (instance.pk, instance._state.adding), Ticket)
    ticket = Ticket.objects.create()
    return heard, [(ticket.pk, True)]


@law("save.default-key-inserts")
def default_key_inserts(Ticket, connection, post_save):
    trace = listen(post_save)
    with statements(connection, trace):
        Ticket().save()
    return trace, ["INSERT ticket", "post_save Ticket"]


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


@law("save.raw-is-false")
def raw_is_false(Note, pre_save, post_save):
    heard = [hear(signal, lambda raw, **_: raw, Note) for signal in (pre_save, post_save)]
    Note.objects.create().save()
    return heard, [[False, False]] * 2


@law("save.raw-from-fixtures")
def raw_from_fixtures(Note, serializers, pre_save, post_save):
    text = serializers.serialize("json", [Note(pk=7, title="a")])
    before = hear(pre_save, lambda raw, instance, **_: (raw, instance.title), Note)
    after = hear(post_save, lambda raw, created, **_: (raw, created), Note)
    for _ in range(2):
        for each in serializers.deserialize("json", text):
            each.save()
    return (before, after), ([(True, "a")] * 2, [(True, True), (True, False)])


@law("save.raw-saves-no-parents")
def raw_saves_no_parents(Place, Restaurant, serializers, pre_save, post_save):
    restaurant = Restaurant(pk=7, name="a", stars=3)
    text = serializers.serialize("json", [Place(pk=7, name="a"), restaurant])
    trace = listen(pre_save, post_save)
    heard = hear(post_save, lambda sender, instance, **_: (sender.__name__, instance.pk))
    for each in serializers.deserialize("json", text):
        each.save()
    return (trace, heard, Restaurant.objects.get().name), (
        ["pre_save Place", "post_save Place", "pre_save Restaurant", "post_save Restaurant"],
        [("Place", 7), ("Restaurant", 7)],
        "a",
    )


@law("save.raw-skips-the-method")
def raw_skips_the_method(Note, serializers, post_save):
    called, before = [], Note.save
    heard = hear(post_save, lambda **_: 1, Note)
    text = serializers.serialize("json", [Note(pk=7)])
    Note.save = lambda self, **_: called.append(1)
    try:
        for each in serializers.deserialize("json", text):
            each.save()
    finally:
        Note.save = before
    return (called, heard), ([], [1])


@law("save.loaddata")
def loaddata(Note, call_command, connection, serializers, pre_save, post_save):
    text = serializers.serialize("json", [Note(pk=8, title="b"), Note(pk=7, title="a")])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "notes.json")
        with open(path, "w") as file:
            file.write(text)
        heard = hear(post_save, lambda raw, instance, **_: (raw, instance.title, connection.in_atomic_block), Note)
        call_command("loaddata", path, verbosity=0)
    return heard, [(True, "b", True), (True, "a", True)]


@law("save.using")
def using(Note, pre_save, post_save):
    heard = [hear(signal, lambda using, **_: using, Note) for signal in (pre_save, post_save)]
    note = Note()
    note.save()
    note.save(using="other")
    Note.objects.using("other").create(pk=note.pk + 1).save()
    return heard, [["default", "other", "other", "other"]] * 2


@law("save.copy-to-another-database")
def copy_to_another_database(Note, post_save):
    note = Note.objects.create(title="a")
    heard = hear(post_save, lambda using, created, **_: (using, created), Note)
    note.save(using="other")
    note.save(using="other")
    note.save(using="default")
    return heard, [("other", True), ("other", False), ("default", False)]


@law("save.on-commit")
def on_commit(Note, transaction, post_save):
    trace = []

    def receiver(**_):
        trace.append("receiver")
        transaction.on_commit(lambda: trace.append("committed"))

    post_save.connect(receiver, sender=Note)
    Note.objects.create()
    trace.append("saved")
    with transaction.atomic():
        Note.objects.create()
        trace.append("saved")
    return trace, ["receiver", "committed", "saved", "receiver", "saved", "committed"]


@law("save.many-to-many-is-empty-yet")
def many_to_many_is_empty_yet(Article, Tag, post_save):
    heard = hear(post_save, lambda instance, **_: instance.tags.count(), Article)
    article = Article.objects.create()
    article.tags.add(Tag.objects.create())
    return (heard, article.tags.count()), ([0], 1)


@law("save.expressions-stay")
def expressions_stay(F, Item, Restaurant, post_save):
    restaurant = Restaurant.objects.create(stars=1)
    restaurant.stars = F("stars") + 1
    heard = hear(post_save, lambda instance, **_: hasattr(instance.stars, "resolve_expression"), Restaurant)
    restaurant.save()
    return heard, [True]


@law("save.expressions-are-resolved")
def expressions_are_resolved(F, Restaurant, post_save):
    restaurant = Restaurant.objects.create(stars=1)
    restaurant.stars = F("stars") + 1
    heard = hear(post_save, lambda instance, **_: instance.stars, Restaurant)
    restaurant.save()
    return heard, [2]


@law("save.cleaning-is-silent")
def cleaning_is_silent(Note, pre_save, post_save):
    trace = listen(pre_save, post_save)
    Note(title="a", text="b").full_clean()
    return trace, []


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


@law("save.default-key-of-a-row-is-refused")
def default_key_of_a_row_is_refused(Ticket, pre_save, post_save):
    ticket = Ticket.objects.create(seat="a")
    trace = listen(pre_save, post_save)
    refused = outcome(lambda: Ticket(pk=ticket.pk, seat="b").save())
    return (refused, trace, Ticket.objects.get().seat), ("raises IntegrityError", ["pre_save Ticket"], "a")


@law("save.default-key-of-a-row-updates")
def default_key_of_a_row_updates(Ticket, post_save):
    ticket = Ticket.objects.create(seat="a")
    heard = hear(post_save, lambda created, **_: created, Ticket)
    Ticket(pk=ticket.pk, seat="b").save()
    return (heard, Ticket.objects.get().seat), ([False], "b")


@law("save.prefetched-is-forgotten")
def prefetched_is_forgotten(Author, Book, prefetch_related_objects, post_save):
    author = Author.objects.create()
    prefetch_related_objects([author], "books")
    heard = hear(post_save, lambda instance, **_: len(instance.author.books.all()), Book)
    author.books.create()
    return heard, [1]

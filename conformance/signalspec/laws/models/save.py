"""Laws of the chapter save: what saving an instance sends."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import hear, listen, statements, tables, venues


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
def state_before(Note, Restaurant, Article, Tag, pre_save):
    article = Article.objects.create()
    heard = hear(pre_save, lambda instance, **_: (instance.pk is None, instance._state.adding, instance._state.db))
    note = Note()
    note.save()
    note.save()
    Note().save(using="other"), Note().save(force_insert=True), Restaurant().save()
    for manager in (Note.objects, Note.objects.using("other"), Restaurant.objects, article.tags):
        manager.create(), manager.get_or_create(pk=99), manager.update_or_create(pk=77)
    old, new, chosen = (False, False, "default"), (True, True, None), (False, True, None)
    return heard, [new, old, new, new, new, *[new, chosen, chosen] * 4]


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
    with venues() as (Venue, Diner, Grill, *_):
        venue = Venue.objects.create()
        diner = Diner(venue_ptr=venue)
        diner.save()
        Grill(diner_ptr=diner, venue_ptr_id=venue.pk).save()
        Grill.objects.get().save(), Grill.objects.create(), Grill(pk=77).save(), Grill(pk=77).save()
    two = [("Place", True), ("Restaurant", True), ("Restaurant", False)]
    three = [("Venue", True), ("Diner", True), ("Grill", True), ("Grill", False)]
    return heard, [*two, *three, ("Grill", True), ("Grill", True), ("Grill", False)]


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


@law("save.only-the-key-is-loaded")
def only_the_key_is_loaded(Note, connection, pre_save):
    Note.objects.create()
    heard, trace = hear(pre_save, lambda update_fields, **_: update_fields is None, Note), []
    with statements(connection, trace):
        Note.objects.only("title").get().save()
        Note.objects.only("pk").get().save()
    return (True in heard, trace), (False, ["UPDATE note"])


@law("save.generated-fields-are-fresh")
def generated_fields_are_fresh(F, models, post_save):
    class Square(models.Model):
        width = models.IntegerField(default=1)
        area = models.GeneratedField(
            expression=F("width") * F("width"), output_field=models.IntegerField(), db_persist=True
        )

        class Meta:
            app_label = "library"

    with tables(Square):
        heard = hear(post_save, lambda instance, **_: instance.area, Square)
        square = Square.objects.create(width=2)
        square.width = 3
        square.save()
        square.width = 4
        square.save(update_fields=["width"])
        return heard, [4, 9, 16]


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

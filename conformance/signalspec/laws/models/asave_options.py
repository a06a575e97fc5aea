"""Laws of the chapter asave: asynchronous methods pass on every option of those that they stand for."""

from __future__ import annotations

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome, run
from signalspec.models.vocabulary import comments, complaint, hear, related_calls


@law("asave.instance-options")
def instance_options(Place, Restaurant, pre_save, post_save, pre_delete, post_delete):
    calls = [
        *[("save", {"using": database}) for database in ("default", "other")],
        *[("save", {option: True}) for option in ("force_insert", "force_update")],
        ("save", {"update_fields": ["stars"]}),
        *[("delete", {"keep_parents": keep}) for keep in (False, True)],
        ("delete", {"using": "other"}),
    ]

    def sent(prefix, name, options, key):
        for database in ("default", "other"):
            Place.objects.using(database).all().delete()
            Restaurant(pk=7, id=7).save(using=database)
        restaurant = Restaurant(pk=key, id=key, stars=3)
        heard.clear()
        made[0] = restaurant
        came = complaint(getattr(restaurant, prefix + name), **options)
        left = [Model.objects.using(each).count() for Model in (Place, Restaurant) for each in ("default", "other")]
        return came, list(heard), left

    def receiver(signal, sender, instance, origin=None, **named):
        same = instance is made[0], origin is made[0]
        heard.append((signals.index(signal), sender.__name__, same, sorted(named.items())))

    heard, made = [], [None]
    signals = [pre_save, post_save, pre_delete, post_delete]
    for signal in signals:
        signal.connect(receiver)
    found, alike = (
        {
            f"{name}, {options}, key {key}": sent(prefix, name, options, key)
            for name, options in calls
            for key in (7, 8)
        }
        for prefix in ("a", "")
    )
    # A call that sends nothing would tell nothing; of the row with the key 7 each sends.
    telling = [bool(trace) for call, (_, trace, _) in alike.items() if call.endswith("7")]
    return (found, telling), (alike, [True] * len(telling))


@law("asave.queryset-options")
def queryset_options(Coin, pre_save, post_save):
    calls = [
        ("create", [], {"code": "b", "worth": 2}),
        ("create", [], {"code": "a", "worth": 2}),
        *[("get_or_create", [], {"code": code, "defaults": {"worth": 2}}) for code in "ab"],
        *[("update_or_create", [], {"code": code, "defaults": {"worth": 2}}) for code in "ab"],
        ("bulk_create", [[Coin(code=code, worth=2) for code in "ab"]], {"ignore_conflicts": True}),
        (
            *("bulk_create", [[Coin(code=code, worth=2) for code in "ab"]]),
            {"update_conflicts": True, "update_fields": ["worth"], "unique_fields": ["code"]},
        ),
        ("bulk_update", [[Coin(code="a", worth=2)], ["worth"]], {}),
        ("update", [], {"worth": 2}),
    ]

    def sent(prefix, name, arguments, options):
        Coin.objects.all().delete()
        Coin.objects.create(code="a", worth=1)
        heard.clear()
        came = complaint(getattr(Coin.objects, prefix + name), *arguments, **options)
        return came, list(heard), sorted(Coin.objects.values_list("code", "worth"))

    heard = []

    def receiver(signal, instance, update_fields, created=None, **_):
        heard.append((signal is post_save, instance.pk, instance.worth, created, update_fields))

    pre_save.connect(receiver, sender=Coin), post_save.connect(receiver, sender=Coin)
    found = [[sent(prefix, *call) for call in calls] for prefix in ("", "a")]
    return (found[1], any(trace for _, trace, _ in found[0])), (found[0], True)


@law("asave.create-defaults", uses=["coroutines"])
def create_defaults(Coin, post_save):
    heard = hear(post_save, lambda instance, created, **_: (instance.code, instance.worth, created), Coin)

    async def use():
        for _ in range(2):
            await Coin.objects.aupdate_or_create(code="a", defaults={"worth": 2}, create_defaults={"worth": 1})

    return (outcome(lambda: run(use)), heard), (None, [("a", 1, True), ("a", 2, False)])


@law("asave.many-to-many-options")
def many_to_many_options(Band, Contract, Singer, m2m_changed, post_save):
    fee = {"through_defaults": {"fee": 3}}
    calls = [
        ("add", [7, 8], {}),
        ("add", [8], fee),
        ("remove", [7], {}),
        ("set", [[7, 8]], {}),
        ("set", [[7, 8]], {"clear": True}),
        ("set", [[8]], fee),
        ("clear", [], {}),
        ("create", [], {"name": "new", **fee}),
        ("get_or_create", [], {"name": "new", "defaults": {"name": "newer"}, **fee}),
        ("update_or_create", [], {"name": "new", "defaults": {"name": "newer"}, **fee}),
    ]

    def sent(prefix, name, arguments, options):
        Band.objects.all().delete(), Singer.objects.all().delete()
        band = Band.objects.create()
        Singer(pk=7).save(), Singer(pk=8).save()
        band.singers.add(7)
        changed.clear(), saved.clear()
        came = complaint(getattr(band.singers, prefix + name), *arguments, **options)
        fees = sorted(Contract.objects.values_list("singer__name", "fee"))
        return came, [(action, keys and len(keys)) for action, keys in changed], list(saved), fees

    changed = hear(m2m_changed, lambda action, pk_set, **_: (action, pk_set))
    saved = hear(post_save, lambda instance, created, **_: (instance.name, created), Singer)
    found = [[sent(prefix, *call) for call in calls] for prefix in ("", "a")]
    return (found[1], any(trace for _, trace, _, _ in found[0])), (found[0], True)


@law("asave.related-options")
def related_options(Author, Book, Review, pre_save, post_save):
    calls = related_calls()

    def sent(prefix, name, arguments, options):
        Review.objects.all().delete()
        reviews = {text: Review.objects.create(text=text, book=mine if text == "mine" else None) for text in names}
        arguments = [[*map(reviews.get, each)] if isinstance(each, list) else reviews[each] for each in arguments]
        heard.clear()
        came = complaint(getattr(mine.reviews, prefix + name), *arguments, **options)
        return came, list(heard), sorted(mine.reviews.values_list("text", flat=True))

    def receiver(signal, instance, update_fields, created=None, **_):
        heard.append((signal is post_save, instance.text, instance.book == mine, created, update_fields))

    heard, names = [], ("mine", "other")
    mine = Book.objects.create(author=Author.objects.create())
    pre_save.connect(receiver, sender=Review), post_save.connect(receiver, sender=Review)
    found = [[sent(prefix, *call) for call in calls] for prefix in ("", "a")]
    return (found[1], any(trace for _, trace, _ in found[0])), (found[0], True)


@law("asave.generic-options")
def generic_options(pre_save, post_save, pre_delete, post_delete):
    calls = related_calls()

    with comments() as (Photo, Comment):

        def sent(prefix, name, arguments, options):
            Comment.objects.all().delete()
            made = {"mine": photo.comments.create(text="mine"), "other": other.comments.create(text="other")}
            arguments = [[*map(made.get, each)] if isinstance(each, list) else made[each] for each in arguments]
            heard.clear()
            came = complaint(getattr(photo.comments, prefix + name), *arguments, **options)
            return came, list(heard), sorted(photo.comments.values_list("text", flat=True))

        def receiver(signal, instance, created=None, **_):
            heard.append((signals.index(signal), instance.text, instance.about == photo, created))

        heard, signals = [], [pre_save, post_save, pre_delete, post_delete]
        photo, other = Photo.objects.create(), Photo.objects.create()
        for signal in signals:
            signal.connect(receiver, sender=Comment)
        found = [[sent(prefix, *call) for call in calls] for prefix in ("", "a")]
        return (found[1], any(trace for _, trace, _ in found[0])), (found[0], True)

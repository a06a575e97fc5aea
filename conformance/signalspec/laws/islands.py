"""The models that laws ask for, as source: it is executed, and printed in scripts.

They form islands: no model of one refers to a model of another, so a script prints those that its law asks for and
behaves as if all were there.
"""

from __future__ import annotations

from collections.abc import Mapping

ISLANDS: Mapping[tuple[str, ...], str] = {
    ("Note",): """\
class Note(models.Model):
    title = models.CharField(max_length=40, default="")
    text = models.CharField(max_length=40, default="")
""",
    ("Place", "Restaurant"): """\
class Place(models.Model):
    name = models.CharField(max_length=40, default="")


class Restaurant(Place):
    stars = models.IntegerField(default=0)
""",
    ("Person", "Friend"): """\
class Person(models.Model):
    name = models.CharField(max_length=40, default="")


class Friend(Person):
    class Meta:
        proxy = True
""",
    ("Author", "Book", "Page", "Review"): """\
class Author(models.Model):
    name = models.CharField(max_length=40, default="")


class Book(models.Model):
    title = models.CharField(max_length=40, default="")
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")


class Page(models.Model):
    text = models.CharField(max_length=40, default="")
    book = models.ForeignKey(Book, models.CASCADE, related_name="pages")


class Review(models.Model):
    text = models.CharField(max_length=40, default="")
    book = models.ForeignKey(Book, models.SET_NULL, null=True, related_name="reviews")
""",
    ("Country", "City"): """\
class Country(models.Model):
    name = models.CharField(max_length=40, default="")


class City(models.Model):
    country = models.ForeignKey(Country, models.PROTECT)
""",
    ("Tag", "Article", "Report", "Draft"): """\
class Tag(models.Model):
    name = models.CharField(max_length=40, default="")


class Article(models.Model):
    title = models.CharField(max_length=40, default="")
    tags = models.ManyToManyField(Tag, related_name="articles")


class Report(Article):
    pages = models.IntegerField(default=0)


class Draft(Article):
    class Meta:
        proxy = True
""",
    ("Singer", "Band", "Contract"): """\
class Singer(models.Model):
    name = models.CharField(max_length=40, default="")


class Band(models.Model):
    name = models.CharField(max_length=40, default="")
    singers = models.ManyToManyField(Singer, through="Contract", related_name="bands")


class Contract(models.Model):
    band = models.ForeignKey(Band, models.CASCADE)
    singer = models.ForeignKey(Singer, models.CASCADE)
    fee = models.IntegerField(default=0)
""",
    ("Badge", "Scout", "Award"): """\
class Badge(models.Model):
    code = models.CharField(max_length=40, unique=True)


class Scout(models.Model):
    badges = models.ManyToManyField(Badge, through="Award")


class Award(models.Model):
    scout = models.ForeignKey(Scout, models.CASCADE)
    badge = models.ForeignKey(Badge, models.CASCADE, to_field="code")
""",
    ("Town",): """\
class Town(models.Model):
    name = models.CharField(max_length=40, default="")
    neighbours = models.ManyToManyField("self")
""",
    ("Coin",): """\
class Coin(models.Model):
    code = models.CharField(max_length=40, primary_key=True)
    worth = models.IntegerField(default=0)
""",
    ("Ticket",): """\
class Ticket(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    seat = models.CharField(max_length=40, default="")
""",
    ("Thing", "Item"): """\
class Thing(models.Model):
    name = models.CharField(max_length=40, default="")

    class Meta:
        abstract = True


class Item(Thing):
    pass
""",
}
"""The islands, each by its models."""

ISLAND_OF: Mapping[str, str] = {model: source for models, source in ISLANDS.items() for model in models}
"""The island of each model."""

"""Defects of small projects, each with a twin that does the same without it: what the audit is to tell apart."""

from __future__ import annotations

from dataclasses import dataclass

MODELS = """
from django.db import models

class Topping(models.Model):
    name = models.CharField(max_length=9)

class Pizza(models.Model):
    name = models.CharField(max_length=9)
    toppings = models.ManyToManyField(Topping)

class Vegan(Pizza):
    class Meta:
        proxy = True

class Dish(models.Model):
    class Meta:
        abstract = True

class Cake(Dish):
    pass
"""

HEAD = """
from functools import partial
from django.db.models.signals import *
from django.dispatch import Signal
from shop.models import *

def one(**kwargs): pass
def two(**kwargs): pass

class Oven:
    def bake(self, **kwargs): pass
    def __call__(self, **kwargs): pass

oven = Oven()
baked, eaten = Signal(), Signal()
"""

TESTS = """
import gc
from unittest.mock import Mock
from django.test import TestCase
from shop.receivers import *

class ShopTests(TestCase):
    def test_1(self):
        {test}

    def test_2(self):
        pizza = Pizza.objects.create(name="salami")
        pizza.toppings.add(Topping.objects.create(name="salami"))
        Cake.objects.create()
        pizza.save()
        baked.send(sender=Pizza)
        baked.send_robust(sender=oven)
        baked.send(sender="".join(["sal", "ami"]))
        eaten.send(sender=None)
        pizza.delete()
"""


@dataclass(frozen=True)
class Habit:
    """A defect: the rule that finds it, what the module of receivers does, and a test; and the same without it."""

    rule: str
    defect: str
    twin: str
    test: str = "pass"
    twin_test: str = "pass"


HABITS = {
    "uid-copied": Habit(
        "connect-ignored",
        "pre_save.connect(one, Pizza, dispatch_uid='u')\npre_save.connect(two, sender=Pizza, dispatch_uid='u')",
        "pre_save.connect(one, Pizza, dispatch_uid='u')\npre_save.connect(two, sender=Pizza, dispatch_uid='v')",
    ),
    "uid-copied-for-all": Habit(
        "connect-ignored",
        "baked.connect(one, dispatch_uid='u'); baked.connect(oven, dispatch_uid='u')",
        "baked.connect(one, dispatch_uid='u'); eaten.connect(oven, dispatch_uid='u')",
    ),
    "stays-weak": Habit(
        "connect-ignored",
        "baked.connect(oven); baked.connect(oven, weak=False)",
        "baked.connect(oven, weak=False); baked.connect(oven, weak=False)",
    ),
    "uid-is-id": Habit(
        "uid-from-address", "baked.connect(one, dispatch_uid=id(one))", "baked.connect(one, dispatch_uid='one')"
    ),
    "uid-is-repr": Habit(
        "uid-from-address",
        "baked.connect(oven.bake, dispatch_uid=f'{oven.bake}')",
        "baked.connect(oven.bake, dispatch_uid=f'{oven.bake.__qualname__}')",
    ),
    "wrong-signal": Habit(
        "disconnect-missed",
        "pre_save.connect(one, sender=Pizza); post_save.disconnect(one, sender=Pizza)",
        "pre_save.connect(one, sender=Pizza)\nfor each in (post_save, pre_save): each.disconnect(one, sender=Pizza)",
    ),
    "without-sender": Habit(
        "disconnect-missed",
        "pre_save.connect(one, sender=Pizza); pre_save.disconnect(one)",
        "pre_save.connect(one); pre_save.disconnect(one); pre_save.disconnect(one)",
    ),
    "without-uid": Habit(
        "disconnect-missed",
        "baked.connect(one, dispatch_uid='u'); baked.disconnect(one)",
        "baked.connect(one, dispatch_uid='u'); baked.disconnect(one, dispatch_uid='u')",
    ),
    "another-instance": Habit(
        "disconnect-missed",
        "baked.connect(oven.bake); baked.disconnect(Oven().bake)",
        "baked.connect(oven.bake); baked.disconnect(oven.bake)",
    ),
    "another-uid": Habit(
        "disconnect-missed",
        "baked.connect(one, Pizza, dispatch_uid='u'); baked.disconnect(one, dispatch_uid='v')",
        "for each in (Pizza, Cake):\n    baked.disconnect(one, each, dispatch_uid='u')\n"
        "    baked.connect(one, each, dispatch_uid='u')",
    ),
    "wrong-sender": Habit(
        "disconnect-missed",
        "pre_save.connect(one, sender=Pizza); pre_save.disconnect(one, sender=Cake)",
        "pre_save.connect(one, sender=Pizza); pre_save.disconnect(one, sender=Cake)\n"
        "pre_save.disconnect(one, sender=Pizza)",
    ),
    "lambda": Habit(
        "receiver-collected",
        "post_save.connect(lambda **kwargs: None, sender=Pizza)",
        "post_save.connect(lambda **kwargs: None, sender=Pizza, weak=False)",
    ),
    "local-function": Habit(
        "receiver-collected",
        "def ready():\n    def local(**kwargs): pass\n    baked.connect(local)\nready()",
        "def ready():\n    def local(**kwargs): pass\n    baked.connect(local)\n    return local\nkept = ready()",
    ),
    "method-of-a-temporary": Habit("receiver-collected", "baked.connect(Oven().bake)", "baked.connect(oven.bake)"),
    "partial": Habit(
        "receiver-collected", "eaten.connect(partial(one, a=1))", "p = partial(one, a=1)\neaten.connect(p)"
    ),
    "method-of-what-a-function-makes": Habit(
        "receiver-collected",
        "class Trail:\n    def note(self, **kwargs): pass\n    def install(self):\n"
        "        for model in (Pizza, Cake): post_save.connect(self.note, sender=model)\nTrail().install()",
        "class Trail:\n    def note(self, **kwargs): pass\n    def install(self):\n"
        "        for model in (Pizza, Cake): post_save.connect(self.note, sender=model)\n"
        "trail = Trail()\ntrail.install()",
    ),
    "collected-before-it-is-called": Habit(
        "receiver-collected",
        "",
        "",
        test="(lambda me: baked.connect(me.bake))(Oven())\n        baked.send(None)",
        twin_test="mine = Oven(); baked.connect(mine.bake); baked.send(None)\n        del mine; baked.send(None)",
    ),
    "mock-that-stays": Habit(
        "receiver-left",
        "",
        "",
        test="baked.connect(Mock(), weak=False)",
        twin_test="mock = Mock(); baked.connect(mock); self.addCleanup(baked.disconnect, mock)",
    ),
    "lambda-that-stays": Habit(
        "receiver-left",
        "",
        "def listen(): baked.connect(lambda **kwargs: None, weak=False)",
        test="baked.connect(lambda **kwargs: None, weak=False)",
        twin_test="listen(); Signal().connect(lambda **kwargs: None, weak=False)",
    ),
    "cycle-that-waits": Habit(
        "receiver-left",
        "",
        "",
        test="gc.disable()\n        def me(**kwargs): return me\n        baked.connect(me)",
        twin_test="def me(**kwargs): return None\n        baked.connect(me)",
    ),
    "m2m-of-the-model": Habit(
        "sender-never-sends",
        "m2m_changed.connect(one, sender=Pizza)",
        "m2m_changed.connect(one, sender=Pizza.toppings.through)",
    ),
    "m2m-of-the-field": Habit(
        "sender-never-sends",
        "m2m_changed.connect(one, sender=Pizza.toppings)",
        "m2m_changed.connect(one, sender=Pizza._meta.get_field('toppings').remote_field.through)",
    ),
    "no-model": Habit(
        "sender-never-sends",
        "post_save.connect(one, sender=Oven)",
        "post_save.connect(one, sender=Oven); post_save.send(Oven, instance=oven, created=True)",
    ),
    "model-that-migrates": Habit(
        "sender-never-sends",
        "post_migrate.connect(one, sender=Pizza)",
        "from django.apps import apps\npost_migrate.connect(one, sender=apps.get_app_config('shop'))",
    ),
    "abstract": Habit(
        "sender-never-sends", "post_save.connect(one, sender=Dish)", "post_save.connect(one, sender=Cake)"
    ),
    "proxy": Habit(
        "sender-never-sends", "post_save.connect(one, sender=Vegan)", "class_prepared.connect(one, sender=Vegan)"
    ),
    "no-such-model": Habit(
        "sender-never-sends",
        "import django.core.checks\npost_save.connect(one, sender='shop.Piza')",
        "post_save.connect(one, sender='shop.Pizza')",
    ),
    "equal-string": Habit(
        "sender-never-sends",
        "baked.connect(one, sender='sal' + chr(97) + 'mi')",
        "baked.connect(one, sender=Pizza)",
    ),
    "class-for-instance": Habit(
        "sender-never-sends", "baked.connect(one, sender=Oven)", "baked.connect(one, sender=oven)"
    ),
    "auto-created": Habit(
        "sender-never-sends",
        "post_save.connect(one, sender=Pizza.toppings.through)",
        "post_init.connect(one, sender=Pizza.toppings.through)",
    ),
    "cached-none": Habit(
        "sender-not-cached",
        "cached = Signal(use_caching=True)\ncached.connect(one)\ntry: cached.send(None)\nexcept TypeError: pass",
        "cached = Signal(use_caching=True)\ncached.connect(one)\ncached.send(Pizza)",
    ),
    "hears-everything": Habit(
        "hears-everything",
        "post_init.connect(one)",
        "post_init.connect(one, sender=Pizza)",
        test="[kind(id=n) for kind in (Pizza, Topping, Cake) for n in range(50)]",
        twin_test="[kind(id=n) for kind in (Pizza, Topping, Cake) for n in range(50)]",
    ),
    "providing-args": Habit("providing-args", "paid = Signal(['order'])", "paid = Signal()"),
    "order-of-a-set": Habit(
        "order-of-a-set",
        "for handler in {one, two}: eaten.connect(handler)",
        "for signal in {eaten, baked}: signal.connect(one)",
    ),
    "private-attribute": Habit(
        "private-interface",
        "before = post_save.receivers",
        "class A: receivers = lock = 1\nsignal = A\nbefore = A.receivers, signal.lock",
    ),
    "private-name": Habit(
        "private-interface",
        "from django.dispatch.dispatcher import _make_id",
        "from django.dispatch.dispatcher import Signal",
    ),
}

"""The few words that laws about models share; a script gets the source of those that its law uses."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import tempfile


def keep(signal, receiver, sender=None):
    """Connect a receiver, and keep it alive, so that `weak` does not matter."""
    signal.connect(receiver, sender=sender)
    vars(signal).setdefault("kept", []).append(receiver)


def hear(signal, note, sender=None):
    """Return a list that gets what `note` makes of the arguments of each dispatch of `signal`."""
    heard: list = []

    def receiver(**named):
        heard.append(note(**named))

    keep(signal, receiver, sender)
    return heard


def listen(*signals, sender=None):
    """Return a list that gets the name, the sender and the action, if there is one, of each of `signals` sent."""
    from django.db.models import signals as known

    names = {id(signal): name for name, signal in vars(known).items()}
    trace: list = []

    def receiver(signal, sender, action="", **named):
        trace.append(f"{names[id(signal)]} {sender.__name__} {action}".strip())

    for signal in signals:
        keep(signal, receiver, sender)
    return trace


def statements(connection, trace):
    """Return a block in which each change of the database is added to `trace`, as its verb and table."""

    def wrapper(execute, sql, params, many, context):
        verb, _, rest = sql.partition(" ")
        if verb in ("INSERT", "UPDATE", "DELETE"):
            table = re.search("library_([a-z_]+)", rest)
            trace.append(f"{verb} {table and table[1]}")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


def when(signal, act, sender=None):
    """Let the first dispatch of `signal` call `act` with its arguments."""
    done: list = []

    def receiver(**named):
        if not done:
            done.append(True)
            act(**named)

    keep(signal, receiver, sender)


def fail(**named):
    """Be a receiver that raises."""
    raise ArithmeticError


def complaint(call, *arguments, **options):
    """Return the name of what a call raises, if anything; what has to be awaited is."""
    try:
        answer = call(*arguments, **options)
        if asyncio.iscoroutine(answer):
            asyncio.run(answer)
    except Exception as error:
        return type(error).__name__
    return None


def related_calls():
    """Return calls of a manager of related objects: the method, which of `mine` and `other` it gets, and options."""
    return [
        *[("add", ["other"], {"bulk": bulk}) for bulk in (True, False)],
        *[("remove", ["mine"], {"bulk": bulk}) for bulk in (True, False)],
        *[("clear", [], {"bulk": bulk}) for bulk in (True, False)],
        *[
            ("set", [["mine", "other"]], {"bulk": bulk, "clear": clear})
            for bulk in (True, False)
            for clear in (True, False)
        ],
        ("create", [], {"text": "new"}),
        ("get_or_create", [], {"text": "new", "defaults": {"text": "newer"}}),
        ("update_or_create", [], {"text": "mine", "defaults": {"text": "newer"}}),
    ]


@contextlib.contextmanager
def migrations(label):
    """Let the app called `label` have two migrations in the block, which make and change the model Shelf."""
    from django.test import override_settings

    operations = {
        "0001_initial": 'CreateModel("Shelf", [("id", models.AutoField(primary_key=True))])',
        "0002_shelf_width": 'AddField("Shelf", "width", models.IntegerField(default=0))',
    }
    with tempfile.TemporaryDirectory() as folder:
        package = os.path.join(folder, "signals_migrations")
        os.mkdir(package)
        before: list = []
        for name, operation in {"__init__": "", **operations}.items():
            with open(os.path.join(package, f"{name}.py"), "w") as file:
                file.write("from django.db import migrations, models\n")
                file.write("class Migration(migrations.Migration):\n")
                file.write(
                    f"    dependencies = {before}\n    operations = [{operation and 'migrations.' + operation}]\n"
                )
            before = [(label, name)] if operation else []
        sys.path.insert(0, folder)
        try:
            with override_settings(MIGRATION_MODULES={label: "signals_migrations"}):
                yield
        finally:
            sys.path.remove(folder)
            for name in [name for name in sys.modules if name.startswith("signals_migrations")]:
                del sys.modules[name]


@contextlib.contextmanager
def more_apps(**sources):
    """Install more apps in the block, by their names; each has a models module of its source, or none for `None`."""
    from django.conf import settings
    from django.test import override_settings

    with tempfile.TemporaryDirectory() as folder:
        for name, source in sources.items():
            os.mkdir(os.path.join(folder, name))
            for module, text in (("__init__", ""), ("models", source)):
                if text is not None:
                    with open(os.path.join(folder, name, f"{module}.py"), "w") as file:
                        file.write(text)
        sys.path.insert(0, folder)
        try:
            with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, *sources]):
                yield
        finally:
            sys.path.remove(folder)
            for name in [name for name in sys.modules if name.partition(".")[0] in sources]:
                del sys.modules[name]


@contextlib.contextmanager
def tables(*models):
    """Let each database have the tables of `models` in the block: those that others refer to first."""
    from django.db import connections

    for alias in connections:
        with connections[alias].schema_editor() as editor:
            for model in models:
                editor.create_model(model)
    try:
        yield
    finally:
        for alias in connections:
            with connections[alias].schema_editor() as editor:
                for model in reversed(models):
                    editor.delete_model(model)


@contextlib.contextmanager
def comments(manager=None):
    """Let there be models in the block: Photo, and Comment, which refers to any instance; photos have `comments`.

    The default manager of comments may be another one.
    """
    from django.conf import settings
    from django.db import models
    from django.test import override_settings

    with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, "django.contrib.contenttypes"]):
        from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
        from django.contrib.contenttypes.models import ContentType

        class Comment(models.Model):
            text = models.CharField(max_length=40, default="")
            content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
            object_id = models.IntegerField()
            about = GenericForeignKey()
            objects = manager or models.Manager()

            class Meta:
                app_label = "library"

        class Photo(models.Model):
            comments = GenericRelation(Comment)

            class Meta:
                app_label = "library"

        try:
            with tables(ContentType, Photo, Comment):
                yield Photo, Comment
        finally:
            ContentType.objects.clear_cache()


@contextlib.contextmanager
def venues():
    """Let there be models in the block: Venue, its child Diner and the child of that, Grill.

    Fan, Menu and Fire refer to them, and Regular to a proxy of Venue.
    """
    from django.db import models

    class Venue(models.Model):
        class Meta:
            app_label = "library"

    class Diner(Venue):
        class Meta:
            app_label = "library"

    class Grill(Diner):
        class Meta:
            app_label = "library"

    class Spot(Venue):
        class Meta:
            app_label = "library"
            proxy = True

    class Fan(models.Model):
        of = models.ForeignKey(Venue, models.CASCADE, related_name="+")
        once = models.ForeignKey(Venue, models.SET_NULL, null=True, related_name="+")

        class Meta:
            app_label = "library"

    class Menu(models.Model):
        of = models.ForeignKey(Diner, models.CASCADE, related_name="+")

        class Meta:
            app_label = "library"

    class Fire(models.Model):
        of = models.ForeignKey(Grill, models.CASCADE, related_name="+")

        class Meta:
            app_label = "library"

    class Regular(models.Model):
        of = models.ForeignKey(Spot, models.CASCADE, related_name="+")

        class Meta:
            app_label = "library"

    every = Venue, Diner, Grill, Fan, Menu, Fire, Regular
    with tables(*every):
        yield every


def routed(database):
    """Return a block in which a router lets everything be written to `database`, and says nothing else."""
    from types import SimpleNamespace

    from django.test import override_settings

    return override_settings(
        DATABASE_ROUTERS=[
            SimpleNamespace(db_for_write=lambda model, **_: database, allow_relation=lambda *_, **__: True)
        ]
    )


def watch(trace, listening, act):
    """Note in `trace` what the models that are `listening` send; do something at the dispatch that `act` names.

    An entry is the signal, the sender, how many rows it has, whether in a transaction, and what else is passed.
    """
    from django.apps import apps
    from django.db import connection
    from django.db.models import signals

    left = [act] if act else []

    def receiver(signal, sender, instance, **named):
        name = next(each for each, one in vars(signals).items() if one is signal)
        seen = connection.needs_rollback or sender._default_manager.count()
        more = {
            "pre_save": ("update_fields",),
            "post_save": ("created", "update_fields"),
            "m2m_changed": ("action", "reverse", "pk_set"),
        }.get(name, ())
        passed = [named[each] for each in more]
        passed = [tuple(sorted(each)) if isinstance(each, (set, frozenset)) else each for each in passed]
        trace.append((name, sender.__name__, seen, connection.in_atomic_block, *passed))
        if left and left[0][:2] == (name, sender.__name__):
            what = left.pop()[2]
            if what == "raise":
                raise ArithmeticError
            if what == "change":
                instance.name = "changed"
            elif what == "query":
                sender._default_manager.count()
            else:
                getattr(instance, what)()

    for name in ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"):
        for model in listening:
            keep(getattr(signals, name), receiver, apps.get_model("library", model))


def result(step):
    """Return what a step comes to, in a word."""
    try:
        step()
    except Exception as error:
        name = type(error).__name__
        words = {"NotUpdated": "miss", "DatabaseError": "miss", "ValueError": "refused", "AssertionError": "refused"}
        return words.get(name, name)
    return "done"

"""The few words that laws about models share; a script gets the source of those that its law uses."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile


def hear(signal, note, sender=None):
    """Return a list that gets what `note` makes of the arguments of each dispatch of `signal`."""
    heard: list = []

    def receiver(**named):
        heard.append(note(**named))

    signal.connect(receiver, sender=sender, weak=False)
    return heard


def listen(*signals, sender=None):
    """Return a list that gets the name, the sender and the action, if there is one, of each of `signals` sent."""
    from django.db.models import signals as known

    names = {id(signal): name for name, signal in vars(known).items()}
    trace: list = []

    def receiver(signal, sender, action="", **named):
        trace.append(f"{names[id(signal)]} {sender.__name__} {action}".strip())

    for signal in signals:
        signal.connect(receiver, sender=sender, weak=False)
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

    signal.connect(receiver, sender=sender, weak=False)


def fail(**named):
    """Be a receiver that raises."""
    raise ArithmeticError


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
            getattr(signals, name).connect(receiver, sender=apps.get_model("library", model), weak=False)


def result(step):
    """Return what a step comes to, in a word."""
    try:
        step()
    except Exception as error:
        name = type(error).__name__
        words = {"NotUpdated": "miss", "DatabaseError": "miss", "ValueError": "refused", "AssertionError": "refused"}
        return words.get(name, name)
    return "done"

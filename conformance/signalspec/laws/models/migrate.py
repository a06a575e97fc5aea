"""Laws of the chapter migrate: what migrating a database sends."""

from __future__ import annotations

import io
import unittest.mock

from signalspec.laws import law
from signalspec.laws.vocabulary import outcome
from signalspec.models.vocabulary import fail, hear, migrations, more_apps


@law("migrate.keys")
def keys(call_command, pre_migrate, post_migrate):
    heard = [hear(signal, lambda **named: sorted(named)) for signal in (pre_migrate, post_migrate)]
    call_command("migrate", verbosity=0)
    wanted = ["app_config", "apps", "interactive", "plan", "sender", "signal", "using", "verbosity"]
    return heard, [[wanted]] * 2


@law("migrate.keys-and-stdout")
def keys_and_stdout(call_command, pre_migrate, post_migrate):
    heard = [hear(signal, lambda **named: sorted(named)) for signal in (pre_migrate, post_migrate)]
    call_command("migrate", verbosity=0)
    wanted = ["app_config", "apps", "interactive", "plan", "sender", "signal", "stdout", "using", "verbosity"]
    return heard, [[wanted]] * 2


@law("migrate.sender-is-the-app")
def sender_is_the_app(apps, call_command, pre_migrate, post_migrate):
    config = apps.get_app_config("library")
    heard = [
        hear(signal, lambda sender, app_config, **_: (sender is config, app_config is config))
        for signal in (pre_migrate, post_migrate)
    ]
    own = hear(post_migrate, lambda **_: 1, config)
    call_command("migrate", verbosity=0)
    return (heard, own), ([[(True, True)]] * 2, [1])


@law("migrate.arguments-of-the-command")
def arguments_of_the_command(call_command, pre_migrate, post_migrate):
    def note(verbosity, interactive, using, **_):
        return verbosity, interactive, using

    heard = [hear(signal, note) for signal in (pre_migrate, post_migrate)]
    call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=True, database="other")
    return heard, [[(0, False, "default"), (0, True, "other")]] * 2


@law("migrate.also-when-there-is-nothing-to-do")
def also_when_there_is_nothing_to_do(call_command, pre_migrate, post_migrate):
    heard = [hear(signal, lambda plan, **_: plan) for signal in (pre_migrate, post_migrate)]
    with migrations("library"):
        for _ in range(2):
            call_command("migrate", verbosity=0)
        call_command("migrate", "library", "zero", verbosity=0)
    return [[len(each) for each in some] for some in heard], [[2, 0, 2]] * 2


@law("migrate.pre-before-post-after")
def pre_before_post_after(call_command, connection, models, pre_migrate, post_migrate):
    class Drawer(models.Model):
        class Meta:
            app_label = "library"

    def look(**_):
        return [name in connection.introspection.table_names() for name in ("library_shelf", "library_drawer")]

    heard = [hear(signal, look) for signal in (pre_migrate, post_migrate)]
    with migrations("library"):
        call_command("migrate", verbosity=0)
        call_command("migrate", "library", "zero", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.schema_editor() as editor:
        editor.delete_model(Drawer)
    none, shelf, drawer = [False, False], [True, False], [False, True]
    return heard, [[none, shelf, none], [shelf, none, drawer]]


@law("migrate.plan")
def plan(call_command, pre_migrate, post_migrate):
    def note(plan, **_):
        return [(migration.name, backwards) for migration, backwards in plan]

    heard = [hear(signal, note) for signal in (pre_migrate, post_migrate)]
    with migrations("library"):
        call_command("migrate", verbosity=0)
        call_command("migrate", "library", "0001", verbosity=0)
        call_command("migrate", "library", "zero", verbosity=0)
    return heard, [
        [
            [("0001_initial", False), ("0002_shelf_width", False)],
            [("0002_shelf_width", True)],
            [("0001_initial", True)],
        ]
    ] * 2


@law("migrate.apps-before-and-after")
def apps_before_and_after(apps, call_command, pre_migrate, post_migrate):
    def note(**named):
        return sorted(each.__name__ for each in named["apps"].get_models()), named["apps"] is apps

    heard = [hear(signal, note) for signal in (pre_migrate, post_migrate)]
    with migrations("library"):
        call_command("migrate", verbosity=0)
        call_command("migrate", "library", "zero", verbosity=0)
    return heard, [[([], False), (["Shelf"], False)], [(["Shelf"], False), ([], False)]]


@law("migrate.apps-can-be-used", uses=["disconnect"])
def apps_can_be_used(call_command, connection, post_migrate):
    def receiver(apps, **_):
        Shelf = apps.get_model("library", "Shelf")
        Shelf.objects.create(width=3)
        heard.append(list(Shelf.objects.values_list("width", flat=True)))

    heard = []
    with migrations("library"):
        post_migrate.connect(receiver)
        call_command("migrate", verbosity=0)
        post_migrate.disconnect(receiver)
        call_command("migrate", "library", "zero", verbosity=0)
    return heard, [[3]]


@law("migrate.no-transaction")
def no_transaction(call_command, connection, pre_migrate, post_migrate):
    heard = [hear(signal, lambda **_: connection.in_atomic_block) for signal in (pre_migrate, post_migrate)]
    call_command("migrate", verbosity=0)
    return heard, [[False]] * 2


@law("migrate.pre-raises")
def pre_raises(call_command, connection, pre_migrate, post_migrate):
    with migrations("library"):
        pre_migrate.connect(fail)
        after = hear(post_migrate, lambda **_: 1)
        raised = outcome(lambda: call_command("migrate", verbosity=0))
        made = "library_shelf" in connection.introspection.table_names()
    return (raised, made, after), ("raises ArithmeticError", False, [])


@law("migrate.post-raises", uses=["disconnect"])
def post_raises(call_command, connection, pre_migrate, post_migrate):
    with migrations("library"):
        post_migrate.connect(fail)
        raised = outcome(lambda: call_command("migrate", verbosity=0))
        made = "library_shelf" in connection.introspection.table_names()
        post_migrate.disconnect(fail)
        call_command("migrate", "library", "zero", verbosity=0)
    return (raised, made), ("raises ArithmeticError", True)


@law("migrate.other-options-are-silent")
def other_options_are_silent(call_command, pre_migrate, post_migrate):
    heard = [hear(signal, lambda **_: 1) for signal in (pre_migrate, post_migrate)]
    call_command("migrate", plan=True, stdout=io.StringIO())
    call_command("showmigrations", stdout=io.StringIO())
    return heard, [[], []]


@law("migrate.flush")
def flush(Note, call_command, pre_migrate, post_migrate):
    Note.objects.create()
    heard = [hear(signal, lambda using, **_: (using, Note.objects.count())) for signal in (pre_migrate, post_migrate)]
    call_command("flush", verbosity=0, interactive=False)
    return heard, [[], [("default", 0)]]


@law("migrate.flush-can-be-silent")
def flush_can_be_silent(Note, call_command, post_migrate):
    heard = hear(post_migrate, lambda **_: 1)
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    return heard, []


@law("migrate.applying-sends-no-saves")
def applying_sends_no_saves(Note, call_command, class_prepared, post_save):
    Note.objects.create()
    heard = hear(post_save, lambda sender, **_: sender.__module__)
    with migrations("library"):
        call_command("migrate", verbosity=0)
        call_command("migrate", "library", "zero", verbosity=0)
    return sorted(set(heard)), ["django.db.migrations.recorder"]


@law("migrate.flush-passes-plan-and-apps")
def flush_passes_plan_and_apps(Note, call_command, post_migrate):
    heard = hear(post_migrate, lambda **named: sorted({"plan", "apps"} & {*named}))
    call_command("flush", verbosity=0, interactive=False)
    return heard, [["apps", "plan"]]


@law("migrate.flush-arguments")
def flush_arguments(Note, call_command, post_migrate):
    heard = hear(post_migrate, lambda verbosity, interactive, using, **_: (verbosity, interactive, using))
    for database in ("default", "other"):
        call_command("flush", verbosity=0, interactive=False, database=database)
    for answer in ("yes", "no"):
        with unittest.mock.patch("builtins.input", lambda *_, answer=answer: answer):
            call_command("flush", verbosity=0, interactive=True, stdout=io.StringIO())
    return heard, [(0, False, "default"), (0, False, "other"), (0, True, "default")]


@law("migrate.apps-with-a-models-module")
def apps_with_a_models_module(Note, call_command, pre_migrate, post_migrate):
    heard = [hear(signal, lambda sender, **_: sender.label) for signal in (pre_migrate, post_migrate)]
    with more_apps(with_models="", without_models=None):
        call_command("migrate", verbosity=0)
        call_command("flush", verbosity=0, interactive=False)
    names = ["library", "with_models"]
    return [sorted(each) for each in heard], [names, sorted(names * 2)]


@law("migrate.check-is-silent")
def check_is_silent(call_command, connection, pre_migrate, post_migrate):
    heard = [hear(signal, lambda **_: 1) for signal in (pre_migrate, post_migrate)]
    found = []
    with migrations("library"):
        for _ in range(2):
            try:
                found.append(call_command("migrate", check_unapplied=True, verbosity=0, stdout=io.StringIO()))
            except SystemExit:
                found.append("exits")
            call_command("migrate", verbosity=0)
        call_command("migrate", "library", "zero", verbosity=0)
    return (found, heard), (["exits", None], [[1] * 3] * 2)


@law("migrate.faked")
def faked(call_command, connection, pre_migrate, post_migrate):
    def note(plan, **_):
        return [(migration.name, backwards) for migration, backwards in plan]

    heard = [hear(signal, note) for signal in (pre_migrate, post_migrate)]
    with migrations("library"):
        call_command("migrate", "library", fake=True, verbosity=0)
        made = "library_shelf" in connection.introspection.table_names()
        call_command("migrate", "library", "zero", fake=True, verbosity=0)
        call_command("migrate", fake_initial=True, run_syncdb=True, verbosity=0)
        call_command("migrate", "library", "zero", verbosity=0)
    one, two = "0001_initial", "0002_shelf_width"
    plans = [[(one, False), (two, False)], [(two, True), (one, True)]] * 2
    return (heard, made), ([plans] * 2, False)


@law("migrate.stdout")
def stdout(call_command, pre_migrate, post_migrate):
    for signal, word in ((pre_migrate, "before"), (post_migrate, "after")):
        hear(signal, lambda stdout, word=word, **_: stdout.write(word))
    text = io.StringIO()
    call_command("migrate", verbosity=0, stdout=text)
    return text.getvalue().split(), ["before", "after"]

"""Faults of the chapter migrate."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import EMITTING, EXECUTOR, FLUSH, MIGRATE

_PRE = (
    "        models.signals.pre_migrate.send(\n            sender=app_config,\n            app_config=app_config,\n"
)
_POST = (
    "        models.signals.post_migrate.send(\n            sender=app_config,\n            app_config=app_config,\n"
)
_EMIT_PRE = (
    "        emit_pre_migrate_signal(\n"
    "            self.verbosity,\n"
    "            self.interactive,\n"
    "            connection.alias,\n"
    "            stdout=self.stdout,\n"
)
_EMIT_POST = (
    "        emit_post_migrate_signal(\n"
    "            self.verbosity,\n"
    "            self.interactive,\n"
    "            connection.alias,\n"
    "            stdout=self.stdout,\n"
)
_FLUSHED = "            if sql_list and not inhibit_post_migrate:\n"
_EXECUTES = "            try:\n                connection.ops.execute_sql_flush(sql_list)\n"
_EMITS = "emit_post_migrate_signal(verbosity, interactive, database)"

FAULTS = [
    DjangoFault(
        "migrate.keys-and-stdout",
        "stdout is not passed.",
        MIGRATE,
        {_EMIT_POST: _EMIT_POST.replace("            stdout=self.stdout,\n", "")},
    ),
    DjangoFault(
        "migrate.sender-is-the-app",
        "The sender is the label.",
        EMITTING,
        {_POST: _POST.replace("sender=app_config", "sender=app_config.label")},
    ),
    DjangoFault(
        "migrate.sender-is-the-app",
        "The sender is the module of models.",
        EMITTING,
        {_PRE: _PRE.replace("sender=app_config", "sender=app_config.models_module")},
    ),
    DjangoFault(
        "migrate.arguments-of-the-command",
        "The receivers get the default database.",
        MIGRATE,
        {_EMIT_POST: _EMIT_POST.replace("connection.alias", "DEFAULT_DB_ALIAS")},
    ),
    DjangoFault(
        "migrate.also-when-there-is-nothing-to-do",
        "Without a plan nothing is sent.",
        MIGRATE,
        {_EMIT_PRE: ("        if not plan and not run_syncdb:\n            return\n") + _EMIT_PRE},
    ),
    DjangoFault(
        "migrate.pre-before-post-after",
        "pre_migrate comes after the migrations.",
        MIGRATE,
        {
            _EMIT_POST: (
                "        emit_pre_migrate_signal(self.verbosity, self.interactive, connection.alias, "
                "stdout=self.stdout, apps=pre_migrate_apps, plan=plan)\n"
            )
            + _EMIT_POST,
            _EMIT_PRE: _EMIT_PRE.replace(
                "emit_pre_migrate_signal(", "dict(a=self.verbosity, b=self.interactive, c=connection.alias, "
            ).replace(
                ("            self.verbosity,\n            self.interactive,\n            connection.alias,\n"), ""
            ),
        },
    ),
    DjangoFault(
        "migrate.plan",
        "The plan of post_migrate is empty.",
        MIGRATE,
        {
            _EMIT_POST + ("            apps=post_migrate_apps,\n            plan=plan,\n"): _EMIT_POST
            + ("            apps=post_migrate_apps,\n            plan=[],\n")
        },
    ),
    DjangoFault(
        "migrate.apps-before-and-after",
        "apps of post_migrate are those before.",
        MIGRATE,
        {_EMIT_POST + "            apps=post_migrate_apps,\n": _EMIT_POST + "            apps=pre_migrate_apps,\n"},
    ),
    DjangoFault(
        "migrate.apps-before-and-after",
        "apps is the project's registry.",
        MIGRATE,
        {_EMIT_PRE + "            apps=pre_migrate_apps,\n": _EMIT_PRE + "            apps=apps,\n"},
    ),
    DjangoFault(
        "migrate.apps-can-be-used",
        "apps of post_migrate have no models.",
        MIGRATE,
        {
            _EMIT_POST + "            apps=post_migrate_apps,\n": _EMIT_POST
            + "            apps=ProjectState().apps,\n"
        },
    ),
    DjangoFault(
        "migrate.no-transaction",
        "post_migrate is inside a transaction.",
        EMITTING,
        {
            _POST: (
                "        from django.db import transaction\n"
                "        with transaction.atomic(using=db):\n"
                "         models.signals.post_migrate.send(\n"
                "            sender=app_config,\n"
                "            app_config=app_config,\n"
            )
        },
    ),
    DjangoFault(
        "migrate.pre-raises",
        "Exceptions of pre_migrate are dropped.",
        EMITTING,
        {_PRE: _PRE.replace(".send(", ".send_robust(")},
    ),
    DjangoFault(
        "migrate.post-raises",
        "Exceptions of post_migrate are dropped.",
        EMITTING,
        {_POST: _POST.replace(".send(", ".send_robust(")},
    ),
    DjangoFault(
        "migrate.other-options-are-silent",
        "migrate --plan sends.",
        MIGRATE,
        {
            '        if options["plan"]:\n': (
                '        if options["plan"]:\n            emit_pre_migrate_signal(0, False, connection.alias)\n'
            )
        },
    ),
    DjangoFault(
        "migrate.flush",
        "flush sends before it empties.",
        FLUSH,
        {
            _EXECUTES: "            emit_post_migrate_signal(verbosity, interactive, database)\n" + _EXECUTES,
            _FLUSHED: "            if False:\n",
        },
    ),
    DjangoFault("migrate.flush", "flush sends nothing.", FLUSH, {_FLUSHED: "            if False:\n"}),
    DjangoFault(
        "migrate.flush-can-be-silent", "flush always sends.", FLUSH, {_FLUSHED: "            if sql_list:\n"}
    ),
    DjangoFault(
        "migrate.applying-sends-no-saves",
        "Applying a migration saves its models.",
        EXECUTOR,
        {
            "        migration_recorded = False\n": (
                "        migration_recorded = False\n"
                "        from django.apps import apps as known\n"
                "        for each in known.get_model('library.note').objects.all():\n"
                "            each.save()\n"
            )
        },
    ),
    DjangoFault(
        "migrate.flush-arguments",
        "flush passes the default database.",
        FLUSH,
        {_EMITS: _EMITS.replace("interactive, database", "interactive, DEFAULT_DB_ALIAS")},
    ),
    DjangoFault(
        "migrate.flush-arguments",
        "flush is always interactive.",
        FLUSH,
        {_EMITS: _EMITS.replace("interactive, database", "True, database")},
    ),
    DjangoFault(
        "migrate.faked",
        "After faked migrations nothing is sent.",
        MIGRATE,
        {_EMIT_POST: "        if options['fake']:\n            return\n" + _EMIT_POST},
    ),
    DjangoFault(
        "migrate.faked",
        "Faked migrations send post_migrate alone.",
        MIGRATE,
        {
            _EMIT_PRE: "        emit = (lambda *_, **__: None) if options['fake'] else emit_pre_migrate_signal\n"
            + _EMIT_PRE.replace("emit_pre_migrate_signal", "emit")
        },
    ),
    DjangoFault(
        "migrate.pre-before-post-after",
        "pre_migrate comes after --run-syncdb.",
        MIGRATE,
        {
            _EMIT_PRE: "        emit = (lambda *_, **__: None) if run_syncdb else emit_pre_migrate_signal\n"
            + _EMIT_PRE.replace("emit_pre_migrate_signal", "emit"),
            "        # Migrate!\n": (
                "        if run_syncdb:\n"
                "            emit_pre_migrate_signal(self.verbosity, self.interactive, connection.alias, stdout=self.stdout, apps=pre_migrate_apps, plan=plan)\n"
                "        # Migrate!\n"
            ),
        },
    ),
    DjangoFault(
        "migrate.flush-arguments",
        "flush says that it is not interactive.",
        FLUSH,
        {_EMITS: _EMITS.replace("interactive, database", "False, database")},
    ),
    DjangoFault(
        "migrate.apps-with-a-models-module",
        "An app without models is left out.",
        EMITTING,
        {
            "    # Emit the post_migrate signal for every application.\n    for app_config in apps.get_app_configs():\n        if app_config.models_module is None:\n": (
                "    for app_config in apps.get_app_configs():\n        if not app_config.models:\n"
            )
        },
    ),
    DjangoFault(
        "migrate.apps-with-a-models-module",
        "An app without a models module is told, too.",
        EMITTING,
        {
            "    # Emit the pre_migrate signal for every application.\n    for app_config in apps.get_app_configs():\n        if app_config.models_module is None:\n": (
                "    for app_config in apps.get_app_configs():\n        if False:\n"
            )
        },
    ),
    DjangoFault(
        "migrate.check-is-silent",
        "migrate --check goes on where there is nothing to apply.",
        MIGRATE,
        {
            "            if plan:\n                sys.exit(1)\n            return\n": "            if plan:\n                sys.exit(1)\n"
        },
    ),
    DjangoFault(
        "migrate.stdout",
        "stdout is that of the process.",
        MIGRATE,
        {_EMIT_PRE: _EMIT_PRE.replace("stdout=self.stdout", "stdout=sys.stdout")},
    ),
]

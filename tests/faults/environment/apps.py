"""Faults of the chapter apps: AppConfig.ready."""

from __future__ import annotations

from planting import DjangoFault

REGISTRY = "django.apps.registry"
CONFIG = "django.apps.config"
MANAGEMENT = "django.core.management"
CURSORS = "django.db.backends.utils"
DISPATCHER = "django.dispatch.dispatcher"

_EACH = "            for app_config in self.get_app_configs():\n"
_READY = f"{_EACH}                app_config.ready()\n"
_PHASE = "            # Phase 3: run ready() methods of app configs.\n"
_AGAIN = "        if self.ready:\n            return\n\n        # populate()"
_SINGLE = "                if len(app_configs) == 1:\n"

FAULTS = [
    DjangoFault(
        "apps.order",
        "The last app comes first.",
        REGISTRY,
        {_READY: _READY.replace("self.get_app_configs()", "reversed(list(self.get_app_configs()))")},
    ),
    DjangoFault(
        "apps.models-first",
        "An app is made ready when its own models are there.",
        REGISTRY,
        {
            "                app_config.import_models()\n": "                app_config.import_models()\n                app_config.ready()\n",
            _READY: "",
        },
    ),
    DjangoFault(
        "apps.not-ready-yet",
        "The registry is ready before.",
        REGISTRY,
        {_PHASE: f"            self.ready = True\n{_PHASE}"},
    ),
    DjangoFault(
        "apps.once",
        "A second setup() calls it again.",
        REGISTRY,
        {_AGAIN: _AGAIN.replace("            return\n", _READY + "            return\n")},
    ),
    DjangoFault(
        "apps.again-for-new-settings",
        "Apps of tests are not made ready.",
        REGISTRY,
        {_READY: _READY.replace("app_config.ready()", "self.stored_app_configs or app_config.ready()")},
    ),
    DjangoFault(
        "apps.receivers-in-that-order",
        "Apps are made ready by name.",
        REGISTRY,
        {
            _READY: _READY.replace(
                "self.get_app_configs()", "sorted(self.get_app_configs(), key=lambda each: each.name)"
            )
        },
    ),
    DjangoFault(
        "apps.failure",
        "Failures are ignored.",
        REGISTRY,
        {
            _READY: f"{_EACH}                try:\n                    app_config.ready()\n                except Exception:\n                    pass\n"
        },
    ),
    DjangoFault(
        "apps.every-command",
        "Commands do without setup().",
        MANAGEMENT,
        {"                django.setup()\n": "                pass\n"},
    ),
    DjangoFault(
        "apps.no-strings-as-senders",
        "A dotted name stands for a class.",
        DISPATCHER,
        {
            "def _make_id(target):\n": """\
def _make_id(target):
    if isinstance(target, str) and "django." in target:
        from django.utils.module_loading import import_string
        target = import_string(target)
"""
        },
    ),
    DjangoFault(
        "apps.queries-warn",
        "It is not said.",
        CURSORS,
        {
            "    def _execute(self, sql, params, *ignored_wrapper_args):\n": '    def _execute(self, sql, params, *ignored_wrapper_args):\n        warnings.simplefilter("ignore")\n'
        },
    ),
    DjangoFault("apps.discovery", "No configuration is found.", CONFIG, {_SINGLE: "                if False:\n"}),
    DjangoFault(
        "apps.no-discovery-of-two",
        "The first configuration is found.",
        CONFIG,
        {_SINGLE: "                if app_configs:\n"},
    ),
]

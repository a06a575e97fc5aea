"""Faults planted in Django's own modules, each an edit that breaks a clause of the part models.

An edit fits the releases that the tests run on; a fault whose clause is not in force for the installed one, or whose
edit is about other releases, is left out and counted.
"""

from __future__ import annotations

import importlib

from planting import DjangoFault
from signalspec.standard.clauses import load_clauses

BASE = "django.db.models.base"
DELETION = "django.db.models.deletion"
RELATED = "django.db.models.fields.related_descriptors"
QUERY = "django.db.models.query"
SIGNALS = "django.db.models.signals"
SERIALIZERS = "django.core.serializers.base"
EMITTING = "django.core.management.sql"
MIGRATE = "django.core.management.commands.migrate"
FLUSH = "django.core.management.commands.flush"
REGISTRY = "django.apps.registry"
LOOKUPS = "django.db.models.fields.related_lookups"
UTILS = "django.db.models.utils"
CHECKS = "django.core.checks.model_checks"
DISPATCHER = "django.dispatch.dispatcher"
EXECUTOR = "django.db.migrations.executor"
LOADDATA = "django.core.management.commands.loaddata"
GENERIC = "django.contrib.contenttypes.fields"


def all_faults() -> list[DjangoFault]:
    """Return all faults of the part, in the order of its chapters."""
    chapters = load_clauses().parts["models"].chapters
    return [fault for each in chapters for fault in importlib.import_module(f"{__name__}.{each}").FAULTS]

"""Faults of the chapter admin: what the admin saves."""

from __future__ import annotations

from planting import DjangoFault

MODELS = "django.contrib.admin.models"
OPTIONS = "django.contrib.admin.options"

_DENIES = "            if not add and not self.has_change_permission(request, obj):\n"
_BULK = "        return self.model.objects.bulk_create(log_entry_list)\n"
_EACH = "        for entry in log_entry_list:\n            entry.save()\n        return log_entry_list\n"

FAULTS = [
    DjangoFault(
        "admin.log-entry",
        "One entry is saved as several are.",
        MODELS,
        {"            instance.save()\n": "            self.model.objects.bulk_create([instance])\n"},
    ),
    DjangoFault("admin.log-entries", "Each entry is saved by itself.", MODELS, {_BULK: _EACH}, repair=True),
    DjangoFault("admin.log-entries-in-bulk", "Each entry is saved by itself.", MODELS, {_BULK: _EACH}),
    DjangoFault(
        "admin.view-only",
        "Who may view may save.",
        OPTIONS,
        {_DENIES: _DENIES.replace("has_change_permission", "has_view_permission")},
        releases=("6.1",),
    ),
]

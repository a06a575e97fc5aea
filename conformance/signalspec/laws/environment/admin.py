"""Laws of the chapter admin: what the admin saves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.vocabulary import administered

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType
    from django.db.models.signals import post_save


@law("admin.log-entry", uses=["disconnect", "post_save"])
def log_entry(calls):
    def receiver(sender, created, **kwargs):
        calls.append((sender.__name__, created))

    with administered(Group) as (client, log):
        post_save.connect(receiver, sender=log)
        one, other = Group.objects.create(name="one"), Group.objects.create(name="other")
        client.post(f"/admin/auth/group/{one.pk}/delete/", {"post": "yes"})
        seen = {"its page": calls[:]}
        calls.clear()
        marked = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
        client.post("/admin/auth/group/", marked)
        post_save.disconnect(receiver, sender=log)
    entry = [("LogEntry", True)]
    return {**seen, "the action": calls}, {"its page": entry, "the action": entry}


@law("admin.log-entries", uses=["disconnect", "post_save"])
def log_entries(calls):
    def receiver(sender, **kwargs):
        calls.append(sender.__name__)

    with administered(Group) as (client, log):
        post_save.connect(receiver, sender=log)
        marked = [Group.objects.create(name=name).pk for name in ("one", "other")]
        client.post("/admin/auth/group/", {"action": "delete_selected", "_selected_action": marked, "post": "yes"})
        post_save.disconnect(receiver, sender=log)
    return calls, ["LogEntry"] * 2


@law("admin.log-entries-in-bulk", uses=["disconnect", "post_save"])
def log_entries_in_bulk(calls):
    def receiver(sender, **kwargs):
        calls.append(sender.__name__)

    seen = {}
    with administered(Group) as (client, log):
        post_save.connect(receiver, sender=log)
        for names in ("one", "other"), ("last",):
            marked = [Group.objects.create(name=name).pk for name in names]
            client.post(
                "/admin/auth/group/", {"action": "delete_selected", "_selected_action": marked, "post": "yes"}
            )
            seen[len(names)] = calls[:]
            calls.clear()
        post_save.disconnect(receiver, sender=log)
    return seen, {2: [], 1: ["LogEntry"]}


@law("admin.view-only", uses=["disconnect", "post_save"])
def view_only(calls):
    class Inline(TabularInline):
        model, extra = Permission, 0

    class Options(ModelAdmin):
        inlines = [Inline]

        def has_change_permission(self, request, obj=None):
            return may_change

    def receiver(sender, **kwargs):
        calls.append(sender.__name__)

    seen = {}
    with administered(ContentType, Options) as (client, _):
        parent = ContentType.objects.create(app_label="project", model="page")
        row = Permission.objects.create(content_type=parent, codename="read", name="Read")
        for model in (ContentType, Permission):
            post_save.connect(receiver, sender=model)
        forms = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 9}
        change = {**forms, "0-id": row.pk, "0-content_type": parent.pk, "0-codename": "read", "0-name": "Read it"}
        data = {
            "app_label": "project",
            "model": "page",
            **{f"permission_set-{key}": each for key, each in change.items()},
        }
        for may_change in (False, True):
            client.post(f"/admin/contenttypes/contenttype/{parent.pk}/change/", data)
            seen["may change" if may_change else "may view"] = sorted({*calls})
            calls.clear()
        for model in (ContentType, Permission):
            post_save.disconnect(receiver, sender=model)
        row.delete()
        parent.delete()
    return seen, {"may view": [], "may change": ["ContentType", "Permission"]}

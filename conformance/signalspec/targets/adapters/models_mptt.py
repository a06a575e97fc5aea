"""django-mptt: rows form trees, each with a parent and its place in the tree."""

signalspec_settings = {"INSTALLED_APPS": ["mptt"]}

from django.db import models  # noqa: E402
from mptt.models import MPTTModel, TreeForeignKey  # noqa: E402


class Base(MPTTModel):
    parent = TreeForeignKey("self", models.CASCADE, null=True, blank=True)

    class Meta:
        abstract = True

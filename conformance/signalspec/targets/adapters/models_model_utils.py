"""django-model-utils, `SoftDeletableModel`: `delete()` marks a row as removed."""

from model_utils.models import SoftDeletableModel as Base  # noqa: F401

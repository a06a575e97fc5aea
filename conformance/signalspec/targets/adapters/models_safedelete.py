"""django-safedelete: `delete()` marks a row as deleted, and managers hide it."""

signalspec_settings = {"INSTALLED_APPS": ["safedelete"]}

from safedelete.models import SafeDeleteModel as Base  # noqa: E402, F401

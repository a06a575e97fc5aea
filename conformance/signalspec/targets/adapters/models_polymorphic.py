"""django-polymorphic: queries give instances of the class that was saved, through its own manager."""

signalspec_settings = {"INSTALLED_APPS": ["django.contrib.contenttypes", "polymorphic"]}

from polymorphic.models import PolymorphicModel as Base  # noqa: E402, F401

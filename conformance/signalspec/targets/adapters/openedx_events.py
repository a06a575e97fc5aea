"""openedx-events: a subclass of Django's signal, made with the name of an event and the types of its data."""

from openedx_events.tooling import OpenEdxPublicSignal


def Signal():  # noqa: N802
    return OpenEdxPublicSignal("org.example.events.event.v1", {})

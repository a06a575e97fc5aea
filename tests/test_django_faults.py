"""The suite finds faults in Django itself: each edit breaks its clause, and the script shows it to whoever runs it."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from random import Random

import django
import pytest
from django_faults import PARTS, django_faults, in_a_process, trouble_with, violations
from planting import DjangoFault
from signalspec.standard.clauses import load_clauses

RELEASE = ".".join(map(str, django.VERSION[:2]))
FAULTS = django_faults(RELEASE)
DEMANDS = [clause for clause in load_clauses().of(*PARTS) if clause.demands]

if not FAULTS:
    pytest.skip(f"no faults are planted in Django {RELEASE}", allow_module_level=True)


def sample() -> list[DjangoFault]:
    """Return some of the faults: all of them take most of an hour, which tox has with ``SIGNALSPEC_EVERY_FAULT``."""
    if os.environ.get("SIGNALSPEC_EVERY_FAULT"):
        return FAULTS
    quick = [fault for fault in FAULTS if fault.clause != "order.of-a-request"]
    return Random(RELEASE).sample(quick, 16)


@pytest.mark.parametrize("fault", sample(), ids=str)
def test_a_fault_is_found_and_shown(fault: DjangoFault) -> None:
    assert trouble_with(fault) == ""


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_an_edit_fits(fault: DjangoFault) -> None:
    found = importlib.util.find_spec(fault.module)
    assert found is not None and found.origin is not None
    text = Path(found.origin).read_text("utf-8")
    assert fault.edit(text) != text


def test_every_demand_has_a_fault() -> None:
    named = {fault.clause for release in ("5.2", "6.1") for fault in django_faults(release)}
    assert {clause.slug for clause in DEMANDS} - named == set()


def test_an_edit_that_does_not_fit_is_refused() -> None:
    fault = DjangoFault("started.once", "An edit fits nowhere.", "django.core.handlers.wsgi", {"not there": ""})
    with pytest.raises(ValueError, match=r"occurs 0 times in django\.core\.handlers\.wsgi, not once"):
        fault.edit("text")


SILENT = DjangoFault(
    "started.once",
    "Django sends nothing.",
    "django.dispatch.dispatcher",
    {
        "    def connect(self, receiver, sender=None, weak=True, dispatch_uid=None):\n": """\
    def connect(self, receiver, sender=None, weak=True, dispatch_uid=None):
        return None

    def connect_really(self, receiver, sender=None, weak=True, dispatch_uid=None):
"""
    },
)
"""A Django whose signals have no receivers, and so might as well not be sent."""

ABOUT_READY = ("apps.",)
"""What is said of `AppConfig.ready` is said of no signal."""


@pytest.mark.parametrize("chapter", [each for part in PARTS for each in load_clauses().parts[part].chapters])
def test_a_django_that_sends_nothing_keeps_no_clause(chapter: str) -> None:
    profile = f"django-{RELEASE}"
    deviating = {each.clause for each in load_clauses().deviations_in(profile)}
    slugs = [each.slug for each in DEMANDS if each.chapter == chapter and each.in_force.includes(profile)]

    def broken() -> set[str]:
        return {each.counterexample.clause for each in violations(*slugs)}

    kept = {*slugs} - in_a_process(SILENT, broken) - deviating if slugs else set()
    assert {slug for slug in kept if not slug.startswith(ABOUT_READY)} == set()


SOUND = [
    DjangoFault(
        "started.once",
        "The script prefix is set by another name.",
        "django.core.handlers.wsgi",
        {
            "        set_script_prefix(get_script_name(environ))\n": "        prefix = get_script_name(environ)\n        set_script_prefix(prefix)\n"
        },
    ),
    DjangoFault(
        "finished.once",
        "Closers are taken one by one.",
        "django.http.response",
        {
            "        for closer in self._resource_closers:\n": "        while self._resource_closers:\n            closer = self._resource_closers.pop(0)\n"
        },
    ),
    DjangoFault(
        "exceptions.in-a-view",
        "The signal is imported by its name.",
        "django.core.handlers.exception",
        {
            "        signals.got_request_exception.send(sender=None, request=request)\n        response = handle_uncaught_exception(\n            request, get": "        from django.core.signals import got_request_exception\n        got_request_exception.send(None, request=request)\n        response = handle_uncaught_exception(\n            request, get"
        },
    ),
    DjangoFault(
        "logins.once",
        "user_logged_in is sent by a function of its own.",
        "django.contrib.auth",
        {
            "    user_logged_in.send(sender=user.__class__, request=request, user=user)\n": "    def tell(**named):\n        user_logged_in.send(user.__class__, **named)\n\n    tell(user=user, request=request)\n"
        },
    ),
    DjangoFault(
        "settings.twice",
        "Values are read once.",
        "django.test.utils",
        {
            "            new_value = getattr(settings, key, None)\n": "            new_value = vars(settings).get(key, getattr(settings, key, None))\n"
        },
    ),
    DjangoFault(
        "connections.each-time",
        "connection_created is sent with its arguments in another order.",
        "django.db.backends.base.base",
        {
            "connection_created.send(sender=self.__class__, connection=self)": "connection_created.send(connection=self, sender=type(self))"
        },
    ),
]


@pytest.mark.parametrize("variant", SOUND, ids=str)
def test_a_sound_variant_is_accused_of_nothing(variant: DjangoFault) -> None:
    profile = f"django-{RELEASE}"
    slugs = [each.slug for each in DEMANDS if each.in_force.includes(profile)]
    assert in_a_process(variant, lambda: [each.counterexample.script for each in violations(*slugs)]) == []

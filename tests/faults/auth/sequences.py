"""Faults of the chapter sequences: what is done on one client."""

from __future__ import annotations

from planting import DjangoFault

FAULTS = [
    DjangoFault(
        "sequences.on-one-client",
        "A session that was used before sends no second login.",
        "django.contrib.auth",
        {
            "    user_logged_in.send(sender=user.__class__, request=request, user=user)\n": """\
    if not hasattr(get_user_model(), "was_here"):
        user_logged_in.send(sender=user.__class__, request=request, user=user)
    get_user_model().was_here = True
"""
        },
    ),
]

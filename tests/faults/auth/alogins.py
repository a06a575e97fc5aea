"""Faults of the chapter alogins: asynchronous logins."""

from __future__ import annotations

from planting import DjangoFault

AUTH = "django.contrib.auth"

_SENDS = "    await user_logged_in.asend(sender=user.__class__, request=request, user=user)\n"

FAULTS = [
    DjangoFault(
        "alogins.in-the-event-loop",
        "user_logged_in has an event loop of its own.",
        AUTH,
        {
            _SENDS: f"""\
    import asyncio
    from asgiref.sync import sync_to_async
    send = lambda: asyncio.run({_SENDS.strip().removeprefix("await ")})
    await sync_to_async(send, thread_sensitive=False)()
"""
        },
    ),
    DjangoFault(
        "alogins.auser",
        "request.auser is left as it was.",
        AUTH,
        {"        request.auser = auser\n": ""},
        releases=("6.1",),
    ),
    DjangoFault(
        "alogins.user",
        "request.user is left as it was.",
        AUTH,
        {
            f'    if hasattr(request, "user"):\n        request.user = user\n    rotate_token(request)\n{_SENDS}': f"    rotate_token(request)\n{_SENDS}"
        },
        releases=("5.2",),
    ),
    DjangoFault(
        "alogins.user",
        "request.user is left as it was.",
        AUTH,
        {
            f"    _set_auth_user(request, user)\n    rotate_token(request)\n{_SENDS}": f"    rotate_token(request)\n{_SENDS}"
        },
        releases=("6.1",),
    ),
    DjangoFault(
        "alogins.logged-out-user",
        "alogout() names nobody.",
        AUTH,
        {'    user = getattr(request, "auser", None)\n': "    user = None\n"},
    ),
    DjangoFault(
        "alogins.client-logout",
        "The request of alogout() has an auser().",
        "django.test.client",
        {
            "            request.user = await aget_user(request)\n": """\
            user = await aget_user(request)

            async def auser():
                return user

            request.user, request.auser = user, auser
"""
        },
        repair=True,
    ),
]

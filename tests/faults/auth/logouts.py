"""Faults of the chapter logouts: user_logged_out."""

from __future__ import annotations

from planting import DjangoFault

AUTH = "django.contrib.auth"
SESSIONS = "django.contrib.sessions.backends.base"
CLIENT = "django.test.client"
VIEWS = "django.contrib.auth.views"
MIDDLEWARE = "django.contrib.auth.middleware"

_SENDS = "    user_logged_out.send(sender=user.__class__, request=request, user=user)\n"
_ASENDS = "    await user_logged_out.asend(sender=user.__class__, request=request, user=user)\n"
_FLUSHES = "    request.session.flush()\n"
_INVALID = "                    else:\n                        request.session.flush()\n"
_PAGE = "        auth_logout(request)\n        redirect_to"
_ANOTHER = """\
                # it does not match the authorized user in the header.
                self._remove_invalid_user(request)
"""
_AANOTHER = """\
                # it does not match the authorized user in the header.
                await self._aremove_invalid_user(request)
"""
_NOBODY = "sender=None if user is None else user.__class__"

FAULTS = [
    DjangoFault("logouts.once", "It is sent twice.", AUTH, {_SENDS: _SENDS * 2}),
    DjangoFault("logouts.arguments", "The sender is None.", AUTH, {_SENDS: _SENDS.replace("user.__class__", "None")}),
    DjangoFault(
        "logouts.before-the-session-ends", "It is sent afterwards.", AUTH, {_SENDS + _FLUSHES: _FLUSHES + _SENDS}
    ),
    DjangoFault(
        "logouts.what-receivers-write-is-lost",
        "What is not about the user is kept.",
        AUTH,
        {
            _SENDS
            + _FLUSHES: f'{_SENDS}    kept = {{k: v for k, v in request.session.items() if k[0] != "_"}}\n{_FLUSHES}    request.session.update(kept)\n'
        },
    ),
    DjangoFault(
        "logouts.anonymous",
        "Visitors who are not logged in send nothing.",
        AUTH,
        {_SENDS: f"    if user is not None:\n    {_SENDS}"},
    ),
    DjangoFault(
        "logouts.sender-of-anonymous",
        "The sender is None where there is no user.",
        AUTH,
        {
            _SENDS: _SENDS.replace("sender=user.__class__", _NOBODY),
            _ASENDS: _ASENDS.replace("sender=user.__class__", _NOBODY),
        },
        repair=True,
    ),
    DjangoFault(
        "logouts.without-a-user",
        "A request needs a user.",
        AUTH,
        {'    user = getattr(request, "user", None)\n': "    user = request.user\n"},
    ),
    DjangoFault("logouts.failure", "Failures are ignored.", AUTH, {_SENDS: _SENDS.replace("send(", "send_robust(")}),
    DjangoFault(
        "logouts.not-by-an-expired-session",
        "A session that is emptied sends it.",
        SESSIONS,
        {
            "        self._session_key = None\n\n    async def aflush": "        self._session_key = None\n        from django.contrib.auth import user_logged_out\n        user_logged_out.send(sender=None, request=None, user=None)\n\n    async def aflush"
        },
    ),
    DjangoFault(
        "logouts.not-by-a-changed-password",
        "A session that is not valid any more sends it.",
        AUTH,
        {
            _INVALID: f"                    else:\n                    {_SENDS}                        request.session.flush()\n"
        },
    ),
    DjangoFault(
        "logouts.client", "The client drops its cookies, and that is all.", CLIENT, {"        logout(request)\n": ""}
    ),
    DjangoFault(
        "logouts.views",
        "The page empties the session itself.",
        VIEWS,
        {_PAGE: "        request.session.flush()\n        redirect_to"},
    ),
    DjangoFault(
        "logouts.views",
        "The page logs out the user of a request of its own.",
        VIEWS,
        {_PAGE: "        import copy\n        auth_logout(copy.copy(request))\n        redirect_to"},
    ),
    DjangoFault(
        "logouts.views-of-anonymous",
        "The page logs out whom it knows.",
        VIEWS,
        {_PAGE: "        if not request.user.is_anonymous:\n            auth_logout(request)\n        redirect_to"},
    ),
    DjangoFault(
        "logouts.views-of-anonymous",
        "The page logs out who has a session.",
        VIEWS,
        {_PAGE: "        if request.session.session_key:\n            auth_logout(request)\n        redirect_to"},
    ),
    DjangoFault(
        "logouts.another-remote-user",
        "The former user's session ends in silence.",
        MIDDLEWARE,
        {_ANOTHER: "                request.session.flush()\n"},
    ),
    DjangoFault(
        "logouts.another-remote-user",
        "Asynchronous middleware logs in over the former user.",
        MIDDLEWARE,
        {_AANOTHER: "                pass\n"},
    ),
    DjangoFault(
        "logouts.no-remote-user",
        "The persistent middleware forgets, too.",
        MIDDLEWARE,
        {"    force_logout_if_no_header = False\n": "    force_logout_if_no_header = True\n"},
    ),
    DjangoFault(
        "logouts.no-remote-user",
        "Who logged in with a password is logged out, too.",
        MIDDLEWARE,
        {
            "            if isinstance(stored_backend, RemoteUserBackend):\n                auth.logout(request)\n": "            auth.logout(request)\n"
        },
    ),
    DjangoFault(
        "logouts.no-remote-user",
        "Asynchronous middleware remembers.",
        MIDDLEWARE,
        {
            "                if user.is_authenticated:\n                    await": "                if False:\n                    await"
        },
    ),
    DjangoFault(
        "logouts.arguments",
        "The sender is the type of a lazy object.",
        AUTH,
        {_SENDS: _SENDS.replace("user.__class__", "type(user)")},
    ),
    DjangoFault(
        "logouts.each-way",
        "The sender is the type of a lazy object.",
        AUTH,
        {_SENDS: _SENDS.replace("user.__class__", "type(user)")},
    ),
    DjangoFault(
        "logouts.each-way",
        "Middleware empties the session first.",
        MIDDLEWARE,
        {
            _ANOTHER: _ANOTHER.replace(
                "                self._remove",
                "                request.session.pop(auth.SESSION_KEY)\n                self._remove",
            )
        },
    ),
    DjangoFault(
        "logouts.by-get",
        "Whatever asks for the page logs out.",
        VIEWS,
        {
            '    http_method_names = ["post", "options"]\n': '    http_method_names = ["get", "head", "post", "options"]\n',
            "        return super().get(request, *args, **kwargs)\n": "        return super().get(request, *args, **kwargs)\n\n    get = post\n",
        },
        repair=True,
    ),
    DjangoFault(
        "logouts.not-by-get",
        "Whatever asks for the page logs out.",
        VIEWS,
        {
            '    http_method_names = ["post", "options"]\n': '    http_method_names = ["get", "head", "post", "options"]\n',
            "        return super().get(request, *args, **kwargs)\n": "        return super().get(request, *args, **kwargs)\n\n    get = post\n",
        },
    ),
]

"""Faults of the chapter logins: user_logged_in."""

from __future__ import annotations

from planting import DjangoFault

AUTH = "django.contrib.auth"
APPS = "django.contrib.auth.apps"
MODELS = "django.contrib.auth.models"
CLIENT = "django.test.client"

_SENDS = "    user_logged_in.send(sender=user.__class__, request=request, user=user)\n"
_BACKEND = "    backend = _get_backend_from_user(user=user, backend=backend)\n\n    request.session[SESSION_KEY]"
_FOUND = "        user.backend = backend_path\n        return user\n\n    # The credentials supplied are invalid to all backends, fire signal\n"
_LOADED = "            user = backend.get_user(user_id)\n"
_HASHES = '    request.session.cycle_key()\n    if hasattr(user, "get_session_auth_hash") and request.user == user:\n'
_SAVES = '    user.save(update_fields=["last_login"])\n'
_HASHED = """\
        if _get_user_session_key(request) != user.pk or (
            session_auth_hash
            and not constant_time_compare(
                request.session.get(HASH_SESSION_KEY, ""), session_auth_hash
            )
        ):
"""
_AHASHED = """\
        if await _aget_user_session_key(request) != user.pk or (
            session_auth_hash
            and not constant_time_compare(
                await request.session.aget(HASH_SESSION_KEY, ""),
                session_auth_hash,
            )
        ):
"""

FAULTS = [
    DjangoFault("logins.once", "It is sent twice.", AUTH, {_SENDS: _SENDS * 2}),
    DjangoFault(
        "logins.arguments",
        "Receivers get the backend as well.",
        AUTH,
        {_SENDS: _SENDS.replace("user=user", "user=user, backend=backend")},
    ),
    DjangoFault(
        "logins.arguments",
        "Receivers do not get the request.",
        AUTH,
        {_SENDS: _SENDS.replace("request=request", "request=None")},
    ),
    DjangoFault(
        "logins.sender",
        "The sender is the type of a lazy object.",
        AUTH,
        {_SENDS: _SENDS.replace("user.__class__", "type(user)")},
    ),
    DjangoFault(
        "logins.sender",
        "The sender is the concrete model.",
        AUTH,
        {_SENDS: _SENDS.replace("user.__class__", "user._meta.concrete_model")},
    ),
    DjangoFault(
        "logins.after-the-session",
        "It is sent before the session is written.",
        AUTH,
        {_SENDS: "", _BACKEND: _SENDS + _BACKEND},
    ),
    DjangoFault(
        "logins.new-session-key",
        "The session keeps its key.",
        AUTH,
        {"    else:\n        request.session.cycle_key()\n": ""},
    ),
    DjangoFault(
        "logins.receivers-may-write",
        "What receivers write is taken back.",
        AUTH,
        {
            _SENDS: f"    before = dict(request.session.items())\n{_SENDS}    request.session.clear()\n    request.session.update(before)\n"
        },
    ),
    DjangoFault("logins.last-login", "It is not saved.", MODELS, {_SAVES: ""}),
    DjangoFault(
        "logins.last-login-is-a-receiver",
        "It has another dispatch uid.",
        APPS,
        {'dispatch_uid="update_last_login"': 'dispatch_uid="last_login"'},
    ),
    DjangoFault("logins.last-login-saves", "All fields are saved.", MODELS, {_SAVES: "    user.save()\n"}),
    DjangoFault(
        "logins.failure",
        "A failure undoes the login.",
        AUTH,
        {_SENDS: f"    try:\n    {_SENDS}    except Exception:\n        request.session.flush()\n        raise\n"},
    ),
    DjangoFault("logins.failure", "Failures are ignored.", AUTH, {_SENDS: _SENDS.replace("send(", "send_robust(")}),
    DjangoFault("logins.not-by-authenticate", "authenticate() sends it.", AUTH, {_FOUND: f"    {_SENDS}{_FOUND}"}),
    DjangoFault(
        "logins.not-by-a-session", "A session that goes on sends it.", AUTH, {_LOADED: f"{_LOADED}        {_SENDS}"}
    ),
    DjangoFault("logins.not-by-a-new-password", "A new password sends it.", AUTH, {_HASHES: _SENDS + _HASHES}),
    DjangoFault(
        "logins.another-user",
        "The session of the other user is taken over.",
        AUTH,
        {"            request.session.flush()\n    else:\n": "            pass\n    else:\n"},
    ),
    DjangoFault(
        "logins.no-user",
        "Without a user it takes that of the request.",
        AUTH,
        {
            "    session_auth_hash = user.get_session_auth_hash()\n\n    if SESSION_KEY in request.session:\n": "    user = user or request.user\n    session_auth_hash = user.get_session_auth_hash()\n\n    if SESSION_KEY in request.session:\n"
        },
        releases=("6.1",),
    ),
    DjangoFault(
        "logins.no-user-takes-the-requests",
        "It insists on a user.",
        AUTH,
        {"        user = request.user\n        warnings.warn(": "        raise TypeError\n        warnings.warn("},
        releases=("5.2",),
    ),
    DjangoFault(
        "logins.client",
        "Its request has an address.",
        CLIENT,
        {
            "        login(request, user, backend)\n": '        request.META["REMOTE_ADDR"] = "127.0.0.1"\n        login(request, user, backend)\n'
        },
    ),
    DjangoFault(
        "logins.in-a-request",
        "It is sent when the request is finished.",
        AUTH,
        {
            _SENDS: f"    from django.core.signals import request_finished\n    request_finished.connect(lambda **_: {_SENDS.strip()}, weak=False)\n"
        },
    ),
    DjangoFault(
        "logins.views-and-middleware",
        "Middleware logs in for one request.",
        "django.contrib.auth.middleware",
        {"            auth.login(request, user)\n": "            request.user = user\n"},
    ),
    DjangoFault(
        "logins.views-and-middleware",
        "Who has reset a password is given a request of its own.",
        "django.contrib.auth.views",
        {
            "auth_login(self.request, user, self.post_reset_login_backend)": "import copy; auth_login(copy.copy(self.request), user, self.post_reset_login_backend)"
        },
    ),
    DjangoFault(
        "logins.not-by-password-views",
        "Who changes a password is logged in again.",
        "django.contrib.auth.views",
        {
            "        update_session_auth_hash(self.request, form.user)\n": "        auth_login(self.request, form.user)\n"
        },
    ),
    DjangoFault(
        "logins.not-by-password-views",
        "Who resets a password is logged in.",
        "django.contrib.auth.views",
        {"        if self.post_reset_login:\n": "        if True:\n"},
    ),
    DjangoFault(
        "logins.each-way",
        "The session does not name the backend.",
        AUTH,
        {"    request.session[BACKEND_SESSION_KEY] = backend\n": ""},
    ),
    DjangoFault(
        "logins.each-way",
        "alogin() does not put the backend into the session.",
        AUTH,
        {"    await request.session.aset(BACKEND_SESSION_KEY, backend)\n": ""},
    ),
    DjangoFault(
        "logins.user-has-a-backend",
        "force_login() keeps the backend to itself.",
        CLIENT,
        {
            "        user.backend = backend\n        self._login(user, backend)\n": "        self._login(user, backend)\n"
        },
    ),
    DjangoFault(
        "logins.user-has-a-backend",
        "aforce_login() keeps the backend to itself.",
        CLIENT,
        {
            "        user.backend = backend\n        await self._alogin(user, backend)\n": "        await self._alogin(user, backend)\n"
        },
    ),
    DjangoFault(
        "logins.changed-password",
        "The session of who changed the password goes on.",
        AUTH,
        {_HASHED: "        if _get_user_session_key(request) != user.pk:\n"},
    ),
    DjangoFault(
        "logins.changed-password",
        "After alogin() the session of who changed the password goes on.",
        AUTH,
        {_AHASHED: "        if await _aget_user_session_key(request) != user.pk:\n"},
    ),
    DjangoFault(
        "logins.custom-header",
        "The header always has the name that it has without a server.",
        "django.contrib.auth.middleware",
        {"        return request.META[self.header]\n": '        return request.META["HTTP_" + self.header]\n'},
        releases=("6.1",),
    ),
]

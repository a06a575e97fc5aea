"""Faults of the chapter failures: user_login_failed."""

from __future__ import annotations

from planting import DjangoFault

AUTH = "django.contrib.auth"
BACKENDS = "django.contrib.auth.backends"
CLIENT = "django.test.client"
FORMS = "django.contrib.auth.forms"
MIDDLEWARE = "django.contrib.auth.middleware"

_SENDS = """\
    user_login_failed.send(
        sender=__name__, credentials=_clean_credentials(credentials), request=request
    )
"""
_ASKS = "            user = backend.authenticate(request, **credentials)\n"
_DENIED = f"{_ASKS}        except PermissionDenied:\n"
_STOPS = f"""\
{_DENIED}            # This backend says to stop in our tracks - this user should not be
            # allowed in at all.
            break
"""
_EACH = "    for backend, backend_path in _get_compatible_backends(request, **credentials):\n        try:\n" + _ASKS
_REFUSED = f"""\
{_ASKS}            if user is None:
                user_login_failed.send(sender=__name__, credentials=_clean_credentials(dict(credentials)), request=request)
"""

FAULTS = [
    DjangoFault("failures.once", "Each backend that finds nobody sends it.", AUTH, {_ASKS: _REFUSED}),
    DjangoFault("failures.not-for-success", "A backend that finds nobody sends it.", AUTH, {_ASKS: _REFUSED}),
    DjangoFault(
        "failures.no-backend-for-them",
        "It is sent where some backend was asked.",
        AUTH,
        {
            _EACH: f"    asked = False\n{_EACH}            asked = True\n",
            _SENDS: "    if asked:\n" + "".join(f"    {line}\n" for line in _SENDS.splitlines()),
        },
    ),
    DjangoFault(
        "failures.permission-denied",
        "PermissionDenied ends it in silence.",
        AUTH,
        {_STOPS: f"{_DENIED}            return None\n"},
    ),
    DjangoFault(
        "failures.permission-denied", "Later backends are asked.", AUTH, {_STOPS: f"{_DENIED}            continue\n"}
    ),
    DjangoFault(
        "failures.not-for-errors",
        "Every error is a failed attempt.",
        AUTH,
        {_DENIED: _DENIED.replace("PermissionDenied", "Exception")},
    ),
    DjangoFault("failures.arguments", "The sender is None.", AUTH, {_SENDS: _SENDS.replace("__name__", "None")}),
    DjangoFault(
        "failures.arguments",
        "The request is not passed.",
        AUTH,
        {_SENDS: _SENDS.replace("request=request", "request=None")},
    ),
    DjangoFault(
        "failures.without-a-request",
        "A request is made up.",
        AUTH,
        {_SENDS: _SENDS.replace("request=request", "request=request or object()")},
    ),
    DjangoFault(
        "failures.credentials",
        "The password is sent in the clear.",
        AUTH,
        {_SENDS: _SENDS.replace("_clean_credentials(credentials)", "credentials")},
    ),
    DjangoFault(
        "failures.credentials",
        "The password is left out.",
        AUTH,
        {
            _SENDS: _SENDS.replace(
                "_clean_credentials(credentials)", '{k: v for k, v in credentials.items() if k != "password"}'
            )
        },
    ),
    DjangoFault("failures.masks", "Keys are sent in the clear.", AUTH, {"api|token|key|secret": "api|token|secret"}),
    DjangoFault("failures.masks", "The case of a name matters.", AUTH, {'signature", re.I)': 'signature")'}),
    DjangoFault(
        "failures.masks",
        "Everything is masked.",
        AUTH,
        {"        if SENSITIVE_CREDENTIALS.search(key):\n": "        if True:\n"},
    ),
    DjangoFault(
        "failures.masks-a-copy",
        "The second backend gets what is masked.",
        AUTH,
        {_ASKS: f"{_ASKS}            _clean_credentials(credentials)\n"},
    ),
    DjangoFault(
        "failures.failing-receiver",
        "Failures are ignored.",
        AUTH,
        {_SENDS: _SENDS.replace(".send(", ".send_robust(")},
    ),
    DjangoFault(
        "failures.inactive-users",
        "Users who may not log in are found.",
        BACKENDS,
        {
            "            if user.check_password(password) and self.user_can_authenticate(user):\n": "            if user.check_password(password):\n"
        },
        releases=("5.2",),
    ),
    DjangoFault(
        "failures.inactive-users",
        "Users who may not log in are an error.",
        AUTH,
        {_ASKS: f"{_ASKS}            if user is None:\n                raise ValueError\n"},
    ),
    DjangoFault(
        "failures.client",
        "The client passes a request.",
        CLIENT,
        {
            "        user = authenticate(**credentials)\n": "        user = authenticate(HttpRequest(), **credentials)\n"
        },
    ),
    DjangoFault(
        "failures.forms-views-and-middleware",
        "The form keeps its request to itself.",
        FORMS,
        {
            "                self.request, username=username, password=password\n": "                None, username=username, password=password\n"
        },
    ),
    DjangoFault(
        "failures.forms-views-and-middleware",
        "Asynchronous middleware keeps the request to itself.",
        MIDDLEWARE,
        {"auth.aauthenticate(request, remote_user": "auth.aauthenticate(None, remote_user"},
    ),
    DjangoFault(
        "failures.forms-views-and-middleware",
        "Middleware asks twice.",
        MIDDLEWARE,
        {
            "        user = auth.authenticate(request, remote_user=username)\n": "        for _ in range(2):\n            user = auth.authenticate(request, remote_user=username)\n"
        },
    ),
    DjangoFault(
        "failures.each-way",
        "Forms pass all that they ask for.",
        FORMS,
        {
            """\
            self.user_cache = authenticate(
                self.request, username=username, password=password
            )
""": "            self.user_cache = authenticate(self.request, **self.cleaned_data)\n"
        },
    ),
    DjangoFault(
        "failures.each-way",
        "aauthenticate() has a sender of its own.",
        AUTH,
        {
            "    await user_login_failed.asend(\n        sender=__name__": "    await user_login_failed.asend(\n        sender=aauthenticate"
        },
    ),
]

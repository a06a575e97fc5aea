"""The words that the laws of logins share, beside those of `vocabulary`."""

from __future__ import annotations

import asyncio
import sys
import types
from typing import TYPE_CHECKING

from signalspec.requests.vocabulary import install

if TYPE_CHECKING:
    from django.conf import settings
    from django.contrib.auth import get_user_model, login
    from django.contrib.auth.tokens import default_token_generator
    from django.contrib.auth.views import PasswordResetConfirmView
    from django.http import HttpRequest
    from django.test import Client
    from django.utils.encoding import force_bytes
    from django.utils.http import urlsafe_base64_encode


def credentials(name="ann", password="secret"):
    """Return what a user gives to log in."""
    return {get_user_model().USERNAME_FIELD: name, "password": password}


def new_user(name="ann"):
    """Return a user who can log in."""
    return get_user_model()._default_manager.create_user(**credentials(name))


def the_user():
    """Return the one user there is."""
    return get_user_model()._default_manager.get()


def signed_in(client=None):
    """Return a test client whose user, the one that there is, has logged in."""
    client = client or Client()
    client.force_login(the_user())
    return client


def new_request(**session):
    """Return a request with a session, of a visitor who has not logged in."""
    request = HttpRequest()
    engine = __import__(settings.SESSION_ENGINE, fromlist=["SessionStore"])
    request.session = engine.SessionStore()
    request.session.update(session)
    return request


def logged_in(name="ann", who=None):
    """Return a request of a user who has logged in, of whom it has what `who` makes of the user."""
    request, user = new_request(), new_user(name)

    async def auser():
        return request.user

    login(request, user)
    request.user, request.auser = who(user) if who else user, auser
    return request


def form(password="secret"):
    """Return what a user types into the page that asks for it."""
    return {"username": "ann", "password": password, "next": "/"}


def come(client, view, *middleware, data=None, method=None, remote=None, header="REMOTE_USER"):
    """Let `view` answer a visitor who sends `data`, and whom a header of the server may name; return the request."""
    install(view, *middleware)
    users = ["django.contrib.sessions.middleware.SessionMiddleware"]
    users.append("django.contrib.auth.middleware.AuthenticationMiddleware")
    settings.MIDDLEWARE = users + settings.MIDDLEWARE
    asynchronous = type(client).__name__ == "AsyncClient"
    name = header.removeprefix("HTTP_").lower().replace("_", "-") if asynchronous else header
    headers = {name: remote} if remote else {}
    send = getattr(client, method or ("get" if data is None else "post"))
    response = send("/", **headers) if data is None else send("/", data, **headers)
    return asyncio.run(response).asgi_request if asynchronous else response.wsgi_request


def reset_password(**options):
    """Let the one user there is set a new password behind the link that was sent; return the request that does it."""
    user, client = the_user(), Client()
    session = client.session
    session["_password_reset_token"] = default_token_generator.make_token(user)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    link = {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": "set-password"}
    view = PasswordResetConfirmView.as_view(success_url="/", **options)
    passwords = {"new_password1": "other", "new_password2": "other"}
    return come(client, lambda request: view(request, **link), data=passwords)


def backends(*backends):
    """Let `backends` authenticate: classes, or the names of such."""
    doors = sys.modules["doors"] = types.ModuleType("doors")
    settings.AUTHENTICATION_BACKENDS = []
    for number, backend in enumerate(backends):
        setattr(doors, f"Backend{number}", backend)
        settings.AUTHENTICATION_BACKENDS.append(backend if isinstance(backend, str) else f"doors.Backend{number}")

"""Laws of the chapter logouts: user_logged_out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error
from signalspec.requests.login_kinds import Logout, LogoutPage, Remote
from signalspec.requests.vocabulary import (
    backends,
    come,
    install,
    listen,
    logged_in,
    new_request,
    new_user,
    outcome,
)

if TYPE_CHECKING:
    from django.conf import settings
    from django.contrib.auth import SESSION_KEY, get_user_model
    from django.contrib.auth.backends import RemoteUserBackend
    from django.contrib.auth.middleware import PersistentRemoteUserMiddleware, RemoteUserMiddleware
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.auth.signals import user_logged_in, user_logged_out
    from django.http import HttpResponse
    from django.test import Client


@law("logouts.once")
def once(calls, logout: Logout):
    request = logged_in()
    listen(calls, login=user_logged_in, logout=user_logged_out)
    logout(request)
    return {logout.named: calls}, {logout.named: ["logout"]}


@law("logouts.arguments")
def arguments(calls, logout: Logout):
    def receiver(signal, sender, **named):
        calls.append((sorted(named), sender, named.get("request") is request, named.get("user") == user))

    request = logged_in()
    user = request.user
    user_logged_out.connect(receiver)
    logout(request)
    return {logout.named: calls}, {logout.named: [(["request", "user"], get_user_model(), True, True)]}


@law("logouts.before-the-session-ends")
def before_the_session_ends(calls, logout: Logout):
    def receiver(request, **kwargs):
        calls.append((SESSION_KEY in request.session, request.session.get("cart"), request.user is user))

    request = logged_in()
    request.session["cart"], user = 1, request.user
    user_logged_out.connect(receiver)
    logout(request)
    calls.append((SESSION_KEY in request.session, request.session.get("cart"), request.user is user))
    return {logout.named: calls}, {logout.named: [(True, 1, True), (False, None, False)]}


@law("logouts.what-receivers-write-is-lost")
def what_receivers_write_is_lost(calls, logout: Logout):
    def receiver(request, **kwargs):
        calls.append("receiver")
        request.session["message"] = "Goodbye."

    request = logged_in()
    user_logged_out.connect(receiver)
    logout(request)
    return {logout.named: (calls, "message" in request.session)}, {logout.named: (["receiver"], False)}


@law("logouts.anonymous")
def anonymous(calls, logout: Logout):
    def receiver(user, **kwargs):
        calls.append(user)

    request = logged_in()
    user = request.user
    user_logged_out.connect(receiver)
    for _ in range(3):
        logout(request)
    return {logout.named: [each and each == user for each in calls]}, {logout.named: [True, None, None]}


@law("logouts.sender-of-anonymous")
def sender_of_anonymous(calls, logout: Logout):
    def receiver(sender, **kwargs):
        calls.append(sender)

    request = new_request()
    request.user = AnonymousUser()
    user_logged_out.connect(receiver)
    logout(request)
    return {logout.named: calls}, {logout.named: [None]}


@law("logouts.without-a-user")
def without_a_user(calls, logout: Logout):
    def receiver(user, **kwargs):
        calls.append(user)

    user_logged_out.connect(receiver)
    logout(new_request())
    return {logout.named: calls}, {logout.named: [None]}


@law("logouts.failure")
def failure(calls, logout: Logout, error: Error):
    def fails(**kwargs):
        raise error

    request = logged_in()
    user_logged_out.connect(fails)
    listen(calls, later=user_logged_out)
    calls.append(outcome(lambda: logout(request)))
    calls.append(SESSION_KEY in request.session)
    return {logout.named: calls}, {logout.named: [f"raises {type(error).__name__}", True]}


@law("logouts.not-by-an-expired-session")
def not_by_an_expired_session(calls):
    client = Client()
    client.force_login(new_user())
    listen(calls, logout=user_logged_out)
    client.session.flush()
    install(lambda request: calls.append(request.user.is_authenticated) or HttpResponse())
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [sessions, "django.contrib.auth.middleware.AuthenticationMiddleware"]
    client.get("/")
    client.logout()
    return calls, [False, "logout"]


@law("logouts.not-by-a-changed-password")
def not_by_a_changed_password(calls):
    client, user = Client(), new_user()
    client.force_login(user)
    user.set_password("other")
    user.save()
    listen(calls, logout=user_logged_out)
    install(lambda request: calls.append(request.user.is_authenticated) or HttpResponse())
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [sessions, "django.contrib.auth.middleware.AuthenticationMiddleware"]
    client.get("/")
    client.logout()
    return calls, [False, "logout"]


@law("logouts.client")
def client(calls):
    def receiver(request, user, **kwargs):
        calls.append(("REMOTE_ADDR" in request.META, user))

    client, user = Client(), new_user()
    user_logged_out.connect(receiver)
    client.logout()
    client.force_login(user)
    client.logout()
    return calls, [(False, None), (False, user)]


@law("logouts.views")
def views(calls, page: LogoutPage):
    def receiver(request, user, **kwargs):
        calls.append((request, user))

    client, user = Client(), new_user()
    client.force_login(user)
    user_logged_out.connect(receiver)
    request = page(client)
    return {page.named: [(each is request, who == user) for each, who in calls]}, {page.named: [(True, True)]}


@law("logouts.views-of-anonymous")
def views_of_anonymous(calls, page: LogoutPage):
    def receiver(user, **kwargs):
        calls.append(user)

    user_logged_out.connect(receiver)
    page(Client())
    return {page.named: calls}, {page.named: [None]}


@law("logouts.another-remote-user")
def another_remote_user(calls, remote: Remote):
    def receiver(signal, request, user, **kwargs):
        calls.append(("login" if signal is user_logged_in else "logout", user.get_username(), request))

    def view(request):
        requests.append(request)
        return HttpResponse()

    client, requests = remote(), []
    backends(RemoteUserBackend)
    for signal in (user_logged_in, user_logged_out):
        signal.connect(receiver)
    for name in ("ann", "ann", "bob"):
        come(client, view, RemoteUserMiddleware, remote=name)
    return [(*each, requests.index(request)) for *each, request in calls], [
        ("login", "ann", 0),
        ("logout", "ann", 2),
        ("login", "bob", 2),
    ]


@law("logouts.no-remote-user")
def no_remote_user(calls, remote: Remote):
    listen(calls, logout=user_logged_out)
    seen = {}
    for middleware in (RemoteUserMiddleware, PersistentRemoteUserMiddleware):
        client = remote()
        backends(RemoteUserBackend)
        for name in ("ann", None):
            come(client, lambda request: HttpResponse(), middleware, remote=name)
        seen[middleware.__name__] = calls[:]
        calls.clear()
    client = remote()
    backends(RemoteUserBackend, "django.contrib.auth.backends.ModelBackend")
    client.force_login(new_user("bob"), "django.contrib.auth.backends.ModelBackend")
    come(client, lambda request: HttpResponse(), RemoteUserMiddleware)
    return {**seen, "with a password": calls}, {
        "RemoteUserMiddleware": ["logout"],
        "PersistentRemoteUserMiddleware": [],
        "with a password": [],
    }

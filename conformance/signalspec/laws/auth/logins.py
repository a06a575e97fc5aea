"""Laws of the chapter logins: user_logged_in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error
from signalspec.requests.login_kinds import Entrance, Login, LoginClient
from signalspec.requests.vocabulary import (
    answer_wsgi,
    come,
    credentials,
    environ_of,
    install,
    listen,
    new_request,
    new_user,
    outcome,
    reset_password,
)

if TYPE_CHECKING:
    from django.conf import settings
    from django.contrib.auth import SESSION_KEY, authenticate, get_user_model, login, update_session_auth_hash
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
    from django.contrib.auth.views import PasswordChangeView
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.signals import request_finished, request_started
    from django.db.models.signals import post_save
    from django.http import HttpResponse
    from django.test import Client
    from django.utils.functional import SimpleLazyObject


@law("logins.once")
def once(calls, login: Login):
    listen(calls, login=user_logged_in, logout=user_logged_out, failed=user_login_failed)
    request, user = new_request(), new_user()
    for _ in range(2):
        login(request, user)
    return {login.named: calls}, {login.named: ["login"] * 2}


@law("logins.arguments")
def arguments(calls, login: Login):
    def receiver(signal, sender, **named):
        calls.append((sorted(named), named.get("request") is request, named.get("user") is user))

    request, user = new_request(), new_user()
    user_logged_in.connect(receiver)
    login(request, user)
    return {login.named: calls}, {login.named: [(["request", "user"], True, True)]}


@law("logins.sender")
def sender(calls, login: Login):
    def receiver(sender, **kwargs):
        calls.append(sender)

    class Proxy(get_user_model()):
        class Meta:
            proxy = True
            app_label = "auth"

    user = new_user()
    user_logged_in.connect(receiver)
    for each in (user, SimpleLazyObject(lambda: user), Proxy.objects.get()):
        login(new_request(), each)
    return {login.named: calls}, {login.named: [get_user_model(), get_user_model(), Proxy]}


@law("logins.after-the-session")
def after_the_session(calls, login: Login):
    def receiver(request, **kwargs):
        calls.append((request.session.get(SESSION_KEY), request.user is user, "cart" in request.session))

    user, request = new_user(), new_request(cart=1)
    request.user = AnonymousUser()
    user_logged_in.connect(receiver)
    login(request, user)
    return {login.named: calls}, {login.named: [(str(user.pk), True, True)]}


@law("logins.new-session-key")
def new_session_key(calls, login: Login):
    def receiver(request, **kwargs):
        calls.append(request.session.session_key == before)

    user, request = new_user(), new_request(cart=1)
    request.session.save()
    before = request.session.session_key
    user_logged_in.connect(receiver)
    login(request, user)
    return {login.named: calls}, {login.named: [False]}


@law("logins.receivers-may-write")
def receivers_may_write(calls, login: Login):
    def receiver(request, **kwargs):
        request.session["greeting"] = "hello"

    user, request = new_user(), new_request()
    user_logged_in.connect(receiver)
    login(request, user)
    request.session.save()
    again = type(request.session)(request.session.session_key)
    return {login.named: again.get("greeting")}, {login.named: "hello"}


@law("logins.last-login")
def last_login(calls, login: Login):
    def receiver(user, **kwargs):
        calls.append(user.last_login is not None)

    user = new_user()
    user_logged_in.connect(receiver)
    login(new_request(), user)
    calls.append(get_user_model().objects.get().last_login == user.last_login)
    return {login.named: calls}, {login.named: [True, True]}


@law("logins.last-login-is-a-receiver", uses=["disconnect", "dispatch_uid"])
def last_login_is_a_receiver(calls, login: Login):
    user = new_user()
    found = user_logged_in.disconnect(dispatch_uid="update_last_login")
    listen(calls, login=user_logged_in)
    login(new_request(), user)
    return {login.named: (found, user.last_login, calls)}, {login.named: (True, None, ["login"])}


@law("logins.last-login-saves", uses=["disconnect", "post_save"])
def last_login_saves(calls, login: Login):
    def receiver(instance, created, update_fields, **kwargs):
        calls.append((instance is user, created, update_fields))

    user = new_user()
    post_save.connect(receiver, sender=get_user_model())
    try:
        login(new_request(), user)
    finally:
        post_save.disconnect(receiver, sender=get_user_model())
    return {login.named: calls}, {login.named: [(True, False, frozenset({"last_login"}))]}


@law("logins.failure")
def failure(calls, login: Login, error: Error):
    def fails(**kwargs):
        raise error

    user, request = new_user(), new_request()
    request.user = AnonymousUser()
    user_logged_in.connect(fails)
    listen(calls, later=user_logged_in)
    calls.append(outcome(lambda: login(request, user)))
    calls.append((request.user is user, request.session.get(SESSION_KEY) == str(user.pk)))
    return {login.named: calls}, {login.named: [f"raises {type(error).__name__}", (True, True)]}


@law("logins.not-by-authenticate")
def not_by_authenticate(calls):
    user = new_user()
    listen(calls, login=user_logged_in, failed=user_login_failed)
    found = authenticate(new_request(), **credentials())
    login(new_request(), user)
    return (found, calls), (user, ["login"])


@law("logins.not-by-a-session")
def not_by_a_session(calls):
    client, user = Client(), new_user()
    client.force_login(user)
    listen(calls, login=user_logged_in, logout=user_logged_out)
    install(lambda request: calls.append(request.user.is_authenticated) or HttpResponse())
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [sessions, "django.contrib.auth.middleware.AuthenticationMiddleware"]
    client.get("/")
    client.logout()
    return calls, [True, "logout"]


@law("logins.not-by-a-new-password")
def not_by_a_new_password(calls, login: Login):
    user, request = new_user(), new_request()
    request.user = AnonymousUser()
    login(request, user)
    listen(calls, login=user_logged_in, logout=user_logged_out)
    user.set_password("other")
    user.save()
    update_session_auth_hash(request, user)
    calls.append("updated")
    login(request, user)
    return {login.named: calls}, {login.named: ["updated", "login"]}


@law("logins.another-user")
def another_user(calls, login: Login):
    def receiver(request, user, **kwargs):
        calls.append((user is request.user, "cart" in request.session))

    request, ann, bob = new_request(), new_user("ann"), new_user("bob")
    request.user = AnonymousUser()
    listen(calls, logout=user_logged_out)
    user_logged_in.connect(receiver)
    login(request, ann)
    request.session["cart"] = 1
    login(request, bob)
    return {login.named: calls}, {login.named: [(True, False), (True, False)]}


@law("logins.no-user")
def no_user(calls, login: Login):
    request = new_request()
    request.user = new_user()
    listen(calls, login=user_logged_in)
    calls.append(outcome(lambda: login(request, None)))
    login(request, request.user)
    return {login.named: calls}, {login.named: ["raises AttributeError", "login"]}


@law("logins.no-user-takes-the-requests")
def no_user_takes_the_requests(calls):
    def receiver(user, **kwargs):
        calls.append(user is request.user)

    request = new_request()
    request.user = new_user()
    user_logged_in.connect(receiver)
    login(request, None)
    return calls, [True]


@law("logins.client")
def client(calls, client: LoginClient):
    def receiver(request, user, **kwargs):
        calls.append(("REMOTE_ADDR" in request.META, hasattr(request, "user")))

    user = new_user()
    user_logged_in.connect(receiver)
    found = client.login(**credentials())
    client.force_login(user)
    return {client.named: (found, calls)}, {client.named: (True, [(False, False)] * 2)}


@law("logins.in-a-request")
def in_a_request(calls):
    def view(request):
        calls.append("view")
        login(request, user)
        return HttpResponse()

    user = new_user()
    listen(calls, started=request_started, login=user_logged_in, finished=request_finished)
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    install(view)
    settings.MIDDLEWARE = [sessions, "django.contrib.auth.middleware.AuthenticationMiddleware"]
    answer_wsgi([], WSGIHandler(), environ_of())
    return calls, ["started", "view", "login", "finished"]


@law("logins.views-and-middleware")
def views_and_middleware(calls, entrance: Entrance):
    def receiver(request, user, **kwargs):
        calls.append((request, user))

    user = new_user()
    user_logged_in.connect(receiver)
    request = entrance()
    return {entrance.named: [(each is request, who == user) for each, who in calls]}, {entrance.named: [(True, True)]}


@law("logins.not-by-password-views")
def not_by_password_views(calls):
    client, user = Client(), new_user()
    client.force_login(user)
    listen(calls, login=user_logged_in, logout=user_logged_out)
    passwords = {"old_password": "secret", "new_password1": "other", "new_password2": "other"}
    come(client, PasswordChangeView.as_view(success_url="/"), data=passwords)
    calls.append("changed")
    reset_password()
    calls.append("reset")
    client.force_login(user)
    return calls, ["changed", "reset", "login"]

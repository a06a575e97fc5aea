"""Laws of the chapter logins: user_logged_in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error
from signalspec.requests.login_kinds import (
    AnyEntrance,
    ByAuthenticate,
    Entrance,
    Login,
    LoginClient,
    OtherHeader,
    Who,
)
from signalspec.requests.login_vocabulary import backends, come, credentials, new_request, new_user, reset_password
from signalspec.requests.vocabulary import answer_wsgi, environ_of, install, listen, outcome

if TYPE_CHECKING:
    from django.conf import settings
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        SESSION_KEY,
        authenticate,
        get_user_model,
        login,
        update_session_auth_hash,
    )
    from django.contrib.auth.backends import RemoteUserBackend
    from django.contrib.auth.middleware import RemoteUserMiddleware
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
    from django.contrib.auth.views import PasswordChangeView
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.signals import request_finished, request_started
    from django.db.models.signals import post_save
    from django.http import HttpResponse
    from django.test import Client


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
        its_own = {"request": named.get("request") is request, "user": named.get("user") is user}
        calls.append({"arguments": sorted(named), "its own": its_own})

    request, user = new_request(), new_user()
    user_logged_in.connect(receiver)
    login(request, user)
    its_own = {"request": True, "user": True}
    return {login.named: calls}, {login.named: [{"arguments": ["request", "user"], "its own": its_own}]}


@law("logins.sender")
def sender(calls, login: Login, who: Who):
    def receiver(sender, **kwargs):
        calls.append(sender)

    user = who(new_user())
    user_logged_in.connect(receiver)
    login(new_request(), user)
    told = f"{login.named}, {who.named}"
    return {told: calls}, {told: [user.__class__]}


@law("logins.each-way")
def each_way(calls, entrance: AnyEntrance):
    def receiver(signal, sender, request, user, **named):
        calls.append(
            {
                "sender": sender,
                "more arguments": sorted(named),
                "user is logged in": user == before,
                "request.user is the user": getattr(request, "user", user) == user,
                "session is the user's": request.session.get(SESSION_KEY) == str(user.pk),
                "session has the backend": request.session.get(BACKEND_SESSION_KEY),
            }
        )

    before = new_user()
    user_logged_in.connect(receiver)
    entrance()
    demanded = {
        "sender": get_user_model(),
        "more arguments": [],
        "user is logged in": True,
        "request.user is the user": True,
        "session is the user's": True,
        "session has the backend": settings.AUTHENTICATION_BACKENDS[-1],
    }
    return {entrance.named: calls}, {entrance.named: [demanded]}


@law("logins.user-has-a-backend")
def user_has_a_backend(calls, entrance: ByAuthenticate):
    def receiver(user, **kwargs):
        calls.append(getattr(user, "backend", None))

    new_user()
    user_logged_in.connect(receiver)
    entrance()
    return {entrance.named: calls}, {entrance.named: [settings.AUTHENTICATION_BACKENDS[-1]]}


@law("logins.after-the-session")
def after_the_session(calls, login: Login):
    def receiver(request, **kwargs):
        calls.append(
            {
                "session is the user's": request.session.get(SESSION_KEY) == str(user.pk),
                "request.user is the user": request.user is user,
                "session has its data": "cart" in request.session,
            }
        )

    user, request = new_user(), new_request(cart=1)
    request.user = AnonymousUser()
    user_logged_in.connect(receiver)
    login(request, user)
    parts = ("session is the user's", "request.user is the user", "session has its data")
    return {login.named: calls}, {login.named: [dict.fromkeys(parts, True)]}


@law("logins.new-session-key")
def new_session_key(calls, login: Login):
    def receiver(request, **kwargs):
        calls.append("old key" if request.session.session_key == before else "new key")

    user, request = new_user(), new_request(cart=1)
    request.session.save()
    before = request.session.session_key
    user_logged_in.connect(receiver)
    login(request, user)
    return {login.named: calls}, {login.named: ["new key"]}


@law("logins.changed-password")
def changed_password(calls, login: Login):
    def receiver(request, **kwargs):
        key = "old" if request.session.session_key == before else "new"
        calls.append({"key": key, "cart": request.session.get("cart")})

    user, request = new_user(), new_request()
    login(request, user)
    request.session["cart"] = 1
    request.session.save()
    before = request.session.session_key
    user.set_password("other")
    user.save()
    listen(calls, logout=user_logged_out)
    user_logged_in.connect(receiver)
    login(request, user)
    return {login.named: calls}, {login.named: [{"key": "new", "cart": None}]}


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
        calls.append("none" if user.last_login is None else "new")

    user = new_user()
    user_logged_in.connect(receiver)
    login(new_request(), user)
    saved = get_user_model().objects.get().last_login == user.last_login
    return {login.named: {"last_login": calls, "saved": saved}}, {login.named: {"last_login": ["new"], "saved": True}}


@law("logins.last-login-is-a-receiver", uses=["disconnect", "dispatch_uid"])
def last_login_is_a_receiver(calls, login: Login):
    user = new_user()
    found = user_logged_in.disconnect(dispatch_uid="update_last_login")
    listen(calls, login=user_logged_in)
    login(new_request(), user)
    return {login.named: {"disconnected": found, "last_login": user.last_login, "sent": calls}}, {
        login.named: {"disconnected": True, "last_login": None, "sent": ["login"]}
    }


@law("logins.last-login-saves", uses=["disconnect", "post_save"])
def last_login_saves(calls, login: Login):
    def receiver(instance, created, update_fields, **kwargs):
        calls.append({"the user": instance is user, "created": created, "update_fields": update_fields})

    user = new_user()
    post_save.connect(receiver, sender=get_user_model())
    try:
        login(new_request(), user)
    finally:
        post_save.disconnect(receiver, sender=get_user_model())
    saved = {"the user": True, "created": False, "update_fields": frozenset({"last_login"})}
    return {login.named: calls}, {login.named: [saved]}


@law("logins.failure")
def failure(calls, login: Login, error: Error):
    def fails(**kwargs):
        raise error

    user, request = new_user(), new_request()
    request.user = AnonymousUser()
    user_logged_in.connect(fails)
    listen(calls, later=user_logged_in)
    calls.append(outcome(lambda: login(request, user)))
    left = {"request.user": request.user is user, "session": request.session.get(SESSION_KEY) == str(user.pk)}
    return {login.named: {"sent": calls, "the user's": left}}, {
        login.named: {
            "sent": [f"raises {type(error).__name__}"],
            "the user's": {"request.user": True, "session": True},
        }
    }


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
    install(lambda request: calls.append("user" if request.user.is_authenticated else "nobody") or HttpResponse())
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [sessions, "django.contrib.auth.middleware.AuthenticationMiddleware"]
    client.get("/")
    client.logout()
    return calls, ["user", "logout"]


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
        calls.append({"request.user": user is request.user, "cart": request.session.get("cart")})

    request, ann, bob = new_request(), new_user("ann"), new_user("bob")
    request.user = AnonymousUser()
    listen(calls, logout=user_logged_out)
    user_logged_in.connect(receiver)
    login(request, ann)
    request.session["cart"] = 1
    login(request, bob)
    return {login.named: calls}, {login.named: [{"request.user": True, "cart": None}] * 2}


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
        calls.append("the request's" if user is request.user else user)

    request = new_request()
    request.user = new_user()
    user_logged_in.connect(receiver)
    login(request, None)
    return {"user": calls}, {"user": ["the request's"]}


@law("logins.client")
def client(calls, client: LoginClient):
    def receiver(request, user, **kwargs):
        calls.append({"REMOTE_ADDR": "REMOTE_ADDR" in request.META, "request.user": hasattr(request, "user")})

    user = new_user()
    user_logged_in.connect(receiver)
    found = client.login(**credentials())
    client.force_login(user)
    missing = {"REMOTE_ADDR": False, "request.user": False}
    return {client.named: {"login()": found, "there is": calls}}, {
        client.named: {"login()": True, "there is": [missing] * 2}
    }


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
    its_own = [{"request": each is request, "user": who == user} for each, who in calls]
    return {entrance.named: its_own}, {entrance.named: [{"request": True, "user": True}]}


@law("logins.custom-header")
def custom_header(calls, remote: OtherHeader):
    class Middleware(RemoteUserMiddleware):
        header = "HTTP_AUTHUSER"

    def receiver(user, **kwargs):
        calls.append(user.get_username())

    backends(RemoteUserBackend)
    user_logged_in.connect(receiver)
    come(remote(), lambda request: HttpResponse(), Middleware, remote="ann", header="HTTP_AUTHUSER")
    client = remote.__name__
    return {client: calls}, {client: ["ann"]}


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

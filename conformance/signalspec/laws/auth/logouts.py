"""Laws of the chapter logouts: user_logged_out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error
from signalspec.requests.login_kinds import AnyExit, Logout, LogoutMethod, LogoutPage, Remote, Who
from signalspec.requests.login_vocabulary import backends, come, logged_in, new_request, new_user, signed_in
from signalspec.requests.vocabulary import install, listen, outcome

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
def arguments(calls, logout: Logout, who: Who):
    def receiver(signal, sender, **named):
        its_own = {"request": named.get("request") is request, "user": named.get("user") == user}
        calls.append({"sender": sender, "arguments": sorted(named), "its own": its_own})

    request = logged_in(who=who)
    user = request.user
    user_logged_out.connect(receiver)
    logout(request)
    told, its_own = f"{logout.named}, {who.named}", {"request": True, "user": True}
    demanded = {"sender": user.__class__, "arguments": ["request", "user"], "its own": its_own}
    return {told: calls}, {told: [demanded]}


@law("logouts.each-way")
def each_way(calls, exit: AnyExit):
    def receiver(signal, sender, request, user, **named):
        calls.append(
            {
                "sender": sender,
                "more arguments": sorted(named),
                "user was logged in": user == before,
                "request.user is the user": request.user == before,
                "session is the user's": request.session.get(SESSION_KEY) == str(before.pk),
            }
        )

    before = new_user()
    user_logged_out.connect(receiver)
    exit()
    demanded = {
        "sender": get_user_model(),
        "more arguments": [],
        "user was logged in": True,
        "request.user is the user": True,
        "session is the user's": True,
    }
    return {exit.named: calls}, {exit.named: [demanded]}


@law("logouts.before-the-session-ends")
def before_the_session_ends(calls, logout: Logout):
    def receiver(request, **kwargs):
        calls.append(look(request))

    def look(request):
        session = request.session
        return {"user": request.user is user, "session": SESSION_KEY in session, "cart": session.get("cart")}

    request = logged_in()
    request.session["cart"], user = 1, request.user
    user_logged_out.connect(receiver)
    logout(request)
    demanded = {
        "receivers": [{"user": True, "session": True, "cart": 1}],
        "afterwards": {"user": False, "session": False, "cart": None},
    }
    return {logout.named: {"receivers": calls, "afterwards": look(request)}}, {logout.named: demanded}


@law("logouts.what-receivers-write-is-lost")
def what_receivers_write_is_lost(calls, logout: Logout):
    def receiver(request, **kwargs):
        calls.append("receiver")
        request.session["message"] = "Goodbye."

    request = logged_in()
    user_logged_out.connect(receiver)
    logout(request)
    left = {"called": calls, "message": request.session.get("message")}
    return {logout.named: left}, {logout.named: {"called": ["receiver"], "message": None}}


@law("logouts.anonymous")
def anonymous(calls, logout: Logout):
    def receiver(user, **kwargs):
        calls.append("the user" if user == before else user)

    request = logged_in()
    before = request.user
    user_logged_out.connect(receiver)
    for _ in range(3):
        logout(request)
    return {logout.named: calls}, {logout.named: ["the user", None, None]}


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
    seen = {"sent": calls, "session is the user's": SESSION_KEY in request.session}
    return {logout.named: seen}, {
        logout.named: {"sent": [f"raises {type(error).__name__}"], "session is the user's": True}
    }


@law("logouts.not-by-an-expired-session")
def not_by_an_expired_session(calls):
    client = Client()
    client.force_login(new_user())
    listen(calls, logout=user_logged_out)
    client.session.flush()
    install(lambda request: calls.append("user" if request.user.is_authenticated else "nobody") or HttpResponse())
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [sessions, "django.contrib.auth.middleware.AuthenticationMiddleware"]
    client.get("/")
    client.logout()
    return calls, ["nobody", "logout"]


@law("logouts.not-by-a-changed-password")
def not_by_a_changed_password(calls):
    client, user = Client(), new_user()
    client.force_login(user)
    user.set_password("other")
    user.save()
    listen(calls, logout=user_logged_out)
    install(lambda request: calls.append("user" if request.user.is_authenticated else "nobody") or HttpResponse())
    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [sessions, "django.contrib.auth.middleware.AuthenticationMiddleware"]
    client.get("/")
    client.logout()
    return calls, ["nobody", "logout"]


@law("logouts.client")
def client(calls):
    def receiver(request, user, **kwargs):
        calls.append({"REMOTE_ADDR": "REMOTE_ADDR" in request.META, "user": user})

    client, user = Client(), new_user()
    user_logged_out.connect(receiver)
    client.logout()
    client.force_login(user)
    client.logout()
    return calls, [{"REMOTE_ADDR": False, "user": None}, {"REMOTE_ADDR": False, "user": user}]


@law("logouts.views")
def views(calls, page: LogoutPage):
    def receiver(request, user, **kwargs):
        calls.append((request, user))

    client, user = Client(), new_user()
    client.force_login(user)
    user_logged_out.connect(receiver)
    request = page(client)
    its_own = [{"request": each is request, "user": who == user} for each, who in calls]
    return {page.named: its_own}, {page.named: [{"request": True, "user": True}]}


@law("logouts.by-get")
def by_get(calls, page: LogoutPage, method: LogoutMethod):
    new_user()
    listen(calls, logout=user_logged_out)
    page(signed_in(), method=method)
    told = f"{page.named}, {method}"
    return {told: calls}, {told: ["logout"]}


@law("logouts.not-by-get")
def not_by_get(calls, page: LogoutPage, method: LogoutMethod):
    new_user()
    listen(calls, logout=user_logged_out)
    client, seen = signed_in(), {}
    for each in (method, "options", "post"):
        page(client, method=each)
        calls.append("logged in" if SESSION_KEY in client.session else "logged out")
        seen[each] = calls[:]
        calls.clear()
    stays, ends = ["logged in"], ["logout", "logged out"]
    return {page.named: seen}, {page.named: {method: stays, "options": stays, "post": ends}}


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

"""Laws of the chapter failures: user_login_failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error
from signalspec.requests.login_kinds import AnyAttempt, Attempt, Authenticate, LoginClient
from signalspec.requests.login_vocabulary import backends, credentials, new_request, new_user
from signalspec.requests.vocabulary import listen, outcome

if TYPE_CHECKING:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.backends import ModelBackend
    from django.contrib.auth.signals import user_logged_in, user_login_failed
    from django.core.exceptions import PermissionDenied


@law("failures.once", uses=["coroutines"])
def once(calls, authenticate: Authenticate):
    class Refuses:
        def authenticate(self, request, **credentials):
            calls.append("backend")

        async def aauthenticate(self, request, **credentials):
            calls.append("backend")

    listen(calls, login=user_logged_in, failed=user_login_failed)
    backends(Refuses, Refuses)
    found = authenticate(new_request(), **credentials())
    return {authenticate.named: {"returned": found, "calls": calls}}, {
        authenticate.named: {"returned": None, "calls": ["backend", "backend", "failed"]}
    }


@law("failures.not-for-success", uses=["coroutines"])
def not_for_success(calls, authenticate: Authenticate):
    class Refuses:
        def authenticate(self, request, **credentials):
            calls.append("backend")

        async def aauthenticate(self, request, **credentials):
            calls.append("backend")

    user = new_user()
    listen(calls, failed=user_login_failed)
    backends(Refuses, "django.contrib.auth.backends.ModelBackend")
    found = authenticate(new_request(), **credentials())
    calls.append("found")
    authenticate(new_request(), **credentials(password="wrong"))
    return {authenticate.named: {"returned": found, "calls": calls}}, {
        authenticate.named: {"returned": user, "calls": ["backend", "found", "backend", "failed"]}
    }


@law("failures.no-backend-for-them")
def no_backend_for_them(calls, authenticate: Authenticate):
    class Other:
        def authenticate(self, request, badge):
            calls.append("backend")

    listen(calls, failed=user_login_failed)
    backends(Other)
    found = authenticate(new_request(), card="1")
    return {authenticate.named: {"returned": found, "calls": calls}}, {
        authenticate.named: {"returned": None, "calls": ["failed"]}
    }


@law("failures.permission-denied", uses=["coroutines"])
def permission_denied(calls, authenticate: Authenticate):
    class Denies:
        def authenticate(self, request, **credentials):
            calls.append("denies")
            raise PermissionDenied

        async def aauthenticate(self, request, **credentials):
            return self.authenticate(request, **credentials)

    class Later:
        def authenticate(self, request, **credentials):
            calls.append("later")

    listen(calls, failed=user_login_failed)
    backends(Denies, Later)
    found = authenticate(new_request(), **credentials())
    return {authenticate.named: {"returned": found, "calls": calls}}, {
        authenticate.named: {"returned": None, "calls": ["denies", "failed"]}
    }


@law("failures.not-for-errors", uses=["coroutines"])
def not_for_errors(calls, authenticate: Authenticate, error: Error):
    class Breaks:
        def authenticate(self, request, **credentials):
            raise error

        async def aauthenticate(self, request, **credentials):
            raise error

    listen(calls, failed=user_login_failed)
    backends(Breaks)
    calls.append(outcome(lambda: authenticate(new_request(), **credentials())))
    backends("django.contrib.auth.backends.ModelBackend")
    authenticate(new_request(), **credentials())
    return {authenticate.named: calls}, {authenticate.named: [f"raises {type(error).__name__}", "failed"]}


@law("failures.arguments")
def arguments(calls, authenticate: Authenticate):
    def receiver(signal, sender, **named):
        its_own = {"request": named.get("request") is request}
        calls.append({"sender": sender, "arguments": sorted(named), "its own": its_own})

    request = new_request()
    user_login_failed.connect(receiver)
    authenticate(request, **credentials())
    demanded = {
        "sender": "django.contrib.auth",
        "arguments": ["credentials", "request"],
        "its own": {"request": True},
    }
    return {authenticate.named: calls}, {authenticate.named: [demanded]}


@law("failures.each-way")
def each_way(calls, attempt: AnyAttempt):
    def receiver(signal, sender, credentials, request, **named):
        calls.append({"sender": sender, "more arguments": sorted(named), "credentials": credentials})

    new_user()
    user_login_failed.connect(receiver)
    attempt()
    demanded = {"sender": "django.contrib.auth", "more arguments": [], "credentials": attempt.tried}
    return {attempt.named: calls}, {attempt.named: [demanded]}


@law("failures.without-a-request")
def without_a_request(calls, authenticate: Authenticate):
    def receiver(request, **kwargs):
        calls.append(request)

    user_login_failed.connect(receiver)
    authenticate(**credentials())
    return {authenticate.named: calls}, {authenticate.named: [None]}


@law("failures.credentials")
def credentials_(calls, authenticate: Authenticate):
    def receiver(credentials, **kwargs):
        calls.append(credentials)

    user_login_failed.connect(receiver)
    authenticate(new_request(), **{get_user_model().USERNAME_FIELD: "ann", "password": "wrong"})
    return {authenticate.named: calls}, {
        authenticate.named: [{get_user_model().USERNAME_FIELD: "ann", "password": "*" * 20}]
    }


@law("failures.masks")
def masks(calls, authenticate: Authenticate):
    def receiver(credentials, **kwargs):
        calls.append(sorted(name for name, value in credentials.items() if value == "*" * 20))

    names = ["api", "token", "key", "secret", "password", "signature", "API_KEY", "newPassword", "otp_secret"]
    user_login_failed.connect(receiver)
    authenticate(new_request(), **dict.fromkeys([*names, "name", "pin", "otp"], "1"))
    return {authenticate.named: calls}, {authenticate.named: [sorted(names)]}


@law("failures.masks-a-copy", uses=["coroutines"])
def masks_a_copy(calls, authenticate: Authenticate):
    class Refuses:
        def authenticate(self, request, **credentials):
            calls.append(credentials["password"])

        async def aauthenticate(self, request, **credentials):
            calls.append(credentials["password"])

    given = {"password": "wrong"}
    listen(calls, failed=user_login_failed)
    backends(Refuses, Refuses)
    authenticate(new_request(), **given)
    return {authenticate.named: {"backends": calls, "caller": given}}, {
        authenticate.named: {"backends": ["wrong", "wrong", "failed"], "caller": {"password": "wrong"}}
    }


@law("failures.failing-receiver")
def failing_receiver(calls, authenticate: Authenticate, error: Error):
    def fails(**kwargs):
        raise error

    user_login_failed.connect(fails)
    listen(calls, later=user_login_failed)
    calls.append(outcome(lambda: authenticate(new_request(), **credentials())))
    return {authenticate.named: calls}, {authenticate.named: [f"raises {type(error).__name__}"]}


@law("failures.inactive-users")
def inactive_users(calls, authenticate: Authenticate):
    class Strict(ModelBackend):
        def user_can_authenticate(self, user):
            calls.append("asked")
            return False

    new_user()
    listen(calls, failed=user_login_failed)
    backends(Strict)
    found = authenticate(new_request(), **credentials())
    return {authenticate.named: {"returned": found, "calls": calls}}, {
        authenticate.named: {"returned": None, "calls": ["asked", "failed"]}
    }


@law("failures.client")
def client(calls, client: LoginClient):
    def receiver(request, **kwargs):
        calls.append(request)

    new_user()
    user_login_failed.connect(receiver)
    found = client.login(**credentials(password="wrong"))
    return {client.named: {"login()": found, "request": calls}}, {client.named: {"login()": False, "request": [None]}}


@law("failures.forms-views-and-middleware")
def forms_views_and_middleware(calls, attempt: Attempt):
    def receiver(request, **kwargs):
        calls.append(request)

    new_user()
    user_login_failed.connect(receiver)
    request = attempt()
    return {attempt.named: ["its request" if each is request else each for each in calls]}, {
        attempt.named: ["its request"]
    }

"""The tables of logins: ways to log somebody in and out, and to fail, and who the visitor is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from signalspec.programs.tables import Table
from signalspec.requests.kinds import named

if TYPE_CHECKING:
    # What the sources below use.
    from asgiref.sync import async_to_sync
    from django import test
    from django.contrib import auth
    from django.contrib.admin.forms import AdminAuthenticationForm
    from django.contrib.admin.sites import AdminSite
    from django.contrib.auth import views
    from django.contrib.auth.backends import RemoteUserBackend
    from django.contrib.auth.forms import AuthenticationForm
    from django.contrib.auth.middleware import RemoteUserMiddleware
    from django.forms import CharField
    from django.http import HttpResponse
    from django.utils.functional import SimpleLazyObject

    from signalspec.requests.login_vocabulary import (
        backends,
        come,
        credentials,
        form,
        new_request,
        reset_password,
        signed_in,
        the_user,
    )
    from signalspec.requests.vocabulary import templates


_REFUSED = """\
def NAME():
    class Backend(RemoteUserBackend):
        create_unknown_user = False
    backends(Backend)
    return come(test.CLIENT(), lambda request: HttpResponse(), RemoteUserMiddleware, remote="bob")"""

_ADMITTED = """\
def NAME():
    backends(RemoteUserBackend)
    return come(test.CLIENT(), lambda request: HttpResponse(), RemoteUserMiddleware, remote="ann")"""


_NAMED = """\
def NAME():
    backends(RemoteUserBackend)
    client = test.CLIENT()
    come(client, lambda request: HttpResponse(), RemoteUserMiddleware, remote="ann")
    return come(client, lambda request: HttpResponse(), RemoteUserMiddleware, remote=WHOM)"""

_FORM = """\
class Form(AuthenticationForm):
    otp = CharField()
"""


class Who(Table):
    """A user, as code has one."""

    kinds = named(
        {
            "user": "NAME = lambda user: user",
            "lazy user": "NAME = lambda user: SimpleLazyObject(lambda: user)",
            "proxy": """\
def NAME(user):
    class Proxy(type(user)):
        class Meta:
            proxy = True
            app_label = "auth"
    return Proxy.objects.get(pk=user.pk)""",
        }
    )


class Login(Table):
    """A way to log a user in."""

    kinds = {
        "login": 'NAME = auth.login\nNAME.named = "login()"',
        "with a backend": """\
def NAME(request, user):
    auth.login(request, user, "django.contrib.auth.backends.ModelBackend")
NAME.named = "login() with a backend\"""",
        "alogin": 'NAME = async_to_sync(auth.alogin)\nNAME.named = "alogin()"',
    }
    since = {"alogin": (5, 0)}


class Logout(Table):
    """A way to log a user out."""

    kinds = {
        "logout": 'NAME = auth.logout\nNAME.named = "logout()"',
        "alogout": 'NAME = async_to_sync(auth.alogout)\nNAME.named = "alogout()"',
    }
    since = {"alogout": (5, 0)}


class Authenticate(Table):
    """A way to authenticate."""

    kinds = {
        "authenticate": 'NAME = auth.authenticate\nNAME.named = "authenticate()"',
        "aauthenticate": 'NAME = async_to_sync(auth.aauthenticate)\nNAME.named = "aauthenticate()"',
    }
    since = {"aauthenticate": (5, 0)}


class Attempt(Table):
    """What fails to log somebody in, and returns the request with which it tried."""

    kinds = named(
        {
            "LoginView": """\
def NAME():
    templates(page="text")
    return come(test.Client(), views.LoginView.as_view(template_name="page"), data=form("wrong"))""",
            "AuthenticationForm": """\
def NAME():
    request = new_request()
    AuthenticationForm(request, form("wrong")).is_valid()
    return request""",
            "AdminAuthenticationForm": """\
def NAME():
    request = new_request()
    AdminAuthenticationForm(request, form("wrong")).is_valid()
    return request""",
            "admin": """\
def NAME():
    templates(page="text")
    class Site(AdminSite):
        login_template = "page"
        def each_context(self, request):
            return {}
    return come(test.Client(), Site().login, data=form("wrong"))""",
            "RemoteUserMiddleware": _REFUSED.replace("CLIENT", "Client"),
            "asynchronous RemoteUserMiddleware": _REFUSED.replace("CLIENT", "AsyncClient"),
        }
    )
    since = {"asynchronous RemoteUserMiddleware": (5, 2)}


class Entrance(Table):
    """What logs the user in, and returns the request in which that was."""

    kinds = named(
        {
            "LoginView": "NAME = lambda: come(test.Client(), views.LoginView.as_view(), data=form())",
            "PasswordResetConfirmView": "NAME = lambda: reset_password(post_reset_login=True)",
            "RemoteUserMiddleware": _ADMITTED.replace("CLIENT", "Client"),
            "asynchronous RemoteUserMiddleware": _ADMITTED.replace("CLIENT", "AsyncClient"),
        }
    )
    since = {"asynchronous RemoteUserMiddleware": (5, 2)}


class ByAuthenticate(Table):
    """What logs in the one user there is, once a backend has found him or the test names one."""

    kinds = named(
        {
            **{kind: source for kind, source in Entrance.kinds.items() if "Reset" not in kind},
            "admin": """\
def NAME():
    class Site(AdminSite):
        login_form = AuthenticationForm
        def each_context(self, request):
            return {}
    return come(test.Client(), Site().login, data=form())""",
            "login() of the client": "NAME = lambda: test.Client().login(**credentials())",
            "force_login()": "NAME = lambda: test.Client().force_login(the_user())",
            "force_login() with a backend": """\
def NAME():
    backends("django.contrib.auth.backends.ModelBackend", RemoteUserBackend)
    test.Client().force_login(the_user(), "doors.Backend1")""",
            "alogin() of the client": "NAME = lambda: async_to_sync(test.Client().alogin)(**credentials())",
            "aforce_login()": "NAME = lambda: async_to_sync(test.AsyncClient().aforce_login)(the_user())",
        }
    )
    since = {**Entrance.since, "alogin() of the client": (5, 0), "aforce_login()": (5, 0)}


class AnyEntrance(Table):
    """What logs in the one user there is."""

    kinds = named(
        {
            "login()": """\
def NAME():
    return come(test.Client(), lambda request: auth.login(request, the_user()) or HttpResponse())""",
            "login() of a lazy user": """\
def NAME():
    lazy = SimpleLazyObject(the_user)
    return come(test.Client(), lambda request: auth.login(request, lazy) or HttpResponse())""",
            "alogin()": """\
def NAME():
    async def view(request):
        await auth.alogin(request, user)
        return HttpResponse()
    user = the_user()
    return come(test.AsyncClient(), view)""",
            **{kind: Entrance.kinds[kind] for kind in Entrance.kinds if "Reset" in kind},
            **ByAuthenticate.kinds,
        }
    )
    since = {**ByAuthenticate.since, "alogin()": (5, 0)}


class AnyAttempt(Table):
    """What fails to log somebody in, and the credentials that it tries, masked."""

    kinds = named(
        {
            **{
                kind: f'{source}\nNAME.tried = {{"remote_user": "bob"}}'
                if "Remote" in kind
                else f'{source}\nNAME.tried = {{"username": "ann", "password": "*" * 20}}'
                for kind, source in {
                    **Attempt.kinds,
                    "form with more fields": f"""\
{_FORM}
NAME = lambda: Form(new_request(), {{**form("wrong"), "otp": "1234"}}).is_valid()""",
                    "LoginView with more fields": f"""\
{_FORM}
def NAME():
    templates(page="text")
    view = views.LoginView.as_view(template_name="page", authentication_form=Form)
    return come(test.Client(), view, data={{**form("wrong"), "otp": "1234"}})""",
                }.items()
            },
            **{
                kind: f"{source}\nNAME.tried = credentials(password='*' * 20)"
                for kind, source in {
                    "login() of the client": 'NAME = lambda: test.Client().login(**credentials(password="wrong"))',
                    "alogin() of the client": """\
def NAME():
    return async_to_sync(test.AsyncClient().alogin)(**credentials(password="wrong"))""",
                }.items()
            },
        }
    )
    since = {**Attempt.since, "alogin() of the client": (5, 0)}


class LogoutPage(Table):
    """What logs the user of a client out, and returns the request in which that was."""

    kinds = named(
        {
            "LogoutView": """\
def NAME(client, method="post"):
    return come(client, views.LogoutView.as_view(next_page="/out"), method=method)""",
            "admin": """\
def NAME(client, method="post"):
    templates(page="text")
    class Site(AdminSite):
        logout_template = "page"
        def each_context(self, request):
            return {}
    return come(client, Site().logout, method=method)""",
        }
    )


class AnyExit(Table):
    """What logs in the one user there is, and then out."""

    kinds = named(
        {
            "logout()": """\
def NAME():
    return come(signed_in(), lambda request: auth.logout(request) or HttpResponse())""",
            "alogout()": """\
def NAME():
    async def view(request):
        await auth.alogout(request)
        return HttpResponse()
    return come(signed_in(test.AsyncClient()), view)""",
            **{
                kind: f"{source.replace('NAME', 'page')}\nNAME = lambda: page(signed_in())"
                for kind, source in LogoutPage.kinds.items()
            },
            "RemoteUserMiddleware without a user": _NAMED.replace("CLIENT", "Client").replace("WHOM", "None"),
            "RemoteUserMiddleware with another user": _NAMED.replace("CLIENT", "Client").replace("WHOM", '"bob"'),
            "asynchronous RemoteUserMiddleware without a user": _NAMED.replace("CLIENT", "AsyncClient").replace(
                "WHOM", "None"
            ),
            "asynchronous RemoteUserMiddleware with another user": _NAMED.replace("CLIENT", "AsyncClient").replace(
                "WHOM", '"bob"'
            ),
            "logout() of the client": "NAME = lambda: signed_in().logout()",
        }
    )
    since = {
        "alogout()": (5, 0),
        "asynchronous RemoteUserMiddleware without a user": (5, 2),
        "asynchronous RemoteUserMiddleware with another user": (5, 2),
    }


class LoginClient(Table):
    """A test client that logs in, or one that does so in asynchronous code."""

    kinds = named(
        {
            "Client": "NAME = test.Client()",
            "AsyncClient": """\
class NAME(test.AsyncClient):
    def __getattribute__(self, name):
        words = {"login": "alogin", "force_login": "aforce_login", "logout": "alogout"}
        found = super().__getattribute__(words.get(name, name))
        return async_to_sync(found) if name in words else found
NAME = NAME()""",
        }
    )
    since = {"AsyncClient": (5, 0)}


class Remote(Table):
    """The client of a server that says who the visitor is."""

    kinds = {
        "synchronous": "NAME = test.Client",
        "asynchronous": "NAME = test.AsyncClient",
    }
    since = {"asynchronous": (5, 2)}


class OtherHeader(Table):
    """The client of a server that says so in a header of another name."""

    kinds = Remote.kinds
    since = {"asynchronous": (3, 1)}


class LogoutMethod(Table):
    """A method that is not for logging out."""

    kinds = {"GET": 'NAME = "get"', "HEAD": 'NAME = "head"'}


class Users(Table):
    """Which user model the project has, which is the process's."""

    kinds = {"plain": "", "custom": ""}

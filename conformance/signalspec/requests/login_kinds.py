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
    from django.http import HttpResponse

    from signalspec.requests.vocabulary import backends, come, form, new_request, reset_password, templates


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


class LogoutPage(Table):
    """What logs the user of a client out, and returns the request in which that was."""

    kinds = named(
        {
            "LogoutView": """\
def NAME(client):
    return come(client, views.LogoutView.as_view(next_page="/out"), data={})""",
            "admin": """\
def NAME(client):
    templates(page="text")
    class Site(AdminSite):
        logout_template = "page"
        def each_context(self, request):
            return {}
    return come(client, Site().logout, data={})""",
        }
    )


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


class Users(Table):
    """Which user model the project has, which is the process's."""

    kinds = {"plain": "", "custom": ""}

"""Laws of the chapter alogins: what alogin, alogout and aauthenticate send."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.login_vocabulary import credentials, logged_in, new_request, new_user

if TYPE_CHECKING:
    from asgiref.sync import async_to_sync
    from django.contrib.auth import aauthenticate, alogin, alogout
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
    from django.test import Client


@law("alogins.in-the-event-loop", uses=["coroutines"])
def in_the_event_loop(calls):
    async def receiver(signal, **kwargs):
        calls.append((signals[signal], "the caller's" if asyncio.get_running_loop() is loop else "another"))

    async def main():
        nonlocal loop
        loop = asyncio.get_running_loop()
        await aauthenticate(request, **credentials("bob"))
        await alogin(request, user)
        await alogout(request)

    request, user, loop = new_request(), new_user(), None
    signals = {user_login_failed: "failed", user_logged_in: "login", user_logged_out: "logout"}
    for signal in signals:
        signal.connect(receiver)
    asyncio.run(main())
    return calls, [(name, "the caller's") for name in ("failed", "login", "logout")]


@law("alogins.auser", uses=["coroutines"])
def auser(calls):
    async def receiver(request, **kwargs):
        calls.append(await request.auser())

    async def anonymous():
        return AnonymousUser()

    request, user = new_request(), new_user()
    request.user, request.auser = AnonymousUser(), anonymous
    user_logged_in.connect(receiver)
    async_to_sync(alogin)(request, user)
    return {"request.auser()": calls}, {"request.auser()": [user]}


@law("alogins.user", uses=["coroutines"])
def user(calls):
    async def receiver(request, **kwargs):
        calls.append(request.user)

    async def anonymous():
        return AnonymousUser()

    request, user = new_request(), new_user()
    request.user, request.auser = AnonymousUser(), anonymous
    user_logged_in.connect(receiver)
    async_to_sync(alogin)(request, user)
    return {"request.user": calls}, {"request.user": [user]}


@law("alogins.logged-out-user")
def logged_out_user(calls):
    def receiver(user, **kwargs):
        calls.append(user)

    request = logged_in()
    before = request.user
    user_logged_out.connect(receiver)
    async_to_sync(alogout)(request)
    return {"user": calls}, {"user": [before]}


@law("alogins.client-logout")
def client_logout(calls):
    def receiver(user, **kwargs):
        calls.append(user)

    client, user = Client(), new_user()
    client.force_login(user)
    user_logged_out.connect(receiver)
    async_to_sync(client.alogout)()
    return calls, [user]

"""Laws of the chapter sequences: what is done on one client, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Sequence
from signalspec.requests.login_vocabulary import credentials, new_user
from signalspec.requests.vocabulary import install, listen, outcome

if TYPE_CHECKING:
    from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
    from django.core.signals import got_request_exception, request_finished, request_started
    from django.http import HttpResponse, StreamingHttpResponse
    from django.test import Client


@law("sequences.on-one-client")
def on_one_client(calls, sequence: Sequence):
    def view(request):
        calls.append("view")
        if step == "fail":
            raise ValueError
        return StreamingHttpResponse(iter(["text"])) if step == "stream" else HttpResponse("text")

    def logged_out(user, **kwargs):
        calls.append("somebody" if user else "nobody")

    def do():
        if step in ("get", "fail", "stream"):
            list(client.get("/"))
        elif step == "log in":
            client.login(**credentials())
        elif step == "force login":
            client.force_login(user)
        elif step == "wrong password":
            client.login(**credentials(password="wrong"))
        elif step == "log out":
            client.logout()
        else:
            client.session.flush()

    client, user, somebody, expected = Client(), new_user(), False, []
    listen(calls, started=request_started, exception=got_request_exception, finished=request_finished)
    listen(calls, login=user_logged_in, failed=user_login_failed, logout=user_logged_out)
    user_logged_out.connect(logged_out)
    install(view)
    for step in sequence:
        outcome(do)
        expected += {
            "get": ["started", "view", "finished"],
            "stream": ["started", "view", "finished"],
            "fail": ["started", "view", "exception", "finished"],
            "log in": ["login"],
            "force login": ["login"],
            "wrong password": ["failed"],
            "log out": ["logout", "somebody" if somebody else "nobody"],
            "expire": [],
        }[step]
        somebody = step in ("log in", "force login") or (somebody and step not in ("log out", "expire"))
    return calls, expected

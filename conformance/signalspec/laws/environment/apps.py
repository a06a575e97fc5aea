"""Laws of the chapter apps: AppConfig.ready, where receivers are connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.environment_kinds import Command
from signalspec.requests.kinds import Error
from signalspec.requests.vocabulary import new_app, outcome, python

if TYPE_CHECKING:
    import django
    from django.apps.registry import Apps
    from django.contrib.auth.models import User
    from django.contrib.auth.signals import user_logged_in
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.signals import request_started
    from django.test import override_settings


@law("apps.order")
def order(calls):
    names = [new_app(name, ready=lambda config: calls.append(config.name)) for name in ("b", "a", "c")]
    Apps(names)
    return calls, ["b", "a", "c"]


@law("apps.models-first")
def models_first(calls):
    names = [
        new_app(
            name,
            models=lambda config: calls.append(f"models of {config.name}"),
            ready=lambda config: calls.append(f"ready of {config.name}"),
        )
        for name in ("a", "b")
    ]
    Apps(names)
    return calls, ["models of a", "models of b", "ready of a", "ready of b"]


@law("apps.not-ready-yet")
def not_ready_yet(calls):
    def ready(config):
        calls.append((config.apps.apps_ready, config.apps.models_ready, config.apps.ready))

    registry = Apps([new_app("a", ready=ready)])
    calls.append(registry.ready)
    return calls, [(True, True, False), True]


@law("apps.once")
def once(calls):
    registry = Apps([new_app("a", ready=lambda config: calls.append("ready"))])
    registry.populate(registry.get_app_configs())
    django.setup()
    return calls, ["ready"]


@law("apps.again-for-new-settings")
def again_for_new_settings(calls):
    app = new_app("a", ready=lambda config: calls.append(config))
    for _ in range(2):
        with override_settings(INSTALLED_APPS=[app]):
            pass
    return [len(calls), len(set(map(id, calls)))], [2, 2]


@law("apps.receivers-in-that-order", uses=["dispatch_uid"])
def receivers_in_that_order(calls):
    def connect(config):
        request_started.connect(lambda **kwargs: calls.append(config.name), weak=False, dispatch_uid=config.name)

    Apps([new_app("b", ready=connect), new_app("a", ready=connect)])
    request_started.send(None)
    return calls, ["b", "a"]


@law("apps.failure")
def failure(calls, error: Error):
    def fails(config):
        raise error

    names = [new_app("a", ready=fails), new_app("b", ready=lambda config: calls.append("ready"))]
    return (outcome(lambda: Apps(names)), calls), (f"raises {type(error).__name__}", [])


@law("apps.every-command", uses=["python"])
def every_command(command: Command):
    return "ready" in python(command), True


@law("apps.no-strings-as-senders", uses=["disconnect", "dispatch_uid"])
def no_strings_as_senders(calls):
    def receiver(**kwargs):
        calls.append("called")

    names = {user_logged_in: "auth.User", request_started: "django.core.handlers.wsgi.WSGIHandler"}
    for signal, name in names.items():
        signal.connect(receiver, sender=name)
    user_logged_in.disconnect(dispatch_uid="update_last_login")
    user_logged_in.send(User, request=None, user=None)
    request_started.send(WSGIHandler)
    request_started.connect(receiver, sender=WSGIHandler)
    request_started.send(WSGIHandler)
    return calls, ["called"]


@law("apps.queries-warn", uses=["python"])
def queries_warn():
    return "RuntimeWarning" in python("version", ready="connection.cursor().execute('SELECT 1')"), True


@law("apps.discovery")
def discovery(calls):
    new_app("a", ready=lambda config: calls.append("ready"))
    Apps(["a"])
    return calls, ["ready"]


@law("apps.no-discovery-of-two")
def no_discovery_of_two(calls):
    name = new_app("a", ready=lambda config: calls.append("ready"), configs=2)
    Apps(["a"])
    calls.append("found by its name")
    Apps([name])
    return calls, ["found by its name", "ready"]

"""Laws of the chapter settings: setting_changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.environment_kinds import AnyOverride, Override
from signalspec.requests.kinds import Error
from signalspec.requests.vocabulary import listen, outcome

if TYPE_CHECKING:
    import logging
    import sys
    import types

    from django.apps import AppConfig
    from django.conf import settings
    from django.core.signals import setting_changed
    from django.test import modify_settings, override_settings


@law("settings.twice")
def twice(calls, override: AnyOverride):
    listen(calls, changed=setting_changed)
    with override(SITE_NAME="a", SECRET_KEY="b"):
        calls.append("block")
    return calls, ["changed", "changed", "block", "changed", "changed"]


@law("settings.arguments")
def arguments(calls, override: AnyOverride):
    def receiver(signal, sender, **named):
        calls.append(named)

    setting_changed.connect(receiver)
    with override(SECRET_KEY="new"):
        pass
    before = {"setting": "SECRET_KEY", "value": "new", "enter": True}
    return calls, [before, {**before, "value": "secret", "enter": False}]


@law("settings.value-of-a-new-one")
def value_of_a_new_one(calls, override: AnyOverride):
    def receiver(value, **kwargs):
        calls.append(value)

    setting_changed.connect(receiver)
    with override(SITE_NAME="new"):
        pass
    return calls, ["new", None]


@law("settings.in-force")
def in_force(calls, override: AnyOverride):
    def receiver(**kwargs):
        calls.append((settings.SECRET_KEY, getattr(settings, "SITE_NAME", None)))

    setting_changed.connect(receiver)
    with override(SECRET_KEY="new", SITE_NAME="name"):
        pass
    return calls, [("new", "name")] * 2 + [("secret", None)] * 2


@law("settings.order")
def order(calls, override: AnyOverride):
    def receiver(setting, enter, **kwargs):
        calls.append((setting, enter))

    setting_changed.connect(receiver)
    with override(B=1, A=2):
        pass
    return calls, [("B", True), ("A", True), ("B", False), ("A", False)]


@law("settings.unchanged-values")
def unchanged_values(calls, override: AnyOverride):
    listen(calls, changed=setting_changed)
    with override(SECRET_KEY=settings.SECRET_KEY):
        pass
    return calls, ["changed"] * 2


@law("settings.not-by-assignment")
def not_by_assignment(calls):
    listen(calls, changed=setting_changed)
    settings.SITE_NAME = "a"
    del settings.SITE_NAME
    calls.append("assigned")
    with override_settings(SITE_NAME="a"):
        pass
    return calls, ["assigned", "changed", "changed"]


@law("settings.modified")
def modified(calls):
    def receiver(setting, value, **kwargs):
        calls.append((setting, value))

    setting_changed.connect(receiver)
    settings.LIST = ["a", "b"]
    with modify_settings(LIST={"append": "c", "remove": "a"}):
        pass
    return calls, [("LIST", ["b", "c"]), ("LIST", ["a", "b"])]


@law("settings.nested")
def nested(calls, override: AnyOverride):
    def receiver(value, **kwargs):
        calls.append(value)

    setting_changed.connect(receiver)
    with override(SITE_NAME="outer"):
        with override(SITE_NAME="inner"):
            pass
    return calls, ["outer", "inner", "outer", None]


@law("settings.after-an-exception")
def after_an_exception(calls, override: Override, error: Error):
    def receiver(enter, **kwargs):
        calls.append(enter)

    def block():
        with override(SECRET_KEY="new"):
            raise error

    setting_changed.connect(receiver)
    calls.append(outcome(block))
    return calls, [True, False, f"raises {type(error).__name__}"]


@law("settings.failure-on-entry")
def failure_on_entry(calls, override: Override, error: Error):
    def fails(enter, **kwargs):
        if enter:
            raise error

    def block():
        with override(SECRET_KEY="new"):
            calls.append("block")

    setting_changed.connect(fails)
    calls.append(outcome(block))
    calls.append(settings.SECRET_KEY)
    return calls, [f"raises {type(error).__name__}", "secret"]


@law("settings.failure-on-entry-is-undone")
def failure_on_entry_is_undone(calls, override: Override, error: Error):
    def cache(setting, value, **kwargs):
        cached[setting] = value

    def fails(setting, enter, **kwargs):
        if enter and setting == failing:
            raise error

    seen, cached = {}, {}
    settings.A = settings.B = "old"
    setting_changed.connect(cache)
    setting_changed.connect(fails)
    for failing in ("A", "B"):
        cached.update(A="old", B="old")
        calls.append(outcome(override(A="new", B="new").__enter__))
        seen[f"fails for {failing}"] = dict(cached)
    undone = {"A": "old", "B": "old"}
    raised = [f"raises {type(error).__name__}"] * 2
    return {**seen, "entering": calls}, {"fails for A": undone, "fails for B": undone, "entering": raised}


@law("settings.failure-on-exit")
def failure_on_exit(calls, override: Override, error: Error):
    def fails(enter, **kwargs):
        if not enter:
            raise error

    def later(enter, setting, **kwargs):
        calls.append((setting, enter))

    def block():
        with override(A=1, SECRET_KEY="new"):
            pass

    setting_changed.connect(fails)
    setting_changed.connect(later)
    calls.append(outcome(block))
    calls.append(settings.SECRET_KEY)
    entered, left = [("A", True), ("SECRET_KEY", True)], [("A", False), ("SECRET_KEY", False)]
    return calls, [*entered, *left, f"raises {type(error).__name__}", "secret"]


@law("settings.failure-replaces-the-blocks")
def failure_replaces_the_blocks(calls, override: Override, error: Error):
    def fails(enter, **kwargs):
        if not enter:
            raise error

    def block():
        with override(SECRET_KEY="new"):
            raise ArithmeticError

    setting_changed.connect(fails)
    return outcome(block), f"raises {type(error).__name__}"


@law("settings.installed-apps")
def installed_apps(calls):
    class Config(AppConfig):
        name, path, __module__ = "project", ".", "project"

        def ready(self):
            calls.append("ready")

    project = sys.modules["project"] = types.ModuleType("project")
    project.Config = Config
    listen(calls, changed=setting_changed)
    with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, "project.Config"]):
        calls.append("block")
    return calls, ["ready", "changed", "block", "changed"]


@law("settings.missing-app")
def missing_app(calls):
    def block():
        with override_settings(SECRET_KEY="new", INSTALLED_APPS=["there_is_no_such_app"]):
            pass

    listen(calls, changed=setting_changed)
    before = list(settings.INSTALLED_APPS)
    calls.append(outcome(block))
    unchanged = settings.INSTALLED_APPS == before
    with override_settings(SECRET_KEY="new"):
        pass
    return (calls, unchanged), (["raises ModuleNotFoundError", "changed", "changed"], True)


@law("settings.entered-again")
def entered_again(calls):
    def receiver(value, **kwargs):
        calls.append(value)

    @override_settings(SITE_NAME="new")
    def function(times):
        if times:
            function(times - 1)

    setting_changed.connect(receiver)
    outcome(lambda: function(1))
    return getattr(settings, "SITE_NAME", None), None


@law("settings.logging")
def logging_(calls):
    def level():
        return logging.getLevelName(logging.getLogger("project").level)

    def at(level):
        return {"version": 1, "disable_existing_loggers": False, "loggers": {"project": {"level": level}}}

    # Django configures its own loggers, too.
    handlers = logging.getLogger("django").handlers
    logging.getLogger("project").setLevel("INFO")
    settings.LOGGING = at("ERROR")
    try:
        with override_settings(LOGGING=at("DEBUG")):
            calls.append(("in the block", level()))
        calls.append(("afterwards", level()))
    finally:
        logging.getLogger("django").handlers = handlers
    return calls, [("in the block", "DEBUG"), ("afterwards", "ERROR")]

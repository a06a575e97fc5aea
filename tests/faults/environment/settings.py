"""Faults of the chapter settings: setting_changed."""

from __future__ import annotations

from planting import DjangoFault

UTILS = "django.test.utils"
CONF = "django.conf"

_WRAPS = "        self.wrapped = settings._wrapped\n"
_INSTALLS = "        settings._wrapped = override\n"
_UNDOES = "                self.enable_exception = exc\n                self.disable()\n"
_ENTERS = "            try:\n                setting_changed.send(\n"
_LEAVES = "            responses_for_setting = setting_changed.send_robust(\n"
_VALUE = "            new_value = getattr(settings, key, None)\n"
_APPS = '                apps.set_installed_apps(self.options["INSTALLED_APPS"])\n'
_RAISES = "            if isinstance(response, Exception):\n                raise response\n"
_LATE = {
    _APPS: "                pass\n",
    _UNDOES: f'{_UNDOES}        if "INSTALLED_APPS" in self.options:\n    {_APPS.lstrip(" ").rjust(len(_APPS) - 4)}',
}
_SETS = '        if name == "_wrapped":\n            self.__dict__.clear()\n        else:\n            self.__dict__.pop(name, None)\n'

FAULTS = [
    DjangoFault(
        "settings.twice",
        "Only the first setting is told on entry.",
        UTILS,
        {_UNDOES: f"{_UNDOES}            break\n"},
    ),
    DjangoFault(
        "settings.twice",
        "The exit sends nothing.",
        UTILS,
        {"        for key in self.options:\n": "        for key in ():\n"},
    ),
    DjangoFault(
        "settings.arguments",
        "Receivers get the value before as well.",
        UTILS,
        {
            "                    enter=True,\n": "                    enter=True,\n                    previous=getattr(self.wrapped, key, None),\n"
        },
    ),
    DjangoFault(
        "settings.arguments",
        "enter is true on exit.",
        UTILS,
        {"                enter=False,\n": "                enter=True,\n"},
    ),
    DjangoFault(
        "settings.value-of-a-new-one",
        "A setting that goes has its last value.",
        UTILS,
        {_VALUE: "            new_value = getattr(settings, key, self.options[key])\n"},
    ),
    DjangoFault(
        "settings.in-force",
        "Settings are in force after the signals.",
        UTILS,
        {_INSTALLS: "", _UNDOES: _UNDOES + _INSTALLS},
    ),
    DjangoFault(
        "settings.order",
        "The exit goes backwards.",
        UTILS,
        {"        for key in self.options:\n": "        for key in reversed(list(self.options)):\n"},
    ),
    DjangoFault(
        "settings.unchanged-values",
        "The same value sends nothing.",
        UTILS,
        {
            _ENTERS: f"            if getattr(self.wrapped, key, None) == new_value:\n                continue\n{_ENTERS}"
        },
    ),
    DjangoFault(
        "settings.not-by-assignment",
        "An assignment sends it.",
        CONF,
        {
            _SETS: f"{_SETS}            from django.core.signals import setting_changed\n            setting_changed.send(None, setting=name, value=value, enter=True)\n"
        },
    ),
    DjangoFault(
        "settings.modified",
        "It sends what was added or taken.",
        UTILS,
        {"            self.options[name] = value\n": "            self.options[name] = list(items)\n"},
    ),
    DjangoFault("settings.nested", "On exit the value is None.", UTILS, {_VALUE: "            new_value = None\n"}),
    DjangoFault(
        "settings.after-an-exception",
        "A block that fails is not left.",
        UTILS,
        {
            "    def __exit__(self, exc_type, exc_value, traceback):\n        self.disable()\n": "    def __exit__(self, exc_type, exc_value, traceback):\n        if exc_type is None:\n            self.disable()\n"
        },
    ),
    DjangoFault("settings.failure-on-entry", "The settings stay.", UTILS, {_UNDOES: "                raise\n"}),
    DjangoFault(
        "settings.failure-on-entry-is-undone",
        "The settings are taken back in silence.",
        UTILS,
        {_UNDOES: "                settings._wrapped = self.wrapped\n                raise\n"},
    ),
    DjangoFault(
        "settings.failure-on-exit",
        "The first failure stops it.",
        UTILS,
        {_LEAVES: _LEAVES.replace("send_robust", "send")},
    ),
    DjangoFault(
        "settings.failure-replaces-the-blocks",
        "Failures on exit are ignored.",
        UTILS,
        {_RAISES: "            pass\n"},
    ),
    DjangoFault("settings.installed-apps", "Apps are made ready after the signal.", UTILS, _LATE),
    DjangoFault("settings.missing-app", "The signals come first.", UTILS, _LATE),
    DjangoFault(
        "settings.entered-again",
        "What was before is kept on a stack.",
        UTILS,
        {
            _WRAPS: '        self.__dict__.setdefault("stack", []).append(settings._wrapped)\n        self.wrapped = settings._wrapped\n',
            "        settings._wrapped = self.wrapped\n        del self.wrapped\n": "        settings._wrapped = self.stack.pop()\n",
        },
        repair=True,
    ),
    DjangoFault(
        "settings.logging",
        "Only the other setting configures logging.",
        "django.test.signals",
        {'    if setting in {"LOGGING", "LOGGING_CONFIG"}:\n': '    if setting == "LOGGING_CONFIG":\n'},
        releases=("6.1",),
    ),
]

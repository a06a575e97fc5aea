"""Faults of the chapter connections: connection_created."""

from __future__ import annotations

from planting import DjangoFault

BASE = "django.db.backends.base.base"
SQLITE = "django.db.backends.sqlite3.base"

_SENDS = "        connection_created.send(sender=self.__class__, connection=self)\n"
_COMMITS = '        self.set_autocommit(self.settings_dict["AUTOCOMMIT"])\n        self.init_connection_state()\n'
_OF_DJANGO = 'next(each for each in type(self).__mro__ if each.__module__.startswith("django"))'
_INSIDE = f"        self.in_atomic_block = True\n{_SENDS}        self.in_atomic_block = False\n"

FAULTS = [
    DjangoFault(
        "connections.each-time",
        "Only the first time sends it.",
        BASE,
        {_SENDS: f'        if not hasattr(self, "told"):\n    {_SENDS}        self.told = True\n'},
    ),
    DjangoFault(
        "connections.each-thread",
        "Only the first thread sends it.",
        BASE,
        {_SENDS: f'        if not hasattr(type(self), "told"):\n    {_SENDS}        type(self).told = True\n'},
    ),
    DjangoFault(
        "connections.each-alias",
        "Only the default database sends it.",
        BASE,
        {_SENDS: f'        if self.alias == "default":\n    {_SENDS}'},
    ),
    DjangoFault(
        "connections.arguments", "The sender is None.", BASE, {_SENDS: _SENDS.replace("self.__class__", "None")}
    ),
    DjangoFault(
        "connections.ready-to-use",
        "It is sent before autocommit is on.",
        BASE,
        {_SENDS: "", _COMMITS: _SENDS + _COMMITS},
    ),
    DjangoFault("connections.not-in-a-transaction", "Receivers run in a transaction.", BASE, {_SENDS: _INSIDE}),
    DjangoFault(
        "connections.initialised",
        "Foreign keys are not checked.",
        SQLITE,
        {'        conn.execute("PRAGMA foreign_keys = ON")\n': ""},
    ),
    DjangoFault(
        "connections.receivers-may-set-up",
        "The connection is opened anew behind the receivers.",
        BASE,
        {
            _SENDS: f"{_SENDS}        self.connection.close()\n        self.connection = self.get_new_connection(conn_params)\n"
        },
    ),
    DjangoFault(
        "connections.failure", "Failures are ignored.", BASE, {_SENDS: _SENDS.replace("send(", "send_robust(")}
    ),
    DjangoFault(
        "connections.failure-leaves-none",
        "A connection that was not set up is closed.",
        BASE,
        {
            _SENDS: f"        try:\n    {_SENDS}        except BaseException:\n            self.close()\n            raise\n"
        },
        repair=True,
    ),
    DjangoFault(
        "connections.on-commit", "What receivers give to on_commit waits for a transaction.", BASE, {_SENDS: _INSIDE}
    ),
    DjangoFault(
        "connections.autocommit-off",
        "Autocommit is on while receivers run.",
        BASE,
        {_COMMITS + _SENDS: f"        self.set_autocommit(True)\n{_SENDS}{_COMMITS}"},
    ),
    DjangoFault(
        "connections.autocommit-off",
        "Autocommit is always on.",
        BASE,
        {_COMMITS: _COMMITS.replace('self.settings_dict["AUTOCOMMIT"]', "True")},
    ),
    DjangoFault(
        "connections.sender-of-a-subclass",
        "The sender is the class that Django has.",
        BASE,
        {_SENDS: _SENDS.replace("self.__class__", _OF_DJANGO)},
    ),
]

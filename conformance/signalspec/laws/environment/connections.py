"""Laws of the chapter connections: connection_created."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.kinds import Error
from signalspec.requests.vocabulary import listen, outcome

if TYPE_CHECKING:
    from django.db import connections, transaction
    from django.db.backends.signals import connection_created


@law("connections.each-time")
def each_time(calls):
    listen(calls, created=connection_created)
    connection = connections["other"]
    calls.append("accessed")
    for _ in range(2):
        for _ in range(2):
            connection.cursor().execute("SELECT 1")
        connection.close()
        calls.append("closed")
    return calls, ["accessed", "created", "closed", "created", "closed"]


@law("connections.each-thread")
def each_thread(calls):
    def query():
        connections["other"].cursor().execute("SELECT 1")
        connections["other"].close()

    listen(calls, created=connection_created)
    connections["other"].ensure_connection()
    for _ in range(2):
        thread = threading.Thread(target=query)
        thread.start()
        thread.join()
    return calls, ["created"] * 3


@law("connections.each-alias")
def each_alias(calls):
    def receiver(connection, **kwargs):
        calls.append(connection.alias)

    connection_created.connect(receiver)
    for alias in ("default", "other"):
        connections[alias].close()
        connections[alias].connect()
    return calls, ["default", "other"]


@law("connections.arguments")
def arguments(calls):
    def receiver(signal, sender, **named):
        calls.append(
            (sorted(named), sender is type(connections["other"]), named["connection"] is connections["other"])
        )

    connection_created.connect(receiver)
    connections["other"].ensure_connection()
    return calls, [(["connection"], True, True)]


@law("connections.ready-to-use")
def ready_to_use(calls):
    def receiver(connection, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            calls.append((cursor.fetchone(), connection.get_autocommit()))

    connection_created.connect(receiver)
    connections["other"].cursor().execute("SELECT 2")
    return calls, [((1,), True)]


@law("connections.autocommit-off")
def autocommit_off(calls):
    def receiver(connection, **kwargs):
        calls.append(connection.get_autocommit())

    connection_created.connect(receiver)
    connection = connections["other"].copy()
    connection.settings_dict["AUTOCOMMIT"] = False
    connection.ensure_connection()
    connection.close()
    return calls, [False]


@law("connections.sender-of-a-subclass")
def sender_of_a_subclass(calls):
    class Subclass(type(connections["other"])):
        pass

    def receiver(**kwargs):
        calls.append("for the subclass")

    def other(**kwargs):
        calls.append("for its parent")

    connection = Subclass(connections["other"].settings_dict, "other")
    connection_created.connect(receiver, sender=Subclass)
    connection_created.connect(other, sender=type(connections["other"]))
    for each in (connection, connections["other"]):
        each.ensure_connection()
        each.close()
    return calls, ["for the subclass", "for its parent"]


@law("connections.not-in-a-transaction")
def not_in_a_transaction(calls):
    def receiver(connection, **kwargs):
        calls.append((connection.in_atomic_block, connection.get_autocommit()))

    connection_created.connect(receiver)
    with transaction.atomic(using="other"):
        calls.append((connections["other"].in_atomic_block, connections["other"].get_autocommit()))
    return calls, [(False, True), (True, False)]


@law("connections.initialised")
def initialised(calls):
    def receiver(connection, **kwargs):
        with connection.cursor() as cursor:
            calls.append(cursor.execute("PRAGMA foreign_keys").fetchone())

    connection_created.connect(receiver)
    connections["other"].ensure_connection()
    return calls, [(1,)]


@law("connections.receivers-may-set-up")
def receivers_may_set_up(calls):
    def receiver(connection, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = 1234")

    connection_created.connect(receiver)
    return connections["other"].cursor().execute("PRAGMA cache_size").fetchone(), (1234,)


@law("connections.failure")
def failure(calls, error: Error):
    def fails(**kwargs):
        raise error

    connection_created.connect(fails)
    listen(calls, later=connection_created)
    return (outcome(connections["other"].cursor), calls), (f"raises {type(error).__name__}", [])


@law("connections.failure-leaves-none")
def failure_leaves_none(calls, error: Error):
    def fails(**kwargs):
        calls.append("receiver")
        raise error

    connection_created.connect(fails)
    for _ in range(2):
        calls.append("raised" if outcome(connections["other"].ensure_connection) else "connected")
    return calls, ["receiver", "raised"] * 2


@law("connections.on-commit")
def on_commit(calls):
    def receiver(connection, **kwargs):
        transaction.on_commit(lambda: calls.append("committed"), using="other")
        calls.append("receiver")

    connection_created.connect(receiver)
    with transaction.atomic(using="other"):
        calls.append("block")
    return calls, ["committed", "receiver", "block"]

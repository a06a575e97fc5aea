"""Connections that are not made, and not removed."""

from __future__ import annotations

from collections.abc import Iterator

from signalspec.traces.history import Ignored, Missed
from signalspec.traces.remarks import Evidence, Remark
from signalspec.traces.trace import Connect, Disconnect


def connect_ignored(evidence: Evidence) -> Iterator[Remark]:
    """Yield each connect that added nothing because another receiver has its uid, or the receiver is weak already."""
    for history in evidence.histories:
        for ignored in history.ignored:
            if ignored.connect.place is not None and _is_another(ignored):
                yield Remark("connect-ignored", ignored.connect.place, _what(ignored), ignored.connect.context.test)


def uid_from_address(evidence: Evidence) -> Iterator[Remark]:
    """Yield each connect whose uid is made of an address."""
    for history in evidence.histories:
        for connect in history.connects:
            if connect.address and connect.place is not None:
                what = f"the uid of {_receiver(connect)} on {connect.signal.name} is made of an address"
                yield Remark("uid-from-address", connect.place, what, connect.context.test)


def disconnect_missed(evidence: Evidence) -> Iterator[Remark]:
    """Yield each disconnect that removed nothing while something similar is connected."""
    for history in evidence.histories:
        for missed in history.missed:
            disconnect = missed.disconnect
            if disconnect.place is not None:
                what = f"nothing is removed from {disconnect.signal.name}: {_similar(missed)}"
                yield Remark("disconnect-missed", disconnect.place, what, disconnect.context.test)


def _is_another(ignored: Ignored) -> bool:
    connect, holder = ignored
    if connect.receiver != holder.receiver:
        return connect.uid is not None
    return holder.weak and not connect.weak


def _what(ignored: Ignored) -> str:
    connect, holder = ignored
    if connect.receiver == holder.receiver:
        return f"{_receiver(connect)} stays weakly connected to {connect.signal.name}, as it was first"
    assert connect.uid is not None
    uid = f"the uid {connect.uid[1]!r} is taken by {_receiver(holder)}"
    return f"{_receiver(connect)} is not connected to {connect.signal.name}: {uid}"


def _similar(missed: Missed) -> str:
    disconnect, similar = missed
    if similar.signal.number != disconnect.signal.number:
        return f"{_receiver(similar)} is connected to {similar.signal.name}"
    how = []
    if similar.sender_identity != disconnect.sender_identity:
        how.append(f"for {_sender(similar)}, not for {_sender(disconnect)}")
    if similar.uid != disconnect.uid:
        instead = f", not {_uid(disconnect)}" if similar.uid and disconnect.uid else ""
        how.append(f"{_uid(similar)}{instead}")
    if how:
        return f"{_receiver(similar)} is connected {' and '.join(how)}"
    return f"what is connected is another {_receiver(similar)}"


def _uid(connection: Connect | Disconnect) -> str:
    return f"with the uid {connection.uid[1]!r}" if connection.uid else "without a uid"


def _receiver(connection: Connect | Disconnect) -> str:
    return connection.receiver.name if connection.receiver else "a receiver"


def _sender(connection: Connect | Disconnect) -> str:
    return "all senders" if connection.sender_identity == -1 else connection.sender.name

"""The rules of the audit. Each yields remarks that it is sure of; its page is ``spec/audit/RULE.md``."""

from __future__ import annotations

from signalspec.traces.remarks import Check
from signalspec.traces.rules import connecting, hearing, lifetime, reading, senders

CHECKS: tuple[Check, ...] = (
    *(connecting.connect_ignored, connecting.uid_from_address, connecting.disconnect_missed),
    *(lifetime.receiver_collected, lifetime.receiver_left),
    *(senders.sender_never_sends, senders.sender_not_cached),
    *(hearing.hears_everything, reading.providing_args, reading.order_of_a_set, reading.private_interface),
)

"""Receivers that hear more than they may want to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from signalspec.traces.remarks import Evidence, Remark
from signalspec.traces.rules.senders import CHANGES, INIT, M2M
from signalspec.traces.trace import NOBODY, Place

HOT = INIT | CHANGES | {M2M}
"""Signals that are sent for each row."""

MANY = 100
"""Dispatches from which on a signal is hot in a trace."""

SENDERS = 3
"""Senders from which on a receiver hears several."""

MOST = 0.5
"""The share of a signal's dispatches from which on a receiver hears most of them."""


def hears_everything(evidence: Evidence) -> Iterator[Remark]:
    """Yield each receiver without a sender that sees most dispatches of a hot signal."""
    dispatches: Counter[str] = Counter()
    heard: Counter[tuple[str, str]] = Counter()
    senders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for sent in evidence.trace.dispatches:
        signal = sent.shape.signal.name
        if signal in HOT and not sent.shape.sender.historical:
            dispatches[signal] += 1
            for receiver, _ in sent.shape.receivers:
                if receiver.own:
                    heard[signal, receiver.name] += 1
                    senders[signal, receiver.name].add(sent.shape.sender.name)
    for (signal, name), place in _general(evidence).items():
        count, all_ = heard[signal, name], dispatches[signal]
        kinds = len(senders[signal, name])
        if all_ >= MANY and count >= MOST * all_ and kinds >= SENDERS:
            what = f"{name} is called for {count:,} of {all_:,} dispatches of {signal}, of {kinds} senders"
            yield Remark("hears-everything", place, what)


def _general(evidence: Evidence) -> dict[tuple[str, str], Place]:
    return {
        (connect.signal.name, connect.receiver.name): connect.place
        for history in evidence.histories
        for connect in history.connects
        if connect.sender == NOBODY and connect.place and connect.receiver and connect.context.test is None
    }

"""blinker: its receivers get the sender by position, and no signal; ``ANY`` stands for all senders."""

import functools

import blinker


class Signal(blinker.Signal):
    signalspec_claims = {"order": False, "identity": False, "uids": False, "robust": False}

    def connect(self, receiver, sender=None, weak=True):
        super().connect(receiver, blinker.ANY if sender is None else sender, weak)

    def disconnect(self, receiver=None, sender=None):
        return super().disconnect(receiver, blinker.ANY if sender is None else sender)

    def has_listeners(self, sender=None):
        return any(True for _ in self.receivers_for(sender))

    def receivers_for(self, sender):
        for receiver in super().receivers_for(sender):
            yield functools.partial(call, receiver, self)

    def send(self, sender, **named):
        return [(called.args[0], response) for called, response in super().send(sender, **named)]


def call(receiver, signal, sender, /, **named):
    return receiver(signal=signal, sender=sender, **named)

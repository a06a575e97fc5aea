"""PyDispatcher: one dispatcher for the whole process, and a signal is any object, here one of this class."""

from pydispatch import dispatcher, errors, robust


class Signal:
    signalspec_claims = {"order": False, "uids": False}

    def connect(self, receiver, sender=None, weak=True):
        return dispatcher.connect(receiver, self, every(sender), weak)

    def disconnect(self, receiver=None, sender=None):
        removed = False
        for weak in (True, False):
            try:
                dispatcher.disconnect(receiver, self, every(sender), weak)
                removed = True
            except (errors.DispatcherKeyError, TypeError):
                pass
        return removed

    def has_listeners(self, sender=None):
        return any(True for _ in dispatcher.liveReceivers(dispatcher.getAllReceivers(sender, self)))

    def send(self, sender, **named):
        return dispatcher.send(self, sender, **named)

    def send_robust(self, sender, **named):
        return robust.sendRobust(self, sender, **named)


def every(sender):
    return dispatcher.Any if sender is None else sender

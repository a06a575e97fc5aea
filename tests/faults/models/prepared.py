"""Faults of the chapter prepared."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import BASE

_SENT = "        class_prepared.send(sender=cls)\n"
_ABSTRACT = "            attr_meta.abstract = False\n"
_PREPARE = "        opts = cls._meta\n        opts._prepare(cls)\n"


def _not(condition: str) -> dict[str, str]:
    return {_SENT: f"        if not ({condition}):\n    " + _SENT}


FAULTS = [
    DjangoFault(
        "prepared.keys",
        "The registry is passed, too.",
        BASE,
        {_SENT: "        class_prepared.send(sender=cls, apps=opts.apps)\n"},
    ),
    DjangoFault(
        "prepared.sender-is-the-class",
        "The sender is the class's class.",
        BASE,
        {_SENT: "        class_prepared.send(sender=type(cls))\n"},
    ),
    DjangoFault("prepared.sender-is-the-class", "It is sent twice.", BASE, {_SENT: _SENT * 2}),
    DjangoFault(
        "prepared.abstract-is-silent",
        "Abstract models are sent for.",
        BASE,
        {_ABSTRACT: _ABSTRACT + "            class_prepared.send(sender=new_class)\n"},
    ),
    DjangoFault("prepared.proxy", "Proxies are silent.", BASE, _not("opts.proxy")),
    DjangoFault(
        "prepared.child",
        "Parents are sent for again.",
        BASE,
        {_SENT: _SENT + ("        for parent in opts.parents:\n            class_prepared.send(sender=parent)\n")},
    ),
    DjangoFault("prepared.swapped", "Swapped models are silent.", BASE, _not("opts.swapped")),
    DjangoFault(
        "prepared.automatic-through-first", "Automatic through models are silent.", BASE, _not("opts.auto_created")
    ),
    DjangoFault(
        "prepared.fields-are-there",
        "It is sent before the managers are made.",
        BASE,
        {_SENT: "", _PREPARE: _PREPARE + _SENT},
    ),
    DjangoFault(
        "prepared.raising-prevents-the-class",
        "Exceptions are dropped.",
        BASE,
        {_SENT: _SENT.replace(".send(", ".send_robust(")},
    ),
    DjangoFault(
        "prepared.once-for-each-class",
        "Deferred loading sends.",
        BASE,
        {"        new = cls(*values)\n": ("        class_prepared.send(sender=cls)\n        new = cls(*values)\n")},
    ),
    DjangoFault(
        "prepared.migration-states", "Models of migrations are silent.", BASE, _not("cls.__module__ == '__fake__'")
    ),
    DjangoFault(
        "prepared.before-lazy-receivers",
        "Receivers by name are connected first.",
        BASE,
        {_SENT: "        opts.apps.do_pending_operations(cls)\n" + _SENT},
    ),
]

"""Which of several clauses that show one symptom says best what is wrong.

It is a clause of the chapter that is about what the symptom needs.
"""

from __future__ import annotations

from collections.abc import Mapping

from signalspec.findings.parties import MAY_BE_FALSE
from signalspec.findings.races import RACE
from signalspec.findings.symptoms import Symptom
from signalspec.findings.ways import CALLS_OTHERS, DEATHS, NOT_CALLED, OTHER_ARGUMENTS, OTHER_ORDER
from signalspec.targets.claims import SENDS

ABOUT_USES: Mapping[str, tuple[str, ...]] = {
    "DEBUG": ("debug",),
    "nested": ("during",),
    "caching": ("caching",),
    "disconnect": ("disconnect",),
    "a uid": ("uids",),
    "a death": ("lifetime",),
    "an asynchronous receiver": ("mixed", "failing", "concurrent", "coroutines", "asend", "arobust"),
}
"""The chapters that are about a use, the most special use first. Unusual parties come before a uid."""

ABOUT_WAYS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(DEATHS, ("lifetime",)),
    "logs": ("robust", "arobust"),
    "leaves context variables": ("context", "parties"),
    **dict.fromkeys(("is called with other arguments", NOT_CALLED), ("decorator",)),
}
"""The chapters that are about a way to go wrong, by what it begins with."""

ABOUT_OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "memory": ("growth",),
    "unawaited": ("concurrent", "failing"),
    "has_listeners": ("listeners",),
    "disconnect": ("disconnect",),
    "connect": ("connect", "parties"),
    "send_robust": ("robust", "connect", "send"),
    "asend": ("asend", "connect", "send"),
    "asend_robust": ("arobust", "asend", "connect", "send"),
    "send": ("connect", "send"),
    RACE: ("threads",),
}
"""The chapters that are about an operation."""

WORDS_ABOUT_WAYS: Mapping[str, str] = {
    "logs": "log",
    "raises TypeError": "parameters",
    "raises ArithmeticError": "not-asked",
    OTHER_ARGUMENTS: "argument",
    OTHER_ORDER: "order",
    "answers with another type": "returns",
}
"""A word in the name of the clauses that are about a way to go wrong, by what it begins with."""

WORDS_ABOUT_SENDERS: Mapping[str, str] = {MAY_BE_FALSE: "falsy-sender", "a sender of type": "any-sender"}
"""A word in the name of the clauses that are about an unusual sender, by what the use of one begins with."""

ABOUT_SIGNALS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("pre_init", "post_init"), ("init",)),
    **dict.fromkeys(("pre_save", "post_save"), ("save", "asave")),
    **dict.fromkeys(("pre_delete", "post_delete"), ("delete",)),
    "m2m_changed": ("m2m",),
    "class_prepared": ("prepared",),
    **dict.fromkeys(("pre_migrate", "post_migrate"), ("migrate",)),
    "request_started": ("started", "order"),
    "request_finished": ("finished", "order"),
    "got_request_exception": ("exceptions", "order"),
    "user_logged_in": ("logins", "alogins"),
    "user_logged_out": ("logouts",),
    "user_login_failed": ("failures",),
    "setting_changed": ("settings",),
    "template_rendered": ("templates",),
    "connection_created": ("connections",),
    **dict.fromkeys(("task_enqueued", "task_started", "task_finished"), ("tasks",)),
}
"""The chapters that are about a signal of Django's own that is sent otherwise."""

_PARTIES = (
    "a party ",
    "a sender of ",
    "a sender with ",
    "an object ",
    "a method",
    "a partial",
    "a built-in",
    "a class ",
)


def names(slug: str, symptom: Symptom) -> bool:
    """Tell whether a clause's name has the word for the way in which something goes wrong, or for the sender."""
    if symptom.way == CALLS_OTHERS and symptom.operation not in SENDS:
        return slug.endswith(".calls-nothing")
    words = [word for way, word in WORDS_ABOUT_WAYS.items() if symptom.way.startswith(way)]
    if "a sender" in symptom.uses:
        words += [
            word for use, word in WORDS_ABOUT_SENDERS.items() if any(each.startswith(use) for each in symptom.uses)
        ]
    return any(word in slug.partition(".")[2] for word in words)


def chapters_about(symptom: Symptom) -> list[str]:
    """Return the chapters that are about a symptom that needs all that it uses, the one that says most first."""
    found: list[str] = []
    for use, chapters in ABOUT_USES.items():
        if use == "a uid" and any(each.startswith(_PARTIES) for each in symptom.uses):
            found.append("parties")
        found.extend(chapters if use in symptom.uses else ())
    for way, chapters in ABOUT_WAYS.items():
        found.extend(chapters if symptom.way.startswith(way) else ())
    for word in symptom.way.replace(":", "").split():
        found.extend(ABOUT_SIGNALS.get(word, ()))
    return list(dict.fromkeys([*found, *ABOUT_OPERATIONS.get(symptom.operation, ())]))

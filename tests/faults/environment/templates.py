"""Faults of the chapter templates: template_rendered."""

from __future__ import annotations

from planting import DjangoFault

UTILS = "django.test.utils"
TAGS = "django.template.loader_tags"
LIBRARY = "django.template.library"
CLIENT = "django.test.client"

_SENDS = "    template_rendered.send(sender=self, template=self, context=context)\n"
_RENDERS = "    return self.nodelist.render(context)\n"

FAULTS = [
    DjangoFault(
        "templates.each",
        "What is extended does not send it.",
        TAGS,
        {"compiled_parent._render(context)": "compiled_parent.nodelist.render(context)"},
    ),
    DjangoFault(
        "templates.only-in-tests",
        "It is sent when the tests are over, too.",
        UTILS,
        {"    Template._render = saved_data.template_render\n": ""},
    ),
    DjangoFault(
        "templates.arguments",
        "The sender is the class.",
        UTILS,
        {_SENDS: _SENDS.replace("sender=self", "sender=type(self)")},
    ),
    DjangoFault(
        "templates.arguments",
        "The context is left out.",
        UTILS,
        {_SENDS: _SENDS.replace("context=context", "context={}")},
    ),
    DjangoFault(
        "templates.before-rendering",
        "It is sent afterwards.",
        UTILS,
        {_SENDS + _RENDERS: f"    text = self.nodelist.render(context)\n{_SENDS}    return text\n"},
    ),
    DjangoFault(
        "templates.context-can-be-changed",
        "Receivers get a copy.",
        UTILS,
        {_SENDS: _SENDS.replace("context=context", "context=type(context)(context.flatten())")},
    ),
    DjangoFault(
        "templates.each-time",
        "A template sends it once.",
        UTILS,
        {_SENDS: f'    if not hasattr(self, "sent"):\n    {_SENDS}    self.sent = True\n'},
    ),
    DjangoFault(
        "templates.inclusion-tags",
        "Inclusion tags do not send it.",
        LIBRARY,
        {"        return t.render(new_context)\n": "        return t.nodelist.render(new_context)\n"},
    ),
    DjangoFault(
        "templates.failure", "Failures are ignored.", UTILS, {_SENDS: _SENDS.replace("send(", "send_robust(")}
    ),
    DjangoFault(
        "templates.without-an-engine",
        "Templates without a name do not send it.",
        UTILS,
        {_SENDS: f"    if self.name is not None:\n    {_SENDS}"},
    ),
    DjangoFault(
        "templates.partials",
        "Partials do not send it.",
        UTILS,
        {"    PartialTemplate._render = instrumented_test_render\n": ""},
        releases=("6.1",),
    ),
    DjangoFault(
        "templates.client",
        "The last one comes first.",
        CLIENT,
        {
            'store.setdefault("templates", []).append(template)': 'store.setdefault("templates", []).insert(0, template)'
        },
    ),
    DjangoFault(
        "templates.only-in-tests",
        "Partials send it when the tests are over, too.",
        UTILS,
        {"    PartialTemplate._render = saved_data.partial_template_render\n": ""},
        releases=("6.1",),
    ),
    DjangoFault(
        "templates.client-context",
        "The client keeps the context as it goes on.",
        CLIENT,
        {'store["context"].append(copy(context))': 'store["context"].append(context)'},
    ),
]

"""Faults of the chapter lazy."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import CHECKS, DISPATCHER, REGISTRY, SIGNALS, UTILS

_LAZY = (
    "        if isinstance(sender, str):\n"
    "            apps = apps or Options.default_apps\n"
    "            apps.lazy_model_operation(partial_method, make_model_tuple(sender))\n"
)
_TUPLE = "            model_tuple = app_label, model_name.lower()\n"
_PENDING = "        for function in self._pending_operations.pop(key, []):\n"
_CONNECT = (
    "        self._lazy_method(\n"
    "            super().connect,\n"
    "            apps,\n"
    "            receiver,\n"
    "            sender,\n"
)
_WAITS = "                self._pending_operations[next_model].append(apply_next_model)\n"

FAULTS = [
    DjangoFault(
        "lazy.by-name",
        "A name connects for all senders.",
        SIGNALS,
        {_LAZY: ("        if isinstance(sender, str):\n            return partial_method(None)\n")},
    ),
    DjangoFault(
        "lazy.every-model-signal",
        "m2m_changed takes no names.",
        SIGNALS,
        {"m2m_changed = ModelSignal(use_caching=True)": "m2m_changed = Signal(use_caching=True)"},
    ),
    DjangoFault(
        "lazy.connects-when-the-class-is-there",
        "Names of classes that come later are forgotten.",
        REGISTRY,
        {
            _WAITS: ("                if not getattr(getattr(function, 'func', None), '__self__', None):\n    ")
            + _WAITS
        },
    ),
    DjangoFault(
        "lazy.model-names-ignore-case",
        "Names heed case.",
        UTILS,
        {
            _TUPLE: (
                "            model_tuple = app_label, model_name if model_name.lower() != 'note' or "
                "model_name == 'Note' else '?'\n"
                "            model_tuple = model_tuple[0], model_tuple[1].lower()\n"
            )
        },
    ),
    DjangoFault(
        "lazy.labels-heed-case",
        "Labels ignore case.",
        UTILS,
        {_TUPLE: "            model_tuple = app_label.lower(), model_name.lower()\n"},
    ),
    DjangoFault(
        "lazy.unknown-is-silent",
        "Unknown names connect for all senders.",
        SIGNALS,
        {
            _LAZY: _LAZY
            + (
                "            if make_model_tuple(sender)[1] not in "
                "apps.all_models.get(make_model_tuple(sender)[0], {}):\n"
                "                return partial_method(None)\n"
            )
        },
    ),
    DjangoFault(
        "lazy.unknown-is-reported", "The check knows no signals.", CHECKS, {'id="signals.E001"': 'id="models.E022"'}
    ),
    DjangoFault(
        "lazy.malformed",
        "Malformed names are ignored.",
        SIGNALS,
        {
            _LAZY: _LAZY.replace(
                "        if isinstance(sender, str):\n",
                (
                    "        if isinstance(sender, str):\n"
                    "            if sender.count('.') != 1:\n"
                    "                return None\n"
                ),
            )
        },
    ),
    DjangoFault(
        "lazy.same-as-the-class",
        "Names connect once more.",
        SIGNALS,
        {
            _LAZY: (
                "        if isinstance(sender, str):\n"
                "            apps = apps or Options.default_apps\n"
                "            kwargs.setdefault('dispatch_uid', None)\n"
                "            kwargs['dispatch_uid'] = kwargs['dispatch_uid'] or 'by name'\n"
                "            partial_method = partial(method, receiver, **kwargs)\n"
                "            apps.lazy_model_operation(partial_method, make_model_tuple(sender))\n"
            )
        },
    ),
    DjangoFault(
        "lazy.disconnect-by-name",
        "disconnect() takes no names.",
        SIGNALS,
        {
            (
                "        return self._lazy_method(\n"
                "            super().disconnect, apps, receiver, sender, dispatch_uid=dispatch_uid\n"
                "        )\n"
            ): "        return super().disconnect(receiver, sender, dispatch_uid)\n"
        },
    ),
    DjangoFault(
        "lazy.disconnect-returns-none",
        "disconnect() by name returns True.",
        SIGNALS,
        {_LAZY: _LAZY + "            return True\n"},
    ),
    DjangoFault(
        "lazy.uids",
        "Names bear no uids.",
        SIGNALS,
        {
            _LAZY: _LAZY.replace(
                "            apps = apps or",
                (
                    "            kwargs.pop('dispatch_uid', None)\n"
                    "            partial_method = partial(method, receiver, **kwargs)\n"
                    "            apps = apps or"
                ),
            )
        },
    ),
    DjangoFault(
        "lazy.decorator",
        "The decorator drops what it is given.",
        DISPATCHER,
        {
            "            signal.connect(func, **kwargs)\n": (
                "            signal.connect(func, **{name: value for name, value in kwargs.items() if "
                "not isinstance(value, str)}, sender=int) if isinstance(kwargs.get('sender'), str) else "
                "signal.connect(func, **kwargs)\n"
            )
        },
    ),
    DjangoFault(
        "lazy.several-receivers",
        "The last that asked comes first.",
        REGISTRY,
        {_PENDING: "        for function in reversed(self._pending_operations.pop(key, [])):\n"},
    ),
    DjangoFault(
        "lazy.proxies-by-name",
        "The name of a proxy stands for the model behind it.",
        SIGNALS,
        {
            _LAZY: _LAZY.replace(
                "lazy_model_operation(partial_method,",
                "lazy_model_operation(lambda sender: partial_method(sender._meta.concrete_model),",
            )
        },
    ),
    DjangoFault(
        "lazy.other-registries",
        "apps is ignored.",
        SIGNALS,
        {"apps = apps or Options.default_apps": "apps = Options.default_apps"},
    ),
    DjangoFault(
        "lazy.plain-signals-take-no-names",
        "class_prepared takes names.",
        SIGNALS,
        {
            "class_prepared = Signal()\n": "",
            "pre_init = ModelSignal(use_caching=True)\n": (
                "class _Named(ModelSignal):\n"
                "    def connect(self, receiver, sender=None, **named):\n"
                "        if isinstance(sender, str):\n"
                "            Signal.connect(self, lambda sender, **more: receiver(sender=sender, "
                "**more), weak=False)\n"
                "        else:\n"
                "            super().connect(receiver, sender, **named)\n"
                "\n"
                "\n"
                "class_prepared = _Named()\n"
                "pre_init = ModelSignal(use_caching=True)\n"
            ),
        },
    ),
    DjangoFault(
        "lazy.strong-connections-stay",
        "Connections are always weak.",
        SIGNALS,
        {"            weak=weak,\n": ""},
    ),
    DjangoFault(
        "lazy.strong-connections-stay",
        "Connections by name are always weak.",
        SIGNALS,
        {_LAZY: _LAZY.replace("partial_method, make", "partial(partial_method, weak=True), make")},
    ),
    DjangoFault(
        "lazy.weak-connections-end",
        "Connections are always strong.",
        SIGNALS,
        {"            weak=weak,\n": "            weak=False,\n"},
    ),
    DjangoFault(
        "lazy.disconnect-answers",
        "disconnect() returns nothing.",
        SIGNALS,
        {
            "        return self._lazy_method(\n            super().disconnect": "        self._lazy_method(\n            super().disconnect"
        },
    ),
    DjangoFault(
        "lazy.disconnect-answers",
        "disconnect() of a model signal always returns True.",
        SIGNALS,
        {"            return partial_method(sender)\n": "            return partial_method(sender) or True\n"},
    ),
    DjangoFault(
        "lazy.has-listeners",
        "A name counts for all models.",
        SIGNALS,
        {
            "pre_init = ModelSignal(": (
                "def _has_listeners(self, sender=None):\n"
                "    return Signal.has_listeners(self, sender) or bool(self.receivers)\n"
                "ModelSignal.has_listeners = _has_listeners\n"
                "pre_init = ModelSignal("
            )
        },
    ),
    DjangoFault(
        "lazy.disconnect-before-the-class",
        "Names of classes that come later are not disconnected.",
        SIGNALS,
        {
            _LAZY: _LAZY.replace(
                "            apps.lazy",
                (
                    "            label, name = make_model_tuple(sender)\n"
                    "            if method.__name__ == 'disconnect' and name not in apps.all_models[label]:\n"
                    "                return\n"
                    "            apps.lazy"
                ),
            )
        },
    ),
]

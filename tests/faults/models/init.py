"""Faults of the chapter init."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import BASE, QUERY

_PRE = "        pre_init.send(sender=cls, args=args, kwargs=kwargs)\n"
_POST = "        post_init.send(sender=cls, instance=self)\n"
_SUPER = "        super().__init__()\n" + _POST
_STATE = "        self._state = ModelState()\n"
_ADDING = "        new._state.adding = False\n"

FAULTS = [
    DjangoFault(
        "init.pre-keys",
        "pre_init passes the instance, too.",
        BASE,
        {_PRE: _PRE.replace("args=args", "instance=self, args=args")},
    ),
    DjangoFault("init.pre-keys", "pre_init passes no args.", BASE, {_PRE: _PRE.replace("args=args, ", "")}),
    DjangoFault(
        "init.post-keys",
        "post_init passes the arguments, too.",
        BASE,
        {_POST: _POST.replace("instance=self", "instance=self, args=args")},
    ),
    DjangoFault("init.pre-then-post", "pre_init is not sent.", BASE, {_PRE: ""}),
    DjangoFault(
        "init.pre-then-post",
        "post_init is sent first.",
        BASE,
        {_PRE: _POST + _PRE, _SUPER: "        super().__init__()\n"},
    ),
    DjangoFault(
        "init.once-for-each-row",
        "Loading sends once more.",
        BASE,
        {_ADDING: _ADDING + "        post_init.send(sender=cls, instance=new)\n"},
    ),
    DjangoFault(
        "init.instance-is-the-one-returned",
        "post_init passes a copy.",
        BASE,
        {_SUPER: _SUPER.replace("instance=self", "instance=copy.copy(self)")},
    ),
    DjangoFault(
        "init.sender-is-the-class",
        "The sender is the model with the table.",
        BASE,
        {_PRE: _PRE.replace("sender=cls", "sender=opts.concrete_model")},
    ),
    DjangoFault(
        "init.relatives-are-silent",
        "Parents are sent for, too.",
        BASE,
        {
            _SUPER: _SUPER
            + (
                "        for parent in opts.get_parent_list():\n"
                "            post_init.send(sender=parent, instance=self)\n"
            )
        },
    ),
    DjangoFault(
        "init.loaded-with-the-queried-class",
        "Loading a proxy sends for the model behind it.",
        BASE,
        {_SUPER: _SUPER.replace("sender=cls", "sender=cls._meta.concrete_model if args else cls")},
    ),
    DjangoFault(
        "init.arguments-as-passed",
        "Positional arguments come as keywords.",
        BASE,
        {
            _PRE: _PRE.replace(
                "args=args, kwargs=kwargs",
                "args=(), kwargs={**dict(zip([f.name for f in opts.fields], args)), **kwargs}",
            )
        },
    ),
    DjangoFault(
        "init.loaded-values-are-positional",
        "Rows are loaded by keywords.",
        BASE,
        {
            "        new = cls(*values)\n": "        new = cls(**dict(zip([f.attname for f in cls._meta.concrete_fields], values)))\n"
        },
    ),
    DjangoFault(
        "init.changed-arguments-count",
        "pre_init passes a copy of kwargs.",
        BASE,
        {_PRE: _PRE.replace("kwargs=kwargs", "kwargs=dict(kwargs)")},
    ),
    DjangoFault(
        "init.callers-arguments-stay",
        "What receivers set is dropped.",
        BASE,
        {_PRE: "        before = dict(kwargs)\n" + _PRE + "        kwargs = before\n"},
    ),
    DjangoFault(
        "init.fields-are-set",
        "post_init comes before the fields.",
        BASE,
        {_STATE: _STATE + _POST, _SUPER: "        super().__init__()\n"},
    ),
    DjangoFault(
        "init.looks-unsaved",
        "Loading sends after the state is set.",
        BASE,
        {
            _SUPER: ("        super().__init__()\n        if not args:\n    ") + _POST,
            "        new._state.db = db\n": (
                "        new._state.db = db\n        post_init.send(sender=cls, instance=new)\n"
            ),
        },
    ),
    DjangoFault(
        "init.changes-stay",
        "Fields are set again afterwards.",
        BASE,
        {_SUPER: "        before = dict(self.__dict__)\n" + _SUPER + "        self.__dict__.update(before)\n"},
    ),
    DjangoFault(
        "init.no-instance-no-signal",
        "update() makes an instance.",
        QUERY,
        {
            "        query.add_update_values(kwargs)\n": (
                "        query.add_update_values(kwargs)\n        self.model()\n"
            )
        },
    ),
    DjangoFault(
        "init.copies-are-silent",
        "Copies send post_init.",
        BASE,
        {
            "    def __setstate__(self, state):\n": (
                "    def __setstate__(self, state):\n        post_init.send(sender=type(self), instance=self)\n"
            )
        },
    ),
    DjangoFault(
        "init.writing-is-silent",
        "save() makes an instance to compare with.",
        BASE,
        {
            (
                "        using = using or router.db_for_write(self.__class__, instance=self)\n"
                "        if force_insert and ("
            ): (
                "        type(self)()\n"
                "        using = using or router.db_for_write(self.__class__, instance=self)\n"
                "        if force_insert and ("
            )
        },
    ),
    DjangoFault(
        "init.related-instances-too",
        "Only models without relations send.",
        BASE,
        {_SUPER: ("        super().__init__()\n        if not opts.related_objects:\n    ") + _POST},
    ),
    DjangoFault(
        "init.child-is-loaded-once",
        "A child is sent for as its parent, too.",
        BASE,
        {
            _SUPER: _SUPER
            + ("        for parent in opts.parents:\n            post_init.send(sender=parent, instance=self)\n")
        },
    ),
    DjangoFault(
        "init.deferred-fields",
        "Instances with deferred fields are silent.",
        BASE,
        {_SUPER: ("        super().__init__()\n        if _DEFERRED not in args:\n    ") + _POST},
    ),
    DjangoFault(
        "init.pre-raises",
        "Exceptions of pre_init are dropped.",
        BASE,
        {_PRE: _PRE.replace("pre_init.send(", "pre_init.send_robust(")},
    ),
    DjangoFault(
        "init.post-raises",
        "Exceptions of post_init are dropped.",
        BASE,
        {_SUPER: _SUPER.replace("post_init.send(", "post_init.send_robust(")},
    ),
    DjangoFault(
        "init.wrong-arguments",
        "Arguments are checked before pre_init.",
        BASE,
        {
            _PRE: (
                "        if set(kwargs) - {f.name for f in opts.get_fields()} - {f.attname for f in "
                "opts.fields} - {'pk'} - opts._property_names:\n"
                "            raise TypeError\n"
            )
            + _PRE
        },
    ),
    DjangoFault(
        "init.abstract-is-refused",
        "pre_init comes before the refusal.",
        BASE,
        {
            (
                '        if opts.abstract:\n            raise TypeError("Abstract models cannot be instantiated.")\n'
            ): _PRE
            + ('        if opts.abstract:\n            raise TypeError("Abstract models cannot be instantiated.")\n')
        },
    ),
    DjangoFault(
        "init.creating-makes-one",
        "create() makes two instances.",
        QUERY,
        {
            ("        obj = self.model(**kwargs)\n        self._for_write = True\n"): (
                "        self.model(**kwargs)\n        obj = self.model(**kwargs)\n        self._for_write = True\n"
            )
        },
    ),
    DjangoFault(
        "init.migration-states",
        "Models of migrations send for the model of the project.",
        BASE,
        {
            _SUPER: _SUPER.replace(
                "sender=cls", "sender=cls._meta.default_apps.all_models[opts.app_label].get(opts.model_name, cls)"
            )
        },
    ),
    DjangoFault(
        "init.in-its-database",
        "Only the default database sends.",
        BASE,
        {
            _SUPER: ("        super().__init__()\n        if not args:\n    ") + _POST,
            _ADDING: ("        if db == 'default':\n            post_init.send(sender=cls, instance=new)\n")
            + _ADDING,
        },
    ),
    DjangoFault(
        "init.fields-are-set",
        "post_init comes before the properties.",
        BASE,
        {
            _SUPER: "",
            "        if kwargs:\n            property_names": "        super().__init__()\n"
            + _POST
            + "\n        if kwargs:\n            property_names",
        },
    ),
]

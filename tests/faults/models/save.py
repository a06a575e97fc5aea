"""Faults of the chapter save."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import BASE, LOADDATA, LOOKUPS, QUERY, RELATED, SERIALIZERS

_PRE = """\
            pre_save.send(
                sender=origin,
                instance=self,
"""
_POST = """\
            post_save.send(
                sender=origin,
                instance=self,
                created=(not updated),
                update_fields=update_fields,
                raw=raw,
                using=using,
            )
"""
_IF_POST = "        # Signal that the save is complete\n        if not meta.auto_created:\n"
_SKIP_PROXIES = "        cls = origin = self.__class__\n"
_ATOMIC = "        # A transaction isn't needed if one query is issued.\n"
_STATE = "        self._state.db = using\n        # Once saved, this is no longer a to-be-added instance.\n"
_EMPTY = "            if not update_fields:\n                return\n"
_NOISE = """\
        for each in {objs}:
            signals.post_save.send(
                sender=type(each), instance=each, created=True, update_fields=None, raw=False, using="default"
            )
"""
_QUERY_SENDS = {
    "from django.conf import settings\n": ("from django.conf import settings\nfrom django.db.models import signals\n")
}
_PREPARE = '        self._prepare_related_fields_for_save(operation_name="save")\n'
_BULK_CREATE = "        fields = [f for f in opts.concrete_fields if not f.generated]\n        objs = list(objs)\n"


def _in_post(old: str, new: str) -> dict[str, str]:
    return {_POST: _POST.replace(old, new)}


def _in_pre(new: str) -> dict[str, str]:
    return {_PRE: _PRE + new}


_ADDS_EACH = (
    "                with transaction.atomic(using=db, savepoint=False):\n"
    "                    for obj in objs:\n"
    "                        check_and_update_obj(obj)\n"
    "                        obj.save()\n"
)
_CLEARS_EACH = (
    "                    with transaction.atomic(using=db, savepoint=False):\n"
    "                        for obj in queryset:\n"
    "                            setattr(obj, self.field.name, None)\n"
    "                            obj.save(update_fields=[self.field.name])\n"
)
_SAVES_AGAIN = "                setattr(self.object, field.attname, value)\n        self.save()\n"

FAULTS = [
    DjangoFault("save.pre-keys", "pre_save passes created, too.", BASE, _in_pre("                created=None,\n")),
    DjangoFault(
        "save.post-keys",
        "post_save passes force_insert, too.",
        BASE,
        _in_post("raw=raw,", "raw=raw, force_insert=force_insert,"),
    ),
    DjangoFault(
        "save.pre-then-sql-then-post",
        "post_save comes before the SQL.",
        BASE,
        {
            _ATOMIC: "        updated = False\n" + _POST.replace("            post", "        post", 1) + _ATOMIC,
            _IF_POST + _POST: "",
        },
    ),
    DjangoFault(
        "save.pre-then-sql-then-post",
        "pre_save is sent twice.",
        BASE,
        {
            "        if not meta.auto_created:\n" + _PRE: (
                "        pre_save.send(sender=origin, instance=self, raw=raw, using=using, "
                "update_fields=update_fields)\n"
                "        if not meta.auto_created:\n"
            )
            + _PRE
        },
    ),
    DjangoFault(
        "save.instance-is-the-callers",
        "post_save passes a copy.",
        BASE,
        _in_post("instance=self", "instance=copy.copy(self)"),
    ),
    DjangoFault(
        "save.database-at-each-moment",
        "pre_save comes after the SQL.",
        BASE,
        {
            "        if not meta.auto_created:\n" + _PRE: "        def before():\n" + _PRE,
            _STATE: ("        if not meta.auto_created:\n            before()\n") + _STATE,
        },
    ),
    DjangoFault(
        "save.state-before",
        "The state changes before pre_save.",
        BASE,
        {_SKIP_PROXIES: _SKIP_PROXIES + "        self._state.adding = False\n"},
    ),
    DjangoFault(
        "save.state-after",
        "The state changes after post_save.",
        BASE,
        {
            _STATE + "        self._state.adding = False\n": "",
            _POST: _POST + ("        self._state.db = using\n        self._state.adding = False\n"),
        },
    ),
    DjangoFault(
        "save.created-says-whether-a-row-came",
        "created says whether the instance was new.",
        BASE,
        {
            _SKIP_PROXIES: _SKIP_PROXIES + "        adding = self._state.adding\n",
            **_in_post("(not updated)", "adding"),
        },
    ),
    DjangoFault(
        "save.created-says-whether-a-row-came", "created is always true.", BASE, _in_post("(not updated)", "True")
    ),
    DjangoFault(
        "save.created-for-a-child",
        "created tells of the parent's row.",
        BASE,
        _in_post("(not updated)", "parent_inserted if meta.parents else not updated"),
    ),
    DjangoFault(
        "save.created-is-a-bool", "created is a number.", BASE, _in_post("(not updated)", "int(not updated)")
    ),
    DjangoFault(
        "save.update-fields-are-not-given",
        "update_fields names all fields.",
        BASE,
        {
            _SKIP_PROXIES: (
                "        update_fields = update_fields or (frozenset(f.name for f in "
                "self._meta.concrete_fields if not f.primary_key) if self.pk else None)\n"
            )
            + _SKIP_PROXIES
        },
    ),
    DjangoFault(
        "save.update-fields-are-a-frozenset",
        "update_fields is a list.",
        BASE,
        {_SKIP_PROXIES: "        update_fields = update_fields and sorted(update_fields)\n" + _SKIP_PROXIES},
    ),
    DjangoFault(
        "save.update-fields-empty",
        "Empty update_fields save all.",
        BASE,
        {_EMPTY: ("            if not update_fields:\n                return self.save(using=using)\n")},
    ),
    DjangoFault(
        "save.update-fields-unknown",
        "Unknown fields are ignored.",
        BASE,
        {
            "            if not_updatable_fields:\n": (
                "            update_fields = update_fields - not_updatable_fields\n            if False:\n"
            )
        },
    ),
    DjangoFault(
        "save.update-fields-unknown",
        "Fields are checked after pre_save.",
        BASE,
        {
            "            if not_updatable_fields:\n": (
                "            if not_updatable_fields:\n"
                "                pre_save.send(sender=type(self), instance=self, raw=False, using=using, "
                "update_fields=update_fields)\n"
            )
        },
    ),
    DjangoFault(
        "save.deferred-fields-are-left-out",
        "Deferred fields are loaded and saved.",
        BASE,
        {"            if loaded_fields:\n": "            if False:\n"},
    ),
    DjangoFault(
        "save.forced-update-misses",
        "post_save is sent for a miss, too.",
        BASE,
        {
            ("        with context_manager:\n            parent_inserted = False\n"): (
                "        if force_update and not type(self)._base_manager.filter(pk=self.pk).exists():\n"
                "            post_save.send(sender=origin, instance=self, created=False, "
                "update_fields=update_fields, raw=raw, using=using)\n"
                "        with context_manager:\n"
                "            parent_inserted = False\n"
            )
        },
    ),
    DjangoFault(
        "save.not-updated",
        "A miss is a plain DatabaseError.",
        BASE,
        {
            'raise self.NotUpdated("Forced update did not affect any rows.")': 'raise DatabaseError("Forced update did not affect any rows.")'
        },
    ),
    DjangoFault(
        "save.database-refuses",
        "The state changes before the SQL.",
        BASE,
        {_ATOMIC: "        self._state.adding = False\n" + _ATOMIC},
    ),
    DjangoFault(
        "save.options-refused",
        "Options are checked after pre_save.",
        BASE,
        {
            "        if force_insert and (force_update or update_fields):\n": (
                "        if force_insert and (force_update or update_fields):\n"
                "            pre_save.send(sender=type(self), instance=self, raw=False, using=using, "
                "update_fields=update_fields)\n"
            )
        },
    ),
    DjangoFault(
        "save.unsaved-related",
        "Related instances are looked at after pre_save.",
        BASE,
        {
            _PREPARE: (
                "        pre_save.send(sender=type(self), instance=self, raw=False, using=using, "
                "update_fields=update_fields)\n"
            )
            + _PREPARE
        },
    ),
    DjangoFault(
        "save.proxy",
        "A proxy sends for the model behind it.",
        BASE,
        {_SKIP_PROXIES: "        cls = origin = self.__class__._meta.concrete_model\n"},
    ),
    DjangoFault(
        "save.parents-are-silent",
        "Parents are sent for, too.",
        BASE,
        {
            _POST: _POST
            + (
                "            for parent in meta.parents:\n"
                "                post_save.send(sender=parent, instance=self, created=False, "
                "update_fields=None, raw=raw, using=using)\n"
            )
        },
    ),
    DjangoFault(
        "save.abstract-parents",
        "Abstract parents are sent for, too.",
        BASE,
        {
            _POST: _POST
            + (
                "            for parent in cls.__bases__:\n"
                "                if parent is not Model and parent._meta.abstract:\n"
                "                    post_save.send(sender=parent, instance=self, created=False, "
                "update_fields=None, raw=raw, using=using)\n"
            )
        },
    ),
    DjangoFault(
        "save.automatic-through-is-silent", "Automatic through models send.", BASE, {_IF_POST: "        if True:\n"}
    ),
    DjangoFault(
        "save.explicit-through-is-a-model",
        "Models with two foreign keys are silent.",
        BASE,
        {_IF_POST: "        if not meta.auto_created and len([f for f in meta.fields if f.many_to_one]) < 2:\n"},
    ),
    DjangoFault(
        "save.bulk-create-is-silent",
        "bulk_create() sends.",
        QUERY,
        {**_QUERY_SENDS, _BULK_CREATE: _BULK_CREATE + _NOISE.format(objs="objs")},
    ),
    DjangoFault(
        "save.bulk-update-is-silent",
        "bulk_update() sends.",
        QUERY,
        {**_QUERY_SENDS, "        objs = tuple(objs)\n": "        objs = tuple(objs)\n" + _NOISE.format(objs="objs")},
    ),
    DjangoFault(
        "save.update-is-silent",
        "update() sends.",
        QUERY,
        {
            **_QUERY_SENDS,
            "        query.add_update_values(kwargs)\n": "        query.add_update_values(kwargs)\n"
            + _NOISE.format(objs="self._chain()"),
        },
    ),
    DjangoFault(
        "save.related-bulk-is-silent",
        "add() saves each instance.",
        RELATED,
        {
            "        def add(self, *objs, bulk=True):\n": (
                "        def add(self, *objs, bulk=True):\n            bulk = False\n"
            )
        },
    ),
    DjangoFault(
        "save.related-one-by-one",
        "clear() is always in bulk.",
        RELATED,
        {
            "            def _clear(self, queryset, bulk):\n": (
                "            def _clear(self, queryset, bulk):\n                bulk = True\n"
            )
        },
    ),
    DjangoFault(
        "save.related-creates",
        "create() sets the relation afterwards.",
        RELATED,
        {
            (
                "            kwargs[self.field.name] = self.instance\n"
                "            db = router.db_for_write(self.model, instance=self.instance)\n"
                "            return super(RelatedManager, self.db_manager(db)).create(**kwargs)\n"
            ): (
                "            kwargs[self.field.attname] = self.instance.pk\n"
                "            db = router.db_for_write(self.model, instance=self.instance)\n"
                "            return super(RelatedManager, self.db_manager(db)).create(**kwargs)\n"
            )
        },
    ),
    DjangoFault(
        "save.no-transaction",
        "save() is one transaction.",
        BASE,
        {
            (
                "        self.save_base(\n"
                "            using=using,\n"
                "            force_insert=force_insert,\n"
                "            force_update=force_update,\n"
                "            update_fields=update_fields,\n"
                "        )\n"
            ): (
                "        with transaction.atomic(using=using):\n"
                "            self.save_base(\n"
                "            using=using,\n"
                "            force_insert=force_insert,\n"
                "            force_update=force_update,\n"
                "            update_fields=update_fields,\n"
                "            )\n"
            )
        },
    ),
    DjangoFault(
        "save.within-the-callers-transaction",
        "post_save waits for the commit.",
        BASE,
        {
            ("            post_save.send(\n                sender=origin,\n"): (
                "            transaction.on_commit(using=using, func=lambda: post_save.send(\n"
                "                sender=origin,\n"
            ),
            ("                raw=raw,\n                using=using,\n            )\n\n    save_base"): (
                "                raw=raw,\n                using=using,\n            ))\n\n    save_base"
            ),
        },
    ),
    DjangoFault(
        "save.get-or-create",
        "get_or_create() opens no transaction.",
        QUERY,
        {
            (
                "                with transaction.atomic(using=self.db):\n"
                "                    params = dict(resolve_callables(params))\n"
            ): ("                if True:\n                    params = dict(resolve_callables(params))\n")
        },
    ),
    DjangoFault(
        "save.update-or-create",
        "update_or_create() opens no transaction where it updates.",
        QUERY,
        {
            (
                "                obj.save(using=self.db, update_fields=update_fields)\n            else:"
            ): "                pass\n            else:",
            ("                obj.save(using=self.db)\n        return obj, False\n"): (
                "                pass\n"
                "        obj.save(using=self.db, update_fields=update_fields)\n"
                "        return obj, False\n"
            ),
        },
    ),
    DjangoFault(
        "save.update-or-create-names-fields",
        "update_or_create() saves all fields.",
        QUERY,
        {
            "                obj.save(using=self.db, update_fields=update_fields)\n": "                obj.save(using=self.db)\n"
        },
    ),
    DjangoFault(
        "save.pre-raises",
        "Exceptions of pre_save are dropped.",
        BASE,
        {"            pre_save.send(\n": "            pre_save.send_robust(\n"},
    ),
    DjangoFault(
        "save.post-raises",
        "Exceptions of post_save are dropped.",
        BASE,
        {"            post_save.send(\n": "            post_save.send_robust(\n"},
    ),
    DjangoFault(
        "save.post-raises",
        "post_save is inside a transaction.",
        BASE,
        {
            (
                "        self.save_base(\n"
                "            using=using,\n"
                "            force_insert=force_insert,\n"
                "            force_update=force_update,\n"
                "            update_fields=update_fields,\n"
                "        )\n"
            ): (
                "        with transaction.atomic(using=using):\n"
                "            return self.save_base(\n"
                "            using=using,\n"
                "            force_insert=force_insert,\n"
                "            force_update=force_update,\n"
                "            update_fields=update_fields,\n"
                "            )\n"
            )
        },
    ),
    DjangoFault(
        "save.post-raises-in-get-or-create",
        "get_or_create() keeps the row.",
        QUERY,
        {
            (
                "                with transaction.atomic(using=self.db):\n"
                "                    params = dict(resolve_callables(params))\n"
            ): ("                if True:\n                    params = dict(resolve_callables(params))\n")
        },
    ),
    DjangoFault(
        "save.caught-exceptions-spoil-nothing",
        "An exception of post_save marks the transaction.",
        BASE,
        {
            ("            post_save.send(\n                sender=origin,\n"): (
                "          with transaction.mark_for_rollback_on_error(using=using):\n"
                "            post_save.send(\n"
                "                sender=origin,\n"
            )
        },
    ),
    DjangoFault(
        "save.change-before-is-saved",
        "The values are taken before pre_save.",
        BASE,
        {
            _SKIP_PROXIES: "        before = dict(self.__dict__)\n" + _SKIP_PROXIES,
            _ATOMIC: "        self.__dict__.update(before)\n" + _ATOMIC,
        },
    ),
    DjangoFault(
        "save.change-after-is-not-saved",
        "What post_save changes is saved.",
        BASE,
        {
            _POST: _POST
            + (
                "            if post_save.has_listeners(origin) and not raw and not meta.parents:\n"
                "                type(self)._base_manager.using(using).filter(pk=self.pk).update(**{f.attname: getattr(self, f.attname) for f in meta.concrete_fields if not f.primary_key})\n"
            )
        },
    ),
    DjangoFault(
        "save.change-outside-update-fields",
        "All fields are saved.",
        BASE,
        {_ATOMIC: "        update_fields = None\n" + _ATOMIC},
    ),
    DjangoFault(
        "save.key-chosen-before",
        "The key of an instance without one is the database's.",
        BASE,
        {
            _SKIP_PROXIES: "        without = self.pk is None\n" + _SKIP_PROXIES,
            _ATOMIC: ("        if without:\n            self.pk = None\n") + _ATOMIC,
        },
    ),
    DjangoFault(
        "save.default-key-is-there",
        "The default of a key comes after pre_save.",
        BASE,
        {
            _SKIP_PROXIES: (
                "        key, default = self.pk, self._state.adding and self._meta.pk.has_default()\n"
                "        if default:\n"
                "            self.pk = None\n"
            )
            + _SKIP_PROXIES,
            _ATOMIC: ("        if default:\n            self.pk = key\n") + _ATOMIC,
        },
    ),
    DjangoFault(
        "save.default-key-inserts",
        "An UPDATE is tried first.",
        BASE,
        {
            (
                "            force_insert = True\n        # If possible, try an UPDATE."
            ): "            pass\n        # If possible, try an UPDATE."
        },
    ),
    DjangoFault(
        "save.default-key-of-a-row-is-refused",
        "An UPDATE is tried first.",
        BASE,
        {
            (
                "            force_insert = True\n        # If possible, try an UPDATE."
            ): "            pass\n        # If possible, try an UPDATE."
        },
    ),
    DjangoFault(
        "save.prefetched-is-forgotten",
        "create() keeps what was prefetched.",
        RELATED,
        {
            (
                "        def create(self, **kwargs):\n"
                "            self._check_fk_val()\n"
                "            self._remove_prefetched_objects()\n"
            ): ("        def create(self, **kwargs):\n            self._check_fk_val()\n")
        },
    ),
    DjangoFault(
        "save.saving-in-a-receiver",
        "Saves inside of saves are silent.",
        BASE,
        {
            ("            post_save.send(\n                sender=origin,\n"): (
                "          if not self.__dict__.get('_saving'):\n"
                "            self.__dict__['_saving'] = True\n"
                "            post_save.send(\n"
                "                sender=origin,\n"
            )
        },
    ),
    DjangoFault(
        "save.deleting-in-a-receiver",
        "The key is set again after post_save.",
        BASE,
        {_POST: "            key = self.pk\n" + _POST + "            self.pk = key\n"},
    ),
    DjangoFault(
        "save.raw-is-false",
        "raw is None.",
        BASE,
        {
            (
                "        raw=False,\n"
                "        force_insert=False,\n"
                "        force_update=False,\n"
                "        using=None,\n"
                "        update_fields=None,\n"
                "    ):\n"
                '        """\n'
                "        Handle the parts"
            ): (
                "        raw=None,\n"
                "        force_insert=False,\n"
                "        force_update=False,\n"
                "        using=None,\n"
                "        update_fields=None,\n"
                "    ):\n"
                '        """\n'
                "        Handle the parts"
            )
        },
    ),
    DjangoFault(
        "save.raw-from-fixtures",
        "Fixtures are not raw.",
        SERIALIZERS,
        {"using=using, raw=True, **kwargs)": "using=using, **kwargs)"},
    ),
    DjangoFault(
        "save.raw-saves-no-parents",
        "Fixtures save with all parents.",
        BASE,
        {"            if not raw:\n                # Validate": "            if True:\n                # Validate"},
    ),
    DjangoFault(
        "save.raw-skips-the-method",
        "Fixtures call save().",
        SERIALIZERS,
        {
            "        models.Model.save_base(self.object, using=using, raw=True, **kwargs)\n": "        self.object.save()\n"
        },
    ),
    DjangoFault(
        "save.loaddata",
        "loaddata opens no transaction.",
        LOADDATA,
        {
            (
                "        with transaction.atomic(using=self.using):\n            self.loaddata(fixture_labels)\n"
            ): "        self.loaddata(fixture_labels)\n"
        },
    ),
    DjangoFault(
        "save.using",
        "using is the database of the instance.",
        BASE,
        {
            (
                "                created=(not updated),\n"
                "                update_fields=update_fields,\n"
                "                raw=raw,\n"
                "                using=using,\n"
            ): (
                "                created=(not updated),\n"
                "                update_fields=update_fields,\n"
                "                raw=raw,\n"
                "                using=before or using,\n"
            ),
            _SKIP_PROXIES: "        before = self._state.db\n" + _SKIP_PROXIES,
        },
    ),
    DjangoFault(
        "save.copy-to-another-database",
        "A row of another database counts.",
        BASE,
        {
            _SKIP_PROXIES: "        known = self._state.db is not None\n" + _SKIP_PROXIES,
            **_in_post("(not updated)", "(not updated and not known)"),
        },
    ),
    DjangoFault(
        "save.on-commit",
        "The receivers of post_save run after the commit.",
        BASE,
        {
            ("            post_save.send(\n                sender=origin,\n"): (
                "            transaction.on_commit(using=using, func=lambda: post_save.send(\n"
                "                sender=origin,\n"
            ),
            ("                raw=raw,\n                using=using,\n            )\n\n    save_base"): (
                "                raw=raw,\n                using=using,\n            ))\n\n    save_base"
            ),
        },
    ),
    DjangoFault(
        "save.many-to-many-is-empty-yet",
        "post_save waits until the relations are there.",
        BASE,
        {_IF_POST: "        if not meta.auto_created and not meta.many_to_many:\n"},
    ),
    DjangoFault(
        "save.expressions-are-resolved",
        "Expressions stay.",
        BASE,
        {
            (
                "                self._assign_returned_values(results[0], returning_fields)\n"
                "            elif force_update:"
            ): "                pass\n            elif force_update:"
        },
    ),
    DjangoFault(
        "save.expressions-stay",
        "Expressions are resolved.",
        BASE,
        {
            _IF_POST: (
                "        for field in meta.concrete_fields:\n"
                "            if hasattr(self.__dict__.get(field.attname), 'resolve_expression'):\n"
                "                self.refresh_from_db(fields=[field.attname])\n"
            )
            + _IF_POST
        },
    ),
    DjangoFault(
        "save.cleaning-is-silent",
        "Validation sends pre_save.",
        BASE,
        {
            "        Call clean_fields(), clean(), validate_unique(), and\n": "        Call clean_fields(), clean(), validate_unique() and\n",
            (
                "        errors = {}\n"
                "        if exclude is None:\n"
                "            exclude = set()\n"
                "        else:\n"
                "            exclude = set(exclude)\n"
                "\n"
                "        try:\n"
                "            self.clean_fields"
            ): (
                "        pre_save.send(sender=type(self), instance=self, raw=False, using='default', "
                "update_fields=None)\n"
                "        errors = {}\n"
                "        if exclude is None:\n"
                "            exclude = set()\n"
                "        else:\n"
                "            exclude = set(exclude)\n"
                "\n"
                "        try:\n"
                "            self.clean_fields"
            ),
        },
    ),
    DjangoFault(
        "save.connected-meanwhile",
        "Who listens to post_save is asked before.",
        BASE,
        {
            _SKIP_PROXIES: "        listened = post_save.has_listeners(self.__class__)\n" + _SKIP_PROXIES,
            _IF_POST: "        if listened and not meta.auto_created:\n",
        },
    ),
    DjangoFault(
        "save.quitting-meanwhile",
        "Receivers of post_save are found before.",
        BASE,
        {
            _SKIP_PROXIES: "        found = list(post_save.receivers)\n" + _SKIP_PROXIES,
            _IF_POST: ("        post_save.receivers = found\n        post_save.sender_receivers_cache.clear()\n")
            + _IF_POST,
        },
    ),
    DjangoFault(
        "save.related-one-by-one-in-a-transaction",
        "add() saves in no transaction.",
        RELATED,
        {
            _ADDS_EACH: (
                "                for obj in objs:\n"
                "                    check_and_update_obj(obj)\n"
                "                    obj.save()\n"
            )
        },
    ),
    DjangoFault(
        "save.related-one-by-one-in-a-transaction",
        "clear() saves in no transaction.",
        RELATED,
        {
            _CLEARS_EACH: (
                "                    for obj in queryset:\n"
                "                        setattr(obj, self.field.name, None)\n"
                "                        obj.save(update_fields=[self.field.name])\n"
            )
        },
    ),
    DjangoFault(
        "save.related-one-by-one-rolls-back",
        "Each instance is saved in a transaction of its own.",
        RELATED,
        {
            _ADDS_EACH: (
                "                for obj in objs:\n"
                "                    check_and_update_obj(obj)\n"
                "                    with transaction.atomic(using=db, savepoint=False):\n"
                "                        obj.save()\n"
            )
        },
    ),
    DjangoFault(
        "save.router-decides",
        "save() writes where the instance came from.",
        BASE,
        {
            "        using = using or router.db_for_write(self.__class__, instance=self)\n        if force_insert and": (
                "        using = using or self._state.db or 'default'\n        if force_insert and"
            )
        },
    ),
    DjangoFault(
        "save.router-decides",
        "get_or_create() writes where it reads.",
        QUERY,
        {
            "        # to avoid potential transaction consistency problems.\n        self._for_write = True\n": (
                "        if self._db is None:\n            return self.using(self.db).get_or_create(defaults, **kwargs)\n"
            )
        },
    ),
    DjangoFault(
        "save.loaddata-database",
        "A fixture is saved in the default database.",
        SERIALIZERS,
        {"save_base(self.object, using=using, raw=True": "save_base(self.object, raw=True"},
    ),
    DjangoFault(
        "save.loaddata-database",
        "using is the default database.",
        BASE,
        {
            (
                "            pre_save.send(\n"
                "                sender=origin,\n"
                "                instance=self,\n"
                "                raw=raw,\n"
                "                using=using,\n"
            ): (
                "            pre_save.send(\n"
                "                sender=origin,\n"
                "                instance=self,\n"
                "                raw=raw,\n"
                "                using='default' if raw else using,\n"
            )
        },
    ),
    DjangoFault(
        "save.raw-with-forward-references",
        "The second save is an ordinary one.",
        SERIALIZERS,
        {_SAVES_AGAIN: _SAVES_AGAIN.replace("        self.save()", "        self.object.save()")},
    ),
    DjangoFault(
        "save.raw-with-forward-references",
        "The second time only the row is changed.",
        SERIALIZERS,
        {
            _SAVES_AGAIN: _SAVES_AGAIN.replace(
                "        self.save()",
                (
                    "                type(self.object)._base_manager.using(using).filter(pk=self.object.pk).update(\n"
                    "                    **{field.attname: value})\n"
                    "        for name, values in self.m2m_data.items():\n"
                    "            getattr(self.object, name).set(values)"
                ),
            )
        },
    ),
    DjangoFault(
        "save.related-one-by-one-arguments",
        "clear() saves all fields.",
        RELATED,
        {
            "                            obj.save(update_fields=[self.field.name])\n": "                            obj.save()\n"
        },
    ),
    DjangoFault(
        "save.related-one-by-one-arguments",
        "add() saves no instance that is in the relation already.",
        RELATED,
        {
            "                    for obj in objs:\n                        check_and_update_obj(obj)\n                        obj.save()\n": (
                "                    for obj in objs:\n"
                "                        if obj.pk and self.filter(pk=obj.pk).exists():\n"
                "                            continue\n"
                "                        check_and_update_obj(obj)\n"
                "                        obj.save()\n"
            )
        },
    ),
    DjangoFault(
        "save.update-or-create-of-nothing",
        "update_or_create() without defaults saves all fields.",
        QUERY,
        {
            "obj.save(using=self.db, update_fields=update_fields)": "obj.save(using=self.db, update_fields=update_fields or None)"
        },
    ),
    DjangoFault(
        "save.caught-exceptions-in-get-or-create",
        "update_or_create() runs in no savepoint.",
        QUERY,
        {
            "        with transaction.atomic(using=self.db):\n            # Lock the row": (
                "        with transaction.atomic(using=self.db, savepoint=False):\n            # Lock the row"
            )
        },
    ),
    DjangoFault(
        "save.caught-exceptions-in-get-or-create",
        "get_or_create() runs in no savepoint.",
        QUERY,
        {
            "                with transaction.atomic(using=self.db):\n                    params =": (
                "                with transaction.atomic(using=self.db, savepoint=False):\n                    params ="
            )
        },
    ),
    DjangoFault(
        "save.state-before",
        "create() sets the database before it saves.",
        QUERY,
        {
            "        obj.save(force_insert=True, using=self.db)\n": "        obj._state.db = self.db\n        obj.save(force_insert=True, using=self.db)\n"
        },
    ),
    DjangoFault(
        "save.raw-with-forward-references",
        "The second save names the fields that it sets.",
        SERIALIZERS,
        {
            _SAVES_AGAIN: _SAVES_AGAIN.replace(
                "self.save()",
                "self.save(update_fields=[f.name for f in self.deferred_fields if f.concrete and not f.many_to_many] or None)",
            )
        },
    ),
    DjangoFault(
        "save.generated-fields-are-fresh",
        "An update returns no generated fields.",
        BASE,
        {
            "                    f.generated\n                    and f.referenced_fields.inter": "                    False and f.generated\n                    and f.referenced_fields.inter"
        },
    ),
    DjangoFault(
        "save.related-saved-meanwhile",
        "A related instance that was saved later is not looked at before the save.",
        BASE,
        {
            "                elif getattr(self, field.attname) in field.empty_values:\n": (
                "                elif operation_name != 'save' and getattr(self, field.attname) in field.empty_values:\n"
            )
        },
    ),
    DjangoFault(
        "save.unsaved-related",
        "create() of a manager sends pre_save first.",
        BASE,
        {
            '        self._prepare_related_fields_for_save(operation_name="save")\n': (
                '        if not force_insert:\n            self._prepare_related_fields_for_save(operation_name="save")\n'
            )
        },
    ),
    DjangoFault(
        "save.managers-of-new-instances",
        "What refers to a new instance is none.",
        RELATED,
        {
            '            if not self.instance._is_pk_set():\n                raise ValueError(\n                    f"{self.instance.__class__.__name__!r} instance needs to have a "\n                    f"primary key value before this relationship can be used."\n                )\n            try:\n': (
                "            if not self.instance._is_pk_set():\n                return super().get_queryset().none()\n            try:\n"
            )
        },
    ),
    DjangoFault(
        "save.filters-by-new-instances",
        "A filter by a new instance finds nothing.",
        LOOKUPS,
        {"        if not value._is_pk_set():\n            raise": "        if False:\n            raise"},
    ),
    DjangoFault(
        "save.related-one-by-one-forgets-what-was-prefetched",
        "clear() keeps what was prefetched.",
        RELATED,
        {
            "            def _clear(self, queryset, bulk):\n                self._remove_prefetched_objects()\n": (
                "            def _clear(self, queryset, bulk):\n"
            )
        },
    ),
    DjangoFault(
        "save.created-for-a-child",
        "A row that is added below an existing parent is none that was created.",
        BASE,
        {
            "                created=(not updated),\n": "                created=(parent_inserted or not (updated or meta.parents)),\n"
        },
    ),
]

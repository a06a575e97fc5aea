"""Faults of the chapter m2m."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import QUERY, RELATED, SERIALIZERS

FIELDS = "django.db.models.fields.related"

_MUST = ") and (signals.m2m_changed.has_listeners(self.through))\n"
_PRE_ADD = '                        action="pre_add",\n                        instance=self.instance,\n'
_POST_ADD = '                        action="post_add",\n                        instance=self.instance,\n'
_PRE_REMOVE = '                    action="pre_remove",\n                    instance=self.instance,\n'
_POST_REMOVE = '                    action="post_remove",\n                    instance=self.instance,\n'
_PRE_CLEAR = '                    action="pre_clear",\n                    instance=self.instance,\n'
_POST_CLEAR = '                    action="post_clear",\n                    instance=self.instance,\n'
_REVERSE = "                        reverse=self.reverse,\n"
_MODEL = "                        model=self.model,\n"
_MISSING = (
    "            missing_target_ids = self._get_missing_target_ids(\n"
    "                source_field_name, target_field_name, db, target_ids\n"
    "            )\n"
)
_EMPTY_ADD = "            if not objs:\n                return\n\n            through_defaults"
_EMPTY_REMOVE = (
    "            if not objs:\n"
    "                return\n"
    "\n"
    "            # Check that all the objects are of the right type\n"
)
_CLEAR_FILTERS = "                filters = self._build_remove_filters(super().get_queryset().using(db))\n"
_CLEAR_DELETE = (
    "                self.through._default_manager.using(db).filter(filters).delete()\n"
    "\n"
    "                signals.m2m_changed.send(\n"
    "                    sender=self.through,\n"
    '                    action="post_clear",\n'
)
_TARGET = "                    target_ids.add(target_field.get_prep_value(obj))\n"
_SENDING = (
    "                if must_send_signals:\n"
    "                    signals.m2m_changed.send(\n"
    "                        sender=self.through,\n"
    '                        action="{action}",\n'
)
_SET = (
    "            objs = tuple(objs)\n\n            db = router.db_for_write(self.through, instance=self.instance)\n"
)
_SAME = "                        if fk_val in old_ids:\n                            old_ids.remove(fk_val)\n"
_INIT = "            self.related_val = self.source_field.get_foreign_related_value(instance)\n"
_CLEARS = (
    "            with transaction.atomic(using=db, savepoint=False):\n"
    "                signals.m2m_changed.send(\n"
    "                    sender=self.through,\n"
    '                    action="pre_clear",\n'
)

FAULTS = [
    DjangoFault(
        "m2m.keys", "pre_add passes raw, too.", RELATED, {_PRE_ADD: _PRE_ADD + "                        raw=False,\n"}
    ),
    DjangoFault(
        "m2m.keys-and-raw",
        "post_add passes no raw.",
        RELATED,
        {
            (
                "                        pk_set=missing_target_ids,\n"
                "                        using=db,\n"
                "                        raw=raw,\n"
                "                    )\n"
                "\n"
                "        def"
            ): (
                "                        pk_set=missing_target_ids,\n"
                "                        using=db,\n"
                "                    )\n"
                "\n"
                "        def"
            )
        },
    ),
    DjangoFault(
        "m2m.sender-is-through",
        "The sender is the model with the field.",
        RELATED,
        {
            (
                "                signals.m2m_changed.send(\n"
                "                    sender=self.through,\n"
                '                    action="pre_clear"'
            ): (
                "                signals.m2m_changed.send(\n"
                "                    sender=rel.related_model,\n"
                '                    action="pre_clear"'
            )
        },
    ),
    DjangoFault(
        "m2m.explicit-through",
        "Only automatic through models are sent for.",
        RELATED,
        {_MUST: (") and (self.through._meta.auto_created and signals.m2m_changed.has_listeners(self.through))\n")},
    ),
    DjangoFault(
        "m2m.explicit-through-rows-are-silent",
        "Saving rows of a through model sends.",
        "django.db.models.base",
        {
            "        # Signal that the save is complete\n": (
                "        if len([f for f in meta.fields if f.many_to_one]) == 2:\n"
                "            from django.db.models.signals import m2m_changed\n"
                "            m2m_changed.send(sender=cls, action='post_add', instance=self, "
                "reverse=False, model=None, pk_set=set(), using=using)\n"
                "        # Signal that the save is complete\n"
            )
        },
    ),
    DjangoFault(
        "m2m.through-saves-are-silent",
        "add() saves each row.",
        QUERY,
        {
            ("        fields = [f for f in opts.concrete_fields if not f.generated]\n        objs = list(objs)\n"): (
                "        fields = [f for f in opts.concrete_fields if not f.generated]\n"
                "        objs = list(objs)\n"
                "        if len([f for f in self.model._meta.fields if f.many_to_one]) == 2:\n"
                "            for obj in objs:\n"
                "                obj.save(using=self.db)\n"
                "            return objs\n"
            )
        },
    ),
    DjangoFault(
        "m2m.add-order",
        "pre_add is not sent.",
        RELATED,
        {
            _SENDING.format(action="pre_add"): _SENDING.format(action="pre_add").replace(
                "if must_send_signals", "if False"
            )
        },
    ),
    DjangoFault(
        "m2m.add-order",
        "pre_add is called pre_create.",
        RELATED,
        {_PRE_ADD: _PRE_ADD.replace("pre_add", "pre_create")},
    ),
    DjangoFault(
        "m2m.remove-order",
        "post_remove comes as post_clear.",
        RELATED,
        {_POST_REMOVE: _POST_REMOVE.replace("post_remove", "post_clear")},
    ),
    DjangoFault(
        "m2m.clear-order",
        "clear() sends removes.",
        RELATED,
        {
            _PRE_CLEAR: _PRE_CLEAR.replace("pre_clear", "pre_remove"),
            _POST_CLEAR: _POST_CLEAR.replace("post_clear", "post_remove"),
        },
    ),
    DjangoFault(
        "m2m.database-at-each-moment",
        "clear() deletes before pre_clear.",
        RELATED,
        {
            (
                "                signals.m2m_changed.send(\n"
                "                    sender=self.through,\n"
                '                    action="pre_clear"'
            ): (
                "                self.through._default_manager.using(db).filter(self._build_remove_filters(super().get_queryset().using(db))).delete()\n"
                "                signals.m2m_changed.send(\n"
                "                    sender=self.through,\n"
                '                    action="pre_clear"'
            )
        },
    ),
    DjangoFault(
        "m2m.one-pair-for-a-call",
        "Each object is added by itself.",
        RELATED,
        {
            "        def add(self, *objs, through_defaults=None):\n": (
                "        def add(self, *objs, through_defaults=None):\n"
                "            if len(objs) > 1:\n"
                "                for each in objs:\n"
                "                    self.add(each, through_defaults=through_defaults)\n"
                "                return\n"
            )
        },
    ),
    DjangoFault(
        "m2m.add-tells-what-is-new",
        "pk_set has all that was passed.",
        RELATED,
        {
            _MISSING: _MISSING
            + (
                "            known, missing_target_ids = missing_target_ids, set(target_ids)\n"
                "            can_ignore_conflicts = True\n"
            )
        },
    ),
    DjangoFault(
        "m2m.add-tells-what-is-new",
        "Nothing is sent where nothing is new.",
        RELATED,
        {_MISSING: _MISSING + ("            if not missing_target_ids:\n                return\n")},
    ),
    DjangoFault(
        "m2m.add-tells-what-is-new",
        "pk_set is a list.",
        RELATED,
        {_MISSING: _MISSING + "            missing_target_ids = list(missing_target_ids)\n"},
    ),
    DjangoFault("m2m.add-nothing", "add() of nothing sends.", RELATED, {_EMPTY_ADD: "            through_defaults"}),
    DjangoFault(
        "m2m.add-converts-keys",
        "Keys stay as they were passed.",
        RELATED,
        {_TARGET: "                    target_ids.add(obj)\n"},
    ),
    DjangoFault(
        "m2m.remove-tells-what-was-passed",
        "pk_set has what the relation has.",
        RELATED,
        {
            (
                "            with transaction.atomic(using=db, savepoint=False):\n"
                "                # Send a signal to the other end if need be.\n"
            ): (
                "            old_ids &= "
                "set(super().get_queryset().using(db).filter(**self.core_filters).values_list('pk', "
                "flat=True))\n"
                "            with transaction.atomic(using=db, savepoint=False):\n"
                "                # Send a signal to the other end if need be.\n"
            )
        },
    ),
    DjangoFault(
        "m2m.remove-nothing",
        "remove() of nothing sends.",
        RELATED,
        {_EMPTY_REMOVE: "            # Check that all the objects are of the right type\n"},
    ),
    DjangoFault(
        "m2m.clear-tells-no-keys",
        "pk_set of clear() is empty.",
        RELATED,
        {
            _PRE_CLEAR
            + (
                "                    reverse=self.reverse,\n"
                "                    model=self.model,\n"
                "                    pk_set=None,\n"
            ): _PRE_CLEAR
            + (
                "                    reverse=self.reverse,\n"
                "                    model=self.model,\n"
                "                    pk_set=set(),\n"
            )
        },
    ),
    DjangoFault(
        "m2m.forms-send-the-difference",
        "A form clears the relation first.",
        FIELDS,
        {".set(data)": ".set(data, clear=True)"},
    ),
    DjangoFault(
        "m2m.forms-send-the-difference",
        "A form removes nothing.",
        FIELDS,
        {".set(data)": ".add(*data)"},
    ),
    DjangoFault(
        "m2m.forms-send-the-difference",
        "A form adds nothing to what is there.",
        FIELDS,
        {
            "        getattr(instance, self.attname).set(data)": (
                "        if not getattr(instance, self.attname).exists():\n"
                "            getattr(instance, self.attname).set(data)"
            )
        },
    ),
    DjangoFault(
        "m2m.set-sends-the-difference", "set() clears and adds.", RELATED, {_SET: _SET + "            clear = True\n"}
    ),
    DjangoFault(
        "m2m.set-the-same",
        "What stays is added again.",
        RELATED,
        {_SAME: _SAME + "                            new_objs.append(obj)\n"},
    ),
    DjangoFault("m2m.set-with-clear", "clear is ignored.", RELATED, {_SET: _SET + "            clear = False\n"}),
    DjangoFault(
        "m2m.create-adds",
        "create() adds silently.",
        RELATED,
        {
            ("            self.add(new_obj, through_defaults=through_defaults)\n            return new_obj\n"): (
                "            self.through._default_manager.using(db).bulk_create([self.through(**{f'{self.source_field_name}_id': self.related_val[0], f'{self.target_field_name}_id': new_obj.pk})])\n"
                "            return new_obj\n"
            )
        },
    ),
    DjangoFault(
        "m2m.reverse",
        "reverse is never true.",
        RELATED,
        {_PRE_ADD + _REVERSE: _PRE_ADD + _REVERSE.replace("self.reverse", "False")},
    ),
    DjangoFault(
        "m2m.reverse",
        "model is the instance's.",
        RELATED,
        {_PRE_ADD + _REVERSE + _MODEL: _PRE_ADD + _REVERSE + _MODEL.replace("self.model", "type(self.instance)")},
    ),
    DjangoFault(
        "m2m.instance-is-the-callers",
        "instance is loaded anew.",
        RELATED,
        {
            _PRE_CLEAR: _PRE_CLEAR.replace(
                "self.instance", "type(self.instance)._base_manager.using(db).get(pk=self.instance.pk)"
            )
        },
    ),
    DjangoFault(
        "m2m.instance-keeps-its-class",
        "instance is of the model with the field.",
        RELATED,
        {
            _PRE_ADD: _PRE_ADD.replace(
                "instance=self.instance",
                (
                    "instance=self.instance if self.reverse or type(self.instance) is rel.related_model else "
                    "rel.related_model._base_manager.using(db).get(pk=self.instance.pk)"
                ),
            )
        },
    ),
    DjangoFault(
        "m2m.symmetrical",
        "The mirror sends, too.",
        RELATED,
        {"                self.reverse or source_field_name == self.source_field_name\n": "                True\n"},
    ),
    DjangoFault(
        "m2m.one-transaction",
        "clear() opens no transaction.",
        RELATED,
        {
            (
                "            with transaction.atomic(using=db, savepoint=False):\n"
                "                signals.m2m_changed.send(\n"
                "                    sender=self.through,\n"
                '                    action="pre_clear"'
            ): (
                "            if True:\n"
                "                signals.m2m_changed.send(\n"
                "                    sender=self.through,\n"
                '                    action="pre_clear"'
            )
        },
    ),
    DjangoFault(
        "m2m.raising-rolls-back",
        "Exceptions of post_remove come after the commit.",
        RELATED,
        {
            (
                "                signals.m2m_changed.send(\n"
                "                    sender=self.through,\n"
                '                    action="post_remove"'
            ): (
                "            if True:\n"
                "                signals.m2m_changed.send(\n"
                "                    sender=self.through,\n"
                '                    action="post_remove"'
            )
        },
    ),
    DjangoFault(
        "m2m.pre-raises",
        "Exceptions of pre_add are dropped.",
        RELATED,
        {_SENDING.format(action="pre_add"): _SENDING.format(action="pre_add").replace(".send(", ".send_robust(")},
    ),
    DjangoFault(
        "m2m.caught-exceptions-spoil-the-transaction",
        "remove() has a savepoint.",
        RELATED,
        {
            (
                "            with transaction.atomic(using=db, savepoint=False):\n"
                "                # Send a signal to the other end if need be.\n"
            ): (
                "            with transaction.atomic(using=db):\n"
                "                # Send a signal to the other end if need be.\n"
            )
        },
    ),
    DjangoFault(
        "m2m.explicit-through-rows-are-deleted-with-signals",
        "clear() deletes by SQL alone.",
        RELATED,
        {_CLEAR_DELETE: _CLEAR_DELETE.replace(".delete()", "._raw_delete(db)")},
    ),
    DjangoFault(
        "m2m.using",
        "using is always the default.",
        RELATED,
        {
            _PRE_CLEAR
            + (
                "                    reverse=self.reverse,\n"
                "                    model=self.model,\n"
                "                    pk_set=None,\n"
                "                    using=db,\n"
            ): _PRE_CLEAR
            + (
                "                    reverse=self.reverse,\n"
                "                    model=self.model,\n"
                "                    pk_set=None,\n"
                "                    using='default',\n"
            )
        },
    ),
    DjangoFault(
        "m2m.raw-is-false",
        "raw is None.",
        RELATED,
        {
            "        def _clear_base(self, using=None, raw=False):\n": "        def _clear_base(self, using=None, raw=None):\n"
        },
    ),
    DjangoFault(
        "m2m.fixtures",
        "Fixtures clear and add.",
        SERIALIZERS,
        {"set_base(object_list, raw=True)": "set_base(object_list, raw=True, clear=True)"},
    ),
    DjangoFault(
        "m2m.fixtures",
        "Fixtures clear and add, before 6.1.",
        SERIALIZERS,
        {".set(object_list)": ".set(object_list, clear=True)"},
    ),
    DjangoFault(
        "m2m.raw-from-fixtures",
        "Fixtures are not raw.",
        SERIALIZERS,
        {"set_base(object_list, raw=True)": "set_base(object_list)"},
    ),
    DjangoFault(
        "m2m.changing-in-a-receiver",
        "Changes inside of changes are dropped.",
        RELATED,
        {
            _EMPTY_ADD: (
                "            if not objs or self.instance.__dict__.get('_adding'):\n"
                "                return\n"
                "\n"
                "            self.instance.__dict__['_adding'] = "
                "signals.m2m_changed.has_listeners(self.through)\n"
                "            through_defaults"
            )
        },
    ),
    DjangoFault(
        "m2m.wrong-objects-are-refused",
        "Objects are looked at after pre_add.",
        RELATED,
        {
            "            target_ids = self._get_target_ids(target_field_name, objs)\n": (
                "            if signals.m2m_changed.has_listeners(self.through):\n"
                "                signals.m2m_changed.send(sender=self.through, action='pre_add', "
                "instance=self.instance, reverse=self.reverse, model=self.model, pk_set=set(), "
                "using='default')\n"
                "            target_ids = self._get_target_ids(target_field_name, objs)\n"
            )
        },
    ),
    DjangoFault(
        "m2m.unsaved-is-refused",
        "The key is looked at after a signal.",
        RELATED,
        {
            _INIT: (
                "            if not reverse and instance.pk is None:\n"
                "                signals.m2m_changed.send(sender=self.through, action='pre_add', "
                "instance=instance, reverse=False, model=self.model, pk_set=set(), using='default')\n"
            )
            + _INIT
        },
    ),
    DjangoFault(
        "m2m.same-rows-with-and-without-receivers",
        "What is new is not asked for where somebody listens.",
        RELATED,
        {_MISSING: "            missing_target_ids = set(list(target_ids)[:1])\n"},
    ),
    DjangoFault(
        "m2m.prefetched-is-forgotten",
        "add() keeps what was prefetched.",
        RELATED,
        {
            (
                "        def add(self, *objs, through_defaults=None):\n"
                "            self._remove_prefetched_objects()\n"
            ): "        def add(self, *objs, through_defaults=None):\n"
        },
    ),
    DjangoFault(
        "m2m.prefetching-before-clear",
        "clear() forgets before pre_clear.",
        RELATED,
        {"                self._remove_prefetched_objects()\n" + _CLEAR_FILTERS: _CLEAR_FILTERS},
    ),
    DjangoFault(
        "m2m.prefetching-before-set",
        "set() keeps what a receiver of pre_remove prefetched.",
        RELATED,
        {
            ("                    self.add(*new_objs, through_defaults=through_defaults)\n\n        set.alters"): (
                "                    kept = getattr(self.instance, '_prefetched_objects_cache', "
                "{}).copy()\n"
                "                    self.add(*new_objs, through_defaults=through_defaults)\n"
                "                    if kept:\n"
                "                        self.instance._prefetched_objects_cache = kept\n"
                "\n"
                "        set.alters"
            )
        },
    ),
    DjangoFault(
        "m2m.router-decides",
        "clear() changes the database that the instance came from.",
        RELATED,
        {_CLEARS: "            db = self.instance._state.db\n" + _CLEARS},
    ),
    DjangoFault(
        "m2m.router-decides",
        "create() adds in the database that the instance came from.",
        RELATED,
        {
            "            new_obj = super(ManyRelatedManager, self.db_manager(db)).create(**kwargs)\n": (
                "            new_obj = super(ManyRelatedManager, self.db_manager(self.instance._state.db)).create(**kwargs)\n"
            )
        },
    ),
    DjangoFault(
        "m2m.create-adds",
        "update_or_create() adds what it finds.",
        RELATED,
        {
            "            ).update_or_create(**kwargs)\n            # We only need to add() if created because if we got an object back\n            # from get() then the relationship already exists.\n            if created:\n                self.add(obj, through_defaults=through_defaults)\n": (
                "            ).update_or_create(**kwargs)\n            self.add(obj, through_defaults=through_defaults)\n"
            )
        },
    ),
    DjangoFault(
        "m2m.set-converts-keys",
        "set() compares keys as they are passed.",
        RELATED,
        {
            "                            else self.target_field.get_prep_value(obj)\n": "                            else obj\n"
        },
    ),
    DjangoFault(
        "m2m.reverse",
        "What set() removes backwards is told as if it went forwards.",
        RELATED,
        {
            '                    action="pre_remove",\n                    instance=self.instance,\n                    reverse=self.reverse,\n': '                    action="pre_remove",\n                    instance=self.instance,\n                    reverse=False,\n'
        },
    ),
    DjangoFault(
        "m2m.raising-rolls-back",
        "post_clear comes after the transaction.",
        RELATED,
        {
            "                signals.m2m_changed.send(\n" + " " * 20 + "sender=self.through,\n" + _POST_CLEAR: (
                "            if True:\n                signals.m2m_changed.send(\n"
                + " " * 20
                + "sender=self.through,\n"
                + _POST_CLEAR
            )
        },
    ),
    DjangoFault(
        "m2m.prefetched-is-forgotten",
        "clear() keeps what was prefetched.",
        RELATED,
        {
            "        def clear(self):\n            self._remove_prefetched_objects()\n            db = router.db_for_write(self.through": (
                "        def clear(self):\n            db = router.db_for_write(self.through"
            )
        },
    ),
]

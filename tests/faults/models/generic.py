"""Faults of the chapter generic."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import BASE, DELETION, GENERIC

_BULK = "                self.model._base_manager.using(db).filter(pk__in=pks).update(\n"
_ONE_BY_ONE = (
    "                with transaction.atomic(using=db, savepoint=False):\n"
    "                    for obj in objs:\n"
    "                        check_and_update_obj(obj)\n"
    "                        obj.save()\n"
)
_WITHOUT = (
    "                for obj in objs:\n"
    "                    check_and_update_obj(obj)\n"
    "                    obj.save()\n"
)
_CREATE = "            return super().using(db).create(**kwargs)\n"
_DELETES = "                queryset.delete()\n"
_EACH = (
    "                with transaction.atomic(using=db, savepoint=False):\n"
    "                    for obj in queryset:\n"
    "                        obj.delete()\n"
)
_SETS = (
    "            objs = tuple(objs)\n"
    "\n"
    "            db = router.db_for_write(self.model, instance=self.instance)\n"
    "            with transaction.atomic(using=db, savepoint=False):\n"
)
_FOUND = "sub_objs = field.bulk_related_objects(new_objs, self.using)\n"

FAULTS = [
    DjangoFault(
        "generic.add-in-bulk-is-silent",
        "add() saves, too.",
        GENERIC,
        {_BULK: "                for obj in objs:\n                    obj.save()\n" + _BULK},
    ),
    DjangoFault(
        "generic.add-one-by-one",
        "New instances are inserted at once.",
        GENERIC,
        {
            _ONE_BY_ONE: (
                "                for obj in objs:\n"
                "                    check_and_update_obj(obj)\n"
                "                self.model._base_manager.using(db).bulk_create(objs)\n"
            )
        },
    ),
    DjangoFault(
        "generic.add-one-by-one",
        "The owner is set after the save.",
        GENERIC,
        {
            _ONE_BY_ONE: (
                "                with transaction.atomic(using=db, savepoint=False):\n"
                "                    for obj in objs:\n"
                "                        obj.content_type, obj.object_id = self.content_type, 0\n"
                "                        obj.save()\n"
                "                        check_and_update_obj(obj)\n"
                "                        self.model._base_manager.using(db).filter(pk=obj.pk).update(\n"
                "                            object_id=self.pk_val)\n"
            )
        },
    ),
    DjangoFault(
        "generic.creates",
        "create() inserts in bulk.",
        GENERIC,
        {_CREATE: "            return super().using(db).bulk_create([self.model(**kwargs)])[0]\n"},
    ),
    DjangoFault(
        "generic.removing-deletes",
        "What is removed at once is deleted silently.",
        GENERIC,
        {_DELETES: "                queryset._raw_delete(db)\n"},
    ),
    DjangoFault(
        "generic.removing-deletes",
        "What is removed one by one is deleted silently.",
        GENERIC,
        {
            "                        obj.delete()\n": "                        queryset.filter(pk=obj.pk)._raw_delete(db)\n"
        },
    ),
    DjangoFault(
        "generic.removing-deletes",
        "set() deletes all and adds again.",
        GENERIC,
        {
            "                    old_objs = set(self.using(db).all())\n": (
                "                    old_objs = set(self.using(db).all())\n                    self.clear()\n"
            )
        },
    ),
    DjangoFault("generic.one-transaction", "add() saves in no transaction.", GENERIC, {_ONE_BY_ONE: _WITHOUT}),
    DjangoFault(
        "generic.raising-rolls-back",
        "clear() deletes one by one, each by itself.",
        GENERIC,
        {_EACH: "                for obj in queryset:\n                    obj.delete()\n"},
    ),
    DjangoFault(
        "generic.raising-rolls-back",
        "add() swallows what receivers raise.",
        GENERIC,
        {
            _ONE_BY_ONE: _ONE_BY_ONE.replace(
                "                        obj.save()\n",
                (
                    "                        try:\n"
                    "                            obj.save()\n"
                    "                        except ArithmeticError:\n"
                    "                            pass\n"
                ),
            )
        },
    ),
    DjangoFault(
        "generic.cascade",
        "What refers by a generic relation stays.",
        DELETION,
        {_FOUND: _FOUND + "                continue\n"},
    ),
    DjangoFault(
        "generic.cascade",
        "What refers by a generic relation is deleted at once, and silently.",
        DELETION,
        {_FOUND: _FOUND + "                sub_objs._raw_delete(self.using)\n"},
    ),
    DjangoFault(
        "generic.database",
        "A cascade looks in the default database.",
        DELETION,
        {_FOUND: _FOUND.replace(", self.using", "")},
    ),
    DjangoFault(
        "generic.router-decides",
        "create() writes to the database of the owner.",
        GENERIC,
        {_CREATE: _CREATE.replace("using(db)", "using(self.instance._state.db)")},
    ),
    DjangoFault(
        "generic.cascade-from-children",
        "A relation that is inherited does not cascade.",
        DELETION,
        {
            '            if hasattr(field, "bulk_related_objects"):\n': (
                '            if hasattr(field, "bulk_related_objects") and not getattr(field, "mti_inherited", False):\n'
            )
        },
    ),
    DjangoFault(
        "generic.cascade-finds-hidden-rows",
        "A cascade asks the default manager.",
        GENERIC,
        {
            "        return self.remote_field.model._base_manager.db_manager(using).filter(": "        return self.remote_field.model._default_manager.db_manager(using).filter("
        },
    ),
    DjangoFault(
        "generic.unsaved-is-refused",
        "What a generic foreign key refers to is not looked at.",
        BASE,
        {"                if obj and not obj._is_pk_set():\n": "                if False:\n"},
    ),
    DjangoFault(
        "generic.prefetched-is-forgotten",
        "create() keeps what was prefetched.",
        GENERIC,
        {
            "        def create(self, **kwargs):\n            self._remove_prefetched_objects()\n": (
                "        def create(self, **kwargs):\n"
            )
        },
    ),
]

"""Faults of the chapter delete."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import BASE, DELETION, QUERY

_SENDS = (
    "                    signals.{name}.send(\n"
    "                        sender=model,\n"
    "                        instance=obj,\n"
)
_PRE = _SENDS.format(name="pre_delete")
_POST = (
    "                        signals.post_delete.send(\n"
    "                            sender=model,\n"
    "                            instance=obj,\n"
)
_ATOMIC = (
    "        with transaction.atomic(using=self.using, savepoint=False):\n            # send pre_delete signals\n"
)
_PRE_LOOP = (
    "            for model, obj in self.instances_with_model():\n                if not model._meta.auto_created:\n"
)
_COUNT = "                count = query.delete_batch(pk_list, self.using)\n"
_POST_LOOP = "                if not model._meta.auto_created:\n                    for obj in instances:\n"
_KEYS = "                setattr(instance, model._meta.pk.attname, None)\n        return sum("
_ORIGIN = "                            using=self.using,\n                            origin=self.origin,\n"
_PRE_ORIGIN = (
    "                        using=self.using,\n"
    "                        origin=self.origin,\n"
    "                    )\n"
    "\n"
    "            # fast deletes"
)
_LISTENS = """\
        return signals.pre_delete.has_listeners(
            model
        ) or signals.post_delete.has_listeners(model)
"""
_COLLECT = "        collector = Collector(using=using, origin=self)\n"
_SORT = '            self.data[model] = sorted(instances, key=attrgetter("pk"))\n'
_DELETE = "    def delete(self):\n        # sort instance collections\n"
_REVERSE = "            # reverse instance collections\n"


def _in_pre(new: str) -> dict[str, str]:
    return {_PRE: _PRE + new}


FAULTS = [
    DjangoFault(
        "delete.keys", "pre_delete passes raw, too.", DELETION, _in_pre("                        raw=False,\n")
    ),
    DjangoFault(
        "delete.keys-and-origin",
        "pre_delete passes no origin.",
        DELETION,
        {_PRE_ORIGIN: _PRE_ORIGIN.replace("                        origin=self.origin,\n", "")},
    ),
    DjangoFault(
        "delete.keys-and-origin",
        "post_delete passes the key, too.",
        DELETION,
        {_POST: _POST + "                            pk=obj.pk,\n"},
    ),
    DjangoFault(
        "delete.pre-then-sql-then-post",
        "post_delete comes before the SQL.",
        DELETION,
        {
            _COUNT: (
                "                if not model._meta.auto_created:\n"
                "                    for obj in instances:\n"
                "                        signals.post_delete.send(sender=model, instance=obj, "
                "using=self.using, origin=self.origin)\n"
            )
            + _COUNT,
            (
                "                if count:\n"
                "                    deleted_counter[model._meta.label] += count\n"
                "\n"
                "                if not model._meta.auto_created:\n"
            ): (
                "                if count:\n"
                "                    deleted_counter[model._meta.label] += count\n"
                "\n"
                "                if False:\n"
            ),
        },
    ),
    DjangoFault(
        "delete.database-at-each-moment",
        "pre_delete comes after the SQL.",
        DELETION,
        {
            _PRE_LOOP: (
                "            if len(self.data) == 1:\n"
                "                sql.DeleteQuery(model).delete_batch([o.pk for _, o in "
                "self.instances_with_model()], self.using)\n"
            )
            + _PRE_LOOP
        },
    ),
    DjangoFault(
        "delete.cascade-order",
        "All rows are deleted before any post_delete.",
        DELETION,
        {
            _REVERSE: (
                "            for model, instances in self.data.items():\n"
                "                sql.DeleteQuery(model).delete_batch([obj.pk for obj in instances], "
                "self.using)\n"
            )
            + _REVERSE
        },
    ),
    DjangoFault(
        "delete.children-first",
        "pre_delete goes from parents to children.",
        DELETION,
        {
            "            for model, obj in self.instances_with_model():\n": "            for model, obj in reversed(list(self.instances_with_model())):\n"
        },
    ),
    DjangoFault(
        "delete.all-before-any",
        "pre_delete comes in the reverse order of the keys.",
        DELETION,
        {_SORT: _SORT.replace('key=attrgetter("pk")', 'key=attrgetter("pk"), reverse=True')},
    ),
    DjangoFault(
        "delete.all-before-any",
        "Rows are deleted one by one.",
        QUERY,
        {
            ("        del_query = self._chain()\n\n        # The delete is"): (
                "        if self.count() > 1:\n"
                "            for one in self:\n"
                "                one.delete()\n"
                "            return 0, {}\n"
                "        del_query = self._chain()\n"
                "\n"
                "        # The delete is"
            )
        },
    ),
    DjangoFault(
        "delete.instance-is-the-callers",
        "delete() loads the row anew.",
        BASE,
        {
            "        collector.collect([self], keep_parents=keep_parents)\n": "        collector.collect([type(self)._base_manager.using(using).filter(pk=self.pk).first() or self], keep_parents=keep_parents)\n"
        },
    ),
    DjangoFault(
        "delete.queryset-instances-are-fresh",
        "What the queryset has loaded is deleted.",
        QUERY,
        {"        collector.collect(del_query)\n": "        collector.collect(self._result_cache or del_query)\n"},
    ),
    DjangoFault(
        "delete.key-while-deleting",
        "The key is gone in post_delete.",
        DELETION,
        {_POST_LOOP: _POST_LOOP + "                        setattr(obj, model._meta.pk.attname, None)\n"},
    ),
    DjangoFault(
        "delete.key-while-deleting", "The key stays.", DELETION, {_KEYS: "                pass\n        return sum("}
    ),
    DjangoFault(
        "delete.key-when-committed",
        "The key is taken away inside the transaction.",
        DELETION,
        {
            (
                "        for model, instances in self.data.items():\n"
                "            for instance in instances:\n"
                "                setattr(instance"
            ): (
                "            for model, instances in self.data.items():\n"
                "              for instance in instances:\n"
                "                setattr(instance"
            )
        },
    ),
    DjangoFault(
        "delete.cascaded-instances-have-all-fields",
        "Cascades always load what they need alone.",
        DELETION,
        {"                    or self._has_signal_listeners(related_model)\n": ""},
    ),
    DjangoFault(
        "delete.queryset-instances-have-all-fields",
        "Querysets load keys alone.",
        QUERY,
        {"        collector.collect(del_query)\n": "        collector.collect(del_query.only('pk'))\n"},
    ),
    DjangoFault(
        "delete.origin-is-the-instance",
        "The origin is each instance.",
        DELETION,
        {_PRE_ORIGIN: _PRE_ORIGIN.replace("self.origin", "obj")},
    ),
    DjangoFault(
        "delete.origin-is-the-instance",
        "The origin is the class.",
        BASE,
        {_COLLECT: _COLLECT.replace("origin=self", "origin=type(self)")},
    ),
    DjangoFault(
        "delete.origin-is-the-queryset",
        "The origin is the manager.",
        QUERY,
        {"origin=self)": "origin=self.model._default_manager)"},
    ),
    DjangoFault(
        "delete.parents-too",
        "Parents' rows are deleted silently.",
        DELETION,
        {
            _PRE_LOOP: _PRE_LOOP.replace(
                "if not model._meta.auto_created:",
                "if not model._meta.auto_created and not any(model in m._meta.parents for m in self.data):",
            ),
            _POST_LOOP: _POST_LOOP.replace(
                "if not model._meta.auto_created:",
                "if not model._meta.auto_created and not any(model in m._meta.parents for m in self.data):",
            ),
        },
    ),
    DjangoFault(
        "delete.children-too",
        "Children's rows are deleted silently.",
        DELETION,
        {
            _PRE_LOOP: _PRE_LOOP.replace(
                "if not model._meta.auto_created:",
                "if not model._meta.auto_created and not any(p in self.data for p in model._meta.parents):",
            )
        },
    ),
    DjangoFault(
        "delete.keeping-parents",
        "keep_parents sends for the parents.",
        DELETION,
        {
            "        if not keep_parents:\n": (
                "        if keep_parents:\n"
                "            for parent in model._meta.parents:\n"
                "                for obj in new_objs:\n"
                "                    signals.pre_delete.send(sender=parent, instance=obj, "
                "using=self.using, origin=self.origin)\n"
                "        if not keep_parents:\n"
            )
        },
    ),
    DjangoFault(
        "delete.proxy",
        "A proxy sends for the model behind it.",
        DELETION,
        {_PRE: _PRE.replace("sender=model", "sender=model._meta.concrete_model")},
    ),
    DjangoFault(
        "delete.set-null-is-silent",
        "SET_NULL saves each row.",
        DELETION,
        {
            ("                if updates:\n                    combined_updates = "): (
                "                from django.db.models.signals import post_save\n"
                "                for each in [o for some in updates for o in some]:\n"
                "                    post_save.send(sender=type(each), instance=each, created=False, "
                "raw=False, using=self.using, update_fields=None)\n"
                "                if updates:\n"
                "                    combined_updates = "
            )
        },
    ),
    DjangoFault(
        "delete.protected",
        "Protection comes after pre_delete.",
        DELETION,
        {
            ("        if protected_objects:\n            raise ProtectedError("): (
                "        if protected_objects:\n"
                "            for obj in new_objs:\n"
                "                signals.pre_delete.send(sender=model, instance=obj, using=self.using, "
                "origin=self.origin)\n"
                "            raise ProtectedError("
            )
        },
    ),
    DjangoFault(
        "delete.unsaved-is-refused",
        "Unsaved instances are ignored.",
        BASE,
        {
            ("            raise ValueError(\n                \"%s object can't be deleted because"): (
                "            return\n"
                "            raise ValueError(\n"
                "                \"%s object can't be deleted because"
            )
        },
    ),
    DjangoFault(
        "delete.missing-row",
        "A missing row is not sent for.",
        BASE,
        {
            _COLLECT: (
                "        if not type(self)._base_manager.using(using).filter(pk=self.pk).exists():\n"
                "            return 0, {}\n"
            )
            + _COLLECT
        },
    ),
    DjangoFault(
        "delete.queryset-of-nothing",
        "An empty queryset sends once.",
        QUERY,
        {
            "        collector.collect(del_query)\n": (
                "        collector.collect(del_query)\n"
                "        if not del_query:\n"
                "            from django.db.models.signals import pre_delete\n"
                "            pre_delete.send(sender=self.model, instance=None, using=self.db, "
                "origin=self)\n"
            )
        },
    ),
    DjangoFault(
        "delete.slices-are-refused",
        "Slices are deleted.",
        QUERY,
        {
            "            raise TypeError(\"Cannot use 'limit' or 'offset' with delete().\")\n": (
                "            return self.model._base_manager.filter(pk__in=[each.pk for each in self]).delete()\n"
            )
        },
    ),
    DjangoFault(
        "delete.raw-delete-is-silent",
        "Each DELETE sends.",
        "django.db.backends.utils",
        {
            ("        with self.db.wrap_database_errors:\n            if params is None:\n"): (
                "        if sql.startswith('DELETE FROM library_note'):\n"
                "            import django.apps as known\n"
                "            from django.db.models.signals import pre_delete\n"
                "            pre_delete.send(sender=known.apps.get_model('library.note'), instance=None, "
                "using='default')\n"
                "        with self.db.wrap_database_errors:\n"
                "            if params is None:\n"
            )
        },
    ),
    DjangoFault("delete.one-transaction", "Each statement commits.", DELETION, {_ATOMIC: "        if True:\n"}),
    DjangoFault(
        "delete.pre-raises",
        "Exceptions of pre_delete are dropped.",
        DELETION,
        {"                    signals.pre_delete.send(\n": "                    signals.pre_delete.send_robust(\n"},
    ),
    DjangoFault(
        "delete.pre-raises",
        "The key is taken away before.",
        DELETION,
        {
            _DELETE: _DELETE.replace(
                "        # sort",
                (
                    "        keys = [(o, o.pk) for o in self.data and [o for some in self.data.values() for "
                    "o in some]]\n"
                    "        # sort"
                ),
            ),
            _PRE: ("                    key, obj.pk = obj.pk, None\n                    obj.pk = None\n") + _PRE,
            _PRE_ORIGIN: _PRE_ORIGIN.replace(
                "                    )\n\n", ("                    )\n                    obj.pk = key\n\n")
            ),
        },
    ),
    DjangoFault("delete.post-raises", "Each statement commits.", DELETION, {_ATOMIC: "        if True:\n"}),
    DjangoFault(
        "delete.many-to-many-is-silent",
        "Deleting clears the relations first.",
        BASE,
        {
            _COLLECT: (
                "        for each in self._meta.many_to_many:\n"
                "            if each.remote_field.through._meta.auto_created:\n"
                "                getattr(self, each.name).clear()\n"
            )
            + _COLLECT
        },
    ),
    DjangoFault(
        "delete.automatic-through-is-silent",
        "Automatic through models send.",
        DELETION,
        {_PRE_LOOP: _PRE_LOOP.replace("if not model._meta.auto_created:", "if True:")},
    ),
    DjangoFault(
        "delete.explicit-through-is-a-model",
        "Models with two foreign keys are silent.",
        DELETION,
        {
            _PRE_LOOP: _PRE_LOOP.replace(
                "if not model._meta.auto_created:",
                ("if not model._meta.auto_created and len([f for f in model._meta.fields if f.many_to_one]) < 2:"),
            )
        },
    ),
    DjangoFault(
        "delete.related-delete",
        "Filtered querysets delete silently.",
        QUERY,
        {
            "        collector = Collector(using=del_query.db, origin=self)\n": (
                "        if self._known_related_objects:\n"
                "            return self._raw_delete(self.db), {}\n"
                "        collector = Collector(using=del_query.db, origin=self)\n"
            )
        },
    ),
    DjangoFault(
        "delete.using",
        "using is always the default.",
        DELETION,
        {_ORIGIN: _ORIGIN.replace("using=self.using", "using='default'")},
    ),
    DjangoFault(
        "delete.one-listener-is-enough",
        "Only receivers of pre_delete count.",
        DELETION,
        {_LISTENS: "        return signals.pre_delete.has_listeners(model)\n"},
    ),
    DjangoFault(
        "delete.one-listener-is-enough",
        "Only receivers for all senders count.",
        DELETION,
        {
            _LISTENS: _LISTENS.replace(("\n            model\n        )"), ("\n            None\n        )")).replace(
                "has_listeners(model)", "has_listeners(None)"
            )
        },
    ),
    DjangoFault(
        "delete.counts-the-same",
        "What is listened to is not counted.",
        DELETION,
        {
            (
                "                if count:\n"
                "                    deleted_counter[model._meta.label] += count\n"
                "\n"
                "                if not"
            ): (
                "                if count and not self._has_signal_listeners(model):\n"
                "                    deleted_counter[model._meta.label] += count\n"
                "\n"
                "                if not"
            )
        },
    ),
    DjangoFault(
        "delete.saving-again",
        "A row that came back is deleted again.",
        DELETION,
        {
            (
                "        for model, instances in self.data.items():\n"
                "            for instance in instances:\n"
                "                setattr(instance"
            ): (
                "        for model, instances in self.data.items():\n"
                "            sql.DeleteQuery(model).delete_batch([o.pk for o in instances], self.using)\n"
                "            for instance in instances:\n"
                "                setattr(instance"
            )
        },
    ),
    DjangoFault(
        "delete.deleting-others",
        "Deletes inside of deletes are silent.",
        DELETION,
        {
            _PRE_LOOP: (
                "            nested, Collector.busy = getattr(Collector, 'busy', False), True\n"
                "            for model, obj in self.instances_with_model():\n"
                "                if not nested and not model._meta.auto_created:\n"
            ),
            _REVERSE: "            Collector.busy = nested\n" + _REVERSE,
        },
    ),
    DjangoFault(
        "delete.connected-meanwhile",
        "Who listens to post_delete is asked before.",
        DELETION,
        {
            _PRE_LOOP: (
                "            listened = {model: signals.post_delete.has_listeners(model) for model in self.data}\n"
            )
            + _PRE_LOOP,
            _POST_LOOP: _POST_LOOP.replace("if not model", "if listened[model] and not model"),
        },
    ),
    DjangoFault(
        "delete.related-is-still-there-before",
        "Rows that refer are deleted before pre_delete.",
        DELETION,
        {
            _PRE_LOOP: (
                "            if len(self.data) > 1:\n"
                "                first = next(iter(self.data))\n"
                "                sql.DeleteQuery(first).delete_batch([o.pk for o in self.data[first]], "
                "self.using)\n"
                "            for qs in self.fast_deletes:\n"
                "                qs._raw_delete(using=self.using)\n"
            )
            + _PRE_LOOP
        },
    ),
    DjangoFault(
        "delete.related-is-gone-after",
        "Fast deletes come last.",
        DELETION,
        {
            (
                "            for qs in self.fast_deletes:\n                count"
            ): "            for qs in ():\n                count",
            (
                "        for model, instances in self.data.items():\n"
                "            for instance in instances:\n"
                "                setattr(instance"
            ): (
                "            for qs in self.fast_deletes:\n"
                "                qs._raw_delete(using=self.using)\n"
                "        for model, instances in self.data.items():\n"
                "            for instance in instances:\n"
                "                setattr(instance"
            ),
        },
    ),
    DjangoFault(
        "delete.caught-exceptions-spoil-the-transaction",
        "A delete has a savepoint.",
        DELETION,
        {_ATOMIC: _ATOMIC.replace(", savepoint=False", "")},
    ),
    DjangoFault(
        "delete.moved-is-not-set-to-null",
        "What to set to null is found before.",
        DELETION,
        {
            "def SET_NULL(collector, field, sub_objs, using):\n": (
                "def SET_NULL(collector, field, sub_objs, using):\n    len(sub_objs)\n"
            )
        },
    ),
    DjangoFault(
        "delete.change-before-is-seen-after",
        "post_delete passes a copy without additions.",
        DELETION,
        {
            _POST: _POST.replace(
                "instance=obj",
                (
                    "instance=model.from_db(self.using, [f.attname for f in model._meta.concrete_fields], "
                    "[getattr(obj, f.attname) for f in model._meta.concrete_fields])"
                ),
            )
        },
    ),
    DjangoFault(
        "delete.writes-come-last",
        "What can be deleted without loading is deleted first.",
        DELETION,
        {
            "            # send pre_delete signals\n": (
                "            for qs in self.fast_deletes:\n                qs._raw_delete(using=self.using)\n"
            )
        },
    ),
    DjangoFault(
        "delete.writes-come-last",
        "Foreign keys are set to null first.",
        DELETION,
        {
            "            # send pre_delete signals\n": (
                "            for (field, value), some in self.field_updates.items():\n"
                "                for objs in some:\n"
                "                    keys = [obj.pk for obj in objs]\n"
                "                    field.model._base_manager.using(self.using).filter(pk__in=keys).update(\n"
                "                        **{field.name: value})\n"
            )
        },
    ),
    DjangoFault(
        "delete.origin-is-the-callers",
        "The origin is a copy of the queryset.",
        QUERY,
        {"origin=self)": "origin=self.all())"},
    ),
    DjangoFault(
        "delete.origin-is-the-callers",
        "The origin is a copy of the instance.",
        BASE,
        {_COLLECT: _COLLECT.replace("origin=self", "origin=__import__('copy').copy(self)")},
    ),
    DjangoFault(
        "delete.router-decides",
        "An instance is deleted where it came from.",
        BASE,
        {_COLLECT: "        using = self._state.db or using\n" + _COLLECT},
    ),
    DjangoFault(
        "delete.router-decides",
        "A queryset is deleted where it reads.",
        QUERY,
        {"        del_query._for_write = True\n": ""},
    ),
    DjangoFault(
        "delete.parents-too",
        "A parent of a parent stays.",
        DELETION,
        {
            "            for ptr in concrete_model._meta.parents.values():\n                if ptr:": (
                "            for ptr in concrete_model._meta.parents.values():\n                if ptr and (source is None or collect_related):"
            )
        },
    ),
    DjangoFault(
        "delete.keeping-parents-keeps-what-refers-to-them",
        "What refers to a parent of a parent is deleted.",
        DELETION,
        {"in model._meta.all_parents\n": "in model._meta.parents\n"},
    ),
    DjangoFault(
        "delete.keeping-parents-keeps-what-refers-to-their-proxies",
        "What refers to a proxy of a parent is deleted.",
        DELETION,
        {"related.model._meta.concrete_model in model._meta.all_parents": "related.model in model._meta.all_parents"},
    ),
    DjangoFault(
        "delete.by-the-database-is-silent",
        "What the database would delete is collected if anybody listens.",
        DELETION,
        {
            "                if self.force_collection and (\n": (
                "                if (self.force_collection or self._has_signal_listeners(related.related_model)) and (\n"
            )
        },
    ),
    DjangoFault(
        "delete.hidden-rows-too",
        "A cascade asks the default manager.",
        DELETION,
        {
            "related_model._base_manager.using(self.using).filter(predicate)": "related_model._default_manager.using(self.using).filter(predicate)"
        },
    ),
    DjangoFault(
        "delete.values-and-unions-are-refused",
        "delete() after union() deletes.",
        QUERY,
        {'        self._not_support_combined_queries("delete")\n': ""},
    ),
    DjangoFault(
        "delete.children-too",
        "What refers to a proxy stays.",
        DELETION,
        {
            "        if f.auto_created and not f.concrete and (f.one_to_one or f.one_to_many)\n": (
                "        if f.auto_created and not f.concrete and (f.one_to_one or f.one_to_many) and not f.model._meta.proxy\n"
            )
        },
    ),
]

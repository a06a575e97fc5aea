"""Faults of the chapter asave."""

from __future__ import annotations

from planting import DjangoFault

from faults.models import BASE, DISPATCHER, GENERIC, QUERY, RELATED

_ASAVE = "        return await sync_to_async(self.save)(\n"
_ACREATE = "        return await sync_to_async(self.create)(**kwargs)\n"
_UPDATE = "        return await sync_to_async(self.update)(**kwargs)\n"
_ADELETE = "        return await sync_to_async(self.delete)()\n"
_SENT = "            responses.extend(async_to_sync(asend)())\n        return responses\n\n    async def asend("

FAULTS = [
    DjangoFault(
        "asave.queryset-methods-send",
        "acreate() writes in bulk.",
        QUERY,
        {_ACREATE: "        return (await sync_to_async(self.bulk_create)([self.model(**kwargs)]))[0]\n"},
    ),
    DjangoFault(
        "asave.bulk-methods-are-silent",
        "aupdate() saves each.",
        QUERY,
        {
            _UPDATE: (
                "        return [[setattr(each, k, v) for k, v in kwargs.items()] and await each.asave() "
                "async for each in self] and 0\n"
            )
        },
    ),
    DjangoFault(
        "asave.save-and-delete",
        "adelete() deletes by a query.",
        BASE,
        {
            "        return await sync_to_async(self.delete)(\n": (
                "        return await "
                "sync_to_async(type(self)._base_manager.filter(pk=self.pk)._raw_delete)('default')\n"
                "        return await sync_to_async(self.delete)(\n"
            )
        },
    ),
    DjangoFault(
        "asave.same-arguments",
        "asave() drops update_fields.",
        BASE,
        {
            _ASAVE
            + (
                "            force_insert=force_insert,\n"
                "            force_update=force_update,\n"
                "            using=using,\n"
                "            update_fields=update_fields,\n"
            ): _ASAVE
            + (
                "            force_insert=force_insert,\n"
                "            force_update=force_update,\n"
                "            using=using,\n"
            )
        },
    ),
    DjangoFault(
        "asave.queryset-deletes",
        "adelete() deletes without signals.",
        QUERY,
        {_ADELETE: "        return await sync_to_async(self._raw_delete)(self.db), {}\n"},
    ),
    DjangoFault(
        "asave.many-to-many",
        "aclear() deletes the rows itself.",
        RELATED,
        {
            (
                "            return await sync_to_async(self.remove)(*objs)\n"
                "\n"
                "        aremove.alters_data = True\n"
                "\n"
                "        def "
            ): ("            return None\n\n        aremove.alters_data = True\n\n        def ")
        },
    ),
    DjangoFault(
        "asave.not-in-the-callers-thread",
        "asave() saves at once.",
        BASE,
        {
            _ASAVE: (
                "        import os\n"
                "        os.environ['DJANGO_ALLOW_ASYNC_UNSAFE'] = '1'\n"
                "        return self.save(\n"
            )
        },
    ),
    DjangoFault(
        "asave.in-the-main-thread-of-async-to-sync",
        "asave() always takes another thread.",
        BASE,
        {
            _ASAVE: (
                "        import asyncio, functools\n"
                "        return await asyncio.get_running_loop().run_in_executor(None, "
                "functools.partial(self.save,\n"
            ),
            (
                "            using=using,\n"
                "            update_fields=update_fields,\n"
                "        )\n"
                "\n"
                "    asave.alters_data"
            ): (
                "            using=using,\n"
                "            update_fields=update_fields,\n"
                "        ))\n"
                "\n"
                "    asave.alters_data"
            ),
        },
    ),
    DjangoFault(
        "asave.raising",
        "asave() drops exceptions.",
        BASE,
        {
            "    async def asave(\n": (
                "    async def asave(self, **named):\n"
                "        try:\n"
                "            return await self._asave(**named)\n"
                "        except Exception:\n"
                "            return None\n"
                "\n"
                "    async def _asave(\n"
            )
        },
    ),
    DjangoFault(
        "asave.coroutine-receivers",
        "Coroutine functions are not awaited.",
        DISPATCHER,
        {_SENT: ("            pass\n        return responses\n\n    async def asend(")},
    ),
    DjangoFault(
        "asave.coroutines-come-last",
        "Coroutine functions come first.",
        DISPATCHER,
        {
            (
                "        responses = []\n"
                "        sync_receivers, async_receivers = self._live_receivers(sender)\n"
                "        for receiver in sync_receivers:\n"
                "            response = receiver(signal=self, sender=sender, **named)\n"
                "            responses.append((receiver, response))\n"
                "        if async_receivers:\n"
                "\n"
                "            async def asend():\n"
            ): (
                "        responses = []\n"
                "        sync_receivers, async_receivers = self._live_receivers(sender)\n"
                "        for receiver in async_receivers:\n"
                "            async_to_sync(receiver)(signal=self, sender=sender, **named)\n"
                "        async_receivers = []\n"
                "        for receiver in sync_receivers:\n"
                "            response = receiver(signal=self, sender=sender, **named)\n"
                "            responses.append((receiver, response))\n"
                "        if async_receivers:\n"
                "\n"
                "            async def asend():\n"
            )
        },
    ),
    DjangoFault(
        "asave.coroutines-that-raise",
        "Exceptions of coroutine functions are dropped.",
        DISPATCHER,
        {
            _SENT: (
                "            try:\n"
                "                async_responses = async_to_sync(asend)()\n"
                "            except Exception:\n"
                "                async_responses = []\n"
                "            responses.extend(async_responses)\n"
                "        return responses\n"
                "\n"
                "    async def asend("
            )
        },
    ),
    DjangoFault(
        "asave.coroutines-may-query",
        "Coroutine functions query in another thread.",
        DISPATCHER,
        {
            _SENT: (
                "            from concurrent.futures import ThreadPoolExecutor\n"
                "            with ThreadPoolExecutor(1) as pool:\n"
                "                responses.extend(pool.submit(asyncio.run, asend()).result())\n"
                "        return responses\n"
                "\n"
                "    async def asend("
            )
        },
    ),
    DjangoFault(
        "asave.coroutines-in-the-callers-loop",
        "Coroutine functions get a loop of their own.",
        DISPATCHER,
        {
            _SENT: (
                "            loop = asyncio.new_event_loop()\n"
                "            responses.extend(loop.run_until_complete(asend()))\n"
                "            loop.close()\n"
                "        return responses\n"
                "\n"
                "    async def asend("
            )
        },
    ),
    DjangoFault(
        "asave.coroutines-share-the-transaction",
        "Coroutine functions run in a thread of their own.",
        DISPATCHER,
        {
            _SENT: (
                "            import threading\n"
                "            thread = threading.Thread(target=lambda: asyncio.run(asend()))\n"
                "            thread.start()\n"
                "            thread.join()\n"
                "        return responses\n"
                "\n"
                "    async def asend("
            )
        },
    ),
    DjangoFault(
        "asave.instance-options",
        "adelete() deletes parents, too.",
        BASE,
        {"            keep_parents=keep_parents,\n        )\n\n    adelete": "        )\n\n    adelete"},
    ),
    DjangoFault(
        "asave.instance-options",
        "adelete() drops the database.",
        BASE,
        {"sync_to_async(self.delete)(\n            using=using,\n": "sync_to_async(self.delete)(\n"},
    ),
    DjangoFault(
        "asave.instance-options",
        "asave() forces nothing.",
        BASE,
        {_ASAVE + "            force_insert=force_insert,\n            force_update=force_update,\n": _ASAVE},
    ),
    DjangoFault(
        "asave.queryset-options",
        "aget_or_create() drops the defaults.",
        QUERY,
        {
            (
                "        return await sync_to_async(self.get_or_create)(\n            defaults=defaults,\n"
            ): "        return await sync_to_async(self.get_or_create)(\n"
        },
    ),
    DjangoFault(
        "asave.queryset-options",
        "abulk_create() ignores no conflicts.",
        QUERY,
        {
            "            ignore_conflicts=ignore_conflicts,\n            update_conflicts=update_conflicts,\n            update_fields=update_fields,\n            unique_fields=unique_fields,\n        )\n\n    abulk": "        )\n\n    abulk"
        },
    ),
    DjangoFault(
        "asave.create-defaults",
        "aupdate_or_create() makes instances with the defaults.",
        QUERY,
        {
            "            create_defaults=create_defaults,\n            **kwargs,\n        )\n\n    aupdate": (
                "            **kwargs,\n        )\n\n    aupdate"
            )
        },
    ),
    DjangoFault(
        "asave.many-to-many-options",
        "aset() clears nothing.",
        RELATED,
        {"objs=objs, clear=clear, through_defaults=through_defaults": "objs=objs, through_defaults=through_defaults"},
    ),
    DjangoFault(
        "asave.many-to-many-options",
        "aadd() drops through_defaults.",
        RELATED,
        {
            "            return await sync_to_async(self.add)(\n                *objs, through_defaults=through_defaults\n": (
                "            return await sync_to_async(self.add)(\n                *objs\n"
            )
        },
    ),
    DjangoFault(
        "asave.related-options",
        "aadd() always uses update().",
        RELATED,
        {
            "            return await sync_to_async(self.add)(*objs, bulk=bulk)\n": (
                "            return await sync_to_async(self.add)(*objs)\n"
            )
        },
    ),
    DjangoFault(
        "asave.related-options",
        "aset() changes only the difference.",
        RELATED,
        {"(objs=objs, bulk=bulk, clear=clear)": "(objs=objs, bulk=bulk)"},
    ),
    DjangoFault(
        "asave.generic-options",
        "aset() of a generic relation clears nothing.",
        GENERIC,
        {"(objs, bulk=bulk, clear=clear)": "(objs, bulk=bulk)"},
    ),
    DjangoFault(
        "asave.generic-options",
        "aget_or_create() of a generic relation creates alone.",
        GENERIC,
        {"sync_to_async(self.get_or_create)": "sync_to_async(self.create)"},
    ),
]

"""What learners hand in for the exercise: right projects of different design, and the typical wrong ones."""

from __future__ import annotations

from typing import NamedTuple

Files = dict[str, str]
"""The text of each file that is not as the exercise begins."""

SIGNALS = """
from django.dispatch import Signal

todo_done = Signal()
todo_undone = Signal()
"""

READY = """
from django.apps import AppConfig


class TodosConfig(AppConfig):
    name = "todos"

    def ready(self):
        from todos import receivers
"""

RECEIVERS = """
import logging

from django.dispatch import receiver

from todos.models import Todo
from todos.signals import todo_done, todo_undone

logger = logging.getLogger(__name__)


@receiver(todo_done, sender=Todo)
def log_done(sender, todo, **kwargs):
    logger.info("Done: %s", todo.title)


@receiver(todo_undone, sender=Todo)
def log_undone(sender, todo, **kwargs):
    logger.info("Open again: %s", todo.title)
"""

MODELS = """
from django.db import models

from todos.signals import todo_done, todo_undone


class Todo(models.Model):
    title = models.CharField(max_length=200)
    done = models.BooleanField(default=False)

    def set_done(self, done):
        if self.done is done:
            return
        self.done = done
        self.save()
        (todo_done if done else todo_undone).send(sender=Todo, todo=self)
"""

VIEWS = """
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from todos.models import Todo


def as_data(todo):
    return {"id": todo.pk, "title": todo.title, "done": todo.done}


def todos(request):
    if request.method == "POST":
        return JsonResponse(as_data(Todo.objects.create(title=request.POST["title"])), status=201)
    return JsonResponse({"todos": [as_data(todo) for todo in Todo.objects.order_by("pk")]})


@require_POST
def done(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todo.set_done(True)
    return JsonResponse(as_data(todo))


@require_POST
def undone(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todo.set_done(False)
    return JsonResponse(as_data(todo))


@require_POST
def rename(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todo.title = request.POST["title"]
    todo.save()
    return JsonResponse(as_data(todo))


@require_POST
def all_done(request):
    for todo in Todo.objects.filter(done=False):
        todo.set_done(True)
    return JsonResponse({})
"""

METHOD: Files = {
    "todos/signals.py": SIGNALS,
    "todos/apps.py": READY,
    "todos/receivers.py": RECEIVERS,
    "todos/models.py": MODELS,
    "todos/views.py": VIEWS,
}
"""Right: a method of the model sends, receivers are functions of a module that `ready` imports."""

Edit = tuple[str, str, str]


def edited(files: Files, *edits: Edit) -> Files:
    """Return `files` in which each edit has replaced a text, wherever it stands in its file, by another one."""
    changed = dict(files)
    for file, old, new in edits:
        assert old in changed[file], (file, old)
        changed[file] = changed[file].replace(old, new)
    return changed


TRANSITION = "(todo_done if done else todo_undone).send(sender=Todo, todo=self)"
SETTING = "        self.done = done\n        self.save()\n        " + TRANSITION
CHECK = "        if self.done is done:\n            return\n"
PLAIN_VIEWS: Edit = ("todos/views.py", "todo.set_done(True)", "todo.done = True\n    todo.save()")
PLAIN_UNDO: Edit = ("todos/views.py", "todo.set_done(False)", "todo.done = False\n    todo.save()")
PLAIN_ALL: Edit = (
    "todos/views.py",
    "        todo.done = True\n    todo.save()",
    "        todo.done = True\n        todo.save()",
)

CUSTOM_SAVE = edited(
    METHOD,
    PLAIN_VIEWS,
    PLAIN_UNDO,
    PLAIN_ALL,
    (
        "todos/models.py",
        MODELS[MODELS.index("    def set_done") :],
        """
    def save(self, *args, **kwargs):
        was = Todo.objects.filter(pk=self.pk).values_list("done", flat=True).first() or False
        super().save(*args, **kwargs)
        if self.done is not was:
            (todo_done if self.done else todo_undone).send(sender=self.__class__, todo=self)
""",
    ),
)

MODEL_SIGNALS = edited(
    CUSTOM_SAVE,
    ("todos/models.py", CUSTOM_SAVE["todos/models.py"][CUSTOM_SAVE["todos/models.py"].index("    def save") :], ""),
    (
        "todos/receivers.py",
        "logger = ",
        """
from django.db.models.signals import post_init, post_save


@receiver(post_init, sender=Todo)
def remember(instance, **kwargs):
    instance.was_done = instance.done if instance.pk else False


@receiver(post_save, sender=Todo)
def tell(sender, instance, **kwargs):
    was, instance.was_done = instance.was_done, instance.done
    if instance.done is not was:
        (todo_done if instance.done else todo_undone).send_robust(sender, todo=instance)


logger = """,
    ),
)

SERVICE = edited(
    METHOD,
    ("todos/models.py", MODELS[MODELS.index("    def set_done") :], ""),
    ("todos/models.py", "from todos.signals import todo_done, todo_undone\n", ""),
    (
        "todos/views.py",
        "from todos.models import Todo\n",
        "from todos.models import Todo\nfrom todos.services import complete, reopen\n",
    ),
    ("todos/views.py", "todo.set_done(True)", "complete(todo)"),
    ("todos/views.py", "todo.set_done(False)", "reopen(todo)"),
) | {
    "todos/services.py": """
from django.db import transaction

from todos.models import Todo
from todos.signals import todo_done, todo_undone


def _change(todo, done, signal):
    with transaction.atomic():
        changed = Todo.objects.filter(pk=todo.pk, done=not done).update(done=done)
        todo.refresh_from_db()
        if changed:
            transaction.on_commit(lambda: signal.send(sender=Todo, todo=todo))


def complete(todo):
    _change(todo, True, todo_done)


def reopen(todo):
    _change(todo, False, todo_undone)
"""
}

IN_THE_VIEW = edited(
    CUSTOM_SAVE,
    ("todos/models.py", CUSTOM_SAVE["todos/models.py"][CUSTOM_SAVE["todos/models.py"].index("    def save") :], ""),
    (
        "todos/views.py",
        "from todos.models import Todo\n",
        "from todos.models import Todo\nfrom todos.signals import todo_done, todo_undone\n",
    ),
    (
        "todos/views.py",
        "    todo.done = True\n    todo.save()",
        "    was, todo.done = todo.done, True\n    todo.save()\n    was or todo_done.send(Todo, todo=todo)",
    ),
    (
        "todos/views.py",
        "    todo.done = False\n    todo.save()",
        "    was, todo.done = todo.done, False\n    todo.save()\n    was and todo_undone.send(Todo, todo=todo)",
    ),
    (
        "todos/views.py",
        """    for todo in Todo.objects.filter(done=False):
        todo.done = True
        todo.save()
""",
        """    changed = list(Todo.objects.filter(done=False))
    Todo.objects.filter(pk__in=[todo.pk for todo in changed]).update(done=True)
    for todo in changed:
        todo.done = True
        todo_done.send(Todo, todo=todo)
""",
    ),
)

ONE_STRONG_RECEIVER = edited(
    METHOD,
    (
        "todos/apps.py",
        "        from todos import receivers\n",
        """        import logging

        from todos.signals import todo_done, todo_undone

        logger = logging.getLogger("todos")
        for signal, words in ((todo_done, "done"), (todo_undone, "open again")):
            signal.connect(lambda todo, words=words, **kwargs: logger.warning(f"{todo.title}: {words}"), weak=False)
""",
    ),
)
del ONE_STRONG_RECEIVER["todos/receivers.py"]

ASYNCHRONOUS = edited(
    METHOD,
    ("todos/models.py", "    def set_done", "    async def set_done"),
    ("todos/models.py", "self.save()", "await self.asave()"),
    (
        "todos/models.py",
        TRANSITION,
        TRANSITION.replace("(todo_done", "await (todo_done").replace(".send(", ".asend("),
    ),
    ("todos/views.py", "def done(", "async def done("),
    ("todos/views.py", "def undone(", "async def undone("),
    ("todos/views.py", "def all_done(", "async def all_done("),
    ("todos/views.py", "    for todo in", "    async for todo in"),
    ("todos/views.py", "todo.set_done(", "await todo.set_done("),
    (
        "todos/views.py",
        "todo = get_object_or_404(Todo, pk=pk)\n    await",
        "todo = await aget_object_or_404(Todo, pk=pk)\n    await",
    ),
    ("todos/views.py", "import get_object_or_404", "import aget_object_or_404, get_object_or_404"),
    ("todos/receivers.py", "def log_done", "async def log_done"),
)
"""Right where Django has asynchronous receivers, which is from 5.0 on."""

RIGHT: dict[str, Files] = {
    "a method of the model": METHOD,
    "a save of its own": CUSTOM_SAVE,
    "receivers of the model's signals": MODEL_SIGNALS,
    "functions that send after the commit": SERVICE,
    "the views": IN_THE_VIEW,
    "strong lambdas": ONE_STRONG_RECEIVER,
    "asynchronous": ASYNCHRONOUS,
}


class Wrong(NamedTuple):
    """A wrong project, the sentence that helps, and the lesson that it belongs to."""

    files: Files
    sentence: str
    lesson: str


def wrong(sentence: str, lesson: str, *edits: Edit, of: Files = METHOD) -> Wrong:
    """Return the wrong project that `edits` make of a right one."""
    return Wrong(edited(of, *edits), sentence, lesson)


WRONG: dict[str, Wrong] = {
    "nobody imports the receivers": wrong(
        "Nothing is connected to todo_done: connect a receiver in the `ready`",
        "connected",
        ("todos/apps.py", "        from todos import receivers", "        pass"),
    ),
    "sends before it saves": wrong(
        "When todo_done is sent by completing a todo, the database does not have the change yet",
        "after_saving",
        (
            "todos/models.py",
            "        self.save()\n        " + TRANSITION,
            "        " + TRANSITION + "\n        self.save()",
        ),
    ),
    "sends whether or not something changed": wrong(
        "Completing a completed todo again changes no todo, but sends todo_done",
        "only_changes",
        ("todos/models.py", CHECK, ""),
    ),
    "tells of new todos": wrong(
        "Adding a todo changes no todo, but sends todo_undone",
        "only_changes",
        (
            "todos/receivers.py",
            "    if instance.done is not was:\n",
            "    if kwargs['created'] or instance.done is not was:\n",
        ),
        of=MODEL_SIGNALS,
    ),
    "the instance is the sender": wrong(
        "it is to be the class Todo",
        "sender",
        ("todos/models.py", "sender=Todo", "sender=self"),
    ),
    "another name for the argument": wrong(
        "todo_done is sent with item; the todo is to be the argument `todo`.",
        "todo_argument",
        ("todos/models.py", "todo=self", "item=self"),
        ("todos/receivers.py", "todo, **kwargs", "item, **kwargs"),
        ("todos/receivers.py", "todo.title", "item.title"),
    ),
    "another todo": wrong(
        "The argument `todo` of todo_done is <Todo: Todo object (None)>; it is to be the todo itself.",
        "todo_argument",
        ("todos/models.py", "todo=self", "todo=Todo(title=self.title)"),
    ),
    "the id instead of the todo": wrong(
        "The argument `todo` of todo_done is 1; it is to be the todo itself.",
        "todo_argument",
        ("todos/models.py", "todo=self", "todo=self.pk"),
        ("todos/receivers.py", "todo.title", "Todo.objects.get(pk=todo).title"),
    ),
    "a function within ready": wrong(
        "TodosConfig.ready.<locals>.<lambda> was connected to todo_done, and is gone",
        "alive",
        ("todos/apps.py", ", weak=False", ""),
        of=ONE_STRONG_RECEIVER,
    ),
    "a method of an object that nobody keeps": wrong(
        "Log.note was connected to todo_done, and is gone",
        "alive",
        (
            "todos/receivers.py",
            "@receiver(todo_done, sender=Todo)\ndef log_done(sender, todo, **kwargs):",
            "class Log:\n  def note(self, sender, todo, **kwargs):",
        ),
        (
            "todos/receivers.py",
            "@receiver(todo_undone",
            "log = Log()\nlog.itself = log\ntodo_done.connect(log.note)\ndel log\n\n\n@receiver(todo_undone",
        ),
    ),
    "connected twice": wrong(
        "Completing a todo is logged more than once.",
        "logged_once",
        (
            "todos/receivers.py",
            "@receiver(todo_done, sender=Todo)",
            "@receiver(todo_done)\n@receiver(todo_done, sender=Todo)",
        ),
    ),
    "connected by the view": wrong(
        "is connected to todo_done while a request is answered",
        "at_the_start",
        ("todos/receivers.py", "@receiver(todo_done, sender=Todo)\n", ""),
        (
            "todos/views.py",
            "pk=pk)\n    todo.set_done(True)\n    return",
            """pk=pk)
    from functools import partial

    from todos import receivers
    from todos.signals import todo_done

    todo_done.connect(partial(receivers.log_done), weak=False)
    todo.set_done(True)
    return""",
        ),
    ),
    "a receiver without kwargs": wrong(
        "todos.receivers.log_done raises TypeError as soon as the signal has one more argument",
        "arguments_taken",
        ("todos/receivers.py", "def log_done(sender, todo, **kwargs)", "def log_done(sender, todo, signal=None)"),
    ),
    "a receiver that does not even take the signal": wrong(
        "todos.receivers.log_undone raises TypeError as soon as the signal has one more argument",
        "arguments_taken",
        ("todos/receivers.py", "def log_undone(sender, todo, **kwargs)", "def log_undone(sender, todo)"),
    ),
    "one signal for both": wrong(
        "Opening a todo again sends todo_done; it is to send todo_undone, and only that.",
        "right_signal",
        ("todos/models.py", "(todo_done if done else todo_undone)", "todo_done"),
    ),
    "one signal with two names": wrong(
        "todos/signals.py has no signal todo_undone of its own",
        "signals",
        ("todos/signals.py", "todo_undone = Signal()", "todo_undone = todo_done"),
    ),
    "an update of many": wrong(
        "Completing all todos at once sends nothing; it is to send todo_done.",
        "sent",
        (
            "todos/views.py",
            "    for todo in Todo.objects.filter(done=False):\n        todo.done = True\n        todo.save()\n",
            "    Todo.objects.filter(done=False).update(done=True)\n",
        ),
        of=CUSTOM_SAVE,
    ),
    "connected for another sender": wrong(
        "is connected to todo_done for the sender 'todos.Todo', so what Todo sends does not reach it",
        "right_connection",
        ("todos/receivers.py", "todo_done, sender=Todo", "todo_done, sender='todos.Todo'"),
    ),
    "logs the id": wrong(
        "Completing a todo logs 'Done: 1', which does not name the todo by its title.",
        "logged",
        ("todos/receivers.py", "todo.title", "todo.pk"),
    ),
    "printed instead of logged": wrong(
        "Completing a todo logs nothing to a logger in todos",
        "logged",
        ("todos/receivers.py", 'logger.info("Done: %s",', 'print("Done:",'),
    ),
    "sent without a sender": wrong(
        "The sender of todo_done is missing; it is to be the class Todo",
        "sender",
        ("todos/models.py", "sender=Todo, ", ""),
    ),
    "a receiver that fails": wrong(
        "failed with AttributeError: 'Todo' object has no attribute 'name' (todos/receivers.py, line",
        "working",
        ("todos/receivers.py", "todo.title", "todo.name"),
    ),
    "a receiver whose failure is hidden": wrong(
        "A receiver fails with AttributeError: 'Todo' object has no attribute 'name' (todos/receivers.py, line",
        "succeeding",
        ("todos/receivers.py", "todo.title", "todo.name"),
        ("todos/models.py", ").send(", ").send_robust("),
    ),
    "sent twice": wrong(
        "Completing a todo sends 2 signals for 1 change.",
        "once",
        ("todos/models.py", TRANSITION, TRANSITION + "\n        " + TRANSITION),
    ),
}

UNUSABLE: dict[str, tuple[Files, str]] = {
    "a syntax error": (
        {"todos/models.py": "class Todo(:\n"},
        "The project cannot be started: SyntaxError: invalid syntax (models.py, line 1).",
    ),
    "an import of what is not there": (
        {"todos/views.py": "\nimport todos.missing\n"},
        "The URLs of the project cannot be imported: ModuleNotFoundError: No module named 'todos.missing' "
        "(todos/views.py, line 2).",
    ),
    "signals that cannot be imported": (
        {"todos/signals.py": "Signal()\n"},
        "todos.signals cannot be imported: NameError: name 'Signal' is not defined (todos/signals.py, line 1).",
    ),
    "no model": (
        {"todos/models.py": ""},
        "There is no model Todo with the fields title and done in todos.models, as there has to be.",
    ),
    "a project that leaves": (
        {"todos/models.py": "raise SystemExit(7)\n"},
        "The project ended its own process, with status 7, while starting.",
    ),
    "a project that dies in a view": (
        edited(METHOD, ("todos/views.py", "    todo.set_done(False)", "    import os\n    os._exit(3)")),
        "The project ended its own process, with status 3, while opening a todo again.",
    ),
}

ENDLESS: Files = edited(METHOD, ("todos/views.py", "    todo.set_done(False)", "    while True:\n        pass"))
"""A project that never answers a request."""

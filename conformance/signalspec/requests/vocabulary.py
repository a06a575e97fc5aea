"""The words that the laws of these parts share; a script gets the source of those that its law uses.

Nothing here runs where it stands: it is the text of scripts, so the imports of Django are for readers and checkers.
"""

from __future__ import annotations

import asyncio
import importlib.machinery
import io
import random
import subprocess
import sys
import types
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asgiref.sync import async_to_sync
    from django.apps import AppConfig, apps
    from django.conf import settings
    from django.contrib.admin import AdminSite, ModelAdmin
    from django.contrib.auth import get_user_model
    from django.core.exceptions import PermissionDenied, SuspiciousOperation
    from django.core.handlers.asgi import ASGIHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.http import Http404
    from django.tasks import task
    from django.template import Library, engines
    from django.template.response import SimpleTemplateResponse
    from django.test import AsyncClient, Client, override_settings
    from django.urls import clear_url_caches, path, re_path


def listen(calls, **signals):
    """Note in `calls` which of the signals is sent, by the name that it has here."""
    for word, signal in signals.items():

        def note(word=word, **kwargs):
            calls.append(word)

        signal.connect(note, weak=False)


def alisten(calls, **signals):
    """Do the same with asynchronous receivers."""
    for word, signal in signals.items():

        async def note(word=word, **kwargs):
            calls.append(word)

        signal.connect(note, weak=False)


def steps_of(number):
    """Return what is done on one client, one of many sequences."""
    steps = ("get", "fail", "stream", "log in", "force login", "wrong password", "log out", "expire")
    return random.Random(number).choices(steps, k=12)


def outcome(action):
    """Return what `action()` returns, or the name of what it raises."""
    try:
        return action()
    except BaseException as error:
        return f"raises {type(error).__name__}"


def install(view, *middleware, **handlers):
    """Let `view` answer every request, behind `middleware`; `handlers` are the URLconf's, such as handler500."""
    project = sys.modules["project"] = types.ModuleType("project")
    project.urlpatterns = [re_path("", view)]
    vars(project).update(handlers)
    for number, each in enumerate(middleware):
        setattr(project, f"middleware{number}", each)
    settings.ROOT_URLCONF = project
    settings.MIDDLEWARE = [f"project.middleware{number}" for number in range(len(middleware))]
    clear_url_caches()


def failing(place, fail):
    """Return a view, middleware and error handlers for `serve`, of which the one at `place` calls `fail(request)`."""
    errors = {"handler400": SuspiciousOperation, "handler403": PermissionDenied, "handler404": Http404}

    def view(request):
        if place in errors:
            raise errors[place]
        if place == "template":
            template = engines["django"].from_string("{{ fail }}")
            return SimpleTemplateResponse(template, {"fail": lambda: fail(request)})
        return fail(request)

    def middleware(get_response):
        return lambda request: fail(request) if place == "middleware" else get_response(request)

    return [view, middleware], {name: lambda request, exception: fail(request) for name in errors}


def form_of(body):
    """Return the type of what a visitor sends: a form, in parts where it begins with the boundary `--x`."""
    return "multipart/form-data; boundary=x" if body.startswith(b"--x") else "application/x-www-form-urlencoded"


def environ_of(path="/", method="GET", body=b""):
    """Return what a WSGI server says about a request."""
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "CONTENT_TYPE": form_of(body),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def scope_of(path="/", method="GET", body=b""):
    """Return what an ASGI server says about a request."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", form_of(body).encode()), (b"content-length", b"%d" % len(body))],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 8000),
    }


def answer_wsgi(calls, handler, environ):
    """Let a WSGI handler answer as a server does, and note in `calls` what the client gets."""
    try:
        response = handler(environ, lambda status, headers: calls.append(f"status {status[:3]}"))
        try:
            for chunk in filter(None, response):
                calls.append(f"body {chunk.decode()}")
        finally:
            if hasattr(response, "close"):
                response.close()
    except BaseException as error:
        calls.append(f"server gets {type(error).__name__}")


class Visitor:
    """An ASGI client, and its server: it sends its request, gets the answer, and may leave in between.

    `leaves` says when, unless somebody calls `leave`: "before" its body was sent whole, at the "status", at the
    "body". Where it `breaks` the connection, the server raises an `OSError` for what is sent to it then.
    """

    def __init__(self, calls, body=b"", leaves="", breaks=False):
        self.calls, self.leaves, self.breaks = calls, leaves, breaks
        self.messages = [{"type": "http.request", "body": body, "more_body": leaves == "before"}]
        self.gone = asyncio.Event()
        if leaves == "before":
            self.gone.set()

    async def answered_by(self, handler, scope):
        """Let an ASGI handler answer."""
        self.loop = asyncio.get_running_loop()
        try:
            await handler(scope, self.receive, self.send)
        except BaseException as error:
            self.calls.append(f"server gets {type(error).__name__}")

    async def receive(self):
        if self.messages:
            return self.messages.pop(0)
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        point = message["type"].rpartition(".")[2].replace("start", "status")
        if self.leaves == point and (point == "status" or message.get("body")):
            self.gone.set()
        if self.gone.is_set():
            if self.breaks:
                raise OSError("The client has gone.")
            await turns()
        elif point == "status":
            self.calls.append(f"status {message['status']}")
        elif message.get("body"):
            self.calls.append(f"body {message['body'].decode()}")

    def leave(self):
        """Leave; return when Django has had the time to notice. Call this in a thread, or await `aleave`."""
        asyncio.run_coroutine_threadsafe(self.aleave(), self.loop).result()

    async def aleave(self):
        """Leave, in the event loop."""
        self.gone.set()
        await turns()


async def turns():
    """Let everything else in the event loop have its turn, many times."""
    for _ in range(50):
        await asyncio.sleep(0)


def serve_wsgi(
    calls, view, *middleware, path="/", method="GET", body=b"", prefix="", handler=None, environ=(), **handlers
):
    """Let `view` answer one request under WSGI, and note in `calls` what the client gets."""
    install(view, *middleware, **handlers)
    given = {**environ_of(path.removeprefix(prefix), method, body), "SCRIPT_NAME": prefix, **dict(environ)}
    answer_wsgi(calls, (handler or WSGIHandler)(), given)


def serve_asgi(calls, view, *middleware, path="/", method="GET", body=b"", prefix="", handler=None, **handlers):
    """Let `view` answer one request under ASGI, and note in `calls` what the client gets."""
    install(view, *middleware, **handlers)
    scope = {**scope_of(path, method, body), "root_path": prefix}
    asyncio.run(Visitor(calls, body).answered_by((handler or ASGIHandler)(), scope))


def visit(calls, view, *middleware, client=None, path="/", method="GET", body=b"", **handlers):
    """Let `view` answer one request of the test client, and note in `calls` what the client gets."""
    install(view, *middleware, **handlers)
    try:
        response = (client or Client()).generic(method, path, body)
        calls.append(f"status {response.status_code}")
        calls.extend(f"body {chunk.decode()}" for chunk in response if chunk)
    except BaseException as error:
        calls.append(f"client gets {type(error).__name__}")


def avisit(calls, view, *middleware, path="/", method="GET", body=b"", **handlers):
    """Let `view` answer one request of the asynchronous test client, and note in `calls` what the client gets."""
    install(view, *middleware, **handlers)

    async def request():
        response = await AsyncClient().generic(method, path, body)
        calls.append(f"status {response.status_code}")
        if response.streaming and getattr(response, "is_async", False):
            calls.extend([f"body {chunk.decode()}" async for chunk in response])
        else:
            calls.extend(f"body {chunk.decode()}" for chunk in response if chunk)

    try:
        asyncio.run(request())
    except BaseException as error:
        calls.append(f"client gets {type(error).__name__}")


def templates(**sources):
    """Let the project have templates, each by its name."""
    library = types.ModuleType("tags")
    library.register = Library()
    library.register.inclusion_tag("part", name="show")(lambda: {"shown": True})
    sys.modules["tags"] = library
    loaders = [("django.template.loaders.locmem.Loader", sources)]
    options = {"loaders": loaders, "libraries": {"tags": "tags"}}
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": options}]


@contextmanager
def administered(model, options=None):
    """Let there be an admin's site of one model in the block; lend a client of a superuser, and the log's model."""
    middleware = ["sessions.middleware.Session", "auth.middleware.Authentication", "messages.middleware.Message"]
    settings.MIDDLEWARE = [f"django.contrib.{each}Middleware" for each in middleware]
    settings.ROOT_URLCONF = project = types.ModuleType("project")
    more = ["django.contrib.admin", "django.contrib.messages"]
    with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, *more]):
        site, client, log = AdminSite(), Client(), apps.get_model("admin.LogEntry")
        site.register(model, options or ModelAdmin)
        project.urlpatterns = [path("admin/", site.urls)]
        clear_url_caches()
        with connection.schema_editor() as editor:
            editor.create_model(log)
        client.force_login(get_user_model().objects.create_superuser("ann", "ann@example.org", "secret"))
        try:
            yield client, log
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(log)


def new_app(name, ready, models=None, configs=1):
    """Let there be an app whose module has so many configurations; return the name of the first one."""

    def import_models(self):
        self.models = self.apps.all_models[self.label]
        if models is not None:
            models(self)

    app, module = types.ModuleType(name), types.ModuleType(f"{name}.apps")
    sys.modules.update({name: app, f"{name}.apps": module})
    app.__path__, app.apps = ["."], module
    for each in (app, module):
        each.__spec__ = importlib.machinery.ModuleSpec(each.__name__, None)
    for number in range(configs):
        methods = {"name": name, "path": ".", "ready": ready, "import_models": import_models}
        methods["__module__"] = module.__name__
        setattr(module, f"Config{number}", type(f"Config{number}", (AppConfig,), methods))
    return f"{name}.apps.Config0"


def python(command, ready="pass"):
    """Run a management command in a process whose one app prints when it is ready; return what is printed."""
    program = f"""
import sys, types
from django.apps import AppConfig
from django.conf import settings
from django.core.management import execute_from_command_line
class Config(AppConfig):
    name, path, __module__ = "app", ".", "app"
    def ready(self):
        from django.db import connection
        print("ready")
        {ready}
app = sys.modules["app"] = types.ModuleType("app")
app.Config = Config
database = {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
settings.configure(INSTALLED_APPS=["app.Config"], DATABASES={{"default": database}})
execute_from_command_line(["manage", {command!r}])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return done.stdout + done.stderr


def new_task(function, backend):
    """Return a task that calls `function`; `backend` is a class, or the name of one."""
    project = sys.modules["project"] = types.ModuleType("project")
    project.Backend = backend
    name = backend if isinstance(backend, str) else "project.Backend"
    override_settings(TASKS={"default": {"BACKEND": name}}).enable()
    function.__name__ = function.__qualname__ = "function"
    function.__module__ = "project"
    project.function = task(function)
    return project.function


def enqueue(function, backend="django.tasks.backends.immediate.ImmediateBackend"):
    """Enqueue a task that calls `function`; return its result."""
    return new_task(function, backend).enqueue()


def aenqueue(function, backend="django.tasks.backends.immediate.ImmediateBackend"):
    """Enqueue it in asynchronous code."""
    return async_to_sync(new_task(function, backend).aenqueue)()

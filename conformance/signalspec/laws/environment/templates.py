"""Laws of the chapter templates: template_rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signalspec.laws import law
from signalspec.requests.environment_kinds import Rendered, Within
from signalspec.requests.kinds import Error
from signalspec.requests.vocabulary import install, listen, outcome, templates

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.shortcuts import render
    from django.template import Context, Template, engines
    from django.template.loader import render_to_string
    from django.test import Client as TestClient
    from django.test.signals import template_rendered
    from django.test.utils import setup_test_environment, teardown_test_environment


@law("templates.each")
def each(calls):
    def receiver(template, **kwargs):
        calls.append(template.name)

    setup_test_environment()
    templates(
        page='{% extends "base" %}{% block a %}{% include "part" %}{% endblock %}',
        base="{% block a %}{% endblock %}",
        part="x",
    )
    template_rendered.connect(receiver)
    text = render_to_string("page")
    return (calls, text), (["page", "base", "part"], "x")


@law("templates.only-in-tests")
def only_in_tests(calls, render: Rendered):
    def look(moment):
        render()
        seen[moment] = len(calls)
        calls.clear()

    seen: dict = {}
    listen(calls, rendered=template_rendered)
    look("before")
    setup_test_environment()
    look("in the test environment")
    teardown_test_environment()
    look("afterwards")
    demanded = {"before": 0, "in the test environment": render.templates, "afterwards": 0}
    return {render.named: seen}, {render.named: demanded}


@law("templates.arguments")
def arguments(calls):
    def receiver(signal, sender, **named):
        its_own = {"sender is template": sender is named.get("template"), "class": type(sender).__name__}
        calls.append({"arguments": sorted(named), **its_own, "name in context": named["context"]["name"]})

    setup_test_environment()
    template_rendered.connect(receiver)
    engines["django"].from_string("{{ name }}").render({"name": "ann"})
    its_own = {"sender is template": True, "class": Template.__name__}
    return calls, [{"arguments": ["context", "template"], **its_own, "name in context": "ann"}]


@law("templates.before-rendering")
def before_rendering(calls):
    def name():
        calls.append("rendering")
        return ""

    setup_test_environment()
    listen(calls, rendered=template_rendered)
    engines["django"].from_string("{{ name }}").render({"name": name})
    return calls, ["rendered", "rendering"]


@law("templates.context-can-be-changed")
def context_can_be_changed(calls):
    def receiver(context, **kwargs):
        context["name"] = "bob"

    setup_test_environment()
    template_rendered.connect(receiver)
    return engines["django"].from_string("{{ name }}").render({"name": "ann"}), "bob"


@law("templates.each-time")
def each_time(calls):
    setup_test_environment()
    templates(page='{% for i in "abc" %}{% include "part" %}{% endfor %}', part="x")
    listen(calls, rendered=template_rendered)
    render_to_string("page")
    return calls, ["rendered"] * 4


@law("templates.inclusion-tags")
def inclusion_tags(calls):
    def receiver(template, **kwargs):
        calls.append(template.name)

    setup_test_environment()
    templates(page="{% load tags %}{% show %}", part="x")
    template_rendered.connect(receiver)
    text = render_to_string("page")
    return (calls, text), (["page", "part"], "x")


@law("templates.failure")
def failure(calls, error: Error):
    def fails(**kwargs):
        raise error

    def name():
        calls.append("rendering")

    setup_test_environment()
    template_rendered.connect(fails)
    found = outcome(lambda: engines["django"].from_string("{{ name }}").render({"name": name}))
    return (found, calls), (f"raises {type(error).__name__}", [])


@law("templates.without-an-engine")
def without_an_engine(calls):
    setup_test_environment()
    listen(calls, rendered=template_rendered)
    Template("x").render(Context())
    return calls, ["rendered"]


@law("templates.partials")
def partials(calls):
    def receiver(template, **kwargs):
        calls.append(template.name)

    setup_test_environment()
    templates(page="{% partialdef one %}x{% endpartialdef %}{% partial one %}", other='{% include "page#one" %}')
    template_rendered.connect(receiver)
    seen = {}
    for name in ("page#one", "page", "other"):
        calls.append(render_to_string(name))
        seen[name] = calls[:]
        calls.clear()
    return seen, {"page#one": ["one", "x"], "page": ["page", "one", "x"], "other": ["other", "one", "x"]}


@law("templates.client")
def client(calls):
    setup_test_environment()
    templates(page='{% include "part" %}', part="x")
    install(lambda request: HttpResponse(render_to_string("page")))
    response = TestClient().get("/")
    return [template.name for template in response.templates], ["page", "part"]


@law("templates.client-context")
def client_context(calls, page: Within):
    def view(request):
        return render(request, "page", {"shown": "outer", "names": ["inner"]})

    setup_test_environment()
    templates(page=page, part="{{ shown }}")
    install(view)
    response = TestClient().get("/")
    seen = [
        (template.name, context["shown"])
        for template, context in zip(response.templates, response.context, strict=True)
    ]
    return {"templates": seen}, {"templates": [("page", "outer"), ("part", "inner")]}

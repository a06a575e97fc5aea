"""The app. Django calls `ready` once at the start of each process, when the models can be imported."""

from django.apps import AppConfig


class TodosConfig(AppConfig):
    name = "todos"

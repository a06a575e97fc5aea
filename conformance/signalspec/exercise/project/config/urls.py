"""Every URL of the project is one of the app."""

from django.urls import include, path

urlpatterns = [path("todos/", include("todos.urls"))]

"""What the app answers, and where."""

from django.urls import path

from todos import views

urlpatterns = [
    path("", views.todos),
    path("done/", views.all_done),
    path("<int:pk>/done/", views.done),
    path("<int:pk>/undone/", views.undone),
    path("<int:pk>/rename/", views.rename),
]

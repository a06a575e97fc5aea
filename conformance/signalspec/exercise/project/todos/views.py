"""What the app does, as JSON."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from todos.models import Todo


def as_data(todo):
    return {"id": todo.pk, "title": todo.title, "done": todo.done}


def todos(request):
    """List all todos; a POST adds one."""
    if request.method == "POST":
        return JsonResponse(as_data(Todo.objects.create(title=request.POST["title"])), status=201)
    return JsonResponse({"todos": [as_data(todo) for todo in Todo.objects.order_by("pk")]})


@require_POST
def done(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todo.done = True
    todo.save()
    return JsonResponse(as_data(todo))


@require_POST
def undone(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todo.done = False
    todo.save()
    return JsonResponse(as_data(todo))


@require_POST
def rename(request, pk):
    todo = get_object_or_404(Todo, pk=pk)
    todo.title = request.POST["title"]
    todo.save()
    return JsonResponse(as_data(todo))


@require_POST
def all_done(request):
    """Complete whatever is still open."""
    changed = Todo.objects.filter(done=False).update(done=True)
    return JsonResponse({"changed": changed})

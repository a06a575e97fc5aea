"""The signals of the app: `todo_done` and `todo_undone` belong here."""

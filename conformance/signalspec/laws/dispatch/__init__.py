"""The laws of the dispatcher, a module a chapter."""

"""Adapters: libraries that have Django's idea of a signal, but not its interface, under Django's names.

An adapter translates names, arguments and conventions, and leaves the rest to the library. What that does in another
way by design it declines; what is left is found. The scripts of findings contain an adapter as it is, without its
docstring, so that they need nothing but the library.
"""

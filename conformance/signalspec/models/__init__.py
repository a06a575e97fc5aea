"""The part *models*: what is particular to checking the signals that Django's models send.

`fixtures` says what a law can ask for, `world` lends it a configured Django with empty databases, and `stories` makes
a law a program and a script.
"""

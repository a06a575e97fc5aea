"""The exercise: a small project to give two signals, and a check that says in sentences what is right.

A learner's project is only ever used, never read: `observer` runs in a process of its own, takes the `steps`, and
writes down an `observation`; `lessons` judges that.
"""

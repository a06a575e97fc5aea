"""A check: the engines run in a process of their own, and what they observe is tallied."""

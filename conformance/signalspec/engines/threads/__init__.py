"""Threads that run one at a time, under every schedule."""

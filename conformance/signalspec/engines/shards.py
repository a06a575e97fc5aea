"""Shards: the parts into which a check can be split, so that each program is in exactly one of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shard:
    """One of so many shards, counted from 1: of what is numbered in a fixed order it has each `of`-th."""

    number: int = 1
    of: int = 1

    def has(self, number: int) -> bool:
        """Tell whether what has this number, counted from 0, is in this shard."""
        return number % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


WHOLE = Shard()
"""The one shard of a check that is not split."""

"""How thoroughly a target is checked."""

from __future__ import annotations

from dataclasses import dataclass

from signalspec.engines.shards import WHOLE, Shard
from signalspec.engines.threads import schedules


@dataclass(frozen=True)
class Options:
    """How thoroughly to check.

    `only` is a prefix of slugs, or several. `depth` counts the commands of the longest enumerated program; threads
    execute one less together. `examples` counts long random programs. `timeout` is in seconds, for one program.
    Threads are stopped so many times in one schedule, `preemptions`, at lines that others may notice, or at
    `every_line`; more takes much longer. Only the programs in `shard` are run.
    """

    only: str | tuple[str, ...] = ""
    depth: int = 4
    examples: int = 50
    seed: int = 0
    timeout: float = 5.0
    preemptions: int = 1
    every_line: bool = False
    shard: Shard = WHOLE

    @property
    def thoroughness(self) -> schedules.Thoroughness:
        """How threads are switched."""
        return schedules.Thoroughness(self.preemptions, self.every_line)

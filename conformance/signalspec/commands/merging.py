"""A check in shards: ``check --shard``, and the command ``merge``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signalspec.commands.options import write
from signalspec.commands.output import Output, output_options

if TYPE_CHECKING:
    from signalspec.engines.shards import Shard
    from signalspec.runner.options import Options


def shard_named(_: click.Context, __: click.Parameter, name: str | None) -> Shard | None:
    """Return the shard that ``I/N`` names."""
    from signalspec.engines.shards import Shard

    if name is None:
        return None
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", name)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise click.BadParameter(f"{name!r} is no shard; the second of three is 2/3.")
    return Shard(int(found[1]), int(found[2]))


shard_option = click.option(
    "--shard", metavar="I/N", callback=shard_named, help="Run one of N parts of the check, for `merge`."
)


def check_shard(targets: Sequence[str], profile: str | None, options: Options, output: Output) -> int:
    """Check one shard of each target, show what it found, and write it for ``merge``; return the exit status."""
    from signalspec.reports.progress import follow
    from signalspec.runner import merging, supervisor

    context = click.get_current_context()
    for name in ("junit_file", "html_file", "write_baseline_file", "database", "base"):
        if context.params[name]:
            option = name.removesuffix("_file").replace("_", "-")
            raise click.UsageError(f"--{option} does not go with --shard: a part is no report.")
    file = output.json_file
    if file is None:
        raise click.UsageError("--shard takes --json FILE: `signalspec merge` reads what is written there.")
    output.written.clear()
    checks: list[merging.Checked] = []
    for target in [supervisor.load_target(name) for name in targets]:
        with follow(target.name) as progress:
            try:
                report, checked = merging.check_shard(target, profile, options, progress)
            except supervisor.Interrupted as interrupt:
                output.add(interrupt.report)
                return output.end()
        checks.append(checked)
        output.add(report)
    write(file, merging.part_of(profile, options, checks).render())
    return output.end()


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_options
def merge(files: tuple[Path, ...], **options: Any) -> int:
    """Join the reports of the parts of one check, which check --shard I/N --json FILE has written.

    It is that of a check that is not split, and so is the exit status. The targets have to be there: what follows
    from what is worked out now.
    """
    from signalspec.runner import merging, supervisor

    output = Output.of(options)
    parts = merging.read_parts({str(file): _bytes_of(file) for file in files})
    for number, checked in enumerate(parts[0].checks):
        output.add(merging.merged(supervisor.load_target(checked.target.name), parts, number))
    return output.end()


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}.") from error

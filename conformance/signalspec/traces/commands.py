"""The commands ``signalspec record``, ``compare`` and ``audit``."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from signalspec_recorder.command import record as record_command

from signalspec.reports.terminal import make_console
from signalspec.standard.clauses import UnknownProfileError, validate_profile
from signalspec.traces.auditing import audit as audit_trace
from signalspec.traces.comparing import compare as compare_traces
from signalspec.traces.guide import make_guide
from signalspec.traces.remarks import Evidence
from signalspec.traces.showing import audit_json, comparison_json, sarif, show_comparison, show_guide, show_remarks
from signalspec.traces.source import Source
from signalspec.traces.trace import Trace, TraceError, read_trace

FORMATS = ("text", "json", "sarif")

trace_argument = click.Path(path_type=Path)


def _read(file: Path, own: tuple[str, ...]) -> Trace:
    packages = tuple(f"{package}." for package in own)
    try:
        return read_trace(file, (lambda name: f"{name}.".startswith(packages)) if own else None)
    except TraceError as error:
        raise click.UsageError(str(error)) from error


def _profile(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return validate_profile(name if name.startswith("django-") else f"django-{name}")
    except UnknownProfileError as error:
        raise click.UsageError(str(error)) from error


def _own_option(command: Callable[..., int]) -> Callable[..., int]:
    says = "What belongs to the project, if not all in its folder."
    return click.option("--own", metavar="PACKAGE", multiple=True, help=says)(command)


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("-o", "--output", metavar="TRACE", required=True, help="The file to write, compressed.")
@click.argument("command", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
def record(output: str, command: tuple[str, ...]) -> int:
    """Run COMMAND, and record which signals its Python processes dispatch.

    COMMAND may be of another environment, with an older Python: `record -o old.gz -- venv/bin/pytest`.
    The exit status is COMMAND's.
    """
    return record_command(output, command)


@click.command()
@click.argument("before", metavar="A", type=trace_argument)
@click.argument("after", metavar="B", type=trace_argument)
@_own_option
@click.option(
    "--repeat", "repeats", metavar="TRACE", multiple=True, type=trace_argument, help="Another run like A or B."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(before: Path, after: Path, own: tuple[str, ...], repeats: tuple[Path, ...], as_json: bool) -> int:
    """Show which tests send different signals in the traces A and B.

    What differs between a trace and its --repeat, under the same Django, is left out, and counted.

    \b
    Exit status:
      0  the project's own signals are the same
      1  something differs
      2  a trace cannot be used
    """
    one, other = _read(before, own), _read(after, own)
    pairs = [(_same_release(repeat, one, other, file), repeat) for file in repeats for repeat in [_read(file, own)]]
    comparison = compare_traces(one, other, pairs)
    if as_json:
        click.echo(json.dumps(comparison_json(comparison, one, other), indent=2))
    else:
        show_comparison(comparison, one, other, make_console())
    return 0 if comparison.is_same else 1


def _same_release(repeat: Trace, one: Trace, other: Trace, file: Path) -> Trace:
    for trace in (one, other):
        if trace.releases == repeat.releases:
            return trace
    raise click.UsageError(f"{file} repeats neither trace: it is of Django {' and '.join(repeat.releases)}.")


@click.command()
@click.argument("trace", type=trace_argument)
@click.option("--from", "before", metavar="P", callback=_profile, help="The release to upgrade from, such as 4.2.")
@click.option("--to", "after", metavar="Q", callback=_profile, help="The release to upgrade to.")
@click.option(
    "--root", type=trace_argument, default=".", show_default=True, help="The project's folder, for its source."
)
@_own_option
@click.option(
    "--format", "shape", type=click.Choice(FORMATS), default="text", show_default=True, help="What to print."
)
def audit(trace: Path, before: str | None, after: str | None, root: Path, own: tuple[str, ...], shape: str) -> int:
    """Show what the receivers in TRACE rely on but should not, by file and line.

    With --from and --to, also what of the differences between two releases of Django the project touches, the most
    dangerous first.

    \b
    Exit status:
      0  there is nothing to say
      1  there is a remark, or a difference that the project touches
      2  the trace cannot be used
    """
    if (before is None) != (after is None):
        raise click.UsageError("--from and --to go together.")
    evidence = Evidence(_read(trace, own), Source(root))
    remarks = audit_trace(evidence)
    guide = make_guide(evidence, before, after) if before and after else None
    if shape == "text":
        console = make_console()
        show_remarks(remarks, console)
        if guide is not None:
            show_guide(guide, console)
    else:
        found: dict[str, Any] = (
            sarif(remarks, version("signalspec")) if shape == "sarif" else audit_json(remarks, guide)
        )
        click.echo(json.dumps(found, indent=2))
    return 1 if remarks or (guide and guide.touches) else 0


COMMANDS = (record, compare, audit)

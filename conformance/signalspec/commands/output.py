"""Where the reports of a command go: the terminal, and the files that its options name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signalspec.commands.baselines import baseline_options, compared
from signalspec.commands.options import STANDARD_OUTPUT, Command, file_option, write

if TYPE_CHECKING:
    from rich.console import Console

    from signalspec.findings.report import Report


def output_options(command: Command) -> Command:
    """Add the options that an `Output` is made of to a command."""
    scripts = click.Path(path_type=Path)
    for option in reversed(
        (
            file_option("--json", "Write the report as JSON."),
            file_option("--junit", "Write the report as JUnit's XML."),
            file_option("--html", "Write the report as one page of HTML."),
            click.option(
                "--show",
                metavar="SLUG",
                multiple=True,
                help="Print all that was found about this clause alone, with its script.",
            ),
            click.option("--scripts", metavar="DIR", type=scripts, help="Write a script for each violation."),
            click.option(
                "--standalone",
                is_flag=True,
                help="With --scripts: scripts about threads, too, need nothing but the target.",
            ),
            click.option(
                "-v",
                "--verbose",
                is_flag=True,
                help="Print everything: scripts, deviations, chapters, what was run.",
            ),
            baseline_options,
        )
    ):
        command = option(command)
    return command


@dataclass
class Output:
    """What is done with each report, and with all of them in the end."""

    json_file: Path | None
    junit_file: Path | None
    html_file: Path | None
    show: Sequence[str]
    scripts: Path | None
    standalone: bool
    verbose: bool
    baseline: Path | None
    write_baseline_file: Path | None
    strict: bool
    reports: list[Report] = field(default_factory=list, init=False)

    @classmethod
    def of(cls, options: dict[str, Any]) -> Output:
        """Return the output that options ask for, which are taken out of these."""
        return cls(**{each.name: options.pop(each.name) for each in fields(cls) if each.init})

    def __post_init__(self) -> None:
        from signalspec.findings.baseline import baseline_of
        from signalspec.reports import htmlfile, jsonfile, junit
        from signalspec.reports.terminal import make_console

        renderers: Sequence[tuple[Path | None, Callable[[Sequence[Report]], str]]] = (
            (self.json_file, jsonfile.render),
            (self.junit_file, junit.render),
            (self.html_file, htmlfile.render),
            (self.write_baseline_file, baseline_of),
        )
        self.written = {file: render for file, render in renderers if file}
        if len(self.written) < sum(file is not None for file, _ in renderers):
            raise click.UsageError("Two reports would be written to the same file.")
        # What is written to standard output is alone there, so that a program can read it.
        self.console: Console = make_console(stderr=STANDARD_OUTPUT in self.written)

    def add(self, report: Report) -> None:
        """Show one more report."""
        from signalspec.engines.threads import schedules
        from signalspec.reports.terminal import show_report

        if self.standalone:
            report = report.with_scripts(schedules.standalone)
        self.reports += compared([report], self.baseline)
        self.console.print("\n" * (len(self.reports) > 1), end="")
        show_report(self.reports[-1], self.console, self.verbose, self.show)

    def end(self) -> int:
        """Write the files; return the exit status."""
        for file, render in self.written.items():
            write(file, render(self.reports))
        if self.scripts:
            for report in self.reports:
                folder = self.scripts / report.target if len(self.reports) > 1 else self.scripts
                _write_scripts(folder, report.scripts())
        if self.reports[-1].partial:
            click.echo("signalspec: interrupted; the report tells what was found by then.", err=True)
            return 130
        found = {report.exit_status for report in self.reports}
        if self.strict and any(report.mended for report in self.reports):
            found.add(1)
        return next(status for status in (1, 3, 0) if status in found)


def _write_scripts(folder: Path, scripts: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be made: {error.strerror}.") from error
    for slug, script in scripts.items():
        write(folder / f"{slug}.py", script)

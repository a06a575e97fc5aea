"""The group of all commands: it imports a command when that is asked for, and refuses bad input with one sentence."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

import click

from signalspec.programs.defects import SuiteError
from signalspec.reports.streams import prepare_streams
from signalspec.standard.names import UserError, suggestion


class Later(NamedTuple):
    """A command that is imported when it is run: its ``module:attribute``, and the line that ``--help`` shows."""

    home: str
    help: str


class Commands(click.Group):
    """Commands that return their exit status; bad input ends with one sentence on stderr and status 2."""

    def __init__(self, *args: Any, later: Mapping[str, Later] | None = None, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.later = later or {}

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands, in alphabetical order."""
        return sorted({*super().list_commands(context), *self.later})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command, imported if it is not yet."""
        if name not in self.later:
            return super().get_command(context, name)
        module, _, attribute = self.later[name].home.partition(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without importing those that come later."""
        rows = []
        for name in self.list_commands(context):
            command = None if name in self.later else super().get_command(context, name)
            rows.append((name, command.get_short_help_str(90) if command else self.later[name].help))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        """Find the command; where there is none, say which may have been meant."""
        name = args[0]
        if name.startswith("-") or name in self.list_commands(context):
            return super().resolve_command(context, args)
        otherwise = f"the commands are {', '.join(self.list_commands(context))}."
        raise click.UsageError(
            f"There is no command {name!r}; {suggestion(name, self.list_commands(context), otherwise)}"
        )

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command and exit with its status."""
        prepare_streams()
        # A console script's path lacks the current directory, where the author of a target works.
        sys.path.insert(0, "")
        status: int | None
        try:
            status = super().main(*args, **{**extra, "standalone_mode": False})
        except (click.Abort, KeyboardInterrupt):
            click.echo("signalspec: interrupted.", err=True)
            status = 130
        except click.ClickException as error:
            status = _refuse(error.format_message())
        except UserError as error:
            status = _refuse(str(error))
        except Exception as error:
            if isinstance(error, ImportError) and not str(error.name).startswith("signalspec"):
                sys.exit(_refuse(f"{error}; install signalspec with pip, which brings what it needs"))
            click.echo(str(error) if isinstance(error, SuiteError) else traceback.format_exc(), err=True)
            click.echo("signalspec: this is a defect of signalspec, and says nothing about a target.", err=True)
            status = 4
        sys.exit(status)


def _refuse(message: str) -> int:
    sentence = " ".join(message.split())
    click.echo(f"signalspec: {sentence if sentence.endswith('?') else sentence.rstrip('.') + '.'}", err=True)
    return 2

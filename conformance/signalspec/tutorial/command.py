"""The command line of the tutorial: ``signalspec tutorial``."""

from __future__ import annotations

from pathlib import Path

import click

from signalspec.tutorial.building import BuildError, build
from signalspec.tutorial.pages import load_pages


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--page", type=int, metavar="NUMBER", help="Stop at the end of this page; the default is the last one.")
def tutorial(folder: Path, page: int | None) -> int:
    """Write the project of the tutorial to DIR, which is new or empty, as it is at the end of a page."""
    pages = load_pages()
    if page is not None and page not in {each.number for each in pages}:
        raise click.UsageError(f"There is no page {page}; the pages are {pages[0].number} to {pages[-1].number}.")
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"{folder} is not a folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; name a new folder.")
    wanted = [each for each in pages if page is None or each.number <= page]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        build(wanted, folder)
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be written: {error.strerror or error}.") from error
    except BuildError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"The project is in {folder}, as it is at the end of {wanted[-1].name}.")
    return 0

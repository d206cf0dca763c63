"""`lms facts export`: what was confirmed here, for the repository."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from courses.facts.book import load_book
from courses.facts.exporting import export_files


@click.group()
def facts() -> None:
    """Numbers of the law: take confirmed corrections out."""


@facts.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_appcontext
def export(folder: Path | None, as_json: bool) -> None:
    """Write the data files that confirmed corrections change to FOLDER, or print them.

    Comments and order of the files stay; copy them over courses/facts/data to ship the corrections.
    """
    book = load_book()
    files = export_files(book)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"known_on": str(book.known_on), "files": sorted(files)}))
    elif not files:
        click.echo("Nothing was confirmed that the shipped data do not hold.")
    elif folder is not None:
        click.echo(f"{folder}: {', '.join(sorted(files))}, as known on {book.known_on}.")
    else:
        for text in files.values():
            click.echo(text, nl=False)

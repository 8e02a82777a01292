"""``redactor intake``: upload what is put into a watched folder."""

from __future__ import annotations

import time
from pathlib import Path

import click

from redactor.cli.common import data_option, open_service
from redactor.errors import FileAccess


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--as", "username", required=True, help="User name of the account that takes them, on those cases.")
@click.option("--seconds", default=5.0, show_default=True, help="Pause between two looks.")
@click.option("--once", is_flag=True, help="Look once and end, for a timer of the system.")
@data_option
def intake(folder: Path, username: str, seconds: float, once: bool, data: Path | None) -> None:
    """Upload each file of FOLDER/<case identifier>/ into its case and delete it; put refused ones aside.

    Names of files are never printed: they name children.
    """
    if not folder.is_dir():
        raise FileAccess("The watched folder is not there.")
    service = open_service(data)
    service.intake.account(username)  # a slip of the pen is told at once
    while True:
        for taken in service.intake.sweep(folder, username):
            click.echo(f"{taken.case} {taken.version or 'refused: ' + taken.refused}")
        if once:
            return
        time.sleep(seconds)

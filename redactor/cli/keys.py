"""``redactor keys``: the keys of this installation and the offline key of its backups."""

from __future__ import annotations

from pathlib import Path

import click

from redactor.cli.common import data_option, make_seal_key, use_data, write_whole
from redactor.errors import FileAccess


@click.group()
def keys() -> None:
    """Keys of this installation."""


@keys.command()
@data_option
def init(data: Path | None) -> None:
    """Make the master key and the seal key where they are missing."""
    from redactor import app
    from redactor.settings import load

    use_data(data)
    app.prepare(load())
    click.echo(f"The seal key is {make_seal_key()}. Keep a copy of the keys folder offline.")


@keys.command()
@click.option(
    "--out", "target", required=True, type=click.Path(path_type=Path), help="File of the secret half: keep it offline."
)
def offline(target: Path) -> None:
    """Make the offline key of the backups; print its public half, which 'redactor backup' takes."""
    from redactor.store.backup import new_identity

    if target.exists():
        raise FileAccess("There is a file of this name already.", next_step="Give another; keys are never overwritten.")
    secret, public = new_identity()
    write_whole(target, f"# public key: {public}\n{secret}\n".encode())
    click.echo(public)

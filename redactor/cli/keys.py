"""``redactor keys``: the keys of this installation and the offline key of its backups."""

from __future__ import annotations

from pathlib import Path

import click

from redactor.cli.common import data_option, make_seal_key, open_service, use_data, write_whole
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


@keys.command()
@click.option("--master", is_flag=True, help="Replace the master key too. Stop every process of the service first.")
@data_option
def rotate(master: bool, data: Path | None) -> None:
    """Give every organisation a new key, seal everything under it again, and destroy the old keys."""
    from redactor.store.rotate import rotate_master

    service = open_service(data)
    click.echo(f"{service.recovery.rotate()} values and file keys are sealed under new keys.")
    if master:
        count = rotate_master(service.base.engine, service.base.settings.key_path)
        click.echo(f"{count} organisation keys are wrapped by a new master key. Make a backup now.")

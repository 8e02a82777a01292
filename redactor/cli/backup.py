"""``redactor backup``: everything in one file that only an offline key opens."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from redactor.cli.common import data_option, open_service
from redactor.errors import FileAccess


@click.command()
@click.option("--out", "target", required=True, type=click.Path(path_type=Path), help="File of the backup.")
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    required=True,
    envvar="REDACTOR_BACKUP_RECIPIENT",
    help="Public half of an offline key (age1...); may be given more than once.",
)
@data_option
def backup(target: Path, recipients: tuple[str, ...], data: Path | None) -> None:
    """Write records, sealed blobs and keys while the service runs, encrypted to an offline key.

    'redactor keys offline' makes such a key. Whoever holds its secret half can open everything: keep it off this
    machine and off the place where the backups lie.
    """
    from redactor.store.backup import write_backup

    base = open_service(data).base
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".redactor-")
        try:
            with os.fdopen(handle, "wb") as out:
                made = write_backup(
                    base.engine, base.blobs.storage, base.settings.files, recipients, out, base.clock.now()
                )
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise FileAccess(f"The backup cannot be written ({problem.strerror}).") from None
    click.echo(f"{sum(made.rows.values())} records and {made.blobs} sealed files are in the backup.")

"""``redactor restore``: an empty place filled from a backup, and proof that all of it opens."""

from __future__ import annotations

from pathlib import Path

import click

from redactor.cli.common import close_at_end, data_option, read_file, use_data
from redactor.errors import FileAccess, IntegrityFailure

_IDENTITY = "AGE-SECRET-KEY-"


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--identity", required=True, type=click.Path(path_type=Path), help="File of the offline key.")
@click.option(
    "--destroyed",
    type=click.Path(path_type=Path),
    help="Register of what was destroyed since (audit/destroyed.jsonl of the lost service): destroyed again.",
)
@data_option
def restore(source: Path, identity: Path, destroyed: Path | None, data: Path | None) -> None:
    """Fill an empty data folder (and database and bucket, if set) from a backup, then open every file of it once.

    Sessions, invitations and recipients' links of that time are closed. The way to practise: restore into an
    empty folder beside the service once a quarter.
    """
    from redactor import app
    from redactor.settings import load
    from redactor.store import backup
    from redactor.store.database import open_database

    use_data(data)
    settings = load()
    lines = read_file(identity, "offline key").decode(errors="replace").splitlines()
    register = read_file(destroyed, "register of destroyed items").decode() if destroyed else ""
    settings.make_folders()
    engine = open_database(settings.database)
    try:
        with source.open("rb") as stream:
            secrets = [line for line in lines if line.startswith(_IDENTITY)]
            read = backup.restore(engine, app.open_storage(settings), settings.files, secrets, stream)
    except OSError as problem:
        raise FileAccess(f"The backup cannot be read or its content not written ({problem.strerror}).") from None
    finally:
        engine.dispose()
    service = close_at_end(app.compose(settings))
    again = service.retention.destroy_again(register)
    service.recovery.note_restore()
    found = service.recovery.prove()
    click.echo(f"{sum(read.rows.values())} records and {read.blobs} sealed files are back.")
    click.echo(f"{found.opened} sealed files opened; {found.events} events of the record are whole.")
    if destroyed:
        click.echo(f"{again} documents were destroyed again.")
    if found.problems:
        raise IntegrityFailure("; ".join(found.problems))

"""Backups: all records, sealed blobs and keys in one stream that only an offline key opens.

The form is an age file (age-encryption.org/v1) around a tar archive, so the ``age`` and ``tar`` programs open it
without this service. Rows are written as text, not as one database's own pages: a backup of SQLite restores into
PostgreSQL and back, and one of an earlier release into this one. Layout (docs/operations.md)::

    manifest.json            format, revision of the tables, moment
    files/<name>             master key, seal key, kept audit heads, destruction register
    records/<table>/<n>      rows as JSON lines, at most 500 a member; bytes as {"b64": ...}
    blobs/<path>             sealed blobs as they lie in the storage
    end.json                 counts; without it the archive is not whole
"""

from __future__ import annotations

import base64
import io
import json
import os
import tarfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import pyrage
from obstore.exceptions import BaseError
from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, text

from redactor.errors import BadArguments, FileAccess, IntegrityFailure
from redactor.store.blobs import Storage, path_of
from redactor.store.database import snapshot, writing
from redactor.store.migrate import present_revision, upgrade

FORMAT = 1
ROWS_PER_MEMBER = 500
_VERSION_TABLE = "alembic_version"
_FILE_MODE = 0o600
_NOT_OURS = "This is not a whole backup of this service, or it was altered."
_TAR_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Counted:
    """What a backup holds.

    Args:
        rows: number of rows by table.
        skipped: blobs that were destroyed while the backup ran.
    """

    rows: Mapping[str, int]
    blobs: int
    skipped: int = 0


def new_identity() -> tuple[str, str]:
    """Return a fresh offline key: the secret half, to be kept off this machine, and the public half."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def write_backup(
    engine: Engine,
    storage: Storage,
    files: Mapping[str, Path],
    recipients: Sequence[str],
    out: IO[bytes],
    now: datetime,
) -> Counted:
    """Write a backup of a running service.

    The records are those of one moment. Every blob that they name was written before them and is never altered, so
    the copies fit whatever happens meanwhile.

    Args:
        files: small files to take along, by their names in the backup; those that do not exist are left out.
        recipients: public keys in age's form.
        out: receives the encrypted stream.

    Raises:
        BadArguments: if a recipient is not a public key, or none is given.
        FileAccess, IntegrityFailure: if a blob that should be there cannot be read.
    """
    keys = [_recipient(text_) for text_ in recipients]
    if not keys:
        raise BadArguments("A backup needs the public half of an offline key.", next_step="See docs/operations.md.")
    counted: list[Counted] = []

    def fill(archive: tarfile.TarFile) -> None:
        counted.append(_fill(archive, engine, storage, files, now))

    with _piped_tar(fill) as plain:
        pyrage.encrypt_io(plain, out, keys)
    return counted[0]


def restore(
    engine: Engine, storage: Storage, files: Mapping[str, Path], identities: Sequence[str], source: IO[bytes]
) -> Counted:
    """Fill an empty place from a backup; records appear in one commit once everything was read and found whole.

    Sessions, invitations and recipients' links of that time stay closed: what was revoked since must not come back.

    Args:
        files: where the small files go, by their names in the backup.
        identities: secret halves of offline keys.

    Raises:
        BadArguments: if the place is not empty or a key is not one.
        IntegrityFailure: if the backup is cut, altered or for another key.
    """
    keys = [_identity(text_) for text_ in identities]
    _require_empty(engine, storage, files)

    def decrypt(sink: IO[bytes]) -> None:
        pyrage.decrypt_io(source, sink, keys)

    with _read_tar(decrypt) as members:
        manifest = _manifest(next(members, None))
        upgrade(engine, manifest["revision"])
        with writing(engine) as connection:
            counted = _take_in(members, connection, storage, files)
            _close_doors(connection)
    upgrade(engine)
    return counted


def _fill(
    archive: tarfile.TarFile, engine: Engine, storage: Storage, files: Mapping[str, Path], now: datetime
) -> Counted:
    revision = present_revision(engine)
    _add_json(archive, "manifest.json", {"format": FORMAT, "revision": revision, "at": now.isoformat()})
    for name, path in files.items():
        if path.exists():
            _add(archive, f"files/{name}", path.read_bytes())
    rows: Counter[str] = Counter()
    with snapshot(engine) as connection:
        tables = _tables(connection)
        for table in tables.values():
            rows[table.name] = _add_rows(archive, connection, table)
        blob = tables["blob"]
        live = select(blob.c.id, blob.c.organisation).where(blob.c.wrapped.is_not(None)).order_by(blob.c.id)
        paths = [path_of(row.organisation, row.id) for row in connection.execute(live)]
    kept = sum(_add_blob(archive, engine, storage, path) for path in paths)
    counted = Counted(dict(rows), kept, len(paths) - kept)
    _add_json(archive, "end.json", {"rows": counted.rows, "blobs": counted.blobs})
    return counted


def _add_blob(archive: tarfile.TarFile, engine: Engine, storage: Storage, path: str) -> bool:
    try:
        _add(archive, f"blobs/{path}", storage.get(path))
    except FileNotFoundError:
        if _destroyed_since(engine, path):
            return False
        raise IntegrityFailure("A recorded blob is missing from the storage.") from None
    except (OSError, BaseError):
        raise FileAccess("The storage did not answer.", next_step="Run the backup again in a minute.") from None
    return True


def _destroyed_since(engine: Engine, path: str) -> bool:
    with snapshot(engine) as connection:
        blob = _tables(connection)["blob"]
        return (
            connection.execute(select(blob.c.wrapped).where(blob.c.id == path.rsplit("/", 1)[-1])).scalar_one() is None
        )


def _tables(connection: Connection) -> dict[str, Table]:
    """Return the tables as they are, not as this release wants them, parents before children."""
    found = MetaData()
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name != _VERSION_TABLE}


def _add_rows(archive: tarfile.TarFile, connection: Connection, table: Table) -> int:
    count = 0
    result = connection.execution_options(yield_per=ROWS_PER_MEMBER).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for number, part in enumerate(result.partitions()):
        lines = (json.dumps({key: _plain(value) for key, value in row._mapping.items()}) for row in part)
        _add(archive, f"records/{table.name}/{number:08d}", "\n".join(lines).encode())
        count += len(part)
    return count


def _plain(value: Any) -> Any:
    return {"b64": base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value


def _value(value: Any) -> Any:
    return base64.b64decode(value["b64"]) if isinstance(value, dict) else value


def _take_in(
    members: Iterator[tuple[str, bytes]], connection: Connection, storage: Storage, files: Mapping[str, Path]
) -> Counted:
    tables, rows, blobs, end = _tables(connection), Counter[str](), 0, None
    for name, content in members:
        kind, _, rest = name.partition("/")
        match kind:
            case "files" if rest in files:
                _write_file(files[rest], content)
            case "records":
                table = rest.partition("/")[0]
                if table not in tables:
                    raise IntegrityFailure(_NOT_OURS)
                read = [{key: _value(v) for key, v in json.loads(line).items()} for line in content.splitlines()]
                connection.execute(insert(tables[table]), read)
                rows[table] += len(read)
            case "blobs":
                storage.put(rest, content)
                blobs += 1
            case "end.json":
                end = json.loads(content)
            case _:
                raise IntegrityFailure(_NOT_OURS)
    counted = Counted({name: rows[name] for name in tables}, blobs)
    if end != {"rows": dict(counted.rows), "blobs": blobs}:
        raise IntegrityFailure(_NOT_OURS)
    _set_sequences(connection, tables)
    return counted


def _set_sequences(connection: Connection, tables: Mapping[str, Table]) -> None:
    """Let PostgreSQL count on from the rows that were put in with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    number = tables["job"].c.number
    highest = connection.execute(select(func.max(number))).scalar_one()
    if highest is not None:
        connection.execute(text("SELECT setval(pg_get_serial_sequence('job', 'number'), :n)"), {"n": highest})


def _close_doors(connection: Connection) -> None:
    tables = _tables(connection)
    connection.execute(tables["session"].delete())
    for name, closing in (("invite", "used_at"), ("release_link", "revoked_at")):
        table = tables[name]
        closed = {closing: func.coalesce(table.c[closing], table.c.created_at)}
        connection.execute(table.update().values(**closed))


def _require_empty(engine: Engine, storage: Storage, files: Mapping[str, Path]) -> None:
    if inspect(engine).get_table_names() or storage.list() or any(path.exists() for path in files.values()):
        raise BadArguments(
            "A backup is restored into an empty place only; there is something here already.",
            next_step="Give an empty data folder (and an empty database and bucket, if you use them).",
        )


def _manifest(first: tuple[str, bytes] | None) -> Mapping[str, Any]:
    try:
        name, content = first or ("", b"")
        read: dict[str, Any] = json.loads(content)
    except ValueError:
        raise IntegrityFailure(_NOT_OURS) from None
    if name != "manifest.json" or read.get("format") != FORMAT or not isinstance(read.get("revision"), str):
        raise IntegrityFailure("This backup is of a form that this release does not read.")
    return read


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), _FILE_MODE
    archive.addfile(member, io.BytesIO(content))


def _add_json(archive: tarfile.TarFile, name: str, value: Any) -> None:
    _add(archive, name, json.dumps(value, sort_keys=True).encode())


def _recipient(given: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(given.strip())
    except pyrage.RecipientError:
        raise BadArguments(
            "A recipient of the backup is not a public key.", next_step="It begins with age1; see docs/operations.md."
        ) from None


def _identity(given: str) -> Any:
    try:
        return pyrage.x25519.Identity.from_str(given.strip())
    except pyrage.IdentityError:
        raise BadArguments(
            "The offline key's file holds no secret key.", next_step="It begins with AGE-SECRET-KEY-1."
        ) from None


class _Worker(threading.Thread):
    """Runs one end of a pipe and keeps what went wrong there."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(name="backup", daemon=True)
        self._work = work
        self.problem: BaseException | None = None

    def run(self) -> None:
        """Do the work."""
        try:
            self._work()
        except BaseException as problem:
            self.problem = problem


@contextmanager
def _piped_tar(fill: Callable[[tarfile.TarFile], None]) -> Iterator[IO[bytes]]:
    """Give the reading end of an archive that another thread fills, so that it never lies on a disk in clear."""
    reading_end, writing_end = os.pipe()
    source = os.fdopen(reading_end, "rb")

    def work() -> None:
        with (
            os.fdopen(writing_end, "wb") as sink,
            tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT, bufsize=_TAR_BLOCK) as archive,
        ):
            fill(archive)

    worker = _Worker(work)
    worker.start()
    with source:
        yield source
    worker.join()
    if worker.problem is not None:
        raise worker.problem


@contextmanager
def _read_tar(decrypt: Callable[[IO[bytes]], None]) -> Iterator[Iterator[tuple[str, bytes]]]:
    """Give the members of an archive that another thread decrypts; the iterator ends only if all of it was genuine."""
    reading_end, writing_end = os.pipe()

    def work() -> None:
        with os.fdopen(writing_end, "wb") as sink:
            decrypt(sink)

    worker = _Worker(work)

    def members() -> Iterator[tuple[str, bytes]]:
        try:
            with tarfile.open(fileobj=source, mode="r|", bufsize=_TAR_BLOCK) as archive:
                for member in archive:
                    file = archive.extractfile(member)
                    if file is None:
                        raise IntegrityFailure(_NOT_OURS)
                    yield member.name, file.read()
            while source.read(_TAR_BLOCK):  # to the end, so that the last piece is checked too
                pass
        except tarfile.TarError:
            raise IntegrityFailure(_NOT_OURS) from None
        worker.join()
        if worker.problem is not None:
            raise IntegrityFailure(_NOT_OURS)

    with os.fdopen(reading_end, "rb") as source:
        worker.start()
        yield members()
    worker.join()

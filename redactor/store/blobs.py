"""Sealed blobs: every upload, reading, plan and copy, each under its own key, in a folder or S3-compatible storage.

A blob is written first and recorded second, in the transaction that needs it. A blob whose record never came has lost
its only key: it is noise, and the sweep removes it.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store
from sqlalchemy import Connection, Row, insert, select, update

from redactor.clock import Clock
from redactor.errors import FileAccess, IntegrityFailure, NotFound
from redactor.store import envelope
from redactor.store.keys import KeyRing
from redactor.store.records import blob, new_id

_ORPHAN_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A blob that is written but not yet recorded."""

    id: str
    organisation: str
    case: str
    purpose: str
    key: bytes
    size: int


class FolderStorage:
    """Sealed bytes in a folder of this machine.

    Args:
        folder: an existing folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._store = folder, LocalStore(str(folder.absolute()), mkdir=True)

    def put(self, path: str, content: bytes) -> None:
        """Write new bytes and see them on the disk before returning."""
        self._store.put(path, content, mode="create")
        # The library does not flush: an accepted upload must survive a power cut.
        target = self._folder / path
        for place in (target, target.parent, target.parent.parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def get(self, path: str) -> bytes:
        """Return the bytes. Raises FileNotFoundError."""
        return bytes(self._store.get(path).bytes())

    def delete(self, path: str) -> None:
        """Remove the bytes; it is no error if they are gone."""
        _delete(self._store, path)

    def list(self) -> list[tuple[str, datetime]]:
        """Return every path and when it was written."""
        return _list(self._store)


class BucketStorage:
    """Sealed bytes in an S3-compatible bucket.

    Args:
        store: the bucket, as obstore opens it.
    """

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def put(self, path: str, content: bytes) -> None:
        """Write new bytes; the server has them safe when it answers.

        The path is a fresh random name, so writing again after a lost answer changes nothing; servers differ in how
        they take conditional writes.
        """
        self._store.put(path, content)

    def get(self, path: str) -> bytes:
        """Return the bytes. Raises FileNotFoundError."""
        return bytes(self._store.get(path).bytes())

    def delete(self, path: str) -> None:
        """Remove the bytes; it is no error if they are gone."""
        _delete(self._store, path)

    def list(self) -> list[tuple[str, datetime]]:
        """Return every path and when it was written."""
        return _list(self._store)


def _delete(store: Any, path: str) -> None:
    try:
        store.delete(path)
    except FileNotFoundError:
        return


def _list(store: Any) -> list[tuple[str, datetime]]:
    return [(item["path"], item["last_modified"]) for page in store.list() for item in page]


Storage = FolderStorage | BucketStorage


class Blobs:
    """Seals, keeps and opens blobs.

    Args:
        storage: where the sealed bytes lie.
        keys: wraps the data keys.
        clock: dates records.
    """

    def __init__(self, storage: Storage, keys: KeyRing, clock: Clock) -> None:
        self.storage, self._keys, self._clock = storage, keys, clock

    def put(self, organisation: str, case: str, purpose: str, content: bytes) -> Sealed:
        """Seal and write content under a new id. It can be opened only once ``record`` has committed."""
        made = Sealed(new_id(), organisation, case, purpose, secrets.token_bytes(envelope.KEY_BYTES), len(content))
        nonce = secrets.token_bytes(envelope.NONCE_RANDOM_BYTES)
        sealed = envelope.seal(content, made.key, bytes.fromhex(made.id), nonce, _binding(made))
        try:
            self.storage.put(path_of(organisation, made.id), sealed)
        except (OSError, BaseError):
            raise FileAccess(
                "The storage did not accept the file; nothing was stored.",
                next_step="Try again in a minute; if it fails again, tell whoever looks after the service.",
            ) from None
        return made

    def record(self, connection: Connection, made: Sealed) -> str:
        """Record a written blob in the caller's transaction and return its id."""
        key_id, wrapped = self._keys.wrap(connection, made.organisation, made.key, _binding(made))
        connection.execute(
            insert(blob).values(
                id=made.id,
                organisation=made.organisation,
                case_id=made.case,
                purpose=made.purpose,
                organisation_key=key_id,
                wrapped=wrapped,
                size=made.size,
                created_at=self._clock.now(),
            )
        )
        return made.id

    def get(self, connection: Connection, organisation: str, blob_id: str) -> bytes:
        """Open a recorded blob.

        Raises:
            NotFound: if it was never recorded in this organisation, or was destroyed.
            IntegrityFailure: if it was altered, moved or is missing from the storage.
        """
        row = self.require_kept(connection, organisation, blob_id)
        made = Sealed(row.id, organisation, row.case_id, row.purpose, b"", row.size)
        key = self._keys.unwrap(connection, organisation, row.organisation_key, row.wrapped, _binding(made))
        try:
            sealed = self.storage.get(path_of(organisation, blob_id))
        except FileNotFoundError:
            raise IntegrityFailure("A recorded blob is missing from the storage.") from None
        except (OSError, BaseError):
            raise FileAccess("The storage did not answer.", next_step="Try again in a minute.") from None
        return envelope.open_sealed(sealed, key, bytes.fromhex(blob_id), _binding(made))

    def require_kept(self, connection: Connection, organisation: str, blob_id: str) -> Row[Any]:
        """Return the record of a blob that can be opened. Raises NotFound."""
        row = connection.execute(
            select(blob).where(blob.c.id == blob_id, blob.c.organisation == organisation)
        ).one_or_none()
        if row is None or row.wrapped is None:
            raise NotFound("This item has been destroyed, or never was.", next_step="See the case's retention record.")
        return row

    def shred(self, connection: Connection, organisation: str, blob_id: str) -> bool:
        """Destroy a blob's only key, in the caller's transaction; say whether it was there.

        The sealed bytes are removed afterwards by ``sweep``; without their key they are noise wherever copies lie.
        """
        done = connection.execute(
            update(blob)
            .where(blob.c.id == blob_id, blob.c.organisation == organisation, blob.c.wrapped.is_not(None))
            .values(wrapped=None, shredded_at=self._clock.now())
        )
        return done.rowcount == 1

    def rewrap(self, connection: Connection, organisation: str) -> int:
        """Wrap every data key of the organisation with its current key and return how many were changed."""
        current, changed = self._keys.current(connection, organisation), 0
        old = select(blob).where(
            blob.c.organisation == organisation, blob.c.wrapped.is_not(None), blob.c.organisation_key != current
        )
        for row in connection.execute(old).all():
            binding = _binding(Sealed(row.id, organisation, row.case_id, row.purpose, b"", row.size))
            key = self._keys.unwrap(connection, organisation, row.organisation_key, row.wrapped, binding)
            key_id, wrapped = self._keys.wrap(connection, organisation, key, binding)
            connection.execute(update(blob).where(blob.c.id == row.id).values(organisation_key=key_id, wrapped=wrapped))
            changed += 1
        return changed

    def sweep(self, connection: Connection) -> int:
        """Remove sealed bytes that no key can open: shredded blobs and leftovers of steps without a commit."""
        live = set(connection.execute(select(blob.c.id).where(blob.c.wrapped.is_not(None))).scalars())
        shredded = set(connection.execute(select(blob.c.id).where(blob.c.wrapped.is_(None))).scalars())
        oldest, removed = self._clock.now() - _ORPHAN_AGE, 0
        for path, written in self.storage.list():
            blob_id = path.rsplit("/", 1)[-1]
            # A young blob without a record may belong to a transaction that is still open.
            if blob_id not in live and (blob_id in shredded or written < oldest):
                self.storage.delete(path)
                removed += 1
        return removed


def _binding(made: Sealed) -> bytes:
    return f"redactor|{made.organisation}|{made.case}|{made.purpose}".encode()


def path_of(organisation: str, blob_id: str) -> str:
    """Return where a blob lies in its storage."""
    return f"{organisation}/{blob_id[:2]}/{blob_id}"

"""Keys: one master key outside the database wraps each organisation's key, which wraps one data key a blob.

Destroying a wrapped data key destroys the blob (crypto-shred). The database and the storage together, without
the master key, tell
a thief nothing. Master keys come from a file that only the service's user may read; a key management service
fits ``KeyWrapper``.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Engine, insert, select, update

from redactor.clock import Clock
from redactor.errors import IntegrityFailure, UnsafeConfiguration
from redactor.store.database import reading
from redactor.store.envelope import KEY_BYTES
from redactor.store.records import new_id, organisation_key

NONCE_BYTES = 12
_VALUE_VERSION = b"\x01"
_FILE_MODE = 0o600


class KeyWrapper(Protocol):
    """Wraps and unwraps organisation keys with a master key that never leaves its keeper."""

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Return the key, sealed and bound to the context."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the key again. Raises IntegrityFailure if it was altered or the master key is another."""
        ...


class FileKey:
    """A master key in a file.

    Args:
        path: file with 32 bytes in base64, mode 0600.
        alone: do not look for the key that was about to take its place when a rotation was cut off.
    """

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        self._key = _read_key(path)
        successor = self.successor(path)
        self._next = _read_key(successor) if not alone and successor.exists() else None

    @staticmethod
    def successor(path: Path) -> Path:
        """Return the file in which a new key waits until all is wrapped with it."""
        return path.with_name(path.name + ".next")

    @staticmethod
    def create(path: Path) -> bool:
        """Write a new master key unless there is one; say whether it was written."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        except FileExistsError:
            return False
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return True

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Return the key, sealed and bound to the context."""
        return seal_small(self._key, key, b"organisation key|" + context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the key again."""
        binding = b"organisation key|" + context
        if self._next is not None:
            with suppress(IntegrityFailure):
                return open_small(self._next, wrapped, binding)
        return open_small(self._key, wrapped, binding)


def _read_key(path: Path) -> bytes:
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise UnsafeConfiguration(
            "The master key cannot be read.",
            next_step="Run 'redactor keys init', or restore the key from its backup.",
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise UnsafeConfiguration(
            "Others may read the master key.",
            next_step="Give its file mode 0600, and change the key if it was shared.",
        )
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise UnsafeConfiguration("The master key file does not hold a key.", next_step="Restore it from its backup.")
    return key


def seal_small(key: bytes, content: bytes, binding: bytes) -> bytes:
    """Seal a short value with AES-256-GCM: version, nonce, ciphertext and tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _VALUE_VERSION + nonce + AESGCM(key).encrypt(nonce, content, _VALUE_VERSION + binding)


def open_small(key: bytes, untrusted: bytes, binding: bytes) -> bytes:
    """Open a short value.

    Raises:
        IntegrityFailure: if the value, its key or its binding are not those that were sealed.
    """
    nonce, body = untrusted[1 : 1 + NONCE_BYTES], untrusted[1 + NONCE_BYTES :]
    if untrusted[:1] != _VALUE_VERSION or len(nonce) != NONCE_BYTES:
        raise IntegrityFailure("A sealed value is not in a form that this service writes.")
    try:
        return AESGCM(key).decrypt(nonce, body, _VALUE_VERSION + binding)
    except InvalidTag:
        raise IntegrityFailure("A sealed value does not match its seal.") from None


class KeyRing:
    """The organisations' keys, opened when first needed and kept in memory.

    Args:
        engine: where the wrapped keys are.
        wrapper: keeper of the master key.
        clock: dates new keys.
    """

    def __init__(self, engine: Engine, wrapper: KeyWrapper, clock: Clock) -> None:
        self._engine, self._wrapper, self._clock = engine, wrapper, clock
        self._open: dict[str, bytes] = {}

    def add(self, connection: Connection, organisation: str) -> str:
        """Make the organisation a new current key, retire the one before, and return the new key's id."""
        key_id, now = new_id(), self._clock.now()
        wrapped = self._wrapper.wrap(secrets.token_bytes(KEY_BYTES), f"{organisation}|{key_id}".encode())
        current = organisation_key.c.retired_at.is_(None) & (organisation_key.c.organisation == organisation)
        connection.execute(update(organisation_key).where(current).values(retired_at=now))
        row = {"id": key_id, "organisation": organisation, "wrapped": wrapped, "created_at": now}
        connection.execute(insert(organisation_key).values(row))
        return key_id

    def current(self, connection: Connection, organisation: str) -> str:
        """Return the id of the organisation's current key."""
        living = (organisation_key.c.organisation == organisation) & organisation_key.c.retired_at.is_(None)
        # The lock makes a rotation wait for whoever is sealing, so that nothing is sealed under a key being destroyed.
        query = select(organisation_key.c.id).where(living).with_for_update(read=True)
        found = connection.execute(query).scalar_one_or_none()
        if found is None:  # a rotation committed while this waited: look again
            found = connection.execute(query).scalar_one_or_none()
        if found is None:
            raise IntegrityFailure("An organisation has no current key.")
        return str(found)

    def wrap(self, connection: Connection, organisation: str, data_key: bytes, binding: bytes) -> tuple[str, bytes]:
        """Wrap a data key with the organisation's current key; return that key's id and the wrapped data key."""
        key_id = self.current(connection, organisation)
        return key_id, seal_small(self._derived(connection, organisation, key_id, b"wrap"), data_key, binding)

    def unwrap(self, connection: Connection, organisation: str, key_id: str, wrapped: bytes, binding: bytes) -> bytes:
        """Open a wrapped data key."""
        return open_small(self._derived(connection, organisation, key_id, b"wrap"), wrapped, binding)

    def seal(self, connection: Connection, organisation: str, content: bytes | str, place: str) -> bytes:
        """Seal a short value for one place in the records.

        Args:
            place: table, column and row id; a value moved to another place does not open.
        """
        key_id = self.current(connection, organisation)
        content = content.encode() if isinstance(content, str) else content
        key = self._derived(connection, organisation, key_id, b"value")
        return bytes.fromhex(key_id) + seal_small(key, content, f"{organisation}|{place}".encode())

    def open(self, connection: Connection, organisation: str, sealed: bytes, place: str) -> bytes:
        """Open a short value that was sealed for this place."""
        key_id, body = sealed[:16].hex(), sealed[16:]
        key = self._derived(connection, organisation, key_id, b"value")
        return open_small(key, body, f"{organisation}|{place}".encode())

    def _derived(self, connection: Connection, organisation: str, key_id: str, use: bytes) -> bytes:
        # One key, one use: data keys and short values are sealed under different keys.
        root = self._root(connection, organisation, key_id)
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"redactor|1|" + use).derive(root)

    def _root(self, connection: Connection, organisation: str, key_id: str) -> bytes:
        if key_id not in self._open:
            wrapped = connection.execute(
                select(organisation_key.c.wrapped).where(
                    organisation_key.c.id == key_id, organisation_key.c.organisation == organisation
                )
            ).scalar_one_or_none()
            if wrapped is None:
                raise IntegrityFailure("A sealed item names a key that this organisation does not have.")
            self._open[key_id] = self._wrapper.unwrap(wrapped, f"{organisation}|{key_id}".encode())
        return self._open[key_id]

    def check(self) -> None:
        """Open every organisation key once, so that a wrong master key shows at the start.

        Raises:
            IntegrityFailure: if one does not open.
        """
        with reading(self._engine) as connection:
            living = organisation_key.c.wrapped != b""  # a key that a newer one replaced is destroyed
            rows = select(organisation_key.c.organisation, organisation_key.c.id).where(living)
            for row in connection.execute(rows):
                self._root(connection, row.organisation, row.id)

"""Uploads on their way in never touch the disk in clear.

Werkzeug would write parts above half a megabyte to a temporary file. Here small parts stay in memory, and larger ones
go to an unnamed file under a key that exists only in this process for this request (the idea is SecureDrop's).
"""

from __future__ import annotations

import io
import os
import secrets
import tempfile
from typing import IO, Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from flask import Request

from redactor.limits import MEBIBYTE

MEMORY_BYTES = 4 * MEBIBYTE
_BLOCK = 16
_KEY_BYTES = 32


class SealedSpool(io.RawIOBase):
    """A stream that can be written once from its start and then read anywhere.

    Args:
        memory_bytes: up to here the content stays in memory; beyond, it is encrypted to an unnamed file.
    """

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._memory_bytes = memory_bytes
        self._store: IO[bytes] = io.BytesIO()
        self._sealed = False
        self._key, self._nonce = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_BLOCK)
        self._size = self._position = 0

    def writable(self) -> bool:
        """Say that the stream takes bytes."""
        return True

    def readable(self) -> bool:
        """Say that the stream gives bytes."""
        return True

    def seekable(self) -> bool:
        """Say that reading may start anywhere."""
        return True

    def write(self, content: Any) -> int:
        """Append bytes at the end of what was written."""
        if self._position != self._size:
            raise io.UnsupportedOperation("a sealed spool is written from start to end")
        plain = bytes(content)
        if not self._sealed and self._size + len(plain) > self._memory_bytes:
            self._move_to_disk()
        self._store.write(self._crypt(plain, self._size) if self._sealed else plain)
        self._size += len(plain)
        self._position = self._size
        return len(plain)

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the present position."""
        self._store.seek(self._position)
        stored = self._store.read(len(buffer))
        plain = self._crypt(stored, self._position) if self._sealed else stored
        buffer[: len(plain)] = plain
        self._position += len(plain)
        self._store.seek(0, os.SEEK_END)
        return len(plain)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, min(self._size, base + offset))
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def close(self) -> None:
        """Forget the content and its key."""
        self._store.close()
        self._key = b""
        super().close()

    def _move_to_disk(self) -> None:
        content = self._store
        content.seek(0)
        self._store, self._sealed = tempfile.TemporaryFile(), True  # noqa: SIM115  closed with the stream
        self._store.write(self._crypt(content.read(), 0))

    def _crypt(self, content: bytes, offset: int) -> bytes:
        """Encrypt or decrypt bytes that stand at an offset; counter mode does both alike."""
        counter = (int.from_bytes(self._nonce, "big") + offset // _BLOCK) % (1 << (8 * _BLOCK))
        stream = Cipher(AES(self._key), CTR(counter.to_bytes(_BLOCK, "big"))).encryptor()
        stream.update(bytes(offset % _BLOCK))
        return stream.update(content)


class GuardedRequest(Request):
    """A request whose uploaded files are spooled sealed."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return io.BufferedRandom(SealedSpool())

"""The sealed form of a blob: AES-256-GCM in chunks, in the manner of the STREAM construction.

Layout, all numbers big endian (docs/blob-format.md, with test vectors in tests/unit/store/test_envelope.py)::

    8 bytes   magic "RDCTBLOB"
    1 byte    format version, 1
    1 byte    algorithm, 1 = AES-256-GCM in chunks of 64 KiB
    16 bytes  id of the data key
    7 bytes   random part of the nonce
    then chunks of 65536 bytes of content (the last one shorter, perhaps empty), each followed by its 16-byte tag

Nonce of chunk i: the random part, i as four bytes, and one byte that is 1 for the last chunk. Associated data
of every chunk: the header
and the binding that the caller gives (organisation, case, purpose). So cutting, repeating, swapping or moving
chunks, or moving
a blob to another case, is found.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from redactor.errors import IntegrityFailure

MAGIC = b"RDCTBLOB"
VERSION = 1
AES_256_GCM_CHUNKED = 1
KEY_BYTES = 32
KEY_ID_BYTES = 16
NONCE_RANDOM_BYTES = 7
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
HEADER_BYTES = len(MAGIC) + 2 + KEY_ID_BYTES + NONCE_RANDOM_BYTES


def seal(content: bytes, key: bytes, key_id: bytes, nonce: bytes, binding: bytes) -> bytes:
    """Seal some content.

    Args:
        key: 32 bytes, used for this content alone.
        key_id: 16 bytes that name the key.
        nonce: 7 random bytes.
        binding: what the content belongs to; the same must be given to open it.
    """
    if len(key) != KEY_BYTES or len(key_id) != KEY_ID_BYTES or len(nonce) != NONCE_RANDOM_BYTES:
        raise ValueError("a key, key id or nonce has the wrong length")
    header = MAGIC + bytes((VERSION, AES_256_GCM_CHUNKED)) + key_id + nonce
    cipher, last = AESGCM(key), max(0, (len(content) - 1) // CHUNK_BYTES)
    chunks = [header]
    for index in range(last + 1):
        piece = content[index * CHUNK_BYTES : (index + 1) * CHUNK_BYTES]
        chunks.append(cipher.encrypt(_nonce(nonce, index, index == last), piece, header + binding))
    return b"".join(chunks)


def open_sealed(untrusted: bytes, key: bytes, key_id: bytes, binding: bytes) -> bytes:
    """Open sealed content; nothing of it is returned unless all of it is genuine.

    Raises:
        IntegrityFailure: if the bytes, the key or the binding are not those that were sealed.
    """
    header, body = untrusted[:HEADER_BYTES], memoryview(untrusted)[HEADER_BYTES:]
    expected = MAGIC + bytes((VERSION, AES_256_GCM_CHUNKED)) + key_id
    if len(header) != HEADER_BYTES or header[:-NONCE_RANDOM_BYTES] != expected or len(body) < TAG_BYTES:
        raise IntegrityFailure("A sealed blob is not in a form that this service writes.")
    nonce, cipher, step = header[-NONCE_RANDOM_BYTES:], AESGCM(key), CHUNK_BYTES + TAG_BYTES
    last = (len(body) - 1) // step
    try:
        return b"".join(
            cipher.decrypt(
                _nonce(nonce, index, index == last), body[index * step : (index + 1) * step], header + binding
            )
            for index in range(last + 1)
        )
    except InvalidTag:
        raise IntegrityFailure("A sealed blob does not match its seal.") from None


def _nonce(random_part: bytes, index: int, last: bool) -> bytes:
    return random_part + index.to_bytes(4, "big") + bytes((last,))
